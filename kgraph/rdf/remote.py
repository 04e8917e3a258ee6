"""Named graphs of a server over HTTP: SPARQL 1.1 Graph Store HTTP Protocol, or SPARQL 1.1 Update with a query endpoint.

https://www.w3.org/TR/sparql11-http-rdf-update/ and https://www.w3.org/TR/sparql11-protocol/
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPException, HTTPMessage, HTTPResponse
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
    parse_http_list,
    parse_keqv_list,
)  # fmt: skip

from kgraph.errors import PushError

__all__ = ["GraphStore", "UpdateEndpoint", "credentials"]

_SECONDS = 120.0
_SHOWN = 300
_AT_ONCE = 1_000
"""Statements in one update: parsers of servers have limits on its length (Virtuoso about 5,000)."""
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


class _Basic(HTTPBasicAuthHandler):
    """Sends the password unasked once the server has taken it this way; one that wants a digest gets none in the clear."""

    def __init__(self, passwords: HTTPPasswordMgrWithPriorAuth) -> None:
        super().__init__(passwords)
        self.known = passwords

    def http_response(self, req: Request, response: HTTPResponse) -> HTTPResponse:
        """Remember whether the server took it."""
        if str(req.get_header("Authorization", "")).startswith("Basic "):
            self.known.update_authenticated(req.full_url, response.status != 401)
        return response

    https_response = http_response


class _Digest(HTTPDigestAuthHandler):
    """Answers the challenge of before unasked, so that a large body is not sent to be refused."""

    def __init__(self, passwords: HTTPPasswordMgrWithPriorAuth) -> None:
        super().__init__(passwords)
        self.challenge: dict[str, str] = {}

    def http_error_401(self, req: Request, fp: Any, code: int, msg: str, headers: HTTPMessage) -> Any:
        """Keep the challenge, and answer it."""
        kind, _, told = headers.get("www-authenticate", "").partition(" ")
        if kind.lower() == "digest":
            self.challenge = parse_keqv_list([item for item in parse_http_list(told) if "=" in item])
        return super().http_error_401(req, fp, code, msg, headers)

    def http_request(self, req: Request) -> Request:
        """Answer the challenge that is known."""
        answer = self.get_authorization(req, self.challenge) if self.challenge else None
        if answer:
            req.add_unredirected_header("Authorization", f"Digest {answer}")
        return req

    https_request = http_request


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
        self._signs = "user" in signed

    def send(self, method: str, url: str, body: bytes | None = None, media: str = "", accept: str = "*/*", missing: bool = False) -> bytes:
        """Answer of the server; empty where ``missing`` is allowed and it says 404."""
        try:
            try:
                return self._once(method, url, body, media, accept)
            except (URLError, ConnectionError) as error:
                if not (body and self._signs and isinstance(getattr(error, "reason", error), ConnectionError)):
                    raise
                self._sign_in(url, media)
                return self._once(method, url, body, media, accept)
        except HTTPError as error:
            if error.code == 404 and missing:
                return b""
            raise PushError(f"{self.url}: {method} was answered with {error.code} {error.reason}{_mend(error)}") from None
        except (URLError, OSError, HTTPException) as error:
            raise PushError(f"{self.url}: cannot be reached ({getattr(error, 'reason', error)}): push again to go on") from None

    def _once(self, method: str, url: str, body: bytes | None, media: str, accept: str = "*/*") -> bytes:
        request = Request(url, data=body, method=method, headers={"Accept": accept, "User-Agent": "kgraph"})  # noqa: S310 - checked above
        if media:
            request.add_header("Content-Type", media)
        if self.token:
            request.add_unredirected_header("Authorization", f"Bearer {self.token}")
        with self._opener.open(request, timeout=_SECONDS) as answer:
            return bytes(answer.read())

    def _sign_in(self, url: str, media: str) -> None:
        """Send nothing, to learn how to sign: a server that refuses may hang up before it has taken a large body."""
        with suppress(HTTPError):
            self._once("POST", url, b"", media)


def _opener(url: str, signed: Mapping[str, str]) -> OpenerDirector:
    if "user" not in signed:
        return build_opener(_Stay())
    known = HTTPPasswordMgrWithPriorAuth()
    known.add_password(None, url, signed["user"], signed["password"])
    return build_opener(_Stay(), _Digest(known), _Basic(known))


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
        self._insert(graph, triples, f"DROP SILENT GRAPH <{graph}>")

    def add(self, graph: str, triples: bytes) -> None:
        """Add N-Triples to a graph."""
        self._insert(graph, triples)

    def drop(self, graph: str) -> None:
        """Remove a graph."""
        self._send(f"DROP SILENT GRAPH <{graph}>")

    def _insert(self, graph: str, triples: bytes, before: str = "") -> None:
        lines = triples.decode().split("\n")[:-1]
        if before and not lines:
            self._send(before)
        for start in range(0, len(lines), _AT_ONCE):
            told = "\n".join(lines[start : start + _AT_ONCE])
            head = f"{before} ;\n" if before and not start else ""
            self._send(f"{head}INSERT DATA {{ GRAPH <{graph}> {{\n{told}\n}} }}")

    def _send(self, text: str) -> None:
        self._update.send("POST", self._update.url, text.encode(), "application/sparql-update")
