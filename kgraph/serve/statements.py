"""Everything that is stated about entities, by entity, by pair and by place, for one build."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Literal, TypeAlias

from msgspec import Struct

from kgraph.archive import StatementFile
from kgraph.model.corpus import Link, Mention, Relation
from kgraph.model.relations import RelationVocabulary

__all__ = ["RelationLine", "Statement", "Statements"]

StatementKind: TypeAlias = Literal["relation", "link", "mention"]


class RelationLine(Struct, frozen=True):
    """A curated relation as read from one of its ends."""

    label: str
    other: str
    """Id of the entity at the other end."""
    outgoing: bool
    """Whether it is stated from this end, there or at both."""
    name: str
    """Name of the relation as read from this end; the name as written with `` (of)`` behind it where no inverse is known."""
    places: tuple[str, ...]
    """``path:line`` of each statement of it."""


class Statement(Struct, frozen=True):
    """One statement that joins two entities."""

    source: str
    target: str
    kind: StatementKind
    label: str
    """How it reads from source to target, such as ``mitigated by`` or ``links to``."""
    sentence: str
    """Sentence that makes it; empty for a relation."""
    text: str
    """What names the target within the sentence."""
    place: str
    """``path:line`` that states it."""


class Statements:
    """Relations, links and mentions; self links and dead ones are left out."""

    def __init__(self, stated: StatementFile, vocabulary: RelationVocabulary) -> None:
        """Index what was stated."""
        self.vocabulary = vocabulary
        self.relations = _relation_lines(stated.relations, vocabulary)
        self.links_from: dict[str, dict[str, Link]] = defaultdict(dict)
        self.links_to: dict[str, dict[str, Link]] = defaultdict(dict)
        self.mentions_of: dict[str, dict[str, Mention]] = defaultdict(dict)
        self._pairs: dict[tuple[str, str], list[Link | Relation | Mention]] = defaultdict(list)
        self._sentences: dict[tuple[str, int], str] = {}
        self.by_relation: dict[str, list[Relation]] = defaultdict(list)
        for link in stated.links:
            if link.target is not None and link.target != link.source:
                self.links_from[link.source].setdefault(link.target, link)
                self.links_to[link.target].setdefault(link.source, link)
                self._note(link)
        for relation in stated.relations:
            if relation.target is not None and relation.target != relation.source:
                self._pairs[_pair(relation.source, relation.target)].append(relation)
                self.by_relation[relation.name].append(relation)
        for mention in stated.mentions:
            if mention.target != mention.source:
                self.mentions_of[mention.target].setdefault(mention.source, mention)
                self._note(mention)

    def _note(self, item: Link | Mention) -> None:
        self._pairs[_pair(item.source, str(item.target))].append(item)
        if item.sentence:
            self._sentences.setdefault((item.path, item.line), item.sentence)

    def sentence_at(self, place: str) -> str | None:
        """A sentence that states something at ``path:line``, or None."""
        path, _, line = place.rpartition(":")
        return self._sentences.get((path, int(line))) if line.isdecimal() and len(line) < 10 else None

    def between(self, one: str, other: str) -> list[Statement]:
        """All statements that join two entities, in either direction: relations, then links, then mentions; each pair and label once."""
        found: dict[tuple[str, str], Statement] = {}
        order = (Relation, Link, Mention)
        for item in sorted(self._pairs.get(_pair(one, other), ()), key=lambda item: order.index(type(item))):
            statement = self._statement(item)
            found.setdefault((statement.source, statement.label), statement)
        return list(found.values())

    def _statement(self, item: Link | Relation | Mention) -> Statement:
        place, target = f"{item.path}:{item.line}", str(item.target)
        if isinstance(item, Relation):
            return Statement(item.source, target, "relation", self.vocabulary.label(item.name), "", "", place)
        kind: StatementKind = "link" if isinstance(item, Link) else "mention"
        label = "links to" if kind == "link" else "names"
        return Statement(item.source, target, kind, label, item.sentence or item.text, item.text, place)

    def neighbours(self, entity_id: str) -> Iterator[tuple[str, str, bool]]:
        """Entities joined to one, the typed relations first: id, how it reads, and whether it runs from the entity. May repeat."""
        for line in self.relations.get(entity_id, ()):
            yield line.other, line.label, line.outgoing
        for other in self.links_from.get(entity_id, ()):
            yield other, "links to", True
        for other in self.links_to.get(entity_id, ()):
            yield other, "links to", False


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)


def _relation_lines(relations: Iterable[Relation], vocabulary: RelationVocabulary) -> dict[str, list[RelationLine]]:
    """Relations of each entity as read from it; one that is stated at both ends is one line with both places."""
    lines: dict[str, dict[tuple[str, str], list[tuple[str, bool, str]]]] = defaultdict(lambda: defaultdict(list))
    for item in relations:
        if item.target is None or item.target == item.source:
            continue
        place = f"{item.path}:{item.line}"
        inverse = vocabulary.inverse(item.name) or f"{item.name} (of)"
        lines[item.source][vocabulary.label(item.name), item.target].append((item.name, True, place))
        lines[item.target][vocabulary.inverse_label(item.name), item.source].append((inverse, False, place))
    return {
        entity_id: [
            RelationLine(label, other, any(out for _, out, _ in told), told[0][0], tuple(dict.fromkeys(place for _, _, place in told)))
            for (label, other), told in found.items()
        ]
        for entity_id, found in lines.items()
    }
