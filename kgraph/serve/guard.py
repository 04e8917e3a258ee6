"""What stands before every request: a check of the Host header, headers that bound what a page may do, and CORS for data."""

from __future__ import annotations

import re
from collections.abc import Collection

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["CORS", "LOOPBACK_HOSTS", "THINGS", "Guard", "is_data"]

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})
"""Names by which a browser of this machine reaches a server that only this machine reaches."""

_HOST = re.compile(r"([A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")
_HEADERS = {
    # A page with a policy of its own keeps it.
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, Retry-After, X-Kgraph-Truncated",
}
"""Headers of what pages of any origin may read."""
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Cache-Control, Content-Type, If-None-Match, X-Requested-With",
    "Access-Control-Max-Age": "86400",
}


THINGS = (
    "activity", "agent", "candidate", "citation", "file", "footnote", "hub", "property", "related", "sentence", "source",
)  # fmt: skip
"""What the IRIs below the base begin with that have no page of their own."""
_LINKED = ("/entity/", "/page/", "/graph/", "/tag/", "/type/", *(f"/{kind}/" for kind in THINGS))
"""Where IRIs lie that give pages to people and data, with the headers of CORS, to programs."""


def is_data(path: str) -> bool:
    """Whether a path gives data that pages of any origin may read."""
    return path in ("/sparql", "/graph-store", "/api") or path.startswith("/api/")


class Guard:
    """ASGI middleware.

    A page of another origin can point a name of its own at this machine (DNS rebinding), and its browser would then hand it
    everything; the Host header tells. So a server on a loopback address answers to the names of the machine only.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str] | None) -> None:
        """Guard ``app``; answer to ``hosts`` only (lower case, without port), or to any when None."""
        self.app = app
        self.hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        data = is_data(path)

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in ({**_HEADERS, **CORS} if opened else _HEADERS).items():
                    headers.setdefault(name, value)
            await send(message)

        app = self.app
        preflight = scope["method"] == "OPTIONS" and (data or path.startswith(_LINKED))
        opened = data or preflight
        if not self._allows(Headers(scope=scope).get("host", "")):
            app = PlainTextResponse("this server does not answer to that host name\n", 400)
        elif preflight:
            app = Response(status_code=204, headers=_PREFLIGHT)
        await app(scope, receive, send_guarded)

    def _allows(self, host: str) -> bool:
        match = _HOST.fullmatch(host)
        if self.hosts is None:
            return match is not None or not host
        return match is not None and match.group(1).lower() in self.hosts
