"""Which text files are pages: most files called ``.txt`` are licences, settings of robots, lists and data."""

from __future__ import annotations

import re

__all__ = ["is_page_text", "never_page"]

_NEVER = re.compile(
    r"(?:un)?licen[cs]es?|copying|copyright|notices?|third[-_ ]?party[-_ ]?notices?|authors|contributors|maintainers|credits|thanks"
    r"|codeowners|robots|humans|ads|app-ads|sellers|llms(?:-\w+)?|security|sitemap|urllist|cmakelists|cmakecache|cname|version|revision"
    r"|requirements.*|constraints|.*[-_.]requirements|manifest|sources|installed-files|top_level|entry_points|dependency_links|requires"
    r"|namespace_packages|zip-safe|stop[-_]?words|word[-_]?list|words|dictionary|spelling|vocab|merges|checksums?|.*sha(?:1|256|512)sums?"
    r"|md5sums?|pipfile|gemfile|output|stdout|stderr|log",
    re.I,
)
_DATA_START = re.compile(r"\s*(?:[{\[<]|%PDF|#!|-----BEGIN |\\documentclass|diff --git )")
_STAMP = re.compile(r"\s*\[?(?:\d{4}-\d\d-\d\d[T ]|\d\d:\d\d:\d\d|(?:DEBUG|INFO|WARN|WARNING|ERROR)\b)")
_SETTING = re.compile(r"\s*(?:export\s)?[\w.-]+\s?[=:]\s?\S*\s*$")
_CODE_END = re.compile(r"[;{}]\s*$")
_WORD = re.compile(r"[\"'“‘(\[]*[^\W\d_]{2,}(?:['’-][^\W\d_]+)*[\"'”’)\].,;:!?…]*")
_LINES = 400


def never_page(path: str) -> bool:
    """Whether a text file has a name that no page has.

    >>> never_page("a/LICENSE.txt"), never_page("requirements-dev.txt"), never_page("notes/words on mills.txt")
    (True, True, False)
    """
    name = path.rsplit("/", 1)[-1]
    stem, _, ending = name.rpartition(".")
    return ending.lower() == "txt" and bool(_NEVER.fullmatch(stem) or re.fullmatch(r"(?:licen[cs]e|copying|notice)[-_.].*", stem, re.I))


def is_page_text(sample: str) -> bool:
    """Whether a text, or the start of one, is prose: not data, not code, not a list of words.

    >>> is_page_text("The mill stands by the river."), is_page_text("id,name\\n1,mill\\n2,weir"), is_page_text("mill\\nweir")
    (True, False, False)
    """
    if _DATA_START.match(sample) or "\x00" in sample:
        return False
    lines = [line[:2000] for line in sample.splitlines()[:_LINES] if line.strip()]
    wordy = sum(1 for line in lines if _wordy(line))
    if not wordy or wordy * 5 < len(lines):
        return False
    for pattern in (_STAMP, _SETTING):
        if len(lines) > 2 and sum(1 for line in lines if pattern.match(line)) * 5 >= len(lines) * 4:
            return False
    if len(lines) > 3 and sum(1 for line in lines if _CODE_END.search(line)) * 3 >= len(lines):
        return False
    return not any(_columns(lines, sign) for sign in "\t|;,")


def _wordy(line: str) -> bool:
    """Whether a line holds words in a row, and little else."""
    parts = line.split()
    words = sum(1 for part in parts if _WORD.fullmatch(part))
    return words >= 3 and words * 2 >= len(parts)


def _columns(lines: list[str], sign: str) -> bool:
    """Whether nearly all lines hold the same number of a sign, which parts columns."""
    counts = [line.count(sign) for line in lines]
    usual = max(set(counts), key=lambda count: (counts.count(count), count))
    return len(lines) > 2 and usual >= 2 and counts.count(usual) * 10 >= len(lines) * 9
