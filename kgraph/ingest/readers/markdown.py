"""Markdown and MDX: CommonMark with the GitHub extensions and wikilinks, by pulldown-cmark.

Specifications: CommonMark 0.31 (https://spec.commonmark.org/0.31.2/), GitHub Flavored Markdown
(https://github.github.com/gfm/), MDX (https://mdxjs.com/docs/what-is-mdx/).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import unquote

from msgspec import structs

from kgraph.ingest.readers.admonitions import set_flush
from kgraph.ingest.readers.common import free_anchor, leave_block, metrics
from kgraph.ingest.readers.frontmatter import split_front_matter
from kgraph.ingest.readers.markup import MARKER, Masked, mask_markup
from kgraph.ingest.readers.notes import block_name, inline_tags, unescaped_tags, without_comments
from kgraph.model.document import Block, BlockKind, Component, Document, Heading, Reference, ReferenceKind
from kgraph.model.text import anchor_of

__all__ = ["read_markdown", "read_mdx"]

_DIAGRAMS = frozenset(
    ("mermaid", "plantuml", "puml", "graphviz", "dot", "d2", "ditaa", "nomnoml", "vega", "vega-lite", "bpmn", "svgbob", "blockdiag")
)
_DIAGRAM_COMPONENTS = frozenset(("Mermaid", "MermaidDiagram", "PlantUML", "Diagram", "Graphviz"))
_IMAGES = frozenset(("png", "jpg", "jpeg", "gif", "svg", "webp", "avif", "bmp", "tiff", "ico"))
_APART = frozenset(
    ("br", "p", "div", "li", "ul", "ol", "dl", "dt", "dd", "table", "tr", "td", "th", "section", "article", "summary", "details",
     "blockquote", "h1", "h2", "h3", "h4", "h5", "h6")
)  # fmt: skip
"""HTML elements that set what they hold apart from the text before it."""
_BREAKS = ("SoftBreak", "HardBreak")
_QUIET_ENDS = frozenset(("TableCell", "Strong", "Emphasis", "Strikethrough", "HtmlBlock", "Superscript", "Subscript"))


def read_markdown(text: str) -> Document:
    """Parse a Markdown file."""
    return _read(text, mdx=False)


def read_mdx(text: str) -> Document:
    """Parse an MDX file."""
    return _read(text, mdx=True)


def _read(text: str, *, mdx: bool) -> Document:
    front = split_front_matter(text)
    body = set_flush(without_comments(front.body) if "%%" in front.body and not mdx else front.body)
    masked = mask_markup(body, mdx=mdx, first_line=front.body_line)
    builder = _Builder(masked, front.body_line)
    builder.run()
    title = front.data.get("title")
    if not isinstance(title, str) or not title.strip():
        title = next((heading.text for heading in builder.headings if heading.level == 1), None)
    counts, bag = metrics(builder.blocks, builder.headings, builder.counts)
    return Document(
        title=" ".join(title.split()) if title else None,
        front_matter=front.data,
        lines=front.lines,
        headings=tuple(builder.headings),
        blocks=tuple(builder.blocks),
        references=tuple(builder.references),
        components=tuple(builder.components),
        counts=counts,
        bag=bag,
        problems=front.problems,
        tags=builder.finished_tags(),
        block_names=tuple(dict.fromkeys(builder.block_names)),
    )


def _parser() -> Any:
    import pyromark

    option = pyromark.Options
    return pyromark.Markdown(
        options=option.ENABLE_TABLES | option.ENABLE_FOOTNOTES | option.ENABLE_STRIKETHROUGH | option.ENABLE_TASKLISTS
        | option.ENABLE_HEADING_ATTRIBUTES | option.ENABLE_WIKILINKS | option.ENABLE_GFM
    )  # fmt: skip


class _Builder:
    """Follows the events of the parser and keeps what kgraph needs of them."""

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

    # -- the walk -------------------------------------------------------------------------------

    def run(self) -> None:
        handlers: dict[str, Callable[[Any, Any], None]] = {
            "Code": self.on_code,
            "InlineHtml": self.on_html, "Html": self.on_html, "FootnoteReference": self.on_footnote_reference,
            "TaskListMarker": self.on_task, "InlineMath": self.on_code, "DisplayMath": self.on_code,
        }  # fmt: skip
        start, end = self.on_start, self.on_end
        for event, span in _parser().events_with_range(self.source, merge_text=True):
            if event.__class__ is str:
                if self.length and event in _BREAKS and self.buffer[-1][-1:] != " ":
                    self.buffer.append(" ")
                    self.length += 1
                continue
            for kind, value in event.items():
                if kind == "Text":
                    if not self.in_code:
                        if self.block_at < 0:
                            self.block_at = span["start"]
                        if "\x02" in value:
                            self.add_marked(value)
                        else:
                            self.buffer.append(value)
                            self.length += len(value)
                elif kind == "End":
                    if value.__class__ is not str or value not in _QUIET_ENDS:
                        end(value, span)
                elif kind == "Start":
                    start(value, span)
                else:
                    handlers[kind](value, span)
        self.flush()
        for index in sorted(self.masked.standalone):
            self.add_standalone(index)

    def on_code(self, text: str, span: dict[str, int]) -> None:
        if self.in_code:
            return
        if self.block_at < 0:
            self.block_at = span["start"]
        if "\x02" in text:
            text = MARKER.sub("", text)
        self.code += (self.length, self.length + len(text))
        self.buffer.append(text)
        self.length += len(text)

    def on_html(self, _text: str, _span: dict[str, int]) -> None:
        """Markup that the scanner left alone is shown by no site as prose; it is dropped."""

    def on_footnote_reference(self, _label: str, _span: dict[str, int]) -> None:
        self.counts["footnote_references"] += 1

    def on_task(self, _done: bool, _span: dict[str, int]) -> None:
        self.counts["tasks"] += 1

    def on_start(self, tag: Any, span: dict[str, int]) -> None:
        if tag.__class__ is str:
            if tag == "TableCell":
                if self.cells and (self.length or self.block_at >= 0):
                    self.buffer.append(" | ")
                    self.length += 3
                self.cells += 1
            elif tag == "Paragraph" or tag == "Item":
                self.flush()
            elif tag in ("TableHead", "TableRow"):
                self.flush()
                self.cells = 0
            elif tag == "HtmlBlock":
                self.flush()
            return
        for name, value in tag.items():
            if name == "Link":
                kind, target = value["link_type"], value["dest_url"]
                self.start_link("wikilink" if kind.__class__ is dict else "link", f"mailto:{target}" if kind == "Email" else target, span)
            elif name == "Image":
                embedded, target = value["link_type"].__class__ is dict, value["dest_url"]
                self.counts["images"] += not embedded or target.rpartition(".")[2].lower() in _IMAGES
                self.start_link("embed" if embedded else "image", target, span)
            else:
                self.start_container(name, value)

    def start_container(self, name: str, value: Any) -> None:
        self.flush()
        if name == "Heading":
            self.heading = (int(value["level"][1]), value["id"])
        elif name == "List":
            self.containers.append("list")
        elif name == "Table":
            self.counts["tables"] += 1
            self.containers.append("table")
        elif name == "BlockQuote":
            self.containers.append("quote")
        elif name == "FootnoteDefinition":
            self.counts["footnotes"] += 1
            self.containers.append("footnote")
        elif name == "CodeBlock":
            self.in_code += 1
            language = value["Fenced"].split() if value.__class__ is dict else []
            diagram = bool(language) and language[0].strip("{}.").lower() in _DIAGRAMS
            self.counts["diagrams" if diagram else "code_blocks"] += 1

    def on_end(self, tag: Any, span: dict[str, int]) -> None:
        if tag.__class__ is not str:
            for name in tag:
                if name == "Heading":
                    self.end_heading(span)
                elif name in ("List", "BlockQuote"):
                    self.flush()
                    self.containers.pop()
            return
        if tag in ("Link", "Image"):
            self.end_link()
        elif tag == "CodeBlock":
            self.in_code -= 1
        elif tag in ("Paragraph", "Item", "TableRow", "TableHead"):
            self.flush()
        elif tag in ("Table", "FootnoteDefinition"):
            self.flush()
            self.containers.pop()

    # -- links and components -------------------------------------------------------------------

    def start_link(self, kind: ReferenceKind, target: str, span: dict[str, int]) -> None:
        if self.block_at < 0:
            self.block_at = span["start"]
        if kind in ("wikilink", "embed") and "table" in self.containers:
            target = target.removesuffix("\\")
        self.open_links.append((kind, target, self.length, span["start"], len(self.buffer)))

    def end_link(self) -> None:
        kind, target, start, at, first = self.open_links.pop()
        text = "".join(self.buffer[first:])
        self.references.append(
            Reference(kind, target, text, self.line(at), len(self.blocks), start, self.length)
        )  # fmt: skip

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
        if text:
            self.buffer.append(text)
            self.length += len(text)

    def meet(self, index: int) -> None:
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
        text = "".join(self.buffer[first:])
        if not text.strip():
            text = next((element.attributes[key] for key in ("title", "text", "label", "name") if key in element.attributes), "")
        self.components.append(
            Component(element.name, element.attributes, element.dynamic, text, element.line, len(self.blocks), start, self.length)
        )

    def add_standalone(self, index: int) -> None:
        element = self.masked.elements[index]
        if element.closing:
            return
        self.buffer, self.length = [], 0
        before = len(self.components)
        self.add_component(index, 0, 0)
        if len(self.components) > before:
            made = self.components.pop()
            self.components.append(Component(made.name, made.attributes, made.dynamic, made.text, made.line, -1, 0, 0))

    # -- blocks ---------------------------------------------------------------------------------

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
