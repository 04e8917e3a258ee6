"""Boxes and tabs of Python-Markdown, whose content is indented, set flush so that CommonMark does not take it for code.

Specifications: https://python-markdown.github.io/extensions/admonition/ and
https://facelessuser.github.io/pymdown-extensions/extensions/tabbed/.
"""

from __future__ import annotations

import re

__all__ = ["set_flush"]

_MARK = re.compile(r"^[ \t]*(?:!!!|\?\?\?|===)", re.M)
_OPENER = re.compile(
    r"(?P<indent>[ ]*)(?:(?:!!!|\?\?\?\+?)[ ]+[A-Za-z][\w-]*(?:[ ]+[\w-]+)*|(?:!!!|\?\?\?\+?|===[!+]?)(?=[ ]+\"))"
    r"(?:[ ]+\"(?P<title>.*)\")?[ ]*"
)
_FENCE = re.compile(r"[ ]*(?:[-*+>]|\d+[.)])?[ ]*(`{3,}|~{3,})")
_STEP = 4


def set_flush(text: str) -> str:
    r"""Markdown in which the content of boxes stands flush with its surroundings; lines are kept.

    >>> set_flush('!!! note "Tides"\n    They [turn](tide.md).\n\nAfter.')
    'Tides.\nThey [turn](tide.md).\n\nAfter.'
    """
    if not _MARK.search(text):
        return text
    lines = text.split("\n")
    written: list[str] = []
    open_boxes: list[int] = []
    fence = ""
    for place, line in enumerate(lines):
        spread = line.expandtabs(_STEP) if "\t" in line[: len(line) - len(line.lstrip())] else line
        if not spread.strip():
            written.append(line)
            continue
        indent = len(spread) - len(spread.lstrip(" "))
        while open_boxes and indent < open_boxes[-1]:
            open_boxes.pop()
            fence = ""
        kept = spread[_STEP * len(open_boxes) :] if open_boxes else line
        if fence:
            fence = "" if kept.strip().startswith(fence) and not kept.strip().strip(fence[0]) else fence
        elif mark := _FENCE.match(kept):
            fence = mark[1]
        elif opener := _OPENER.fullmatch(kept.rstrip("\r")):
            open_boxes.append(indent + _STEP)
            title = opener["title"] or ""
            joined = title[-1:].isalnum() and place + 1 < len(lines) and lines[place + 1].strip()
            kept = opener["indent"] + title + ("." if joined else "")
        written.append(kept)
    return "\n".join(written)
