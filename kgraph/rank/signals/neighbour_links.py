"""Links of similar pages: pages whose text is like this one are joined with the target, by a link or a curated relation.

Collaborative filtering over links, with text as the similarity of pages (item neighbourhoods: Sarwar et al. 2001,
doi:10.1145/371920.372071).
"""

from __future__ import annotations

from typing import Any

from kgraph.rank.evidence import Evidence, kept
from kgraph.rank.signals import ReasonText
from kgraph.rank.signals.common import Nearby
from kgraph.rank.sparse import Matrix, product, zero_diagonal
from kgraph.rank.traces import order_traces, row_traces

__all__ = ["signal"]


class _NeighbourLinks:
    name = "neighbour_links"

    def scores(self, evidence: Evidence) -> Matrix:
        """Sum over the most similar pages of their similarity (0 to 1) where they are joined with the target, in both directions."""
        there = product(evidence.nearest, evidence.joined, jobs=evidence.jobs)
        return zero_diagonal(there + there.T)

    def traces(self, evidence: Evidence) -> Any:
        return order_traces(evidence.nearest, evidence.shown) + row_traces(evidence.joined, evidence.shown, values=False)

    def reason(self, evidence: Evidence, source: int, target: int) -> ReasonText | None:
        near = _nearby(evidence)
        found = near.tell(evidence, source, target, "linked with a similar page", "linked with similar pages")
        return found or near.tell(evidence, target, source, "similar to a page linked here", "similar to pages linked here")


@kept
def _nearby(evidence: Evidence) -> Nearby:
    return Nearby(evidence.nearest, evidence.joined)


signal = _NeighbourLinks()
