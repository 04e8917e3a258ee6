"""What the readers of all kinds do alike: name headings, let go of blocks without text, count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TypeVar

from msgspec import structs

from kgraph.model.document import Block, Component, Counts, Heading, Reference, term_bag
from kgraph.model.text import terms

__all__ = ["free_anchor", "leave_block", "metrics"]

Item = TypeVar("Item", Reference, Component)


def metrics(blocks: Sequence[Block], headings: Sequence[Heading], counted: Mapping[str, int]) -> tuple[Counts, bytes]:
    """Counts of a page, and the bag of its words.

    Args:
        blocks: All prose of the page.
        headings: Its headings.
        counted: What else was counted, by field of :class:`~kgraph.model.document.Counts`.

    """
    bag = Counter(terms("\n".join([block.text for block in blocks])))
    return Counts(words=sum(bag.values()), headings=len(headings), **counted), term_bag(bag)


def free_anchor(wanted: str, taken: Counter[str], *, mark: str = "-", first: int = 1) -> str:
    """The anchor as wanted or, where another heading has it, with the next free number behind it; it is taken from then on.

    >>> taken = Counter()
    >>> [free_anchor("mill", taken) for _ in range(3)]
    ['mill', 'mill-1', 'mill-2']
    """
    anchor = wanted
    while anchor in taken:
        anchor = f"{wanted}{mark}{taken[wanted] + first}"
        taken[wanted] += 1
    taken[anchor] = 0
    return anchor


def leave_block(items: list[Item], block: int) -> None:
    """Let the last of the references or components, which were read for a block that came to nothing, stand in no block."""
    for place in range(len(items) - 1, -1, -1):
        if items[place].block != block:
            break
        items[place] = structs.replace(items[place], block=-1, start=0, end=0)
