"""A server behind a proxy: the path that the proxy serves it below stands before every address that it gives out."""

from __future__ import annotations

import re

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kgraph.errors import KgraphError
from kgraph.serve.markup import ROOT

__all__ = ["RootPath", "RootPathError", "read_root_path", "route_of"]

_ROOT_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)*")


class RootPathError(KgraphError):
    """A root path that no proxy serves."""


def read_root_path(text: str) -> str:
    """A root path without a slash at its end; empty for the root of a host.

    Raises:
        RootPathError: it is no plain path.

    >>> read_root_path("/wiki/graph/"), read_root_path("/"), read_root_path("")
    ('/wiki/graph', '', '')

    """
    path = text.rstrip("/")
    if not _ROOT_PATH.fullmatch(path) or {".", ".."} & set(path.split("/")):
        raise RootPathError(f"--root-path {text!r}: write a path such as /graph, of letters, digits, dots and hyphens")
    return path


def route_of(request: Request) -> str:
    """Path of a request below the root path."""
    return request.url.path.removeprefix(request.scope.get("root_path", "")) or "/"


class RootPath:
    """ASGI middleware: takes requests whether or not the proxy took the root path off, and puts it before addresses given out."""

    def __init__(self, app: ASGIApp, root: str) -> None:
        """Serve ``app`` below ``root``, which is as :func:`read_root_path` gives it."""
        self.app = app
        self.root = root

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http" or not self.root:
            await self.app(scope, receive, send)
            return
        path = scope["path"]
        inner = path[len(self.root) :] or "/" if path == self.root or path.startswith(self.root + "/") else path

        async def send_rooted(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                location = headers.get("location", "")
                if location.startswith("/"):
                    headers["location"] = self.root + location
            await send(message)

        token = ROOT.set(self.root)
        try:
            await self.app({**scope, "root_path": self.root, "path": self.root + inner}, receive, send_rooted)
        finally:
            ROOT.reset(token)
