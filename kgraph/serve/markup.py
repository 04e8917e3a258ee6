"""HTML from calls: what is not markup is escaped, and addresses that lead to scripts are left out. The only way to make HTML here."""

from __future__ import annotations

import html
import re
from contextvars import ContextVar
from functools import cache
from typing import TypeAlias

from kgraph.render.escape import BEYOND_ASCII, clean

__all__ = ["ROOT", "Html", "join", "safe_href", "tag", "text"]

ROOT: ContextVar[str] = ContextVar("root", default="")
"""Path that a proxy serves the server below, as set for one request; stands before addresses that begin with a slash."""

_SPECIAL = re.compile(f"[^\t\n\r !#-%(-;=?-~{BEYOND_ASCII}]")
"""What is not written as it is: the five characters of markup, and what HTML may not hold or is rare."""
_NOT_IN_URL = re.compile(r"[\x00-\x20\x7f-\x9f\\<>\"]")
_HTTP = re.compile(r"https?://[^/?#]", re.IGNORECASE)
_VOID = frozenset({"br", "hr", "img", "input", "link", "meta"})
_ADDRESSES = frozenset({"href", "src", "action", "cite"})


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


Content: TypeAlias = "str | int | None"


def text(value: str) -> Html:
    """Plain text as HTML that shows exactly this text, also within a quoted attribute.

    >>> text("<b> & 'c'")
    '&lt;b&gt; &amp; &#x27;c&#x27;'
    """
    return Html(html.escape(clean(value), quote=True) if _SPECIAL.search(value) else value)


def join(*parts: Content) -> Html:
    """Parts one after the other; those that are no HTML are escaped, None is left out."""
    return Html("".join([part if type(part) is Html else text(str(part)) for part in parts if part is not None]))


def tag(name: str, /, *content: Content, **attributes: str | int | float | bool | None) -> Html:
    """An element.

    A trailing underscore of an attribute's name is dropped, others become hyphens; True gives an attribute without value,
    False and None none. An unsafe address gives an element without address.

    >>> tag("a", "<x>", href="javascript:alert(1)", class_="p")
    '<a class="p">&lt;x&gt;</a>'
    """
    start = f"<{name}"
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        attribute = _attribute_name(key)
        if attribute in _ADDRESSES:
            address = safe_href(str(value))
            start += f' {attribute}="{text(address)}"' if address is not None else ""
        else:
            start += f" {attribute}" if value is True else f' {attribute}="{text(str(value))}"'
    return Html(f"{start}>") if name in _VOID else Html(f"{start}>{join(*content)}</{name}>")


@cache
def _attribute_name(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def safe_href(href: str | None) -> str | None:
    """The address when a link may lead there: http, https, or a path or fragment of this server; else None.

    >>> [safe_href(href) for href in ("/a", "https://x.org/", "//x.org", "JavaScript:alert(1)", "a/b")]
    ['/a', 'https://x.org/', None, None, None]
    """
    if href is None:
        return None
    trimmed = href.strip(" ")
    if _NOT_IN_URL.search(trimmed):
        return None
    if trimmed.startswith("/"):
        return None if trimmed.startswith("//") else ROOT.get() + trimmed
    return trimmed if trimmed[:1] in ("#", "?") or _HTTP.match(trimmed) else None
