"""From statements to the files of a dataset and its store: all of it, or what differs from the build before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from kgraph.rdf.store import StoreWriter, copy_store

__all__ = ["load_files"]

_MOST_CHANGED = 0.2
"""Share of the statements up to which a store is changed; beyond it, loading all is quicker."""
_LARGEST = 256_000_000
"""Bytes of the files up to which their lines are compared: that takes about four times as much memory."""
_GROWTH = 2
"""Times the bytes of its statements that a store may take before it is loaded anew: what is taken out leaves traces."""
_CHUNK = 1 << 24
_MERGED = b"graph/catalog/"
"""In the name of the graphs that may hold lines of other writers."""


def load_files(folder: Path, files: Mapping[str, Iterable[bytes]], before: Path | None) -> tuple[int, bool]:
    """Write files of N-Quads into the folder of a build, and load them into its store.

    Args:
        folder: Where the build is written. Where it has the store of the build before already, that is changed.
        files: Name and content of each file, in pieces of whole lines. No statement stands in two of them, and no line twice in one.
        before: The folder of the build before, with the same files and their store; None loads all.

    Returns:
        The number of statements, and whether the store is that of the build before, changed.

    """
    held = (folder / "store").exists()
    if before is None or not (held or _small(before, files)):
        with StoreWriter(folder / "store") as store:
            return sum([_write(folder / name, pieces, store.load) for name, pieces in files.items()]), False
    count = sum([_write(folder / name, pieces) for name, pieces in files.items()])
    removed, added = _difference([(before / name, folder / name) for name in files])
    changed = held or (len(removed) + len(added) <= _MOST_CHANGED * count and _copied(folder, before))
    with StoreWriter(folder / "store") as store:
        if changed:
            store.change(b"".join(removed), b"".join(added))
        else:
            for piece in _pieces(folder / name for name in files):
                store.load(piece)
    return count, changed


def _write(path: Path, pieces: Iterable[bytes], load: Callable[[bytes], None] | None = None) -> int:
    """Write a file, and load its pieces where told to; gives the number of statements."""
    count = 0
    with path.open("wb") as stream:
        for piece in pieces:
            if load:
                load(piece)
            stream.write(piece)
            count += piece.count(b"\n")
    return count


def _pieces(paths: Iterable[Path]) -> Iterator[bytes]:
    """The files in pieces of whole lines."""
    for path in paths:
        with path.open("rb") as stream:
            while lines := stream.readlines(_CHUNK):
                yield b"".join(lines)


def _small(before: Path, files: Mapping[str, Iterable[bytes]]) -> bool:
    """Whether there are such files and they may be held in memory."""
    paths = [before / name for name in files]
    return all(path.is_file() for path in paths) and sum(path.stat().st_size for path in paths) <= _LARGEST


def _copied(folder: Path, before: Path) -> bool:
    size = sum(path.stat().st_size for path in before.glob("*.nq"))
    return copy_store(before / "store", folder / "store", largest=_GROWTH * size + _CHUNK)


def _difference(pairs: Iterable[tuple[Path, Path]]) -> tuple[set[bytes], set[bytes]]:
    """Lines to take out and lines to put in, over pairs of the old file and the new one."""
    removed: set[bytes] = set()
    added: set[bytes] = set()
    for before, after in pairs:
        old, new = _lines(before) if before.is_file() else set(), _lines(after)
        gone = old - new
        removed |= gone
        added |= new - old
        added |= _other_forms(gone, new)
    return removed, added


def _lines(path: Path) -> set[bytes]:
    with path.open("rb", buffering=_CHUNK) as stream:
        return set(stream)


def _other_forms(gone: Iterable[bytes], new: Iterable[bytes]) -> set[bytes]:
    """Lines that stay and may be the same statement as one that is gone: in a merged file 01 and 1 are two lines and one number."""
    starts = {_start(line) for line in gone if b'"^^<' in line and _MERGED in line}
    return {line for line in new if b'"^^<' in line and _MERGED in line and _start(line) in starts} if starts else set()


def _start(line: bytes) -> tuple[bytes, bytes]:
    """Subject and predicate."""
    subject, predicate, _ = line.split(b" ", 2)
    return subject, predicate
