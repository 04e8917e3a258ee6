"""Peers in a Python of their own (``scripts/peers.sh``), each task in a process of its own that tells its seconds and its memory."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

from benchmarks.__main__ import REPOSITORY

__all__ = ["Figure", "median_of", "peer_python"]

Figure = tuple[float, float]
"""Seconds, and peak memory in MB."""
_HARNESS = """
import json, sys, time
def told(work):
    start = time.process_time()
    value = work()
    used = time.process_time() - start
    most = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))  # of this program alone
    print(json.dumps([used, most / 1024, value]))
"""


def peer_python() -> str | None:
    """The Python that has the peers: that of the environment variable ``PEERS``, else what ``scripts/peers.sh`` made; None without."""
    place = os.environ.get("PEERS") or str(REPOSITORY / ".venv" / "peers" / "bin" / "python")
    return place if Path(place).exists() else None


def median_of(python: str, code: str, *arguments: str, runs: int = 3, limit: float = 900.0) -> tuple[Figure, float] | None:
    """Median seconds of processor time and memory of ``told(work)`` in a process for each run, and what ``work`` gave; None where it fails.

    What is before ``told`` is not timed.
    """
    found: list[tuple[float, float, float]] = []
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "OMP_NUM_THREADS": "1"}
    for _ in range(runs):
        try:
            done = subprocess.run(
                [python, "-c", _HARNESS + code, *arguments], capture_output=True, text=True, check=True, timeout=limit, env=environment
            )
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
            print(f"left out: {str(error.stderr or error)[-300:]}", file=sys.stderr)
            return None
        found.append(tuple(json.loads(done.stdout.splitlines()[-1])))
    return (statistics.median(run[0] for run in found), max(run[1] for run in found)), found[0][2]
