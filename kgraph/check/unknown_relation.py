"""N406: a name of a relation that the vocabulary does not have."""

from __future__ import annotations

from collections.abc import Iterator

from kgraph.check.site import Site
from kgraph.model.corpus import Relation
from kgraph.model.finding import Finding, finding

__all__ = ["unknown_relations"]


def unknown_relations(site: Site) -> Iterator[Finding]:
    """Names of relations that are neither known from the start nor configured: one finding a name, at its first use."""
    first: dict[str, Relation] = {}
    for item in site.corpus.relations:
        known = first.get(item.name)
        if known is None or (item.path, item.line) < (known.path, known.line):
            first[item.name] = item
    for name, item in first.items():
        if not site.relations.known(name):
            yield finding("N406", f"relation {name!r} is not known: what is it called from the other end?", item.path, item.line)
