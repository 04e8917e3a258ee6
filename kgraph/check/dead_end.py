"""N402: a page that links to no other page."""

from __future__ import annotations

from collections.abc import Iterator

from kgraph.check.site import Site
from kgraph.model.finding import Finding, finding

__all__ = ["dead_ends"]


def dead_ends(site: Site) -> Iterator[Finding]:
    """Pages without a living link to another page or entity.

    A page without a word of its own is left out when it holds components: what these show, links included, is not in the file.
    """
    leaving = {source for source, _ in site.linked}
    for page in site.corpus.pages.values():
        shell = page.counts.words == 0 and bool(site.corpus.documents[page.path].components)
        if page.entity not in leaving and not shell:
            yield finding("N402", f"{page.entity} links to no other page", page.path)
