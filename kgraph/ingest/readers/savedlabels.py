"""Words that sites show around a page and not in it: every label by which text saved from a browser is understood."""

from __future__ import annotations

import re

from kgraph.model.text import fold
from kgraph.model.types import TYPES, type_key

__all__ = [
    "ASPECTS", "CHROME", "FOOTER", "FOOTNOTES", "RELATED", "SECTIONS_AFTER", "TYPE_FIELD", "date_of", "group_label",
    "metrics_of", "type_group", "type_label", "word_count_of",
]  # fmt: skip

CHROME = frozenset(
    ("skip to content", "skip to main content", "skip to navigation", "jump to content", "jump to navigation", "menu", "main menu",
     "search", "home", "log in", "login", "sign in", "sign up", "register", "toggle theme", "dark mode", "light mode", "edit", "edit page",
     "edit this page", "view source", "history", "page history", "talk", "discussion", "share", "print", "copy link", "on this page",
     "table of contents", "contents", "page status", "data", "subscribe", "accept cookies", "cookie settings")
)  # fmt: skip
"""Lines of navigation."""
FOOTER = frozenset(
    ("previous", "next", "back to top", "edit page", "edit this page", "suggest an edit", "report an issue", "was this page helpful?",
     "was this helpful?", "privacy policy", "terms of service", "terms of use", "contact", "about this site", "cookie settings",
     "all rights reserved")
)  # fmt: skip
"""Lines that end a page."""
FOOTNOTES = frozenset(("footnotes", "footnote", "notes", "endnotes", "end notes", "references", "citations", "notes and references"))
RELATED = frozenset(
    ("see also", "related", "related pages", "related articles", "related topics", "related concepts", "related entries", "related links",
     "related notes", "related content", "related reading", "related wiki pages", "related documents", "related posts", "similar pages",
     "similar articles", "read next", "keep reading", "more like this", "recommended", "recommended pages", "recommended reading",
     "you may also like", "you might also like", "you might also be interested in", "explore more")
)  # fmt: skip
"""Headings of a block of related pages."""
SECTIONS_AFTER = FOOTNOTES | {"external links", "sources", "bibliography", "further reading", "comments", "changelog", "version history"}
"""Headings that end a block of related pages."""
_GROUPS = frozenset(
    ("top related pages", "most related", "most related pages", "top related", "related pages", "top pages", "other", "others",
     "other pages", "more", "more pages", "miscellaneous", "uncategorized")
)  # fmt: skip
"""Labels within a block of related pages that say nothing of a type."""
ASPECTS = frozenset(
    ("dimension", "aspect", "attribute", "factor", "property", "criterion", "question", "item", "field", "feature", "parameter", "metric",
     "category", "characteristic", "indicator", "consideration", "measure")
)  # fmt: skip
"""Heads of the first column of a table that assesses its page, one aspect in each row."""
_METRICS: dict[str, str] = {
    written: name
    for name, labels in {
        "tables": "tables, table", "diagrams": "diagrams, diagram, charts", "images": "images, image, figures, pictures",
        "internalLinks": "int. links, int links, internal links, wiki links, internal",
        "externalLinks": "ext. links, ext links, external links, external",
        "footnotes": "footnotes, footnote", "references": "references, refs", "citations": "citations, cites", "sources": "sources",
        "quotes": "quotes, quotations", "accuracy": "accuracy", "headings": "headings, sections", "content": "content",
        "backlinks": "backlinks, incoming links", "words": "words", "links": "links",
    }.items()
    for written in labels.split(", ")
}  # fmt: skip
"""Name of what a page counts, by its label in lower case."""

_METRIC = re.compile(
    rf"({'|'.join(re.escape(label) for label in sorted(_METRICS, key=lambda label: (-len(label), label)))}"
    r"|[a-z]{2,16}(?: [a-z]{2,16})?)"
    r"[\s:=]{0,3}(\d{1,9})(?!\.\d)(?:\s{0,2}/\s{0,2}[~≈]?\s{0,2}(\d{1,9}))?[\s,;|·•]{0,4}",
    re.I,
)
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
_MONTH = rf"({'|'.join(f'{month[:3]}(?:{month[3:]})?' for month in _MONTHS)})\.?"
_DATE = re.compile(
    r"\b(?:updated|edited|modified|revised|reviewed|changed)\s{0,2}(?:on|at)?[\s:]{0,3}"
    rf"(?:(\d{{4}}[-/.]\d{{2}}[-/.]\d{{2}})|{_MONTH}\s(\d{{1,2}}),?\s(\d{{4}})|(\d{{1,2}})\s{_MONTH},?\s(\d{{4}}))",
    re.I,
)
_WORD_COUNT = re.compile(r"(?<![\d.,])(\d{1,3}(?:,\d{3})+|\d{1,9}(?:\.\d{1,3})?)(\s?k)?\s?words?\b", re.I)
_COUNTED = re.compile(r"\s{0,3}(?:\d{1,3}|\(\d{1,3}\)|\[\d{1,3}\])$")
TYPE_FIELD = re.compile(r"(?:page type|entity type|type|kind)\s?:\s?(\S.{0,60})", re.I)


def date_of(line: str) -> str | None:
    """Date of the last edit that a line tells, as ISO 8601.

    >>> date_of("Last updated on 3 March 2024"), date_of("Edited 2024-02-03History"), date_of("Edited today")
    ('2024-03-03', '2024-02-03', None)
    """
    found = _DATE.search(line)
    if not found:
        return None
    iso, month, day, year, day_first, month_second, year_last = found.groups()
    if iso:
        return re.sub(r"[/.]", "-", iso)
    number = next(place for place, name in enumerate(_MONTHS, 1) if name.startswith((month or month_second).lower()[:3]))
    return f"{year or year_last}-{number:02}-{int(day or day_first):02}"


def word_count_of(line: str) -> int | None:
    """How many words a line says that the page has.

    >>> word_count_of("Edited today2.2k words"), word_count_of("1,204 words"), word_count_of("in other words")
    (2200, 1204, None)
    """
    found = _WORD_COUNT.search(line)
    if not found:
        return None
    return round(float(found.group(1).replace(",", "")) * (1000 if found.group(2) else 1))


def metrics_of(line: str) -> tuple[dict[str, int], dict[str, int]] | None:
    """What a line of content metrics counts, and how much of each is expected; None when the line is something else.

    A label that nobody knows counts beside one that is known.

    >>> metrics_of("Tables2/ ~5Ext. links0Quotes3"), metrics_of("Videos 1Tables 2"), metrics_of("Chapter 3 Part 4")
    (({'tables': 2, 'externalLinks': 0, 'quotes': 3}, {'tables': 5}), ({'videos': 1, 'tables': 2}, {}), None)
    """
    known = 0
    actual: dict[str, int] = {}
    expected: dict[str, int] = {}
    place = 0
    while place < len(line):
        found = _METRIC.match(line, place)
        if not found:
            return None
        label = found.group(1).lower()
        known += label in _METRICS
        name = _METRICS.get(label) or re.sub(r" (.)", lambda next_word: next_word[1].upper(), label)
        actual[name] = int(found.group(2))
        if found.group(3):
            expected[name] = int(found.group(3))
        place = found.end()
    return (actual, expected) if known and (len(actual) > 1 or expected) else None


_TYPE_LABELS = {fold(kind.label): key for key, kind in TYPES.items() if key not in ("index", "page")}
_TYPE_NAMES = {
    name for key, kind in TYPES.items() for name in (key, *kind.synonyms, type_key(kind.label), type_key(kind.plural))
}  # fmt: skip


def type_label(line: str) -> bool:
    """Whether a line is the label of a type and nothing else.

    >>> type_label("Concept"), type_label("Key question"), type_label("Overview")
    (True, True, False)
    """
    return fold(line) in _TYPE_LABELS


def type_group(line: str) -> bool:
    """Whether a line names a type, as the label of a group does.

    >>> type_group("Approaches"), type_group("Other")
    (True, False)
    """
    return type_key(line) in _TYPE_NAMES


def group_label(line: str) -> str | None:
    """The label of a group, without the number of its pages; None for any other line of a block of related pages.

    >>> group_label("Approaches"), group_label("Policy (2)"), group_label("Other3"), group_label("Harbour Act"), group_label("Policy 2030")
    ('Approaches', 'Policy', 'Other', None, None)
    """
    label = _COUNTED.sub("", line) or line
    return label if fold(label) in _GROUPS or fold(label) in RELATED or type_group(label) else None
