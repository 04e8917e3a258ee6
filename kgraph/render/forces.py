"""Force simulation on arrays, in plain element-wise arithmetic.

Only operations that IEEE 754 rounds exactly (``+ - * /`` and square root) and sums in a fixed
order are used, no matrix products: the same input gives the same output to the last bit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Array", "Springs", "repelling", "separate", "settle"]

Array = NDArray[np.float64]

_BLOCK = 256
"""Rows of the distance matrix worked on at a time, to stay in the processor's cache."""
_TINY = 1e-9
_EXACT = 1_500
"""Up to this many nodes every pair repels; beyond, nodes are repelled by the cells of a grid, each as one mass."""
_CELLS = 26
"""Cells along each side of that grid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Springs:
    """Edges as arrays: spring ``k`` joins nodes ``left[k]`` and ``right[k]``."""

    left: NDArray[np.intp]
    right: NDArray[np.intp]
    strength: Array
    """Positive."""


def settle(x: Array, y: Array, springs: Springs, *, mass: Array, gravity: float, steps: int) -> tuple[Array, Array]:
    """Return positions in which springs pull, masses repel and gravity holds it all together.

    Args:
        x: Starting abscissas; the arrays given are not changed.
        y: Starting ordinates.
        springs: What attracts, in proportion to strength and distance.
        mass: One positive number for each node; the repulsion of two is the product over the distance.
        gravity: Pull towards the origin for each unit of mass and of distance, at least 0.
        steps: Number of steps, over which the longest allowed move shrinks to nothing.

    """
    x, y = x.copy(), y.copy()
    span = float(max(np.ptp(x), np.ptp(y), 1.0))
    for step in range(steps):
        cooling = (1.0 - step / steps) ** 2
        push_x, push_y = _repulsion(x, y, mass)
        pull_x, pull_y = _attraction(x, y, springs)
        move_x = (push_x + pull_x) / mass - gravity * x
        move_y = (push_y + pull_y) / mass - gravity * y
        length = np.sqrt(move_x * move_x + move_y * move_y) + _TINY
        factor = np.minimum(length, 0.08 * span * cooling) / length
        x += move_x * factor
        y += move_y * factor
    return x, y


def repelling(size: int) -> int:
    """Return the most masses that repel each of ``size`` nodes: what a step costs for each."""
    return size if size <= _EXACT else _CELLS * _CELLS


def _repulsion(x: Array, y: Array, mass: Array) -> tuple[Array, Array]:
    if len(x) <= _EXACT:
        return _repulsion_by(x, y, mass, x, y, mass, soft=_TINY)
    side = max(float(np.ptp(x)), float(np.ptp(y)), _TINY) / _CELLS
    column = np.minimum(((x - x.min()) / side).astype(np.intp), _CELLS - 1)
    row = np.minimum(((y - y.min()) / side).astype(np.intp), _CELLS - 1)
    held, cell = np.unique(column * _CELLS + row, return_inverse=True)
    total = _summed(cell, mass, len(held))
    middle_x, middle_y = _summed(cell, mass * x, len(held)) / total, _summed(cell, mass * y, len(held)) / total
    # Within a cell the distance to its middle says little: the push fades out instead of growing without end.
    return _repulsion_by(x, y, mass, middle_x, middle_y, total, soft=side * side / 8.0)


def _repulsion_by(
    x: Array, y: Array, mass: Array, others_x: Array, others_y: Array, others: Array, *, soft: float
) -> tuple[Array, Array]:  # fmt: skip
    push_x, push_y = np.empty_like(x), np.empty_like(y)
    for start in range(0, len(x), _BLOCK):
        rows = slice(start, start + _BLOCK)
        dx = x[rows, None] - others_x
        dy = y[rows, None] - others_y
        force = dx * dx
        force += dy * dy
        force += soft
        np.divide(others, force, out=force)
        dx *= force
        dy *= force
        push_x[rows] = dx.sum(axis=1)
        push_y[rows] = dy.sum(axis=1)
    return push_x * mass, push_y * mass


def _attraction(x: Array, y: Array, springs: Springs) -> tuple[Array, Array]:
    size = len(x)
    force_x = springs.strength * (x[springs.right] - x[springs.left])
    force_y = springs.strength * (y[springs.right] - y[springs.left])
    pull_x = _summed(springs.left, force_x, size) - _summed(springs.right, force_x, size)
    pull_y = _summed(springs.left, force_y, size) - _summed(springs.right, force_y, size)
    return pull_x, pull_y


def _summed(index: NDArray[np.intp], values: Array, size: int) -> Array:
    return np.asarray(np.bincount(index, values, size), dtype=np.float64)


def separate(x: Array, y: Array, room: Array, *, steps: int) -> tuple[Array, Array]:
    """Return the positions moved apart until discs of radius ``room`` hardly overlap any more.

    Args:
        x: Abscissas; the arrays given are not changed.
        y: Ordinates.
        room: Radius each node needs, in the unit of the positions.
        steps: Most passes over all pairs; stops at the first without an overlap.

    """
    from scipy.spatial import cKDTree

    x, y = x.copy(), y.copy()
    for _ in range(steps):
        pairs = cKDTree(np.column_stack((x, y))).query_pairs(2.001 * float(room.max()), output_type="ndarray")
        pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
        left, right = pairs[:, 0], pairs[:, 1]
        dx, dy = x[left] - x[right], y[left] - y[right]
        distance = np.sqrt(dx * dx + dy * dy)
        overlap = room[left] + room[right] - distance
        touching = overlap > 0.0
        if not touching.any() or float(overlap.max()) <= 0.01:
            break
        left, right, share = left[touching], right[touching], 0.4 * overlap[touching] / (distance[touching] + _TINY)
        push_x, push_y = dx[touching] * share, dy[touching] * share
        x += _summed(left, push_x, len(x)) - _summed(right, push_x, len(x))
        y += _summed(left, push_y, len(y)) - _summed(right, push_y, len(y))
    return x, y
