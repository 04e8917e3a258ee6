"""reStructuredText to a tree: docutils, shut off from files, settings and the screen, and tolerant of what Sphinx adds.

Specification: https://docutils.sourceforge.io/docs/ref/rst/restructuredtext.html. Roles and directives are those of
:mod:`kgraph.ingest.readers.rstdirectives`; none of docutils' own that read files or take raw output is ever in force. References and
substitutions are left to the walk over the tree, as what they need may stand on other pages.
"""

from __future__ import annotations

import copy
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from docutils import frontend, nodes, utils
from docutils.parsers import rst
from docutils.parsers.rst import directives, states

from kgraph.ingest.readers.rstdirectives import Cross, find_directive

__all__ = ["LITERAL_ROLES", "parse_rst"]

LITERAL_ROLES = frozenset(
    ("code", "literal", "file", "command", "program", "samp", "kbd", "math", "makevar", "regexp", "mimetype", "newsgroup", "mailheader",
     "manpage", "token", "keyword", "code-block", "py", "python", "bash", "console", "raw", "raw-html", "eq", "index")
)  # fmt: skip
"""Roles whose text is no prose and that lead nowhere, or to a place that is no page."""
_PLAIN_ROLES = frozenset(
    ("", "abbr", "abbreviation", "ac", "acronym", "dfn", "emphasis", "guilabel", "menuselection", "strong", "sub", "subscript", "sup",
     "superscript", "title", "title-reference", "t", "download", "class-name", "del", "ins", "red", "bolditalic", "underline", "strike")
)  # fmt: skip
_EXPLICIT = re.compile(r"(?P<text>.+?)\s*(?<!\x00)<(?P<target>[^<>]+)>\s*\Z", re.S)
_BREAKS = str.maketrans(dict.fromkeys("\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\x00", " "))
"""Signs at which docutils would begin a new line and nobody else does."""
_LONGEST_LINE = 200_000
_FRAMES = 950
"""Calls within one another that reading a page may take."""
_LONGEST_PARAGRAPH = 5_000
_PIECE = 2_000
_LONGEST_ADDRESS = 2_000
_MAY_BE_ADDRESS = re.compile(r"\S+")
_ONE_AT_A_TIME = threading.Lock()


class _Inliner(states.Inliner):
    """Inline markup, with the roles of Sphinx and of anyone else."""

    def interpreted(self, rawsource: str, text: str, role: str, lineno: int) -> tuple[list[nodes.Node], list[nodes.system_message]]:  # noqa: ARG002
        return [_role(role or "", text, rawsource)], []

    def parse(self, text: str, lineno: int, memo: Any, parent: nodes.Element) -> tuple[list[Any], list[nodes.system_message]]:
        """Parse a paragraph; one beyond all measure in pieces, as the time it takes grows with the square of its length."""
        if len(text) <= _LONGEST_PARAGRAPH:
            return super().parse(text, lineno, memo, parent)
        found: list[Any] = []
        problems: list[nodes.system_message] = []
        place = 0
        while place < len(text):
            end = place + _PIECE
            if end < len(text):
                gap = max(text.rfind(" ", place, end), text.rfind("\n", place, end))
                end = gap + 1 if gap > place else end
            made, told = super().parse(text[place:end], lineno, memo, parent)
            found += made
            problems += told
            place = end
        return found, problems

    def implicit_inline(self, text: str, lineno: int) -> list[Any]:
        """Addresses written in the open; word by word, where docutils looks for the next one from every sign on."""
        if not text:
            return []
        found: list[Any] = []
        start = 0
        for word in _MAY_BE_ADDRESS.finditer(text) if ":" in text or "@" in text else ():
            if len(word[0]) > _LONGEST_ADDRESS or not (":" in word[0] or "@" in word[0]):
                continue
            for pattern, method in self.implicit_dispatch:
                place = max(word.start(), start)
                while place < word.end() and (match := pattern.search(text, place, word.end())):
                    place = max(match.end(), place + 1)
                    try:
                        made = method(match, lineno)
                    except states.MarkupMismatch:
                        continue
                    found += [nodes.Text(text[start : match.start()]), *made] if match.start() > start else made
                    start = match.end()
        return [*found, nodes.Text(text[start:])] if start < len(text) else found


for _name, _value in vars(states.Inliner).items():
    if isinstance(_value, str) and _name not in vars(_Inliner):
        setattr(_Inliner, _name, _value)  # docutils looks its patterns up in the class itself


def _role(role: str, text: str, raw: str) -> nodes.Node:
    """The node that a role stands for."""
    name = role.lower()
    plain = utils.unescape(text)
    if name in LITERAL_ROLES:
        return nodes.literal(raw, plain)
    if name in _PLAIN_ROLES:
        explicit = _EXPLICIT.match(text) if name == "download" else None
        return nodes.inline(raw, utils.unescape(explicit["text"]) if explicit else plain)
    if plain.startswith("!"):
        return nodes.literal(raw, plain[1:])
    explicit = _EXPLICIT.match(text)
    if explicit:
        return Cross(raw, utils.unescape(explicit["text"]), role=name, target=utils.unescape(explicit["target"]).strip(), told=True)
    return Cross(raw, plain, role=name, target=plain.strip(), told=False)


@lru_cache(maxsize=1)
def _settings() -> Any:
    settings = frontend.get_default_settings(rst.Parser)
    told: dict[str, Any] = {
        "file_insertion_enabled": False, "raw_enabled": False, "_disable_config": True, "report_level": 5, "halt_level": 5,
        "warning_stream": False, "debug": False, "traceback": True, "line_length_limit": _LONGEST_LINE, "pep_references": False,
        "rfc_references": False, "smart_quotes": False, "syntax_highlight": "none", "tab_width": 8, "language_code": "en",
        "record_dependencies": None, "auto_id_prefix": "id", "id_prefix": "",
    }  # fmt: skip
    for name, value in told.items():
        setattr(settings, name, value)
    return settings


@contextmanager
def _our_directives() -> Iterator[None]:
    """Directives are looked up with us: docutils has one table for the whole process, which is put back.

    How deep a page may be nested is the same whatever calls are open, so that a page always reads the same.
    """
    with _ONE_AT_A_TIME:
        theirs, limit = directives.directive, sys.getrecursionlimit()
        directives.directive = find_directive
        try:
            sys.setrecursionlimit(_depth() + _FRAMES)
            yield
        finally:
            sys.setrecursionlimit(limit)
            directives.directive = theirs


def _depth() -> int:
    """Calls that are open."""
    frame, count = sys._getframe(), 0
    while frame.f_back is not None:
        frame, count = frame.f_back, count + 1
    return count


def parse_rst(text: str) -> nodes.document | None:
    """The tree of a text, its references unresolved; None where it is nested deeper than can be read or has lines beyond all bounds."""
    text = text.translate(_BREAKS)
    if any(len(line) > _LONGEST_LINE for line in text.split("\n")):
        return None
    document = utils.new_document("page", copy.copy(_settings()))
    with _our_directives():
        try:
            rst.Parser(inliner=_Inliner()).parse(text, document)
        except RecursionError:
            return None
    return document
