"""Selection: which candidates stand in the list a reader sees."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from kgraph.config import Lists
from kgraph.model.corpus import Entity

__all__ = ["select"]

_STRONG = 0.6
"""A type that is not in the list yet enters with a candidate that has this part of the last top item's score."""


def select(candidates: Iterable[tuple[str, float]], entities: dict[str, Entity], own: Entity, lists: Lists) -> list[tuple[str, float]]:
    """Candidates for the list of ``own``: the best ones, and the best of every type that has a strong one.

    Args:
        candidates: Ids and scores, best first.
        entities: All entities by id.
        own: Entity whose list it is.
        lists: Lengths.

    Of entities that share an address (a page and a catalog row about it) the best one is chosen, the others are left out.

    """
    chosen: list[tuple[str, float]] = []
    types: Counter[str] = Counter()
    addresses = {own.href} if own.href else set()
    bound = 0.0
    for entity_id, score in candidates:
        if len(chosen) >= lists.length:
            if score < bound or not chosen:
                break
            if types[entities[entity_id].type] >= lists.per_type:
                continue
        entity = entities[entity_id]
        if entity.href is not None:
            if entity.href in addresses:
                continue
            addresses.add(entity.href)
        chosen.append((entity_id, score))
        types[entity.type] += 1
        if len(chosen) == max(1, min(lists.top, lists.length)):
            bound = _STRONG * score
    return chosen
