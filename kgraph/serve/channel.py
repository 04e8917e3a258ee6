"""Whole messages between the server and a query process, over a socket: each after its length in four bytes."""

from __future__ import annotations

import select
import socket
import struct
import time

__all__ = ["Channel"]

_HEAD = struct.Struct("!I")
_PIECE = 1 << 17
"""Bytes that are read at a time."""


class Channel:
    """One end. A socket that blocks waits in each call; one that does not leaves the waiting to :meth:`receive` or an event loop."""

    def __init__(self, end: socket.socket) -> None:
        """Take one end of a pair of sockets."""
        self.socket = end
        self._read = bytearray()

    def send(self, message: bytes) -> None:
        """Send a message; waits until the other end has taken it, or most of it.

        Raises:
            OSError: the other end is gone.

        """
        left = memoryview(_HEAD.pack(len(message)) + message)
        while left:
            try:
                left = left[self.socket.send(left) :]
            except BlockingIOError:
                self._wait(select.POLLOUT, None)

    def take(self) -> bytes | None:
        """Read what is there: the message where it is whole by now, else None.

        Raises:
            OSError: the other end is gone.
            EOFError: the other end is closed.

        """
        try:
            piece = self.socket.recv(_PIECE)
        except BlockingIOError:
            return None
        if not piece:
            raise EOFError
        self._read += piece
        if len(self._read) < _HEAD.size or len(self._read) < _HEAD.size + _HEAD.unpack_from(self._read)[0]:
            return None
        message = bytes(memoryview(self._read)[_HEAD.size :])
        self._read = bytearray()
        return message

    def receive(self, seconds: float | None = None) -> bytes | None:
        """Wait for a message; None where it has not come whole after so many seconds.

        Raises:
            OSError: the other end is gone.
            EOFError: the other end is closed.

        """
        until = None if seconds is None else time.monotonic() + seconds
        while self._wait(select.POLLIN, until):
            message = self.take()
            if message is not None:
                return message
        return None

    def _wait(self, event: int, until: float | None) -> bool:
        """Whether the socket can be read from, or written to, in time."""
        waiting = select.poll()
        waiting.register(self.socket, event)
        return bool(waiting.poll(None if until is None else max(0.0, until - time.monotonic()) * 1000))

    def close(self) -> None:
        """Close this end."""
        self.socket.close()
