"""Labels of what IRIs name, for people."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from kgraph.rdf.terms import PREFIXES

if TYPE_CHECKING:
    import pyoxigraph as ox

__all__ = ["Labels"]

_KEPT = 100_000
_PROPERTIES = ("skos:prefLabel", "rdfs:label", "dcterms:title")


class Labels:
    """Labels that a store gives; each is looked up once."""

    def __init__(self, store: ox.Store) -> None:
        """Look them up in ``store``."""
        import pyoxigraph as ox

        self._store = store
        names = (name.split(":") for name in _PROPERTIES)
        self._properties = [ox.NamedNode(PREFIXES[prefix] + local) for prefix, local in names]
        self.find = lru_cache(_KEPT)(self._find)

    def _find(self, iri: str) -> str | None:
        """The label of an IRI, or None: its preferred one, else that of a class or property, else its title."""
        import pyoxigraph as ox

        node = ox.NamedNode(iri)
        for label in self._properties:
            found = [
                str(quad.object.value) for quad in self._store.quads_for_pattern(node, label, None) if isinstance(quad.object, ox.Literal)
            ]
            if found:
                return min(found)
        return None
