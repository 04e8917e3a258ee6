"""Fields of front matter and of catalog rows that name other entities: what they name, and by which relation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from kgraph.ingest.catalog import first_of
from kgraph.model.relations import RelationVocabulary
from kgraph.model.types import TYPES, TypeVocabulary

__all__ = ["relation_targets"]

_RELATION_NAMES = ("relationship", "relation", "rel", "predicate", "relationType")
_TARGET_KEYS = ("id", "entity", "entityId", "target", "to", "slug", "path", "page", "href", "title", "name")
_NO_RELATIONS = frozenset((
    "group", "groups", "other", "others", "misc", "more", "all", "pages", "items", "entries", "links", "entities", "related", "see-also",
    "relation", "relationship", "rel", "predicate", "relation-type", "type", "kind", "label", "note", "notes", "description", "comment",
    "summary", "date", "since", "until", "source", "sources", "weight", "strength", "confidence", "score", "status",
))  # fmt: skip
"""Names of groups of targets, and of what is told of a relation besides its name."""
_PARTS = re.compile(r"(?:\[\[[^\[\]]*\]\]|[^,])+")


def relation_targets(value: Any, vocabulary: RelationVocabulary, *, named: bool = False) -> Iterator[tuple[str, str | None]]:
    """Each target that a relation field names, with the name of the relation where it is given.

    A text is split at commas, an item of a list is not; a mapping gives one target, or a list for each relation or group.

    Args:
        value: The field.
        vocabulary: Relations in force.
        named: Whether the field holds relations by their names, so that one that nobody knows is a relation, too, and no group of entities.

    """
    if isinstance(value, str):
        for part in _PARTS.findall(value):
            yield from relation_targets([part], vocabulary)
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, dict) and (target := first_of(item, _TARGET_KEYS)):
                told = first_of(item, _RELATION_NAMES)
                kind = first_of(item, ("type", "kind")) if named and not told else None
                yield _bare(target), told or (kind if kind and _is_relation(kind, vocabulary, named=True) else None)
            elif isinstance(item, (list, dict)):
                yield from relation_targets(item, vocabulary, named=named)
            elif isinstance(item, (str, int, float)) and not isinstance(item, bool) and _bare(str(item)):
                yield _bare(str(item)), None
    elif isinstance(value, dict):
        if first_of(value, ("id", "path", "slug")):
            yield from relation_targets([value], vocabulary, named=named)
            return
        for key, inner in value.items():
            name = key if _is_relation(key, vocabulary, named=named) else None
            if isinstance(inner, (list, dict)) or (name and isinstance(inner, str)):
                yield from ((target, told or name) for target, told in relation_targets(inner, vocabulary, named=named))


def _is_relation(name: str, vocabulary: RelationVocabulary, *, named: bool) -> bool:
    """Whether a word names a relation, and not a type of entities or a group of them."""
    key = vocabulary.canonical(name)
    return (vocabulary.known(key) or (named and key not in _NO_RELATIONS)) and TypeVocabulary().canonical(name) not in TYPES


def _bare(written: str) -> str:
    """Target without the brackets and the alias of a wikilink."""
    written = written.strip()
    if written.startswith("[[") and written.endswith("]]"):
        return written[2:-2].split("|")[0].strip()
    return written
