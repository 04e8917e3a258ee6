"""The channel between the server and a query process: whole messages, whatever pieces they come in."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator

import pytest

from kgraph.serve.channel import Channel


@pytest.fixture
def ends() -> Iterator[tuple[Channel, socket.socket]]:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    channel = Channel(ours)
    yield channel, theirs
    channel.close()
    theirs.close()


def test_a_message_is_given_once_it_is_whole(ends: tuple[Channel, socket.socket]) -> None:
    channel, other = ends
    whole = struct.pack("!I", 5) + b"hello"
    for piece in (whole[:2], whole[2:6], whole[6:8]):
        other.sendall(piece)
        assert channel.take() is None
    assert channel.take() is None
    other.sendall(whole[8:])
    assert channel.take() == b"hello"


def test_messages_follow_each_other_and_may_be_empty(ends: tuple[Channel, socket.socket]) -> None:
    channel, other = ends
    back = Channel(other)
    for message in (b"one", b"", b"three"):
        channel.send(message)
        assert back.receive(5) == message
        back.send(message)
        assert channel.receive(5) == message


def test_a_large_message_goes_both_ways(ends: tuple[Channel, socket.socket]) -> None:
    channel, other = ends
    large = bytes(range(256)) * 200_000
    back = Channel(other)
    thread = threading.Thread(target=lambda: back.send(back.receive(60) or b""))
    thread.start()
    channel.send(large)
    assert channel.receive(60) == large
    thread.join()


def test_waiting_ends_in_time_or_with_the_other_end(ends: tuple[Channel, socket.socket]) -> None:
    channel, other = ends
    assert channel.receive(0.01) is None
    other.sendall(struct.pack("!I", 9) + b"half")
    assert channel.receive(0.01) is None
    other.close()
    with pytest.raises(EOFError):
        channel.receive(5)
    with pytest.raises(BrokenPipeError):
        channel.send(b"more")
