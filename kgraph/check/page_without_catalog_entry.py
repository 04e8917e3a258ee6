"""N408: a page without a catalog row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from kgraph.check.site import Site
from kgraph.model.finding import Finding, finding
from kgraph.model.types import DEFAULT_TYPE

__all__ = ["pages_without_catalog_entry"]

_LEAST = 4
"""Pages of a type with a row, from which it can be told that pages of the type have one."""
_SHARE = 2 / 3
"""Part of the pages of a type that have a row, from which on the others lack one."""


def pages_without_catalog_entry(site: Site) -> Iterator[Finding]:
    """Pages that no row declares and that state to be about none, of a type most of whose pages have one; index pages left out."""
    about = {item.source for item in site.corpus.relations if item.name == "about"}
    with_row: Counter[str] = Counter()
    total: Counter[str] = Counter()
    without = []
    for entity in site.corpus.entities.values():
        if entity.stub or site.is_index(entity) or entity.type == DEFAULT_TYPE or entity.variant_of:
            continue
        total[entity.type] += 1
        if entity.declared_in or entity.id in about:
            with_row[entity.type] += 1
        else:
            without.append(entity)
    for entity in without:
        have, of = with_row[entity.type], total[entity.type]
        if have >= _LEAST and have >= _SHARE * of:
            detail = f"{have} of the {of} pages of type {entity.type} have one"
            yield finding("N408", f"{entity.id} has no row in a catalog", entity.path or "", detail=detail)
