"""N410: a page that falls far short of what others of its type and length have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from kgraph.check.site import Site
from kgraph.model.corpus import Page
from kgraph.model.expected import far_below, page_counts, usual_counts
from kgraph.model.finding import Finding, finding

__all__ = ["short_of_expected"]

_CITING = ("external links", "footnotes", "citations")
"""Three ways to say where something stands: a page that has enough of one need not have the others."""


def short_of_expected(site: Site) -> Iterator[Finding]:
    """Pages with less than a third of what is usual, or less than what the settings expect of their type; index pages left out.

    Pages without a type have nothing in common that could be expected of them.
    """
    groups: dict[str, list[Page]] = defaultdict(list)
    for page in site.corpus.pages.values():
        entity = site.corpus.entities[page.entity]
        if not site.is_index(entity) and page.counts.words:
            groups[entity.type].append(page)
    for kind, pages in groups.items():
        wanted = {**site.config.check.expected.get("all", {}), **site.config.check.expected.get(kind, {})}
        usual = usual_counts(kind, pages)
        for page in pages:
            has = page_counts(page)
            short = {name: float(count) for name, count in wanted.items() if has.get(name, 0) < count}
            far = {name: count for name, count in usual[page.path].items() if far_below(name, has[name], count)}
            if not far_below("sources", sum(has[name] for name in _CITING), sum(usual[page.path].get(name, 0) for name in _CITING)):
                far = {name: count for name, count in far.items() if name not in _CITING}
            short |= {name: count for name, count in far.items() if name not in wanted}
            if short:
                detail = ", ".join(f"{has.get(name, 0):,} of about {count:,.0f} {name}" for name, count in short.items())
                yield finding("N410", f"few {' and '.join(short)} for a page of type {kind}", page.path, detail=detail)
