"""Links of a tree of HTML pages saved from a MediaWiki, by the parser of the standard library."""

from __future__ import annotations

import posixpath
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from benchmarks.counts.base import Count

__all__ = ["count"]

_APART = ("t-navbar", "printfooter", "toc", "editsection", "noprint")
_VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"))
_REDIRECT = re.compile(r"""http-equiv=["']?refresh|class=["']redirect(?:Msg|Text)""", re.I)


class _Content(HTMLParser):
    """Targets of links within the text of the wiki, without its navigation bars."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.within = self.apart = 0
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {key: value or "" for key, value in attrs}
        if tag not in _VOID:
            apart = any(name in _APART for name in told.get("class", "").split()) or told.get("id") == "toc"
            self.open.append((tag, apart))
            self.apart += apart
            self.within += bool(self.within or told.get("id") == "mw-content-text")
        if tag == "a" and self.within and not self.apart and told.get("href"):
            self.found.append(told["href"])

    def handle_endtag(self, tag: str) -> None:
        if not any(name == tag for name, _ in self.open):
            return
        while self.open:
            name, apart = self.open.pop()
            self.apart -= apart
            self.within -= bool(self.within)
            if name == tag:
                return


def count(folder: Path) -> Count:
    """Links between the files of a tree."""
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*.html")}
    pairs: set[tuple[str, str]] = set()
    links = dead = redirects = 0
    for path in sorted(files):
        text = (folder / path).read_text(encoding="utf-8", errors="replace")
        redirects += bool(_REDIRECT.search(text))
        page = _Content()
        page.feed(text)
        for href in page.found:
            parts = urlsplit(href)
            if parts.scheme or parts.netloc or not parts.path.endswith(".html"):
                continue
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(parts.path)))
            links += 1
            dead += target not in files
            if target in files and target != path:
                pairs.add((path, target))
    return Count(
        "html.parser: <a href> to .html below #mw-content-text, navigation bars left out", pages=len(files), links=links,
        pairs=frozenset(pairs), dead=dead, aliases=0, redirects=redirects,
    )  # fmt: skip
