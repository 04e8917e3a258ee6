"""Embedding: the texts are of like meaning, whether or not they share words; only where the configuration names a model."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp

from kgraph.rank.evidence import Evidence
from kgraph.rank.signals import ReasonText
from kgraph.rank.sparse import Matrix, joined_blocks, top_k_rows, zero_diagonal
from kgraph.rank.traces import value_traces

__all__ = ["signal"]

_NEAREST = 100
"""Texts that count as near."""
_DIGITS = 6


class _Embedding:
    name = "embedding"

    def scores(self, evidence: Evidence) -> Matrix:
        """Cosine of the vectors (:mod:`kgraph.rank.embeddings`) where above 0, of the 100 nearest of each."""
        vectors = evidence.embedded

        def rows(start: int, end: int) -> Matrix:
            near = (vectors[start:end] @ vectors.T).round(_DIGITS)
            near[np.arange(end - start), np.arange(start, end)] = 0.0
            return top_k_rows(sp.csr_array(np.maximum(near, 0.0)), _NEAREST)

        return zero_diagonal(joined_blocks(rows, evidence.size, evidence.jobs))

    def traces(self, evidence: Evidence) -> Any:
        return value_traces([evidence.model] * evidence.size)

    def reason(self, evidence: Evidence, source: int, target: int) -> ReasonText | None:
        if float(evidence.embedded[source] @ evidence.embedded[target]) <= 0:
            return None
        return ReasonText("texts of like meaning, whatever their words", ())


signal = _Embedding()
