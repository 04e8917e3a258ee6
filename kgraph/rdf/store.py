"""The SPARQL 1.1 store on disk (Oxigraph), written once for each build and then only read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kgraph.errors import WorkspaceError

if TYPE_CHECKING:
    import pyoxigraph as ox

__all__ = ["open_store", "write_store"]


def write_store(folder: Path, nquads: Path) -> int:
    """Load a file of N-Quads into a new store in ``folder``; gives the number of quads."""
    import pyoxigraph as ox

    store = ox.Store(str(folder))
    store.bulk_load(path=str(nquads), format=ox.RdfFormat.N_QUADS)
    store.flush()
    return len(store)


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
