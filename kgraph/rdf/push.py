"""Writing a build to a SPARQL 1.1 server, graph by graph: unchanged graphs are not sent again, an interrupted push goes on.

The server keeps the sums of what it was sent in a graph of its own, ``BASE/graph/pushed``. The sum of a graph leaves it before the graph is
written, and comes back when all of it has arrived: so a sum never tells of more than is there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from kgraph.rdf.terms import KG, Minter

if TYPE_CHECKING:
    import pyoxigraph as ox

__all__ = ["PushReport", "RemoteGraphs", "graph_sum", "push_store"]

CHUNK = 5_000
"""Statements that are sent in one request, and held in memory, at the most."""
_SUM = f"<{KG}pushedSum>"


class RemoteGraphs(Protocol):
    """The named graphs of a server."""

    def read(self, graph: str) -> bytes:
        """N-Triples of a graph; nothing where the server has no such graph."""

    def replace(self, graph: str, triples: bytes) -> None:
        """Put N-Triples in the place of a graph."""

    def add(self, graph: str, triples: bytes) -> None:
        """Add N-Triples to a graph."""

    def drop(self, graph: str) -> None:
        """Remove a graph, if it is there."""


class PushReport(Struct, frozen=True):
    """What a push did."""

    sent: tuple[str, ...]
    """Graphs that were new or had changed."""
    unchanged: int
    removed: tuple[str, ...]
    """Graphs of an earlier build that are no more."""
    statements: int
    """Statements that were sent."""


def push_store(
    store: ox.Store, remote: RemoteGraphs, base: str, *, dry: bool = False, progress: Callable[[str, int, int], None] | None = None
) -> PushReport:
    """Make the named graphs of a server those of a store.

    Graphs of the server that no push of this site wrote are left alone. At most :data:`CHUNK` statements are held at a time.

    Args:
        store: The store to send.
        remote: The server.
        base: Base IRI of the site.
        dry: Only tell what would be sent.
        progress: Told of each graph: what is done, how many are done, how many there are.

    Raises:
        PushError: the server refuses or cannot be reached; what was sent stays, and the next push goes on from there.

    """
    state = Minter(base).graph("pushed")
    there = _read_sums(remote.read(state))
    here = {str(graph.value): graph_sum(store, graph) for graph in store.named_graphs()}
    changed = sorted(graph for graph, told in here.items() if there.get(graph) != told)
    gone = sorted(set(there) - set(here))
    kept = {graph: told for graph, told in here.items() if there.get(graph) == told}
    count = 0
    if not dry and (changed or gone):
        remote.replace(state, _write_sums(kept))
        for graph in gone:
            remote.drop(graph)
        for done, graph in enumerate(changed):
            if progress is not None:
                progress("sending graphs", done, len(changed))
            count += _send(store, remote, graph)
            remote.add(state, _write_sums({graph: here[graph]}))
    return PushReport(tuple(changed), len(kept), tuple(gone), count)


def graph_sum(store: ox.Store, graph: ox.NamedNode | ox.BlankNode) -> str:
    """A sum of the statements of a graph that does not depend on their order: SHA-256 of each, added modulo 2^256."""
    total = 0
    for quad in store.quads_for_pattern(None, None, None, graph):
        total += int.from_bytes(hashlib.sha256(str(quad.triple).encode()).digest(), "big")
    return f"{total % (1 << 256):064x}"


def _send(store: ox.Store, remote: RemoteGraphs, graph: str) -> int:
    count = 0
    for number, (size, triples) in enumerate(_chunks(store, graph)):
        (remote.add if number else remote.replace)(graph, triples)
        count += size
    return count


def _chunks(store: ox.Store, graph: str) -> Iterator[tuple[int, bytes]]:
    import pyoxigraph as ox

    quads = store.quads_for_pattern(None, None, None, ox.NamedNode(graph))
    while chunk := [f"{quad.triple} .\n" for quad in islice(quads, CHUNK)]:
        yield len(chunk), "".join(chunk).encode()


def _write_sums(sums: dict[str, str]) -> bytes:
    return "".join(f'<{graph}> {_SUM} "{told}" .\n' for graph, told in sorted(sums.items())).encode()


def _read_sums(triples: bytes) -> dict[str, str]:
    import pyoxigraph as ox

    found = ox.parse(triples, format=ox.RdfFormat.N_TRIPLES)
    return {str(quad.subject.value): str(quad.object.value) for quad in found if str(quad.predicate) == _SUM}
