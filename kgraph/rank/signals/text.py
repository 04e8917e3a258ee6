"""Text similarity: cosine of TF-IDF vectors, boilerplate left out."""

from __future__ import annotations

from functools import lru_cache

from kgraph.rank.evidence import Evidence
from kgraph.rank.signals import ReasonText
from kgraph.rank.signals.common import SharedColumns
from kgraph.rank.sparse import Matrix

__all__ = ["signal"]


class _Text:
    name = "text"

    def scores(self, evidence: Evidence) -> Matrix:
        """Cosine in [0, 1]; see :attr:`Evidence.text` for the weights of the terms."""
        return evidence.similarity

    def reason(self, evidence: Evidence, source: int, target: int) -> ReasonText | None:
        _, terms = evidence.text
        shared = _shared(evidence).find(source, target, limit=4)
        if not shared:
            return None
        return ReasonText(f"similar text: {', '.join(terms[place] for place in shared)}", ())


@lru_cache(maxsize=2)
def _shared(evidence: Evidence) -> SharedColumns:
    return SharedColumns(evidence.text[0])


signal = _Text()
