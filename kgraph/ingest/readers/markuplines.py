"""Markup that was taken out of Markdown: its elements, and the lines that hold nothing else."""

from __future__ import annotations

import re

from msgspec import Struct

__all__ = ["FURTHER", "MARKER", "Element", "Masked", "set_lines_apart"]

MARKER = re.compile("\x02([0-9]*)\x03")
"""What stands for a tag in the masked text: the index of its element between two control characters; without an index,
the further lines of a tag, which must not read as blank lines."""

_ONLY_TAGS = re.compile("[ \t>]*(?:\x02[0-9]+\x03[ \t]*)+\\Z")
_HTML_START = re.compile(" {0,3}\x02")
_INDENTS = (" ", "\t")
_CODE_INDENTS = ("    ", "\t")
FURTHER = "\x02\x03"


class Element(Struct, frozen=True):
    """One tag of the source."""

    name: str
    attributes: dict[str, str]
    dynamic: tuple[str, ...]
    """Attributes whose value is an expression."""
    line: int
    closing: bool
    alone: bool
    """Whether it has no content: self-closing or void."""


class Masked(Struct, frozen=True):
    """Markdown without markup, and the markup."""

    text: str
    elements: tuple[Element, ...]
    standalone: frozenset[int]
    """Elements on lines of their own, which leave no marker in the text."""


def set_lines_apart(text: str, elements: tuple[Element, ...], mdx: bool) -> Masked:
    """Blank lines that hold nothing but tags, and take the indentation of markup off what stands within."""
    lines = text.split("\n")
    standalone: set[int] = set()
    indents: list[int | None] = []
    in_html, after = False, 0
    for number, line in enumerate(lines):
        if number < after:
            continue
        if not mdx:
            in_html = bool(line) and (in_html or _HTML_START.match(line) is not None) and not line.isspace()
            if line[:1] in _INDENTS and line.startswith(_CODE_INDENTS):
                if not in_html:
                    continue
                line = lines[number] = line.lstrip(" \t")
        if "\x02" in line and _ONLY_TAGS.match(line):
            found = [int(index) for index in MARKER.findall(line)]
            _nest(indents, elements, found)
            after = number + 1
            while after < len(lines) and lines[after] == FURTHER:
                after += 1
            within = number > 0 and lines[number - 1].strip() and after < len(lines) and lines[after].strip()
            if not within or any(not elements[index].alone for index in found):
                standalone.update(found)
                lines[number:after] = [""] * (after - number)
        elif mdx and indents and line[:1] in _INDENTS and line.strip():
            lines[number] = _dedent(line, indents)
        elif indents and indents[-1] is None and line.strip():
            indents[-1] = 0
    return Masked("\n".join(lines), elements, frozenset(standalone))


def _nest(indents: list[int | None], elements: tuple[Element, ...], found: list[int]) -> None:
    for index in found:
        element = elements[index]
        if element.closing:
            if indents:
                indents.pop()
        elif not element.alone:
            indents.append(None)


def _dedent(line: str, indents: list[int | None]) -> str:
    indent = len(line) - len(line.lstrip(" \t"))
    base = indent if indents[-1] is None else indents[-1]
    indents[-1] = base
    return line[min(indent, base) :]
