"""Links of dumps of MediaWiki: ElementTree over the XML, one regular expression over the text."""

from __future__ import annotations

import bz2
import re
from pathlib import Path
from xml.etree import ElementTree

from benchmarks.counts.base import Count

__all__ = ["count"]

_LINK = re.compile(r"\[\[([^\[\]|\n]+)(?:\|[^\[\]]*)?\]\]")
_HIDDEN = re.compile(
    r"<!--.*?-->|<nowiki>.*?</nowiki>|<(?:pre|syntaxhighlight|source|math)\b[^>]*>.*?</(?:pre|syntaxhighlight|source|math)>", re.S
)
_NO_PAGE = re.compile(
    r":?(?:file|image|media|special|user|user talk|talk|template|category|wikt|wiktionary|commons|meta|mw|[a-z]{2,3}(?:-[a-z-]+)?|simple"
    r"|hdl|doi|s|w|q|b|n|d|файл|картинка|категория|потребител|шаблон|медия)\s*:",
    re.I,
)


def count(folder: Path) -> Count:
    """Pages that are no redirect, redirects, links to titles, and those that lead to a page of the dumps."""
    texts: dict[str, tuple[str, str]] = {}
    redirects: dict[str, str] = {}
    for path in sorted(folder.glob("*.bz2")):
        with bz2.open(path) as stream:
            for _, element in ElementTree.iterparse(stream):
                if not element.tag.endswith("}page"):
                    continue
                space = element.tag[: -len("page")]
                title = element.findtext(f"{space}title") or ""
                sent = element.find(f"{space}redirect")
                if sent is not None:
                    redirects[title] = sent.get("title") or ""
                elif int(element.findtext(f"{space}ns") or 0) % 2 == 0:
                    text = element.findtext(f"{space}revision/{space}text") or ""
                    texts[title] = (f"{path.name}/{title}.wikitext", _HIDDEN.sub("", text))
                element.clear()
    links, distinct = 0, set()
    pairs: set[tuple[str, str]] = set()
    for path_of, text in texts.values():
        for found in _LINK.finditer(text):
            if _NO_PAGE.match(found.group(1)):
                continue
            title = " ".join(found.group(1).partition("#")[0].replace("_", " ").split()).lstrip(": ")
            if not title:
                continue
            title = title[0].upper() + title[1:]
            links += 1
            distinct.add((path_of, title))
            target = texts.get(redirects.get(title, title))
            if target and target[0] != path_of:
                pairs.add((path_of, target[0]))
    return Count(
        "ElementTree, and a regular expression over the text without comments and code", pages=len(texts), links=links,
        pairs=frozenset(pairs), dead=None, redirects=len(redirects), notes=(f"{len(distinct):,} distinct pairs of page and title written",),
    )  # fmt: skip
