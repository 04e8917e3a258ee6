"""Templates of MediaWiki that stand for words of the page; all others are known only by the wiki that defines them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

__all__ = ["HATNOTES", "INLINE", "LISTS", "NOTES", "QUOTES", "cited_work", "is_citation", "is_infobox", "plain_name", "shows_value"]

HATNOTES: dict[str, int] = {
    "main": 0, "main article": 0, "main articles": 0, "main page": 0, "see": 0, "see also": 0, "seealso": 0, "further": 0,
    "further information": 0, "details": 0, "detail": 0, "more": 0, "more information": 0, "broader": 0, "distinguish": 0, "for": 1,
    "hauptartikel": 0, "siehe auch": 0, "article détaillé": 0, "article principal": 0, "artículo principal": 0, "véase también": 0,
    "artigo principal": 0, "vedi anche": 0, "hoofdartikel": 0, "основна": 0, "основная статья": 0, "см. также": 0, "вижте също": 0,
}  # fmt: skip
"""Templates whose arguments are titles, with the number of arguments before the first title."""

INLINE: dict[str, tuple[str, ...]] = {
    "lang": ("2",), "transl": ("3", "2"), "transliteration": ("3", "2"), "nowrap": ("1",), "nobr": ("1",), "small": ("1",), "big": ("1",),
    "smaller": ("1",), "larger": ("1",), "em": ("1",), "strong": ("1",), "emphasis": ("1",), "abbr": ("1",), "tooltip": ("1",),
    "sic": ("1",),
    "convert": ("1", "2"), "cvt": ("1", "2"), "val": ("1",), "formatnum": ("1",), "math": ("1",), "mvar": ("1",), "var": ("1",),
    "mono": ("1",), "tt": ("1",), "smallcaps": ("1",), "sc": ("1",), "sup": ("1",), "sub": ("1",), "center": ("1",),
    "as of": ("1",), "circa": ("1",), "ship": ("1", "2"), "uss": ("1",), "hms": ("1",), "nihongo": ("1",), "plainlist": ("1",),
    "flatlist": ("1",), "url": ("2", "1"), "birth date": ("1", "2", "3"),
    "birth date and age": ("1", "2", "3"), "death date": ("1", "2", "3"), "death date and age": ("1", "2", "3"),
    "start date": ("1", "2", "3"), "start date and age": ("1", "2", "3"), "end date": ("1", "2", "3"), "flag": ("1",),
    "flagcountry": ("1",),
}  # fmt: skip
"""Templates that show some of their arguments in the line, with the names of these arguments."""

LISTS = frozenset(("hlist", "ubl", "unbulleted list", "ublist", "flowlist", "cslist", "comma separated entries", "bulleted list"))
"""Templates that show all their unnamed arguments."""

QUOTES = frozenset(("quote", "blockquote", "cquote", "quotation", "quote box", "zitat", "cita", "citation bloc"))
NOTES = frozenset(("efn", "refn", "note", "efn-ua", "efn-lr", "notetag", "fn", "sfn", "sfnp", "harvnb", "harvp"))
_SKIPPED = re.compile(
    r"cite|citation|vcite|citar|ouvrage|lien web|literatur|internetquelle|refn?|reflist|references|use .* dates|use .* english"
    r"|.*-stub|stub|.*navbox.*|.*sidebar.*|coord|persondata|authority control|short description|good article|featured article|pp-.*"
    r"|multiple image|portal.*|commons.*|sister.*|about|redirect.*|hatnote|other uses|defaultsort",
    re.I,
)
_INFOBOX = re.compile(r"(?:.*[ _-])?(?:infobox|infoboks|taxobox|taxobar|speciesbox|automatic taxobox|chembox|drugbox|geobox)\b.*", re.I)
_PICTURE = re.compile(r".*\.(?:jpe?g|png|gif|svg|webp|tiff?|ogg|ogv|webm|mp[34])", re.I)
_NOT_FACT = re.compile(
    r".*(?:image|photo|picture|logo|caption|bild|map|pushpin|width|size|alt|upright|colou?r|bgcolor|style|footnotes?|signature"
    r"|embed|child|module|class|sound|audio|coordinates|coord|lat[dms]?|long?[dms]?|latitude|longitude)\d*",
    re.I,
)
_WORK = (
    "author",
    "last",
    "first",
    "authors",
    "author1",
    "last1",
    "title",
    "chapter",
    "work",
    "website",
    "journal",
    "publisher",
    "date",
    "year",
)


def plain_name(name: str) -> str:
    """Name of a template as it is compared: in lower case, without namespace.

    >>> plain_name(" Template:See_also "), plain_name("subst:Main")
    ('see also', 'main')
    """
    name = " ".join(name.replace("_", " ").split()).lower()
    for prefix in ("subst:", "safesubst:", "template:", "msg:"):
        name = name.removeprefix(prefix).strip()
    return name


def is_citation(name: str) -> bool:
    """Whether a template describes a cited work.

    >>> is_citation("cite web"), is_citation("citation"), is_citation("city")
    (True, True, False)
    """
    return name.startswith(("cite ", "vcite ")) or name in (
        "cite",
        "citation",
        "literatur",
        "internetquelle",
        "ouvrage",
        "lien web",
        "article",
    )


def is_infobox(name: str, keys: Iterable[str], lines: int, *, lead: bool) -> bool:
    """Whether a template is a box of facts: by its name, or as one in the lead with at least three named fields on lines of their own.

    >>> is_infobox("infobox mill", ["name"], 2, lead=False), is_infobox("personnage", ["nom", "pays", "métier"], 4, lead=True)
    (True, True)
    >>> is_infobox("cite web", ["url", "title", "date"], 4, lead=True)
    False
    """
    if _INFOBOX.fullmatch(name):
        return True
    named = sum(1 for key in keys if not key.isdigit())
    return lead and named >= 3 and lines >= 3 and not _SKIPPED.fullmatch(name.split(" ")[0]) and not _SKIPPED.fullmatch(name)


def shows_value(key: str, value: str) -> bool:
    """Whether a field of a box is a fact, and not how the box looks.

    >>> shows_value("founder", "[[Ann]]"), shows_value("image_size", "200px"), shows_value("cover", "A.jpg"), shows_value("name", "")
    (True, False, False, False)
    """
    return bool(value.strip()) and not key.isdigit() and not _NOT_FACT.fullmatch(key) and not _PICTURE.fullmatch(value.strip())


def cited_work(fields: Mapping[str, str]) -> str:
    """A cited work in one line.

    >>> cited_work({"title": "On mills", "last": "Miller", "first": "A.", "year": "1999", "accessdate": "2001"})
    'Miller. A. On mills. 1999'
    """
    parts = [" ".join(fields[key].split()).rstrip(".") for key in _WORK if fields.get(key, "").strip()]
    return ". ".join(dict.fromkeys(parts))
