"""Time against size: ranking by this machine and by Spark in local mode, on the same sites.

    python -m benchmarks.spark [PAGES …]        (3,000 and 6,000 where nothing is given; needs Java and pyspark)

Wall time of `kgraph rank`, start of Spark included, with two workers each; the lists must be the same to the byte.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.wiki import write_wiki


def main() -> None:
    """Run and print the table."""
    print("| pages | links | this machine, s | Spark, local[2], s | lists |\n| --- | --- | --- | --- | --- |")
    for pages in [int(argument) for argument in sys.argv[1:]] or [3_000, 6_000]:
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            write_wiki(place / "wiki", pages)
            _kgraph("ingest", str(place / "wiki"), "-w", str(place / "w"))
            here, lists = _ranked(place / "w")
            there, same = _ranked(place / "w", "--engine", "spark", "--master", "local[2]")
            links = sum(path.read_text(encoding="utf-8").count("](/") for path in (place / "wiki").rglob("*.md"))
            print(f"| {pages:,} | {links:,} | {here:.0f} | {there:.0f} | {'the same' if same == lists else 'differ'} |", flush=True)


def _ranked(workspace: Path, *options: str) -> tuple[float, bytes]:
    started = time.perf_counter()
    _kgraph("rank", "-w", str(workspace), *options)
    return time.perf_counter() - started, (workspace / "current" / "rankings.msgpack").read_bytes()


def _kgraph(*arguments: str) -> None:
    done = subprocess.run([sys.executable, "-m", "kgraph", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"kgraph {' '.join(arguments)}: {done.stderr[-500:]}")


if __name__ == "__main__":
    main()
