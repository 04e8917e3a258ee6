"""Pages of the site files of the build before: one whose key is the same is taken as it is, its file by a hard link."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from mmap import ACCESS_READ, mmap
from pathlib import Path
from zlib import crc32

import msgspec
from msgspec import Struct

__all__ = ["KeptPage", "PageMemory"]

_KEYS = "pages.msgpack"
_SITE, _ALL = "site", "related.json"


class _Noted(Struct, frozen=True, array_like=True):
    """What is noted of a page."""

    key: int
    items: int
    backlinks: int
    start: int = 0
    """Where its object begins in the file of all pages."""
    size: int = 0
    sum: int = 0
    """CRC-32 of its object, which tells damage."""


class KeptPage(Struct, frozen=True):
    """A page that is as it was."""

    data: bytes
    """Its object as JSON."""
    items: int
    backlinks: int


class _File(Struct, frozen=True):
    bytes: int
    sha256: str


class _Manifest(Struct, frozen=True):
    files: dict[str, _File]


class PageMemory:
    """Pages of the build before by their keys, and the keys of this one."""

    def __init__(self, before: Path | None = None) -> None:
        """Recall what the generation in the folder ``before`` holds; nothing where there is none or it is damaged."""
        self._noted: dict[str, _Noted] = {}
        self._before = before / _SITE if before else None
        self._kept: dict[str, _Noted] = {}
        if self._before:
            try:
                self._noted = msgspec.msgpack.decode((self._before.parent / _KEYS).read_bytes(), type=dict[str, _Noted])
            except (OSError, msgspec.DecodeError):
                self._noted = {}

    def find(self, entity_id: str, key: int) -> KeptPage | None:
        """The page of an entity, if its key was this one."""
        noted = self._noted.get(entity_id)
        if noted is None or noted.key != key:
            return None
        data = self._pages[noted.start : noted.start + noted.size]
        return KeptPage(data, noted.items, noted.backlinks) if data and crc32(data) == noted.sum else None

    def file(self, name: str) -> tuple[Path, dict[str, int | str]] | None:
        """The file of this name that the build before wrote, and what its manifest tells of it."""
        told = self._files.get(name)
        if told is None or self._before is None:
            return None
        return self._before / name, {"bytes": told.bytes, "sha256": told.sha256}

    def keep(self, entity_id: str, key: int, items: int, backlinks: int) -> None:
        """Note the key of a page of this build."""
        self._kept[entity_id] = _Noted(key, items, backlinks)

    def place(self, places: Mapping[str, tuple[int, int, int]]) -> None:
        """Note of each page where it begins in the file of all pages of this build, its size and its CRC-32."""
        for entity_id, noted in self._kept.items():
            self._kept[entity_id] = _Noted(noted.key, noted.items, noted.backlinks, *places[entity_id])

    def write(self, folder: Path) -> None:
        """Write the keys into the folder of a generation."""
        (folder / _KEYS).write_bytes(msgspec.msgpack.encode(self._kept))

    @cached_property
    def _pages(self) -> mmap | bytes:
        if self._before is None:
            return b""
        try:
            with (self._before / _ALL).open("rb") as stream:
                return mmap(stream.fileno(), 0, access=ACCESS_READ)
        except (OSError, ValueError):  # missing or empty
            return b""

    @cached_property
    def _files(self) -> dict[str, _File]:
        if self._before is None:
            return {}
        try:
            return msgspec.json.decode((self._before / "manifest.json").read_bytes(), type=_Manifest).files
        except (OSError, msgspec.DecodeError):
            return {}
