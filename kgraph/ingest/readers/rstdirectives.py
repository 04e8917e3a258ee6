"""Directives of reStructuredText as kgraph reads them: what is prose, what is code, what lists pages, what names a thing.

Conventions are those of docutils (https://docutils.sourceforge.io/docs/ref/rst/directives.html) and of Sphinx
(https://www.sphinx-doc.org/en/master/usage/restructuredtext/directives.html). A directive that nobody knows holds prose. None reads a
file, and none is run.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive
from docutils.parsers.rst.directives import misc
from docutils.statemachine import StringList

__all__ = ["Code", "Cross", "Entries", "Meta", "Names", "Rows", "SeeAlso", "Titled", "find_directive"]

_DIAGRAMS = frozenset(
    ("mermaid", "graphviz", "digraph", "graph", "uml", "plantuml", "blockdiag", "seqdiag", "actdiag", "nwdiag", "ditaa",
     "inheritance-diagram", "d2", "kroki", "drawio-image", "svgbob", "vega", "aafig", "tikz")
)  # fmt: skip
_CODE = frozenset(
    ("code", "code-block", "sourcecode", "highlight", "literalinclude", "parsed-literal", "doctest", "testcode", "testsetup", "testcleanup",
     "testoutput", "prompt", "ipython", "plot", "math", "productionlist", "raw", "jupyter-execute", "code-cell", "exec", "terminal",
     "command-output", "program-output", "cssclass-code", "pyplot", "nbplot", "altair-plot", "exec_code", "try_examples", "asciinema",
     "autosummary", "tabularcolumns", "grammar-snippet", "cli_tree", "sql")
)  # fmt: skip
_NOTHING = frozenset(
    ("include", "contents", "sectnum", "section-numbering", "header", "footer", "date", "role", "default-role", "target-notes", "title",
     "restructuredtext-test-directive", "index", "default-domain", "sectionauthor", "codeauthor", "moduleauthor", "todolist", "acks-list",
     "bibliography", "youtube", "vimeo", "video", "audio", "ifconfig-begin", "highlightlang", "genindex", "tags", "csv-filter",
     "minigallery", "gallery", "cssclass", "rst-class", "apidocs", "click", "argparse", "autoprogram", "openapi", "swagger", "nbgallery",
     "language", "iframe", "badge")
)  # fmt: skip
_NO_ARGUMENT = frozenset(
    ("note", "warning", "caution", "danger", "error", "hint", "important", "tip", "attention", "todo", "seealso", "compound", "epigraph",
     "highlights", "pull-quote", "line-block", "hlist", "centered", "impl-detail", "soft-deprecated", "acks")
)  # fmt: skip
_TITLED = frozenset(
    ("admonition", "topic", "sidebar", "rubric", "card", "grid-item-card", "dropdown", "tab-item", "tab", "details", "collapse", "centered",
     "button-link", "group-tab")
)  # fmt: skip
_VERSIONS = frozenset(
    ("versionadded", "versionchanged", "deprecated", "versionremoved", "deprecated-removed", "version-added", "version-changed",
     "version-deprecated", "version-removed")
)  # fmt: skip
_OBJECTS = re.compile(
    r"(?:[\w-]+:)?(?:auto)?(?:function|class|method|staticmethod|classmethod|attribute|property|data|exception|decorator|decoratormethod"
    r"|module|enum|enumerator|struct|union|type|var|member|macro|concept|alias|object|describe|confval|setting|envvar|option|cmdoption"
    r"|directive|role|event|opcode|pdbcommand|2to3fixer|monitoring-event|c-api|templatefilter|templatetag|fieldlookup|django-admin|signal"
    r"|autofunction|namespace|program-option|event-type|rst:directive:option)"
)
_KINDS = frozenset(
    ("option", "envvar", "confval", "setting", "directive", "role", "event", "fieldlookup", "templatefilter", "templatetag", "django-admin",
     "opcode", "pdbcommand", "monitoring-event", "2to3fixer", "signal")
)  # fmt: skip
"""Kinds of things with names of their own; all others share theirs, as those of a programming language do."""
_LONGEST_TABLE = 2_000
_ENTRY = re.compile(r"(?P<text>.+?)\s*<(?P<target>[^<>]+)>\s*\Z", re.S)
_DIRECTIVE = re.compile(r"(?:\.\.\s+)?([\w+.:-]*?\w)(?:::|\s|$)")
_SIGNATURE = re.compile(r"[\w.:~*$@-]+(?:/\w+)?")


class Cross(nodes.Inline, nodes.TextElement):
    """A cross reference: ``role``, ``target``, and whether its text was told (``told``)."""


class Entries(nodes.Element):
    """Pages that a table of contents lists: ``entries`` are target, text and line."""


class Names(nodes.Element):
    """Names of things that what stands within is about: ``names``, ``kind``, and whether they are a module (``module``)."""


class SeeAlso(nodes.Element):
    """A box of other pages to see."""


class Titled(nodes.Element):
    """A box; its title, if any, is its first paragraph."""


class Code(nodes.Element):
    """Code, or a drawing made of code (``diagram``)."""


class Rows(nodes.Element):
    """A table as a list of lists of items."""


class Meta(nodes.Element):
    """What the head of the page says: ``fields``."""


class _AnyOptions(dict[str, Callable[[str], Any]]):
    """Options of every name and value."""

    def __bool__(self) -> bool:
        return True

    def __getitem__(self, key: str) -> Callable[[str], Any]:
        return lambda value: value or ""

    def __contains__(self, key: object) -> bool:
        return True


class _Base(Directive):
    """A directive that takes whatever it is given."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec = _AnyOptions()

    def run(self) -> list[Any]:
        """What the directive stands for, after the name that it may have been given."""
        name = nodes.fully_normalize_name(str(self.options.get("name", "")))
        made = self.make()
        return [nodes.target("", "", names=[name]), *made] if name and not isinstance(self.state, _substitution_states()) else made

    def make(self) -> list[Any]:
        """What the directive stands for."""
        raise NotImplementedError

    def prose(self, into: nodes.Element) -> nodes.Element:
        """Read the content as text of a page."""
        self.state.nested_parse(self.content, self.content_offset, into)
        return into

    def paragraph(self, text: str, line: int) -> nodes.paragraph:
        """A paragraph with inline markup."""
        inner, _ = self.state.inline_text(text, line)
        made = nodes.paragraph(text, "", *inner)
        made.line = line
        return made

    def argument(self) -> str:
        """Text behind the name."""
        return str(self.arguments[0]).strip() if self.arguments else ""


class _Box(_Base):
    """Prose set apart; an argument is a title where the directive is one that has titles."""

    def make(self) -> list[Any]:
        box = Titled(self.block_text)
        if self.arguments and (self.name.lower() in _TITLED or " " in self.argument()):
            box += self.paragraph(self.argument(), self.lineno)
        address = str(self.options.get("link", "") or self.options.get("button-link", "")).strip()
        if address:
            kind = str(self.options.get("link-type", "url")).strip()
            box += Entries("", entries=[(f":{kind}:{address}" if kind in ("doc", "ref", "any") else address, self.argument(), self.lineno)])
        return [self.prose(box)]


class _Note(_Base):
    """Prose set apart that begins behind the name."""

    optional_arguments = 0

    def make(self) -> list[Any]:
        return [self.prose((SeeAlso if self.name.lower() == "seealso" else Titled)(self.block_text))]


class _Version(_Base):
    """A change with the version that made it."""

    def make(self) -> list[Any]:
        box = Titled(self.block_text)
        _, _, text = self.argument().partition(" ")
        if text.strip() and self.name.lower() != "deprecated-removed":
            box += self.paragraph(text.strip(), self.lineno)
        return [self.prose(box)]


class _Object(_Base):
    """The description of a thing of a program."""

    def make(self) -> list[Any]:
        kind = self.name.lower().rpartition(":")[2]
        kind = {"cmdoption": "option", "program-option": "option"}.get(kind, kind if kind in _KINDS else "code")
        names = []
        if not {"noindex", "no-index"} & self.options.keys():
            for line in self.argument().split("\n")[:50]:
                if kind == "option":
                    names += [part.split()[0].partition("=")[0].partition("[")[0] for part in line.split(",") if part.strip()]
                elif kind == "directive" and (told := _DIRECTIVE.match(line.strip())):
                    names.append(told[1])
                elif found := _SIGNATURE.findall(line.partition("(")[0].strip()):
                    names.append(found[-1].strip(":") if kind != "code" else found[-1])
        module = self.name.lower().rpartition(":")[2] in ("module", "automodule")
        return [self.prose(Names(self.block_text, names=[name for name in names if name], kind=kind, module=module))]


class _Module(_Base):
    """The module that the names after it belong to, or the program that options do."""

    def make(self) -> list[Any]:
        program = self.name.lower() == "program"
        return [Names(self.block_text, names=[self.argument()], kind="program" if program else "currentmodule", module=not program)]


class _Glossary(_Base):
    """Terms with what they mean: several terms may stand above one meaning."""

    def make(self) -> list[Any]:
        made = Names(self.block_text, names=[], kind="glossary", module=False)
        terms: list[tuple[str, int]] = []
        body: list[tuple[str, int]] = []

        def done() -> None:
            if not terms:
                return
            for term, line in terms:
                made.append(Names("", self.paragraph(term, line), names=[term], kind="term", module=False, line=line))
            if body:
                inner = Titled("")
                indent = min((len(text) - len(text.lstrip()) for text, _ in body if text.strip()), default=0)
                lines = StringList([text[indent:] for text, _ in body], items=[("page", line - 1) for _, line in body])
                self.state.nested_parse(lines, body[0][1] - 1, inner)
                made.append(inner)

        for place, text in enumerate(self.content):
            line = self.content_offset + place + 1
            if text[:1].strip() and not text.startswith(".. "):
                if body:
                    done()
                    terms, body = [], []
                terms.append((re.split(r"\s+:\s+", text.strip())[0], line))
            elif terms and (text.strip() or body):
                body.append((text, line))
        done()
        return [made]


class _Contents(_Base):
    """A table of contents of the site."""

    def make(self) -> list[Any]:
        entries = []
        spread = "glob" in self.options
        for place, text in enumerate(self.content):
            written = text.strip()
            if not written or written == "self":
                continue
            told = _ENTRY.match(written)
            target, title = (told["target"].strip(), told["text"].strip()) if told else (written, "")
            if "://" not in target and not target.startswith("mailto:"):
                target = f":toctree:{target}" if spread and re.search(r"[*?\[]", target) else f":doc:{target}"
            entries.append((target, title, self.content_offset + place + 1))
        return [Entries(self.block_text, entries=entries)]


class _Code(_Base):
    """Code and drawings, of which only the number counts."""

    def make(self) -> list[Any]:
        name = self.name.lower()
        return [Code(self.block_text, diagram=name in _DIAGRAMS)] if name in _DIAGRAMS or self.content or name == "literalinclude" else []


class _Nothing(_Base):
    """What says nothing to a reader of the text."""

    def make(self) -> list[Any]:
        return []


class _Picture(_Base):
    """An image, with a caption where it is a figure."""

    def make(self) -> list[Any]:
        image = nodes.image(self.block_text, uri="".join(self.argument().split()), alt=str(self.options.get("alt", "")))
        image.line = self.lineno
        found: list[nodes.Node] = [image]
        address = str(self.options.get("target", "")).strip()
        if address:
            link = nodes.reference(address, "", image)
            if address.endswith("_") and not re.search(r"[/.:]", address):
                link["refname"] = nodes.fully_normalize_name(address[:-1].strip("`"))
            else:
                link["refuri"] = "".join(address.split())
            link.line = self.lineno
            found = [link]
        if isinstance(self.state, _substitution_states()):
            return found
        return [self.prose(Titled("", nodes.paragraph("", "", *found)))]


class _Table(_Base):
    """A table: drawn, as a list of lists, or as values between commas; never one out of a file."""

    def make(self) -> list[Any]:
        box = Titled(self.block_text)
        if self.arguments:
            box += self.paragraph(self.argument(), self.lineno)
        name = self.name.lower()
        if name == "table":
            return [self.prose(box)]
        rows = Rows("")
        if name == "list-table" or name == "flat-table":
            self.prose(rows)
        elif not {"file", "url"} & self.options.keys():
            self.values(rows)
        box += rows
        return [box]

    def values(self, rows: nodes.Element) -> None:
        """Rows of values between commas."""
        mark = str(self.options.get("delim", ",")).strip() or ","
        mark = {"tab": "\t", "space": " "}.get(mark, mark[:1])
        lines = [str(self.options.get("header", "")), *self.content][:_LONGEST_TABLE]
        reader = csv.reader(lines, delimiter=mark, skipinitialspace=True)
        try:
            for cells in reader:
                if cells:
                    at = self.content_offset + max(1, reader.line_num - 1)
                    items = [nodes.list_item("", self.paragraph(cell, at)) for cell in cells]
                    rows += nodes.list_item("", nodes.bullet_list("", *items))
        except csv.Error:
            return


class _Unicode(misc.Unicode):
    """Characters by their numbers; halves of a pair are none."""

    def run(self) -> list[Any]:
        return [
            nodes.Text(node.astext().encode("utf-8", "replace").decode("utf-8")) if isinstance(node, nodes.Text) else node
            for node in super().run()
        ]


class _Meta(_Base):
    """What the head of the page says of it."""

    optional_arguments = 0

    def make(self) -> list[Any]:
        fields = {}
        for name, value in self.options.items():
            fields[str(name).lower()] = " ".join(str(value).split())
        for line in self.content:
            if found := re.match(r":([\w-]+)(?:\s[^:]*)?:\s+(.*)", line):
                fields[found[1].lower()] = found[2].strip()
        return [Meta("", fields=fields)]


def _substitution_states() -> type:
    from docutils.parsers.rst import states

    return states.SubstitutionDef


_SPECIAL: dict[str, type[Directive]] = {
    "replace": misc.Replace, "unicode": _Unicode, "toctree": _Contents, "glossary": _Glossary, "meta": _Meta, "image": _Picture,
    "figure": _Picture, "thumbnail": _Picture, "table": _Table, "list-table": _Table, "flat-table": _Table, "csv-table": _Table,
    "currentmodule": _Module, "program": _Module, "std:program": _Module, "py:currentmodule": _Module, "js:module": _Module,
}  # fmt: skip


def find_directive(directive_name: str, language_module: object, document: object) -> tuple[type[Directive], list[nodes.system_message]]:  # noqa: ARG001
    """The class for a directive, in the place of docutils' own look-up."""
    plain = directive_name.lower()
    made = _SPECIAL.get(plain)
    if made is None:
        made = (
            _Nothing if plain in _NOTHING
            else _Code if plain in _CODE or plain in _DIAGRAMS
            else _Note if plain in _NO_ARGUMENT
            else _Version if plain in _VERSIONS
            else _Object if _OBJECTS.fullmatch(plain)
            else _Box
        )  # fmt: skip
    return made, []
