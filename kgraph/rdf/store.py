"""The SPARQL 1.1 store on disk (Oxigraph), written once for each build and then only read.

The store of a build is loaded anew, or is that of the build before with what differs taken out and put in.
"""

from __future__ import annotations

import shutil
import zlib
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from kgraph.errors import WorkspaceError

if TYPE_CHECKING:
    import pyoxigraph as ox

__all__ = ["NoDatasetError", "StoreWriter", "copy_store", "open_store"]

_SUMS = "store.msgpack"
_DATA, _LOGS = ".sst", "LOG"
_MOST_SUMMED = 256_000_000
"""Bytes of a store up to which opening it compares checksums; of a larger one only sizes."""
_CHUNK = 1 << 22


class NoDatasetError(WorkspaceError):
    """The build left the dataset out."""

    def __init__(self, generation: Path) -> None:
        """Say so of the folder of a build."""
        super().__init__(f"{generation}: built without RDF (--no-rdf, or rdf.dataset = false): run `kgraph build` with it")


class StoreWriter:
    """Loads a new store in the background, so that the caller goes on meanwhile.

    Use it in a ``with`` statement: leaving it waits for the end of the loading and raises what went wrong.
    """

    def __init__(self, folder: Path) -> None:
        """Make a store in ``folder``."""
        self.folder = folder

    def __enter__(self) -> StoreWriter:
        import pyoxigraph as ox

        self._store = ox.Store(str(self.folder))
        self._pool = ThreadPoolExecutor(1)
        self._loads: list[Future[None]] = []
        return self

    def load(self, nquads: bytes) -> None:
        """Load N-Quads, after what was given before; where two loads wait already, this waits for the first of them."""
        if len(self._loads) > 1:
            self._loads.pop(0).result()
        self._loads.append(self._pool.submit(self._load, nquads))

    def change(self, removed: bytes, added: bytes) -> None:
        """Take N-Quads out of the store and put others in; quick for some thousands."""
        import pyoxigraph as ox

        for quad in ox.parse(removed, ox.RdfFormat.N_QUADS):
            self._store.remove(quad)
        self._store.load(added, ox.RdfFormat.N_QUADS)

    def compact(self) -> None:
        """Merge what was loaded piece by piece once that is done, so that a look-up looks in one place: queries are up to twice as fast."""
        self._loads.append(self._pool.submit(self._store.optimize))

    def _load(self, nquads: bytes) -> None:
        import pyoxigraph as ox

        self._store.bulk_load(input=nquads, format=ox.RdfFormat.N_QUADS)

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self._pool.shutdown(wait=True, cancel_futures=error is not None)
        if error is None:
            for load in self._loads:
                load.result()
            self._store.flush()
        del self._store
        if error is None:
            (self.folder.parent / _SUMS).write_bytes(msgspec.msgpack.encode(_sums(self.folder)))


def copy_store(before: Path, folder: Path, *, largest: int) -> bool:
    """Make ``folder`` a store with the content of that in ``before``; False where that is damaged, or takes more than ``largest`` bytes.

    Files of data are never changed once they are written, so that both stores share them where the file system has hard links.
    """
    try:
        _compare(before)
        files = sorted(before.iterdir())
        if sum(path.stat().st_size for path in files if path.suffix == _DATA) > largest:
            return False
        folder.mkdir()
        for path in files:
            if path.suffix == _DATA:
                _link(path, folder / path.name)
            elif not path.name.startswith(_LOGS):
                shutil.copyfile(path, folder / path.name)
    except (OSError, WorkspaceError):
        shutil.rmtree(folder, ignore_errors=True)
        return False
    return True


def _link(path: Path, copy: Path) -> None:
    try:
        copy.hardlink_to(path)
    except OSError:
        shutil.copyfile(path, copy)


def open_store(folder: Path) -> ox.Store:
    """Open a store for reading.

    Raises:
        NoDatasetError: the build left the dataset out.
        WorkspaceError: there is no store, or it is damaged.

    """
    import pyoxigraph as ox

    if not folder.exists() and not (folder.parent / "pages.nq").exists():
        raise NoDatasetError(folder.parent)
    _compare(folder)
    try:
        return ox.Store.read_only(str(folder))
    except (OSError, ValueError, RuntimeError, SyntaxError) as error:  # the library tells damage by any of them
        raise WorkspaceError(f"{folder}: the RDF store cannot be read ({error}): run `kgraph build --full`") from None


def _compare(folder: Path) -> None:
    """Compare the files of a store with what was written: the library can read a damaged block for ever."""
    try:
        wanted = msgspec.msgpack.decode((folder.parent / _SUMS).read_bytes(), type=dict[str, tuple[int, int]])
        found = _sums(folder)
    except FileNotFoundError:
        return
    except (OSError, msgspec.DecodeError) as error:
        raise WorkspaceError(f"{folder.parent / _SUMS}: damaged ({error}): run `kgraph build --full`") from None
    for name, (size, checksum) in wanted.items():
        there = found.get(name)
        if there is None or there[0] != size or 0 != there[1] != checksum:
            raise WorkspaceError(f"{folder / name}: damaged: run `kgraph build --full`")


def _sums(folder: Path) -> dict[str, tuple[int, int]]:
    """Size and checksum of each file that holds data; a checksum is 0 where the store is too large to sum."""
    sizes = {
        path: path.stat().st_size
        for path in sorted(folder.iterdir())
        if path.name.startswith(("CURRENT", "MANIFEST")) or path.suffix == _DATA
    }
    if sum(sizes.values()) > _MOST_SUMMED:
        return {path.name: (size, 0) for path, size in sizes.items()}
    return {path.name: (size, _checksum(path)) for path, size in sizes.items()}


def _checksum(path: Path) -> int:
    checksum = 0
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            checksum = zlib.crc32(chunk, checksum)
    return checksum
