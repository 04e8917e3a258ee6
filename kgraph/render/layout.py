"""Where the nodes of a picture go: seeded, and the same to the last bit every time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np

from kgraph.render.forces import Array, Springs, repelling, separate, settle
from kgraph.render.lanes import lane_positions
from kgraph.render.packing import Box, pack
from kgraph.render.picture import Picture
from kgraph.render.rings import ring_positions
from kgraph.render.sizes import SMALL_PICTURE, node_radius

if TYPE_CHECKING:
    Graph = nx.Graph[int]

__all__ = ["layout_positions", "picture_graph"]

_SEED = 20_260_101
_KIND_PULL = {"relation": 1.0, "link": 0.7, "related": 0.8, "added": 1.0, "removed": 0.5}
_BETWEEN = 0.4
"""How much weaker an edge between two communities pulls than one within: it makes clusters visible."""
_WORK = 120_000_000
"""Pair forces to compute in all, which bounds the time for large pictures."""


def layout_positions(picture: Picture) -> dict[str, tuple[float, float]]:
    """Return the position of every node by id, in layout units (pixels at zoom 1).

    A picture of paths has a lane for each. A picture about one node has it in the centre, its surroundings on rings when they are few. Any
    other is laid out by forces within each connected component, and the components are packed next
    to each other. The centre of the drawing is (0, 0), coordinates are rounded to a tenth, and
    nodes do not overlap.
    """
    if not picture.nodes:
        return {}
    graph = picture_graph(picture)
    if picture.lanes:
        return lane_positions(picture.lanes)
    focus = next((index for index, node in enumerate(picture.nodes) if node.focus), None)
    if focus is not None and len(picture.nodes) <= SMALL_PICTURE:
        spots = _around(picture, graph, focus)
    else:
        spots = _packed(picture, graph)
        if focus is not None:
            x, y = spots[focus]
            spots = {index: (spot[0] - x, spot[1] - y) for index, spot in spots.items()}
    return {node.id: (round(spots[index][0], 1) + 0.0, round(spots[index][1], 1) + 0.0) for index, node in enumerate(picture.nodes)}


def picture_graph(picture: Picture) -> Graph:
    """Return the undirected weighted graph on node indexes, parallel edges added up.

    Self-loops, and edges whose end is not in the picture, are left out.
    """
    graph: Graph = nx.Graph()
    graph.add_nodes_from(range(len(picture.nodes)))
    index = {node.id: number for number, node in enumerate(picture.nodes)}
    for edge in sorted(picture.edges, key=lambda edge: (edge.source, edge.target, edge.kind, edge.label or "", edge.weight)):
        left, right = index.get(edge.source), index.get(edge.target)
        if left is None or right is None or left == right:
            continue
        pull = _KIND_PULL[edge.kind] * min(max(edge.weight, 0.01), 1.0)
        known = graph.get_edge_data(left, right, {"weight": 0.0})["weight"]
        graph.add_edge(left, right, weight=known + pull)
    return graph


def _around(picture: Picture, graph: Graph, focus: int) -> dict[int, tuple[float, float]]:
    members = list(range(len(picture.nodes)))
    x, y = _forces(picture, graph, members)
    angles = {index: (float(x[index] - x[focus]), float(y[index] - y[focus])) for index in members}
    return ring_positions(graph, focus, angles)


def _packed(picture: Picture, graph: Graph) -> dict[int, tuple[float, float]]:
    radius = np.array([node_radius(picture, node) for node in picture.nodes])
    parts = sorted((sorted(part) for part in nx.connected_components(graph)), key=lambda part: (-len(part), part[0]))
    boxes = []
    for members in parts:
        if len(members) == 1:
            x, y = np.zeros(1), np.zeros(1)
        else:
            x, y = _component(picture, graph, members, radius[members])
        boxes.append(Box.around(members, x, y, radius[members]))
    return pack(boxes, key=lambda index: (picture.nodes[index].type, -picture.nodes[index].importance))


def _component(picture: Picture, graph: Graph, members: list[int], radius: Array) -> tuple[Array, Array]:
    x, y = _level(*_forces(picture, graph.subgraph(members), members))
    x, y = _scale(x, y, radius, roomy=len(picture.nodes) <= SMALL_PICTURE)
    return separate(x, y, radius + 2.0 + 0.25 * radius, steps=80)


def _forces(picture: Picture, graph: Graph, members: list[int]) -> tuple[Array, Array]:
    """Return settled positions of the members, in the order given, starting community by community."""
    place = {index: number for number, index in enumerate(members)}
    community = _communities(picture, graph, place)
    edges = sorted((min(a, b), max(a, b), data["weight"]) for a, b, data in graph.edges(data=True))
    left = np.array([place[a] for a, _, _ in edges], dtype=np.intp)
    right = np.array([place[b] for _, b, _ in edges], dtype=np.intp)
    strength = np.array([weight for _, _, weight in edges], dtype=np.float64)
    strength = np.where(community[left] == community[right], strength, strength * _BETWEEN)
    size = len(members)
    degree = np.bincount(left, strength, size) + np.bincount(right, strength, size)
    mean = float(degree.mean()) or 1.0
    mass = 0.4 + degree / mean
    springs = Springs(left=left, right=right, strength=strength / mean)
    x, y = _start(community, size)
    steps = int(min(260, max(30, _WORK // max(size * repelling(size), 1))))
    return settle(x, y, springs, mass=mass, gravity=0.02, steps=steps)


def _communities(picture: Picture, graph: Graph, place: dict[int, int]) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Return the community of each member, numbered from the largest: those of the picture, else those that are found."""
    known: dict[int, list[int]] = defaultdict(list)
    for index in place:
        known[-1 if (given := picture.nodes[index].community) is None else given].append(index)
    if -1 not in known and len(known) > 1:
        return _numbered(known.values(), place)
    found = nx.community.louvain_communities(graph, weight="weight", seed=_SEED, max_level=4)
    return _numbered(found, place)


def _numbered(groups: Iterable[Iterable[int]], place: dict[int, int]) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    community = np.zeros(len(place), dtype=np.intp)
    for number, group in enumerate(sorted((sorted(part) for part in groups), key=lambda part: (-len(part), part[0]))):
        for index in group:
            community[place[index]] = number
    return community


def _start(community: np.ndarray[tuple[int], np.dtype[np.intp]], size: int) -> tuple[Array, Array]:
    """Return a seeded start: each community a cloud of its own, the clouds on a sunflower spiral."""
    rng = np.random.RandomState(_SEED)
    groups = int(community.max()) + 1
    turn = 2.399963229728653 * np.arange(groups)
    reach = np.sqrt(np.arange(groups) + 0.5) * (size / groups) ** 0.5 * 1.5
    x = np.round(reach * np.cos(turn), 6)[community] + rng.uniform(-1, 1, size)
    y = np.round(reach * np.sin(turn), 6)[community] + rng.uniform(-1, 1, size)
    return x, y


def _level(x: Array, y: Array) -> tuple[Array, Array]:
    """Return the positions centred and turned so that the longest extent runs from left to right."""
    x, y = x - x.mean(), y - y.mean()
    angle = 0.5 * np.arctan2(2 * (x * y).sum(), (x * x).sum() - (y * y).sum())
    cosine, sine = np.cos(angle), np.sin(angle)
    return np.round(x * cosine + y * sine, 6), np.round(y * cosine - x * sine, 6)


def _scale(x: Array, y: Array, radius: Array, *, roomy: bool) -> tuple[Array, Array]:
    """Return the positions a little widened, and sized so that the discs fill a fixed share of the area."""
    x, y = _gather(x, y)
    wide, high = max(float(np.ptp(x)), 1e-6), max(float(np.ptp(y)), 1e-6)
    if len(x) > 2:
        x = x * min(1.45, max(1.0, 1.6 * high / wide))
    reach = float(np.sqrt((x * x + y * y).mean())) or 1.0
    spread = (3.6 if roomy else 1.4) if len(x) < 4 else 1.75 if len(x) > SMALL_PICTURE else 2.6
    wanted = float(np.sqrt(((radius + 4.0) ** 2).sum())) * spread
    return x * (wanted / reach), y * (wanted / reach)


def _gather(x: Array, y: Array) -> tuple[Array, Array]:
    """Return the positions with the outermost tenth drawn in, at most 1.4 times as far out as the rest."""
    distance = np.sqrt(x * x + y * y)
    rim = float(np.sort(distance)[int(0.9 * (len(x) - 1))]) or 1.0
    beyond = np.maximum(distance / rim - 1.0, 0.0)
    factor = np.where(beyond > 0.0, (1.0 + beyond / (1.0 + beyond / 0.4)) / (1.0 + beyond), 1.0)
    return x * factor, y * factor
