"""The SPARQL 1.1 store on disk (Oxigraph), written once for each build and then only read."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from kgraph.errors import WorkspaceError

if TYPE_CHECKING:
    import pyoxigraph as ox

__all__ = ["StoreWriter", "open_store"]


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
        """Load N-Quads, after what was given before."""
        self._loads.append(self._pool.submit(self._load, nquads))

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


def open_store(folder: Path) -> ox.Store:
    """Open a store for reading.

    Raises:
        WorkspaceError: there is no store, or it is damaged.

    """
    import pyoxigraph as ox

    try:
        return ox.Store.read_only(str(folder))
    except (OSError, ValueError) as error:
        raise WorkspaceError(f"{folder}: the RDF store cannot be read ({error}): run `kgraph build --full`") from None
