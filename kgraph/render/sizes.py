"""How large things are drawn, shared by the layout and the page."""

from __future__ import annotations

from kgraph.render.picture import Picture, PictureNode

__all__ = ["SMALL_PICTURE", "node_radius"]

SMALL_PICTURE = 90
"""Up to this many nodes a picture has room for larger nodes, curved edges and rings."""


def node_radius(picture: Picture, node: PictureNode) -> float:
    """Return the drawn radius of a node in layout units, one unit being a pixel at zoom 1.

    The area grows with importance: 5 to 27 units in a large picture, 8 to 24 in a small one; the
    node a picture is about is never smaller than 28.
    """
    small = len(picture.nodes) <= SMALL_PICTURE
    low, high = (8.0, 24.0) if small else (5.0, 27.0)
    share = min(max(node.importance, 0.0), 1.0)
    radius = float((low * low + (high * high - low * low) * share) ** 0.5)
    return round(max(radius, 28.0) if node.focus else radius, 2)
