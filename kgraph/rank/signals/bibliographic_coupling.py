"""Bibliographic coupling: both pages link to the same third pages.

Kessler 1963, doi:10.1002/asi.5090140103; each shared target counts by its rarity, as a cosine.
"""

from __future__ import annotations

from typing import Any

from kgraph.rank.evidence import Evidence, kept
from kgraph.rank.signals import ReasonText
from kgraph.rank.signals.common import Rows, rows_as_sets, titles
from kgraph.rank.sparse import Matrix, product, zero_diagonal
from kgraph.rank.traces import row_traces

__all__ = ["signal"]


class _BibliographicCoupling:
    name = "bibliographic_coupling"

    def scores(self, evidence: Evidence) -> Matrix:
        """Cosine of the rows of the adjacency matrix weighted by ln(n / in-degree), damped for pages with few links."""
        import numpy as np
        import scipy.sparse as sp

        weighted = sp.csr_array(evidence.adjacency @ sp.diags_array(evidence.link_rarity))
        norm = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel() + 4.0)
        scaled = sp.csr_array(sp.diags_array(1.0 / norm) @ weighted)
        return zero_diagonal(product(scaled, scaled.T, jobs=evidence.jobs))

    def traces(self, evidence: Evidence) -> Any:
        return row_traces(evidence.adjacency, evidence.shown_with(evidence.indegree), values=False)

    def reason(self, evidence: Evidence, source: int, target: int) -> ReasonText | None:
        columns = _targets(evidence)
        shared = sorted(columns[source] & columns[target], key=lambda place: (evidence.indegree[place], place))
        if not shared:
            return None
        return ReasonText(f"both link to {titles(evidence, shared, shown=2)}", tuple(evidence.ids[place] for place in shared[:5]))


@kept
def _targets(evidence: Evidence) -> Rows[frozenset[int]]:
    """For each entity, what its page links to."""
    return rows_as_sets(evidence.adjacency)


signal = _BibliographicCoupling()
