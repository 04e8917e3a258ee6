"""SPARQL: load and the named queries through kgraph, beside rdflib's own memory store and raw pyoxigraph, in one run.

    python -m benchmarks.sparql [WORKSPACE] [--quads N] [--no-rdflib] [--limit SECONDS]

Without WORKSPACE a build of ``../shared/corpora/longterm-wiki-2026-02`` is measured where that is present, else one of the sample
wiki; with ``--quads`` the statements of the build are copied, under other names, until there are that many. Each query runs in turns, and
the best of three runs counts; one that takes longer than the limit is not run again.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import kgraph
from benchmarks.__main__ import REPOSITORY
from kgraph.rdf.queries import named_queries
from kgraph.rdf.sparql import bind
from kgraph.rdf.terms import PREFIXES

RUNS = 3
Ask = Callable[[str], int]


def main() -> None:
    """Run and print the tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("workspace", nargs="?")
    parser.add_argument("--quads", type=int, default=0)
    parser.add_argument("--no-rdflib", action="store_true")
    parser.add_argument("--limit", type=float, default=60.0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if given.workspace is None:
            corpus = REPOSITORY.parent / "shared" / "corpora" / "longterm-wiki-2026-02"
            kg = kgraph.build(corpus if corpus.is_dir() else REPOSITORY / "data", Path(folder) / "workspace")
        else:
            kg = kgraph.open(given.workspace)
        _measure(kg, Path(folder), given)


def _measure(kg: kgraph.KnowledgeGraph, folder: Path, given: argparse.Namespace) -> None:
    import pyoxigraph as ox

    text = folder / "dataset.nq"
    with text.open("wb") as stream:
        count = sum(stream.write(piece) and piece.count(b"\n") for piece in _statements(kg, given.quads))
    print(f"{count:,} statements, {text.stat().st_size / 1e6:.0f} MB of N-Quads\n")
    store = ox.Store(str(folder / "store"))
    seconds = {"pyoxigraph, on disk": _timed(lambda: store.bulk_load(path=str(text), format=ox.RdfFormat.N_QUADS))}
    asks: dict[str, Ask] = {"pyoxigraph": lambda query: _raw(store, query)}
    kg.__dict__["store"] = store  # the build asks what was loaded
    asks["kgraph"] = lambda query: len(kg.run(query).rows)
    if not given.no_rdflib:
        import rdflib

        dataset = rdflib.Dataset(default_union=True)
        seconds["rdflib, memory"] = _timed(lambda: dataset.parse(str(text), format="nquads"))
        asks["rdflib"] = lambda query: len(list(dataset.query(query, initNs=PREFIXES)))
    print("| load | seconds | statements a second |\n| --- | --- | --- |")
    for name, value in seconds.items():
        print(f"| {name} | {value:.1f} | {count / value:,.0f} |")
    _print(_queries(kg), asks, given.limit)


def _statements(kg: kgraph.KnowledgeGraph, wanted: int) -> Iterator[bytes]:
    """The dataset, and copies of it under other names until there are as many statements as wanted."""
    from kgraph.export.rdf import read_dataset

    whole = b"".join(read_dataset(kg.generation.folder))
    yield whole
    count, base = whole.count(b"\n"), kg.head.base_iri.encode()
    for copy in range(1, max(1, round(wanted / count))):
        yield (
            whole.replace(b"<" + base + b"entity/", b"<%sentity/copy-%d/" % (base, copy))
            .replace(b"<" + base + b"page/", b"<%spage/copy-%d/" % (base, copy))
            .replace(b"<" + base + b"related/", b"<%srelated/copy-%d/" % (base, copy))
            .replace(b"<" + base + b"graph/page/", b"<%sgraph/page/copy-%d/" % (base, copy))
        )


def _queries(kg: kgraph.KnowledgeGraph) -> dict[str, str]:
    """Text of each named query, its parameters bound: entities to those of the highest PageRank."""
    measures = kg.rankings.measures
    leading = sorted(measures, key=lambda name: (-measures[name].pagerank, name))
    texts = {}
    for name, query in named_queries().items():
        entities = iter(leading)
        given = {one.name: next(entities) if one.kind == "entity" else "safety" for one in query.parameters if one.default is None}
        text, bindings, _ = kg._prepared(name, given)
        texts[name] = bind(text, bindings)
    return texts


def _print(queries: dict[str, str], asks: dict[str, Ask], limit: float) -> None:
    print(f"\n| query | rows | {' | '.join(f'{name}, ms' for name in asks)} | kgraph is |\n|{' --- |' * (len(asks) + 3)}")
    ratios: list[float] = []
    against: list[float] = []
    for name, text in queries.items():
        best: dict[str, float] = {}
        rows = 0
        for _ in range(RUNS):
            for contestant, ask in asks.items():
                if best.get(contestant, 0.0) > limit:
                    continue
                started = time.perf_counter()
                found = ask(text)
                best[contestant] = min(best.get(contestant, float("inf")), time.perf_counter() - started)
                rows = found if contestant == "kgraph" else rows
        ratios.append(best["kgraph"] / best["pyoxigraph"])
        against += [best["rdflib"] / best["kgraph"]] if "rdflib" in best else []
        print(f"| {name} | {rows:,} | {' | '.join(f'{1e3 * best[one]:,.1f}' for one in asks)} | {ratios[-1]:.2f} times raw |", flush=True)
    print(f"\nkgraph beside raw pyoxigraph: median {statistics.median(ratios):.2f} times, worst {max(ratios):.2f} times")
    if against:
        print(f"rdflib beside kgraph: {statistics.median(against):.0f} times on the median query")


def _raw(store: Any, text: str) -> int:
    import pyoxigraph as ox

    found = store.query(text, prefixes=PREFIXES, use_default_graph_as_union=True)
    if isinstance(found, ox.QuerySolutions):
        return len([tuple(row) for row in found])
    return len(list(found))


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
