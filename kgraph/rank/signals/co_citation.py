"""Co-citation: third pages link to both, more so the closer together they do.

Small 1973, doi:10.1002/asi.4630240406; weighted by proximity in the text (CPA) after Schwarzer et al. 2016,
doi:10.1145/2910896.2910908: a shared block counts more than a shared section, a shared section more than a shared page.
"""

from __future__ import annotations

from typing import Any

from kgraph.rank.evidence import Evidence, kept
from kgraph.rank.signals import ReasonText
from kgraph.rank.signals.common import Rows, rows_as_sets, titles
from kgraph.rank.sparse import Matrix, product, zero_diagonal
from kgraph.rank.traces import row_traces

__all__ = ["signal"]

_BLOCK, _SECTION, _PAGE = 1.0, 0.35, 0.15


class _CoCitation:
    name = "co_citation"

    def scores(self, evidence: Evidence) -> Matrix:
        """Sum over pages of proximity divided by 1 + ln(links in the unit), normalised by the square root of both in-degrees."""
        import numpy as np
        import scipy.sparse as sp

        total = sp.csr_array((evidence.size, evidence.size), dtype=np.float64)
        for weight, part in zip((_BLOCK, _SECTION, _PAGE), evidence.incidence, strict=True):
            degree = np.asarray(part.sum(axis=1)).ravel()
            scaled = sp.csr_array(sp.diags_array(weight / (1.0 + np.log(np.maximum(degree, 1.0)))) @ part)
            total = total + product(part.T, scaled, jobs=evidence.jobs)
        total = zero_diagonal(total)
        norm = sp.diags_array(1.0 / (1.0 + evidence.indegree) ** 0.5)
        return sp.csr_array(norm @ total @ norm)

    def traces(self, evidence: Evidence) -> Any:
        return row_traces(evidence.adjacency.T.tocsr(), evidence.shown_with(evidence.outdegree), values=False)

    def reason(self, evidence: Evidence, source: int, target: int) -> ReasonText | None:
        columns = _columns(evidence)
        shared = sorted(columns[source] & columns[target], key=lambda page: (evidence.outdegree[page], evidence.ids[page]))
        if not shared:
            return None
        return ReasonText(f"both linked from {titles(evidence, shared)}", tuple(evidence.ids[page] for page in shared[:5]))


@kept
def _columns(evidence: Evidence) -> Rows[frozenset[int]]:
    """For each entity, the pages that link to it."""
    return rows_as_sets(evidence.adjacency.T.tocsr())


signal = _CoCitation()
