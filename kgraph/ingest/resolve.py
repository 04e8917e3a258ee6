"""From what an author wrote to the one entity that is meant, or to the reason why there is none."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Literal
from urllib.parse import unquote, urlsplit

from msgspec import Struct, structs

from kgraph.ingest.layouts.base import Fragments
from kgraph.ingest.readers.wikinames import wiki_title
from kgraph.model.corpus import Entity
from kgraph.model.text import fold

__all__ = ["Resolution", "Resolver", "first_language", "page_route"]

Status = Literal["found", "dead", "ambiguous", "external", "asset", "self"]

_BY_NAME = "ref:"
"""Scheme under which readers hand on the target of a cross reference by name."""
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_PAGE_ENDING = re.compile(r"\.(?:mdx?|markdown|mdown|mkd|mdwn|rst|rest|x?html?|php|aspx?)$", re.I)
_ENDING = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,6}$")
_INDEX = re.compile(r"(?:^|/)(?:_?index|readme)$", re.I)


class Resolution(Struct, frozen=True):
    """What a target as written means."""

    status: Status
    target: str | None = None
    """Id of the entity, when found."""
    fragment: str = ""
    """Fragment named by the target, decoded, without ``#``."""
    candidates: tuple[str, ...] = ()
    """Ids that fit, when ambiguous."""
    moved: bool = False
    """Whether the path as written does not exist, and only its last part or an address of the site was recognised."""
    redirected: bool = False
    """Whether the address as written is a former one, which sends the reader on."""
    text: str = ""
    """How a reference without text of its own reads, where that is not the title of its page."""
    turned: bool = False
    """Whether what was written as the target is the text, :attr:`text`, and what was written as the text is the target."""
    address: str = ""
    """Address that an external target stands for, where it is not written in full."""


def first_language(entity: Entity, entities: Mapping[str, Entity]) -> list[str]:
    """Paths at which a page would lie in the first language: that of the page it translates, and its own without the folder."""
    if not entity.language or not entity.path:
        return []
    translated = entities[entity.variant_of].path if entity.variant_of else None
    before, folder, after = f"/{entity.path}".partition(f"/{entity.language}/")
    return [path for path in (translated, f"{before}/{after}".lstrip("/") if folder else None) if path]


def page_route(path: str, page_root: str) -> str:
    """Route of a page: its path below the page root without ending and ``index``.

    >>> page_route("docs/guide/index.mdx", "docs"), page_route("docs/a/b.md", "docs"), page_route("index.md", "")
    ('guide', 'a/b', '')
    """
    inner = path[len(page_root) + 1 :] if page_root else path
    stem = inner.rsplit(".", 1)[0]
    return _INDEX.sub("", stem)


class Resolver:
    """Index of all the names an entity goes by, strongest kind of name first."""

    def __init__(
        self,
        entities: Mapping[str, Entity],
        routes: Mapping[str, str],
        page_root: str,
        site_url: str | None = None,
        addresses: Mapping[str, str] | None = None,
        site_folder: str = "",
        by_file: bool = False,
    ) -> None:
        """Index ``entities``.

        Args:
            entities: All entities by id.
            routes: Id of the page at each route.
            page_root: Folder that the routes start from.
            site_url: Address of the site.
            addresses: Address that the site serves each page at, by path, where it is not the route.
            site_folder: Folder of the settings of the site, which ``@site/`` stands for.
            by_file: Whether the site builder knows no relative links but those to files.

        """
        self.entities = entities
        self.routes = dict(routes)
        self.page_root = page_root
        self.site_url = site_url.rstrip("/") if site_url else None
        self.site_path = urlsplit(self.site_url).path if self.site_url else ""
        self.addresses = addresses or {}
        self.site_folder = site_folder
        self.text_first = False
        """Whether a wikilink is written ``[[text|page]]``."""
        self.cross: Callable[[str, str], Resolution] | None = None
        """Says where a cross reference, ``:role:target``, of the page at a path leads."""
        self.made: Callable[[str], bool] | None = None
        """Says which addresses the site builder serves that no file stands for."""
        self.by_file = by_file
        self.by_address = False
        """Whether the site builder leaves relative links as they are written."""
        self.by_label = False
        """Whether a Markdown link may name a label or a thing."""
        self.vault = False
        """Whether pages are notes, which name headings by their text."""
        self.fragments: Fragments = "github"
        """Whether headings get their fragments from Python-Markdown."""
        self.falls_back = False
        """Whether what a translation links and lacks is that of the first language."""
        self.former: set[str] = set()
        """Former routes, and paths of files that only send the reader on."""
        self.away: dict[str, str] = {}
        """Addresses of other sites, by the former routes that lead to them."""
        self.paths = {entity.path: entity.id for entity in entities.values() if entity.path}
        self._folded_routes: dict[str, set[str]] = {}
        self._suffixes: dict[str, set[str]] = {}
        self._names: dict[str, set[str]] = {}
        self._ids: dict[str, set[str]] = {}
        self._numbers: dict[str, set[str]] = {}
        self._aliases: dict[str, set[str]] = {}
        self._titles: dict[str, str] = {}
        for route, entity_id in self.routes.items():
            self._index_route(route, entity_id)
        for index in (self.paths, self.routes):
            for name in sorted(index):
                index.setdefault(_composed(name), index[name])
        for entity in entities.values():
            self._add(self._ids, fold(entity.id), entity.id)
            self._add(self._names, fold(entity.title), entity.id)
            self._titles.setdefault(wiki_title(entity.title), entity.id)
            for alias in entity.aliases:
                self._add(self._aliases, fold(alias), entity.id)
            for fact in entity.facts:
                if fact.key in ("numericId", "numeric_id", "entityNumber"):
                    self._add(self._numbers, fold(fact.value), entity.id)

        for path, address in self.addresses.items():
            if path in self.paths:
                self.serve(_clean(_composed(unquote(address))), self.paths[path])
        for path, address in self.addresses.items():
            if path in self.paths and self.site_path and address.startswith(f"{self.site_path}/"):
                self.serve(_clean(_composed(unquote(address[len(self.site_path) :]))), self.paths[path])

    def redirect(self, route: str, entity_id: str) -> None:
        """Let a former route of a page lead to it."""
        former = _clean(_composed(route))
        if self.serve(former, entity_id):
            self.former.add(former)

    def send_away(self, route: str, address: str) -> None:
        """Let a former route lead to another site."""
        self.away.setdefault(_clean(_composed(route)), address)

    def serve(self, route: str, entity_id: str) -> bool:
        """Let a route lead to an entity; False where it leads to one already."""
        if route in self.routes:
            return False
        self.routes[route] = entity_id
        self._add(self._folded_routes, fold(route), entity_id)
        return True

    def stub(self, path: str, routes: Iterable[str], entity_id: str, title: str | None = None) -> None:
        """Let a file that only sends the reader on lead to an entity, by its path, its addresses and its title."""
        self.former.add(_composed(path))
        self.paths.setdefault(_composed(path), entity_id)
        if title:
            self._titles.setdefault(wiki_title(title), entity_id)
        for route in routes:
            self.redirect(route, entity_id)

    def _index_route(self, route: str, entity_id: str) -> None:
        parts = fold(route).split("/")
        self._add(self._folded_routes, "/".join(parts), entity_id)
        path = self.entities[entity_id].path
        if path and _INDEX.search(path.rsplit(".", 1)[0]):
            return
        for start in range(len(parts)):
            self._add(self._suffixes, "/".join(parts[start:]), entity_id)

    @staticmethod
    def _add(index: dict[str, set[str]], key: str, entity_id: str) -> None:
        if key:
            index.setdefault(key, set()).add(entity_id)

    # -- kinds of reference ----------------------------------------------------------------------

    def name(self, written: str) -> Resolution:
        """Resolve an id, numeric id, slug, path, route, title or alias: what components, catalogs and people write.

        A path whose folders do not exist (the page moved) is resolved by its last part, and marked as ``moved``.
        """
        raw = written.strip()
        base, _, fragment = raw.partition("#")
        if fragment or base != raw:
            whole = self._first((self._ids.get(fold(raw)), self._names.get(fold(raw)), self._aliases.get(fold(raw))), "")
            if whole.status != "dead":
                return whole
        fragment = unquote(fragment)
        if not base:
            return Resolution("dead", None, fragment)
        if base in self.entities:
            return Resolution("found", base, fragment)
        if _SCHEME.match(base) and "://" in base:
            return self.href(raw, "")
        place = _composed(base)
        if place in self.paths:
            return Resolution("found", self.paths[place], fragment)
        cleaned = _clean(place.removeprefix("__index__/"))
        if base.startswith(("__index__", "/")) and cleaned in self.routes:
            return Resolution("found", self.routes[cleaned], fragment)
        if cleaned in self.entities:
            return Resolution("found", cleaned, fragment)
        if cleaned in self.routes:
            return Resolution("found", self.routes[cleaned], fragment)
        folded = fold(cleaned)
        found = self._first(
            (self._ids.get(folded), self._numbers.get(folded), self._folded_routes.get(folded), self._suffixes.get(folded),
             self._names.get(fold(base)), self._aliases.get(fold(base))),
            fragment,
        )  # fmt: skip
        if found.status != "dead" or "/" not in cleaned or base.startswith("__index__"):
            return found
        last = fold(cleaned.rsplit("/", 1)[1])
        found = self._first((self._ids.get(last), self._suffixes.get(last)), fragment)
        return structs.replace(found, moved=True) if found.status == "found" else Resolution("dead", None, fragment)

    def wikilink(self, written: str, from_path: str, text: str = "") -> Resolution:
        """Resolve ``[[target]]`` or ``[[target|text]]``: note name or path in any letter case, alias, title."""
        if self.text_first and text and text != written:
            turned = self.wikilink(text, from_path)
            if turned.status != "dead":
                return structs.replace(turned, text=" ".join(written.split()), turned=True)
        base, _, fragment = written.partition("#")
        base, fragment = base.strip(), unquote(fragment.strip())
        if not base:
            return Resolution("self", None, fragment)
        if base.startswith(("./", "../")):
            return self.href(written, from_path)
        exact = self.paths.get(_composed(base))
        if exact is not None:
            return Resolution("found", exact, fragment)
        folded = fold(_clean(unquote(base) if "%" in base else base))
        nearest = self._suffixes.get(folded)
        found = self._first(
            (self._folded_routes.get(folded), nearest, self._ids.get(folded), self._names.get(fold(base)),
             self._aliases.get(fold(base)), self._numbers.get(folded)),
            fragment,
        )  # fmt: skip
        if found.status == "ambiguous":
            beside = posixpath.dirname(from_path)
            near = [one for one in found.candidates if posixpath.dirname(self.entities[one].path or "/") == beside]
            if len(near) == 1:
                return Resolution("found", near[0], fragment, moved=True)
        if found.status == "dead" and _ENDING.search(base) and not _PAGE_ENDING.search(base):
            return Resolution("asset")
        return found

    def title(self, written: str) -> Resolution:
        """Resolve ``[[target]]`` of wikitext: a title, exactly but for the case of its first letter."""
        base, _, fragment = written.partition("#")
        title = wiki_title(base)
        if not title:
            return Resolution("self", None, fragment)
        found = self._titles.get(title)
        return Resolution("found", found, fragment) if found else Resolution("dead", None, fragment)

    def link(self, written: str, from_path: str) -> Resolution:
        """Resolve the target of a Markdown link; ``moved`` when the address of a page makes it good where a file should."""
        found = self.href(written, from_path)
        if not self.by_file or found.status != "found" or _SCHEME.match(written.strip()) or written.strip().startswith("/"):
            return found
        path = re.split(r"[?#]", written.strip(), maxsplit=1)[0]
        for start in (from_path, *self._first_language(from_path)):
            if posixpath.normpath(posixpath.join(posixpath.dirname(_composed(start)), _composed(unquote(path)))) in self.paths:
                return found
        return structs.replace(found, moved=True)

    def href(self, written: str, from_path: str) -> Resolution:
        """Resolve the target of a Markdown link or an ``href``, relative to the page that holds it."""
        target = written.strip()
        if self.site_url and (target == self.site_url or target.startswith((self.site_url + "/", self.site_url + "#"))):
            target = target[len(self.site_url) :] or "/"
        if target.startswith(_BY_NAME):
            return self.by_name(unquote(target[len(_BY_NAME) :]), from_path)
        if self.cross and target.startswith(":"):
            return self.cross(target, from_path)
        if target.startswith("@site/"):
            return self._file(posixpath.join(self.site_folder, target[6:]))
        if target.startswith("//") or _SCHEME.match(target):
            return Resolution("external")
        if not target:
            return Resolution("self")
        try:
            parts = urlsplit(target)
        except ValueError:
            return Resolution("dead")
        path, fragment = _composed(unquote(parts.path)), unquote(parts.fragment)
        if not path:
            return Resolution("self", None, fragment)
        found = self._route(path) if path.startswith("/") else self._relative(path, from_path)
        if found is None and not path.startswith("/"):
            found = next((led for first in self._first_language(from_path) if (led := self._relative(path, first))), None)
        if found:
            return structs.replace(found, fragment=fragment)
        if path.startswith("/") and (address := self.away.get(_clean(path))):
            return Resolution("external", address=address)
        if self.by_label and self.cross and "/" not in path and not _PAGE_ENDING.search(path):
            return self.cross(f":any:{target}", from_path)
        if _ENDING.search(path) and not _PAGE_ENDING.search(path):
            return Resolution("asset")
        if self.made and path.startswith("/") and self.made(path):
            return Resolution("external")
        folded = fold(_clean(path)) if path.startswith("/") else ""
        meant = self._first((self._folded_routes.get(folded),), fragment)
        served = self.entities[meant.target].href if meant.target else None
        return meant if not served or _clean(unquote(served)) == _clean(path) else structs.replace(meant, moved=True)

    def by_name(self, written: str, from_path: str) -> Resolution:
        """Resolve what ``ref`` of Hugo and ``link`` of Jekyll name: a path from the page, from the top, or a file name alone."""
        base, _, fragment = written.strip().partition("#")
        if not base:
            return Resolution("self", None, fragment)
        near = self._route(base) if base.startswith("/") else self._relative(base, from_path)
        return structs.replace(near, fragment=fragment) if near else self.wikilink(f"{base.strip('/')}#{fragment}", from_path)

    def _file(self, written: str) -> Resolution:
        """Resolve the path of a file from the top of SOURCE."""
        path, _, fragment = unquote(written).partition("#")
        found = self.paths.get(_composed(posixpath.normpath(path)))
        return Resolution("found", found, fragment) if found else Resolution("asset" if not _PAGE_ENDING.search(path) else "dead")

    # -- helpers ---------------------------------------------------------------------------------

    def _found(self, index: Mapping[str, str], place: str) -> Resolution | None:
        """What is at an address or path."""
        target = index.get(place)
        return None if target is None else Resolution("found", target, redirected=place in self.former)

    def _route(self, path: str) -> Resolution | None:
        found = self._found(self.routes, _clean(path)) or self._found(self.paths, path.lstrip("/"))
        if found is None and self.site_path and path.startswith(self.site_path + "/"):
            return self._found(self.routes, _clean(path[len(self.site_path) :]))
        return found

    def _first_language(self, path: str) -> list[str]:
        """Paths at which a page would lie in the first language; none for a page of that, and where nothing falls back on it."""
        own = self.entities.get(self.paths.get(_composed(path), "")) if self.falls_back else None
        return first_language(own, self.entities) if own else []

    def _relative(self, path: str, from_path: str) -> Resolution | None:
        """Relative to the file first; then relative to the address, where a page is a folder."""
        beside = posixpath.normpath(posixpath.join(posixpath.dirname(_composed(from_path)), path)).removeprefix("./")
        beside = "" if beside == "." else beside
        if beside in self.paths:
            return self._found(self.paths, beside)
        inner = beside[len(self.page_root) + 1 :] if self.page_root and beside.startswith(self.page_root + "/") else beside
        if not beside.startswith("..") and (self.page_root == "" or beside.startswith(self.page_root)):
            found = self._found(self.routes, _clean("" if beside == self.page_root else inner))
            if found:
                return found
        if _PAGE_ENDING.search(path):
            return None
        address = unquote(self.addresses.get(from_path) or f"/{page_route(from_path, self.page_root)}/")
        route = posixpath.normpath(posixpath.join(address.rpartition("/")[0] or "/", path))
        return self._found(self.routes, _clean(route))

    def _first(self, tiers: Iterable[set[str] | None], fragment: str) -> Resolution:
        """The entity of the first kind of name that fits any; several of one kind are ambiguous."""
        for tier in tiers:
            if tier:
                works = tier if len(tier) == 1 else {self.entities[one].variant_of or one for one in tier}
                if len(works) == 1:
                    return Resolution("found", next(iter(works)), fragment)
                return Resolution("ambiguous", None, fragment, tuple(sorted(tier)))
        return Resolution("dead", None, fragment)


def _composed(text: str) -> str:
    """Text in Unicode NFC: file systems and keyboards differ in how they write an accent."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _clean(path: str) -> str:
    """A route as :func:`page_route` writes it.

    >>> _clean("/a//b/index.html"), _clean("a/b/"), _clean("/")
    ('a/b', 'a/b', '')
    """
    path = _PAGE_ENDING.sub("", re.sub(r"/{2,}", "/", path).strip("/ "))
    return _INDEX.sub("", path).strip("/")
