"""Text similarity: cosine of TF-IDF vectors, boilerplate left out."""

from __future__ import annotations

from typing import Any

from kgraph.rank.evidence import Evidence, kept
from kgraph.rank.signals import ReasonText
from kgraph.rank.signals.common import Rows, SharedColumns, rows_as_dicts, telling_traces
from kgraph.rank.sparse import Matrix, top_k_rows

__all__ = ["signal"]

_TERMS = 4
_LEADING = 50


class _Text:
    name = "text"

    def scores(self, evidence: Evidence) -> Matrix:
        """Cosine in [0, 1]; see :attr:`Evidence.text` for the weights of the terms."""
        return evidence.similarity

    def traces(self, evidence: Evidence) -> Any:
        return telling_traces(evidence)

    def reason(self, evidence: Evidence, source: int, target: int) -> ReasonText | None:
        _, terms = evidence.texts.telling
        shared = _strongest(_leading(evidence), source, target) or _shared(evidence).find(source, target, limit=_TERMS)
        if not shared:
            return None
        return ReasonText(f"similar text: {', '.join(terms[place] for place in shared)}", ())


def _strongest(leading: Rows[dict[int, float]], source: int, target: int) -> list[int]:
    """Terms that lead on both sides, largest product of their weights first."""
    first, second = leading[source], leading[target]
    found = [(-round(first[term] * second[term], 9), term) for term in first.keys() & second.keys()]
    return [term for _, term in sorted(found)[:_TERMS]]


@kept
def _leading(evidence: Evidence) -> Rows[dict[int, float]]:
    """For each entity its heaviest terms with their weight."""
    return rows_as_dicts(top_k_rows(evidence.texts.telling[0], _LEADING))


@kept
def _shared(evidence: Evidence) -> SharedColumns:
    return SharedColumns(evidence.texts.telling[0])


signal = _Text()
