"""The backend that lets functions of NetworkX take a :class:`~kgraph.graph.csr.CSRGraph`.

Registered through the entry point group ``networkx.backends``, so that ``nx.pagerank(graph)`` works on ten million edges without a
dictionary for each. The functions have the names, arguments and results of those of NetworkX, which say what they mean; a function that
is not here says so, or runs on a converted graph where ``nx.config.fallback_to_nx`` is set.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from random import Random
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from kgraph.graph.csr import CSRGraph
from kgraph.graph.louvain import louvain

if TYPE_CHECKING:
    import networkx as nx

__all__ = [
    "convert_from_nx",
    "convert_to_nx",
    "hits",
    "in_degree_centrality",
    "louvain_communities",
    "number_weakly_connected_components",
    "out_degree_centrality",
    "pagerank",
    "strongly_connected_components",
    "weakly_connected_components",
]


def convert_from_nx(graph: nx.Graph[Any], *args: Any, **options: Any) -> CSRGraph:  # noqa: ARG001 - that of the protocol
    """A graph of NetworkX as one of this backend."""
    names: Mapping[str, Any] | None = options.get("edge_attrs")
    weight, default = next(iter(names.items())) if names else ("weight", 1.0)
    return CSRGraph.from_networkx(graph, weight=weight, default=1.0 if default is None else default)


def convert_to_nx(result: Any, **_: Any) -> Any:
    """A graph of this backend as one of NetworkX; other results are left as they are."""
    return result.subgraph(result) if isinstance(result, CSRGraph) else result


def pagerank(
    G: CSRGraph,
    alpha: float = 0.85,
    personalization: Mapping[Hashable, float] | None = None,
    max_iter: int = 100,
    tol: float = 1e-6,
    nstart: Mapping[Hashable, float] | None = None,
    weight: str | None = "weight",
    dangling: Mapping[Hashable, float] | None = None,
) -> dict[Hashable, float]:
    """As :func:`networkx.pagerank`, step for step."""
    import networkx as nx

    size = len(G)
    if size == 0:
        return {}
    steps, lost = G.steps(weight)
    start = np.full(size, 1.0 / size) if nstart is None else _shares(G, nstart)
    jump = np.full(size, 1.0 / size) if personalization is None else _shares(G, personalization)
    ends = jump if dangling is None else _shares(G, dangling)
    nowhere = np.flatnonzero(lost)
    now = start
    for _ in range(max_iter):
        before = now
        now = alpha * (now @ steps + sum(now[nowhere]) * ends) + (1 - alpha) * jump
        if np.abs(now - before).sum() < size * tol:
            return dict(zip(G, now.tolist(), strict=True))
    raise nx.PowerIterationFailedConvergence(max_iter)


def hits(
    G: CSRGraph,
    max_iter: int = 100,
    tol: float = 1.0e-8,
    nstart: Mapping[Hashable, float] | None = None,
    normalized: bool = True,
) -> tuple[dict[Hashable, float], dict[Hashable, float]]:
    """As :func:`networkx.hits`, by the power method from equal scores, or from ``nstart``.

    Where several directions are equally good, as in a graph of several like parts, NetworkX gives any one of them.
    """
    import networkx as nx

    size = len(G)
    if size == 0:
        return {}, {}
    links, back = G.matrix, G.reversed.matrix
    now = np.full(size, 1.0 / size) if nstart is None else _shares(G, nstart)
    for _ in range(max_iter):
        before, now = now, links @ (back @ now)
        now = now / (now.sum() or 1.0)
        if np.abs(now - before).sum() < tol:
            break
    else:
        raise nx.PowerIterationFailedConvergence(max_iter)
    authorities = back @ now
    if normalized:
        authorities = authorities / (authorities.sum() or 1.0)
    else:
        now, authorities = now / (now.max() or 1.0), authorities / (authorities.max() or 1.0)
    return dict(zip(G, now.tolist(), strict=True)), dict(zip(G, authorities.tolist(), strict=True))


def in_degree_centrality(G: CSRGraph) -> dict[Hashable, float]:
    """As :func:`networkx.in_degree_centrality`."""
    return _centrality(G, G.in_degrees())


def out_degree_centrality(G: CSRGraph) -> dict[Hashable, float]:
    """As :func:`networkx.out_degree_centrality`."""
    return _centrality(G, G.out_degrees())


def louvain_communities(
    G: CSRGraph,
    weight: str | None = "weight",
    resolution: float = 1,
    threshold: float = 1e-7,
    max_level: int | None = None,
    seed: Random | int | None = None,
) -> list[set[Hashable]]:
    """As :func:`networkx.community.louvain_communities` of the graph without directions, weights of both directions added up.

    Raises:
        NotImplementedError: ``resolution``, ``threshold`` or ``max_level`` is given: only their defaults are here.

    """
    if (resolution, threshold, max_level) != (1, 1e-7, None):
        raise NotImplementedError("only the default resolution, threshold and max_level: convert the graph with graph.subgraph(graph)")
    draw = seed if isinstance(seed, Random) else Random(seed)  # noqa: S311 - an order, no secret
    found = louvain(len(G), G.sources, G.indices, G.weighed(weight).data, draw)
    return _groups(G, found)


def weakly_connected_components(G: CSRGraph) -> Iterator[set[Hashable]]:
    """As :func:`networkx.weakly_connected_components`."""
    return iter(_groups(G, _components(G, "weak")[1]))


def number_weakly_connected_components(G: CSRGraph) -> int:
    """As :func:`networkx.number_weakly_connected_components`."""
    return int(_components(G, "weak")[0])


def strongly_connected_components(G: CSRGraph) -> Iterator[set[Hashable]]:
    """As :func:`networkx.strongly_connected_components`, in an order of its own."""
    return iter(_groups(G, _components(G, "strong")[1]))


def _components(graph: CSRGraph, kind: Literal["weak", "strong"]) -> tuple[int, Any]:
    from scipy.sparse.csgraph import connected_components

    found: tuple[int, Any] = connected_components(graph.unweighted, directed=True, connection=kind)
    return found


def _groups(graph: CSRGraph, numbers: Any) -> list[set[Hashable]]:
    """Nodes by number, in the order of the first node of each."""
    groups: dict[int, set[Hashable]] = {}
    for node, number in zip(graph, numbers.tolist(), strict=True):
        groups.setdefault(number, set()).add(node)
    return list(groups.values())


def _centrality(graph: CSRGraph, degrees: Any) -> dict[Hashable, float]:
    if len(graph) <= 1:
        return dict.fromkeys(graph, 1)
    return dict(zip(graph, (degrees * (1.0 / (len(graph) - 1))).tolist(), strict=True))


def _shares(graph: CSRGraph, values: Mapping[Hashable, float]) -> Any:
    """Values of the nodes, 0 where none is given, as shares of their sum.

    Raises:
        ZeroDivisionError: they sum to 0.

    """
    found = np.array([values.get(node, 0) for node in graph], dtype=np.float64)
    if found.sum() == 0:
        raise ZeroDivisionError
    return found / found.sum()
