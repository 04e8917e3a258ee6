"""A SPARQL 1.1 server for the tests of pushing: Graph Store Protocol, updates and queries over a store in memory."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox


@dataclass
class Server:
    """A running server and what it saw."""

    url: str = ""
    store: ox.Store = field(default_factory=ox.Store)
    seen: list[tuple[str, str]] = field(default_factory=list)
    """Method and graph, or ``update``, of each writing request."""
    largest: int = 0
    """Bytes of the largest body."""
    password: str | None = None
    fail_after: int | None = None
    """Writing requests that are taken before all further ones fail."""


@contextmanager
def running() -> Iterator[Server]:
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        def _reply(self, code: int, body: bytes = b"", **headers: str) -> None:
            self.send_response(code)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            wanted = state.password and "Basic " + base64.b64encode(f"me:{state.password}".encode()).decode()
            if wanted and self.headers.get("Authorization") not in (wanted, f"Bearer {state.password}"):
                return self._reply(401, WWW_Authenticate='Basic realm="x"')
            place = urlsplit(self.path)
            asked = parse_qs(place.query)
            if place.path == "/away":
                return self._reply(307, Location="http://127.0.0.1:9/elsewhere")
            if place.path == "/query":
                found = state.store.query(asked["query"][0])
                assert isinstance(found, ox.QueryTriples)
                return self._reply(200, ox.serialize(list(found), format=ox.RdfFormat.N_TRIPLES) or b"")
            if self.command != "GET":
                if state.fail_after is not None and len(state.seen) >= state.fail_after:
                    return self._reply(503, b"out of\norder")
                state.seen.append((self.command, asked["graph"][0] if "graph" in asked else "update"))
                state.largest = max(state.largest, len(body))
            if place.path == "/update":
                state.store.update(body.decode())
                return self._reply(204)
            return self._graph(ox.NamedNode(asked["graph"][0]), body)

        def _graph(self, graph: ox.NamedNode, body: bytes) -> None:
            there = state.store.contains_named_graph(graph)
            if self.command == "GET":
                triples = [quad.triple for quad in state.store.quads_for_pattern(None, None, None, graph)]
                return self._reply(200, ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"") if there else self._reply(404)
            if self.command in ("PUT", "DELETE"):
                state.store.remove_graph(graph)
            if self.command in ("PUT", "POST"):
                assert self.headers["Content-Type"] == "application/n-triples"
                state.store.load(body, format=ox.RdfFormat.N_TRIPLES, to_graph=graph)
            return self._reply(204 if there or self.command != "DELETE" else 404)

        do_GET = do_PUT = do_POST = do_DELETE = _answer

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
