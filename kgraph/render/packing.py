"""Puts the components of a drawing next to each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kgraph.render.forces import Array

__all__ = ["Box", "pack"]

_GAP = 26.0
"""Space between neighbouring components, in layout units."""
_ASPECT = 1.5
"""Width by height aimed at when no component is much larger than the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A component with its extent; positions are relative to the middle of the box."""

    members: tuple[int, ...]
    spots: tuple[tuple[float, float], ...]
    width: float
    height: float

    @classmethod
    def around(cls, members: list[int], x: Array, y: Array, radius: Array) -> Box:
        """Return the box that just holds the discs of the members."""
        left, right = float((x - radius).min()), float((x + radius).max())
        top, bottom = float((y - radius).min()), float((y + radius).max())
        middle_x, middle_y = (left + right) / 2, (top + bottom) / 2
        spots = tuple((float(a) - middle_x, float(b) - middle_y) for a, b in zip(x, y, strict=True))
        return cls(members=tuple(members), spots=spots, width=right - left, height=bottom - top)


def pack(boxes: list[Box], *, key: Callable[[int], Any]) -> dict[int, tuple[float, float]]:
    """Return the position of every member, the whole centred on (0, 0).

    Boxes fill rows from the top, larger components first; isolated nodes come last, sorted by
    ``key``. Rows are as wide as the largest component, or wide enough for a landscape drawing.

    Args:
        boxes: At least one box.
        key: Sorting key of a node index.

    """
    ordered = sorted(boxes, key=lambda box: (-len(box.members), key(box.members[0]), box.members[0]))
    area = sum((box.width + _GAP) * (box.height + _GAP) for box in boxes)
    limit = max(ordered[0].width, (area * _ASPECT) ** 0.5)
    spots: dict[int, tuple[float, float]] = {}
    top = 0.0
    for row in _rows(ordered, limit):
        height = max(box.height for box in row)
        left = -(sum(box.width for box in row) + _GAP * (len(row) - 1)) / 2
        for box in row:
            for member, (x, y) in zip(box.members, box.spots, strict=True):
                spots[member] = (left + box.width / 2 + x, top + height / 2 + y)
            left += box.width + _GAP
        top += height + _GAP
    middle = (top - _GAP) / 2
    return {member: (x, y - middle) for member, (x, y) in spots.items()}


def _rows(boxes: list[Box], limit: float) -> list[list[Box]]:
    rows: list[list[Box]] = []
    used = 0.0
    for box in boxes:
        fresh = rows and _level(rows[-1][-1]) != _level(box)
        if not rows or fresh or used + _GAP + box.width > limit + 1e-6:
            rows.append([])
            used = -_GAP
        rows[-1].append(box)
        used += _GAP + box.width
    return rows


def _level(box: Box) -> int:
    """Return 2 for components with a shape of their own, 1 for pairs and such, 0 for single nodes."""
    return 0 if len(box.members) == 1 else 1 if len(box.members) < 6 else 2
