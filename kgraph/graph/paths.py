"""How two entities are connected: the most telling paths over relations, links and mentions, whichever way these run."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

from kgraph.model.corpus import Link, Mention, Relation
from kgraph.model.relations import RELATED

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["find_paths", "project_connections"]

_TYPED, _JOINED, _NAMED = 1.0, 1.5, 2.5
"""Cost of a step along a relation that says what it is, along a link or one that says no more than "related", along a mention."""
_CROWD = 16.0
"""A step between two entities of n connections each costs 1 + 2 log2(1 + n) / 16 times as much: a path over what everything is joined to
says little."""


def project_connections(
    entities: Iterable[str], links: Iterable[Link], relations: Iterable[Relation], mentions: Iterable[Mention]
) -> nx.Graph[str]:
    """The undirected graph that paths are looked for in; nodes and edges in the order of their ids.

    The ``cost`` of an edge is that of the most telling statement between its ends, in either direction, raised where they have
    many connections.
    """
    import networkx as nx

    costs: dict[tuple[str, str], float] = {}

    def join(source: str, target: str | None, cost: float) -> None:
        if target is not None and target != source:
            pair = (source, target) if source < target else (target, source)
            costs[pair] = min(cost, costs.get(pair, math.inf))

    for relation in relations:
        join(relation.source, relation.target, _JOINED if relation.name == RELATED else _TYPED)
    for link in links:
        join(link.source, link.target, _JOINED)
    for mention in mentions:
        join(mention.source, mention.target, _NAMED)
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(entities)
    graph.add_weighted_edges_from(((source, target, cost) for (source, target), cost in sorted(costs.items())), weight="cost")
    crowd = {node: math.log2(1 + degree) / _CROWD for node, degree in graph.degree()}
    for source, target, data in graph.edges(data=True):
        data["cost"] *= 1.0 + crowd[source] + crowd[target]
    return graph


def find_paths(graph: nx.Graph[str], source: str, target: str, *, count: int = 3) -> list[list[str]]:
    """Up to ``count`` paths from ``source`` to ``target``, the cheapest first, that share no entity between the two ends.

    Each is a shortest path (Dijkstra 1959, doi:10.1007/BF01386390) in what the ones before it leave; of entities joined directly the
    first path is that one step. No path at all, or one end at both sides, gives an empty list.

    Args:
        graph: As :func:`project_connections` makes it.
        source: Id of the entity to start from, a node of the graph.
        target: Id of the entity to reach, a node of the graph.
        count: Paths at the most.

    """
    import networkx as nx

    barred: set[str] = set()
    ends = {source, target}

    def cost(left: str, right: str, data: dict[str, float]) -> float | None:
        if left in barred or right in barred or (direct and left in ends and right in ends):
            return None
        return data["cost"]

    direct = False
    found: list[list[str]] = []
    while source != target and len(found) < count:
        try:
            path: list[str] = nx.bidirectional_dijkstra(graph, source, target, weight=cost)[1]
        except nx.NetworkXNoPath:
            break
        found.append(path)
        barred.update(path[1:-1])
        direct = direct or len(path) == 2
    return found
