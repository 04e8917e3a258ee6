"""Communities by the Louvain method, on arrays (Blondel et al. 2008, doi:10.1088/1742-5468/2008/10/P10008).

The steps are those of :func:`networkx.community.louvain_communities` on the graph without directions: the same order of nodes, the same
ties, so that the same seed gives the same communities. What takes NetworkX's dictionaries a minute takes arrays some seconds.
"""

from __future__ import annotations

import random
from typing import Any

import numpy as np
from msgspec import Struct

__all__ = ["louvain"]

_THRESHOLD = 1e-7
"""Gain in modularity below which it ends."""


class _Level(Struct, frozen=True):
    """A graph without directions: each edge in both rows, a loop once in its own; a row has its edges in the order in which they came."""

    indptr: Any
    indices: Any
    weights: Any
    degrees: Any
    """Weights of the edges of each node, loops counted twice."""

    @property
    def size(self) -> int:
        return len(self.indptr) - 1

    def edges(self) -> tuple[Any, Any, Any]:
        """Each edge once, node by node, as NetworkX tells them."""
        rows = np.repeat(np.arange(self.size), np.diff(self.indptr))
        once = self.indices >= rows
        return rows[once], self.indices[once], self.weights[once]


def louvain(size: int, sources: Any, targets: Any, weights: Any, draw: random.Random) -> Any:
    """Number of the community of each node: array of ``size``; numbers are in no order.

    Args:
        size: Number of nodes.
        sources: One end of each edge; directions don't count, edges that repeat add up.
        targets: The other end.
        weights: Weight of each edge.
        draw: Draws the order in which the nodes are visited.

    >>> louvain(5, np.array([0, 1, 0, 3]), np.array([1, 2, 2, 4]), np.ones(4), random.Random(1)).tolist()
    [0, 0, 0, 1, 1]

    """
    found = np.arange(size)
    if len(sources) == 0:
        return found
    level = _level(size, *_level(size, sources, targets, weights).edges())
    total = float(level.degrees.sum()) / 2
    before = _modularity(level, found)
    moved = _moved(level, total, draw)
    while True:
        found = moved[found]
        now = _modularity(level, moved)
        if now - before <= _THRESHOLD:
            return found
        before = now
        rows, columns, values = level.edges()
        level = _level(int(moved.max()) + 1, moved[rows], moved[columns], values)
        moved = _moved(level, total, draw)


def _level(size: int, sources: Any, targets: Any, weights: Any) -> _Level:
    """A graph from its edges in the order in which they come."""
    low, high = np.minimum(sources, targets).astype(np.int64), np.maximum(sources, targets).astype(np.int64)
    keys, first, place = np.unique(low * size + high, return_index=True, return_inverse=True)
    values = np.bincount(place, weights=weights, minlength=len(keys))
    low, high = keys // size, keys % size
    apart = low != high
    rows, columns = np.concatenate((low, high[apart])), np.concatenate((high, low[apart]))
    data, time = np.concatenate((values, values[apart])), np.concatenate((first, first[apart]))
    order = np.lexsort((time, rows))
    indptr = np.zeros(size + 1, dtype=np.int64)
    np.cumsum(np.bincount(rows, minlength=size), out=indptr[1:])
    degrees = np.bincount(rows, weights=data, minlength=size) + np.bincount(low[~apart], weights=values[~apart], minlength=size)
    return _Level(indptr, columns[order], data[order], degrees)


def _modularity(level: _Level, community: Any) -> float:
    """How much more of the edges lies within communities than by chance (Newman 2004, doi:10.1103/PhysRevE.69.066133), in [-1/2, 1]."""
    rows, columns, values = level.edges()
    within = community[rows] == community[columns]
    count = int(community.max()) + 1
    inside = np.bincount(community[rows[within]], weights=values[within], minlength=count)
    degree = np.bincount(community, weights=level.degrees, minlength=count)
    total = float(level.degrees.sum())
    return float(sum((inside / (total / 2) - degree * degree * (1 / total**2)).tolist()))


def _moved(level: _Level, total: float, draw: random.Random) -> Any:
    """One level: every node moves to the community of a neighbour that gains most, until none gains; communities are numbered anew."""
    community = list(range(level.size))
    degrees: list[float] = level.degrees.tolist()
    sums = list(degrees)
    twice = 2 * total**2
    order = list(range(level.size))
    draw.shuffle(order)
    indptr, indices, weights = level.indptr.tolist(), level.indices, level.weights
    moves = 1
    while moves:
        moves = 0
        for node in order:
            start, end = indptr[node], indptr[node + 1]
            near: dict[int, float] = {}
            for other, weight in zip(indices[start:end].tolist(), weights[start:end].tolist(), strict=True):
                if other != node:
                    there = community[other]
                    near[there] = near.get(there, 0.0) + weight
            own, degree = community[node], degrees[node]
            sums[own] -= degree
            stay = -near.get(own, 0.0) / total + (sums[own] * degree) / twice
            best, most = own, 0.0
            for there, weight in near.items():
                gain = stay + weight / total - (sums[there] * degree) / twice
                if gain > most:
                    best, most = there, gain
            sums[best] += degree
            if best != own:
                community[node] = best
                moves += 1
    return np.unique(np.array(community, dtype=np.int64), return_inverse=True)[1].ravel()
