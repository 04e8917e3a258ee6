"""Force simulation on arrays, in plain element-wise arithmetic.

Only operations that IEEE 754 rounds exactly (``+ - * /`` and square root) and sums in a fixed
order are used, no matrix products: the same input gives the same output to the last bit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Array", "Springs", "separate", "settle"]

Array = NDArray[np.float64]

_BLOCK = 256
"""Rows of the distance matrix worked on at a time, to stay in the processor's cache."""
_TINY = 1e-9


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


def _repulsion(x: Array, y: Array, mass: Array) -> tuple[Array, Array]:
    push_x, push_y = np.empty_like(x), np.empty_like(y)
    for start in range(0, len(x), _BLOCK):
        rows = slice(start, start + _BLOCK)
        dx = x[rows, None] - x
        dy = y[rows, None] - y
        force = dx * dx
        force += dy * dy
        force += _TINY
        np.divide(mass, force, out=force)
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
    x, y = x.copy(), y.copy()
    for _ in range(steps):
        push_x, push_y, touching = np.zeros_like(x), np.zeros_like(y), False
        for start in range(0, len(x), _BLOCK):
            rows = slice(start, start + _BLOCK)
            dx = x[rows, None] - x
            dy = y[rows, None] - y
            distance = np.sqrt(dx * dx + dy * dy)
            overlap = room[rows, None] + room - distance
            here = np.arange(start, start + len(dx))
            overlap[here - start, here] = 0.0
            np.maximum(overlap, 0.0, out=overlap)
            if overlap.max() > 0.01:
                touching = True
                overlap /= distance + _TINY
                push_x[rows] = (dx * overlap).sum(axis=1)
                push_y[rows] = (dy * overlap).sum(axis=1)
        if not touching:
            break
        x += 0.4 * push_x
        y += 0.4 * push_y
    return x, y
