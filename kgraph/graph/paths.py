"""How two entities are connected: the most telling paths over relations, links and mentions, whichever way these run."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kgraph.model.corpus import Link, Mention, Relation
from kgraph.model.relations import RELATED

if TYPE_CHECKING:
    import scipy.sparse as sp
    from numpy.typing import NDArray

__all__ = ["Connections", "find_paths", "project_connections"]

_TYPED, _JOINED, _NAMED = 1.0, 1.5, 2.5
"""Cost of a step along a relation that says what it is, along a link or one that says no more than "related", along a mention."""
_CROWD = 16.0
"""A step between two entities of n connections each costs 1 + 2 log2(1 + n) / 16 times as much: a path over what everything is joined to
says little."""


@dataclass(frozen=True, slots=True)
class Connections:
    """The undirected graph that paths are looked for in."""

    places: dict[str, int]
    """Row of each entity, rows in the order given."""
    costs: sp.csr_array
    """Square and symmetric: cost of the step between two entities that something joins, each above 0."""
    rows: NDArray[np.int32]
    """Row of each stored cost."""

    def joined(self, one: str, other: str) -> bool:
        """Whether a statement joins two entities."""
        return bool(self.costs[self.places[one], self.places[other]])


def project_connections(
    entities: Iterable[str], links: Iterable[Link], relations: Iterable[Relation], mentions: Iterable[Mention]
) -> Connections:
    """The graph of all that joins entities.

    The cost of a step is that of the most telling statement between its ends, in either direction, raised where they have many
    connections.
    """
    import scipy.sparse as sp

    cheapest: dict[tuple[str, str], float] = {}

    def join(source: str, target: str | None, cost: float) -> None:
        if target is not None and target != source:
            pair = (source, target) if source < target else (target, source)
            cheapest[pair] = min(cost, cheapest.get(pair, math.inf))

    for relation in relations:
        join(relation.source, relation.target, _JOINED if relation.name == RELATED else _TYPED)
    for link in links:
        join(link.source, link.target, _JOINED)
    for mention in mentions:
        join(mention.source, mention.target, _NAMED)
    places = {entity_id: place for place, entity_id in enumerate(entities)}
    ends = np.array([(places[source], places[target]) for source, target in cheapest], dtype=np.int32).reshape(-1, 2)
    rows, columns = np.concatenate((ends[:, 0], ends[:, 1])), np.concatenate((ends[:, 1], ends[:, 0]))
    crowd = np.log2(1.0 + np.bincount(rows, minlength=len(places))) / _CROWD
    costs = np.tile(np.fromiter(cheapest.values(), float, len(cheapest)), 2) * (1.0 + crowd[rows] + crowd[columns])
    matrix = sp.csr_array((costs, (rows, columns)), shape=(len(places), len(places)))
    matrix.sort_indices()
    return Connections(places, matrix, np.repeat(np.arange(len(places), dtype=np.int32), np.diff(matrix.indptr)))


def find_paths(connections: Connections, source: str, target: str, *, count: int = 3) -> list[list[str]]:
    """Up to ``count`` paths from ``source`` to ``target``, the cheapest first, that share no entity between the two ends.

    Each is a shortest path (Dijkstra 1959, doi:10.1007/BF01386390) in what the ones before it leave; of entities joined directly the
    first path is that one step. No path at all, or one end at both sides, gives an empty list.

    Args:
        connections: As :func:`project_connections` makes them.
        source: Id of the entity to start from.
        target: Id of the entity to reach.
        count: Paths at the most.

    Raises:
        KeyError: one of the two is no entity of ``connections``.

    """
    start, end = connections.places[source], connections.places[target]
    if start == end:
        return []
    ids, rows, columns = list(connections.places), connections.rows, connections.costs.indices
    left = connections.costs.copy()
    found: list[list[str]] = []
    while len(found) < count:
        path = _cheapest(left, start, end)
        if path is None:
            break
        found.append([ids[place] for place in path])
        # What a path went over is as good as cut off for the next one.
        inner = path[1:-1]
        taken = np.isin(rows, inner) | np.isin(columns, inner) if inner else np.isin(rows, path) & np.isin(columns, path)
        left.data[taken] = math.inf
    return found


def _cheapest(costs: sp.csr_array, start: int, end: int) -> list[int] | None:
    """Rows along the cheapest way from one to another, or None when there is none."""
    from scipy.sparse.csgraph import dijkstra

    reached, before = dijkstra(costs, indices=np.asarray(start), return_predecessors=True)
    if not np.isfinite(reached[end]):
        return None
    path = [end]
    while path[-1] != start:
        path.append(int(before[path[-1]]))
    return path[::-1]
