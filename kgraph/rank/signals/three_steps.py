"""Three steps: from the page to what it is joined with, from there to another page that is joined with it, and on to what that one is.

The walk P3 of Cooper, Lee, Radzik and Siantos 2014, doi:10.1145/2567948.2579244: what is popular among pages like this one comes first,
where proximity, which divides by how well known a target is, prefers what is special.
"""

from __future__ import annotations

from typing import Any

import scipy.sparse as sp

from kgraph.model.mixing import mix
from kgraph.rank.evidence import Evidence, kept
from kgraph.rank.signals import ReasonText
from kgraph.rank.signals.common import Rows, rows_as_dicts, rows_as_sets, titles
from kgraph.rank.sparse import Matrix, normalize_rows, product, zero_diagonal
from kgraph.rank.traces import row_traces

__all__ = ["signal"]


class _ThreeSteps:
    name = "three_steps"

    def scores(self, evidence: Evidence) -> Matrix:
        """Probability that a walk of three steps, along a join, back along one, and along one again, ends at the target.

        0 for two that an author joined, as in proximity.
        """
        reached = zero_diagonal(product(_peers(evidence), normalize_rows(evidence.stated), jobs=evidence.jobs))
        left = sp.csr_array(reached - sp.csr_array(reached.multiply(evidence.joined)))
        left.eliminate_zeros()
        return left

    def traces(self, evidence: Evidence) -> Any:
        joining = row_traces(evidence.stated.T.tocsr(), evidence.shown, values=False)
        return row_traces(_peers(evidence), evidence.shown) + mix(joining)

    def reason(self, evidence: Evidence, source: int, target: int) -> ReasonText | None:
        peers, joined = _rows(evidence)[source], _joining(evidence)[target]
        found = sorted((-round(peers[place], 12), place) for place in joined if place in peers and place != source)
        if not found:
            return None
        pages = [place for _, place in found]
        told = "pages that share links with this one link" if len(pages) > 1 else "a page that shares links with this one links"
        return ReasonText(f"{told} there: {titles(evidence, pages, shown=2)}", tuple(evidence.ids[place] for place in pages[:5]))


@kept
def _peers(evidence: Evidence) -> Matrix:
    """Where the first two steps lead."""
    stated = evidence.stated
    return product(normalize_rows(stated), normalize_rows(stated.T.tocsr()), jobs=evidence.jobs)


@kept
def _rows(evidence: Evidence) -> Rows[dict[int, float]]:
    return rows_as_dicts(_peers(evidence))


@kept
def _joining(evidence: Evidence) -> Rows[frozenset[int]]:
    """For each entity, those that link or relate to it."""
    return rows_as_sets(evidence.stated.T.tocsr())


signal = _ThreeSteps()
