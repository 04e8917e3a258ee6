"""Links without a text of their own, spelled out: what a site shows there is the title of the target."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TypeVar

from msgspec import structs

from kgraph.model.document import Block, Component, Document, Reference, term_bag
from kgraph.model.text import terms

__all__ = ["spelled_out"]

Span = TypeVar("Span", Reference, Component)


def spelled_out(document: Document, shown: Iterable[tuple[int, int, str]]) -> Document:
    """The page with words put into its prose, each given by block, offset and text; what stands behind them moves on."""
    words: Counter[str] = Counter()
    blocks, references, components = list(document.blocks), list(document.references), list(document.components)
    for number, place, text in sorted(shown, reverse=True):  # from the end, so that the offsets of the others stay
        words.update(terms(text))
        blocks[number] = _block_with(blocks[number], place, text)
        references = [_moved(item, number, place, len(text)) for item in references]
        components = [_moved(item, number, place, len(text)) for item in components]
    if not words:
        return document
    bag = term_bag(words + Counter(document.terms))
    return structs.replace(document, blocks=tuple(blocks), references=tuple(references), components=tuple(components), bag=bag)


def _block_with(block: Block, place: int, text: str) -> Block:
    code = tuple(offset + len(text) if offset >= place else offset for offset in block.code)
    breaks = tuple(offset + len(text) if offset > place else offset for offset in block.breaks)
    return structs.replace(block, text=block.text[:place] + text + block.text[place:], code=code, breaks=breaks)


def _moved(item: Span, block: int, place: int, by: int) -> Span:
    if item.block != block or item.end < place or (item.end == place and item.start < place):
        return item
    return structs.replace(item, start=item.start + by if item.start >= place else item.start, end=item.end + by)
