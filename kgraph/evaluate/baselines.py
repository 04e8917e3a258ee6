"""Baselines: well-known ways to rank by one kind of evidence, to tell what the fusion adds.

The link graph of all but TF-IDF joins what an author joined, by a link or by a curated relation. Each baseline gives scores
n by n, for every ordered pair of source and target; the diagonal means nothing.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import scipy.sparse as sp

from kgraph.rank.evidence import Evidence, Matrix
from kgraph.rank.sparse import cosine_rows, normalize_rows, personalized_pagerank

__all__ = ["BASELINES", "adamic_adar", "co_citation", "joined", "pagerank", "popularity", "tfidf"]

_FOLLOW = 0.5


def joined(evidence: Evidence) -> Matrix:
    """1 where an author joined s to t, by a link or a curated relation."""
    return evidence.square(dict.fromkeys(sorted({*evidence.links, *evidence.relations}), 1.0))


def popularity(evidence: Evidence) -> Matrix:
    """In-degree of the target, whatever the source.

    The floor: Cremonesi, Koren and Turrin 2010, doi:10.1145/1864708.1864721.
    """
    degree = np.asarray(joined(evidence).sum(axis=0)).ravel()
    return np.broadcast_to(degree, (evidence.size, evidence.size))


def adamic_adar(evidence: Evidence) -> Matrix:
    """Sum over common neighbours of 1 / ln(degree), direction left out.

    Adamic and Adar 2003, doi:10.1016/S0378-8733(03)00009-1; for hidden links: Liben-Nowell and Kleinberg 2007,
    doi:10.1002/asi.20591. A common neighbour has two neighbours at least, so that no logarithm is 0.
    """
    graph = _both_ways(joined(evidence))
    degree = np.asarray(graph.sum(axis=1)).ravel()
    weight = np.where(degree > 1, 1.0 / np.log(np.maximum(degree, 2.0)), 0.0)
    return sp.csr_array(graph @ sp.diags_array(weight) @ graph)


def co_citation(evidence: Evidence) -> Matrix:
    """Number of pages that are joined to both (Small 1973, doi:10.1002/asi.4630240406)."""
    graph = joined(evidence)
    return sp.csr_array(graph.T @ graph)


def pagerank(evidence: Evidence) -> Matrix:
    """Personalised PageRank from the source, direction left out, links followed with probability 0.5.

    Haveliwala 2002, doi:10.1145/511446.511513.
    """
    return personalized_pagerank(normalize_rows(_both_ways(joined(evidence))), follow=_FOLLOW)


def tfidf(evidence: Evidence) -> Matrix:
    """Cosine of the TF-IDF vectors of the two texts (Salton and Buckley 1988, doi:10.1016/0306-4573(88)90021-0)."""
    return cosine_rows(evidence.text[0])


def _both_ways(graph: Matrix) -> Matrix:
    """1 where either of the two is joined to the other."""
    return sp.csr_array((graph + graph.T) > 0).astype(np.float64)


BASELINES: dict[str, Callable[[Evidence], Matrix]] = {
    "popularity": popularity,
    "adamic-adar": adamic_adar,
    "co-citation": co_citation,
    "pagerank": pagerank,
    "tf-idf": tfidf,
}
"""Baselines by name, in the order of reports."""
