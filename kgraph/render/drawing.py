"""Turns a picture into the nodes, edges and options of a pyvis network."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from pyvis.edge import Edge
from pyvis.network import Network

from kgraph.render.escape import clean, safe_href, seen
from kgraph.render.lines import Line, lines_of
from kgraph.render.picture import Picture, PictureNode
from kgraph.render.sizes import SMALL_PICTURE, node_radius, radius_of

__all__ = ["PALETTE_SIZE", "drawing_data"]

PALETTE_SIZE = 12
"""Number of colours for types."""
SHAPES = ("dot", "diamond", "square", "triangle")
"""Shapes of nodes: with half of the colours each, they tell twice as many types apart as there are colours, also without colours."""
_SHOWN_AT_FIRST = 1_500
"""Edges shown before the reader asks for more."""
_SHOWN_EACH = 3
"""And as many for each node, in a picture that is not small or an overview: its backbone."""
_FEW = 40
"""Up to this many nodes communities are no help to find one's way."""
_HIDE_WHILE_DRAGGING = 2_500
"""From this many edges on, they are hidden while the view is dragged."""


def drawing_data(picture: Picture, positions: dict[str, tuple[float, float]]) -> dict[str, Any]:
    """Return everything the page's script needs, ready for JSON: see ``assets/data.js``.

    Args:
        picture: What is drawn. Self-loops and edges to nodes it does not have are left out.
        positions: Position of every node by id.

    """
    small = len(picture.nodes) <= SMALL_PICTURE
    lines = lines_of(picture)
    network = Network(height="100%", width="100%", directed=True)
    network.set_options(json.dumps(_options(len(lines))))
    slots, measures = _slots(picture), _measures(picture)
    for node in picture.nodes:
        x, y = positions[node.id]
        details = _details(node, slots)
        if len(measures) > 1:
            details["sizes"] = [radius_of(picture, node, value) for value in (node.importance, node.hub, node.authority)]
        network.add_node(node.id, label=clean(seen(node.title, node.id)), x=x, y=y, size=node_radius(picture, node), **details)
    network.edges = [_edge(line, small=small, groups=picture.groups) for line in lines]
    nodes, edges, _, _, _, options = network.get_network_data()
    return {
        "nodes": nodes,
        "edges": edges,
        "options": json.loads(options),
        "types": _types(picture, slots),
        "small": small,
        "shown": _shown(picture, lines),
        "lanes": bool(picture.lanes),
        "focus": next((node.id for node in picture.nodes if node.focus), None),
        "measures": measures,
        "communities": _communities(picture),
        "groups": picture.groups,
    }


def _shown(picture: Picture, lines: list[Line]) -> int:
    """How many lines are drawn at first: all where they are few, else those that tell most."""
    if len(picture.nodes) <= SMALL_PICTURE and not picture.groups:
        return len(lines)
    most = min(_SHOWN_AT_FIRST, _SHOWN_EACH * len(picture.nodes))
    return len(lines) if len(lines) <= most * 1.3 else most


def _options(lines: int) -> dict[str, Any]:
    """Return vis-network options; no string in them may contain a space, as pyvis removes those."""
    return {
        "physics": {"enabled": False},
        "layout": {"improvedLayout": False, "randomSeed": 1},
        "interaction": {
            "hover": True,
            "hoverConnectedEdges": False,
            "hideEdgesOnDrag": lines > _HIDE_WHILE_DRAGGING,
            "hideEdgesOnZoom": lines > _HIDE_WHILE_DRAGGING,
            "keyboard": False,
            "zoomSpeed": 0.7,
        },
        "nodes": {"borderWidth": 1.5, "borderWidthSelected": 3, "labelHighlightBold": False},
        "edges": {"smooth": False, "arrowStrikethrough": False},
    }


def _slots(picture: Picture) -> dict[str, int]:
    """Return the palette entry of each type: in the picture's order, then by frequency."""
    counts = Counter(node.type for node in picture.nodes)
    rest = sorted(counts.keys() - set(picture.type_order), key=lambda key: (-counts[key], key))
    order = [*dict.fromkeys(picture.type_order), *rest]
    return {key: min(place, 2 * PALETTE_SIZE) for place, key in enumerate(order)}


def _shape(slot: int) -> str:
    half = PALETTE_SIZE // 2
    return SHAPES[slot // half] if slot < len(SHAPES) * half else SHAPES[0]


def _measures(picture: Picture) -> list[str]:
    """Names of what a node's size can tell, in the order of its ``sizes``."""
    if picture.groups:
        return ["Entities"]
    return ["PageRank", "Hub", "Authority"] if any(node.hub or node.authority for node in picture.nodes) else ["PageRank"]


def _communities(picture: Picture) -> list[dict[str, Any]]:
    """Communities of more than one node in the picture, the largest first; none in a picture of few nodes, and when there is but one."""
    if len(picture.nodes) <= _FEW:
        return []
    counts = Counter(node.community for node in picture.nodes if node.community is not None)
    several = [number for number in sorted(counts, key=lambda number: (-counts[number], number)) if counts[number] > 1]
    if len(several) < 2:
        return []
    return [{"key": number, "label": clean(picture.communities.get(number, "")), "count": counts[number]} for number in several]


def _types(picture: Picture, slots: dict[str, int]) -> list[dict[str, Any]]:
    counts = Counter(node.type for node in picture.nodes)
    labels = {node.type: clean(node.type_label) for node in picture.nodes}
    return [
        {"key": key, "label": labels[key], "count": counts[key], "slot": _colour(slots[key]), "shape": _shape(slots[key])}
        for key in sorted(counts, key=lambda key: (-counts[key], slots[key], key))
    ]


def _colour(slot: int) -> int:
    """Entry of the palette; the last one, which is muted, is shared by all types that have none of their own."""
    return slot % PALETTE_SIZE if slot < 2 * PALETTE_SIZE else PALETTE_SIZE


def _details(node: PictureNode, slots: dict[str, int]) -> dict[str, Any]:
    details: dict[str, Any] = {
        "group": node.type,
        "shape": _shape(slots[node.type]),
        "importance": round(min(max(node.importance, 0.0), 1.0), 4),
        "summary": None if node.summary is None else clean(node.summary),
        "href": safe_href(node.href),
        "related": [clean(line) for line in node.related],
        "community": node.community,
    }
    if node.change:
        details["change"] = node.change
    return details


def _edge(line: Line, *, small: bool, groups: bool) -> dict[str, Any]:
    edge = line.edge
    width = 1.0 + 9.0 * edge.weight if groups else 0.8 + 1.6 * edge.weight if small else 0.5 + 2.0 * edge.weight
    options: dict[str, Any] = {"kind": edge.kind, "weight": round(edge.weight, 4), "width": round(width, 2)}
    if edge.label:
        options["name"] = clean(edge.label)
    if edge.inverse and edge.inverse != edge.label:
        options["inverse"] = clean(edge.inverse)
    if edge.reasons:
        options["reasons"] = [clean(reason) for reason in edge.reasons]
    if line.both:
        options["both"] = True
    if line.under:
        options["under"] = True
    if line.curve and small:
        options["curve"] = line.curve
    # Arrowheads are the script's business: they depend on the kind and on what is highlighted.
    found: dict[str, Any] = Edge(edge.source, edge.target, directed=False, **options).options
    return found
