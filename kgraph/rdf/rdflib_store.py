"""The store of a build as rdflib sees it: read in place by oxrdflib, never written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NoReturn, cast

from oxrdflib import OxigraphStore
from rdflib import XSD, Graph, Literal
from rdflib.query import Result, ResultRow

from kgraph.errors import QueryError

if TYPE_CHECKING:
    import pyoxigraph as ox

__all__ = ["ReadOnlyStore"]


class ReadOnlyStore(OxigraphStore):
    """A store for :class:`rdflib.Dataset`; whatever would change it raises :class:`kgraph.errors.QueryError`.

    Plain literals come without ``xsd:string``, as rdflib reads them from files: to it they are others with it.
    """

    def __init__(self, store: ox.Store) -> None:
        """Read ``store``."""
        super().__init__(store=store)

    def triples(self, triple_pattern: Any, context: Any = None) -> Iterator[Any]:
        """The statements that fit a pattern, with their graphs."""
        for (subject, predicate, value), graphs in super().triples(triple_pattern, context):
            yield (subject, predicate, _plain(value)), graphs

    def query(self, *arguments: Any, **named: Any) -> Result:
        """What Oxigraph answers."""
        found = super().query(*arguments, **named)
        if found.type == "SELECT":
            told = Result("SELECT")
            told.vars = names = found.vars or []
            rows = (cast("ResultRow", row) for row in found)
            told.bindings = ({name: _plain(row[name]) for name in names if row[name] is not None} for row in rows)
            return told
        if found.type == "CONSTRUCT" and found.graph is not None:
            graph = Graph()
            for subject, predicate, value in found.graph:
                graph.add((subject, predicate, _plain(value)))
            found.graph = graph
        return found

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise QueryError("a build is read-only: kg.to_rdflib(copy=True) gives a dataset that can be changed")

    add = addN = remove = update = remove_graph = open = destroy = _refuse

    def add_graph(self, graph: Any) -> None:
        """Do nothing: rdflib announces every graph that it is asked for, and an empty one is no statement."""


def _plain(term: Any) -> Any:
    return Literal(str(term)) if isinstance(term, Literal) and term.datatype == XSD.string else term
