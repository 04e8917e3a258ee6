"""Where the processor time of a cold build goes, stage by stage.

    python -m benchmarks.profile [SOURCE] [--functions] [--clock] [--changed]

The build runs in one process (``--jobs 1``). A timer interrupts it after each millisecond of processor time; what the processor did since
(by the clock of the thread, so that long calls into C count in full) is the time of what the thread is doing then. Time of other threads
is that of the store, which loads beside; time of further processes that of large files, which are read in one of their own. ``--functions``
adds the functions that most time is spent in, ``--clock`` how long each stage took. With ``--changed`` a copy of the pages is built first,
and what is measured is the build after a sentence was added to one page.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from benchmarks.__main__ import REPOSITORY

_EVERY = 0.001
_SHOWN = 0.005
"""Share of the whole below which a row counts among the others."""
_FUNCTIONS = 60
_LOADING = "RDF: loading the store (Oxigraph)"
_APART = "read: files of 300 KB and more, in processes of their own"
_OTHER = "not told apart"
_PAGE = 500
"""Bytes of the page that is changed, at the least."""
_STAGES = ("read", "connect", "rank", "RDF", "write")

RULES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("importing libraries", "<frozen importlib._bootstrap>", ()),
    ("read: files found, read and hashed", "ingest/discover", ()),
    ("read: front matter and catalogs as YAML", "ingest/readers/yamldata", ()),
    ("read: JSX and HTML within Markdown", "ingest/readers/markup", ()),
    ("read: JSX and HTML within Markdown", "ingest/readers/markuplines", ()),
    ("read: words counted", "ingest/readers/common", ("metrics",)),
    ("read: Markdown (pulldown-cmark and its events)", "ingest/readers/markdown", ()),
    ("read: other readers", "ingest/readers/html", ()),
    ("read: catalogs as rows", "ingest/catalog", ()),
    ("read: other readers", "ingest/readers", ()),
    ("read: cache (SQLite)", "ingest/cache", ()),
    ("read: parsed forms encoded (msgspec)", "ingest/load", ("_both", "_decode", "_pack", "_unpack")),
    ("read: files found, read and hashed", "ingest/load", ()),
    ("rank: words to vectors, texts compared", "rank/texts", ()),
    ("connect: mentions, sentences", "ingest/mentions", ("sentence_at",)),
    ("connect: mentions", "ingest/mentions", ()),
    ("connect: names nobody declared", "ingest/candidates", ()),
    ("connect: types inferred", "ingest/inference", ()),
    ("connect: links and citations resolved", "ingest/connect", ()),
    ("connect: entities identified", "ingest/identify", ()),
    ("connect: the rest", "ingest/stage", ()),
    (
        "rank: reasons, texts alike",
        "rank/explain",
        ("reason@rank/signals/text", "teller@rank/signals/text", "_told@rank/signals/text", "find@rank/signals/text"),
    ),
    ("rank: reasons, other signals", "rank/explain", ("_item",)),
    ("rank: keys of reasons", "rank/recall", ()),
    ("rank: reasons, other signals", "rank/explain", ("packed",)),
    ("rank: lists chosen", "rank/select", ()),
    ("rank: long ranking", "rank/stage", ("score_table",)),
    ("rank: signals", "rank/signals", ()),
    ("rank: fusion", "rank/fusion", ()),
    ("rank: the rest", "rank/stage", ()),
    ("rank: PageRank, HITS, communities", "graph/measures", ()),
    ("RDF: keys of parts", "rdf/graphs", ("of", "dataset_parts", "long_key_of", "__init__")),
    ("RDF: rankings as statements", "rdf/computed", ()),
    ("RDF: sentences and offsets", "rdf/annotations", ()),
    ("RDF: statements made", "rdf/dataset", ()),
    ("RDF: statements made", "rdf/graphs", ()),
    ("RDF: statements made", "rdf/entailment", ()),
    ("RDF: loading the store (Oxigraph)", "rdf/store", ()),
    ("RDF: files written", "rdf/loading", ()),
    ("write: site lists (JSON, SHA-256)", "export", ()),
    ("write: the corpus and rankings (msgspec)", "archive", ()),
    ("write: generation sealed", "workspace", ()),
    ("the rest of the build", "pipeline", ()),
)
"""Rows of the table: name, module or folder of kgraph, and functions one of which must run as well. The first that fits counts."""


def main() -> None:
    """Profile a build in a process of its own, and print the table."""
    arguments = [item for item in sys.argv[1:] if not item.startswith("--")]
    corpus = REPOSITORY.parent / "shared" / "corpora" / "longterm-wiki-2026-02"
    source = Path(arguments[0]) if arguments else corpus if corpus.is_dir() else REPOSITORY / "data"
    with tempfile.TemporaryDirectory() as folder:
        if "--changed" in sys.argv:
            source = _changed_after_build(source, Path(folder))
        command = [sys.executable, "-c", "from benchmarks.profile import profile; profile()", str(source), folder]
        told: dict[str, Any] = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout)
    whole = sum(told["rows"].values())
    print(f"{source.name}: {told['pages']:,} pages, one process; {whole:.1f} s of processor time, {told['memory']:,.0f} MB at the most\n")
    print("| what | processor, s | share |\n| --- | --- | --- |")
    rest = 0.0
    for name, seconds in sorted(told["rows"].items(), key=lambda row: (-row[1], row[0])):
        if seconds < _SHOWN * whole or name == _OTHER:
            rest += seconds
        else:
            print(f"| {name} | {seconds:.2f} | {100 * seconds / whole:.1f} % |")
    print(f"| smaller items and what was not told apart | {rest:.2f} | {100 * rest / whole:.1f} % |")
    print("\n| stage | memory at the most, MB |\n| --- | --- |")
    for name in _STAGES:
        print(f"| {name} | {told['held'].get(name, 0):,.0f} |")
    if "--functions" in sys.argv:
        print("\n| function | processor, s |\n| --- | --- |")
        for name, seconds in told["functions"]:
            print(f"| {name} | {seconds:.3f} |")
    if "--clock" in sys.argv:
        print(f"\n{told['clock']}")


def _changed_after_build(source: Path, folder: Path) -> Path:
    """A copy of the pages of which one was changed after they were built into ``folder``."""
    copy = shutil.copytree(source, folder / source.name)
    subprocess.run([sys.executable, "-m", "kgraph", "build", str(copy), "-w", str(folder / "workspace")], check=True, capture_output=True)
    page = next(path for path in sorted(copy.rglob("*.md*")) if path.suffix in (".md", ".mdx") and path.stat().st_size > _PAGE)
    with page.open("a", encoding="utf-8") as stream:
        stream.write("\nOne sentence more.\n")
    return copy


def profile() -> None:
    """Build under the timer; prints what was found as JSON."""
    sampler = _Sampler()
    sampler.start()
    from kgraph.pipeline import build_workspace, site_config
    from kgraph.workspace import Workspace

    source, folder = Path(sys.argv[1]), Path(sys.argv[2])
    report = build_workspace(source, Workspace(folder / "workspace"), site_config(source), jobs=1)
    sampler.stop()
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    rows = sampler.rows | {_APART: children.ru_utime + children.ru_stime}
    functions = sorted(sampler.functions.items(), key=lambda item: -item[1])[:_FUNCTIONS]
    told = {
        "pages": report.counts["pages"], "rows": rows, "functions": functions, "clock": report.counts["seconds"],
        "held": {stage: most for stage, most in sampler.held.items() if stage in _STAGES},
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }  # fmt: skip
    print(json.dumps(told))


class _Sampler:
    """Adds up the processor time of the main thread by what it does, and that of all others."""

    def __init__(self) -> None:
        self.rows: dict[str, float] = defaultdict(float)
        self.functions: dict[str, float] = defaultdict(float)
        self.main = time.pthread_getcpuclockid(threading.get_ident())
        self.known: dict[tuple[CodeType, ...], str] = {}
        self.held: dict[str, float] = defaultdict(float)
        self.pages = os.open("/proc/self/statm", os.O_RDONLY)
        self.own = self.all = 0.0

    def start(self) -> None:
        """Begin, with what the start of Python took."""
        self.own, self.all = time.clock_gettime(self.main), time.process_time()
        self.rows["importing libraries"] += self.all
        # not the timer that counts the time of the system as well: it is what bounds the time of a file
        signal.signal(signal.SIGVTALRM, self.take)
        signal.setitimer(signal.ITIMER_VIRTUAL, _EVERY, _EVERY)

    def stop(self) -> None:
        """End."""
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, signal.SIG_IGN)
        self.take(0, sys._getframe())

    def take(self, _number: int, frame: FrameType | None) -> None:
        """Count the time since the last call."""
        own, whole = time.clock_gettime(self.main), time.process_time()
        passed, beside = own - self.own, whole - self.all - (own - self.own)
        self.own, self.all = own, whole
        codes = []
        while frame is not None:
            codes.append(frame.f_code)
            frame = frame.f_back
        stack = tuple(codes)
        name = self.known.get(stack)
        if name is None:
            name = self.known[stack] = _row_of(stack)
        self.rows[name] += passed
        stage = name.partition(":")[0]
        self.held[stage] = max(self.held[stage], self.memory())
        self.rows[_LOADING] += max(beside, 0.0)
        first = stack[0]
        self.functions[f"{_place_of(first)}:{first.co_name}"] += passed

    def memory(self) -> float:
        """Memory that the process holds, in MB."""
        return int(os.pread(self.pages, 100, 0).split()[1]) * resource.getpagesize() / 1e6


def _row_of(stack: tuple[CodeType, ...]) -> str:
    """The row that a stack counts in."""
    places = [(_place_of(code), code.co_name) for code in stack]
    running = {name for _, name in places} | {f"{name}@{place}" for place, name in places}
    for row, module, functions in RULES:
        if any(place == module or place.startswith(module) for place, _ in places) and (not functions or running & {*functions}):
            return row
    return _OTHER


def _place_of(code: CodeType) -> str:
    """Path of a module within kgraph without its ending, else its file."""
    _, found, rest = code.co_filename.rpartition("/kgraph/")
    return rest.removesuffix(".py") if found else code.co_filename


if __name__ == "__main__":
    main()
