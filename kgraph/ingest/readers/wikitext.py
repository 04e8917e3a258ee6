"""Wikitext of MediaWiki, by mwparserfromhell: single files, and the pages of a dump.

Conventions: https://www.mediawiki.org/wiki/Help:Formatting, Help:Links, Help:Tables, Help:Templates. A template is never expanded,
as its text lies elsewhere: those that merely show their arguments are read, a box of facts becomes facts and rows, and of all
others only the links within their arguments count.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec
import mwparserfromhell
from mwparserfromhell.nodes import Template
from mwparserfromhell.wikicode import Wikicode

from kgraph.ingest.readers import wikitemplates as known
from kgraph.ingest.readers.common import metrics
from kgraph.ingest.readers.wikibounds import bounded
from kgraph.ingest.readers.wikinames import NAMESPACES, DumpedText, kind_of_title, namespace_of, redirect_target
from kgraph.ingest.readers.wikiwalk import QUOTE_MARKS, Walk
from kgraph.model.document import Component, Document, Problem

__all__ = ["read_dumped", "read_wikitext"]

_SPACE = re.compile(r"\s+")
_NUMBERED = re.compile(r"&#(x[0-9a-f]{1,12}|[0-9]{1,12});?", re.I)
_BRACES = re.compile(r"[{}]+")


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
    if namespace_of(page.title, page.names) == NAMESPACES["category"]:
        front["namespace"] = "category"
    redirect = f"[[{page.redirect}]]" if page.redirect else document.redirect
    return msgspec.structs.replace(document, title=page.title, front_matter=front, redirect=redirect)


def _read(text: str, names: Mapping[str, int], title: str) -> Document:
    target = redirect_target(text)
    text, endless = bounded(_NUMBERED.sub(_character, text.replace("\x00", "")))
    try:
        builder = _built(text, names, title)
    except RecursionError:
        endless = True
        builder = _built(_BRACES.sub(" ", text), names, title)
    counts, bag = metrics(builder.blocks, builder.headings, builder.counts)
    return Document(
        title=None,
        front_matter=builder.front_matter(),
        lines=builder.lines,
        headings=tuple(builder.headings),
        blocks=tuple(builder.blocks),
        references=tuple(builder.references),
        components=tuple(builder.components),
        counts=counts,
        bag=bag,
        problems=(Problem("W110", "markup that is never ended or nested beyond reason was taken for text", 1),) if endless else (),
        redirect=f"[[{target}]]" if target else None,
        footnotes=builder.footnotes.finished(),
    )


def _character(found: re.Match[str]) -> str:
    """A character reference as written, or the replacement character where its number is that of no character."""
    digits = found.group(1).lower()
    number = int(digits[1:], 16) if digits.startswith("x") else int(digits)
    good = 0 < number < 0x110000 and not 0xD800 <= number < 0xE000
    return found.group() if good else "\ufffd"


def _built(text: str, names: Mapping[str, int], title: str) -> _Builder:
    builder = _Builder(names, title)
    builder.walk(mwparserfromhell.parse(text, skip_style_tags=True))
    builder.flush()
    return builder


class _Builder(Walk):
    """Goes through the nodes of a page in their order and keeps what kgraph needs of them."""

    def front_matter(self) -> dict[str, Any]:
        front: dict[str, Any] = {}
        if self.categories:
            front["categories"] = list(self.categories)
        if self.facts:
            front["infobox"] = self.facts
        if self.box:
            front["infobox_type"] = self.box
        return front

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
        labels = {str(param.name).strip(): param.value for param in node.params if param.showkey}
        if not self.inline:
            self.flush()
        for place, value in enumerate(titles):
            written = _SPACE.sub(" ", value.strip_code()).strip().lstrip(":")
            if not written or len(written) > 300:
                continue
            self.add(", " if place and self.open.length else "")
            start = self.open.length
            base, mark, fragment = written.partition("#")
            label = labels.get(f"l{place + 1}")
            shown = base if label is None else label.strip_code()
            self.add(" ".join(shown.split()) or base)
            if kind_of_title(base, self.names)[0] == "page":
                self.refer("title", base.strip() + ("#" + fragment.strip().replace(" ", "_") if mark else ""), start, self.line)
        if not self.inline:
            self.flush()

    def citation(self, node: Template) -> None:
        """A cited work: its author, title and year as text, its address as a link."""
        fields = {str(param.name).strip().lower(): param.value.strip_code() for param in node.params if param.showkey}
        start = self.open.length
        self.add(QUOTE_MARKS.sub("", known.cited_work(fields)))
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
