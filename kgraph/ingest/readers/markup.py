"""JSX, HTML tags, expressions and ESM taken out of Markdown before it is parsed.

A Markdown parser takes ``import`` lines and ``{expressions}`` for text and leaves Markdown inside ``<Aside>`` unparsed.
This scanner follows the lexical grammar of MDX (https://mdxjs.com/docs/what-is-mdx/): it knows code fences, code spans
and escapes, reads tags with their attributes, and replaces each tag by a marker that travels through the Markdown parser
as text. Lines are kept: line *n* of the result is line *n* of the source. Expressions are never evaluated.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from html import unescape

from msgspec import Struct

__all__ = ["MARKER", "Element", "Masked", "mask_markup"]

MARKER = re.compile("\x02([0-9]+)\x03")
"""What stands for a tag in the masked text: the index of its element between two control characters."""

_FENCE = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,}(?=[^`\n]*$)|~{3,})", re.M)
_NEXT = re.compile(r"[\\`~<{]")
_RUN = re.compile(r"`+|~+")
_TAG = re.compile(r"<(/?)([A-Za-z][\w.:-]*)")
_ATTRIBUTE = re.compile(
    r"""\s*(?:(?P<end>/?>)|(?P<spread>\{)|(?P<name>[A-Za-z_:@][\w.:@-]*)"""
    r"""(?:\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<brace>\{)|(?P<bare>[^\s"'=<>`{}]+)))?)"""
)
_TOKEN = re.compile(r"[{}]|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|/\*.*?\*/", re.S)
_STRING = re.compile(r"\{\s*(?:\"([^\"\\]*)\"|'([^'\\]*)'|`([^`\\$]*)`)\s*\}\Z")
_ONLY_TAGS = re.compile("[ \t>]*(?:\x02[0-9]+\x03[ \t]*)+\\Z")
_CONTROL = str.maketrans({"\x00": "\ufffd", "\x02": "\ufffd", "\x03": "\ufffd"})
_VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
_RAW = frozenset(("script", "style", "pre", "code", "textarea"))
_LONGEST_TAG = 8_000
_LONGEST_EXPRESSION = 500_000


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


def mask_markup(text: str, *, mdx: bool, first_line: int = 1) -> Masked:
    """Take markup out of ``text``; ``mdx`` turns expressions, ESM and JSX indentation on.

    >>> masked = mask_markup('See <A id="x">this</A>, `<A id="y">`.', mdx=True)
    >>> masked.text.replace(chr(2), "[").replace(chr(3), "]"), masked.elements[0].attributes
    ('See [0]this[1], `<A id="y">`.', {'id': 'x'})
    """
    if "\x02" in text or "\x03" in text or "\x00" in text:
        text = text.translate(_CONTROL)
    if "<" not in text and not (mdx and ("{" in text or "import" in text or "export" in text)):
        return Masked(text, (), frozenset())
    scanner = _Scanner(text, mdx, first_line)
    masked = scanner.scan()
    if not scanner.elements:
        return Masked(masked, (), frozenset())
    return _set_lines_apart(masked, tuple(scanner.elements), mdx)


class _Scanner:
    """One pass over the text, from one interesting character to the next."""

    def __init__(self, text: str, mdx: bool, first_line: int) -> None:
        self.text = text
        self.mdx = mdx
        self.first_line = first_line
        self.elements: list[Element] = []
        self.pieces: list[str] = []
        self.copied = 0
        self.newlines = [match.start() for match in re.finditer("\n", text)]
        self.budget = 20 * len(text) + 1_000_000

    def line(self, position: int) -> int:
        """Line of the source at a character offset."""
        return self.first_line + bisect_right(self.newlines, position - 1)

    def scan(self) -> str:
        text, position = self.text, 0
        search = _NEXT.search
        modules = self.modules() if self.mdx else []
        while match := search(text, position):
            start = match.start()
            while modules and modules[0] < start:
                module = modules.pop(0)
                if module >= position:
                    position = self.after_esm(module)
            if start >= position:
                position = self.step(match.group(), start)
        for module in modules:
            if module >= position:
                position = self.after_esm(module)
        self.pieces.append(text[self.copied :])
        return "".join(self.pieces)

    def modules(self) -> list[int]:
        """Offsets of the lines that begin with ``import`` or ``export``."""
        found = [0] if self.text.startswith(("import ", "export ", "import{", "export{")) else []
        for word in ("\nimport", "\nexport"):
            place = self.text.find(word)
            while place >= 0:
                if self.text[place + 7 : place + 8] in (" ", "{", "\t", "*", "'", '"'):
                    found.append(place + 1)
                place = self.text.find(word, place + 1)
        return sorted(found)

    def step(self, found: str, start: int) -> int:
        """Deal with one interesting place; gives the offset from which to go on."""
        if found == "<":
            return self.after_tag(start)
        if found == "\\":
            return start + 2
        if found == "{":
            return self.after_expression(start) if self.mdx else start + 1
        run = _RUN.match(self.text, start)
        return self.after_code(run.group(), start, run.end()) if run else start + 1

    def cut(self, start: int, end: int, instead: str = "") -> int:
        """Leave ``start`` to ``end`` out of the result but for its line breaks."""
        self.pieces.append(self.text[self.copied : start])
        self.pieces.append(instead + "\n" * self.text.count("\n", start, end))
        self.copied = end
        return end

    def after_code(self, run: str, start: int, end: int) -> int:
        text = self.text
        if len(run) >= 3:
            line_start = text.rfind("\n", 0, start) + 1
            fence = _FENCE.match(text, line_start)
            if fence and fence.start(1) == start:
                closer = re.compile(rf"^[ \t>]*{re.escape(run[0])}{{{len(fence.group(1))},}}[ \t]*$", re.M)
                closing = closer.search(text, fence.end())
                return closing.end() if closing else len(text)
        if run[0] == "~":
            return end
        limit = text.find("\n\n", end)
        limit = len(text) if limit < 0 else limit
        same = re.compile(rf"(?<!`){run}(?!`)").search(text, end, limit)
        return same.end() if same else end

    def after_tag(self, start: int) -> int:
        text = self.text
        if text.startswith("<!--", start):
            end = text.find("-->", start + 4)
            return self.cut(start, end + 3) if end >= 0 else start + 4
        if self.mdx and (text.startswith("<>", start) or text.startswith("</>", start)):
            return self.cut(start, text.index(">", start) + 1)
        tag = _TAG.match(text, start)
        if tag is None:
            return start + 1
        parsed = self.attributes(tag.end())
        if parsed is None:
            return start + 1
        attributes, dynamic, alone, end = parsed
        name, closing = tag.group(2), bool(tag.group(1))
        lower = name.lower()
        if name[0].islower():
            name = lower
            if name in _RAW and not closing and not alone:
                close = re.compile(rf"</{name}\s*>", re.I).search(text, end)
                return self.cut(start, close.end() if close else end)
        self.elements.append(Element(name, attributes, dynamic, self.line(start), closing, alone or lower in _VOID))
        return self.cut(start, end, f"\x02{len(self.elements) - 1}\x03")

    def attributes(self, position: int) -> tuple[dict[str, str], tuple[str, ...], bool, int] | None:
        """Attributes of a tag from ``position`` on, up to and with its ``>``; None when it is no tag."""
        found: dict[str, str] = {}
        dynamic: list[str] = []
        while match := _ATTRIBUTE.match(self.text, position, position + _LONGEST_TAG):
            position = match.end()
            if match["end"]:
                return found, tuple(dynamic), match["end"] == "/>", position
            if match["spread"] or match["brace"]:
                close = self.closing_brace(position - 1)
                if close is None:
                    return None
                expression = self.text[position - 1 : close]
                literal = _STRING.match(expression)
                if literal and match["name"]:
                    found[match["name"]] = next(part for part in literal.groups() if part is not None)
                elif match["name"]:
                    dynamic.append(match["name"])
                position = close
            else:
                value = next((match[kind] for kind in ("double", "single", "bare") if match[kind] is not None), "")
                found[match["name"]] = unescape(value)
        return None

    def closing_brace(self, start: int) -> int | None:
        """Offset after the brace that closes the one at ``start``, or None."""
        depth, position = 0, start
        limit = min(len(self.text), start + _LONGEST_EXPRESSION, start + max(0, self.budget))
        while match := _TOKEN.search(self.text, position, limit):
            position = match.end()
            if match.group() == "{":
                depth += 1
            elif match.group() == "}":
                depth -= 1
                if depth == 0:
                    return position
        self.budget -= limit - start
        return None

    def after_expression(self, start: int) -> int:
        if self.text.startswith("{#", start):
            return start + 2
        close = self.closing_brace(start)
        return self.cut(start, close, " ") if close is not None else start + 1

    def after_esm(self, start: int) -> int:
        """``import`` and ``export`` count at the start of a block only, and run to the next blank line."""
        before = self.text[:start].rstrip(" \t") if start < 200 else self.text[start - 200 : start].rstrip(" \t")
        if start and not before.endswith("\n\n") and before.strip() and not self.follows_cut(start):
            return start + 6
        blank = re.compile(r"\n[ \t]*(?:\n|\Z)").search(self.text, start)
        return self.cut(start, blank.start() if blank else len(self.text))

    def follows_cut(self, start: int) -> bool:
        """Whether nothing but white space lies between the last thing cut and ``start``."""
        return self.copied > 0 and not self.text[self.copied : start].strip()


def _set_lines_apart(text: str, elements: tuple[Element, ...], mdx: bool) -> Masked:
    """Blank lines that hold nothing but tags, and take the indentation of JSX off what stands within."""
    lines = text.split("\n")
    standalone: set[int] = set()
    indents: list[int | None] = []
    for number, line in enumerate(lines):
        if "\x02" in line and _ONLY_TAGS.match(line):
            found = [int(index) for index in MARKER.findall(line)]
            _nest(indents, elements, found)
            within = number > 0 and lines[number - 1].strip() and number + 1 < len(lines) and lines[number + 1].strip()
            if not within or any(not elements[index].alone for index in found):
                standalone.update(found)
                lines[number] = ""
        elif mdx and indents and line[:1] in (" ", "\t") and line.strip():
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
