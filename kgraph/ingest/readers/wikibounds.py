"""Openings without end in wikitext: a parser tries each of them to the end of the page, so that many cost the square of their number."""

from __future__ import annotations

import re
from functools import partial

__all__ = ["bounded"]

_MOST = 200
"""Openings of one kind without end, or within one another, that a page may have."""
_READ_AGAIN = 2_000_000
"""Characters that may be read again for openings without end: the number of these times the length of the page."""
_LONE = r"(?:br|hr|li|p|dt|dd|tr|td|th|wbr|img)\b"
_KINDS = {
    "{": (re.compile(r"(\{\{+)|(\}\}+)"), 2),
    "[": (re.compile(r"(\[\[)|(\]\])"), 2),
    "[h": (re.compile(r"(\[(?=[a-z]{2,9}:|//))|(\])", re.I), 1),
    "{|": (re.compile(r"(?:^|(?<=\n))[ \t:]*(\{\|)|(?:^|(?<=\n))[ \t]*(\|\})"), 2),
    "<!": (re.compile(r"(<!--)|(-->)"), 4),
    "<": (re.compile(rf"(<(?!{_LONE})[a-z][^<>]*>(?<!/>))|(</[a-z])", re.I), 1),
}
"""Of each kind of markup: what opens it and what ends it, and how long the opening is."""
_UNENDED = re.compile(r"<(?=[a-z/][^<>]*(?:<|\Z))", re.I)
_LONE_TAGS = re.compile(rf"<(?={_LONE})", re.I)
_HEADING = re.compile(r"^=.*$", re.M)
"""A heading: the parser follows the signs of equality, at each of which it might end, in a recursion."""


def bounded(text: str) -> tuple[str, bool]:
    """Text in which openings without end, beyond what people write, are set apart by a space; and whether there were any.

    >>> bounded("[[a]] {{b}}")
    ('[[a]] {{b}}', False)
    >>> bounded("[[" * 1000)[1]
    True
    """
    changed = any(found.group().count("=") > _MOST for found in _HEADING.finditer(text))
    if changed:
        text = _HEADING.sub(lambda found: " " * (found.group().count("=") > _MOST) + found.group(), text)
    for start, (pattern, length) in _KINDS.items():
        if text.count(start[0]) > 3 and _excess(pattern, text):
            text = pattern.sub(partial(_apart, length=length), text)
            changed = True
    if text.count("<") > 3 and sum(1 for _ in _UNENDED.finditer(text)) > _allowed(text):
        text = _UNENDED.sub("< ", text)
        changed = True
    if text.count("<") > 20 * _MOST and sum(1 for _ in _LONE_TAGS.finditer(text)) > 20 * _MOST:
        text = _LONE_TAGS.sub("< ", text)
        changed = True
    return text, changed


def _apart(found: re.Match[str], length: int) -> str:
    opening = found.group(1)
    return " ".join(opening[:length]) + " " + opening[length:] if opening else found.group()


def _allowed(text: str) -> int:
    """Openings without end that a page of its length may have."""
    return max(3, min(_MOST, _READ_AGAIN // len(text)))


def _excess(pattern: re.Pattern[str], text: str) -> bool:
    depth = deepest = 0
    for found in pattern.finditer(text):
        if found.group(1):
            depth += 1
            deepest = max(deepest, depth)
        elif depth:
            depth -= 1
    return deepest > _MOST or depth > _allowed(text)
