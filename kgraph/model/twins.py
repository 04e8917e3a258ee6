"""Twins: entities that stand for the same page."""

from __future__ import annotations

from collections import defaultdict

from kgraph.model.corpus import Corpus

__all__ = ["twins"]


def twins(corpus: Corpus) -> dict[str, frozenset[str]]:
    """For each entity, those that stand for the same page, itself included.

    Entities that share an address are twins, and so are a page and the one other entity that it is about: a link to the one
    is a link to the other.
    """
    about: dict[str, set[str]] = defaultdict(set)
    for item in corpus.relations:
        if item.name == "about" and item.target:
            about[item.source].add(item.target)
    first: dict[str, str] = {}
    joined = [(source, min(targets)) for source, targets in about.items() if len(targets) == 1]
    joined += [(first.setdefault(entity.href, entity.id), entity.id) for entity in corpus.entities.values() if entity.href]
    groups = {entity_id: {entity_id} for entity_id in corpus.entities}
    for one, other in joined:
        if groups[one] is not groups[other]:
            groups[one] |= groups[other]
            for member in groups[other]:
                groups[member] = groups[one]
    return {entity_id: frozenset(group) for entity_id, group in groups.items()}
