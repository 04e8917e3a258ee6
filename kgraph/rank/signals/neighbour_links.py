"""Links of similar pages: pages whose text is like this one link to the target.

Collaborative filtering over links, with text as the similarity of pages (item neighbourhoods: Sarwar et al. 2001,
doi:10.1145/371920.372071).
"""

from __future__ import annotations

from functools import lru_cache

from kgraph.rank.evidence import Evidence, Matrix
from kgraph.rank.signals import ReasonText
from kgraph.rank.signals.common import titles
from kgraph.rank.sparse import top_k_rows

__all__ = ["signal"]

_NEIGHBOURS = 15


class _NeighbourLinks:
    name = "neighbour_links"

    def scores(self, evidence: Evidence) -> Matrix:
        """Sum over the most similar pages of similarity times 1 where they link, weighted by rarity, in both directions."""
        import scipy.sparse as sp

        rarity = sp.diags_array(evidence.link_rarity + 0.5)
        there = _neighbours(evidence) @ (evidence.adjacency + evidence.relation_strength) @ rarity
        both = there + there.T
        both = sp.csr_array(both - sp.diags_array(both.diagonal()))
        both.eliminate_zeros()
        return both

    def reason(self, evidence: Evidence, source: int, target: int) -> ReasonText | None:
        pages = _linking(evidence, source, target) or _linking(evidence, target, source)
        if not pages:
            return None
        forward = bool(_linking(evidence, source, target))
        verb = "linked from similar pages" if forward else "similar pages link here"
        return ReasonText(f"{verb}: {titles(evidence, pages, shown=2)}", tuple(evidence.ids[page] for page in pages[:5]))


@lru_cache(maxsize=2)
def _neighbours(evidence: Evidence) -> Matrix:
    import scipy.sparse as sp

    vectors, _ = evidence.text
    similar = vectors @ vectors.T
    similar = sp.csr_array(similar - sp.diags_array(similar.diagonal()))
    return top_k_rows(similar, _NEIGHBOURS)


def _linking(evidence: Evidence, source: int, target: int) -> list[int]:
    """Pages similar to ``source`` that link to ``target``, most similar first."""
    near = _neighbours(evidence)
    start, end = near.indptr[source], near.indptr[source + 1]
    found = sorted(zip((-near.data[start:end]).tolist(), near.indices[start:end].tolist(), strict=True))
    return [page for _, page in found if (page, target) in evidence.links or (page, target) in evidence.relations]


signal = _NeighbourLinks()
