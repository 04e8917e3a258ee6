"""The store of a build as rdflib sees it: read in place by oxrdflib, never written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from oxrdflib import OxigraphStore

from kgraph.errors import QueryError

if TYPE_CHECKING:
    import pyoxigraph as ox

__all__ = ["ReadOnlyStore"]


class ReadOnlyStore(OxigraphStore):
    """A store for :class:`rdflib.Dataset`; whatever would change it raises :class:`kgraph.errors.QueryError`."""

    def __init__(self, store: ox.Store) -> None:
        """Read ``store``."""
        super().__init__(store=store)

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise QueryError("a build is read-only: kg.to_rdflib(copy=True) gives a dataset that can be changed")

    add = addN = remove = update = remove_graph = open = destroy = _refuse

    def add_graph(self, graph: Any) -> None:
        """Do nothing: rdflib announces every graph that it is asked for, and an empty one is no statement."""
