"""Shared tags: each tag in common counts by its rarity."""

from __future__ import annotations

from typing import Any

from kgraph.rank.evidence import Evidence, kept
from kgraph.rank.signals import ReasonText
from kgraph.rank.signals.common import SharedColumns
from kgraph.rank.sparse import Matrix, cosine_rows
from kgraph.rank.traces import row_traces, term_traces, value_traces

__all__ = ["signal"]

_KEYS = ("tags", "tag", "keywords", "topics")


class _Tags:
    name = "tags"

    def scores(self, evidence: Evidence) -> Matrix:
        """Cosine of the tags weighted by ln(n / number of entities with the tag), damped for entities with few tags."""
        return cosine_rows(evidence.tags[0], damping=9.0, jobs=evidence.jobs)

    def traces(self, evidence: Evidence) -> Any:
        matrix, names = evidence.tags
        return row_traces(matrix, term_traces(names)) + value_traces(_places(evidence, place) for place in range(evidence.size))

    def reason(self, evidence: Evidence, source: int, target: int) -> ReasonText | None:
        _, names = evidence.tags
        shared = _shared(evidence).find(source, target, limit=4)
        if not shared:
            return None
        told = f"share the tag{'s' if len(shared) > 1 else ''} {', '.join(names[place] for place in shared)}"
        return ReasonText(told, (*_places(evidence, source), *_places(evidence, target)))


def _places(evidence: Evidence, place: int) -> tuple[str, ...]:
    """Where the tags of an entity stand: the line of its front matter, else its row."""
    entity = evidence.corpus.entities[evidence.ids[place]]
    document = evidence.corpus.documents.get(entity.path or "")
    line = next((document.lines[key] for key in _KEYS if key in document.lines), 0) if document else 0
    return (f"{entity.path}:{line}",) if line else entity.declared_in[:1]


@kept
def _shared(evidence: Evidence) -> SharedColumns:
    return SharedColumns(evidence.tags[0])


signal = _Tags()
