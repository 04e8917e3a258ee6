"""Pages of the site files of the build before: one whose key is the same is taken as it is, its file by a hard link."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Raw, Struct

__all__ = ["KeptPage", "PageMemory"]

_KEYS = "pages.msgpack"
_SITE, _ALL = "site", "related.json"
_LARGEST = 256_000_000
"""Bytes of all pages up to which they are held in memory; those of a larger site are made anew."""
Content = TypeVar("Content", bound=Struct)


class _Noted(Struct, frozen=True, array_like=True):
    """What is noted of a page."""

    key: int
    items: int
    backlinks: int


class KeptPage(Struct, frozen=True):
    """A page that is as it was."""

    data: bytes
    """Its object as JSON."""
    items: int
    backlinks: int


class _Index(Struct, frozen=True):
    pages: dict[str, Raw]


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
        if self._before and _size(self._before / _ALL) <= _LARGEST:
            try:
                self._noted = msgspec.msgpack.decode((self._before.parent / _KEYS).read_bytes(), type=dict[str, _Noted])
            except (OSError, msgspec.DecodeError):
                self._noted = {}

    def find(self, entity_id: str, key: int) -> KeptPage | None:
        """The page of an entity, if its key was this one."""
        noted = self._noted.get(entity_id)
        if noted is None or noted.key != key or entity_id not in self._pages:
            return None
        return KeptPage(bytes(self._pages[entity_id]), noted.items, noted.backlinks)

    def file(self, name: str) -> tuple[Path, dict[str, int | str]] | None:
        """The file of this name that the build before wrote, and what its manifest tells of it."""
        told = self._files.get(name)
        if told is None or self._before is None:
            return None
        return self._before / name, {"bytes": told.bytes, "sha256": told.sha256}

    def keep(self, entity_id: str, key: int, items: int, backlinks: int) -> None:
        """Note the key of a page of this build."""
        self._kept[entity_id] = _Noted(key, items, backlinks)

    def write(self, folder: Path) -> None:
        """Write the keys into the folder of a generation."""
        (folder / _KEYS).write_bytes(msgspec.msgpack.encode(self._kept))

    @cached_property
    def _pages(self) -> dict[str, Raw]:
        return self._decoded(_ALL, _Index(pages={})).pages

    @cached_property
    def _files(self) -> dict[str, _File]:
        return self._decoded("manifest.json", _Manifest(files={})).files

    def _decoded(self, name: str, empty: Content) -> Content:
        if self._before is None:
            return empty
        try:
            return msgspec.json.decode((self._before / name).read_bytes(), type=type(empty))
        except (OSError, msgspec.DecodeError):
            return empty


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
