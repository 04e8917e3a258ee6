"""SPARQL: load and the named queries through kgraph's API and endpoint, beside raw pyoxigraph and rdflib's own memory store, in one run.

    python -m benchmarks.sparql [WORKSPACE] [--quads N] [--no-rdflib] [--limit SECONDS] [--runs N]

Without WORKSPACE a build of ``../shared/corpora/longterm-wiki-2026-02`` is measured where that is present, else one of the sample
wiki; with ``--quads`` the statements of the build are copied, under other names, until there are about that many. Each contestant is a
process of its own; they take turns at each query, and the best of some runs counts. What counts is processor time, of all threads and
processes of the contestant (of the endpoint: server and query process), as others may use the machine. A query that takes longer than
the limit by the clock is stopped and not asked again. The endpoint is asked twice: for an answer that it has to work out, by a text that
it has not seen (a comment makes it another one), and for the same answer once more, which it has kept. Beside it stands the least that
an endpoint of this kind can take (:mod:`benchmarks.bare`).

All but rdflib ask one store, the one that a build writes; how long raw pyoxigraph takes to load the same statements stands beside.
"""

from __future__ import annotations

import argparse
import http.client
import json
import multiprocessing
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

import kgraph
from benchmarks.__main__ import REPOSITORY
from kgraph.rdf.loading import COMPACTED
from kgraph.rdf.queries import named_queries
from kgraph.rdf.sparql import bind
from kgraph.rdf.terms import PREFIXES

QUICK = 3
"""How often a query is asked in a turn that takes less than :data:`SHORT`."""
SHORT = 0.02
SLOW = 3.0
"""Seconds of a run after which a query is not asked again in a later turn."""
RAW, API, HTTP, AGAIN, BARE, RDFLIB = "pyoxigraph", "kgraph, API", "kgraph, HTTP", "HTTP, again", "bare HTTP", "rdflib"
MOST = {API: 1.3, HTTP: 2.0, AGAIN: 2.0, BARE: 2.0}
"""Times raw pyoxigraph that each may take."""
STOPPED = -1
"""In place of rows: what took longer than the limit by the clock, with the processor time that it had taken by then."""
Ask = Callable[[str], int]
_PIECE = 1 << 25
"""Bytes that a build loads at a time."""
_COPIED = rb"(entity|page|related|hub|sentence|footnote|citation|candidate|graph/page)"


def main() -> None:
    """Run and print the tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("workspace", nargs="?")
    parser.add_argument("--quads", type=int, default=0)
    parser.add_argument("--no-rdflib", action="store_true")
    parser.add_argument("--limit", type=float, default=20.0)
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        _measure(workspace_of(given.workspace, Path(folder)), Path(folder), given)


def workspace_of(given: str | None, folder: Path) -> Path:
    """The workspace that is given, else a build of a real wiki where that is at hand, and of the sample wiki where not."""
    if given is not None:
        return Path(given)
    corpus = REPOSITORY.parent / "shared" / "corpora" / "longterm-wiki-2026-02"
    source, workspace = corpus if corpus.is_dir() else REPOSITORY / "data", folder / "workspace"
    # In a process of its own: a fork of one that holds the threads of a store can wait for them for ever.
    subprocess.run([sys.executable, "-m", "kgraph", "build", str(source), "-w", str(workspace)], check=True, capture_output=True)
    return workspace


def write_copies(workspace: Path, folder: Path, quads: int) -> tuple[Path, Path, int]:
    """The statements of a build, and copies of them until there are so many, as N-Quads; a workspace that still lacks a store; how many."""
    kg = kgraph.open(workspace)
    text, copy = folder / "dataset.nq", folder / "copy"
    with text.open("wb") as stream:
        count = sum(stream.write(piece) and piece.count(b"\n") for piece in _statements(kg, quads))
    print(f"{count:,} statements, {text.stat().st_size / 1e6:.0f} MB of N-Quads\n", flush=True)
    shutil.copytree(workspace, copy, symlinks=True, ignore=shutil.ignore_patterns("store", "store.msgpack", "cache", "lock", "*.nq"))
    return text, copy, count


def _measure(workspace: Path, folder: Path, given: argparse.Namespace) -> None:
    text, copy, count = write_copies(workspace, folder, given.quads)
    store = copy / "current" / "store"
    server = Server(serve_command(copy, given.limit))
    bare = Server([sys.executable, "-m", "benchmarks.bare", str(store)])
    contestants: dict[str, Contestant] = {
        RAW: Process(_open_raw, str(store)), API: Process(_open_api, str(copy)), HTTP: server, AGAIN: Again(server), BARE: bare,
    }  # fmt: skip
    print("| load | seconds | processor seconds | statements a processor second | memory, MB |\n| --- | --- | --- | --- | --- |")
    for name, load in (("pyoxigraph, bulk_load of the file", _load_raw), ("kgraph, as a build does", load_store)):
        _print_load(name, count, *_apart(load, str(folder / "raw" if load is _load_raw else store), str(text)))
    shutil.rmtree(folder / "raw")
    if not given.no_rdflib:
        contestants[RDFLIB] = rdflib = Process(_open_rdflib, str(text))
        started = time.perf_counter()
        rdflib.start()
        _print_load("rdflib, in memory", count, time.perf_counter() - started, _processor_time(rdflib.process.pid), rdflib.megabytes())
    for name in (RAW, API, HTTP, BARE):
        contestants[name].start()
    try:
        _print(bound_queries(kgraph.open(workspace)), contestants, given.limit, given.runs)
    finally:
        for one in contestants.values():
            one.stop()


def _print_load(name: str, count: int, seconds: float, processor: float, megabytes: float) -> None:
    print(f"| {name} | {seconds:.1f} | {processor:.1f} | {count / processor:,.0f} | {megabytes:,.0f} |", flush=True)


def _apart(load: Callable[[str, str], None], store: str, text: str) -> tuple[float, float, float]:
    """Seconds, processor seconds and megabytes that loading takes in a process of its own."""
    started, pid = time.perf_counter(), os.fork()
    if not pid:
        load(store, text)
        os._exit(0)
    _, status, used = os.wait4(pid, 0)
    if status:
        raise SystemExit(f"loading ended with {status}")
    return time.perf_counter() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / 1000


def _load_raw(store: str, text: str) -> None:
    import pyoxigraph as ox

    loaded = ox.Store(store)
    loaded.bulk_load(path=text, format=ox.RdfFormat.N_QUADS)
    loaded.flush()


def load_store(store: str, text: str) -> None:
    from kgraph.rdf.store import StoreWriter

    with StoreWriter(Path(store)) as writer, Path(text).open("rb") as stream:
        while lines := stream.readlines(_PIECE):
            writer.load(b"".join(lines))
        if Path(text).stat().st_size >= COMPACTED:
            writer.compact()


def _statements(kg: kgraph.KnowledgeGraph, wanted: int) -> Iterator[bytes]:
    """The dataset, and copies of it under other names until there are as many statements as wanted."""
    from kgraph.export.rdf import read_dataset

    whole = b"".join(read_dataset(kg.generation.folder))
    yield whole
    count, base = whole.count(b"\n"), re.escape(kg.head.base_iri.encode())
    names = re.compile(b"<(" + base + _COPIED + b")/")
    for copy in range(1, max(1, round(wanted / count))):
        yield names.sub(rb"<\1/copy-%d/" % copy, whole)


def bound_queries(kg: kgraph.KnowledgeGraph) -> dict[str, str]:
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


# -- contestants --------------------------------------------------------------------------------------


class Contestant(Protocol):
    """Something that answers queries."""

    def start(self) -> None:
        """Load, and be ready."""

    def ask(self, text: str, limit: float) -> tuple[float, int] | None:
        """Seconds of processor time and rows; None when it takes longer than ``limit``."""

    def megabytes(self) -> float:
        """Memory that it takes."""

    def stop(self) -> None:
        """End it."""


class Process:
    """A store in a process of its own, which is ended and opened again when a query takes too long."""

    def __init__(self, open_it: Callable[..., Ask], *arguments: str) -> None:
        self.open_it, self.arguments = open_it, arguments
        self.process: Any = None

    def start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, other = context.Pipe()
        self.process = context.Process(target=_serve, args=(other, self.open_it, self.arguments), daemon=True)
        self.process.start()
        other.close()
        self.connection.recv()

    def ask(self, text: str, limit: float) -> tuple[float, int] | None:
        self.connection.send((text, limit))
        if self.connection.poll(limit + 60 if self.open_it is _open_rdflib else limit):
            answer: tuple[float, int] | None = self.connection.recv()
            return answer
        self.stop()
        self.start()
        return None

    def megabytes(self) -> float:
        return _resident(self.process.pid)

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.join()


def _serve(connection: Connection, open_it: Callable[..., Ask], arguments: tuple[str, ...]) -> None:
    ask = open_it(*arguments)
    if open_it is _open_rdflib:  # which takes long to load, and can be interrupted; the others are killed and opened again
        signal.signal(signal.SIGALRM, _late)
    connection.send("ready")
    with suppress(EOFError):
        while True:
            text, limit = connection.recv()
            signal.setitimer(signal.ITIMER_REAL, limit if open_it is _open_rdflib else 0)
            started = time.process_time()
            try:
                answer = ask(text)
                connection.send((time.process_time() - started, answer))
            except TimeoutError:
                connection.send((time.process_time() - started, STOPPED))
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)


def _late(*_: object) -> None:
    raise TimeoutError


def _open_raw(store: str) -> Ask:
    import pyoxigraph as ox

    opened = ox.Store.read_only(store)

    def ask(text: str) -> int:
        found = opened.query(text, prefixes=PREFIXES, use_default_graph_as_union=True)
        return len([tuple(row) for row in found]) if isinstance(found, ox.QuerySolutions) else len(list(found))  # type: ignore[arg-type]

    return ask


def _open_api(workspace: str) -> Ask:
    kg = kgraph.open(workspace)
    _ = kg.store
    return lambda text: len(kg.run(text).rows)


def _open_rdflib(text: str) -> Ask:
    import rdflib

    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(text, format="nquads")
    return lambda query: len(list(dataset.query(query, initNs=PREFIXES)))


def serve_command(workspace: Path, limit: float) -> list[str]:
    """How the endpoint is started."""
    return [
        sys.executable, "-m", "kgraph", "serve", "-w", str(workspace), "--port", "0", "--timeout", f"{limit:g}", "--limit", "10000000",
    ]  # fmt: skip


class Server:
    """An endpoint, asked over a connection that is open; results as JSON, read whole and not parsed."""

    def __init__(self, command: list[str]) -> None:
        self.command = command
        self.process: subprocess.Popen[str] | None = None
        self.count = 0

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, stderr=subprocess.PIPE, text=True)
        assert self.process.stderr is not None
        address = urlsplit(self.process.stderr.readline().strip().rsplit(" ", 1)[-1])
        self.connection = http.client.HTTPConnection(address.hostname or "", address.port)
        self.asked = 0.0

    def ask(self, text: str, limit: float, *, seen: bool = False) -> tuple[float, int] | None:  # noqa: ARG002 - told to the server when it starts
        assert self.process is not None
        if not seen:
            self.count += 1
            text = f"{text}\n# {self.count}"
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/sparql-results+json, application/n-triples"}
        if time.monotonic() - self.asked > 1:  # the server lets go of a connection that is silent for long
            self.connection.close()
            self.connection.connect()
        self.asked = time.monotonic()
        started = _processor_time(self.process.pid)
        self.connection.request("POST", "/sparql", urlencode({"query": text}), headers)
        answer = self.connection.getresponse()
        body = answer.read()
        seconds = _processor_time(self.process.pid) - started
        if answer.status == 504:
            return None
        if answer.status != 200:
            raise SystemExit(f"{answer.status}: {body[:500]!r}")
        table = "json" in str(answer.getheader("Content-Type"))
        return seconds, len(json.loads(body)["results"]["bindings"]) if table else body.count(b"\n")

    def megabytes(self) -> float:
        return _resident(self.process.pid) if self.process else 0.0

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait()


class Again:
    """The same server, asked what it was asked before."""

    def __init__(self, server: Server) -> None:
        self.server = server

    def start(self) -> None:
        """It runs."""

    def ask(self, text: str, limit: float) -> tuple[float, int] | None:
        return self.server.ask(text, limit, seen=True)

    def megabytes(self) -> float:
        return self.server.megabytes()

    def stop(self) -> None:
        """Another one ends it."""


def _processor_time(pid: int) -> float:
    """Seconds that all threads of a process and of its children have run (``schedstat`` of Linux, in nanoseconds)."""
    total = 0.0
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(OSError):
            total += int((task / "schedstat").read_text(encoding="ascii").split()[0]) / 1e9
            total += sum(map(_processor_time, map(int, (task / "children").read_text(encoding="ascii").split())))
    return total


def _resident(pid: int) -> float:
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text(encoding="ascii"))
    return int(found[1]) / 1000 if found else 0.0


# -- figures ------------------------------------------------------------------------------------------


def _print(queries: dict[str, str], contestants: dict[str, Contestant], limit: float, runs: int) -> None:
    named = " | ".join(f"{name}, CPU ms" for name in contestants)
    print(f"\n| query | rows | {named} | API is | HTTP is | again is | bare is |\n|{' --- |' * (len(contestants) + 6)}")
    ratios: dict[str, list[tuple[float, float]]] = {API: [], HTTP: [], AGAIN: [], BARE: []}
    least: list[float] = []
    against: list[tuple[float, bool]] = []
    for text in list(queries.values())[:5]:  # what is loaded at the first query is loaded
        for one in contestants.values():
            one.ask(text, limit)
    for name, text in queries.items():
        best, stopped, rows = _best(text, contestants, limit, runs)
        told = [f"{'> ' * (who in stopped)}{1e3 * best[who]:,.1f}" if who in best else f"> {1e3 * limit:,.0f}" for who in contestants]
        whole = {who for who in best if who not in stopped}
        times = [f"{best[who] / best[RAW]:.2f} times raw" if {who, RAW} <= whole else "" for who in ratios]
        print(f"| {name} | {rows:,} | {' | '.join(told)} | {' | '.join(times)} |", flush=True)
        for who, found in ratios.items():
            found += [(best[RAW], best[who] / best[RAW])] if {who, RAW} <= whole else []
        least += [best[HTTP] / best[BARE]] if {HTTP, BARE} <= whole else []
        if RDFLIB in best and API in whole:
            against.append((best[RDFLIB] / best[API], RDFLIB in stopped))
    for who, pairs in ratios.items():
        print(f"\n{_summary(who, pairs)}")
    print(
        f"\n{HTTP}, beside the least that such an endpoint takes: median {statistics.median(least):.2f} times, worst {max(least):.2f} times"
    )
    if against:
        answered = [ratio for ratio, late in against if not late]
        print(
            f"\nrdflib beside kgraph, API: {statistics.median(answered):.1f} times on the median of the {len(answered)} queries that it "
            f"answered within {limit:g} s by the clock; {statistics.median(ratio for ratio, _ in against):.1f} times on the median of all "
            f"{len(against)}, where one that was stopped counts as the processor time that it had taken by then, less than it needs"
        )


def _summary(name: str, pairs: list[tuple[float, float]]) -> str:
    """Median, worst, and how many are within bounds; of pairs of the seconds of raw pyoxigraph and the times of them that another took."""
    most, ratios = MOST[name], [ratio for _, ratio in pairs]
    over = [raw for raw, ratio in pairs if ratio > most]
    told = f"; the others take raw pyoxigraph up to {1e3 * max(over):.1f} ms" if over else ""
    return (
        f"{name}, beside raw pyoxigraph: median {statistics.median(ratios):.2f} times, worst {max(ratios):.2f} times, "
        f"{len(ratios) - len(over)} of {len(ratios)} within {most:g} times{told}"
    )


def _best(text: str, contestants: dict[str, Contestant], limit: float, runs: int) -> tuple[dict[str, float], set[str], int]:
    """Least seconds of each contestant, or the seconds after which it was stopped where that is known; who was stopped; the rows."""
    best: dict[str, float] = {}
    done: set[str] = set()
    stopped: set[str] = set()
    rows = 0
    for _ in range(runs):
        for name, one in contestants.items():
            if name in done:
                continue
            answer = one.ask(text, limit)
            if answer is None or answer[1] == STOPPED:
                stopped.add(name)
            if answer is None or answer[0] > SLOW or answer[1] == STOPPED:
                done.add(name)
            for _ in range(QUICK - 1 if answer is not None and answer[0] < SHORT and answer[1] != STOPPED else 0):
                answer = min(answer, one.ask(text, limit) or answer) if answer else None
            if answer is not None:
                best[name] = min(best.get(name, float("inf")), answer[0])
                rows = answer[1] if name == API else rows
    return best, stopped, rows


if __name__ == "__main__":
    main()
