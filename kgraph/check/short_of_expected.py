"""N410: a page that falls far short of what others of its type and length have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from statistics import median

from kgraph.check.site import Site
from kgraph.model.corpus import Page
from kgraph.model.finding import Finding, finding
from kgraph.model.types import DEFAULT_TYPE

__all__ = ["expected_counts", "page_counts", "short_of_expected"]

_NEAREST = 15
"""Pages of the same type, nearest in length, whose median is expected."""
_LEAST_PAGES = 8
"""Pages of a type from which a median tells something."""
_LEAST_EXPECTED = 3
"""Fewer than so many of a thing are nothing to fall short of."""
_FAR = 3
"""A page falls far short of a median with less than this part of it: a third."""
_LEAST_WORDS = 100
"""Words that the median page of a type has at least, for a page to be called short."""


def page_counts(page: Page) -> dict[str, int]:
    """How many of each a page has."""
    counts = page.counts
    return {
        "words": counts.words, "links": page.internal_links, "external links": page.external_links, "tables": counts.tables,
        "diagrams": counts.diagrams, "images": counts.images, "footnotes": counts.footnotes, "citations": page.citations,
    }  # fmt: skip


def expected_counts(page: Page, peers: Sequence[Page]) -> dict[str, float]:
    """Median of each count among the pages of one type that are nearest in length; of words among all of them.

    Args:
        page: The page that is compared.
        peers: The other pages of its type; none is expected of a type of fewer than eight.

    """
    if len(peers) < _LEAST_PAGES:
        return {}
    near = sorted(peers, key=lambda peer: (abs(peer.counts.words - page.counts.words), peer.path))[:_NEAREST]
    counts = [page_counts(peer) for peer in near]
    expected = {name: float(median(each[name] for each in counts)) for name in counts[0]}
    expected["words"] = float(median(peer.counts.words for peer in peers))
    return expected


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
        wanted = site.config.check.expected.get(kind) or site.config.check.expected.get("all") or {}
        for page in pages:
            has = page_counts(page)
            short = {name: float(count) for name, count in wanted.items() if has.get(name, 0) < count}
            usual = {} if kind == DEFAULT_TYPE else expected_counts(page, [peer for peer in pages if peer is not page])
            short |= {name: count for name, count in usual.items() if name not in wanted and _far(name, has[name], count)}
            if short:
                detail = ", ".join(f"{has.get(name, 0):,} of about {count:,.0f} {name}" for name, count in short.items())
                yield finding("N410", f"few {' and '.join(short)} for a page of type {kind}", page.path, detail=detail)


def _far(name: str, count: int, usual: float) -> bool:
    return usual >= (_LEAST_WORDS if name == "words" else _LEAST_EXPECTED) and count * _FAR < usual
