"""Runs the server until it is told to end."""

from __future__ import annotations

import ipaddress
import logging
import re
import signal
import socket
from collections.abc import Callable, Collection
from errno import EACCES, EADDRINUSE
from pathlib import Path
from types import FrameType

import uvicorn

from kgraph.errors import KgraphError
from kgraph.serve.answers import Service
from kgraph.serve.app import create_app
from kgraph.serve.guard import LOOPBACK_HOSTS
from kgraph.serve.proxy import read_root_path
from kgraph.serve.sites import Sites
from kgraph.serve.workers import LEAST_MEMORY, Workers
from kgraph.workspace import Workspace

__all__ = ["ServeError", "run_server"]

_SECONDS_TO_END = 5
_SERVICE = re.compile(r"https?://[^\s<>\"{}|\\^`\x00-\x20]+")


class ServeError(KgraphError):
    """The server cannot listen where it should."""


def run_server(
    workspace: Path, host: str, port: int, *, timeout: float, limit: int, say: Callable[[str], None],
    root: str = "", allowed: Collection[str] = (), rate: float = 0.0, memory: int = 0, services: Collection[str] = (),
) -> None:  # fmt: skip
    """Serve a workspace until SIGTERM or an interrupt comes.

    Args:
        workspace: Folder of the workspace.
        host: Name or address to listen at.
        port: Port to listen at; 0 for any that is free.
        timeout: Seconds that a query may take.
        limit: Rows or triples that a query gives at the most.
        say: Told, in one line, where the server can be reached.
        root: Path that a proxy serves it below, such as ``/graph``.
        allowed: Host names to answer to besides those of this machine, which is then all it answers to.
        rate: Requests a second that one client of another machine may make; 0 for any number.
        memory: Bytes that each query process may take; 0 for a share of half the machine's memory.
        services: Absolute IRIs of SPARQL endpoints that queries may ask with SERVICE; none when empty.

    Raises:
        RootPathError: ``root`` is no plain path.
        ServeError: an endpoint of ``services`` is no http or https address, or ``memory`` is too little.
        WorkspaceError: the workspace is missing, not ranked or damaged.
        ServeError: the address cannot be used.
        KeyboardInterrupt: the user interrupted.

    """
    root = read_root_path(root)
    _check(memory, services)
    sites, workers = Sites(Workspace(workspace), warm=True), Workers(timeout, memory=memory or None)
    with _listen(host, port) as listener:
        address, actual = listener.getsockname()[:2]
        named = {_in_url(name.lower()) for name in allowed}
        local = ipaddress.ip_address(address).is_loopback
        hosts = LOOPBACK_HOSTS | {_in_url(host.lower())} | named if local or named else None
        app = create_app(Service(sites, workers, limit, tuple(services)), hosts, root=root, rate=rate)
        config = uvicorn.Config(
            app, log_config=None, log_level="error", access_log=False, lifespan="off", ws="none", server_header=False,
            proxy_headers=True, forwarded_allow_ips="127.0.0.1,::1", timeout_graceful_shutdown=_SECONDS_TO_END,
        )  # fmt: skip
        server = _Server(config, workers)
        say(f"serving {workspace} at http://{_in_url(host or address)}:{actual}{root}")
        try:
            server.run(sockets=[listener])
        finally:
            workers.close()
    if server.ended_by == signal.SIGINT:
        raise KeyboardInterrupt


def _check(memory: int, services: Collection[str]) -> None:
    if memory and memory < LEAST_MEMORY:
        raise ServeError(f"--memory {memory // 1_000_000}: a query process needs {LEAST_MEMORY // 1_000_000} MB at the least")
    for iri in services:
        if not _SERVICE.fullmatch(iri):
            raise ServeError(f"--allow-service {iri!r}: write the address of a SPARQL endpoint, such as https://example.org/sparql")


class _Server(uvicorn.Server):
    """A server that ends its query processes first when it is told to end, so that no request holds it up."""

    def __init__(self, config: uvicorn.Config, workers: Workers) -> None:
        super().__init__(config)
        self.workers = workers
        self.ended_by: int | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002
        """Begin to end; an interrupt that comes again ends at once."""
        self.workers.stop()
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL + 1)
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True
        self.ended_by = sig


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def _listen(host: str, port: int) -> socket.socket:
    """A socket that listens, at the IPv4 address of a name that has several."""
    try:
        found = socket.getaddrinfo(host.strip("[]") or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, _, _, _, address = min(found, key=lambda item: item[0] != socket.AF_INET)
        listener = socket.create_server(address[:2], family=family, backlog=128)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # or small responses wait 40 ms for the client
        return listener
    except (OSError, UnicodeError) as error:
        raise ServeError(f"{_in_url(host)}:{port}: {_mend(error)}") from None


def _mend(error: OSError | UnicodeError) -> str:
    code = getattr(error, "errno", None)
    if code == EADDRINUSE:
        return "in use already: choose another port with --port, or end the program that uses it"
    if code == EACCES:
        return "not allowed: choose a port above 1023 with --port"
    return "no address of this machine: choose another one with --host"
