"""Queries whose results are wanted as text: the RDF library writes them as it reads, which takes half of what terms take in Python."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Literal, cast

import msgspec
from msgspec import Struct

from kgraph.errors import QueryError
from kgraph.rdf.results import render_result, serialize_triples
from kgraph.rdf.sparql import evaluate, failure, run_query

if TYPE_CHECKING:
    import pyoxigraph as ox

__all__ = ["WrittenResult", "write_query"]

_BETWEEN_ROWS = b"},{"
"""What stands between two rows of JSON, and else within literals only."""


class WrittenResult(Struct, frozen=True):
    """Result of any query form, as text in UTF-8."""

    kind: Literal["table", "graph"]
    body: bytes | None
    """None where there is no format for this kind."""
    truncated: bool = False
    """Whether there are more rows or triples than were asked for."""
    empty: bool = False
    """Whether it is a graph without triples."""


def write_query(
    store: ox.Store, text: str, *, table_form: str | None, graph_form: str | None, limit: int, most_bytes: int,
    default_graphs: Sequence[str] | None = None, named_graphs: Sequence[str] | None = None,
) -> WrittenResult:  # fmt: skip
    """Run a query and write its result: triples sorted, each once.

    Args:
        store: Store to ask; nothing is written.
        text: SPARQL 1.1 query.
        table_form: Format of the result of SELECT or ASK; None when none will do.
        graph_form: Format of the result of CONSTRUCT or DESCRIBE; None when none will do.
        limit: Rows or triples at the most.
        most_bytes: Size of the result at the most.
        default_graphs: The dataset, as in :func:`kgraph.rdf.sparql.run_query`.
        named_graphs: The same.

    Raises:
        QueryError: the query does not parse, fails, or gives more than ``most_bytes``.

    """
    import pyoxigraph as ox

    try:
        found = evaluate(store, text, None, default_graphs, named_graphs)
        if isinstance(found, ox.QueryTriples):
            written: WrittenResult | None = _graph(found, graph_form, limit, most_bytes)
        elif table_form is None:
            written = WrittenResult("table", None)
        else:
            written = _rows(found, limit, most_bytes) if table_form == "json" and isinstance(found, ox.QuerySolutions) else None
    except (SyntaxError, OSError, RuntimeError, ValueError, TypeError) as error:
        raise failure(error, text) from None
    if written is None:
        result = run_query(store, text, default_graphs=default_graphs, named_graphs=named_graphs, limit=limit)
        body = render_result(result, table_form or "json").encode("utf-8", "replace")
        written = WrittenResult("table", body, result.truncated)
    if len(written.body or b"") > most_bytes:
        raise QueryError(f"the result has more than {most_bytes:,} bytes: ask for less of it at a time")
    return written


def _graph(found: ox.QueryTriples, form: str | None, limit: int, most_bytes: int) -> WrittenResult:
    import pyoxigraph as ox

    if form is None:
        return WrittenResult("graph", None)
    sink = _Sink(b"\n", limit, most_bytes)
    with suppress(_EnoughError):
        found.serialize(cast("IO[bytes]", sink), format=ox.RdfFormat.N_TRIPLES)
    lines = sink.text().split(b"\n")[: min(sink.count, limit)]
    triples = b"".join(line + b"\n" for line in sorted(set(lines)))
    body = triples if form == "ntriples" else serialize_triples(ox.parse(triples, ox.RdfFormat.N_TRIPLES), form).encode()
    return WrittenResult("graph", body, sink.count > limit, not lines)


def _rows(found: ox.QuerySolutions, limit: int, most_bytes: int) -> WrittenResult | None:
    """Solutions as JSON; None where there may be too many and a literal makes it hard to tell where to cut."""
    import pyoxigraph as ox

    sink = _Sink(_BETWEEN_ROWS, limit - 1, most_bytes)
    try:
        found.serialize(cast("IO[bytes]", sink), format=ox.QueryResultsFormat.JSON)
    except _EnoughError:
        end = -1
        for _ in range(limit):
            end = sink.text().find(_BETWEEN_ROWS, end + 1)
        cut = sink.text()[:end] + b"}]}}"
        return WrittenResult("table", cut, truncated=True) if end >= 0 and _count(cut) == limit else None
    return WrittenResult("table", sink.text())


class _Rows(Struct):
    bindings: list[msgspec.Raw]


class _Answer(Struct):
    results: _Rows


def _count(text: bytes) -> int:
    try:
        return len(msgspec.json.decode(text, type=_Answer).results.bindings)
    except msgspec.DecodeError:
        return -1


class _EnoughError(Exception):
    """More was written than is wanted."""


class _Sink:
    """A file in memory that counts marks, and raises at more of them, or at more bytes, than it is to take."""

    def __init__(self, mark: bytes, most: int, most_bytes: int) -> None:
        self.mark, self.most, self.most_bytes = mark, most, most_bytes
        self.pieces: list[bytes] = []
        self.count = self.size = 0
        self.tail = b""
        self.full = False

    def write(self, piece: bytes) -> int:
        if self.full:  # the library empties its buffer once more
            return len(piece)
        seen = self.tail + piece
        self.count += seen.count(self.mark)
        self.tail = seen[len(seen) - len(self.mark) + 1 :]
        self.size += len(piece)
        self.pieces.append(piece)
        if self.size > self.most_bytes and self.count <= self.most:
            self.full = True
            raise QueryError(f"the result has more than {self.most_bytes:,} bytes: ask for less of it at a time")
        if self.count > self.most:
            self.full = True
            raise _EnoughError
        return len(piece)

    def flush(self) -> None:
        """All of it is there already."""

    def text(self) -> bytes:
        if len(self.pieces) > 1:
            self.pieces = [b"".join(self.pieces)]
        return self.pieces[0] if self.pieces else b""
