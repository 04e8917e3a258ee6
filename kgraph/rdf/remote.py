"""Named graphs of a server over HTTP: SPARQL 1.1 Graph Store HTTP Protocol, or SPARQL 1.1 Update with a query endpoint.

https://www.w3.org/TR/sparql11-http-rdf-update/ and https://www.w3.org/TR/sparql11-protocol/
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any, NoReturn
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import (
    HTTPBasicAuthHandler,
    HTTPDigestAuthHandler,
    HTTPPasswordMgrWithPriorAuth,
    HTTPRedirectHandler,
    OpenerDirector,
    Request,
    build_opener,
)  # fmt: skip

from kgraph.errors import PushError

__all__ = ["GraphStore", "UpdateEndpoint", "credentials"]

_SECONDS = 120.0
_SHOWN = 300
_NTRIPLES = "application/n-triples"


def credentials(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What the environment gives to sign in with: KGRAPH_PUSH_TOKEN, or KGRAPH_PUSH_USER and KGRAPH_PUSH_PASSWORD.

    Raises:
        PushError: there is a user without a password.

    """
    found = {
        name: environment[f"KGRAPH_PUSH_{name.upper()}"]
        for name in ("token", "user", "password")
        if f"KGRAPH_PUSH_{name.upper()}" in environment
    }
    if ("user" in found) != ("password" in found):
        raise PushError("set both KGRAPH_PUSH_USER and KGRAPH_PUSH_PASSWORD, or KGRAPH_PUSH_TOKEN alone")
    return found


class _Stay(HTTPRedirectHandler):
    """Follows no redirect: what is sent, and the password, go to the server that was named and to no other."""

    def redirect_request(self, req: Request, *args: Any) -> NoReturn:
        """Raise PushError."""
        newurl = args[-1]
        raise PushError(f"{req.full_url}: the server sends on to {newurl}: give that address if you trust it")


class _Client:
    """Requests to one server."""

    def __init__(self, url: str, signed: Mapping[str, str]) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise PushError(f"{url}: not the http or https address of an endpoint")
        if parts.username or parts.password:
            raise PushError("no password in an address: set KGRAPH_PUSH_USER and KGRAPH_PUSH_PASSWORD in the environment")
        self.url = url
        self.token = signed.get("token")
        self._opener = _opener(url, signed)

    def send(self, method: str, url: str, body: bytes | None = None, media: str = "", accept: str = "*/*", missing: bool = False) -> bytes:
        """Answer of the server; empty where ``missing`` is allowed and it says 404."""
        request = Request(url, data=body, method=method, headers={"Accept": accept, "User-Agent": "kgraph"})  # noqa: S310 - checked above
        if media:
            request.add_header("Content-Type", media)
        if self.token:
            request.add_unredirected_header("Authorization", f"Bearer {self.token}")
        try:
            with self._opener.open(request, timeout=_SECONDS) as answer:
                return bytes(answer.read())
        except HTTPError as error:
            if error.code == 404 and missing:
                return b""
            raise PushError(f"{self.url}: {method} was answered with {error.code} {error.reason}{_mend(error)}") from None
        except (URLError, OSError, HTTPException) as error:
            raise PushError(f"{self.url}: cannot be reached ({getattr(error, 'reason', error)}): push again to go on") from None


def _opener(url: str, signed: Mapping[str, str]) -> OpenerDirector:
    if "user" not in signed:
        return build_opener(_Stay())
    known = HTTPPasswordMgrWithPriorAuth()
    known.add_password(None, url, signed["user"], signed["password"])
    return build_opener(_Stay(), HTTPDigestAuthHandler(known), HTTPBasicAuthHandler(known))


def _mend(error: HTTPError) -> str:
    if error.code in (401, 403):
        return ": set KGRAPH_PUSH_USER and KGRAPH_PUSH_PASSWORD, or KGRAPH_PUSH_TOKEN, to what the server knows"
    if error.code == 405:
        return ": the server takes no writing at this address"
    told = " ".join(error.read(_SHOWN).decode("utf-8", "replace").split())
    return f": {told}" if told else ""


class GraphStore:
    """Named graphs by the Graph Store HTTP Protocol."""

    def __init__(self, url: str, signed: Mapping[str, str] | None = None) -> None:
        """Use the graph store at ``url``."""
        self._client = _Client(url, signed or {})

    def _of(self, graph: str) -> str:
        url = self._client.url
        return f"{url}{'&' if '?' in url else '?'}graph={quote(graph, safe='')}"

    def read(self, graph: str) -> bytes:
        """N-Triples of a graph."""
        return self._client.send("GET", self._of(graph), accept=_NTRIPLES, missing=True)

    def replace(self, graph: str, triples: bytes) -> None:
        """Put N-Triples in the place of a graph."""
        if triples:
            self._client.send("PUT", self._of(graph), triples, _NTRIPLES)
        else:
            self.drop(graph)

    def add(self, graph: str, triples: bytes) -> None:
        """Add N-Triples to a graph."""
        self._client.send("POST", self._of(graph), triples, _NTRIPLES)

    def drop(self, graph: str) -> None:
        """Remove a graph."""
        self._client.send("DELETE", self._of(graph), missing=True)


class UpdateEndpoint:
    """Named graphs by SPARQL 1.1 Update; what the server has is read from its query endpoint."""

    def __init__(self, update: str, query: str, signed: Mapping[str, str] | None = None) -> None:
        """Write at ``update`` and read at ``query``."""
        self._update, self._query = _Client(update, signed or {}), _Client(query, signed or {})

    def read(self, graph: str) -> bytes:
        """N-Triples of a graph."""
        text = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
        return self._query.send(
            "GET", f"{self._query.url}{'&' if '?' in self._query.url else '?'}{urlencode({'query': text})}", accept=_NTRIPLES
        )

    def replace(self, graph: str, triples: bytes) -> None:
        """Put N-Triples in the place of a graph."""
        self._send(f"CLEAR SILENT GRAPH <{graph}> ;\n{_insert(graph, triples)}")

    def add(self, graph: str, triples: bytes) -> None:
        """Add N-Triples to a graph."""
        self._send(_insert(graph, triples))

    def drop(self, graph: str) -> None:
        """Remove a graph."""
        self._send(f"DROP SILENT GRAPH <{graph}>")

    def _send(self, text: str) -> None:
        self._update.send("POST", self._update.url, text.encode(), "application/sparql-update")


def _insert(graph: str, triples: bytes) -> str:
    return f"INSERT DATA {{ GRAPH <{graph}> {{\n{triples.decode()}}} }}"
