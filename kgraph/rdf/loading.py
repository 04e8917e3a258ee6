"""From statements to the files of a dataset and its store: all of it, or what differs from the build before."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

from kgraph.rdf.parts import Parts, PartsBefore, WrittenPart, write_index
from kgraph.rdf.store import StoreWriter, copy_store

__all__ = ["COMPACTED", "load_files"]

_MOST_CHANGED = 0.2
"""Share of the statements up to which a store is changed; beyond it, loading all is quicker."""
_LARGEST = 256_000_000
"""Bytes of the files up to which what differs is held in memory."""
_GROWTH = 2
"""Times the bytes of its statements that a store may take before it is loaded anew: what is taken out leaves traces."""
COMPACTED = 100_000_000
"""Bytes of the files from which on a store is compacted: it takes a tenth of the time of a build, and spares a query up to half."""
_CHUNK = 1 << 24
_LOADED = 1 << 25
"""Bytes that are loaded at a time, 400 MB of memory: pieces of a quarter take a sixth more time and merging, of twice 3 % less."""
_MERGED = b"graph/catalog/"
"""In the name of the graphs that may hold lines of other writers."""

_Change: TypeAlias = tuple[bytes, bytes]
"""The lines of a part before and after."""


def load_files(folder: Path, files: Mapping[str, Parts], before: Path | None, *, last: bool = False) -> tuple[int, bool]:
    """Write files of N-Quads into the folder of a build, and load them into its store.

    Args:
        folder: Where the build is written. Where it has the store of the build before already, that is changed.
        files: Name and content of each file. No statement stands in two of them.
        before: The folder of the build before, with the same files and their store; None loads all.
        last: Whether the store is whole then; a large one that was loaded anew is compacted.

    Returns:
        The number of statements, and whether the store is that of the build before, changed.

    """
    held = (folder / "store").exists()
    old = {name: PartsBefore(before / name if before else None) for name in files}
    if before is None or not (held or _small(old.values())):
        with StoreWriter(folder / "store") as store:
            with _Gathered(store.load) as load:
                count = sum([_write(folder / name, parts, old[name], load) for name, parts in files.items()])
            if last and _size(folder) >= COMPACTED:
                store.compact()
        return count, False
    changes: list[_Change] = []
    count = sum([_write(folder / name, parts, old[name], changes=changes) for name, parts in files.items()])
    removed, added = _difference(changes)
    changed = held or (len(removed) + len(added) <= _MOST_CHANGED * count and _copied(folder, before))
    with StoreWriter(folder / "store") as store:
        if changed:
            store.change(b"".join(removed), b"".join(added))
        else:
            for piece in _pieces(folder / name for name in files):
                store.load(piece)
    return count, changed


class _Gathered:
    """Gathers small pieces, so that loading them costs little."""

    def __init__(self, load: Callable[[bytes], None]) -> None:
        self.load = load
        self.held: list[bytes] = []
        self.size = 0

    def __enter__(self) -> Callable[[bytes], None]:
        return self.add

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self._hand_on()

    def add(self, piece: bytes) -> None:
        self.held.append(piece)
        self.size += len(piece)
        if self.size >= _LOADED:
            self._hand_on()

    def _hand_on(self) -> None:
        if self.held:
            self.load(b"".join(self.held))
        self.held, self.size = [], 0


def _write(
    path: Path, parts: Parts, old: PartsBefore, load: Callable[[bytes], None] | None = None, changes: list[_Change] | None = None
) -> int:  # fmt: skip
    """Write a file, load its parts or note how they differ where told to; gives the number of statements."""
    made = iter(parts.make([name for name, key in parts.keys if not old.same(name, key)]))
    written: list[WrittenPart] = []
    place = 0
    with path.open("wb", buffering=1 << 20) as stream:
        for name, key in parts.keys:
            same = old.same(name, key)
            piece = old.lines(same) if same else next(made)
            count = same.count if same else piece.count(b"\n")
            if load:
                load(piece)
            if changes is not None and not same:
                there = old.parts.get(name)
                changes.append((old.lines(there) if there else b"", piece))
            stream.write(piece)
            written.append(WrittenPart(name, key, place, place + len(piece), count))
            place += len(piece)
    if changes is not None:
        there_now = {name for name, _ in parts.keys}
        changes.extend((old.lines(part), b"") for name, part in old.parts.items() if name not in there_now)
    write_index(path, iter(written))
    return sum(part.count for part in written)


def _pieces(paths: Iterable[Path]) -> Iterator[bytes]:
    """The files in pieces of whole lines."""
    for path in paths:
        with path.open("rb") as stream:
            while lines := stream.readlines(_CHUNK):
                yield b"".join(lines)


def _small(files: Collection[PartsBefore]) -> bool:
    """Whether there are such files and what differs may be held in memory."""
    return all(found.parts for found in files) and sum(map(len, files)) <= _LARGEST


def _copied(folder: Path, before: Path) -> bool:
    return copy_store(before / "store", folder / "store", largest=_GROWTH * _size(before) + _CHUNK)


def _size(folder: Path) -> int:
    """Bytes of the statements of a build."""
    return sum(path.stat().st_size for path in folder.glob("*.nq"))


def _difference(changes: Iterable[_Change]) -> tuple[set[bytes], set[bytes]]:
    """Lines to take out and lines to put in."""
    removed: set[bytes] = set()
    added: set[bytes] = set()
    for before, after in changes:
        if before == after:
            continue
        old, new = set(before.splitlines(keepends=True)), set(after.splitlines(keepends=True))
        gone = old - new
        removed |= gone
        added |= new - old
        added |= _other_forms(gone, new)
    return removed, added


def _other_forms(gone: Iterable[bytes], new: Iterable[bytes]) -> set[bytes]:
    """Lines that stay and may be the same statement as one that is gone: in a merged file 01 and 1 are two lines and one number."""
    starts = {_start(line) for line in gone if b'"^^<' in line and _MERGED in line}
    return {line for line in new if b'"^^<' in line and _MERGED in line and _start(line) in starts} if starts else set()


def _start(line: bytes) -> tuple[bytes, bytes]:
    """Subject and predicate."""
    subject, predicate, _ = line.split(b" ", 2)
    return subject, predicate
