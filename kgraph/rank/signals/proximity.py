"""Graph proximity: personalised PageRank from the source over one graph of all evidence.

Haveliwala 2002, doi:10.1145/511446.511513. The graph joins curated relations (3), links (1), the nearest texts (0.5) and tags
(0.3), each row-normalised; the walk follows an edge with probability 0.5.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp

from kgraph.model.mixing import mix
from kgraph.rank.evidence import NEAREST_TEXTS, Evidence, kept
from kgraph.rank.pagerank import personalized_pagerank, total_pagerank
from kgraph.rank.signals import ReasonText
from kgraph.rank.signals.common import Rows, rows_as_dicts, titles
from kgraph.rank.sparse import Matrix, cosine_rows, normalize_rows, stepped, top_k_rows, zero_diagonal
from kgraph.rank.traces import row_traces

__all__ = ["signal"]

FOLLOW = 0.5
_COARSE = 2
"""Steps for each doubling of the probabilities that reasons are told by."""
_RELATION, _LINK, _TEXT, _TAGS, _MENTION = 3.0, 1.0, 0.5, 0.3, 0.5


class _Proximity:
    name = "proximity"

    def scores(self, evidence: Evidence) -> Matrix:
        """Probability that a walk from the source ends at the target, over the square root of how often walks from elsewhere do.

        0 for two that an author joined: what a link or relation says is left to the signals of that name, and the strongest
        of what is left sets the scale.
        """
        reached = personalized_pagerank(_graph(evidence), follow=FOLLOW, jobs=evidence.jobs)
        overall = (total_pagerank(_graph(evidence), follow=FOLLOW) - reached.diagonal()) / max(evidence.population, 1)
        reached = zero_diagonal(reached)
        scaled = sp.csr_array(reached @ sp.diags_array(1.0 / np.sqrt(np.maximum(overall, 1e-12))))
        left = sp.csr_array(scaled - sp.csr_array(scaled.multiply(evidence.joined)))
        left.eliminate_zeros()
        return left

    def traces(self, evidence: Evidence) -> Any:
        graph = _told(evidence)
        return row_traces(graph, evidence.shown) + mix(row_traces(graph.T.tocsr(), evidence.shown))

    def reason(self, evidence: Evidence, source: int, target: int) -> ReasonText | None:
        there, back = _steps(evidence)
        first, last = there[source], back[target]
        between = [place for place in first if place in last]
        if between:
            between.sort(key=lambda place: (-round(first[place] * last[place], 12), place))
            ids = tuple(evidence.ids[place] for place in between[:5])
            return ReasonText(f"connected through {titles(evidence, between, shown=2)}", ids)
        return None if target in first else ReasonText("connected over several steps in the graph", ())


@kept
def _graph(evidence: Evidence) -> Matrix:
    relations = evidence.relation_strength + evidence.relation_strength.T
    links = evidence.link_strength + evidence.link_strength.T
    mentions = evidence.mention_matrix + evidence.mention_matrix.T
    tags = top_k_rows(cosine_rows(evidence.tags[0], damping=9.0, jobs=evidence.jobs), NEAREST_TEXTS)
    joined = (
        _RELATION * normalize_rows(relations) + _LINK * normalize_rows(links) + _TEXT * normalize_rows(evidence.nearest)
        + _TAGS * normalize_rows(tags) + _MENTION * normalize_rows(mentions)
    )  # fmt: skip
    return normalize_rows(joined)


@kept
def _steps(evidence: Evidence) -> tuple[Rows[dict[int, float]], Rows[dict[int, float]]]:
    """Steps of the walk from each entity, and to each entity, with their probability."""
    graph = _told(evidence)
    return rows_as_dicts(graph), rows_as_dicts(graph.T.tocsr())


@kept
def _told(evidence: Evidence) -> Matrix:
    """The graph with the probabilities of its steps in coarse steps, so that reasons stay when an edit shifts them a little."""
    graph = sp.csr_array(_graph(evidence), copy=True)
    graph.data = stepped(graph.data, per_doubling=_COARSE)
    return graph


signal = _Proximity()
