"""Blocks of a page of wikitext while they are being read."""

from __future__ import annotations

from kgraph.ingest.readers.footnotes import Footnotes
from kgraph.model.document import Block, BlockKind, Heading, Reference, ReferenceKind

__all__ = ["Open", "Writer"]


class Open:
    """A block that is being read, with the references in it."""

    __slots__ = ("code", "kind", "label", "length", "line", "marks", "notes", "parts", "references")

    def __init__(self, kind: BlockKind, line: int) -> None:
        self.kind = kind
        self.line = line
        self.parts: list[str] = []
        self.length = 0
        self.references: list[tuple[ReferenceKind, str, str, int, int, int]] = []
        self.code: list[int] = []
        self.notes: list[Open] = []
        self.label = ""
        """Of a footnote: its name, or a number that no name is."""
        self.marks: list[tuple[str, int]] = []
        """Footnotes that it refers to, with the offset of the mark."""


class Writer:
    """Collects words and references into blocks."""

    def __init__(self) -> None:
        self.line = 1
        self.headings: list[Heading] = []
        self.blocks: list[Block] = []
        self.references: list[Reference] = []
        self.footnotes = Footnotes()
        self.open = Open("paragraph", 1)
        self.inline = 0
        self.blank = True

    def add(self, text: str) -> None:
        """Add words to the open block; two spaces are one."""
        if not text:
            return
        if text[0] == " " and self.open.parts and self.open.parts[-1][-1] == " ":
            text = text.lstrip(" ")
            if not text:
                return
        if not self.open.length:
            text = text.lstrip()
            if not text:
                return
            self.open.line = self.line
        self.open.parts.append(text)
        self.open.length += len(text)
        self.blank = False

    def refer(self, kind: ReferenceKind, target: str, start: int, line: int) -> None:
        """Keep a reference whose text begins at ``start`` of the open block."""
        pieces: list[str] = []
        at = self.open.length
        for part in reversed(self.open.parts):
            if at <= start:
                break
            at -= len(part)
            pieces.append(part)
        text = "".join(reversed(pieces))[max(0, start - at) :]
        lead = len(text) - len(text.lstrip())
        start = min(start, self.open.length - lead)
        self.open.references.append((kind, target, " ".join(text.split()), start + lead, self.open.length, line))

    def flush(self) -> None:
        """End the block that is being read."""
        if self.inline:
            return
        self.keep(self.open)
        self.open = Open("paragraph", self.line)
        self.blank = True

    def keep(self, opened: Open) -> None:
        """Put a block with its references among those of the page, and after it the notes that it calls."""
        text = "".join(opened.parts).rstrip()
        place = len(self.blocks) if text.strip(" |") else -1
        if place >= 0:
            self.blocks.append(Block(opened.kind, text, opened.line, len(self.headings) - 1, tuple(opened.code)))
            for label, offset in opened.marks:
                self.footnotes.refer(label, place, min(offset, len(text)))
            if opened.label:
                self.footnotes.define(opened.label, place, place + 1)
        self.keep_references(opened, place, len(text) if place >= 0 else 0)
        notes, opened.notes = opened.notes, []
        for note in notes:
            self.keep(note)

    def drop(self, opened: Open) -> None:
        """Leave out a block without words; its links stand in no prose."""
        self.keep_references(opened, -1, 0)
        self.open.notes += opened.notes

    def keep_references(self, opened: Open, block: int, length: int) -> None:
        """Put the references of a block among those of the page; ``length`` is that of its text."""
        for kind, target, shown, start, end, line in opened.references:
            self.references.append(Reference(kind, target, shown, line, block, min(start, length), min(end, length)))
