"""How time and memory grow with the number of pages: cold builds of generated wikis, and one with a page changed.

    python -m benchmarks.scale [PAGES …]        (1000 5000 20000 where nothing is given)

Memory is what all processes of the build hold together (their proportional set sizes), sampled once a second. Processor time is that of
all of them, which other work on the machine does not change as it does the seconds.
"""

from __future__ import annotations

import json
import math
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.wiki import write_wiki

_EVERY = 1.0


def main() -> None:
    """Run and print the table."""
    sizes = [int(argument) for argument in sys.argv[1:]] or [1_000, 5_000, 20_000]
    heads = [
        "pages",
        "links",
        "read, s",
        "connect, s",
        "rank, s",
        "write, s",
        "cold build, s",
        "processor, s",
        "µs by n ln n",
        "memory, MB",
        "one changed, s",
        "processor, s",
    ]
    print(f"| {' | '.join(heads)} |\n|{' --- |' * len(heads)}")
    for pages in sizes:
        with tempfile.TemporaryDirectory() as folder:
            print(_row(Path(folder), pages), flush=True)


def _row(folder: Path, pages: int) -> str:
    write_wiki(folder / "wiki", pages)
    seconds, used, memory = _build(folder)
    told = _stats(folder)
    stages = told["seconds"]
    page = folder / "wiki" / "docs" / "part-0" / "page-1.md"
    page.write_text(page.read_text(encoding="utf-8") + "\nOne sentence more.\n", encoding="utf-8")
    changed, anew, _ = _build(folder)
    parts = " | ".join(f"{stages[name]:.1f}" for name in ("read", "connect", "rank", "write"))
    each = 1e6 * used / (pages * math.log(pages))
    changes = f"{changed:.1f} | {anew:.0f}"
    return f"| {pages:,} | {told['links']:,} | {parts} | {seconds:.1f} | {used:.0f} | {each:.0f} | {memory:,.0f} | {changes} |"


def _build(folder: Path) -> tuple[float, float, float]:
    """Seconds, seconds of processor time, and the most memory in MB."""
    started, before = time.perf_counter(), _used()
    command = [sys.executable, "-m", "kgraph", "build", str(folder / "wiki"), "-w", str(folder / "workspace")]
    build = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    most = 0.0
    while build.poll() is None:
        most = max(most, sum(_held(process) for process in (build.pid, *_children(build.pid))))
        time.sleep(_EVERY)
    if build.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {build.returncode}")
    return time.perf_counter() - started, _used() - before, most


def _used() -> float:
    """Processor time of the processes that ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _children(process: int) -> list[int]:
    try:
        return [int(number) for number in Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()]
    except OSError:
        return []


def _held(process: int) -> float:
    """Memory of a process in MB, what it shares with others counted in part."""
    try:
        for line in Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0


def _stats(folder: Path) -> dict[str, dict[str, float]]:
    command = [sys.executable, "-m", "kgraph", "stats", "-w", str(folder / "workspace"), "--format", "json"]
    told: dict[str, dict[str, float]] = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return told


if __name__ == "__main__":
    main()
