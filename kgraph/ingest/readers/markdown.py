"""Markdown and MDX: CommonMark with the GitHub extensions and wikilinks, by pulldown-cmark.

Specifications: CommonMark 0.31 (https://spec.commonmark.org/0.31.2/), GitHub Flavored Markdown
(https://github.github.com/gfm/), MDX (https://mdxjs.com/docs/what-is-mdx/).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kgraph.ingest.readers.admonitions import set_flush
from kgraph.ingest.readers.common import metrics
from kgraph.ingest.readers.frontmatter import split_front_matter
from kgraph.ingest.readers.markdownblocks import Blocks, is_picture
from kgraph.ingest.readers.markup import mask_markup
from kgraph.ingest.readers.markuplines import MARKER
from kgraph.ingest.readers.notes import without_callouts, without_comments
from kgraph.model.document import Document

__all__ = ["read_markdown", "read_mdx"]

_DIAGRAMS = frozenset(
    ("mermaid", "plantuml", "puml", "graphviz", "dot", "d2", "ditaa", "nomnoml", "vega", "vega-lite", "bpmn", "svgbob", "blockdiag")
)
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
    body = without_comments(front.body) if "%%" in front.body and not mdx else front.body
    body = set_flush(without_callouts(body) if "[!" in body else body)
    masked = mask_markup(body, mdx=mdx, first_line=front.body_line)
    builder = _Walk(masked, front.body_line)
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
        footnotes=builder.footnotes.finished(),
    )


def _parser() -> Any:
    import pyromark

    option = pyromark.Options
    return pyromark.Markdown(
        options=option.ENABLE_TABLES | option.ENABLE_FOOTNOTES | option.ENABLE_STRIKETHROUGH | option.ENABLE_TASKLISTS
        | option.ENABLE_HEADING_ATTRIBUTES | option.ENABLE_WIKILINKS | option.ENABLE_GFM
    )  # fmt: skip


class _Walk(Blocks):
    """Follows the events of the parser."""

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

    def on_footnote_reference(self, label: str, _span: dict[str, int]) -> None:
        self.counts["footnote_references"] += 1
        self.footnotes.refer(label, len(self.blocks), self.length)

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
                self.counts["images"] += not embedded or is_picture(target)
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
            self.open_notes.append((value, len(self.blocks)))
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
            if tag == "FootnoteDefinition":
                self.footnotes.define(*self.open_notes.pop(), len(self.blocks))
