"""The long ranking as JSON Lines: one line an entity."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from kgraph.api import KnowledgeGraph

__all__ = ["ranking_lines"]


def ranking_lines(kg: KnowledgeGraph, k: int, *, unlinked: bool = False, pages_only: bool = False) -> Iterator[bytes]:
    """One JSON object for each entity that has a page or stands in a catalog, sorted by id.

    Args:
        kg: Build to read.
        k: Candidates for each entity at the most.
        unlinked: Leave out candidates that the page links to already.
        pages_only: Leave out entities without a page, as sources and as candidates.

    """
    entities = kg.head.entities
    linked = {(link.source, link.target) for link in kg.statements.links} if unlinked else set()
    encode = msgspec.json.Encoder().encode
    for entity in entities.values():
        if pages_only and entity.stub:
            continue
        related: list[dict[str, object]] = []
        for candidate, score in kg.scores.candidates(entity.id):
            if len(related) >= k:
                break
            if (pages_only and entities[candidate].stub) or (entity.id, candidate) in linked:
                continue
            related.append({"id": candidate, "path": entities[candidate].path, "score": score})
        yield encode({"id": entity.id, "path": entity.path, "related": related}) + b"\n"
