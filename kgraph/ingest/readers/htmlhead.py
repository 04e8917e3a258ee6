"""What the head of an HTML page says of it: meta elements, canonical address, language, JSON-LD, categories.

Vocabularies: HTML standard metadata names, Dublin Core, Open Graph (https://ogp.me/), schema.org in JSON-LD 1.1.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from kgraph.ingest.readers.htmlsource import PLACE, Lines, without_marks
from kgraph.ingest.readers.savedlabels import date_of
from kgraph.model.document import Problem
from kgraph.model.text import fold

__all__ = ["Head", "read_head", "title_among"]

_DESCRIPTION = ("description", "og:description", "dcterms.description", "dc.description", "twitter:description")
_CREATED = ("article:published_time", "datepublished", "dcterms.created", "dcterms.issued", "dc.date.issued", "date", "dc.date",
            "dcterms.date", "pubdate", "citation_publication_date")  # fmt: skip
_CHANGED = ("article:modified_time", "datemodified", "dcterms.modified", "dc.date.modified", "last-modified", "og:updated_time", "revised")
_AUTHOR = ("author", "dcterms.creator", "dc.creator", "citation_author", "article:author")
_KEYWORDS = ("keywords", "news_keywords", "article:tag", "dcterms.subject", "dc.subject")
_PAGE_TYPES = """
webpage aboutpage collectionpage contactpage faqpage itempage medicalwebpage profilepage qapage searchresultspage checkoutpage
website webpageelement article newsarticle blogposting techarticle scholarlyarticle socialmediaposting liveblogposting report
creativework blog apireference discussionforumposting advertisercontentarticle satiricalarticle opinionnewsarticle
analysisnewsarticle
"""
_PAGES = frozenset(_PAGE_TYPES.split())
"""Types of schema.org that are said of the page, not of what it is about."""
_ASIDE = frozenset(
    ("breadcrumblist", "listitem", "imageobject", "searchaction", "readaction", "sitenavigationelement", "wpheader", "wpfooter",
     "wpsidebar", "itemlist", "entrypoint", "viewaction", "videoobject")
)  # fmt: skip
_LAST_EDIT = "#footer-info-lastmod, #lastmod, #f-lastmod, .theme-last-updated, .last-updated, .lastupdated, .last-modified"
_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2}(?:[T ][\d:.]{4,15}(?:Z|[+-]\d{2}:?\d{2})?)?)?)?")
_SEPARATOR = r"\s*(?:[|»·•:—–―-]|::)\s*"
_LONGEST = 2000
_MOST = 200
_LONGEST_WAIT = 30
"""Seconds after which a reader has begun to read."""
_LONGEST_DATA = 2_000_000


class Head:
    """Title and fields of a page."""

    def __init__(self) -> None:
        self.title: str | None = None
        self.names: list[str] = []
        """Names that the page gives itself besides its title."""
        self.site = ""
        self.base = ""
        self.fields: dict[str, Any] = {}
        self.lines: dict[str, int] = {}
        self.problems: list[Problem] = []
        self.refresh: str | None = None
        """Where a refresh that waits no longer than a reader would leads to."""

    def put(self, key: str, value: Any, line: int) -> None:
        """Keep a field that says something; the first one counts."""
        if value and key not in self.fields:
            self.fields[key] = value
            self.lines[key] = line


def read_head(tree: LexborHTMLParser, lines: Lines) -> Head:
    """Read what a page says of itself."""
    head = Head()
    found = tree.css_first("title")
    while found is not None and _within(found, "svg"):
        found = next((node for node in tree.css("title") if not _within(node, "svg")), None)
    head.title = _plain(found.text()) if found is not None else None
    metas: dict[str, list[tuple[str, int]]] = {}
    for node in tree.css("meta"):
        data = node.attributes
        content = data.get("content") or ""
        if (data.get("http-equiv") or "").strip().lower() == "refresh" and head.refresh is None:
            head.refresh = _refresh(content)
        key = (data.get("name") or data.get("property") or data.get("itemprop") or "").strip().lower()
        if key and content.strip():
            metas.setdefault(key, []).append((_plain(content), _line(node, lines)))
    base = tree.css_first("base[href]")
    head.base = (base.attributes.get("href") or "").strip() if base is not None else ""
    head.site = next((text for text, _ in metas.get("og:site_name", []) or metas.get("application-name", [])), "")
    head.names = [text for text, _ in metas.get("og:title", []) + metas.get("twitter:title", []) + metas.get("dcterms.title", [])]
    _read_data(tree, head, lines)
    for key, sources in (("description", _DESCRIPTION), ("author", _AUTHOR), ("date", _CREATED), ("lastmod", _CHANGED)):
        for source in sources:
            for text, line in metas.get(source, [])[:1]:
                told = _date(text) if key in ("date", "lastmod") else "" if text.startswith("http") else text
                head.put(key, told, line)
    keywords = [(part, line) for source in _KEYWORDS for text, line in metas.get(source, [])[:_MOST] for part in re.split("[,;]", text)]
    _extend(head, "tags", [text for text, _ in keywords], keywords[0][1] if keywords else 1)
    root = tree.css_first("html")
    language = (root.attributes.get("lang") or root.attributes.get("xml:lang") or "") if root is not None else ""
    if root is not None and re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}", language.strip()):
        head.put("lang", language.strip(), _line(root, lines))
    for node in tree.css("link[rel][href]"):
        data = node.attributes
        if "canonical" in (data.get("rel") or "").lower().split():
            head.put("canonical", _plain(data.get("href") or ""), _line(node, lines))
    _last_edit(tree, head, lines)
    _categories(tree, head)
    return head


def title_among(head: Head, heading: str | None) -> str | None:
    """The title of the page: the one of the head without what the page itself shows to be the name of the site."""
    title = head.title
    if not title:
        return heading or next(iter(head.names), None)
    for name in ([heading] if heading else []) + head.names:
        plain = re.escape(name)
        if re.fullmatch(rf"{plain}(?:{_SEPARATOR}\S.*)?|.*\S{_SEPARATOR}{plain}", title, re.I):
            return name
    if head.site:
        site = re.escape(head.site)
        found = re.fullmatch(rf"(.*?\S){_SEPARATOR}{site}|{site}{_SEPARATOR}(\S.*)", title, re.I)
        if found:
            return found.group(1) or found.group(2)
    return title


def _within(node: LexborNode, tag: str) -> bool:
    above = node.parent
    while above is not None:
        if above.tag == tag:
            return True
        above = above.parent
    return False


def _plain(text: str) -> str:
    return " ".join(text[: 4 * _LONGEST].split())[:_LONGEST]


def _date(text: str) -> str:
    found = _DATE.match(text.strip())
    return found.group() if found else ""


def _line(node: LexborNode, lines: Lines) -> int:
    place = node.attributes.get(PLACE) or ""
    return lines.at(int(place)) if place.isdecimal() and len(place) < 12 else 1


def _refresh(content: str) -> str | None:
    found = re.fullmatch(r"\s*(\d{1,9})(?:\.\d*)?\s*[;,\s]\s*(?:url\s*=\s*)?(['\"]?)([^\s'\"].*?)\2\s*", content[:_LONGEST], re.I | re.S)
    if found is None or int(found.group(1)) > _LONGEST_WAIT:
        return None
    return found.group(3).strip() or None


def _extend(head: Head, key: str, values: list[str], line: int) -> None:
    known: list[str] = head.fields.get(key, [])
    seen = {fold(item) for item in known}
    for value in values:
        plain = _plain(value)
        if plain and len(plain) <= 120 and fold(plain) not in seen and len(known) < _MOST:
            seen.add(fold(plain))
            known = [*known, plain]
    if known:
        head.fields[key] = known
        head.lines.setdefault(key, line)


def _last_edit(tree: LexborHTMLParser, head: Head, lines: Lines) -> None:
    """Day of the last edit, as builders and MediaWiki show it below the content."""
    for node in tree.css(_LAST_EDIT)[:1]:
        time = node.css_first("time[datetime]")
        told = _date(time.attributes.get("datetime") or "") if time is not None else date_of(_plain(node.text()))
        head.put("lastmod", told, _line(node, lines))


def _categories(tree: LexborHTMLParser, head: Head) -> None:
    """Categories that MediaWiki lists below the page; the hidden ones only sort work of its editors."""
    found = tree.css("a[rel~=category], a[rel~=tag]")[:_MOST]
    box = tree.css_first("#mw-normal-catlinks") or tree.css_first("#catlinks") or tree.css_first(".catlinks")
    if box is not None:
        hidden = {link.mem_id for part in box.css("#mw-hidden-catlinks, .mw-hidden-catlinks")[:9] for link in part.css("a")}
        found += [node for node in box.css("li a")[:_MOST] if node.mem_id not in hidden]
    _extend(head, "tags", [without_marks(node.text()) for node in found], 1)


# -- JSON-LD ------------------------------------------------------------------------------------------


def _read_data(tree: LexborHTMLParser, head: Head, lines: Lines) -> None:
    items: list[tuple[Mapping[str, Any], int]] = []
    for node in tree.css('script[type="application/ld+json" i]'):
        text, line = node.text(), _line(node, lines)
        if not text.strip():
            continue
        try:
            if len(text) > _LONGEST_DATA:
                raise ValueError("too long")
            data = json.loads(re.sub(r"\A\s*(?://)?<!\[CDATA\[|(?://)?\]\]>\s*\Z", "", text), strict=False)
        except (ValueError, RecursionError) as error:
            head.problems.append(Problem("E103", f"JSON-LD was left out: {str(error)[:80]}", line))
            continue
        items += [(item, line) for item in _objects(data)]
    pages = [item for item in items if _types(item[0]) & _PAGES]
    things = [item for item in items if not _types(item[0]) & (_PAGES | _ASIDE)]
    subject = _subject(head, pages, things)
    for data, line in pages + ([subject] if subject else []):
        if "website" not in _types(data):
            _common(head, data, line)
    if subject:
        data, line = subject
        written = data.get("@type")
        kinds = [kind for kind in (written if isinstance(written, list) else [written]) if isinstance(kind, str)]
        head.put("type", _plain(re.split("[/#:]", kinds[0])[-1]) if kinds else "", line)
        _extend(head, "aliases", _names(data.get("name")), line)


def _subject(
    head: Head, pages: list[tuple[Mapping[str, Any], int]], things: list[tuple[Mapping[str, Any], int]]
) -> tuple[Mapping[str, Any], int] | None:
    """What the page is about: what a page object names as such, else the only thing, or the one that is called like the page."""
    for data, line in pages:
        for key in ("mainEntity", "about"):
            inner = data.get(key)
            told = inner[0] if isinstance(inner, list) and len(inner) == 1 else inner
            if isinstance(told, dict):
                identified = next((item for item in things if told.get("@id") and item[0].get("@id") == told["@id"]), None)
                if identified:
                    return identified
                if _types(told) and not _types(told) & (_PAGES | _ASIDE) and key == "mainEntity":
                    return told, line
    if len(things) == 1 and not pages:
        return things[0]
    titles = [fold(name) for name in ([head.title] if head.title else []) + head.names]
    for item in things:
        name = fold(next(iter(_names(item[0].get("name"))), ""))
        if name and any(title == name for title in titles):
            return item
    return None


def _common(head: Head, data: Mapping[str, Any], line: int) -> None:
    """Fields that pages and things share."""
    head.names += _names(data.get("headline"))[:1]
    if _types(data) & _PAGES:
        head.names += _names(data.get("name"))[:1]
    head.put("description", next(iter(_names(data.get("description"))), ""), line)
    head.put("author", next(iter(_names(data.get("author"))), ""), line)
    for key, source in (("date", "datePublished"), ("lastmod", "dateModified")):
        head.put(key, _date(next(iter(_names(data.get(source))), "")), line)
    _extend(head, "aliases", _names(data.get("alternateName")), line)
    _extend(head, "tags", [part for text in _names(data.get("keywords")) for part in text.split(",")], line)
    _extend(head, "about", _names(data.get("about")), line)
    _extend(head, "sameAs", [name for name in _names(data.get("sameAs")) if name.startswith("http")], line)


def _objects(data: Any) -> Iterator[Mapping[str, Any]]:
    """Objects of a block of JSON-LD: itself, of its list, of its graph."""
    for item in (data if isinstance(data, list) else [data])[:_MOST]:
        if isinstance(item, dict):
            graph = item.get("@graph")
            if isinstance(graph, list):
                yield from (inner for inner in graph[:_MOST] if isinstance(inner, dict))
            else:
                yield item


def _types(data: Mapping[str, Any]) -> frozenset[str]:
    written = data.get("@type")
    kinds = written if isinstance(written, list) else [written]
    return frozenset(re.split("[/#:]", kind)[-1].lower() for kind in kinds if isinstance(kind, str))


def _names(value: Any) -> list[str]:
    """Texts in a value: itself, the name of an object, or those of a list."""
    found: list[str] = []
    for item in (value if isinstance(value, list) else [value])[:_MOST]:
        told = (item.get("name") or item.get("@value") or item.get("@id")) if isinstance(item, dict) else item
        if isinstance(told, str) and told.strip():
            found.append(_plain(told))
    return found
