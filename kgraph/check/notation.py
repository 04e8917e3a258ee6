"""How the pages of a site write links: a new link is written as its page writes the others."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Callable, Iterator
from urllib.parse import quote

from msgspec import Struct

from kgraph.check.site import Site
from kgraph.ingest.layouts import Layout
from kgraph.model.corpus import Entity, Link

__all__ = ["Notation", "Notations"]

_PAGE = re.compile(r"\.(?:mdx?|markdown|x?html?)$", re.I)
_SAFE = "/~!$&'*+,;=:@-._"
_NO_PROSE = frozenset(("a", "area", "Card", "LinkCard", "LinkButton", "NavLink"))
"""Components that are boxes or buttons, or that HTML has its own notation for."""
_FORBIDDEN = re.compile(r"[\[\]|#^<>\"{}\\\n`]")
"""Characters that would end a name within the markup of a link, or mean something there."""


class Notation(Struct, frozen=True):
    """One way to write a link."""

    key: str
    """Such as ``wikilink``, ``markdown file`` or the name of a component."""
    write: Callable[[str, bool], str | None]
    """From the text of the link, and whether it stands in a table, to the link; None where it cannot be written so."""


class Notations:
    """Knows how the links of a site are written, page by page."""

    def __init__(self, site: Site, layout: Layout, texts: Callable[[str], str | None]) -> None:
        """Count.

        Args:
            site: The site.
            layout: Its layout: what its builder understands.
            texts: Source text of a page by path.

        """
        self.site = site
        self.layout = layout
        self.texts = texts
        self.by_page: dict[str, Counter[str]] = {}
        self.attributes: dict[str, Counter[str]] = {}
        self.whole: Counter[str] = Counter()
        self.slashed = 0
        self.dotted = 0
        for link in site.corpus.links:
            key = self._key(link)
            if key:
                self.by_page.setdefault(link.path, Counter())[key] += 1
                self.whole[key] += 1
                if key == "markdown address":
                    self.slashed += 1 if link.raw.partition("#")[0].endswith("/") else -1
                elif key == "markdown file":
                    self.dotted += 1 if link.raw.startswith("./") else -1

    def _key(self, link: Link) -> str | None:
        """How a link is written; None where nothing can be learned from it."""
        raw = link.raw.partition("#")[0].strip()
        if link.target is None or link.block < 0 or not raw:
            return None
        if link.kind == "markdown":
            if raw.startswith(("http", "ref:", "@", ":")):
                return None
            if raw.startswith("/"):
                return None if _PAGE.search(raw) else "markdown address"
            return "markdown file" if _PAGE.search(raw) else None
        if link.kind == "wikilink":
            return "wikilink"
        if link.kind[:1].isupper() and link.kind not in _NO_PROSE and link.text:
            return self._component(link)
        return None

    def _component(self, link: Link) -> str | None:
        """A component whose attribute holds the target and that holds the text between its tags."""
        for item in self.site.corpus.documents[link.path].components:
            if (
                item.name == link.kind
                and (item.line, item.block, item.start) == (link.line, link.block, link.start)
                and item.start < item.end
            ):
                for attribute, value in item.attributes.items():
                    if value == link.raw and attribute not in ("href", "to"):
                        self.attributes.setdefault(link.kind, Counter())[attribute] += 1
                        return link.kind
        return None

    def of(self, path: str, target: Entity) -> Iterator[Notation]:
        """Ways to write a link from a page to an entity with a page: as the page mostly does, then as the site does, then any."""
        own = self.by_page.get(path, Counter())
        keys = sorted(own, key=lambda key: (-own[key], key)) + sorted(self.whole, key=lambda key: (-self.whole[key], key))
        keys += ["wikilink"] if self.layout.vault else ["markdown address" if self.layout.by_address else "markdown file"]
        for key in dict.fromkeys(keys):
            if key == "wikilink":
                yield from self._wikilinks(target)
            elif key == "markdown address":
                if target.href and not self.layout.by_file:
                    yield Notation(key, _markdown(self._address(target.href)))
            elif key == "markdown file":
                if not self.layout.by_address:
                    yield Notation(key, _markdown(self._file(path, target.path or "")))
            elif self._at_hand(key, path):
                yield Notation(key, _component(key, self.attributes[key].most_common(1)[0][0], target.id))

    def _address(self, href: str) -> str:
        return href if self.slashed >= 0 or href == "/" else href.rstrip("/")

    def _file(self, path: str, target: str) -> str:
        written = quote(posixpath.relpath(target, posixpath.dirname(path) or "."), safe=_SAFE)
        return f"./{written}" if self.dotted > 0 and not written.startswith("../") else written

    def _wikilinks(self, target: Entity) -> Iterator[Notation]:
        """By the name of the file, and by its path where that name may be another's."""
        inner = self.layout.inner(target.path or "").rsplit(".", 1)[0]
        for name in dict.fromkeys((inner.rsplit("/", 1)[-1], inner)):
            if not _FORBIDDEN.search(name):
                yield Notation(f"wikilink {name}", _wikilink(name, text_first=self.layout.text_first))

    def _at_hand(self, name: str, path: str) -> bool:
        """Whether a page can use a component: it imports it, or nobody has to."""
        users = [page for page, keys in self.by_page.items() if name in keys]
        needed = any(_imports(self.texts(page) or "", name) for page in users[:5])
        return path.endswith(".mdx") and (not needed or _imports(self.texts(path) or "", name))


def _imports(text: str, name: str) -> bool:
    return bool(re.search(rf"^import\b[^;'\"]*\b{re.escape(name)}\b[^;'\"]*\bfrom\b", text, re.M))


def _markdown(address: str) -> Callable[[str, bool], str | None]:
    return lambda text, _table: None if re.search(r"[\[\]]", text) else f"[{text}]({address})"


def _wikilink(name: str, *, text_first: bool) -> Callable[[str, bool], str | None]:
    def write(text: str, table: bool) -> str | None:
        if _FORBIDDEN.search(text):
            return None
        if text == name:
            return f"[[{name}]]"
        bar = "\\|" if table else "|"
        return f"[[{text}{bar}{name}]]" if text_first else f"[[{name}{bar}{text}]]"

    return write


def _component(name: str, attribute: str, entity_id: str) -> Callable[[str, bool], str | None]:
    if _FORBIDDEN.search(entity_id) or "&" in entity_id:
        return lambda _text, _table: None
    return lambda text, _table: f'<{name} {attribute}="{entity_id}">{text}</{name}>'
