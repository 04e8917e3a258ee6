"""How large things are drawn, shared by the layout and the page."""

from __future__ import annotations

from kgraph.render.picture import Picture, PictureNode

__all__ = ["SMALL_PICTURE", "node_radius", "radius_of"]

SMALL_PICTURE = 90
"""Up to this many nodes a picture has room for larger nodes, curved edges and rings."""


def node_radius(picture: Picture, node: PictureNode) -> float:
    """Return the radius that a node is drawn with at first, by its importance; see :func:`radius_of`."""
    return radius_of(picture, node, node.importance)


def radius_of(picture: Picture, node: PictureNode, value: float) -> float:
    """Return the radius of a node by a value in [0, 1], in layout units, one unit being a pixel at zoom 1.

    The area grows with the value: 5 to 27 units in a large picture, 8 to 24 in a small one, 8 to 40 where nodes are groups; the
    node a picture is about is never smaller than 28.
    """
    small = len(picture.nodes) <= SMALL_PICTURE
    low, high = (8.0, 40.0) if picture.groups else (8.0, 24.0) if small else (5.0, 27.0)
    share = min(max(value, 0.0), 1.0)
    radius = float((low * low + (high * high - low * low) * share) ** 0.5)
    return round(max(radius, 28.0) if node.focus else radius, 2)
