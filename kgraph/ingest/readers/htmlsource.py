"""HTML source made ready for the parser: every link and every run of text carries the place it was written at.

The parser (lexbor, which follows the HTML standard) keeps no places. So the source is cut into tokens as the standard does, and a
mark is put before each run of text and into each tag that matters; the marks travel through the parser, however it repairs the tree.
In the same pass goes out what would make any parser of the standard slow: elements that only format (left open by the thousand, each
is opened again in every paragraph; places that links name by them stay), nesting beyond what a browser keeps, and attributes beyond
all reason.
"""

from __future__ import annotations

import re
from bisect import bisect_right

__all__ = ["MARK", "PLACE", "Lines", "marked_source", "place_of", "without_marks"]

PLACE = "data-kgraph-place"
"""Attribute that holds the offset of a tag."""
MARK = "\ufdd0"
"""First character of a mark in text; a noncharacter, which no page has of its own."""

_MARK_REFERENCE = re.compile(r"&#(?:x0*fdd[01](?![0-9a-f])|0*6497[67](?!\d));?", re.I)
_MARKS = re.compile("\ufdd0(\\d{0,12})\ufdd1?")
_ATTRIBUTE = r"""(?:[\s/]++|=?+[^\s/>=]++(?:\s*+=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|(?!["'])[^\s>]*+))?+|=)"""
_TOKEN = re.compile(
    r"<(?:(?P<close>/?)(?P<name>[a-z][^\s/>]*+)(?P<attributes>" + _ATTRIBUTE + r"*+)(?P<end>>?)"
    r"|!--(?:-?>|.*?(?:--!?>|\Z))"
    r"|[!?][^>]*+>?|/[^a-z>][^>]*+>?|/>)",
    re.I | re.S,
)
_ID = re.compile(r"""(?:^|[\s"'/])id\s*+=\s*+("[^"]*+"|'[^']*+'|[^\s"'=<>`]++)""", re.I)
_FIRST_ATTRIBUTES = re.compile(_ATTRIBUTE + "{0,600}+", re.I | re.S)
_RAW = frozenset(("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "noscript"))
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr", "frame",
     "basefont", "bgsound", "keygen", "image")
)  # fmt: skip
_FORMATS = frozenset(("b", "big", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "u"))
_CODE = frozenset(("code", "tt"))
_IMPLIED = frozenset(
    ("p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "colgroup", "option", "optgroup", "rb", "rp", "rt", "rtc",
     "html", "head", "body", "a")
)  # fmt: skip
"""Elements that another of their kind closes: left open they do not nest."""
_SPECIAL = frozenset(
    ("address", "applet", "article", "aside", "blockquote", "button", "caption", "center", "details", "dir", "div", "dl", "fieldset",
     "figcaption", "figure", "footer", "form", "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "listing", "main",
     "marquee", "menu", "nav", "object", "ol", "pre", "search", "section", "select", "summary", "table", "template", "ul")
)  # fmt: skip
_SCOPES = frozenset(("applet", "marquee", "object", "table", "template", "svg", "math", "select"))
_PLACED = frozenset(("a", "area", "img", "meta", "link", "html", "frame", "base", "title"))
_DEEPEST = 400
"""Elements open at once; browsers stop at 512."""
_LOOK_BACK = 64
_LONG_TAG = 16_000
_SELF_CLOSED = re.compile(r"\A\s*(?:<\?xml\b|<!DOCTYPE[^>]{0,300}\bXHTML\b|<html[^>]{0,300}\bxmlns=.http://www\.w3\.org/1999/xhtml)", re.I)
_PREFIXED = re.compile(r"<html?:?[^>]{0,2000}\bxmlns:([\w-]{1,20})=.http://www\.w3\.org/1999/xhtml|<([\w-]{1,20}):html\b", re.I)


class Lines:
    """Line of each offset of a text."""

    def __init__(self, text: str) -> None:
        """Look where the lines of ``text`` begin."""
        self.ends: list[int] = []
        self.last = len(text)
        place = text.find("\n")
        while place >= 0:
            self.ends.append(place)
            place = text.find("\n", place + 1)

    def at(self, offset: int) -> int:
        """Line from 1 on which an offset lies."""
        return 1 + bisect_right(self.ends, offset - 1)


class _Depth:
    """Elements that the parser has open, never fewer than it has, so that what is too deep is seen before it is parsed."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.dropped: list[str] = []
        self.most = 0

    def open(self, name: str) -> bool:
        """Whether an element may be opened."""
        if name in _IMPLIED:
            return True
        if len(self.names) >= _DEEPEST:
            if len(self.dropped) < 10_000_000:
                self.dropped.append(name)
            return False
        self.names.append(name)
        return True

    def close(self, name: str) -> bool:
        """Whether the end of an element reaches the parser."""
        if self.dropped and self.dropped[-1] == name:
            self.dropped.pop()
            return False
        names = self.names
        if names and names[-1] == name:
            names.pop()
            return True
        if name in _IMPLIED:
            return True
        barred = _SCOPES if name in _SPECIAL else _SPECIAL
        for place in range(len(names) - 1, max(-1, len(names) - _LOOK_BACK), -1):
            if names[place] == name:
                del names[place:]
                return True
            if names[place] in barred:
                break
        return True


def marked_source(text: str) -> tuple[str, bool]:
    """Source with marks, and whether something that went beyond all reason was taken out."""
    if "\x00" in text:
        text = text.replace("\x00", "\ufffd")
    if MARK in text or "\ufdd1" in text:
        text = text.replace(MARK, "\ufffd").replace("\ufdd1", "\ufffd")
    if "&#" in text:
        text = _MARK_REFERENCE.sub("\ufffd", text)
    head = text[:4000]
    self_closed = bool(_SELF_CLOSED.search(head))
    prefix = _PREFIXED.search(head) if ":" in head else None
    prefixed = f"{(prefix.group(1) or prefix.group(2)).lower()}:" if prefix else None
    depth = _Depth()
    pieces: list[str] = []
    excess = False
    at = 0
    token = _TOKEN.search(text)
    while token:
        start, end = token.span()
        if start > at:
            pieces.append(_text(text, at, start))
        name = token["name"]
        if name is None:
            pieces.append(token[0])
        elif token["end"]:
            name = name.lower()
            if prefixed and name.startswith(prefixed):
                name = name[len(prefixed) :]
            if token["close"]:
                if name in _FORMATS:
                    pass
                elif name in _CODE:
                    depth.close("kg-code")
                    pieces.append("</kg-code>")
                elif depth.close(name):
                    pieces.append(f"</{name}>")
            elif name in _FORMATS:
                if "id" in token["attributes"] and (given := _ID.search(token["attributes"])):
                    pieces.append(f"<span {PLACE}={start} id={given[1]}></span>")
            else:
                attributes = token["attributes"]
                if len(attributes) > _LONG_TAG and len(cut := _FIRST_ATTRIBUTES.match(attributes)[0]) < len(attributes):  # type: ignore[index]
                    attributes, excess = cut, True
                closed = attributes.endswith("/")
                if name in _RAW and not closed:
                    finish = re.compile(f"</(?:{re.escape(prefixed or '')})?{name}(?=[\\s/>])", re.I).search(text, end)
                    stop = finish.start() if finish else len(text)
                    pieces.append(f"<{name} {PLACE}={start} {attributes}>{text[end:stop]}")
                    if finish is None and name == "title":
                        pieces.append("</title>")
                    at = stop
                    token = _RAW_END.match(text, stop)
                    if token:
                        pieces.append(f"</{name}>")
                        at = token.end()
                    token = _TOKEN.search(text, at)
                    continue
                if name in _CODE:
                    name = "kg-code"
                if name in _VOID or (closed and self_closed):
                    opened = True
                else:
                    opened = depth.open(name)
                    excess |= not opened
                if opened:
                    placed = f" {PLACE}={start}" if name in _PLACED or "id=" in attributes or "seealso" in attributes else ""
                    after = f"</{name}>" if closed and self_closed and name not in _VOID else ""
                    pieces.append(f"<{name}{placed} {attributes}>{after}")
        at = end
        token = _TOKEN.search(text, end)
    if at < len(text):
        pieces.append(_text(text, at, len(text)))
    return "".join(pieces), excess


_RAW_END = re.compile(r"</[a-z][^>]*+>?", re.I)
_INK = re.compile(r"\S")


def _text(text: str, start: int, end: int) -> str:
    """A run of text with its mark before the first character that is seen."""
    ink = _INK.search(text, start, end)
    if ink is None:
        return text[start:end]
    place = ink.start()
    return f"{text[start:place]}{MARK}{place}\ufdd1{text[place:end]}"


def place_of(text: str) -> int:
    """Offset that the first mark of a text tells; -1 when it has none."""
    found = _MARKS.search(text)
    return int(found.group(1) or -1) if found else -1


def without_marks(text: str) -> str:
    """Text as written."""
    return _MARKS.sub("", text) if MARK in text or "\ufdd1" in text else text
