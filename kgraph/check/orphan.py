"""N401: a page that no page links to."""

from __future__ import annotations

from collections.abc import Iterator

from kgraph.check.site import Site
from kgraph.model.finding import Finding, finding

__all__ = ["orphans"]


def orphans(site: Site) -> Iterator[Finding]:
    """Pages without a link from another page. Index pages are left out: menus lead to them. Curated relations are no links."""
    reached = {target for _, target in site.linked}
    for page in site.corpus.pages.values():
        entity = site.corpus.entities[page.entity]
        if entity.id not in reached and not site.is_index(entity):
            yield finding("N401", f"no page links to {entity.id}", page.path)
