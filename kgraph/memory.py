"""What a build found out piece by piece, each piece by a key of all that it was found from: the next build takes what is the same.

The memory of a build lies in its generation, one file for each kind of piece. It holds what that build used, and nothing else, so that it
neither grows nor goes stale.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from pathlib import Path

import msgspec
from msgspec import Raw

__all__ = ["Memory", "key_of", "long_key_of"]

_ENDING = ".memory"
_BYTES = 8
_LONG = 16


class Memory:
    """Pieces of one kind: those of the build before by their keys, and those of this one."""

    def __init__(self, before: Path | None, kind: str) -> None:
        """Recall what the generation in the folder ``before`` holds of this ``kind``; nothing where there is none or it is damaged."""
        self.kind = kind
        self.found: Mapping[int, bytes | Raw] = {}
        self._kept: dict[int, bytes | Raw] = {}
        if before is not None:
            try:
                self.found = msgspec.msgpack.decode((before / f"{kind}{_ENDING}").read_bytes(), type=dict[int, Raw])
            except (OSError, msgspec.DecodeError):
                self.found = {}

    def keep(self, pieces: Iterable[tuple[int, bytes | Raw]]) -> None:
        """Keep pieces for the next build; each is MessagePack."""
        self._kept.update(pieces)

    def write(self, folder: Path) -> None:
        """Write what was kept into the folder of a generation."""
        with (folder / f"{self.kind}{_ENDING}").open("wb") as stream:
            stream.write(b"\xdf" + len(self._kept).to_bytes(4, "big"))
            encode = msgspec.msgpack.encode
            stream.writelines(part for key, piece in self._kept.items() for part in (encode(key), bytes(piece)))


def key_of(*values: object) -> int:
    """A key of 64 bits for what is found from these values: BLAKE2b over their MessagePack.

    >>> key_of("a", 1) == key_of("a", 1), key_of("a", 1) == key_of("a", 2)
    (True, False)
    """
    return int.from_bytes(_digest(values, _BYTES), "little")


def long_key_of(*values: object) -> bytes:
    """The same with 128 bits, as bytes."""
    return _digest(values, _LONG)


def _digest(values: tuple[object, ...], size: int) -> bytes:
    return blake2b(msgspec.msgpack.encode(values, order="deterministic"), digest_size=size).digest()
