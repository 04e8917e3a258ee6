"""The process that runs queries for the server: it can be killed when one takes too long, needs too much memory or crashes the parser.

A message is one MessagePack object; requests and replies alternate on one connection.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec
from msgspec import Struct

from kgraph.serve.channel import Channel

if TYPE_CHECKING:
    import pyoxigraph as ox

__all__ = ["READY", "QueryReply", "QueryRequest", "main"]

_LARGEST_RESULT = 64_000_000
READY = b"ready"
"""What a process says when it can take requests."""


class QueryRequest(Struct, frozen=True):
    """A query and how to answer it."""

    store: str
    """Folder of the store."""
    text: str
    default_graphs: tuple[str, ...] | None
    named_graphs: tuple[str, ...] | None
    table_form: str | None
    """Format of the result of SELECT or ASK; None when no format is acceptable."""
    graph_form: str | None
    """Format of the result of CONSTRUCT or DESCRIBE; None when no format is acceptable."""
    limit: int
    """Rows or triples at the most."""
    services: tuple[str, ...] = ()
    """IRIs of the endpoints that SERVICE may ask."""


class QueryReply(Struct, frozen=True):
    """What became of it."""

    status: Literal["table", "graph", "malformed", "refused", "failed", "unacceptable", "timeout", "busy", "unavailable"]
    body: bytes = b""
    """The result, or the reason in one line."""
    truncated: bool = False
    empty: bool = False
    """Whether it is a graph without triples."""


def main(descriptor: int, memory: int) -> None:
    """Answer requests on a connection until it is closed, within ``memory`` bytes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    _bound_memory(memory)
    channel = Channel(socket.socket(fileno=descriptor))
    encoder, decoder, opened = msgspec.msgpack.Encoder(), msgspec.msgpack.Decoder(QueryRequest), _Opened()
    try:
        channel.send(READY)
        while True:
            message = channel.take()
            if message is not None:
                channel.send(encoder.encode(opened.answer(decoder.decode(message))))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return


class _Opened:
    """The store asked for last, kept open."""

    def __init__(self) -> None:
        import kgraph.rdf.store
        import kgraph.rdf.written  # noqa: F401 - both take their time before READY, not that of the first query

        self.folder = ""
        self.store: ox.Store | None = None

    def answer(self, request: QueryRequest) -> QueryReply:
        """Run a query and write its result."""
        from kgraph.errors import QueryError, WorkspaceError
        from kgraph.rdf.sparql import QuerySyntaxError, has_keyword
        from kgraph.rdf.store import NoDatasetError

        try:
            _check_graphs((*(request.default_graphs or ()), *(request.named_graphs or ())))
            if has_keyword(_without_services(request.text, request.services), "SERVICE") and _parses_as_graph(request.text):
                return QueryReply("refused", _refused(request.services))
            return self._run(request)
        except QuerySyntaxError as error:
            return QueryReply("malformed", _line(error))
        except QueryError as error:
            return QueryReply("failed", _line(error))
        except NoDatasetError:
            return QueryReply("unavailable", b"this build has no RDF dataset: it was made with --no-rdf")
        except WorkspaceError:
            return QueryReply("unavailable", b"the store of this build cannot be read: ask again in a moment")

    def _run(self, request: QueryRequest) -> QueryReply:
        from kgraph.rdf.store import open_store
        from kgraph.rdf.written import write_query

        if self.store is None or self.folder != request.store:
            self.store, self.folder = open_store(Path(request.store)), request.store
        written = write_query(
            self.store, request.text, table_form=request.table_form, graph_form=request.graph_form, limit=request.limit,
            most_bytes=_LARGEST_RESULT, default_graphs=request.default_graphs, named_graphs=request.named_graphs,
        )  # fmt: skip
        if written.body is None:
            return QueryReply("unacceptable", b"CONSTRUCT, DESCRIBE" if written.kind == "graph" else b"SELECT, ASK")
        return QueryReply(written.kind, written.body, written.truncated, written.empty)


def _line(error: Exception) -> bytes:
    return " ".join(str(error).split()).encode("utf-8", "replace")


def _check_graphs(iris: tuple[str, ...]) -> None:
    """Raise QuerySyntaxError when a graph asked for has no valid IRI."""
    import pyoxigraph as ox

    from kgraph.rdf.sparql import QuerySyntaxError

    for iri in iris:
        try:
            ox.NamedNode(iri)
        except ValueError as error:
            raise QuerySyntaxError(f"{iri!r} is no IRI of a graph: {error}") from None


def _without_services(text: str, allowed: tuple[str, ...]) -> str:
    """A query with GRAPH for SERVICE where an endpoint follows that may be asked, written in full; for a look at what is left.

    A keyword is followed by its IRI in the text too, so no other SERVICE can hide behind this.
    """
    for iri in allowed:
        text = re.sub(rf"SERVICE\s+(?:SILENT\s+)?<{re.escape(iri)}>", f"GRAPH <{iri}>", text, flags=re.I)
    return text


def _refused(allowed: tuple[str, ...]) -> bytes:
    told = (
        f"SERVICE may ask {' and '.join(f'<{iri}>' for iri in allowed)} only, written so" if allowed else "this endpoint asks no other one"
    )
    return f"SERVICE is refused here: {told}".encode()


def _parses_as_graph(text: str) -> bool:
    """Whether a query parses when SERVICE reads GRAPH, which has the same grammar: else it does not parse at all.

    So nothing has to be evaluated that would ask another endpoint.
    """
    import pyoxigraph as ox

    from kgraph.rdf.terms import PREFIXES

    try:
        ox.Store().query(re.sub(r"SERVICE(\s+SILENT\b)?", "GRAPH", text, flags=re.I), prefixes=PREFIXES)
    except SyntaxError:
        return False
    return True


def _end_with(parent: int) -> None:
    """End when the server has ended, also in the middle of a query."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


def _bound_memory(most: int) -> None:
    """Take so many bytes at the most; a query that needs more ends this process, not the machine."""
    import resource
    import sys

    # Linux counts all private memory that may be written as data; address space that is only reserved is no memory.
    bounded = resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS
    _, hard = resource.getrlimit(bounded)
    resource.setrlimit(bounded, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
