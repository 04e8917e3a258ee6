"""Status of a page, as editors see it beside the page: what it has against what is usual, whether it is stale."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from kgraph.model.corpus import Entity, Page
from kgraph.model.expected import far_below, page_counts, usual_counts

__all__ = ["page_statuses"]

_NAMES = {
    "words": "words", "tables": "tables", "diagrams": "diagrams", "images": "images", "internalLinks": "links",
    "externalLinks": "external links", "footnotes": "footnotes", "references": "citations",
}  # fmt: skip
"""Keys of the JSON, and what the settings and findings call the same counts."""


def page_statuses(
    entities: Mapping[str, Entity],
    pages: Iterable[Page],
    expected: Mapping[str, Mapping[str, int]],
    *,
    stale_days: int,
    as_of: date | None = None,
) -> dict[str, dict[str, Any]]:
    """What is known of each page without its lists, by id: ``counts``, ``edited``, ``stale``.

    Args:
        entities: All entities by id.
        pages: The pages.
        expected: Counts that pages of a type should have, by type and name; ``all`` stands for every type. Else the site's own
            medians are expected (:func:`~kgraph.model.expected.usual_counts`), rounded so that few of them move with an edit elsewhere.
        stale_days: A page is stale when it was edited more than so many days before ``as_of``.
        as_of: Day to count from; the newest edit of the site when None, and never the clock, so that the same pages give the same bytes.

    """
    groups: dict[str, list[Page]] = defaultdict(list)
    edited: dict[str, date | None] = {}
    for page in pages:
        groups[entities[page.entity].type].append(page)
        edited[page.entity] = _day(page.date)
    newest = as_of or max((day for day in edited.values() if day), default=None)
    bound = newest - timedelta(days=min(stale_days, newest.toordinal() - 1)) if newest else None
    found: dict[str, dict[str, Any]] = {}
    for kind, group in groups.items():
        wanted = {**expected.get("all", {}), **expected.get(kind, {})}
        usual = usual_counts(kind, [page for page in group if page.counts.words]) if kind != "index" else {}
        for page in group:
            day = edited[page.entity]
            found[page.entity] = {
                "counts": _counts(page, wanted, usual.get(page.path, {})),
                "edited": day.isoformat() if day else None,
                "stale": bool(day and bound and day < bound),
            }
    return found


def _counts(page: Page, wanted: Mapping[str, int], usual: Mapping[str, float]) -> dict[str, dict[str, Any]]:
    has = page_counts(page)
    told = {}
    for key, name in _NAMES.items():
        count = has[name]
        asked = wanted.get(name)
        low = count < asked if asked is not None else far_below(name, count, usual.get(name, 0))
        if asked is None and name in usual:
            asked = int(round(usual[name], -1 if name == "words" else 0))
        told[key] = {"count": count, "expected": asked, "low": low}
    return told


def _day(text: str | None) -> date | None:
    """The day of a date as pages give it, in ISO 8601; None where it is none."""
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None
