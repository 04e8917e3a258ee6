"""How much one client may ask for: requests per second by a token bucket, and the length of addresses."""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["Limits"]

_SECONDS_SAVED = 10
"""A client that was quiet may ask for what it could have asked for within so many seconds at once."""
_MOST_CLIENTS = 10_000
_LONGEST_ADDRESS = 48_000
"""Bytes of path and query; a longer query is posted."""


class Limits:
    """ASGI middleware. Clients of the machine itself are not counted; a proxy on it says whom it asks for (X-Forwarded-For)."""

    def __init__(self, app: ASGIApp, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Let each client ask ``rate`` times a second in the long run; 0 for as often as it likes."""
        self.app = app
        self.rate = rate
        self.clock = clock
        self._saved: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] == "http":
            if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > _LONGEST_ADDRESS:
                await PlainTextResponse("the address is too long: post the query instead\n", 414)(scope, receive, send)
                return
            wait = self._wait(scope["client"][0] if scope.get("client") else "")
            if wait > 0:
                headers = {"Retry-After": str(math.ceil(wait))}
                await PlainTextResponse("too many requests: ask again later\n", 429, headers)(scope, receive, send)
                return
        await self.app(scope, receive, send)

    def _wait(self, client: str) -> float:
        """Seconds until a client may ask again; 0 when it may now, and then the request is counted."""
        if self.rate <= 0 or _is_loopback(client):
            return 0.0
        now, most = self.clock(), max(1.0, self.rate * _SECONDS_SAVED)
        tokens, seen = self._saved.pop(client, (most, now))
        tokens = min(most, tokens + (now - seen) * self.rate)
        allowed = tokens >= 1.0
        self._saved[client] = (tokens - 1.0 if allowed else tokens, now)
        if len(self._saved) > _MOST_CLIENTS:
            self._saved.popitem(last=False)
        return 0.0 if allowed else (1.0 - tokens) / self.rate


def _is_loopback(client: str) -> bool:
    try:
        return ipaddress.ip_address(client).is_loopback
    except ValueError:
        return False
