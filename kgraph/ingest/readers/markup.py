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

from kgraph.ingest.readers.markuplines import FURTHER, Element, Masked, set_lines_apart
from kgraph.ingest.readers.markuptemplates import BASE_ADDRESS, LIQUID, RELATIVE_ADDRESS, SHORTCODE, by_name, filled, parameters

__all__ = ["mask_markup"]

_FENCE = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,}(?=[^`\n]*$)|~{3,})", re.M)
_NEXT = re.compile(r"[\\`~<{]")
_RUN = re.compile(r"`+|~+")
_QUOTE_END = re.compile(r"\n(?![ \t]*>)")
_AUTOLINK = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]+:[^\s<>]*>")
_DESTINATION = re.compile(r"\](\(|:)[ \t\n]*\Z")
_ANGLED = {
    "(": re.compile(r"<[^<>\n]*>(?=\s*[)\"'(])"),
    ":": re.compile(r"<[^<>\n]*>(?=[ \t]*(?:[\"'(]|$))", re.M),
}
_AFTER_NAME = ("", " ", "\t", "\n", "/", ">", "{")
_TAG = re.compile(r"<(/?)([A-Za-z][\w.:-]*)")
_ATTRIBUTE_AFTER = (
    r"""(?:(?P<end>/?>)|(?P<spread>\{)|(?P<name>[A-Za-z_:@][\w.:@-]*)"""
    r"""(?:\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<brace>\{)|(?P<bare>[^\s"'=<>`{}]+)))?)"""
)
_JSX_ATTRIBUTE = re.compile(r"\s*" + _ATTRIBUTE_AFTER)
_HTML_ATTRIBUTE = re.compile(r"[ \t]*(?:\n[ \t]*)?" + _ATTRIBUTE_AFTER)
_MODULE = re.compile(
    r"import\s*(?:[\"'{*]|type\s+(?:[{*]|[\w$]+\s+from\b)|[\w$]+\s*(?:,|\bfrom\b))"
    r"|export\s*(?:[{*]|(?:default|const|let|var|function|class|async|interface|enum|abstract|declare)\b|type\s+(?:\{|[\w$]+\s*[=<]))"
)
_BLANK_LINE = re.compile(r"\n[ \t]*(?:\n|\Z)")
_SPLIT_SPAN = re.compile(r"\n[ \t]*\n")
_TOKEN = re.compile(r"[{}]|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|/\*", re.S)
_STRING = re.compile(r"\{\s*(?:\"([^\"\\]*)\"|'([^'\\]*)'|`([^`\\$]*)`)\s*\}\Z")
_CONTROL = str.maketrans({"\x00": "\ufffd", "\x02": "\ufffd", "\x03": "\ufffd"})
_VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
_RAW = frozenset(("script", "style", "pre", "code", "textarea"))
_LONGEST_TAG = 8_000
_LONGEST_EXPRESSION = 500_000
_LONGEST_SPAN = 200_000


def mask_markup(text: str, *, mdx: bool, first_line: int = 1) -> Masked:
    """Take markup out of ``text``; ``mdx`` turns expressions, ESM and JSX indentation on.

    >>> masked = mask_markup('See <A id="x">this</A>, `<A id="y">`.', mdx=True)
    >>> masked.text.replace(chr(2), "[").replace(chr(3), "]"), masked.elements[0].attributes
    ('See [0]this[1], `<A id="y">`.', {'id': 'x'})
    """
    if "\x02" in text or "\x03" in text or "\x00" in text:
        text = text.translate(_CONTROL)
    marks = ("<", "{", "import", "export") if mdx else ("<", "{{", "{%")
    if not any(mark in text for mark in marks):
        return Masked(text, (), frozenset())
    scanner = _Scanner(text, mdx, first_line)
    masked = scanner.scan()
    if not scanner.elements:
        return Masked(masked, (), frozenset())
    return set_lines_apart(masked, tuple(scanner.elements), mdx)


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
        self.attribute = _JSX_ATTRIBUTE if mdx else _HTML_ATTRIBUTE
        self.unclosed: set[str] = set()

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
        found = [0] if _MODULE.match(self.text) else []
        for word in ("\nimport", "\nexport"):
            place = self.text.find(word)
            while place >= 0:
                if _MODULE.match(self.text, place + 1):
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
            return self.after_expression(start) if self.mdx else self.after_template(start)
        run = _RUN.match(self.text, start)
        return self.after_code(run.group(), start, run.end()) if run else start + 1

    def cut(self, start: int, end: int, instead: str = "") -> int:
        """Leave ``start`` to ``end`` out of the result but for its line breaks."""
        self.pieces.append(self.text[self.copied : start])
        breaks = self.text.count("\n", start, end)
        self.pieces.append(
            instead + "\n" * breaks if breaks < 2 or instead[:1] != "\x02" else instead + f"\n{FURTHER}" * (breaks - 1) + "\n"
        )
        self.copied = end
        return end

    def after_code(self, run: str, start: int, end: int) -> int:
        text = self.text
        if len(run) >= 3:
            before = bisect_right(self.newlines, start - 1)
            line_start = self.newlines[before - 1] + 1 if before else 0
            fence = _FENCE.match(text, line_start) if start - line_start < 1000 else None
            if fence and fence.start(1) == start:
                closer = re.compile(rf"^[ \t>]*{re.escape(run[0])}{{{len(fence.group(1))},}}[ \t]*$", re.M)
                left = _QUOTE_END.search(text, fence.end()) if ">" in text[line_start:start] else None
                limit = left.start() if left else len(text)
                closing = closer.search(text, fence.end(), limit)
                return closing.end() if closing else limit
        if run[0] == "~":
            return end
        close = text.find(run, end, end + _LONGEST_SPAN)
        while close >= 0 and text[close + len(run) : close + len(run) + 1] == "`":
            beyond = _RUN.match(text, close)
            close = text.find(run, beyond.end() if beyond else close + 1, end + _LONGEST_SPAN)
        return end if close < 0 or _SPLIT_SPAN.search(text, end, close) else close + len(run)

    def after_tag(self, start: int) -> int:
        text = self.text
        if text.startswith("<!--", start):
            end = -1 if "<!--" in self.unclosed else text.find("-->", start + 4)
            if end < 0:
                self.unclosed.add("<!--")
                return start + 4
            return self.cut(start, end + 3)
        if self.mdx and (text.startswith("<>", start) or text.startswith("</>", start)):
            return self.cut(start, text.index(">", start) + 1)
        tag = _TAG.match(text, start)
        if tag is None or (not self.mdx and _AUTOLINK.match(text, start)):
            return start + 1
        destination = _DESTINATION.search(text, max(0, start - 20), start)
        if destination and (angled := _ANGLED[destination.group(1)].match(text, start)):
            return angled.end()
        parsed = self.attributes(tag.end())
        if parsed is None:
            return start + 1
        attributes, dynamic, alone, end = parsed
        name, closing = tag.group(2), bool(tag.group(1))
        if name[0].islower() or (name.isupper() and name.lower() in _VOID):
            name = name.lower()
            if name in _RAW and not closing and not alone:
                return self.after_raw(name, start, end)
        self.elements.append(Element(name, attributes, dynamic, self.line(start), closing, alone or name in _VOID))
        return self.cut(start, end, f"\x02{len(self.elements) - 1}\x03")

    def after_raw(self, name: str, start: int, end: int) -> int:
        """An element that shows its content as it is written: nothing in it is Markdown, a tag or a link."""
        close = None if name in self.unclosed else re.compile(rf"</{name}\s*>", re.I).search(self.text, end)
        if close is None:
            self.unclosed.add(name)
            return self.cut(start, end)
        written = self.text[end : close.start()] if name == "code" and close.start() - end < 200 else "<"
        shown = unescape(written)
        plain = bool(shown.strip()) and "<" not in written and not set("`\n|") & set(shown)
        return self.cut(start, close.end(), f"`{shown}`" if plain else "")

    def attributes(self, position: int) -> tuple[dict[str, str], tuple[str, ...], bool, int] | None:
        """Attributes of a tag from ``position`` on, up to and with its ``>``; None when it is no tag."""
        found: dict[str, str] = {}
        dynamic: list[str] = []
        if self.text[position : position + 1] not in _AFTER_NAME:
            return None
        while match := self.attribute.match(self.text, position, position + _LONGEST_TAG):
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
                literal_value = unescape(value) if self.mdx or ("{{" not in value and "{%" not in value) else filled(unescape(value))
                if literal_value is None:
                    dynamic.append(match["name"])
                else:
                    found[match["name"]] = literal_value
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
            elif match.group() == "/*":
                end = self.text.find("*/", position, limit)
                position = limit if end < 0 else end + 2
        self.budget -= limit - start
        return None

    def after_expression(self, start: int) -> int:
        if self.text.startswith("{#", start):
            return start + 2
        close = self.closing_brace(start)
        if close is None:
            return start + 1
        return self.cut(start, close, "" if self.text[start - 1 : start].isspace() else " ")

    def after_template(self, start: int) -> int:
        """A shortcode of Hugo, a tag of Liquid: one that names a page in the place of a link's target becomes that name."""
        shortcode = SHORTCODE.match(self.text, start)
        if shortcode is None:
            return self.after_liquid(start)
        name, closing = shortcode["name"], bool(shortcode["closing"])
        values = parameters(shortcode["parameters"])
        if name in ("ref", "relref") and values:
            if _DESTINATION.search(self.text, max(0, start - 20), start):
                return self.cut(start, shortcode.end(), by_name(values[0][1]))
            return self.cut(start, shortcode.end())
        attributes = {key or str(place): value for place, (key, value) in enumerate(values)}
        self.elements.append(Element(name, attributes, (), self.line(start), closing, alone=True))
        return self.cut(start, shortcode.end(), f"\x02{len(self.elements) - 1}\x03")

    def after_liquid(self, start: int) -> int:
        text = self.text
        if variable := BASE_ADDRESS.match(text, start):
            return self.cut(start, variable.end())
        if address := RELATIVE_ADDRESS.match(text, start):
            return self.cut(start, address.end(), address.group(1))
        tag = LIQUID.match(text, start)
        if tag is None:
            return start + 1
        inside = _DESTINATION.search(text, max(0, start - 20), start) or text[max(0, start - 1) : start] in ("'", '"')
        names_page = tag["name"] in ("link", "post_url") and tag["rest"].strip()
        return self.cut(start, tag.end(), by_name(tag["rest"].strip()) if names_page and inside else "")

    def after_esm(self, start: int) -> int:
        """``import`` and ``export`` count at the start of a block only, and run to the next blank line outside braces."""
        before = self.text[max(0, start - 200) : start]
        begins = not before.strip() or _SPLIT_SPAN.search(before[len(before.rstrip()) :])
        if not begins and self.text[max(self.copied, start - 200) : start].strip():
            return start + 6
        end = self.before_blank_line(start)
        brace = self.text.find("{", start, end)
        while brace >= 0:
            close = self.closing_brace(brace)
            if close is None:
                break
            if close > end:
                end = self.before_blank_line(close)
            brace = self.text.find("{", close, end)
        return self.cut(start, end)

    def before_blank_line(self, start: int) -> int:
        """Offset of the end of the block that goes on at ``start``."""
        blank = _BLANK_LINE.search(self.text, start)
        return blank.start() if blank else len(self.text)
