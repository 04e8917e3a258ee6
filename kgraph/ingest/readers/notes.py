"""What notes of Obsidian hold beyond Markdown: comments, tags in the text, names of blocks.

Rules: https://help.obsidian.md/tags, https://help.obsidian.md/syntax#Comments, https://help.obsidian.md/links#Link+to+a+block+in+a+note.
The reader does not know whether a page is a note of a vault; whether its tags count is decided by those who know the site.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["block_name", "inline_tags", "unescaped_tags", "without_callouts", "without_comments"]

_PLACE = re.compile(
    r"(?P<fence>^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(?P<run>`{3,}(?=[^`\n]*$)|~{3,}))|(?P<code>`+)|(?P<html><!--)|(?P<mark>%%)|\\.",
    re.M,
)
_BLANK = re.compile(r"\n[ \t>]*\n")
_SIGN = r"[\w/\-\U0001F000-\U0001FAFF\u2600-\u27BF\uFE0F\u200D]"
_TAG = re.compile(rf"(?:(?<=\s)|\A)#(?!\d+(?!{_SIGN}))({_SIGN}+)(?!#)")
_UNESCAPED = re.compile(rf"(?<!\\)#({_SIGN}+)")
_NAME = re.compile(r"\^([A-Za-z0-9-]+)\s*\Z")
_CALLOUT = re.compile(r"^([ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?>[ \t>]*)\[![A-Za-z][^\]\n]{0,80}\][+-]?[ \t]*", re.M)
_LONGEST_NAME = 100
_LONGEST_SPAN = 200_000
_MOST_COMMENTS = 20_000


def without_comments(text: str) -> str:
    """Text without ``%%comments%%``; line *n* stays line *n*. Code is left as it is, and so is a comment that nothing ends.

    >>> without_comments("One %%two%% three `%%four%%`.")
    'One  three `%%four%%`.'
    """
    pieces: list[str] = []
    copied = position = 0
    never: set[str] = set()
    while len(pieces) < _MOST_COMMENTS and (found := _PLACE.search(text, position)):
        position = found.end()
        if found["fence"] is not None:
            position = _after_fence(text, found["run"], position)
        elif found["code"]:
            position = _after_span(text, found["code"], position, never)
        elif found["html"]:
            position = _after(text, "-->", position, never)
        elif found["mark"]:
            end = _comment_end(text, found.start())
            if end is None:
                continue
            pieces += text[copied : found.start()], "\n" * text.count("\n", found.start(), end)
            copied = position = end
    return "".join((*pieces, text[copied:]))


def without_callouts(text: str) -> str:
    """Text whose callouts are quotes, without what says their kind, as ``[!tip]-`` does; line *n* stays line *n*.

    >>> without_callouts("> [!tip]- Wheels\\n> Oil them. [!tip]")
    '> Wheels\\n> Oil them. [!tip]'
    """
    return _CALLOUT.sub(r"\1", text)


def _after_fence(text: str, run: str, position: int) -> int:
    closing = re.compile(rf"^[ \t>]*{re.escape(run[0])}{{{len(run)},}}[ \t]*$", re.M).search(text, position)
    return closing.end() if closing else len(text)


def _after_span(text: str, run: str, position: int, never: set[str]) -> int:
    """Offset after a code span, or after its opening where nothing closes it in the paragraph."""
    if run in never:
        return position
    closing = re.compile(rf"(?<!`){run}(?!`)").search(text, position, position + _LONGEST_SPAN)
    if closing is None:
        never.add(run)
        return position
    return position if _BLANK.search(text, position, closing.start()) else closing.end()


def _after(text: str, end: str, position: int, never: set[str]) -> int:
    place = -1 if end in never else text.find(end, position)
    if place < 0:
        never.add(end)
    return position if place < 0 else place + len(end)


def _comment_end(text: str, start: int) -> int | None:
    """Offset after the comment that begins at ``start``: one that begins a line may hold blank lines, another may not."""
    close = text.find("%%", start + 2)
    if close < 0:
        return None
    line_start = text.rfind("\n", 0, start) + 1
    begins = not text[line_start:start].strip(" \t>")
    if begins:
        ends_line = text.rfind("\n", 0, close) + 1 > start and not text[text.rfind("\n", 0, close) + 1 : close].strip(" \t>")
        if ends_line and text[start + 2 : start + 3].isalpha() and text[close + 2 : close + 3].isalpha():
            return None  # two magic lines of a notebook
        return close + 2
    return None if _BLANK.search(text, start, close) else close + 2


def inline_tags(text: str, apart: Sequence[tuple[int, int]]) -> list[str]:
    """Tags in a run of prose, without their signs, but for those ``apart``: in code and in the text of links.

    >>> inline_tags("#1984 is no tag, #y1984 and #book/crime are; a#b and #c#d are none", [])
    ['y1984', 'book/crime']
    """
    return [
        tag
        for found in _TAG.finditer(text)
        if (tag := found.group(1).strip("/")) and not any(start <= found.start() < end for start, end in apart)
    ]


def unescaped_tags(source: str) -> set[str]:
    """All that may be a tag in the source of a page, but for what stands behind a backslash only."""
    return {found.strip("/") for found in _UNESCAPED.findall(source)}


def block_name(text: str, floor: int) -> tuple[int, str] | None:
    """Where the ``^name`` of a block begins that ends its text, and the name; ``floor`` is where links and code in it end.

    >>> block_name("A wheel turns. ^turn", 0), block_name("Two to the power of x^2", 0)
    ((14, 'turn'), None)
    """
    found = _NAME.search(text, max(0, len(text) - _LONGEST_NAME))
    if found is None or found.start() < floor:
        return None
    start = found.start()
    if start not in (0, floor) and not text[start - 1].isspace():
        return None
    while start > floor and text[start - 1].isspace():
        start -= 1
    return start, found.group(1)
