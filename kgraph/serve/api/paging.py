"""Long lists in parts: a cursor says where the next part begins, also when a new build comes between two parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from kgraph.serve.api.parameters import Cursor

__all__ = ["part_of"]

T = TypeVar("T")


def part_of(items: Sequence[T], key: Callable[[T], str], limit: int, cursor: str | None) -> tuple[list[T], str | None]:
    """A part of a list, and the cursor of the next one, None at the end.

    The part begins behind the item that ended the one before, wherever that stands now; where it is gone, at its former place.

    Args:
        items: The whole list, in a fixed order.
        key: What tells one item from another.
        limit: Items of a part at the most.
        cursor: As given with the part before, so as :class:`~kgraph.serve.api.parameters.Cursor` reads it; None for the first one.

    """
    start = _start(items, key, cursor) if cursor is not None else 0
    part = list(items[start : start + limit])
    end = start + len(part)
    return part, f"{end}~{key(part[-1])[: Cursor.LONGEST_KEY]}" if part and end < len(items) else None


def _start(items: Sequence[T], key: Callable[[T], str], cursor: str) -> int:
    number, _, last = cursor.partition("~")
    place = min(int(number), len(items))

    def is_last(item: T) -> bool:
        return key(item)[: Cursor.LONGEST_KEY] == last

    if place and is_last(items[place - 1]):
        return place
    return next((found for found, item in enumerate(items, 1) if is_last(item)), place)
