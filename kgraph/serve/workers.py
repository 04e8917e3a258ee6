"""A few query processes, started when first needed, killed and replaced when a query runs out of time."""

from __future__ import annotations

import asyncio
import json
import os
import queue
import socket
import struct
import subprocess
import sys
import threading
import time
from contextlib import suppress
from multiprocessing.connection import Connection

import msgspec

from kgraph.serve.worker import READY, QueryReply, QueryRequest

__all__ = ["LEAST_MEMORY", "Workers"]

_WAITING = 32
"""Queries for each process that may run or wait at once; more are turned away."""
_SHORT = 60_000
"""Bytes of a request that a process surely takes at once."""
_LARGE = 1_000_000
"""Bytes of a reply from which on reading it would hold up other requests."""
_HEAD = struct.Struct("!i")
"""Length of a message, before it; negative where it is very long (:mod:`multiprocessing.connection`)."""
_SECONDS_TO_START = 30.0
LEAST_MEMORY = 512_000_000
"""Bytes that a query process needs at the least."""
_START = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from kgraph.serve.worker import main; main(*map(int, sys.argv[2:]))"


class _Worker:
    """One process and the connection to it."""

    def __init__(self, memory: int) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-c", _START, json.dumps(sys.path), str(theirs.fileno()), str(memory)],
                pass_fds=(theirs.fileno(),), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
        self.socket = ours
        self.connection = Connection(ours.fileno())

    def wait_until_ready(self) -> None:
        """Wait until the process can take requests.

        Raises:
            OSError: the process has ended.
            EOFError: the process has ended, or does not come up.

        """
        if not self.connection.poll(_SECONDS_TO_START) or self.connection.recv_bytes() != READY:
            raise EOFError

    def ask(self, request: bytes, seconds: float) -> bytes | None:
        """The reply, or None when it takes too long.

        Raises:
            OSError: the process has ended.
            EOFError: the process has ended.

        """
        self.connection.send_bytes(request)
        return self.connection.recv_bytes() if self.connection.poll(seconds) else None

    async def ask_soon(self, request: bytes, seconds: float) -> bytes | None:
        """As :meth:`ask`, and the event loop goes on meanwhile."""
        loop = asyncio.get_running_loop()
        there: asyncio.Future[bool] = loop.create_future()
        late = loop.call_later(seconds, _set, there, False)
        loop.add_reader(self.connection.fileno(), _set, there, True)
        try:
            self.connection.send_bytes(request)
            if not await there:
                return None
        finally:
            loop.remove_reader(self.connection.fileno())
            late.cancel()
            os.set_blocking(self.connection.fileno(), True)  # some event loops change it
        head = self.socket.recv(_HEAD.size, socket.MSG_PEEK)
        large = len(head) == _HEAD.size and not 0 <= _HEAD.unpack(head)[0] <= _LARGE
        return await asyncio.to_thread(self.connection.recv_bytes) if large else self.connection.recv_bytes()

    def end(self) -> None:
        """Kill the process."""
        self.process.kill()
        self.socket.detach()
        self.connection.close()
        self.process.wait()


def _set(future: asyncio.Future[bool], value: bool) -> None:
    if not future.done():
        future.set_result(value)


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
            return self._run(msgspec.msgpack.encode(request))
        finally:
            self._places.release()

    async def run_soon(self, request: QueryRequest) -> QueryReply | None:
        """Run a query without a thread that waits for it; None, and nothing is done, where no process is free at once."""
        encoded = msgspec.msgpack.encode(request)
        if self._waiting or len(encoded) > _SHORT:
            return None
        try:
            worker = self._free.get_nowait()
        except queue.Empty:
            return None
        if worker is None or worker.process.poll() is not None:
            self._free.put(worker)
            return None
        kept: _Worker | None = None
        try:
            reply = await worker.ask_soon(encoded, self.timeout)
            kept = worker if reply is not None else None
            return self._told(reply)
        except (OSError, EOFError):
            return self._ended()
        finally:
            if kept is None:
                self._end(worker)
            self._free.put(kept)

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
        kept: _Worker | None = None
        try:
            if worker is None or worker.process.poll() is not None:
                began = time.monotonic()
                self._end(worker)
                worker = self._start()
                worker.wait_until_ready()
                until += time.monotonic() - began
            reply = worker.ask(encoded, max(0.0, until - time.monotonic()))
            kept = worker if reply is not None else None
            return self._told(reply)
        except (OSError, EOFError):
            return self._ended()
        finally:
            if kept is None:
                self._end(worker)
            self._free.put(kept)

    def _told(self, reply: bytes | None) -> QueryReply:
        if reply is None:
            return QueryReply("timeout", f"the query was stopped after {self.timeout:g} s: make it more selective".encode())
        return msgspec.msgpack.decode(reply, type=QueryReply)

    def _ended(self) -> QueryReply:
        return _ENDING if self._closed else _CRASHED

    def stop(self) -> None:
        """Kill all processes and start no more, so that requests that wait for one end at once; may be called by a signal."""
        self._closed = True
        for worker in list(self._started):
            worker.process.kill()

    def close(self) -> None:
        """End all processes."""
        self.stop()
        for worker in list(self._started):
            self._end(worker)

    def _start(self) -> _Worker:
        with self._lock:
            if self._closed:
                raise EOFError
            worker = _Worker(self.memory)
            self._started.add(worker)
            return worker

    def _end(self, worker: _Worker | None) -> None:
        if worker is not None:
            self._started.discard(worker)
            with suppress(OSError):
                worker.end()


_BUSY = QueryReply("busy", b"too many queries are running: ask again later")
_ENDING = QueryReply("unavailable", b"the server is ending")
_CRASHED = QueryReply("failed", b"the query ended its process: it is nested too deeply or needs too much memory")
