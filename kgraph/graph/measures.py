"""Measures of nodes, under their names in the literature, on the graph of links and relations; equal to those of NetworkX."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct

if TYPE_CHECKING:
    import networkx as nx

    from kgraph.graph.csr import CSRGraph

__all__ = ["HUB_MEASURES", "HubMeasure", "Measures", "Walks", "betweenness", "hits_by", "measure", "pagerank_by", "walks"]

HubMeasure = Literal["hub", "authority", "pagerank", "in-degree", "out-degree", "betweenness"]
HUB_MEASURES: tuple[HubMeasure, ...] = ("hub", "authority", "pagerank", "in-degree", "out-degree", "betweenness")
_SEED = 20_240_229
_DIGITS = 9
_TOLERANCE = 1e-10
_MOST_STEPS = 1000
_DAMPING = 0.85
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


class Walks(Struct, frozen=True):
    """Scores by the power method: arrays of n."""

    pagerank: Any
    hub: Any
    authority: Any


def measure(graph: CSRGraph | nx.DiGraph[Any], found: Walks | None = None) -> dict[Any, Measures]:
    """Measures of every node, in the order of the graph; an empty graph gives none.

    ``found`` are the scores of :func:`walks`, where another engine has them already.
    """
    if len(graph) == 0:
        return {}
    from random import Random

    from kgraph.graph.csr import CSRGraph
    from kgraph.graph.louvain import louvain

    csr = graph if isinstance(graph, CSRGraph) else CSRGraph.from_networkx(graph)
    scores = found or walks(csr)
    draw = Random(_SEED)  # noqa: S311 - an order, no secret
    columns = (
        *([round(value, _DIGITS) for value in values.tolist()] for values in (scores.pagerank, scores.hub, scores.authority)),
        csr.in_degrees().tolist(),
        csr.out_degrees().tolist(),
        _by_size(csr, louvain(len(csr), csr.sources, csr.indices, csr.weights, draw)),
    )
    return dict(zip(csr, map(Measures, *columns), strict=True))


def _by_size(graph: CSRGraph, community: Any) -> list[int]:
    """Communities numbered from the largest on, those of one size by their first node."""
    import numpy as np

    first: dict[int, Any] = {}
    for node, number in sorted(zip(graph, community.tolist(), strict=True), reverse=True):
        first[number] = node
    sizes = np.bincount(community).tolist()
    numbers = {number: place for place, number in enumerate(sorted(first, key=lambda number: (-sizes[number], first[number])))}
    return [numbers[number] for number in community.tolist()]


def walks(graph: CSRGraph) -> Walks:
    """PageRank and HITS of a graph."""
    import numpy as np

    links, back = graph.matrix, graph.reversed.matrix
    steps, lost = graph.steps()
    hubs, authorities = hits_by(links.dot, back.dot, len(graph)) if links.nnz else (np.zeros(len(graph)), np.zeros(len(graph)))
    return Walks(pagerank_by(lambda now: now @ steps, lost), hubs, authorities)


def pagerank_by(step: Callable[[Any], Any], ends: Any) -> Any:
    """PageRank by the power method: array of n.

    Args:
        step: Where a surfer is after one step along an edge, from where the surfer is.
        ends: Which nodes no edge leads from: from there all nodes are as near.

    Raises:
        ArithmeticError: it does not settle.

    """
    import numpy as np

    size = len(ends)
    now = even = np.full(size, 1.0 / size)
    lost = np.flatnonzero(ends)
    for _ in range(_MOST_STEPS):
        before = now
        now = _DAMPING * (step(now) + sum(now[lost]) * even) + (1 - _DAMPING) * even
        if np.abs(now - before).sum() < size * _TOLERANCE:
            return now
    raise ArithmeticError(f"PageRank of {size} nodes does not settle in {_MOST_STEPS} steps")


def hits_by(there: Callable[[Any], Any], back: Callable[[Any], Any], size: int) -> tuple[Any, Any]:
    """HITS of a graph with edges by the power method from equal scores, as in the paper: hub and authority scores, arrays of n.

    :func:`networkx.hits` asks ARPACK for one singular vector, which fails where several are equally good, as in a chain.

    Args:
        there: The matrix, with a row for each source, times a vector.
        back: The transposed matrix times a vector.
        size: Number of nodes n.

    """
    import numpy as np

    hubs = np.full(size, 1.0 / size)
    for _ in range(_MOST_STEPS):
        before, hubs = hubs, there(back(hubs))
        hubs = hubs / hubs.sum()
        if np.abs(hubs - before).sum() < _TOLERANCE:
            break
    hubs[hubs < _REMAINDER] = 0.0
    authorities = back(hubs)
    authorities = authorities / authorities.sum()
    authorities[authorities < _REMAINDER] = 0.0
    return hubs, authorities


def betweenness(graph: nx.DiGraph[str]) -> dict[str, float]:
    """Share of shortest paths through each node, in [0, 1] (Freeman 1977, doi:10.2307/3033543).

    Exact up to 2,000 nodes; beyond, estimated from 500 seeded sources (Brandes and Pich 2007, doi:10.1142/S0218127407018403).
    """
    import networkx as nx

    sample = None if len(graph) <= 2000 else 500
    scores = nx.betweenness_centrality(graph, k=sample, normalized=True, seed=_SEED)
    return {node: round(score, _DIGITS) for node, score in scores.items()}
