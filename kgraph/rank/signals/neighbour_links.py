"""Links of similar pages: pages whose text is like this one link to the target.

Collaborative filtering over links, with text as the similarity of pages (item neighbourhoods: Sarwar et al. 2001,
doi:10.1145/371920.372071).
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

from kgraph.rank.evidence import Evidence
from kgraph.rank.signals import ReasonText
from kgraph.rank.signals.common import rows_as_sets, titles
from kgraph.rank.sparse import Matrix, product, zero_diagonal

__all__ = ["signal"]


class _NeighbourLinks:
    name = "neighbour_links"

    def scores(self, evidence: Evidence) -> Matrix:
        """Sum over the most similar pages of similarity times 1 where they link, weighted by rarity, in both directions."""
        import scipy.sparse as sp

        rarity = sp.diags_array(evidence.link_rarity + 0.5)
        there = product(evidence.nearest, (evidence.adjacency + evidence.relation_strength) @ rarity)
        return zero_diagonal(there + there.T)

    def reason(self, evidence: Evidence, source: int, target: int) -> ReasonText | None:
        near, joined = _lists(evidence)
        one, several = "linked from a similar page", "linked from similar pages"
        pages = [page for page in near[source] if target in joined[page]]
        if not pages:
            one, several = "a similar page links here", "similar pages link here"
            pages = [page for page in near[target] if source in joined[page]]
        if not pages:
            return None
        told = several if len(pages) > 1 else one
        return ReasonText(f"{told}: {titles(evidence, pages, shown=2)}", tuple(evidence.ids[page] for page in pages[:5]))


@lru_cache(maxsize=2)
def _lists(evidence: Evidence) -> tuple[list[list[int]], list[frozenset[int]]]:
    """For each entity the most similar ones, best first, and what it links or relates to."""
    matrix = evidence.nearest
    columns, values, bounds = matrix.indices.tolist(), matrix.data.tolist(), matrix.indptr.tolist()
    near = []
    for start, end in pairwise(bounds):
        ordered = sorted(zip([-value for value in values[start:end]], columns[start:end], strict=True))
        near.append([column for _, column in ordered])
    return near, rows_as_sets((evidence.adjacency + evidence.relation_strength).tocsr())


signal = _NeighbourLinks()
