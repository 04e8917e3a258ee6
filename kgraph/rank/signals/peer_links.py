"""Links of peers: pages that are joined with the same pages as this one are joined with the target.

Collaborative filtering over links, with what a page is joined with as its profile (item neighbourhoods: Sarwar et al. 2001,
doi:10.1145/371920.372071).
"""

from __future__ import annotations

from typing import Any

from kgraph.rank.evidence import Evidence, kept
from kgraph.rank.signals import ReasonText
from kgraph.rank.signals.common import Nearby
from kgraph.rank.sparse import Matrix, cosine_rows, product, top_k_rows, zero_diagonal
from kgraph.rank.traces import order_traces, row_traces

__all__ = ["signal"]

_PEERS = 15
_DAMPING = 2.0
"""Added to the squared length of a profile, so that pages with one link or two are nobody's peers."""


class _PeerLinks:
    name = "peer_links"

    def scores(self, evidence: Evidence) -> Matrix:
        """Sum over the 15 nearest peers of their likeness (cosine, 0 to 1) where they are joined with the target, in both directions."""
        there = product(_peers(evidence), evidence.joined, jobs=evidence.jobs)
        return zero_diagonal(there + there.T)

    def traces(self, evidence: Evidence) -> Any:
        return order_traces(_peers(evidence), evidence.shown) + row_traces(evidence.joined, evidence.shown, values=False)

    def reason(self, evidence: Evidence, source: int, target: int) -> ReasonText | None:
        near = _nearby(evidence)
        found = near.tell(
            evidence, source, target, "linked with a page that has the same links", "linked with pages that have the same links"
        )
        return found or near.tell(
            evidence, target, source, "has the same links as a page linked here", "has the same links as pages linked here"
        )


@kept
def _peers(evidence: Evidence) -> Matrix:
    return top_k_rows(cosine_rows(evidence.joined, damping=_DAMPING, jobs=evidence.jobs), _PEERS)


@kept
def _nearby(evidence: Evidence) -> Nearby:
    return Nearby(_peers(evidence), evidence.joined)


signal = _PeerLinks()
