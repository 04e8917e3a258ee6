"""Text similarity: cosine of TF-IDF vectors, boilerplate left out."""

from __future__ import annotations

from typing import Any

import numpy as np

from kgraph.rank.evidence import Evidence, kept
from kgraph.rank.signals import ReasonText, Teller
from kgraph.rank.signals.common import SharedColumns, telling_traces
from kgraph.rank.sparse import Matrix, top_k_rows

__all__ = ["Leading", "signal"]

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
        return self.teller(evidence, source, np.array([target]))(0)

    def teller(self, evidence: Evidence, source: int, targets: Any) -> Teller:
        leading, shared = _leading(evidence).find(source, targets), _shared(evidence)
        return lambda place: _told(evidence, leading[place] or shared.find(source, int(targets[place]), limit=_TERMS))


def _told(evidence: Evidence, shared: list[int]) -> ReasonText | None:
    terms = evidence.texts.telling[1]
    return ReasonText(f"similar text: {', '.join([terms[place] for place in shared])}", ()) if shared else None


class Leading:
    """Finds the terms that lead in two texts."""

    def __init__(self, matrix: Matrix) -> None:
        """Keep for each entity its heaviest terms with their weight."""
        self.indptr, self.indices, self.data = matrix.indptr.astype(np.int64), matrix.indices, matrix.data
        self.spread = np.zeros(matrix.shape[1])

    def find(self, source: int, targets: Any) -> list[list[int]]:
        """For each target the terms that lead on both sides, largest product of their weights first, ties by term."""
        start, end = self.indptr[source], self.indptr[source + 1]
        first = self.indices[start:end]
        self.spread[first] = self.data[start:end]
        lengths = self.indptr[targets + 1] - self.indptr[targets]
        ends = np.cumsum(lengths)
        places = np.arange(ends[-1] if len(ends) else 0) + np.repeat(self.indptr[targets] - (ends - lengths), lengths)
        terms = self.indices[places]
        weights = np.round(self.spread[terms] * self.data[places], 9)
        self.spread[first] = 0.0
        shared = np.flatnonzero(weights > 0)
        owners = np.repeat(np.arange(len(targets)), lengths)[shared]
        order = shared[np.lexsort((terms[shared], -weights[shared], owners))]
        best, last = terms[order].tolist(), np.cumsum(np.bincount(owners, minlength=len(targets))).tolist()
        return [best[begin : min(begin + _TERMS, end)] for begin, end in zip([0, *last], last, strict=False)]


@kept
def _leading(evidence: Evidence) -> Leading:
    return Leading(top_k_rows(evidence.texts.telling[0], _LEADING))


@kept
def _shared(evidence: Evidence) -> SharedColumns:
    return SharedColumns(evidence.texts.telling[0])


signal = _Text()
