"""One node in the centre and its surroundings on rings around it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import networkx as nx

if TYPE_CHECKING:
    Graph = nx.Graph[int]

__all__ = ["ring_positions"]

_FIRST_RING = 10
"""Most nodes on the innermost ring; each next ring holds this many more."""
_STEP = 150.0
"""Distance between rings, in layout units."""
_STRETCH = 1.45
"""How much wider than high the rings are: labels need width."""


def ring_positions(graph: Graph, focus: int, directions: dict[int, tuple[float, float]]) -> dict[int, tuple[float, float]]:
    """Return positions with the focus at (0, 0) and everything else evenly spread on ellipses.

    The nearest in steps, and then the most strongly connected, are on the inner rings.

    Args:
        graph: Undirected weighted graph.
        focus: Node in the centre.
        directions: Where each node would like to be as seen from the focus; only the angle counts.

    """
    spots = {focus: (0.0, 0.0)}
    rings = _rings(graph, focus)
    for number, ring in enumerate(rings, start=1):
        turn = {node: math.atan2(directions[node][1], directions[node][0]) for node in ring}
        ring.sort(key=lambda node: (turn[node], node))
        offset = _offset([turn[node] for node in ring])
        reach = _STEP * (number + (0.25 if len(rings) == 1 else 0.1))
        for place, node in enumerate(ring):
            angle = offset + math.tau * place / len(ring)
            spots[node] = (reach * _STRETCH * math.cos(angle), reach * math.sin(angle))
    return spots


def _rings(graph: Graph, focus: int) -> list[list[int]]:
    steps = nx.single_source_shortest_path_length(graph, focus)
    far = max(steps.values()) + 1

    def order(node: int) -> tuple[float, float, int]:
        return (steps.get(node, far), -graph.get_edge_data(focus, node, {"weight": 0.0})["weight"], node)

    rest = sorted((node for node in graph if node != focus), key=order)
    rings: list[list[int]] = []
    for distance in sorted({steps.get(node, far) for node in rest}):
        level = [node for node in rest if steps.get(node, far) == distance]
        while level:
            room = _FIRST_RING * (len(rings) + 1)
            take = room if len(level) > room * 1.3 else len(level)
            rings.append(level[:take])
            level = level[take:]
    return rings


def _offset(turns: list[float]) -> float:
    """Return the rotation that brings evenly spread places closest to the wanted angles."""
    share = math.tau / len(turns)
    sine = sum(math.sin(turn - share * place) for place, turn in enumerate(turns))
    cosine = sum(math.cos(turn - share * place) for place, turn in enumerate(turns))
    return round(math.atan2(sine, cosine), 6)
