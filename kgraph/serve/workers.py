"""A few query processes, started when first needed, killed and replaced when a query runs out of time."""

from __future__ import annotations

import asyncio
import json
import os
import queue
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress

import msgspec

from kgraph.serve.channel import Channel
from kgraph.serve.worker import READY, QueryReply, QueryRequest

__all__ = ["LEAST_MEMORY", "Workers"]

_WAITING = 32
"""Queries for each process that may run or wait at once; more are turned away."""
_SHORT = 60_000
"""Bytes of a request that a process surely takes at once."""
_SECONDS_TO_START = 30.0
LEAST_MEMORY = 512_000_000
"""Bytes that a query process needs at the least."""
_START = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from kgraph.serve.worker import main; main(*map(int, sys.argv[2:]))"

_REPLIES = msgspec.msgpack.Decoder(QueryReply)
_REQUESTS = msgspec.msgpack.Encoder()


class _Worker:
    """One process and the channel to it."""

    def __init__(self, memory: int) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-c", _START, json.dumps(sys.path), str(theirs.fileno()), str(memory)],
                pass_fds=(theirs.fileno(),), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
        ours.setblocking(False)
        self.channel = Channel(ours)

    def wait_until_ready(self) -> None:
        """Wait until the process can take requests.

        Raises:
            OSError: the process has ended.
            EOFError: the process has ended, or does not come up.

        """
        if self.channel.receive(_SECONDS_TO_START) != READY:
            raise EOFError

    def ask(self, request: bytes, seconds: float) -> bytes | None:
        """The reply, or None when it takes too long.

        Raises:
            OSError: the process has ended.
            EOFError: the process has ended.

        """
        self.channel.send(request)
        return self.channel.receive(seconds)

    async def ask_soon(self, request: bytes, seconds: float) -> bytes | None:
        """As :meth:`ask`, and the event loop goes on meanwhile."""
        loop = asyncio.get_running_loop()
        reply: asyncio.Future[bytes | None] = loop.create_future()
        late = loop.call_later(seconds, _end_waiting, reply)
        loop.add_reader(self.channel.socket, _read_on, self.channel, reply)
        try:
            self.channel.send(request)
            return await reply
        finally:
            loop.remove_reader(self.channel.socket)
            late.cancel()

    def end(self) -> None:
        """Kill the process."""
        self.process.kill()
        self.channel.close()
        self.process.wait()


def _end_waiting(reply: asyncio.Future[bytes | None]) -> None:
    if not reply.done():
        reply.set_result(None)


def _read_on(channel: Channel, reply: asyncio.Future[bytes | None]) -> None:
    """Read what has come of a reply; the future has it once it is whole."""
    if reply.done():
        return
    try:
        message = channel.take()
    except (OSError, EOFError) as error:
        reply.set_exception(error)
    else:
        if message is not None:
            reply.set_result(message)


class _Turn:
    """A place among those where queries run, for one query: entered with the process in it, left with one that can take the next."""

    def __init__(self, workers: Workers, worker: _Worker | None) -> None:
        self.workers, self.worker = workers, worker
        self.reply: bytes | None = None
        self.ended = False

    def __enter__(self) -> _Turn:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if self.reply is None:  # too late, crashed or given up: whatever it still does is of no use
            self.workers.end(self.worker)
            self.worker = None
        self.workers.give_back(self.worker)
        self.ended = isinstance(error, (OSError, EOFError))
        return self.ended


class Workers:
    """Runs queries, each bounded in time and memory, no more at once than there are processes."""

    def __init__(self, timeout: float, count: int | None = None, *, memory: int | None = None) -> None:
        """Start no process yet.

        Args:
            timeout: Seconds that a query may take, waiting included.
            count: Queries to run at once; as many as there are processors, 2 to 4, when None.
            memory: Bytes that each process may take; half of the machine's memory shared among them, 512 MB at the least, when None.

        """
        self.timeout = timeout
        self.count = count or max(2, min(4, os.cpu_count() or 1))
        self.memory = memory or max(LEAST_MEMORY, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2 // self.count)
        self.places = self.count * _WAITING
        self._free: queue.LifoQueue[_Worker | None] = queue.LifoQueue()
        self._places = threading.BoundedSemaphore(self.places)
        self._lock = threading.Lock()
        self._started: set[_Worker] = set()
        self._closed = False
        self._waiting = 0
        for _ in range(self.count):
            self._free.put(None)

    def run(self, request: QueryRequest) -> QueryReply:
        """Run a query. Waiting for a free process counts as time of the query, starting one does not."""
        if not self._places.acquire(blocking=False):
            return _BUSY
        try:
            return self._run(_REQUESTS.encode(request))
        finally:
            self._places.release()

    async def run_soon(self, request: QueryRequest) -> QueryReply | None:
        """Run a query without a thread that waits for it; None, and nothing is done, where no process is free at once."""
        encoded = _REQUESTS.encode(request)
        if self._waiting or len(encoded) > _SHORT:
            return None
        try:
            worker = self._free.get_nowait()
        except queue.Empty:
            return None
        if worker is None or worker.process.poll() is not None:
            self._free.put(worker)
            return None
        with _Turn(self, worker) as turn:
            turn.reply = await worker.ask_soon(encoded, self.timeout)
        return self._told(turn)

    def _run(self, encoded: bytes) -> QueryReply:
        until = time.monotonic() + self.timeout
        with self._lock:
            self._waiting += 1
        try:
            worker = self._free.get(timeout=self.timeout)
        except queue.Empty:
            return _BUSY
        finally:
            with self._lock:
                self._waiting -= 1
        with _Turn(self, worker) as turn:
            if turn.worker is None or turn.worker.process.poll() is not None:
                began = time.monotonic()
                self.end(turn.worker)
                turn.worker = self._start()
                turn.worker.wait_until_ready()
                until += time.monotonic() - began
            turn.reply = turn.worker.ask(encoded, max(0.0, until - time.monotonic()))
        return self._told(turn)

    def _told(self, turn: _Turn) -> QueryReply:
        if turn.ended:
            return _ENDING if self._closed else _CRASHED
        if turn.reply is None:
            return QueryReply("timeout", f"the query was stopped after {self.timeout:g} s: make it more selective".encode())
        return _REPLIES.decode(turn.reply)

    def give_back(self, worker: _Worker | None) -> None:
        """Let the next query have a process, or a place where one is to be started."""
        self._free.put(worker)

    def stop(self) -> None:
        """Kill all processes and start no more, so that requests that wait for one end at once; may be called by a signal."""
        self._closed = True
        for worker in list(self._started):
            worker.process.kill()

    def close(self) -> None:
        """End all processes."""
        self.stop()
        for worker in list(self._started):
            self.end(worker)

    def _start(self) -> _Worker:
        with self._lock:
            if self._closed:
                raise EOFError
            worker = _Worker(self.memory)
            self._started.add(worker)
            return worker

    def end(self, worker: _Worker | None) -> None:
        """Kill a process, where there is one."""
        if worker is not None:
            self._started.discard(worker)
            with suppress(OSError):
                worker.end()


_BUSY = QueryReply("busy", b"too many queries are running: ask again later")
_ENDING = QueryReply("unavailable", b"the server is ending")
_CRASHED = QueryReply("failed", b"the query ended its process: it is nested too deeply or needs too much memory")
