"""The least that an endpoint of this kind can take: a query process behind an ASGI server, and nothing checked, chosen, bounded or kept.

    python -m benchmarks.bare STORE

The server is the one of ``kgraph serve`` (uvicorn with uvloop and httptools); the query process asks raw pyoxigraph and has it write
JSON. It says where it listens in one line on standard error, and is for the figures of :mod:`benchmarks.sparql` only.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl

import uvicorn

from kgraph.rdf.terms import PREFIXES
from kgraph.serve.channel import Channel


def main() -> None:
    """Serve a store until the process is ended."""
    ours, theirs = socket.socketpair()
    if not os.fork():
        ours.close()
        answer(sys.argv[1], Channel(theirs))
        os._exit(0)
    theirs.close()
    ours.setblocking(False)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        print(f"serving {sys.argv[1]} at http://127.0.0.1:{listener.getsockname()[1]}", file=sys.stderr, flush=True)
        config = uvicorn.Config(Bare(Channel(ours)), log_config=None, log_level="error", access_log=False, lifespan="off", ws="none")
        uvicorn.Server(config).run(sockets=[listener])


def answer(store: str, channel: Channel) -> None:
    """Answer queries until the other end is closed."""
    import pyoxigraph as ox

    opened = ox.Store.read_only(store)
    while True:
        try:
            text = channel.receive()
        except (OSError, EOFError):
            return
        found = opened.query((text or b"").decode(), prefixes=PREFIXES, use_default_graph_as_union=True)
        graph = isinstance(found, ox.QueryTriples)
        channel.send(found.serialize(format=ox.RdfFormat.N_TRIPLES) if graph else found.serialize(format=ox.QueryResultsFormat.JSON))  # type: ignore[arg-type]


class Bare:
    """ASGI application: hands the one query of a form on, and the answer back."""

    def __init__(self, channel: Channel) -> None:
        """Ask at the other end of a channel."""
        self.channel = channel

    async def __call__(self, _: Any, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]) -> None:
        """Handle one request."""
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        loop = asyncio.get_running_loop()
        reply: asyncio.Future[bytes] = loop.create_future()
        loop.add_reader(self.channel.socket, self._read, reply)
        self.channel.send(dict(parse_qsl(body.decode()))["query"].encode())
        told = await reply
        loop.remove_reader(self.channel.socket)
        media = b"application/sparql-results+json" if told.startswith(b"{") else b"application/n-triples"
        headers = [(b"content-type", media), (b"content-length", str(len(told)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": told})

    def _read(self, reply: asyncio.Future[bytes]) -> None:
        message = self.channel.take()
        if message is not None:
            reply.set_result(message)


if __name__ == "__main__":
    main()
