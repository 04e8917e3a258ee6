"""Shared tags: each tag in common counts by its rarity."""

from __future__ import annotations

from functools import lru_cache

from kgraph.rank.evidence import Evidence
from kgraph.rank.signals import ReasonText
from kgraph.rank.signals.common import SharedColumns
from kgraph.rank.sparse import Matrix, cosine_rows

__all__ = ["signal"]


class _Tags:
    name = "tags"

    def scores(self, evidence: Evidence) -> Matrix:
        """Cosine of the tags weighted by ln(n / number of entities with the tag), damped for entities with few tags."""
        return cosine_rows(evidence.tags[0], damping=9.0)

    def reason(self, evidence: Evidence, source: int, target: int) -> ReasonText | None:
        _, names = evidence.tags
        shared = _shared(evidence).find(source, target, limit=4)
        if not shared:
            return None
        return ReasonText(f"share the tag{'s' if len(shared) > 1 else ''} {', '.join(names[place] for place in shared)}", ())


@lru_cache(maxsize=2)
def _shared(evidence: Evidence) -> SharedColumns:
    return SharedColumns(evidence.tags[0])


signal = _Tags()
