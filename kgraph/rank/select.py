"""Selection: which candidates stand in the list a reader sees."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from kgraph.config import Lists
from kgraph.model.corpus import Entity
from kgraph.model.text import fold

__all__ = ["select"]

_STRONG = 0.6
"""A type that is not in the list yet enters with a candidate that has this part of the last top item's score."""


def select(
    candidates: Iterable[tuple[str, float]], entities: dict[str, Entity], own: Entity, lists: Lists,
    alike: Mapping[str, frozenset[str]] = MappingProxyType({}),
) -> list[tuple[str, float]]:  # fmt: skip
    """Candidates for the list of ``own``: the best ones, and the best of every type that has a strong one.

    Args:
        candidates: Ids and scores, best first.
        entities: All entities by id.
        own: Entity whose list it is.
        lists: Lengths.
        alike: For an entity, those whose text is almost the same.

    Of entities that share an address (a page and a catalog row about it), of a page and an entity without one that have the same
    title, and of those whose text is almost the same, the best one is chosen, the others are left out. The rule for types is a quota,
    not a trade of relevance for novelty (MMR: Carbonell and Goldstein 1998, doi:10.1145/290941.291025): the order stays that of the
    scores, so that a reader can check it, and an edit of one page moves no more than its own items.

    """
    chosen: list[tuple[str, float]] = []
    types: Counter[str] = Counter()
    addresses = {own.href} if own.href else set()
    titles = {fold(own.title): own.stub}
    bound = 0.0
    copies: set[str] = set()
    for entity_id, score in candidates:
        if len(chosen) >= lists.length:
            if score < bound or not chosen:
                break
            if types[entities[entity_id].type] >= lists.per_type:
                continue
        if entity_id in copies:
            continue
        copies |= alike.get(entity_id, frozenset())
        entity = entities[entity_id]
        title = fold(entity.title)
        if entity.href in addresses or (title in titles and (entity.stub or titles[title])):
            continue
        titles[title] = titles.get(title, False) or entity.stub
        if entity.href is not None:
            addresses.add(entity.href)
        chosen.append((entity_id, score))
        types[entity.type] += 1
        if len(chosen) == max(1, min(lists.top, lists.length)):
            bound = _STRONG * score
    return chosen
