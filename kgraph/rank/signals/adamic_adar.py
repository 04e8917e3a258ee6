"""Adamic–Adar over curated relations: the two are related to the same entities, those with few relations first.

Adamic and Adar 2003, doi:10.1016/S0378-8733(03)00009-1. Links are left to the signals of links: over both, this signal would say
little that proximity does not.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp

from kgraph.rank.evidence import Evidence, kept
from kgraph.rank.signals import ReasonText
from kgraph.rank.signals.common import Rows, rows_as_sets, titles
from kgraph.rank.sparse import Matrix, product, zero_diagonal
from kgraph.rank.traces import row_traces

__all__ = ["signal"]


class _AdamicAdar:
    name = "adamic_adar"

    def scores(self, evidence: Evidence) -> Matrix:
        """Sum over the entities that both are related to of 1 / ln(entities related to that one)."""
        related = _related(evidence)
        degree = np.diff(related.indptr)
        weight = np.where(degree > 1, 1.0 / np.log(np.maximum(degree, 2)), 0.0)
        return zero_diagonal(product(sp.csr_array(related @ sp.diags_array(weight)), related, jobs=evidence.jobs))

    def traces(self, evidence: Evidence) -> Any:
        related = _related(evidence)
        return row_traces(related, evidence.shown_with(np.diff(related.indptr)), values=False)

    def reason(self, evidence: Evidence, source: int, target: int) -> ReasonText | None:
        related = _sets(evidence)
        shared = sorted(related[source] & related[target], key=lambda place: (len(related[place]), place))
        if not shared:
            return None
        return ReasonText(f"both related to {titles(evidence, shared, shown=2)}", tuple(evidence.ids[place] for place in shared[:5]))


@kept
def _related(evidence: Evidence) -> Matrix:
    """1 where a curated relation joins the two, in either direction."""
    stated = evidence.relation_strength
    return sp.csr_array((stated + stated.T) > 0).astype(np.float64)


@kept
def _sets(evidence: Evidence) -> Rows[frozenset[int]]:
    return rows_as_sets(_related(evidence))


signal = _AdamicAdar()
