"""Graph proximity: personalised PageRank from the source over one graph of all evidence.

Haveliwala 2002, doi:10.1145/511446.511513. The graph joins curated relations (3), links (1), the nearest texts (0.5) and tags
(0.3), each row-normalised; the walk follows an edge with probability 0.5.
"""

from __future__ import annotations

from functools import lru_cache

from kgraph.rank.evidence import Evidence, Matrix
from kgraph.rank.signals import ReasonText
from kgraph.rank.signals.common import titles
from kgraph.rank.sparse import cosine_rows, normalize_rows, personalized_pagerank, top_k_rows

__all__ = ["signal"]

FOLLOW = 0.5
_RELATION, _LINK, _TEXT, _TAGS, _MENTION = 3.0, 1.0, 0.5, 0.3, 0.5
_NEAREST = 15


class _Proximity:
    name = "proximity"

    def scores(self, evidence: Evidence) -> Matrix:
        """Probability that a walk from the source ends at the target, divided by the square root of the target's share overall."""
        import numpy as np
        import scipy.sparse as sp

        reached = personalized_pagerank(_graph(evidence), follow=FOLLOW)
        overall = np.asarray(reached.sum(axis=0)).ravel() / max(evidence.size, 1)
        scaled = sp.csr_array(reached @ sp.diags_array(1.0 / np.sqrt(np.maximum(overall, 1e-12))))
        scaled = sp.csr_array(scaled - sp.diags_array(scaled.diagonal()))
        scaled.eliminate_zeros()
        return scaled

    def reason(self, evidence: Evidence, source: int, target: int) -> ReasonText | None:
        graph = _graph(evidence)
        first = _row(graph, source)
        last = _row(_transposed(evidence), target)
        if target in first:
            return ReasonText("close in the graph of links and texts", (evidence.ids[target],))
        between = sorted(first.keys() & last.keys(), key=lambda place: (-first[place] * last[place], place))
        if not between:
            return None
        return ReasonText(f"connected through {titles(evidence, between, shown=2)}", tuple(evidence.ids[place] for place in between[:5]))


@lru_cache(maxsize=2)
def _graph(evidence: Evidence) -> Matrix:
    vectors, _ = evidence.text
    similar = top_k_rows(cosine_rows(vectors), _NEAREST)
    relations = evidence.relation_strength + evidence.relation_strength.T
    links = evidence.link_strength + evidence.link_strength.T
    mentions = evidence.mention_matrix + evidence.mention_matrix.T
    tags = top_k_rows(cosine_rows(evidence.tags[0], damping=9.0), _NEAREST)
    joined = (
        _RELATION * normalize_rows(relations) + _LINK * normalize_rows(links) + _TEXT * normalize_rows(similar)
        + _TAGS * normalize_rows(tags) + _MENTION * normalize_rows(mentions)
    )  # fmt: skip
    return normalize_rows(joined)


@lru_cache(maxsize=2)
def _transposed(evidence: Evidence) -> Matrix:
    return _graph(evidence).T.tocsr()


def _row(matrix: Matrix, row: int) -> dict[int, float]:
    start, end = matrix.indptr[row], matrix.indptr[row + 1]
    return dict(zip(matrix.indices[start:end].tolist(), matrix.data[start:end].tolist(), strict=True))


signal = _Proximity()
