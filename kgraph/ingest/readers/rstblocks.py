"""Blocks, links and labels of a page of reStructuredText while its tree is read, each at its line of the source."""

from __future__ import annotations

import re
from collections import Counter

from docutils import nodes

from kgraph.ingest.readers.common import leave_block
from kgraph.ingest.readers.footnotes import Footnotes
from kgraph.ingest.readers.rsttargets import Targets
from kgraph.model.document import Block, BlockKind, Heading, Label, Reference

__all__ = ["RstBlocks"]

_NEAR = 12
"""Lines round the place that docutils gives in which a piece of text is looked for."""
_PART = re.compile(r"[^`<\s]{3,}")


class RstBlocks:
    """Puts text and links together into blocks, and finds the lines that docutils tells only roughly."""

    def __init__(self, source: list[str], targets: Targets) -> None:
        self.source = source
        self.targets = targets
        self.headings: list[Heading] = []
        self.blocks: list[Block] = []
        self.references: list[Reference] = []
        self.labels: list[Label] = []
        self.counts: Counter[str] = Counter()
        self.footnotes = Footnotes()
        self.meta: dict[str, str] = {}
        self.buffer: list[str] = []
        self.length = 0
        self.gap = False
        self.code: list[int] = []
        self.breaks: list[int] = []
        self.containers: list[BlockKind] = []
        self.relation = ""
        self.line = 1
        """Line of the paragraph that is being read."""
        self.block_line = 1
        """Line on which the block that holds it starts."""
        self.passed = 0
        """Line ends of it that were read already."""
        self.rows = 0
        self.depth = 0
        self.heading_at = 0
        self.expansions = 0
        self.module = ""
        self.program = ""
        self.names: list[str] = []
        self.waiting: list[str] = []
        """Labels that stand before what they name."""

    def place(self, line: int | None, snippet: str, *, default: int = 1) -> int:
        """The line, near the one given, on which a piece of text stands."""
        line = min(max(line or default, 1), max(len(self.source), 1))
        wanted = snippet.strip().partition("\n")[0].rstrip()
        if not wanted or wanted in self.source[line - 1]:
            return line
        for far in range(1, _NEAR + 1):
            for near in (line + far, line - far):
                if 0 < near <= len(self.source) and wanted in self.source[near - 1]:
                    return near
        return line

    def line_of(self, node: nodes.Element) -> None:
        """Set the line on which a block starts."""
        self.line = self.place(node.line, node.rawsource, default=self.line)
        self.passed = 0
        if not self.length:
            self.block_line = self.line

    def line_now(self, node: nodes.Element) -> int:
        """Line on which an inline node stands."""
        raw = (node.rawsource or "").partition("\n")[0].strip()
        if not self.length and node.line:
            return self.place(node.line, raw)
        line = self.line + self.passed
        if raw and not (0 < line <= len(self.source) and raw in self.source[line - 1]):
            part = _PART.search(raw)
            line = self.place(line, raw if any(raw in text for text in self.source[max(0, line - _NEAR) : line + _NEAR])
                              else part.group() if part else "")  # fmt: skip
        return min(max(line, 1), max(len(self.source), 1))

    def flush(self, kind: BlockKind | None = None) -> None:
        """End the block that is being read."""
        text = "".join(self.buffer)
        if text.strip():
            told: BlockKind = kind or (self.containers[-1] if self.containers else "paragraph")
            self.blocks.append(Block(told, text, self.block_line, len(self.headings) - 1, tuple(self.code), tuple(self.breaks)))
        else:
            leave_block(self.references, len(self.blocks))
        self.buffer, self.length, self.code, self.breaks, self.gap = [], 0, [], [], False

    def wait_over(self) -> None:
        """What labels before a paragraph name is the paragraph."""
        for name in self.waiting:
            self.keep_label(name, "label", nodes.make_id(name), "", self.line)
        self.waiting = []

    def keep_label(self, name: str, kind: str, anchor: str, text: str, line: int) -> None:
        """Keep a name that other pages may refer to."""
        self.labels.append(Label(name, kind, anchor, text, line))

    def add(self, text: str) -> None:
        """Add text to the block that is being read."""
        if not text:
            return
        if self.gap and self.length:
            self.buffer.append(" ")
            self.length += 1
        self.gap = False
        self.buffer.append(text)
        self.length += len(text)

    def pass_by(self, text: str, start: int) -> None:
        """Count the line ends of a text that was put at an offset of the block."""
        if "\n" not in text:
            return
        self.passed += text.count("\n")
        if not self.rows:
            self.breaks += [min(start + place + 1, self.length) for place, sign in enumerate(text) if sign == "\n"]

    def open_gap(self) -> None:
        """Put the space that is due, so that what follows begins at a known place."""
        if self.gap and self.length:
            self.buffer.append(" ")
            self.length += 1
        self.gap = False

    def keep(self, target: str, text: str, line: int, start: int) -> None:
        """Keep a link whose text was just read."""
        text = " ".join(text.split())
        self.references.append(Reference("link", target, text, line, len(self.blocks), start, self.length, self.relation))
