"""Makes text from anywhere safe to put into a page."""

from __future__ import annotations

import html
import json
import re
import unicodedata

__all__ = ["NOT_IN_HTML", "clean", "embed_json", "escape_script", "safe_href", "seen", "text_html"]

_NONCHARACTERS = "\ufdd0-\ufdef" + "".join(chr(plane << 16 | end) for plane in range(17) for end in (0xFFFE, 0xFFFF))
NOT_IN_HTML = f"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f{_NONCHARACTERS}"
"""Control characters and noncharacters that no HTML document may hold, as a class of a regular expression
(https://html.spec.whatwg.org/multipage/parsing.html#preprocessing-the-input-stream)."""
_UNSAFE_IN_SCRIPT = re.compile(f"[<>&\u2028\u2029{NOT_IN_HTML}]")
_CONTROL = re.compile(f"[{NOT_IN_HTML}]")
_NOT_IN_URL = re.compile("[\x00-\x20\x7f\\\\]")


def clean(text: str) -> str:
    """Return the text without control characters and noncharacters, unpaired surrogates as question marks."""
    return _CONTROL.sub("", text).encode("utf-8", "replace").decode("utf-8")


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
    return _UNSAFE_IN_SCRIPT.sub(lambda found: f"\\u{ord(found[0]):04x}" if found[0] < "\U00010000" else json.dumps(found[0])[1:-1], sound)


def escape_script(script: str) -> str:
    """Return a script that says the same without the characters that no HTML document may hold; it has them in string literals only."""
    return _CONTROL.sub(lambda found: json.dumps(found[0])[1:-1] if found[0] > "\x9f" else f"\\x{ord(found[0]):02x}", script)


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
