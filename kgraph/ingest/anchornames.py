"""Names from anchor texts: what pages call an entity where they link to it, beside its title and aliases.

Mihalcea and Csomai 2007, Wikify!, doi:10.1145/1321440.1321475: a text is a name of the page that links by it mostly lead to, as far as
it is a link often enough where it stands (keyphraseness).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence

from msgspec import Struct

from kgraph.model.corpus import Link, Mention

__all__ = ["AnchorNames", "anchor_names", "sure_ones"]

_PAGES = 2
"""Pages that must link by a text."""
_MOSTLY = 0.75
"""Part of them that must link to the same entity."""
_LINKED = 0.2
"""Part of the pages with the text, as a link or not, that must link by it."""
_SHORTEST = 3


class AnchorNames(Struct, frozen=True):
    """Texts by which pages link to entities, and which are none of their names."""

    written: dict[str, tuple[str, ...]]
    """For each entity the texts, as they are written."""
    pages: dict[str, int]
    """Pages that link by a text, in lower case."""


def anchor_names(links: Iterable[Link], known: Collection[str]) -> AnchorNames:
    """The texts by which two pages or more link to an entity, and seldom to any other; ``known`` names, in lower case, are left out."""
    sources: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    forms: dict[str, set[str]] = defaultdict(set)
    for link in links:
        text = " ".join(link.text.split())
        key = text.lower()
        if link.target and link.target != link.source and link.kind != "crossref" and len(key) >= _SHORTEST and key not in known:
            sources[key][link.target].add(link.source)
            forms[key].add(text)
    written: dict[str, set[str]] = defaultdict(set)
    pages: dict[str, int] = {}
    for key, found in sources.items():
        target = min(found, key=lambda item: (-len(found[item]), item))
        count = len(found[target])
        if count >= _PAGES and count >= _MOSTLY * sum(map(len, found.values())):
            written[target] |= forms[key]
            pages[key] = count
    return AnchorNames({target: tuple(sorted(written[target])) for target in sorted(written)}, pages)


def sure_ones(mentions: Sequence[Mention], names: AnchorNames) -> list[Mention]:
    """The mentions without those by an anchor text that is seldom a link where it stands."""
    unlinked = Counter(item.text.lower() for item in mentions)
    seldom = {text for text, linked in names.pages.items() if linked < _LINKED * (linked + unlinked[text])}
    return [item for item in mentions if item.text.lower() not in seldom]
