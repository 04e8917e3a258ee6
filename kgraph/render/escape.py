"""Makes text from anywhere safe to put into a page."""

from __future__ import annotations

import html
import json
import re

__all__ = ["clean", "embed_json", "safe_href", "text_html"]

_UNSAFE_IN_SCRIPT = re.compile("[<>&\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NOT_IN_URL = re.compile("[\x00-\x20\x7f\\\\]")


def clean(text: str) -> str:
    """Return the text without control characters, unpaired surrogates as question marks."""
    return _CONTROL.sub("", text).encode("utf-8", "replace").decode("utf-8")


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
    return _UNSAFE_IN_SCRIPT.sub(lambda found: f"\\u{ord(found[0]):04x}", sound)


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
