"""Footnotes of a page while it is being read: which blocks hold them, and which places refer to them."""

from __future__ import annotations

from kgraph.model.document import Footnote

__all__ = ["Footnotes"]


class Footnotes:
    """Collects them by their labels; a label that no footnote bears leads nowhere, and is left out."""

    def __init__(self) -> None:
        self._spans: dict[str, tuple[int, int]] = {}
        self._marks: dict[str, list[int]] = {}

    def define(self, label: str, first: int, end: int) -> None:
        """The blocks from ``first`` up to ``end`` hold the footnote; of two with one label the first counts."""
        if first < end:
            self._spans.setdefault(label, (first, end))

    def refer(self, label: str, block: int, offset: int) -> None:
        """At an offset of a block stands a mark that refers to a footnote."""
        self._marks.setdefault(label, []).extend((block, offset))

    def finished(self) -> tuple[Footnote, ...]:
        """The footnotes, in the order in which they are defined."""
        return tuple(Footnote(label, first, end, tuple(self._marks.get(label, ()))) for label, (first, end) in self._spans.items())
