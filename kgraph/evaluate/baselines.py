"""Baselines: well-known ways to rank, by one kind of evidence or by a plain sum, to tell what the fusion adds.

The link graph joins what an author joined, by a link or by a curated relation. Each baseline gives scores n by n, for every
ordered pair of source and target; the diagonal means nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from math import log2
from typing import Any
from zlib import crc32

import numpy as np
import scipy.sparse as sp

from kgraph.rank.evidence import Evidence, Matrix
from kgraph.rank.pagerank import personalized_pagerank
from kgraph.rank.sparse import cosine_rows, normalize_rows, top_k_rows

__all__ = [
    "BASELINES", "adamic_adar", "bm25", "co_citation", "embedding", "graph_pagerank", "hand_tuned", "joined", "lsi", "mention", "pagerank",
    "popularity", "tfidf", "z_sum",
]  # fmt: skip

_FOLLOW = 0.5
_K1, _B = 1.2, 0.75
_TOPICS = 100
_NEAREST = 15
_SHINGLE = 5


def joined(evidence: Evidence) -> Matrix:
    """1 where an author joined s to t, by a link or a curated relation."""
    return evidence.stated


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
    graph = evidence.joined
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
    return personalized_pagerank(normalize_rows(evidence.joined), follow=_FOLLOW)


def graph_pagerank(evidence: Evidence) -> Matrix:
    """The same over one graph: relations 3, links 1, the 15 nearest texts 0.5, the 15 nearest by tags 0.3, each row-normalised."""
    related = evidence.square(dict.fromkeys(sorted(evidence.relations), 1.0))
    tags = top_k_rows(cosine_rows(evidence.tags[0]), _NEAREST)
    parts = ((3.0, related + related.T), (1.0, evidence.adjacency + evidence.adjacency.T), (0.5, evidence.nearest), (0.3, tags))
    graph: Any = sum(weight * normalize_rows(part) for weight, part in parts)
    return personalized_pagerank(normalize_rows(graph), follow=_FOLLOW)


def tfidf(evidence: Evidence) -> Matrix:
    """Cosine of the TF-IDF vectors of the two texts (Salton and Buckley 1988, doi:10.1016/0306-4573(88)90021-0)."""
    return cosine_rows(evidence.text[0])


def bm25(evidence: Evidence) -> Matrix:
    """BM25 of the text of the target for the terms of the source as the query, each once; k1 = 1.2, b = 0.75.

    Robertson and Zaragoza 2009, doi:10.1561/1500000019.
    """
    counts, _ = evidence.counts
    length = np.asarray(counts.sum(axis=1)).ravel()
    norm = _K1 * (1.0 - _B + _B * length / max(float(length.mean()), 1e-9))
    weighted = counts.copy()
    rows = np.repeat(np.arange(evidence.size), np.diff(counts.indptr))
    weighted.data = counts.data * (_K1 + 1.0) / (counts.data + norm[rows])
    frequency = np.bincount(counts.indices, minlength=counts.shape[1])
    idf = np.log1p((evidence.size - frequency + 0.5) / (frequency + 0.5))
    asked = sp.csr_array((np.ones(counts.nnz), counts.indices, counts.indptr), shape=counts.shape)
    return sp.csr_array(asked @ sp.diags_array(idf) @ weighted.T)


def lsi(evidence: Evidence) -> Matrix:
    """Cosine in the space of the 100 largest singular vectors of the TF-IDF matrix, not below 0.

    Deerwester et al. 1990, doi:10.1002/(SICI)1097-4571(199009)41:6<391::AID-ASI1>3.0.CO;2-9.
    """
    from scipy.sparse.linalg import svds

    vectors, _ = evidence.text
    topics = min(_TOPICS, min(vectors.shape) - 1)
    if topics < 1:
        return tfidf(evidence)
    left, values, _ = svds(vectors, k=topics, v0=np.ones(min(vectors.shape)))
    found = left * values
    length = np.sqrt((found * found).sum(axis=1))
    found = found / np.where(length > 1e-12, length, 1.0)[:, None]
    return np.maximum(found @ found.T, 0.0)


def embedding(evidence: Evidence) -> Matrix:
    """Cosine of the embeddings of the two texts, by the model that the configuration names; see :mod:`kgraph.rank.embeddings`."""
    vectors = evidence.embedded
    return np.maximum(vectors @ vectors.T, 0.0)


def mention(evidence: Evidence) -> Matrix:
    """1 where the text of the source names the target without a link."""
    return evidence.mention_matrix


def hand_tuned(evidence: Evidence) -> Matrix:
    """A sum that a wiki's own site build uses, with weights set by hand.

    Relation 10, id prefix 6, link 5, shared runs of five words 0 to 3, each shared tag 2 / log2(n + 2) for a tag of n entities;
    times 0.5 plus half the quality of the target's page where pages give one.
    """
    total = 10.0 * _either(evidence, evidence.relations) + 5.0 * _either(evidence, evidence.links)
    total = total + 6.0 * _same_prefix(evidence) + 3.0 * _shared_shingles(evidence) + _shared_tags(evidence)
    quality = np.ones(evidence.size)
    for page in evidence.corpus.pages.values():
        if page.quality is not None:
            quality[evidence.index[page.entity]] = 0.5 + 0.5 * min(page.quality / 100.0 if page.quality > 1 else page.quality, 1.0)
    return sp.csr_array(sp.csr_array(total) @ sp.diags_array(quality))


def _either(evidence: Evidence, pairs: Any) -> Matrix:
    found = evidence.square(dict.fromkeys(sorted(pairs), 1.0))
    return sp.csr_array((found + found.T) > 0).astype(np.float64)


def _shared(evidence: Evidence, names: list[set[str]], weight: Callable[[int], float], most: int | None = None) -> Matrix:
    """Sum of the weights of the names that two entities share; names of more than ``most`` entities are left out."""
    frequency = Counter(name for found in names for name in found)
    kept = sorted(name for name, count in frequency.items() if 1 < count <= (most or evidence.size))
    column = {name: place for place, name in enumerate(kept)}
    entries = {
        (row, column[name]): weight(frequency[name]) ** 0.5 for row, found in enumerate(names) for name in sorted(found) if name in column
    }
    matrix = evidence.matrix(entries, (evidence.size, max(len(kept), 1)))
    return sp.csr_array(matrix @ matrix.T)


def _same_prefix(evidence: Evidence) -> Matrix:
    first = [re.findall(r"[^\W_]+", entity_id.rsplit("/", 1)[-1].lower())[:1] for entity_id in evidence.ids]
    return _shared(evidence, [set(words) for words in first], lambda _: 1.0)


def _shared_tags(evidence: Evidence) -> Matrix:
    return _shared(evidence, [set(entity.tags) for entity in evidence.corpus.entities.values()], lambda count: 2.0 / log2(count + 2))


def _shared_shingles(evidence: Evidence) -> Matrix:
    """Shared runs of five words over those of the shorter text, 0 to 1; runs that more than 50 texts share are left out."""
    names: list[set[str]] = []
    for entity in evidence.corpus.entities.values():
        document = evidence.corpus.documents.get(entity.path or "")
        words = " ".join(block.text for block in document.blocks).lower().split() if document else []
        names.append({format(crc32(" ".join(words[place : place + _SHINGLE]).encode()), "x") for place in range(len(words) - _SHINGLE + 1)})
    shared = _shared(evidence, names, lambda _: 1.0, 50).tocoo()
    size = np.array([max(len(found), 1) for found in names])
    data = shared.data / np.minimum(size[shared.row], size[shared.col])
    return sp.csr_array((data, (shared.row, shared.col)), shape=shared.shape)


def z_sum(evidence: Evidence) -> Matrix:
    """Sum of the other signals of text and graph, each standardised over its row, with equal weights.

    The mean that standardising takes off shifts a whole row and is left out.
    """
    total: Matrix = sp.csr_array((evidence.size, evidence.size), dtype=np.float64)
    for part in (tfidf, bm25, lsi, adamic_adar, co_citation, pagerank, graph_pagerank):
        scores = sp.csr_array(part(evidence))
        square = np.asarray(scores.multiply(scores).mean(axis=1)).ravel()
        mean = np.asarray(scores.mean(axis=1)).ravel()
        spread = np.sqrt(np.maximum(square - mean * mean, 0.0))
        total = total + sp.diags_array(np.where(spread > 0, 1.0 / np.where(spread > 0, spread, 1.0), 0.0)) @ scores
    return sp.csr_array(total)


BASELINES: dict[str, Callable[[Evidence], Matrix]] = {
    "popularity": popularity,
    "adamic-adar": adamic_adar,
    "co-citation": co_citation,
    "pagerank": pagerank,
    "graph-pagerank": graph_pagerank,
    "tf-idf": tfidf,
    "bm25": bm25,
    "lsi": lsi,
    "mention": mention,
    "hand-tuned": hand_tuned,
    "z-sum": z_sum,
}
"""Baselines by name, in the order of reports; :mod:`kgraph.evaluate.choosing` adds those that need a model."""
