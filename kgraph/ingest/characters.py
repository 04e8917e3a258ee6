"""Characters of a file: from its bytes to text, in the encoding that it is in."""

from __future__ import annotations

import codecs
import re

from kgraph.model.document import Problem

__all__ = ["text_of"]

_HTML = frozenset(("html", "htm", "xhtml"))
_DECLARED = re.compile(rb"""<(?:meta\b[^>]{0,200}?\bcharset|\?xml\b[^>]{0,100}?\bencoding)\s*=\s*["']?\s*([\w:.-]{2,30})""", re.I)
_DECLARED_WITHIN = 4096
_WEB_ENCODING = re.compile(
    r"windows-\d{3,4}|cp\d{3,4}|iso-?8859-\d{1,2}|latin-?\d|l1|koi8-[ru]|macintosh|mac-cyrillic|gbk|gb2312|gb18030|big5|big5-hkscs|euc-jp|euc-kr"
    r"|shift[-_]jis|sjis|tis-620|us-ascii|ascii"
)
"""Names of the encodings of the WHATWG standard as Python knows them; none of them is more than a way to write text."""


def text_of(data: bytes, kind: str) -> tuple[str, tuple[Problem, ...]]:
    """Text of a file: UTF-8 with or without byte order mark, UTF-16 with one; line ends as one line feed.

    HTML that is not UTF-8 is read in the encoding that it declares.
    """
    problems: tuple[Problem, ...] = ()
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = data.decode("utf-16", "replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            encoding = _declared_encoding(data) if kind in _HTML else None
            if encoding is None:
                line = 1 + data.count(b"\n", 0, error.start)
                problems = (Problem("W105", "bytes that are not UTF-8 were replaced", line),)
            text = data.decode(encoding or "utf-8-sig", "replace")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text, problems


def _declared_encoding(data: bytes) -> str | None:
    """Encoding that a page of HTML declares, where it is one of those that the web knows."""
    found = _DECLARED.search(data, 0, _DECLARED_WITHIN)
    name = found.group(1).decode("ascii").lower() if found else ""
    if not _WEB_ENCODING.fullmatch(name):
        return None
    if name in ("iso-8859-1", "iso8859-1", "latin1", "latin-1", "l1", "us-ascii", "ascii"):
        return "cp1252"
    try:
        return codecs.lookup(name).name
    except LookupError:
        return None
