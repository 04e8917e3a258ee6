"""What a page of its type and length usually has: the site's own medians."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from kgraph.model.corpus import Page
from kgraph.model.types import DEFAULT_TYPE

__all__ = ["far_below", "page_counts", "usual_counts"]

_NEAREST = 15
"""Pages of the same type, nearest in length, whose median is expected."""
_LEAST_PAGES = 8
"""Other pages of a type from which a median tells something."""
_LEAST_EXPECTED = 3
"""Fewer than so many of a thing are nothing to fall short of."""
_FAR = 3
"""A page falls far below a median with less than this part of it: a third."""
_LEAST_WORDS = 100
"""Words that the median page of a type has at least, for a page to be called short."""


def page_counts(page: Page) -> dict[str, int]:
    """How many of each a page has."""
    counts = page.counts
    return {
        "words": counts.words, "links": page.internal_links, "external links": page.external_links, "tables": counts.tables,
        "diagrams": counts.diagrams, "images": counts.images, "footnotes": counts.footnotes, "citations": page.citations,
    }  # fmt: skip


def usual_counts(kind: str, pages: Sequence[Page]) -> dict[str, dict[str, float]]:
    """For each page of one type by path: the median of each count among the 15 others nearest in length; of words among all others.

    Empty where a type has fewer than nine pages, and for pages without a type, which have nothing in common. Time grows with
    n log n.
    """
    if kind == DEFAULT_TYPE or len(pages) <= _LEAST_PAGES:
        return {page.path: {} for page in pages}
    ordered = sorted(pages, key=lambda page: (page.counts.words, page.path))
    counts = [page_counts(page) for page in ordered]
    words = [each["words"] for each in counts]
    usual: dict[str, dict[str, float]] = {}
    for place, page in enumerate(ordered):
        near = [counts[other] for other in _nearest(words, place)]
        usual[page.path] = {name: float(median(each[name] for each in near)) for name in near[0]}
        usual[page.path]["words"] = _median_without(words, place)
    return usual


def _nearest(words: Sequence[int], place: int) -> list[int]:
    """Places of the 15 numbers nearest to that at ``place`` in a sorted sequence, itself left out; the smaller of two equally near."""
    low, high = place - 1, place + 1
    found: list[int] = []
    while len(found) < _NEAREST and (low >= 0 or high < len(words)):
        below = low >= 0 and (high >= len(words) or words[place] - words[low] <= words[high] - words[place])
        found.append(low if below else high)
        low, high = (low - 1, high) if below else (low, high + 1)
    return found


def _median_without(ordered: Sequence[int], place: int) -> float:
    """Median of a sorted sequence with one of its numbers left out."""
    left = len(ordered) - 1
    middle = [(left - 1) // 2, left // 2]
    return sum(ordered[at if at < place else at + 1] for at in middle) / 2


def far_below(name: str, count: int, usual: float) -> bool:
    """Whether a count is less than a third of what is usual, where enough is usual to tell."""
    return usual >= (_LEAST_WORDS if name == "words" else _LEAST_EXPECTED) and count * _FAR < usual
