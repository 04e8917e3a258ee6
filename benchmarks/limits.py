"""What the hardware allows: bandwidth of memory and of files, and how far from it the steps are that only move bytes.

    python -m benchmarks.limits [SOURCE]

The bytes that a step must move, at the speed that the machine moved such bytes in the same run, give the least time that it can take.
Bandwidth of memory is that of a copy of 256 MB, read and written bytes counted (as STREAM does: McCalpin 1995), by one thread; files are
those of the pages, in the cache of the system, and one of 256 MB that is written and flushed to disk. Best of seven runs.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import scipy.sparse as sp

from benchmarks.__main__ import REPOSITORY
from kgraph.config import Config
from kgraph.graph.csr import CSRGraph
from kgraph.ingest.stage import ingest
from kgraph.pipeline import build_workspace, site_config
from kgraph.rank.sparse import product
from kgraph.rank.texts import Texts
from kgraph.workspace import Workspace

_RUNS = 7
_BYTES = 1 << 28
_NODES, _EDGES, _STEPS = 100_000, 1_000_000, 50
_ENTRY = 12
"""Bytes of an entry of a sparse matrix: its value and its column."""


def main() -> None:
    """Run and print the tables."""
    corpus = REPOSITORY.parent / "shared" / "corpora" / "longterm-wiki-2026-02"
    source = Path(sys.argv[1]) if sys.argv[1:] else corpus if corpus.is_dir() else REPOSITORY / "data"
    files = [path for path in sorted(source.rglob("*")) if path.is_file()]
    with tempfile.TemporaryDirectory() as folder:
        memory, read, written = _memory(), _reading(files), _writing(Path(folder) / "written")
        print("| the machine | GB a second |\n| --- | --- |")
        for name, speed in (("memory, copied", memory), ("files, read from the cache", read), ("a file, written and flushed", written)):
            print(f"| {name} | {speed / 1e9:.2f} |")
        print("\n| step | bytes it must move, MB | least, s | taken, s | times the least |\n| --- | --- | --- | --- | --- |")
        _print_build(source, Path(folder), files, read, written)
        _print_pagerank(memory)
        _print_texts(source, memory)


def _best(work: Callable[[], object], runs: int = _RUNS) -> float:
    """Seconds of the quickest run."""
    seconds = []
    for _ in range(runs):
        started = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - started)
    return min(seconds)


def _memory() -> float:
    """Bytes a second."""
    one, other = np.ones(_BYTES // 8), np.zeros(_BYTES // 8)
    return 2 * _BYTES / _best(lambda: np.copyto(other, one))


def _reading(files: list[Path]) -> float:
    return sum(path.stat().st_size for path in files) / _best(lambda: [path.read_bytes() for path in files])


def _writing(path: Path) -> float:
    content = os.urandom(_BYTES)

    def write() -> None:
        with path.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())

    seconds = _best(write, 3)
    path.unlink()
    return _BYTES / seconds


def _row(step: str, moved: float, least: float, taken: float) -> None:
    print(f"| {step} | {moved / 1e6:,.1f} | {least:.4f} | {taken:.3f} | {taken / least:,.1f} |", flush=True)


def _print_build(source: Path, folder: Path, files: list[Path], read: float, written: float) -> None:
    """A cold build in this process: the files once in, everything that the generation holds once out."""
    started = time.perf_counter()
    build_workspace(source, Workspace(folder / "workspace"), site_config(source), jobs=os.cpu_count())
    taken = time.perf_counter() - started
    there = sum(path.stat().st_size for path in files)
    made = sum(path.stat().st_size for path in (folder / "workspace" / "generations").rglob("*") if path.is_file())
    _row("cold build: pages and catalogs read", there, there / read, taken)
    _row("cold build: what it writes", made, made / written, taken)


def _print_pagerank(memory: float) -> None:
    """Steps of PageRank: each reads every edge, and the scores twice."""
    draw = np.random.default_rng(5)
    targets = np.minimum(draw.pareto(1.1, _EDGES) * 50, _NODES - 1).astype(np.int32)
    graph = CSRGraph.from_edges(range(_NODES), draw.integers(0, _NODES, _EDGES, dtype=np.int32), targets)
    matrix = sp.csr_array((np.ones(len(graph.indices)), graph.indices, graph.indptr), shape=(_NODES, _NODES))
    ranks = np.ones(_NODES)

    def steps() -> None:
        for _ in range(_STEPS):
            matrix.T @ ranks

    moved = _STEPS * (_ENTRY * matrix.nnz + 2 * 8 * _NODES)
    _row(f"{_STEPS} steps of PageRank, {matrix.nnz:,} edges", moved, moved / memory, _best(steps, 3))


def _print_texts(source: Path, memory: float) -> None:
    """Texts compared: for each two entries that meet, one entry is read."""
    corpus, _, _ = ingest(source, Config())
    vectors, _ = Texts(corpus.entities, corpus.documents).vectors
    column = np.diff(vectors.tocsc().indptr).astype(np.float64)
    moved = float(_ENTRY * (column * column).sum())
    turned = sp.csr_array(vectors.T)
    _row(f"texts of {vectors.shape[0]:,} entities compared", moved, moved / memory, _best(lambda: product(vectors, turned), 3))


if __name__ == "__main__":
    main()
