"""Measures of nodes, under their names in the literature, computed by NetworkX on the graph of links and relations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec import Struct

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["HUB_MEASURES", "HubMeasure", "Measures", "betweenness", "measure"]

HubMeasure = Literal["hub", "authority", "pagerank", "in-degree", "out-degree", "betweenness"]
HUB_MEASURES: tuple[HubMeasure, ...] = ("hub", "authority", "pagerank", "in-degree", "out-degree", "betweenness")
_SEED = 20_240_229
_DIGITS = 9
_TOLERANCE = 1e-10
_MOST_STEPS = 1000
_REMAINDER = 1e-8
"""Scores below are what the power method has not yet taken away from nodes that have none."""


class Measures(Struct, frozen=True):
    """Measures of one node."""

    pagerank: float
    """Share of a random surfer's time, damping 0.85; sums to 1 over all nodes (Brin and Page 1998, doi:10.1016/S0169-7552(98)00110-X)."""
    hub: float
    """HITS hub score: links to many authorities; sums to 1 over all nodes (Kleinberg 1999, doi:10.1145/324133.324140)."""
    authority: float
    """HITS authority score: linked from many hubs; sums to 1 over all nodes."""
    in_degree: int
    """Entities that link or relate here."""
    out_degree: int
    """Entities linked or related from here."""
    community: int
    """Number of the community, 0 for the largest (Louvain: Blondel et al. 2008, doi:10.1088/1742-5468/2008/10/P10008)."""


def measure(graph: nx.DiGraph[str]) -> dict[str, Measures]:
    """Measures of every node, in the order of the graph; an empty graph gives none."""
    import networkx as nx

    if len(graph) == 0:
        return {}
    pagerank = nx.pagerank(graph, alpha=0.85, weight="weight", tol=_TOLERANCE, max_iter=_MOST_STEPS)
    hubs, authorities = _hits(graph)
    community = {
        node: number
        for number, members in enumerate(
            sorted(nx.community.louvain_communities(_undirected(graph), weight="weight", seed=_SEED), key=lambda m: (-len(m), min(m)))
        )
        for node in members
    }
    return {
        node: Measures(
            round(pagerank[node], _DIGITS), round(hubs[node], _DIGITS), round(authorities[node], _DIGITS),
            graph.in_degree(node), graph.out_degree(node), community[node],
        )
        for node in graph
    }  # fmt: skip


def _undirected(graph: nx.DiGraph[str]) -> nx.Graph[str]:
    """The same edges without direction, weights added up, in a fixed order."""
    import networkx as nx

    plain: nx.Graph[str] = nx.Graph()
    plain.add_nodes_from(graph)
    for source, target, weight in graph.edges(data="weight", default=1.0):
        before = plain.edges[source, target]["weight"] if plain.has_edge(source, target) else 0.0
        plain.add_edge(source, target, weight=before + weight)
    return plain


def _hits(graph: nx.DiGraph[str]) -> tuple[dict[str, float], dict[str, float]]:
    """HITS of a graph; all zero when it has no edge.

    By the power method from equal scores, as in the paper, on the adjacency matrix of NetworkX: :func:`networkx.hits` asks ARPACK for
    one singular vector, which fails where several are equally good, as in a chain.
    """
    import networkx as nx
    import numpy as np

    nodes = list(graph)
    if graph.number_of_edges() == 0:
        zero = dict.fromkeys(nodes, 0.0)
        return zero, dict(zero)
    links = nx.to_scipy_sparse_array(graph, nodelist=nodes, weight="weight", dtype=np.dtype(float), format="csr")
    back = links.T.tocsr()
    hubs = np.full(len(nodes), 1.0 / len(nodes))
    for _ in range(_MOST_STEPS):
        before, hubs = hubs, links @ (back @ hubs)
        hubs /= hubs.sum()
        if np.abs(hubs - before).sum() < _TOLERANCE:
            break
    hubs[hubs < _REMAINDER] = 0.0
    authorities = back @ hubs
    authorities /= authorities.sum()
    authorities[authorities < _REMAINDER] = 0.0
    return dict(zip(nodes, hubs.tolist(), strict=True)), dict(zip(nodes, authorities.tolist(), strict=True))


def betweenness(graph: nx.DiGraph[str]) -> dict[str, float]:
    """Share of shortest paths through each node, in [0, 1] (Freeman 1977, doi:10.2307/3033543).

    Exact up to 2,000 nodes; beyond, estimated from 500 seeded sources (Brandes and Pich 2007, doi:10.1142/S0218127407018403).
    """
    import networkx as nx

    sample = None if len(graph) <= 2000 else 500
    scores = nx.betweenness_centrality(graph, k=sample, normalized=True, seed=_SEED)
    return {node: round(score, _DIGITS) for node, score in scores.items()}
