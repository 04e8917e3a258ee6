"""Wikitext of MediaWiki, by mwparserfromhell: single files, and the pages of a dump.

Conventions: https://www.mediawiki.org/wiki/Help:Formatting, Help:Links, Help:Tables, Help:Templates. A template is never expanded,
as its text lies elsewhere: those that merely show their arguments are read, a box of facts becomes facts and rows, and of all
others only the links within their arguments count.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

import msgspec
import mwparserfromhell
from mwparserfromhell.nodes import Argument, ExternalLink, HTMLEntity, Node, Tag, Template, Text, Wikilink
from mwparserfromhell.nodes import Heading as HeadingNode
from mwparserfromhell.wikicode import Wikicode

from kgraph.ingest.readers import wikitemplates as known
from kgraph.ingest.readers.wikiblocks import Open, Writer
from kgraph.ingest.readers.wikibounds import bounded
from kgraph.ingest.readers.wikinames import NAMESPACES, DumpedText, kind_of_title, redirect_target, wiki_title
from kgraph.model.document import BlockKind, Component, Counts, Document, Heading, Problem
from kgraph.model.text import terms

__all__ = ["read_dumped", "read_wikitext"]

_QUOTES = re.compile(r"'{2,5}")
_SWITCH = re.compile(r"__[A-Z_]{3,30}__")
_SPACE = re.compile(r"\s+")
_BRACES = re.compile(r"[{}]+")
_DEEPEST = 12
_CODE = frozenset(
    ("pre", "code", "source", "syntaxhighlight", "tt", "kbd", "samp", "templatedata", "score", "timeline", "graph", "mapframe")
)
_FORMULA = frozenset(("math", "chem", "ce", "hiero"))
_APART = frozenset(("div", "p", "blockquote", "center", "ul", "ol", "dl", "section", "figure", "h1", "h2", "h3", "h4", "h5", "h6"))
_LIST_MARKS = frozenset(("*", "#", ";", ":"))


def read_wikitext(text: str) -> Document:
    """Parse a file of wikitext."""
    return _read(text, {}, "")


def read_dumped(text: str) -> Document:
    """Parse a page of a dump, given as the JSON of a :class:`DumpedText`."""
    page = msgspec.json.decode(text, type=DumpedText)
    document = _read(page.text, page.names, page.title)
    front = dict(document.front_matter)
    if page.date:
        front["date"] = page.date
    prefix = page.title.partition(":")[0].casefold() if ":" in page.title else ""
    if page.names.get(prefix, NAMESPACES.get(prefix)) == NAMESPACES["category"]:
        front["namespace"] = "category"
    redirect = f"[[{page.redirect}]]" if page.redirect else document.redirect
    return msgspec.structs.replace(document, title=page.title, front_matter=front, redirect=redirect)


def _read(text: str, names: Mapping[str, int], title: str) -> Document:
    target = redirect_target(text)
    text, endless = bounded(text.replace("\x00", ""))
    try:
        builder = _built(text, names, title)
    except RecursionError:
        endless = True
        builder = _built(_BRACES.sub(" ", text), names, title)
    bag = Counter(terms("\n".join([block.text for block in builder.blocks])))
    count = builder.counts
    return Document(
        title=None,
        front_matter=builder.front_matter(),
        lines=builder.lines,
        headings=tuple(builder.headings),
        blocks=tuple(builder.blocks),
        references=tuple(builder.references),
        components=tuple(builder.components),
        counts=Counts(
            words=sum(bag.values()), headings=len(builder.headings), tables=count["tables"], images=count["images"],
            code_blocks=count["code_blocks"], footnotes=count["footnotes"], footnote_references=count["footnote_references"],
        ),
        terms=dict(bag),
        problems=(Problem("W110", "markup that is never ended or nested beyond reason was taken for text", 1),) if endless else (),
        redirect=f"[[{target}]]" if target else None,
    )  # fmt: skip


def _built(text: str, names: Mapping[str, int], title: str) -> _Builder:
    builder = _Builder(names, title)
    builder.walk(mwparserfromhell.parse(text, skip_style_tags=True))
    builder.flush()
    return builder


class _Builder(Writer):
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

    def front_matter(self) -> dict[str, Any]:
        front: dict[str, Any] = {}
        if self.categories:
            front["categories"] = list(self.categories)
        if self.facts:
            front["infobox"] = self.facts
        if self.box:
            front["infobox_type"] = self.box
        return front

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
        text = _SWITCH.sub("", _QUOTES.sub("", text))
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
        self.flush()
        opened = self.apart("heading", title)
        text = " ".join("".join(opened.parts).split())
        if not text:
            return
        anchor = wanted = text.replace(" ", "_")
        while anchor in self.anchors:
            self.anchors[wanted] += 1
            anchor = f"{wanted}_{self.anchors[wanted] + 1}"
        self.anchors[anchor] = 0
        self.keep(opened)
        self.headings.append(Heading(level, text, anchor, opened.line))
        self.open = Open("paragraph", self.line)

    # -- links ----------------------------------------------------------------------------------

    def wikilink(self, node: Wikilink) -> None:
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
        at = text.rfind("|") + 1
        if at and not opened.references:
            opened.parts, opened.length = [text[at:]], len(text) - at
        if opened.references:
            first = min(start for _, _, _, start, _, _ in opened.references)
            at = text.rfind("|", 0, first) + 1
            opened.parts, opened.length = [text[at:]], len(text) - at
            opened.references = [
                (kind, target, shown, start - at, end - at, line) for kind, target, shown, start, end, line in opened.references
            ]
        if opened.references or len(text[at:].split()) > 2:
            self.open.notes.append(opened)

    def external(self, node: ExternalLink) -> None:
        start, line, url = self.open.length, self.line, str(node.url).strip()
        if node.title is not None:
            self.inside(node.title)
        elif not node.brackets:
            self.add(url)
        if url.lower().startswith(("http://", "https://", "//")):
            self.refer("link", url, start, line)

    # -- templates ------------------------------------------------------------------------------

    def template(self, node: Template) -> None:
        name = known.plain_name(str(node.name))
        self.line += str(node.name).count("\n")
        if name in known.HATNOTES:
            self.hatnote(node, known.HATNOTES[name])
        elif known.is_citation(name):
            self.citation(node)
        elif name in known.NOTES:
            if name in ("sfn", "sfnp", "harvnb", "harvp"):
                self.counts["footnote_references"] += 1
            else:
                self.footnote(node.get("1").value if node.has("1") else None)
        elif name in known.QUOTES:
            value = next((node.get(key).value for key in ("text", "quote", "1") if node.has(key)), None)
            if not self.inline:
                self.flush()
                self.open.kind = "quote"
            self.inside(value)
            self.flush()
        elif name in known.INLINE:
            values = [node.get(key).value for key in known.INLINE[name] if node.has(key)]
            self.inside_each(values[:1] if name in ("lang", "transl", "transliteration", "nihongo", "url") else values, " ")
        elif name in known.LISTS:
            self.inside_each([param.value for param in node.params if not param.showkey], ", ")
        elif known.is_infobox(name, [str(param.name).strip() for param in node.params], str(node).count("\n"), lead=not self.headings):
            self.infobox(node)
        elif name in ("anchor", "visible anchor", "vanchor", "anchors"):
            for param in node.params:
                self.components.append(Component("span", {"id": str(param.value).strip().replace(" ", "_")}, (), "", self.line, -1, 0, 0))
        else:
            self.links_of(node)

    def hatnote(self, node: Template, skipped: int) -> None:
        """A line above a section that sends the reader to other pages."""
        titles = [param.value for param in node.params if not param.showkey][skipped:]
        if not self.inline:
            self.flush()
        for place, value in enumerate(titles):
            written = _SPACE.sub(" ", value.strip_code()).strip().lstrip(":")
            if not written or len(written) > 300:
                continue
            self.add(", " if place and self.open.length else "")
            start = self.open.length
            base, mark, fragment = written.partition("#")
            shown = node.get(f"l{place + 1}").value.strip_code() if node.has(f"l{place + 1}") else base
            self.add(" ".join(shown.split()) or base)
            if kind_of_title(base, self.names)[0] == "page":
                self.refer("title", base.strip() + ("#" + fragment.strip().replace(" ", "_") if mark else ""), start, self.line)
        if not self.inline:
            self.flush()

    def citation(self, node: Template) -> None:
        """A cited work: its author, title and year as text, its address as a link."""
        fields = {str(param.name).strip().lower(): param.value.strip_code() for param in node.params if param.showkey}
        start = self.open.length
        self.add(_QUOTES.sub("", known.cited_work(fields)))
        url = " ".join(fields.get("url", "").split())
        if url.lower().startswith(("http://", "https://")):
            self.refer("link", url, start, self.line)
        self.links_of(node)

    def infobox(self, node: Template) -> None:
        """A box of facts: each field is a fact and a row."""
        if not self.inline:
            self.flush()
        self.counts["tables"] += 1
        self.box = self.box or known.plain_name(str(node.name))
        for param in node.params:
            key = " ".join(str(param.name).split())
            if param.showkey:
                self.line += str(param.name).count("\n")
            start, lines = self.line, str(param.value).count("\n")
            value = str(param.value)
            if not param.showkey or not known.shows_value(key, value):
                if param.showkey:
                    self.links_in(param.value)
            else:
                self.fact(key.replace("_", " "), param.value)
            self.line = start + lines

    def fact(self, key: str, value: Wikicode) -> None:
        """A field of a box and the row that shows it."""
        opened = self.apart("table", value, f"{key} | ")
        said = " ".join("".join(opened.parts).partition(" | ")[2].split())
        if said:
            self.facts.setdefault(key, said)
            self.lines.setdefault("infobox", opened.line)
            self.keep(opened)
        else:
            self.drop(opened)

    def links_of(self, node: Template) -> None:
        """Links within the arguments of a template that nobody here knows: they stand in no prose."""
        for param in node.params:
            if param.showkey:
                self.line += str(param.name).count("\n")
            start, lines = self.line, str(param.value).count("\n")
            self.links_in(param.value)
            self.line = start + lines

    def links_in(self, code: Wikicode) -> None:
        text = str(code)
        if "[" not in text and "{{" not in text and "//" not in text:
            return
        self.drop(self.apart("paragraph", code))

    # -- tags -----------------------------------------------------------------------------------

    def tag(self, node: Tag) -> None:
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
            if not node.self_closing and str(contents).strip():
                self.footnote(contents)
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
        for node in code.nodes:
            start, lines = self.line, str(node).count("\n")
            name = str(node.tag).strip().lower() if isinstance(node, Tag) else ""
            if not isinstance(node, Tag):
                pass
            elif name == "tr":
                self.keep(row)
                self.line += max(0, lines - str(node.contents).count("\n"))
                row = self.cells(node.contents, Open("table", self.line)) if node.contents is not None else row
            elif name in ("td", "th"):
                outer, self.open = self.open, row
                if row.length:
                    self.add(" | ")
                self.inside(node.contents)
                self.open = outer
                if row.parts[:1] and row.parts[0].startswith("+") and node.wiki_markup == "|":
                    row.parts[0] = row.parts[0][1:].lstrip()
                    row.length = len("".join(row.parts))
                    self.keep(row)
                    row = Open("table", self.line)
            elif name in ("tbody", "thead", "tfoot", "caption") and node.contents is not None:
                row = self.cells(node.contents, row)
            self.line = start + lines
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

    def footnote(self, code: Wikicode | None) -> None:
        if code is None:
            return
        self.counts["footnotes"] += 1
        self.open.notes.append(self.apart("footnote", code))
