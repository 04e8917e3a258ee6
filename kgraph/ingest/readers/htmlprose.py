"""The prose of an HTML page as it is put together: blocks, headings, links, each with its place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import TypeAlias
from urllib.parse import urljoin, urlsplit

from kgraph.ingest.readers.common import free_anchor
from kgraph.ingest.readers.htmlsource import MARK, PLACE, Lines, place_of, without_marks
from kgraph.model.document import Block, BlockKind, Component, Heading, Reference
from kgraph.model.text import anchor_of

__all__ = ["FOOTNOTE_MARKS", "Leave", "Prose", "address_of", "stay"]

Leave: TypeAlias = Callable[[], None]
"""What is to be done at the end of an element."""
FOOTNOTE_MARKS = frozenset(("reference", "footnote-ref", "footnote-reference", "noteref"))
_NO_ADDRESS = re.compile(r"(?:javascript|vbscript|mailto|data|tel|sms|about|blob|callto|skype|irc|xmpp)\s*:", re.I)
_CONTROLS = re.compile(r"[\x00-\x1f]+")
_LEAD = 80
"""Characters of prose after which the content has begun, whatever stands before."""


def address_of(base: str, written: str | None) -> str:
    """A target as written, or what it means where the page declares a base; empty for what leads to no page."""
    target = _CONTROLS.sub("", written or "").strip()
    if not target or _NO_ADDRESS.match(target):
        return ""
    if not base:
        return target
    try:
        if urlsplit(base).scheme or base.startswith("/") or urlsplit(target).scheme or target.startswith(("/", "#", "?")):
            return urljoin(base, target)
        return base.partition("?")[0].partition("#")[0].rpartition("/")[0] + "/" + target if "/" in base else target
    except ValueError:
        return target


def stay() -> None:
    """Nothing to do at the end of an element."""


class _Link:
    """A link that is open."""

    __slots__ = ("alone", "done", "first", "line", "place", "start", "target")

    def __init__(self, target: str, place: int, line: int) -> None:
        self.target, self.place, self.line = target, place, line
        self.start = -1
        self.first = 0
        self.done = False
        self.alone: list[str] = []
        """Texts of the images it holds, for a link without text."""


class Prose:
    """Blocks that are read one after another, with what stands in them."""

    def __init__(self, lines: Lines, base: str) -> None:
        self.lines = lines
        self.base = base
        self.headings: list[Heading] = []
        self.blocks: list[Block] = []
        self.references: list[Reference] = []
        self.components: list[Component] = []
        self.counts: Counter[str] = Counter()
        self.anchors: Counter[str] = Counter()
        self.section = -1
        self.buffer: list[str] = []
        self.length = 0
        self.gap = ""
        self.block_at = -1
        self.seen_at = 0
        self.code: list[int] = []
        self.code_from: int | None = None
        self.in_code = 0
        self.in_pre = 0
        self.containers: list[BlockKind] = []
        self.rows = 0
        self.arranging: frozenset[int] = frozenset()
        """Tables that only arrange what they hold."""
        self.notes = 0
        self.heading: tuple[int, str | None] | None = None
        self.ids: list[str] = []
        self.link: _Link | None = None
        self.by_place: dict[int, int] = {}
        self.lined = 0
        self.contained = True
        self.begun = False
        self.looked_at = 0
        self.bars = 0
        """Bars of navigation left out; where no content came after them they were the content."""

    # -- headings -------------------------------------------------------------------------------

    def start_heading(self, level: int) -> Leave:
        """Begin a heading."""
        if self.rows:
            self.gap = self.gap or " "
            return self.end_apart
        before = self.ids
        self.flush()
        self.begun = True
        if self.heading:
            return stay
        own = before[-1] if before else None
        self.heading = (level, own)
        self.ids = []
        return self.end_heading

    def end_heading(self) -> None:
        """End a heading: it is a block, and what follows stands under it."""
        assert self.heading is not None
        level, own = self.heading
        text = "".join(self.buffer)
        inner = self.ids[0] if self.ids else None
        at = self.block_at
        self.flush()
        self.heading = None
        if text:
            self.add_heading(level, text, self.own_anchor(inner or own, text), self.lines.at(max(at, 0)))

    def add_heading(self, level: int, text: str, anchor: str, line: int) -> None:
        """Keep a heading; what follows stands under it."""
        self.section = len(self.headings)
        self.headings.append(Heading(level, text, anchor, line))

    def own_anchor(self, told: str | None, text: str) -> str:
        """Anchor as declared, else made of the text, different from all others."""
        if not told:
            return free_anchor(anchor_of(text), self.anchors)
        self.anchors.setdefault(told, 0)
        return told

    def end_apart(self) -> None:
        """A space stands between what was and what follows."""
        self.gap = self.gap or " "

    # -- links ----------------------------------------------------------------------------------

    def start_link(self, data: dict[str, str | None]) -> Leave:
        """Begin a link; one that leads to no page is plain text."""
        written = data.get("href")
        if not FOOTNOTE_MARKS.isdisjoint((data.get("class") or "").lower().split()) or data.get("role") == "doc-noteref":
            self.counts["footnote_references"] += 1
        if written is None or self.link is not None:
            return stay
        target = address_of(self.base, written)
        if not target:
            return stay
        self.link = _Link(target, self.place(data), self.line(data))
        return self.end_link

    def end_link(self) -> None:
        """End a link; one without text of its own stands in no block."""
        link, self.link = self.link, None
        if link is None or link.done:
            return
        if link.start >= 0:
            self.keep_link(link)
        else:
            self.keep_reference(link, " ".join(link.alone), -1, 0, 0)

    def keep_link(self, link: _Link) -> None:
        """Keep a link whose text is in the block that is being read."""
        self.keep_reference(link, "".join(self.buffer[link.first :]), len(self.blocks), link.start, self.length)
        link.done = True

    def keep_reference(self, link: _Link, text: str, block: int, start: int, end: int) -> None:
        """Keep a reference; a link that the parser had to open again is still one."""
        made = Reference("link", link.target, text, link.line, block, start, end)
        known = self.by_place.get(link.place)
        if known is None:
            self.by_place[link.place] = len(self.references)
            self.references.append(made)
        elif not self.references[known].text:
            self.references[known] = made

    def add_address(self, data: dict[str, str | None], key: str, text: str) -> None:
        """A link of an element that holds no text: an area of an image, a frame."""
        target = address_of(self.base, data.get(key))
        if target:
            self.keep_reference(_Link(target, self.place(data), self.line(data)), " ".join(text.split()), -1, 0, 0)

    # -- text -----------------------------------------------------------------------------------

    def place(self, data: dict[str, str | None]) -> int:
        """Offset of a tag in the source; negative, and different for each call that keeps a link, where it carries none."""
        written = data.get(PLACE) or ""
        return int(written) if written.isdecimal() and len(written) < 12 else -1 - len(self.by_place)

    def line(self, data: dict[str, str | None]) -> int:
        """Line of the tag, or of the last text before it where the tag carries no place."""
        place = self.place(data)
        return self.lines.at(place if place >= 0 else self.seen_at)

    def add_text(self, value: str) -> None:
        """Add text to the block that is being read, white space as a browser shows it."""
        place = -1
        if MARK in value:
            place = min(place_of(value), self.lines.last)
            value = without_marks(value)
            self.seen_at = max(place, 0)
        if self.in_pre:
            if self.link and not self.link.done and value.strip():
                self.link.alone.append(" ".join(value.split()))
            return
        parts = value.split()
        if not parts:
            if value and not self.gap:
                self.gap = " "
            return
        if value[0].isspace() and not self.gap:
            self.gap = " "
        if self.length and self.gap:
            self.buffer.append(self.gap)
            self.length += len(self.gap)
        self.gap = ""
        if self.block_at < 0:
            self.block_at = place if place >= 0 else self.seen_at
        if self.in_code and self.code_from is None:
            self.code_from = self.length
        link = self.link
        if link and link.start < 0 and not link.done:
            link.start, link.first = self.length, len(self.buffer)
        text = " ".join(parts)
        self.buffer.append(text)
        self.length += len(text)
        if value[-1].isspace():
            self.gap = " "

    def flush(self) -> None:
        """End the block that is being read."""
        self.gap = ""
        if not self.length:
            return
        if self.link and self.link.start >= 0 and not self.link.done:
            self.keep_link(self.link)
        if self.code_from is not None:
            self.code += (self.code_from, self.length)
            self.code_from = None
        kind: BlockKind = "heading" if self.heading else self.containers[-1] if self.containers else "paragraph"
        self.blocks.append(Block(kind, "".join(self.buffer), self.lines.at(max(self.block_at, 0)), self.section, tuple(self.code)))
        if self.length >= _LEAD:
            self.begun = True
        self.buffer, self.length, self.block_at, self.code = [], 0, -1, []
        if not self.heading:
            self.ids = []
