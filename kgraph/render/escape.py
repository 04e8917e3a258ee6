"""Makes text from anywhere safe to put into a page."""

from __future__ import annotations

import html
import json
import re
import unicodedata

__all__ = ["BEYOND_ASCII", "clean", "embed_json", "escape_script", "safe_href", "seen", "text_html"]

BEYOND_ASCII = "\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd"
"""Characters of the basic plane beyond ASCII that HTML may hold, as part of a class of a regular expression: a class without any of higher
planes is looked through many times faster."""
_RARE = re.compile(f"[^\t\n\r -~{BEYOND_ASCII}]")
_RARE_IN_SCRIPT = re.compile("[^\t\n\r -%'-;=?-~\xa0-\u2027\u202a-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd]")
_NOT_IN_URL = re.compile("[\x00-\x20\x7f\\\\]")


def clean(text: str) -> str:
    """Return the text without control characters and noncharacters, unpaired surrogates as question marks."""
    if _RARE.search(text) is None:
        return text
    return _RARE.sub(lambda found: "" if _forbidden(found[0]) else found[0], text).encode("utf-8", "replace").decode("utf-8")


def _forbidden(char: str) -> bool:
    """Whether a rare character is a control character or a noncharacter, which no HTML document may hold.

    https://html.spec.whatwg.org/multipage/parsing.html#preprocessing-the-input-stream
    """
    code = ord(char)
    return code < 0xA0 or 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE


def seen(*texts: str) -> str:
    """Return the first text that leaves any ink on a screen; a title of control characters or blanks cannot be clicked.

    >>> seen("\\x00", "u\\u200bnit"), seen(" ", "\\u200b")
    ('u\\u200bnit', 'untitled')
    """
    return next((text for text in texts if any(unicodedata.category(char)[0] not in "CZ" for char in text)), "untitled")


def text_html(text: str) -> str:
    """Return plain text as HTML that shows exactly this text, also inside a quoted attribute."""
    return html.escape(clean(text), quote=True)


def embed_json(value: object) -> str:
    """Return JSON that can stand inside a ``<script type="application/json">`` element.

    Unpaired surrogates, which no UTF-8 file can hold, become question marks.

    Raises:
        ValueError: For NaN and infinities, which JSON does not have.

    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    sound = text.encode("utf-8", "replace").decode("utf-8")
    return _RARE_IN_SCRIPT.sub(lambda found: _in_script(found[0]), sound)


def _in_script(char: str) -> str:
    if char < "\U00010000":
        return f"\\u{ord(char):04x}"
    return json.dumps(char)[1:-1] if _forbidden(char) else char


def escape_script(script: str) -> str:
    """Return a script that says the same without the characters that no HTML document may hold; it has them in string literals only."""
    return _RARE.sub(lambda found: _in_script(found[0]), script)


def safe_href(href: str | None) -> str | None:
    """Return the address when a link may lead there: http, https or within the site; else None.

    An address within the site is a path, a query or a fragment without a scheme and without a host,
    so neither ``javascript:`` nor ``//elsewhere`` passes, whatever the case or white space.
    """
    if href is None:
        return None
    trimmed = href.strip(" ")
    if not trimmed or _NOT_IN_URL.search(trimmed) or clean(trimmed) != trimmed:
        return None
    if re.match(r"https?://[^/?#]", trimmed, re.IGNORECASE):
        return trimmed
    first = re.split("[/?#]", trimmed, maxsplit=1)[0]
    return None if ":" in first or trimmed.startswith("//") else trimmed
