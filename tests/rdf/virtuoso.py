"""Virtuoso, a triple store that nobody here wrote, started in a folder of its own on loopback."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

__all__ = ["Virtuoso", "virtuoso"]

PROGRAM = "virtuoso-t"
_SETTINGS = """
[Database]
DatabaseFile = v.db
ErrorLogFile = v.log
LockFile = v.lck
TransactionFile = v.trx
xa_persistent_file = v.pxa
FileExtend = 20
TempStorage = TempDatabase
[TempDatabase]
DatabaseFile = t.db
TransactionFile = t.trx
[Parameters]
ServerPort = 127.0.0.1:{port}
NumberOfBuffers = 20000
MaxDirtyBuffers = 15000
MaxQueryMem = 500M
DirsAllowed = .
ThreadsPerQuery = 1
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 4
[SPARQL]
ResultSetMaxRows = 100000
MaxQueryExecutionTime = 300
"""
_STARTS = 120.0
"""Seconds that it may take to start."""


class Virtuoso:
    """A running server: ``graph_store`` takes user and password ``dba``."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.graph_store = f"{address}/sparql-graph-crud-auth"
        self.update = f"{address}/sparql-auth"
        self.endpoint = f"{address}/sparql"

    def ask(self, query: str) -> dict[str, Any]:
        """The results of a query, in their JSON form."""
        body = urlencode({"query": query, "format": "application/sparql-results+json"}).encode()
        with urlopen(self.endpoint, body, timeout=300) as answer:
            found: dict[str, Any] = json.load(answer)
        return found

    def construct(self, query: str) -> bytes:
        """The graph that a query gives, as N-Triples."""
        body = urlencode({"query": query, "format": "application/n-triples"}).encode()
        with urlopen(self.endpoint, body, timeout=300) as answer:
            data: bytes = answer.read()
        return data


@contextmanager
def virtuoso(folder: Path) -> Iterator[Virtuoso]:
    """Start it in an empty folder; skips where it is not installed."""
    program = shutil.which(PROGRAM)
    if program is None:
        pytest.skip("Virtuoso (Debian: virtuoso-opensource-7-bin) is not installed")
    port, http = _free_ports()
    (folder / "v.ini").write_text(_SETTINGS.format(port=port, http=http))
    server = Virtuoso(f"http://127.0.0.1:{http}")
    with (
        (folder / "out").open("wb") as out,
        subprocess.Popen([program, "-f", "-c", "v.ini"], cwd=folder, stdout=out, stderr=out) as running,
    ):
        try:
            _wait(server, running)
            yield server
        finally:
            running.terminate()
            try:
                running.wait(60)
            except subprocess.TimeoutExpired:
                running.kill()


def _free_ports() -> list[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


def _wait(server: Virtuoso, running: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _STARTS
    while True:
        try:
            server.ask("ASK { }")
            return
        except (URLError, OSError) as error:
            if running.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"Virtuoso does not start: {error}") from None
        time.sleep(0.3)
