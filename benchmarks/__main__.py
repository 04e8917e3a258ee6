"""``make bench``: a cold build beside markdown-it-py and a pulldown-cmark binding on the same pages, and where the time goes.

The pages are those of ``../shared/corpora/longterm-wiki-2026-02`` where that is present, else the sample wiki. Every figure is the
median of several runs, each in a process of its own; ratios compare medians of runs that took turns.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
RUNS = 5

PEERS = {
    "markdown-it-py, CommonMark": "from markdown_it import MarkdownIt; md = MarkdownIt(); work = md.parse",
    "markdown-it-py, GFM with plugins": (
        "from markdown_it import MarkdownIt; from mdit_py_plugins.front_matter import front_matter_plugin;"
        "from mdit_py_plugins.footnote import footnote_plugin; from mdit_py_plugins.tasklists import tasklists_plugin;"
        "md = MarkdownIt('gfm-like').use(front_matter_plugin).use(footnote_plugin).use(tasklists_plugin); work = md.parse"
    ),
    "pyromark (pulldown-cmark), events with ranges": "import pyromark; work = lambda text: list(pyromark.events_with_range(text))",
}
"""Peers that parse the same pages: code that defines ``work``, a function of one text."""


def main() -> None:
    """Run and print the table."""
    corpus = REPOSITORY.parent / "shared" / "corpora" / "longterm-wiki-2026-02"
    source = corpus if corpus.is_dir() else REPOSITORY / "data"
    files = sorted(path for path in source.rglob("*.md*") if path.suffix in (".md", ".mdx"))
    size = sum(path.stat().st_size for path in files)
    print(f"{source.name}: {len(files)} pages, {size / 1e6:.1f} MB; median of {RUNS} runs, in turns\n")
    with tempfile.TemporaryDirectory() as folder:
        measured = _measure(source, files, Path(folder))
        _print(measured)
        _print_stages(Path(folder) / "cold")


def _measure(source: Path, files: list[Path], folder: Path) -> dict[str, list[tuple[float, float]]]:
    """Seconds and peak memory in MB of each contestant, run by run."""
    listing = folder / "files.json"
    listing.write_text(json.dumps([str(path) for path in files]), encoding="utf-8")
    kgraph = [sys.executable, "-m", "kgraph"]
    contestants: dict[str, Callable[[], tuple[float, float]]] = {
        "kgraph build, cold": lambda: _cold([*kgraph, "build", str(source), "-w"], folder / "cold"),
        "kgraph build, nothing changed": lambda: timed([*kgraph, "build", str(source), "-w", str(folder / "cold")]),
        "kgraph --help": lambda: timed([*kgraph, "--help"]),
    }
    for name, code in PEERS.items():
        contestants[name] = _peer(code, listing)
    return _in_turns(contestants)


def _peer(code: str, listing: Path) -> Callable[[], tuple[float, float]]:
    program = (
        f"import json, pathlib, time; {code}\n"
        f"texts = [pathlib.Path(p).read_text(encoding='utf-8') for p in json.load(open({str(listing)!r}))]\n"
        "start = time.perf_counter()\nfor text in texts: work(text)\nprint(time.perf_counter() - start)"
    )

    def run() -> tuple[float, float]:
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        return float(done.stdout), 0.0

    return run


def _in_turns(contestants: dict[str, Callable[[], tuple[float, float]]]) -> dict[str, list[tuple[float, float]]]:
    measured: dict[str, list[tuple[float, float]]] = {name: [] for name in contestants}
    for _ in range(RUNS):
        for name, run in contestants.items():
            measured[name].append(run())
    return measured


def _cold(command: list[str], workspace: Path) -> tuple[float, float]:
    """As :func:`timed`, where no workspace is."""
    shutil.rmtree(workspace, ignore_errors=True)
    return timed([*command, str(workspace)])


def timed(command: list[str]) -> tuple[float, float]:
    """Wall time in seconds and peak resident memory in MB of a command, its own processes included."""
    program = (
        "import json, resource, subprocess, sys, time; start = time.perf_counter();"
        "subprocess.run(json.loads(sys.argv[1]), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL);"
        "print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)"
    )
    done = subprocess.run([sys.executable, "-c", program, json.dumps(command)], capture_output=True, text=True, check=True)
    seconds, memory = done.stdout.split()
    return float(seconds), float(memory)


def _print(measured: dict[str, list[tuple[float, float]]]) -> None:
    cold = statistics.median(seconds for seconds, _ in measured["kgraph build, cold"])
    print("| what | seconds | cold build is | peak memory of one process, MB |\n| --- | --- | --- | --- |")
    for name, runs in measured.items():
        seconds = statistics.median(value for value, _ in runs)
        memory = max(value for _, value in runs)
        ratio = "" if name.startswith("kgraph") else f"{cold / seconds:.2f} times"
        if name == "kgraph build, nothing changed":
            ratio = f"(this is {seconds / cold:.3f} of it)"
        print(f"| {name} | {seconds:.2f} | {ratio} | {memory:.0f} |" if memory else f"| {name} | {seconds:.2f} | {ratio} | |")


def _print_stages(workspace: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kgraph", "stats", "-w", str(workspace), "--format", "json"], capture_output=True, text=True, check=True
    )
    seconds = json.loads(done.stdout)["seconds"]
    names = {
        "read": "read and parse", "connect": "resolve, connect, find mentions", "rank": "rank, with reasons (RDF of the pages beside it)",
        "write": "write lists, rankings, their RDF",
    }  # fmt: skip
    print("\n| stage of the last cold build | seconds |\n| --- | --- |")
    for key, value in seconds.items():
        print(f"| {names.get(key, key)} | {value:.2f} |")


if __name__ == "__main__":
    main()
