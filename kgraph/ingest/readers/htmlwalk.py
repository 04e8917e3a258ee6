"""The content of an HTML page, walked through once."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser, LexborNode

from kgraph.ingest.readers.htmlmain import is_footnotes, is_left_out, is_navigation, related_label
from kgraph.ingest.readers.htmlprose import FOOTNOTE_MARKS, Leave, Prose, stay
from kgraph.model.document import Component

__all__ = ["Walk"]

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_CODE = frozenset(("kg-code", "kbd", "samp", "var"))
_APART = frozenset(
    ("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dir", "div", "dl", "dt", "fieldset",
     "figcaption", "figure", "form", "header", "hgroup", "hr", "html", "legend", "li", "listing", "main", "menu", "nav", "ol", "p",
     "search", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "map", "frameset")
)  # fmt: skip
"""Elements that set what they hold apart; those of no standard do not."""
_HIGHLIGHTED = frozenset(("mw-geshi", "mw-highlight", "highlight", "highlighter-rouge", "pre", "literal", "docutils-literal", "code"))
_LINED = frozenset(("t-lines",))
"""Classes whose children a style sheet shows on lines of their own."""
_DIAGRAMS = frozenset(("mermaid", "plantuml", "graphviz", "d2", "svgbob", "nomnoml", "vega", "ditaa", "bpmn", "inheritance"))
_BARS = frozenset(("ul", "ol", "dl", "table", "td", "div", "center", "p", "span"))
_LOOKED_AT = 200_000
"""Links looked at in search of bars of navigation."""


def _arranging(main: LexborNode) -> frozenset[int]:
    """Tables that hold what no cell of data does: headings, listings, other tables."""
    found = set()
    for node in main.css("table table, table h1, table h2, table h3, table h4, table h5, table h6, table pre"):
        above = node.parent
        while above is not None and above.tag != "table":
            above = above.parent
        if above is not None:
            found.add(above.mem_id)
    return frozenset(found)


class Walk(Prose):
    """Goes through the elements of the content; what they say is put together by :class:`Prose`."""

    # -- the walk -------------------------------------------------------------------------------

    def run(self, main: LexborNode, contained: bool) -> None:
        """Read the content below ``main``; ``contained`` where it is a container that holds nothing else."""
        self.contained = contained
        self.arranging = _arranging(main)
        node: LexborNode | None = main.first_child
        leave: list[Leave] = []
        while node is not None:
            tag = node.tag
            if tag == "-text":
                self.add_text(node.text_content or "")
            elif tag and tag[0] != "-":
                end = self.enter(node, tag)
                if end is not None:
                    child = node.first_child
                    if child is not None:
                        leave.append(end)
                        node = child
                        continue
                    end()
            while node is not None and node.next is None:
                if not leave:
                    node = None
                    break
                leave.pop()()
                node = node.parent
            node = node.next if node is not None else None
        self.flush()

    def enter(self, node: LexborNode, tag: str) -> Leave | None:
        """Begin an element; gives what to do at its end, None where it is left out."""
        if tag in ("br", "wbr"):
            if tag == "br" and not self.gap:
                self.gap = " "
            return None
        data = node.attributes
        if tag == "img":
            self.add_image(data)
            return None
        if tag == "input":
            self.counts["tasks"] += data.get("type") == "checkbox"
            return None
        if "class" in data and tag in ("div", "pre", "svg", "figure", "object") and self.is_diagram(data):
            self.flush()
            self.counts["diagrams"] += 1
            return None
        if is_left_out(node, tag, data, self.contained):
            self.separate(tag)
            return None
        if not self.begun and not self.contained and tag in _BARS and self.is_bar(node):
            self.separate(tag)
            return None
        if "id" in data or (tag == "a" and "name" in data):
            self.ids += [value for value in (data.get("id"), data.get("name") if tag == "a" else None) if value]
        if tag == "a":
            return self.start_link(data)
        if tag in _HEADINGS:
            return self.start_heading(_HEADINGS[tag])
        if tag in _CODE:
            return self.start_code()
        if tag in ("pre", "listing", "xmp", "plaintext"):
            return self.start_pre(node)
        if tag == "table":
            return self.start_table(node, data)
        if tag == "area":
            self.add_address(data, "href", data.get("alt") or "")
            return None
        if tag not in _APART:
            return self.start_inline(tag, data)
        return self.start_block(tag, data)

    def separate(self, tag: str) -> None:
        """What is left out still sets apart what stands around it, where it is a block."""
        if tag in _APART or tag in ("footer", "pre", "svg", "iframe", "object", "video"):
            self.flush()

    def is_diagram(self, data: dict[str, str | None]) -> bool:
        """Whether an element holds a diagram written as text."""
        return not _DIAGRAMS.isdisjoint((data.get("class") or "").lower().split())

    def is_bar(self, node: LexborNode) -> bool:
        """Whether an element before the content is a bar of navigation."""
        if self.looked_at > _LOOKED_AT:
            return False
        found, looked = is_navigation(node)
        self.looked_at += looked
        self.bars += found
        return found

    # -- elements -------------------------------------------------------------------------------

    def start_inline(self, tag: str, data: dict[str, str | None]) -> Leave | None:
        """Begin an element within a line; the mark of a footnote, as ``[1]``, is left out."""
        classes = (data.get("class") or "").lower().split()
        if self.lined and tag == "span":
            self.gap = self.gap or " "
        if not classes:
            return stay
        if tag in ("sup", "span") and not FOOTNOTE_MARKS.isdisjoint(classes):
            self.counts["footnote_references"] += 1
            if tag == "sup":
                return None
        if not _LINED.isdisjoint(classes):
            self.lined += 1
            return self.end_lined
        if tag == "span" and not _HIGHLIGHTED.isdisjoint(classes):
            return self.start_code()
        return stay

    def end_lined(self) -> None:
        """End an element whose children stand on lines of their own."""
        self.lined -= 1
        self.gap = self.gap or " "

    def start_block(self, tag: str, data: dict[str, str | None]) -> Leave:
        """Begin an element that stands apart."""
        if self.rows:
            if tag in ("td", "th"):
                self.gap = " | "
                return stay
            if tag == "tr":
                self.flush()
                return self.flush
            self.gap = self.gap or " "
            return self.end_apart
        self.flush()
        if tag == "li" or tag in ("dt", "dd"):
            self.containers.append("footnote" if self.notes else "list")
            self.counts["footnotes"] += bool(self.notes and tag in ("li", "dt"))
            return self.end_container
        if tag == "blockquote":
            self.containers.append("quote")
            return self.end_container
        classes = data.get("class") or ""
        if tag in ("ol", "ul", "dl", "div", "section", "aside") and is_footnotes(data):
            self.notes += 1
            if tag == "aside" and data.get("role") == "doc-footnote":
                self.counts["footnotes"] += 1
                self.containers.append("footnote")
                return self.end_note_of_one
            return self.end_notes
        label = related_label(data)
        if label or ("seealso" in classes.lower().split()):
            return self.start_related(label or "See also", data)
        if tag in ("aside", "nav", "section", "article", "header", "footer"):
            section = self.section
            return lambda: self.end_section(section, tag)
        return self.flush

    def end_container(self) -> None:
        """End a list item, a quotation or a table."""
        self.flush()
        self.containers.pop()

    def end_notes(self) -> None:
        """End a list of footnotes."""
        self.flush()
        self.notes -= 1

    def end_note_of_one(self) -> None:
        """End a footnote that stands alone."""
        self.end_container()
        self.notes -= 1

    def end_section(self, section: int, tag: str) -> None:
        """What stands after an aside stands in the section that the aside stands in."""
        self.flush()
        if tag in ("aside", "nav", "footer"):
            self.section = section

    def start_related(self, label: str, data: dict[str, str | None]) -> Leave:
        """A list of related pages that has a label but no heading."""
        section = self.section
        self.add_heading(6, label, self.own_anchor(None, label), self.line(data))
        return lambda: self.end_section(section, "aside")

    def start_table(self, node: LexborNode, data: dict[str, str | None]) -> Leave:
        """A table of data is read by rows, one that only arranges things as what it holds."""
        if self.rows or data.get("role") in ("presentation", "none") or node.mem_id in self.arranging:
            if self.rows:
                self.gap = self.gap or " "
                return self.end_apart
            self.flush()
            return self.flush
        self.flush()
        self.counts["tables"] += 1
        self.containers.append("table")
        self.rows += 1
        return self.end_table

    def end_table(self) -> None:
        """End a table of data."""
        self.rows -= 1
        self.end_container()

    def start_pre(self, node: LexborNode) -> Leave:
        """Begin a listing: no prose, but its links count."""
        self.flush_or_part()
        if node.css_first(".mermaid, .language-mermaid, .language-plantuml, .language-graphviz, .language-dot") is not None:
            self.counts["diagrams"] += 1
        else:
            self.counts["code_blocks"] += 1
        self.in_pre += 1
        return self.end_pre

    def end_pre(self) -> None:
        """End a listing."""
        self.in_pre -= 1
        self.flush_or_part()

    def flush_or_part(self) -> None:
        """Set apart what follows: in a table within its row, else as a block."""
        if self.rows:
            self.gap = self.gap or " "
        else:
            self.flush()

    def start_code(self) -> Leave:
        """Begin code within a line."""
        self.in_code += 1
        return self.end_code

    def end_code(self) -> None:
        """End code within a line."""
        self.in_code -= 1
        if not self.in_code and self.code_from is not None:
            self.code += (self.code_from, self.length)
            self.code_from = None

    def add_image(self, data: dict[str, str | None]) -> None:
        """Count an image; its text is that of a link that has no other."""
        self.counts["images"] += 1
        if self.link and data.get("alt"):
            self.link.alone.append(" ".join((data["alt"] or "").split()))

    def read_frames(self, tree: LexborHTMLParser) -> None:
        """Frames of a frameset are pages that this one shows."""
        for node in tree.css("frame[src]"):
            data = node.attributes
            self.add_address(data, "src", data.get("title") or data.get("name") or "")

    def read_anchors(self, tree: LexborHTMLParser) -> None:
        """Everything that a link to a part of the page can name, besides its headings."""
        seen = {heading.anchor for heading in self.headings}
        for node in tree.css("[id], a[name]"):
            data = node.attributes
            for key in ("id", "name") if node.tag == "a" else ("id",):
                value = data.get(key)
                if value and value not in seen and value.strip():
                    seen.add(value)
                    name = "code" if node.tag == "kg-code" else node.tag or "a"
                    self.components.append(Component(name, {"id": value}, (), "", self.line(data), -1, 0, 0))
