"""N403: a catalog row without a page."""

from __future__ import annotations

from collections.abc import Iterator

from kgraph.check.site import Site
from kgraph.model.finding import Finding, finding

__all__ = ["catalogs_without_page"]


def catalogs_without_page(site: Site) -> Iterator[Finding]:
    """Entities that a catalog declares, that have no page, and that no other page shows or states to be about."""
    shown = {item.target for item in site.corpus.relations if item.name == "about"}
    for entity in site.corpus.entities.values():
        if entity.declared_in and entity.id not in site.page_of and entity.id not in shown:
            path, _, line = entity.declared_in[0].rpartition(":")
            if path not in site.corpus.catalogs:
                continue
            yield finding("N403", f"{entity.id} ({entity.title}) has no page", path, int(line))
