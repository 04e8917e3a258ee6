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
_TARGET_KEYS = ("id", "entity", "entityId", "target", "slug", "path", "page", "href", "title", "name")
_PARTS = re.compile(r"(?:\[\[[^\[\]]*\]\]|[^,])+")


def relation_targets(value: Any, vocabulary: RelationVocabulary) -> Iterator[tuple[str, str | None]]:
    """Each target that a relation field names, with the name of the relation where it is given.

    A text is split at commas, an item of a list is not; a mapping gives one target, or a list for each relation or group.
    """
    if isinstance(value, str):
        for part in _PARTS.findall(value):
            yield from relation_targets([part], vocabulary)
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, dict):
                target = first_of(item, _TARGET_KEYS)
                if target:
                    yield _bare(target), first_of(item, _RELATION_NAMES)
            elif isinstance(item, list):
                yield from relation_targets(item, vocabulary)
            elif isinstance(item, (str, int, float)) and not isinstance(item, bool) and _bare(str(item)):
                yield _bare(str(item)), None
    elif isinstance(value, dict):
        if first_of(value, ("id", "path", "slug")):
            yield from relation_targets([value], vocabulary)
            return
        for key, inner in value.items():
            name = key if vocabulary.known(vocabulary.canonical(key)) and TypeVocabulary().canonical(key) not in TYPES else None
            if isinstance(inner, (list, dict)) or (name and isinstance(inner, str)):
                yield from ((target, told or name) for target, told in relation_targets(inner, vocabulary))


def _bare(written: str) -> str:
    """Target without the brackets and the alias of a wikilink."""
    written = written.strip()
    if written.startswith("[[") and written.endswith("]]"):
        return written[2:-2].split("|")[0].strip()
    return written
