"""What changed between two builds: pages, links, relations, related lists."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from kgraph.api import KnowledgeGraph
from kgraph.rank.rankings import RelatedItem

__all__ = ["Difference", "ListChange", "compare", "render_difference"]

_TOP = 10


class ListChange(Struct, frozen=True):
    """How the head of one related list changed."""

    id: str
    entered: tuple[str, ...]
    """Ids, each with the signal that gives most of its score."""
    left: tuple[str, ...]


class Difference(Struct, frozen=True):
    """What one build has and another has not; all empty when they are alike."""

    pages_added: tuple[str, ...]
    pages_removed: tuple[str, ...]
    entities_added: tuple[str, ...]
    entities_removed: tuple[str, ...]
    entities_changed: tuple[str, ...]
    """Entities whose title, type or address changed, each with what changed."""
    links_added: tuple[str, ...]
    links_removed: tuple[str, ...]
    relations_added: tuple[str, ...]
    relations_removed: tuple[str, ...]
    lists_changed: tuple[ListChange, ...]

    @property
    def empty(self) -> bool:
        """Whether nothing changed."""
        return not any(getattr(self, name) for name in self.__struct_fields__)


def compare(old: KnowledgeGraph, new: KnowledgeGraph) -> Difference:
    """Compare two builds; lists are compared by their ten best items."""
    pages = (set(old.head.pages), set(new.head.pages))
    entities = (old.head.entities, new.head.entities)
    links, relations = (_links(old), _links(new)), (_relations(old), _relations(new))
    changed = []
    for entity_id in sorted(entities[0].keys() & entities[1].keys()):
        before, after = entities[0][entity_id], entities[1][entity_id]
        told = [
            f"{name} {getattr(before, name)!r} → {getattr(after, name)!r}" for name in ("title", "type", "href")
            if getattr(before, name) != getattr(after, name)
        ]  # fmt: skip
        if told:
            changed.append(f"{entity_id}: {', '.join(told)}")
    return Difference(
        _only(pages[1], pages[0]), _only(pages[0], pages[1]), _only(set(entities[1]), set(entities[0])),
        _only(set(entities[0]), set(entities[1])), tuple(changed), _only(links[1], links[0]), _only(links[0], links[1]),
        _only(relations[1], relations[0]), _only(relations[0], relations[1]), _lists(old.rankings.related, new.rankings.related),
    )  # fmt: skip


def _only(these: set[str], those: set[str]) -> tuple[str, ...]:
    return tuple(sorted(these - those))


def _links(kg: KnowledgeGraph) -> set[str]:
    return {f"{link.source} → {link.target or f'dead: {link.raw}'}" for link in kg.statements.links}


def _relations(kg: KnowledgeGraph) -> set[str]:
    return {f"{item.source} {item.name} {item.target or f'dead: {item.raw}'}" for item in kg.statements.relations}


def _lists(old: Mapping[str, tuple[RelatedItem, ...]], new: Mapping[str, tuple[RelatedItem, ...]]) -> tuple[ListChange, ...]:
    changes = []
    for entity_id in sorted(old.keys() & new.keys()):
        before = {item.id: item for item in old[entity_id][:_TOP]}
        after = {item.id: item for item in new[entity_id][:_TOP]}
        entered = [_told(item) for other, item in after.items() if other not in before]
        left = [_told(item) for other, item in before.items() if other not in after]
        if entered or left:
            changes.append(ListChange(entity_id, tuple(entered), tuple(left)))
    return tuple(changes)


def _told(item: RelatedItem) -> str:
    return f"{item.id} ({item.reasons[0].signal})" if item.reasons else item.id


def render_difference(difference: Difference, form: str) -> str:
    """Text of a difference as ``text``, ``json`` or ``markdown``."""
    if form == "json":
        import msgspec

        return json.dumps(msgspec.to_builtins(difference), ensure_ascii=False, indent=1) + "\n"
    heads: dict[str, Any] = {
        name.replace("_", " "): getattr(difference, name) for name in difference.__struct_fields__ if name != "lists_changed"
    }
    heads["related lists changed"] = tuple(
        f"{change.id}: " + ", ".join([*(f"+{name}" for name in change.entered), *(f"-{name}" for name in change.left)])
        for change in difference.lists_changed
    )
    bullet, title = ("- ", "### {} ({})\n\n") if form == "markdown" else ("  ", "{} ({})\n")
    parts = [title.format(name.capitalize(), len(items)) + "".join(f"{bullet}{item}\n" for item in items) for name, items in heads.items() if items]
    return "\n".join(parts) if parts else "nothing changed\n"
