"""Templates within Markdown: shortcodes of Hugo, tags and variables of Liquid. They are never run."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import quote

__all__ = ["BASE_ADDRESS", "LIQUID", "RELATIVE_ADDRESS", "SHORTCODE", "by_name", "filled", "parameters"]

SHORTCODE = re.compile(
    r"\{\{(?P<kind>[<%])[ \t]*(?P<closing>/?)[ \t]*(?P<name>[A-Za-z][\w./-]*)"
    r"(?P<parameters>(?:[^<>%{}\"'`\n]|\n(?!\n)|\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'|`[^`]*`){0,2000}?)[ \t\n]*/?[>%]\}\}"
)
_PARAMETER = re.compile(
    r"(?:(?P<key>[A-Za-z_][\w-]*)=)?(?:\"(?P<double>(?:[^\"\\\n]|\\.)*)\"|'(?P<single>[^'\n]*)'|`(?P<raw>[^`]*)`|(?P<bare>[^\s\"'`=/][^\s\"'`=]*))"
)
LIQUID = re.compile(r"\{%-?[ \t]*(?P<name>[a-z_]+)(?P<rest>[^%{}\n]{0,500}?)-?%\}")
BASE_ADDRESS = re.compile(r"\{\{-?[ \t]*(?:site|page)\.(?:baseurl|url)[ \t]*-?\}\}(?=/)")
RELATIVE_ADDRESS = re.compile(r"\{\{-?[ \t]*[\"']([^\"'{}\n]*)[\"'][ \t]*\|[ \t]*(?:relative|absolute)_url[ \t]*-?\}\}")


def parameters(written: str) -> list[tuple[str | None, str]]:
    """Parameters of a shortcode: key, None where it goes by its place, and value.

    >>> parameters(' "a/b.md" lang=en')
    [(None, 'a/b.md'), ('lang', 'en')]
    """
    return [
        (match["key"], unescape(next(part for part in match.group("double", "single", "raw", "bare") if part is not None)))
        for match in _PARAMETER.finditer(written)
    ]


def filled(value: str) -> str | None:
    """An attribute with templates in it as far as it can be known without running them; None when it cannot."""
    value = RELATIVE_ADDRESS.sub(r"\1", BASE_ADDRESS.sub("", value))
    tag = LIQUID.fullmatch(value.strip())
    if tag and tag["name"] in ("link", "post_url"):
        return by_name(tag["rest"].strip())
    shortcode = SHORTCODE.fullmatch(value.strip())
    if shortcode and shortcode["name"] in ("ref", "relref"):
        first = _PARAMETER.search(shortcode["parameters"])
        return by_name(next(part for part in first.group("double", "single", "raw", "bare") if part is not None)) if first else None
    return None if "{{" in value or "{%" in value else value


def by_name(written: str) -> str:
    """Target of a cross reference by name, as a Markdown parser takes it."""
    return f"ref:{quote(written, safe='/#')}"
