"""Sites built once for all tests, served on this machine, and a Chromium to look at them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.builders.building import BUILDERS


class _Handler(SimpleHTTPRequestHandler):
    """Serves a folder below a base address, without a word."""

    base = "/"

    def translate_path(self, path: str) -> str:
        return super().translate_path("/" + path.removeprefix(self.base)) if path.startswith(self.base) else "/nowhere"

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Builds the sample wiki with a builder, once."""
    made: dict[str, Path] = {}

    def build(name: str) -> Path:
        if name not in made:
            made[name] = BUILDERS[name](tmp_path_factory.mktemp(name))
        return made[name]

    return build


@pytest.fixture(scope="session")
def served(built: Callable[[str], Path]) -> Iterator[Callable[[str], str]]:
    """Serves what a builder made; gives the address."""
    servers: dict[str, ThreadingHTTPServer] = {}

    def serve(name: str) -> str:
        base = "/wiki/" if name == "mkdocs" else "/"
        if name not in servers:
            handler = type("Handler", (_Handler,), {"base": base})
            servers[name] = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(built(name))))
            threading.Thread(target=servers[name].serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{servers[name].server_port}{base}"

    yield serve
    for server in servers.values():
        server.shutdown()
        server.server_close()
