"""Blocks, links and components of a page of Markdown while its events come in."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from urllib.parse import unquote

from msgspec import structs

from kgraph.ingest.readers.common import free_anchor, leave_block
from kgraph.ingest.readers.footnotes import Footnotes
from kgraph.ingest.readers.markuplines import MARKER, Masked
from kgraph.ingest.readers.notes import block_name, inline_tags, unescaped_tags
from kgraph.model.document import Block, BlockKind, Component, Heading, Reference, ReferenceKind
from kgraph.model.text import anchor_of

__all__ = ["Blocks", "is_picture"]

_LONGEST_TEXT = 2_000
"""Characters of the text of a link or element that are kept."""
_DIAGRAM_COMPONENTS = frozenset(("Mermaid", "MermaidDiagram", "PlantUML", "Diagram", "Graphviz"))
_APART = frozenset(
    ("br", "p", "div", "li", "ul", "ol", "dl", "dt", "dd", "table", "tr", "td", "th", "section", "article", "summary", "details",
     "blockquote", "h1", "h2", "h3", "h4", "h5", "h6")
)  # fmt: skip
"""HTML elements that set what they hold apart from the text before it."""
_PICTURES = frozenset(("png", "jpg", "jpeg", "gif", "svg", "webp", "avif", "bmp", "tiff", "ico"))
_SIZE = re.compile(r"\s*\|?\s*\d{1,5}(?:x\d{1,5})?\s*")
"""What is written for the text of a picture and says how large it is shown."""
_CONTENTS = frozenset(("toc", "_toc_"))
"""What site builders replace by the table of contents of the page."""
_PLACEHOLDER = re.compile(r"\{\{|<%")
"""What a template holds where a note made from it has a name."""


def is_picture(target: str) -> bool:
    """Whether a file is a picture, by its ending."""
    return target.rpartition(".")[2].lower() in _PICTURES


class Blocks:
    """Puts text, links and components together into the blocks of a page, each at its line of the source."""

    def __init__(self, masked: Masked, first_line: int) -> None:
        self.masked = masked
        self.first_line = first_line
        self.source = masked.text
        self.newlines: list[int] | None = None
        self.headings: list[Heading] = []
        self.blocks: list[Block] = []
        self.references: list[Reference] = []
        self.components: list[Component] = []
        self.counts: Counter[str] = Counter()
        self.anchors: Counter[str] = Counter()
        self.buffer: list[str] = []
        self.length = 0
        self.block_at = -1
        self.code: list[int] = []
        self.containers: list[BlockKind] = []
        self.heading: tuple[int, str | None] | None = None
        self.cells = 0
        self.in_code = 0
        self.open_links: list[tuple[ReferenceKind, str, int, int, int]] = []
        self.open_tags: list[tuple[int, int, int]] = []
        self.tags: list[str] = []
        self.block_names: list[str] = []
        self.footnotes = Footnotes()
        self.open_notes: list[tuple[str, int]] = []

    def start_link(self, kind: ReferenceKind, target: str, span: dict[str, int]) -> None:
        """A link or picture begins at a span of bytes of the masked text."""
        if self.block_at < 0:
            self.block_at = span["start"]
        if kind in ("wikilink", "embed") and "table" in self.containers:
            target = target.removesuffix("\\")
        self.open_links.append((kind, target, self.length, span["start"], len(self.buffer)))

    def end_link(self) -> None:
        """Keep the link that was begun last, with the text since.

        ``[[!toc]]`` and ``[[toc]]`` tell what makes the site to do something, and are none; ``[[{{title}}]]`` becomes one in a note that is
        made of a template. The size of an embedded picture is no text.
        """
        kind, target, start, at, first = self.open_links.pop()
        if kind == "wikilink" and (target.startswith("!") or target.lower() in _CONTENTS or _PLACEHOLDER.search(target)):
            return
        if kind == "embed" and is_picture(target) and _SIZE.fullmatch(self.text_since(first)):
            del self.buffer[first:]
            self.length = start
        self.references.append(Reference(kind, target, self.text_since(first), self.line(at), len(self.blocks), start, self.length))

    def text_since(self, first: int) -> str:
        """The text from one piece of the buffer on, or its beginning: elements may be nested in thousands."""
        held, length = [], 0
        for place in range(first, len(self.buffer)):
            held.append(self.buffer[place])
            length += len(held[-1])
            if length > _LONGEST_TEXT:
                break
        return "".join(held)[:_LONGEST_TEXT]

    def add_marked(self, text: str) -> None:
        """Text with markers in it: each one opens or closes a component."""
        position = 0
        for match in MARKER.finditer(text):
            self.add_text(text[position : match.start()])
            position = match.end()
            if match.group(1):
                self.meet(int(match.group(1)))
        self.add_text(text[position:])

    def add_text(self, text: str) -> None:
        """Add text to the block that is being read."""
        if text:
            self.buffer.append(text)
            self.length += len(text)

    def meet(self, index: int) -> None:
        """A tag within the text, by the index of its element."""
        element = self.masked.elements[index]
        if element.name in _APART and self.length and self.buffer[-1][-1:] != " ":
            self.add_text(" ")
        if element.closing:
            self.close(element.name)
        elif element.alone:
            self.add_component(index, self.length, len(self.buffer))
        else:
            self.open_tags.append((index, self.length, len(self.buffer)))

    def close(self, name: str) -> None:
        """A closing tag ends the nearest element of its name, and all that is open within."""
        for place in range(len(self.open_tags) - 1, max(-1, len(self.open_tags) - 20), -1):
            index, start, first = self.open_tags[place]
            if self.masked.elements[index].name == name:
                for inner in self.open_tags[place + 1 :]:
                    self.add_component(*inner)
                del self.open_tags[place:]
                self.add_component(index, start, first)
                return

    def add_component(self, index: int, start: int, first: int) -> None:
        """Keep a component that begins at offset ``start`` of the block, with piece ``first`` of its text."""
        element = self.masked.elements[index]
        if element.name == "img":
            self.counts["images"] += 1
        if element.name in _DIAGRAM_COMPONENTS:
            self.counts["diagrams"] += 1
        if not element.attributes and not element.dynamic:
            return
        text = self.text_since(first)
        if not text.strip():
            text = next((element.attributes[key] for key in ("title", "text", "label", "name") if key in element.attributes), "")
        self.components.append(
            Component(element.name, element.attributes, element.dynamic, text, element.line, len(self.blocks), start, self.length)
        )

    def add_standalone(self, index: int) -> None:
        """Keep a component on lines of its own: it stands in no block."""
        element = self.masked.elements[index]
        if element.closing:
            return
        self.buffer, self.length = [], 0
        before = len(self.components)
        self.add_component(index, 0, 0)
        if len(self.components) > before:
            made = self.components.pop()
            self.components.append(Component(made.name, made.attributes, made.dynamic, made.text, made.line, -1, 0, 0))

    def line(self, at: int) -> int:
        """Line of the source at a byte offset of the masked text."""
        if self.newlines is None:
            data = self.source.encode("utf-8", "surrogatepass")
            self.newlines = [place for place, byte in enumerate(data) if byte == 10] if len(data) < 4096 else _offsets(data)
        return self.first_line + bisect_right(self.newlines, at - 1)

    def flush(self) -> None:
        """End the block that is being read."""
        if self.open_tags:
            for opened in self.open_tags:
                self.add_component(*opened)
            self.open_tags = []
        if not self.buffer:
            if self.block_at >= 0:
                self.leave_empty()
            self.block_at = -1
            return
        text = "".join(self.buffer).replace("\n", " ")
        if self.heading is None and ("#" in text or "^" in text):
            text = self.without_notes(text)
        if text.strip():
            kind: BlockKind = "heading" if self.heading else self.containers[-1] if self.containers else "paragraph"
            self.blocks.append(Block(kind, text, self.line(self.block_at), len(self.headings) - 1, tuple(self.code)))
        else:
            self.leave_empty()
        self.buffer, self.length, self.block_at, self.code = [], 0, -1, []

    def without_notes(self, text: str) -> str:
        """Text of a block without its name; the name and the tags of the block are kept."""
        here = len(self.blocks)
        apart = [*zip(self.code[::2], self.code[1::2], strict=True)]
        lists: tuple[Sequence[Reference | Component], ...] = (self.references, self.components)
        for listed in lists:
            for item in reversed(listed):
                if item.block != here:
                    break
                if not isinstance(item, Component) or item.name == "a":
                    apart.append((item.start, item.end))
        if named := block_name(text, max((end for _, end in apart), default=0)):
            text = text[: named[0]]
            self.block_names.append(named[1])
            for place in range(len(self.components) - 1, -1, -1):
                made = self.components[place]
                if made.block != here:
                    break
                if made.end > len(text):
                    self.components[place] = structs.replace(made, start=min(made.start, len(text)), end=len(text))
        if "#" in text:
            self.tags += inline_tags(text, apart)
        return text

    def leave_empty(self) -> None:
        """References of a block without text stand in no block."""
        leave_block(self.references, len(self.blocks))
        leave_block(self.components, len(self.blocks))

    def end_heading(self, span: dict[str, int]) -> None:
        """Keep the heading that is being read, with an anchor of its own."""
        assert self.heading is not None
        level, declared = self.heading
        text = " ".join("".join(self.buffer).split())
        anchor = free_anchor(declared or anchor_of(text), self.anchors)
        line = self.line(span["start"])
        self.flush()
        self.heading = None
        self.headings.append(Heading(level, text, unquote(anchor), line))

    def finished_tags(self) -> tuple[str, ...]:
        """Tags of the page, each once, without those whose sign is always escaped."""
        tags = dict.fromkeys(self.tags)
        if "\\#" in self.source:
            unescaped = unescaped_tags(self.source)
            tags = {tag: None for tag in tags if tag in unescaped}
        return tuple(tags)


def _offsets(data: bytes) -> list[int]:
    found, place = [], data.find(b"\n")
    while place >= 0:
        found.append(place)
        place = data.find(b"\n", place + 1)
    return found
