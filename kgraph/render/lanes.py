"""Paths between two nodes, side by side."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["lane_positions"]

_WIDE = 230.0
"""Distance of two steps, in layout units."""
_HIGH = 125.0
"""Distance of two lanes."""


def lane_positions(lanes: Sequence[Sequence[str]]) -> dict[str, tuple[float, float]]:
    """Return positions with the common start on the left, the common end on the right, and each path a lane of its own between them.

    The first path has the lane in the middle, the next ones those above and below it in turn; a direct step is no lane.

    >>> lane_positions([("a", "b", "c")])
    {'a': (-230.0, 0.0), 'c': (230.0, 0.0), 'b': (0.0, 0.0)}
    """
    inner = [lane[1:-1] for lane in lanes if len(lane) > 2]
    half = _WIDE * (max(map(len, inner), default=0) + 1) / 2
    spots = {lanes[0][0]: (-half, 0.0), lanes[0][-1]: (half, 0.0)}
    direct = len(inner) < len(lanes)
    for number, lane in enumerate(inner, int(direct)):
        side = (number + 1) // 2 * (-1 if number % 2 else 1)
        for place, node in enumerate(lane, 1):
            spots[node] = (round(-half + 2 * half * place / (len(lane) + 1), 1), side * _HIGH + 0.0)
    return spots
