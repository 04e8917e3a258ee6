"""The walk over the nodes of a page of wikitext: words, links, tags, tables. Conventions as in :mod:`kgraph.ingest.readers.wikitext`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

import mwparserfromhell
from mwparserfromhell.nodes import Argument, ExternalLink, HTMLEntity, Node, Tag, Template, Text, Wikilink
from mwparserfromhell.nodes import Heading as HeadingNode
from mwparserfromhell.wikicode import Wikicode

from kgraph.ingest.readers.common import free_anchor
from kgraph.ingest.readers.wikiblocks import Open, Writer
from kgraph.ingest.readers.wikinames import kind_of_title, wiki_title
from kgraph.model.document import BlockKind, Component, Heading

__all__ = ["QUOTE_MARKS", "Walk"]

QUOTE_MARKS = re.compile(r"'{2,5}")
"""Marks of bold and italic text."""
_SWITCH = re.compile(r"__[A-Z_]{3,30}__")
_SPACE = re.compile(r"\s+")
_DEEPEST = 12
_CODE = frozenset(
    ("pre", "code", "source", "syntaxhighlight", "tt", "kbd", "samp", "templatedata", "score", "timeline", "graph", "mapframe")
)
_FORMULA = frozenset(("math", "chem", "ce", "hiero"))
_APART = frozenset(("div", "p", "blockquote", "center", "ul", "ol", "dl", "section", "figure", "h1", "h2", "h3", "h4", "h5", "h6"))
_LIST_MARKS = frozenset(("*", "#", ";", ":"))


class Walk(Writer):
    """Goes through the nodes of a page in their order and keeps what kgraph needs of them."""

    def __init__(self, names: Mapping[str, int], title: str) -> None:
        super().__init__()
        self.names = names
        self.title = title
        self.components: list[Component] = []
        self.counts: Counter[str] = Counter()
        self.categories: dict[str, int] = {}
        self.facts: dict[str, str] = {}
        self.box = ""
        self.lines: dict[str, int] = {}
        self.anchors: Counter[str] = Counter()
        self.depth = 0

    # -- the walk -------------------------------------------------------------------------------

    def walk(self, code: Wikicode | None) -> None:
        """All nodes of a piece of wikitext; the line afterwards is the one on which it ends."""
        if code is None or self.depth > _DEEPEST:
            self.line += str(code).count("\n") if code is not None else 0
            return
        self.depth += 1
        for node in code.nodes:
            start, lines = self.line, str(node).count("\n")
            self.meet(node)
            self.line = start + lines
        self.depth -= 1

    def meet(self, node: Node) -> None:
        """One node."""
        if isinstance(node, Text):
            self.text(str(node))
        elif isinstance(node, Wikilink):
            self.wikilink(node)
        elif isinstance(node, Template):
            self.template(node)
        elif isinstance(node, Tag):
            self.tag(node)
        elif isinstance(node, ExternalLink):
            self.external(node)
        elif isinstance(node, HeadingNode):
            self.heading(node.level, node.title)
        elif isinstance(node, HTMLEntity):
            self.add(node.normalize() or "")
        elif isinstance(node, Argument):
            self.walk(node.default)

    def text(self, text: str) -> None:
        """Words; an empty line ends a block, and any line end the item of a list."""
        text = _SWITCH.sub("", QUOTE_MARKS.sub("", text))
        pieces = text.split("\n")
        for place, piece in enumerate(pieces):
            if place:
                self.line += 1
                if self.inline:
                    self.add(" ")
                elif self.blank or self.open.kind == "list":
                    self.flush()
                else:
                    self.add(" ")
                self.blank = True
            if piece.strip():
                self.add(piece if self.open.length else piece.lstrip())
                self.blank = False
            elif piece:
                self.add(" ")

    def heading(self, level: int, title: Wikicode) -> None:
        """A heading, with the anchor that MediaWiki gives it."""
        if self.inline:
            self.inside(title)
            return
        self.flush()
        opened = self.apart("heading", title)
        text = " ".join("".join(opened.parts).split())
        if not text:
            return
        anchor = free_anchor(text.replace(" ", "_"), self.anchors, mark="_", first=2)
        self.keep(opened)
        self.headings.append(Heading(level, text, anchor, opened.line))
        self.open = Open("paragraph", self.line)

    # -- links ----------------------------------------------------------------------------------

    def wikilink(self, node: Wikilink) -> None:
        """A link in double brackets: to a page, a picture, a category, another wiki."""
        written = " ".join(str(node.title).split())
        base, mark, fragment = written.partition("#")
        kind, title = kind_of_title(base, self.names)
        line = self.line
        if kind == "category":
            name = wiki_title(title)
            if name:
                self.categories.setdefault(name, line)
                self.lines.setdefault("categories", line)
            return
        if kind == "file":
            self.counts["images"] += 1
            self.caption(node)
            return
        if title.startswith("/") and self.title:
            title = self.title + title.rstrip("/")
        start = self.open.length
        if node.text is None:
            self.add(written.lstrip(": ") if title == base else title + mark + fragment)
        else:
            self.line += str(node.title).count("\n")
            self.inside(node.text)
        if kind in ("elsewhere", "aside") or not (title or fragment):
            return
        target = title + ("#" + fragment.strip().replace(" ", "_") if mark else "")
        self.refer("title", target, start, line)

    def caption(self, node: Wikilink) -> None:
        """Text under a picture: what stands after the last bar, unless it says how the picture is shown."""
        if node.text is None:
            return
        opened = self.apart("paragraph", node.text)
        text = "".join(opened.parts)
        first = min((start for _, _, _, start, _, _ in opened.references), default=len(text))
        at = text.rfind("|", 0, first) + 1
        opened.parts, opened.length = [text[at:]], len(text) - at
        opened.references = [
            (kind, target, shown, start - at, end - at, line) for kind, target, shown, start, end, line in opened.references
        ]
        if opened.references or len(text[at:].split()) > 2:
            self.open.notes.append(opened)

    def external(self, node: ExternalLink) -> None:
        """A link to an address."""
        start, line, url = self.open.length, self.line, str(node.url).strip()
        if node.title is not None:
            self.inside(node.title)
        elif not node.brackets:
            self.add(url)
        if url.lower().startswith(("http://", "https://", "//")):
            self.refer("link", url, start, line)

    def template(self, node: Template) -> None:
        """A call of a template."""
        raise NotImplementedError

    def links_in(self, code: Wikicode) -> None:
        """Links within a piece that is no prose of the page."""
        text = str(code)
        if "[" not in text and "{{" not in text and "//" not in text:
            return
        self.drop(self.apart("paragraph", code))

    # -- tags -----------------------------------------------------------------------------------

    def tag(self, node: Tag) -> None:
        """An element of HTML, a list, a table, a footnote."""
        name = str(node.tag).strip().lower()
        markup = node.wiki_markup
        contents = node.contents
        if not node.self_closing and contents is not None:
            self.line += max(0, str(node).count("\n") - str(contents).count("\n"))
        if markup in _LIST_MARKS:
            self.list_mark(name)
        elif name == "table":
            self.table(node)
        elif name == "ref":
            self.counts["footnote_references"] += 1
            told = contents if not node.self_closing and str(contents).strip() else None
            named = " ".join(str(node.get("name").value).split()) if node.has("name") else ""
            label = named or (f"#{self.counts['footnotes'] + 1}" if told is not None else "")
            if label:
                self.open.marks.append((label, self.open.length))
            self.footnote(told, label)
        elif name == "references":
            self.links_in(contents)
        elif name in ("br", "hr"):
            self.add(" ")
        elif name == "gallery":
            self.gallery(str(contents))
        elif name in _CODE or name in _FORMULA:
            self.verbatim(name, contents)
        elif name == "nowiki":
            self.add(_SPACE.sub(" ", str(contents)))
        elif name in _APART and not self.inline:
            self.flush()
            if name == "blockquote":
                self.open.kind = "quote"
            self.walk(contents)
            self.flush()
        else:
            for attribute in node.attributes:
                if str(attribute.name).strip().lower() in ("id", "name") and attribute.value and name in ("span", "div", "a", "cite"):
                    self.components.append(
                        Component(name, {"id": str(attribute.value).strip().replace(" ", "_")}, (), "", self.line, -1, 0, 0)
                    )
            self.inside(contents)

    def gallery(self, text: str) -> None:
        """Pictures, one on a line, each with the text under it."""
        start = self.line
        for place, line in enumerate(text.split("\n")):
            name, _, caption = line.partition("|")
            self.counts["images"] += bool(name.strip())
            if caption.strip():
                self.line = start + place
                self.open.notes.append(self.apart("paragraph", mwparserfromhell.parse(caption, skip_style_tags=True)))

    def verbatim(self, name: str, contents: Wikicode | None) -> None:
        """Code and formulas: code in the line keeps its place, all else is no prose."""
        text = str(contents) if contents is not None else ""
        if name in ("code", "tt", "kbd", "samp") and "\n" not in text:
            start = self.open.length
            self.inside(contents)
            self.open.code += (start, self.open.length)
        elif name not in _FORMULA:
            self.counts["code_blocks"] += 1

    def list_mark(self, name: str) -> None:
        """What a line of a list begins with."""
        if self.inline:
            self.add(" ")
            return
        if self.open.length or self.open.references:
            if name == "dd" and not self.blank:
                self.add(": ")
                return
            self.flush()
        self.open.kind = "paragraph" if name == "dd" and self.open.kind != "list" else "list"
        self.open.line = self.line

    def table(self, node: Tag) -> None:
        """A table: each row is one block."""
        self.counts["tables"] += 1
        if self.inline:
            self.inside(node.contents)
            return
        self.flush()
        row = Open("table", self.line)
        if node.contents is not None:
            row = self.cells(node.contents, row)
        self.keep(row)
        self.open = Open("paragraph", self.line)

    def cells(self, code: Wikicode, row: Open) -> Open:
        """Cells of a row, and of the rows within; gives the row that is open at the end."""
        if self.depth > _DEEPEST:
            return row
        self.depth += 1
        for node in code.nodes:
            start, lines = self.line, str(node).count("\n")
            if isinstance(node, Tag):
                row = self.part(node, lines, row)
            self.line = start + lines
        self.depth -= 1
        return row

    def part(self, node: Tag, lines: int, row: Open) -> Open:
        """A row, a cell or a group of rows; gives the row that is open after it."""
        name, contents = str(node.tag).strip().lower(), node.contents
        if name == "tr":
            self.keep(row)
            self.line += max(0, lines - str(contents).count("\n"))
            return self.cells(contents, Open("table", self.line)) if contents is not None else row
        if name in ("td", "th"):
            outer, self.open = self.open, row
            if row.length:
                self.add(" | ")
            self.inside(contents)
            self.open = outer
            if row.parts[:1] and row.parts[0].startswith("+") and node.wiki_markup == "|":
                row.parts[0] = row.parts[0][1:].lstrip()
                row.length = len("".join(row.parts))
                self.keep(row)
                return Open("table", self.line)
        elif name in ("tbody", "thead", "tfoot", "caption") and contents is not None:
            return self.cells(contents, row)
        return row

    # -- pieces ---------------------------------------------------------------------------------

    def inside(self, code: Wikicode | None) -> None:
        """A piece within a line: no line end in it ends the block."""
        self.inline += 1
        start = self.line
        self.walk(code)
        self.line = start
        self.inline -= 1

    def inside_each(self, values: list[Wikicode], between: str) -> None:
        """Pieces within a line, with something between them."""
        for place, value in enumerate(values):
            self.add(between if place else "")
            start, lines = self.line, str(value).count("\n")
            self.inside(value)
            self.line = start + lines

    def apart(self, kind: BlockKind, code: Wikicode, begun: str = "") -> Open:
        """A piece as a block of its own, not yet kept."""
        outer, blank = self.open, self.blank
        self.open = Open(kind, self.line)
        self.add(begun)
        self.inside(code)
        made, self.open, self.blank = self.open, outer, blank
        return made

    def footnote(self, code: Wikicode | None, label: str = "") -> None:
        """A note, as a block of its own."""
        if code is None:
            return
        self.counts["footnotes"] += 1
        note = self.apart("footnote", code)
        note.label = label
        self.open.notes.append(note)
