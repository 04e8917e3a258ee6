"""Files of N-Quads as parts, each with a key: a part whose key the build before has too is taken from there and not made again."""

from __future__ import annotations

import mmap
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

__all__ = ["Parts", "PartsBefore", "WrittenPart", "as_text", "whole", "write_index"]

_ENDING = ".parts"


class Parts(Struct, frozen=True):
    """A file of N-Quads that is to be written."""

    keys: tuple[tuple[str, bytes], ...]
    """Name and key of each part, in the order of the file. Parts of the same name and key hold the same lines; one without a key is always
    made."""
    make: Callable[[Sequence[str]], Iterable[bytes]]
    """The parts of these names, in this order, each whole lines. No line stands in two parts, nor twice in one."""


class WrittenPart(Struct, frozen=True, array_like=True):
    """A part as it lies in its file."""

    name: str
    key: bytes
    start: int
    end: int
    count: int
    """Statements."""


class PartsBefore:
    """A file of parts of the build before; empty where there is none."""

    def __init__(self, path: Path | None) -> None:
        """Open the file at ``path``; there is none where it or its index is missing or damaged."""
        self.parts: dict[str, WrittenPart] = {}
        self._content: mmap.mmap | bytes = b""
        if path is None:
            return
        try:
            index = msgspec.msgpack.decode(_index_of(path).read_bytes(), type=list[WrittenPart])
            with path.open("rb") as stream:
                empty = not os.fstat(stream.fileno()).st_size
                content = b"" if empty else mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError, msgspec.DecodeError):
            return
        if index and index[-1].end == len(content):
            self.parts, self._content = {part.name: part for part in index}, content

    def __len__(self) -> int:
        """Bytes of the file."""
        return len(self._content)

    def same(self, name: str, key: bytes) -> WrittenPart | None:
        """The part of this name, if its key is this one."""
        part = self.parts.get(name)
        return part if part is not None and key and part.key == key else None

    def lines(self, part: WrittenPart) -> bytes:
        """The lines of a part."""
        return self._content[part.start : part.end]


def whole(key: bytes, lines: Iterable[str]) -> Parts:
    """A file that is one part of these distinct lines, taken when it has to be made."""
    return Parts((("", key),), lambda names: [as_text(lines) for _ in names])


def as_text(lines: Iterable[str]) -> bytes:
    """Lines as a part of a file."""
    return "\n".join([*lines, ""]).encode("utf-8", "replace")


def write_index(path: Path, parts: Iterator[WrittenPart]) -> None:
    """Write down where the parts of the file at ``path`` are."""
    _index_of(path).write_bytes(msgspec.msgpack.encode(list(parts)))


def _index_of(path: Path) -> Path:
    return path.with_name(path.name + _ENDING)
