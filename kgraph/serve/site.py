"""One build, indexed for the server; the build in use, changed for a newer one as soon as there is one."""

from __future__ import annotations

import difflib
import hashlib
import threading
import unicodedata
from collections import defaultdict
from typing import Any
from urllib.parse import quote, unquote

from msgspec import Struct

import kgraph
from kgraph.api import KnowledgeGraph
from kgraph.errors import WorkspaceError
from kgraph.export.site import backlinks_of, page_objects
from kgraph.graph.measures import HubMeasure
from kgraph.model.corpus import Entity, Link, Page
from kgraph.model.document import Counts
from kgraph.model.relations import RelationVocabulary
from kgraph.rank.rankings import RelatedItem
from kgraph.rdf.terms import Minter
from kgraph.workspace import Generation, Workspace

__all__ = ["RelationLine", "Site", "Sites", "entity_url"]

_LONGEST_NAME = 200


def entity_url(kind: str, entity_id: str) -> str:
    """Path of a page of the explorer about an entity.

    >>> entity_url("entity", "risks/a b?")
    '/entity/risks/a%20b%3F'
    """
    return f"/{kind}/{quote(entity_id.encode('utf-8', 'replace'), safe=_SAFE)}"


_SAFE = "/-._~!$'()*+,;=:@"


def fold(words: str) -> str:
    """Text for comparison: without case and accents."""
    plain = unicodedata.normalize("NFKD", words)
    return "".join(char for char in plain if not unicodedata.combining(char)).casefold()


class RelationLine(Struct, frozen=True):
    """A curated relation as read from one of its ends."""

    label: str
    other: str
    """Id of the entity at the other end."""
    outgoing: bool
    """Whether it is stated from this end."""
    name: str
    place: str
    """``path:line`` that states it."""


class Site:
    """One build with the look-ups that pages and API need; everything is read at once, so that it may be removed meanwhile."""

    def __init__(self, kg: KnowledgeGraph) -> None:
        """Read the build.

        Raises:
            WorkspaceError: it is not ranked or damaged.

        """
        self.kg = kg
        self.entities = kg.head.entities
        self.measures = kg.rankings.measures
        self.types = kg.types
        self.counts = kg.stats()
        self.minter = Minter(kg.head.base_iri)
        self.etag = _etag(kg.generation)
        self.order = sorted(self.entities, key=lambda entity_id: (-self.measures[entity_id].pagerank, entity_id))
        self.standing = {entity_id: place for place, entity_id in enumerate(self.order, 1)}
        self.by_type: dict[str, list[str]] = defaultdict(list)
        for entity_id in self.order:
            self.by_type[self.entities[entity_id].type].append(entity_id)
        _ = kg.scores, kg.config
        self.site_url = kg.config.pages.site_url
        self._links = backlinks_of(kg.statements.links)
        self._relations = _relations(kg, kg.config.relation_vocabulary())
        self._names = _names(self.entities)
        self._hrefs = {_route(entity.href): entity.id for entity in reversed(list(self.entities.values())) if entity.href}
        self._texts = {entity_id: _search_texts(entity) for entity_id, entity in self.entities.items()}
        self._lock = threading.Lock()
        self._betweenness: list[dict[str, Any]] | None = None

    def find(self, entity_id: str) -> Entity | None:
        """The entity with this very id, or None."""
        return self.entities.get(entity_id)

    def find_by_name(self, name: str) -> str | None:
        """Id of the only entity that goes by a title or alias, or None. Looks at names only, never at files."""
        found = self._names.get(fold(name), ())
        return found[0] if len(found) == 1 else None

    def find_by_href(self, path: str) -> str | None:
        """Id of the entity whose page has this path on the site, or None."""
        return self._hrefs.get(_route(path))

    def closest(self, name: str) -> list[str]:
        """Ids of up to 5 entities with the most similar names, best first."""
        wanted = fold(name)[:_LONGEST_NAME]
        tail = wanted.rstrip("/").rsplit("/", 1)[-1]
        close = difflib.get_close_matches(wanted, self._names, n=6, cutoff=0.5)
        close += difflib.get_close_matches(tail, self._names, n=3, cutoff=0.6) if tail != wanted else []
        found = [entity_id for match in close for entity_id in self._names[match]]
        return list(dict.fromkeys(found))[:5]

    def search(self, words: str, kind: str | None = None) -> list[str]:
        """Ids of the entities that hold all words in title, aliases, id, tags or summary, best first.

        Titles that begin with the words come first, then other names, then summaries; ties by PageRank.
        """
        wanted = fold(words)[:_LONGEST_NAME].split()
        pool = self.order if kind is None else self.by_type.get(kind, [])
        if not wanted:
            return list(pool)
        ranked = [(level, entity_id) for entity_id in pool if (level := _level(self._texts[entity_id], wanted)) is not None]
        return [entity_id for _, entity_id in sorted(ranked, key=lambda pair: pair[0])]

    def backlinks(self, entity_id: str) -> list[Link]:
        """The first link of each page that links to the entity, pages with the highest PageRank first."""
        found = self._links.get(entity_id, {})
        return [found[source] for source in sorted(found, key=lambda source: self.standing[source])]

    def relations(self, entity_id: str) -> list[RelationLine]:
        """Curated relations of the entity from either end; one that reads the same from both is told once."""
        return self._relations.get(entity_id, [])

    def page_object(self, entity_id: str) -> dict[str, Any]:
        """What the export for a site build says about an entity, in the same words; one without a page has null as its path."""
        links = tuple(self._links.get(entity_id, {}).values())
        items = self.kg.rankings.related.get(entity_id, ())
        near = {entity_id, *(link.source for link in links), *(item.id for item in items)}
        objects = page_objects(
            {other: self.entities[other] for other in near}, {"": _page_of(entity_id)}, links, self.kg.rankings, self.types,
            top=self.kg.config.lists.top, backlinks=self.kg.config.lists.backlinks,
        )  # fmt: skip
        return dict(objects)[entity_id]

    def related(self, entity_id: str, k: int, *, unlinked: bool) -> list[RelatedItem]:
        """The ``k`` most related entities with their reasons.

        Reasons of items beyond the list of the build are computed while the build is there; one that was removed meanwhile gives
        those items without reasons.
        """
        with self._lock:
            try:
                return self.kg.related_items(entity_id, k, unlinked=unlinked)
            except WorkspaceError:
                return self.kg.related_items(entity_id, k, unlinked=unlinked, explain=False)

    def hubs(self, k: int, *, by: HubMeasure = "pagerank", kind: str | None = None) -> list[dict[str, Any]]:
        """The ``k`` leading entities by a measure."""
        if by != "betweenness":
            return self.kg.hub_rows(k, by=by, type=kind)
        with self._lock:  # computed when first asked for
            if self._betweenness is None:
                self._betweenness = self.kg.hub_rows(len(self.entities), by=by)
        rows = [row for row in self._betweenness if kind is None or row["type"] == kind]
        return [{**row, "rank": rank} for rank, row in enumerate(rows[:k], 1)]

    def address(self, entity: Entity) -> str | None:
        """Address of the page of an entity on its site, or None when that is not known in full."""
        if entity.href is None or "://" in entity.href:
            return entity.href
        return f"{self.site_url.rstrip('/')}/{entity.href.lstrip('/')}" if self.site_url else None


class Sites:
    """The current build of a workspace. A new one is picked up by the next request; one that cannot be read is passed over."""

    def __init__(self, workspace: Workspace) -> None:
        """Open the current build.

        Raises:
            WorkspaceError: there is none, or it is damaged.

        """
        self.workspace = workspace
        self._lock = threading.Lock()
        generation = workspace.get_current()
        self._key = _identity(generation)
        self._site = Site(KnowledgeGraph(generation))

    def current(self) -> Site:
        """The site to answer from. While one request reads a new build, the others go on with the old one."""
        generation = self.workspace.find_current()
        if generation is None or _identity(generation) == self._key or not self._lock.acquire(blocking=False):
            return self._site
        try:
            self._key = _identity(generation)
            self._site = Site(KnowledgeGraph(generation))
        except WorkspaceError:
            pass  # ingested and not ranked yet, or replaced meanwhile: the old one stays in use
        finally:
            self._lock.release()
        return self._site


def _page_of(entity_id: str) -> Page:
    """A page of which only is known whose it is: all that the export asks of a page."""
    return Page(entity_id, "", "", "", "", None, None, Counts(), 0, 0, 0)


def _identity(generation: Generation) -> tuple[str, int, int]:
    """What tells one build from another, also where a workspace was removed and made anew."""
    try:
        status = generation.folder.stat()
    except OSError:
        return (str(generation.folder), 0, 0)
    return (str(generation.folder), status.st_ino, status.st_mtime_ns)


def _etag(generation: Generation) -> str:
    told = f"{generation.number} {_identity(generation)[1:]} {kgraph.__version__}"
    return f'W/"{generation.number}-{hashlib.sha256(told.encode()).hexdigest()[:12]}"'


def _relations(kg: KnowledgeGraph, vocabulary: RelationVocabulary) -> dict[str, list[RelationLine]]:
    found: dict[str, dict[tuple[str, str], RelationLine]] = defaultdict(dict)
    stated = [item for item in kg.statements.relations if item.target is not None and item.target != item.source]
    for item in stated:
        label, target, place = vocabulary.label(item.name), str(item.target), f"{item.path}:{item.line}"
        found[item.source].setdefault((label, target), RelationLine(label, target, True, item.name, place))
    for item in stated:
        label, target, place = vocabulary.inverse_label(item.name), str(item.target), f"{item.path}:{item.line}"
        found[target].setdefault((label, item.source), RelationLine(label, item.source, False, item.name, place))
    return {entity_id: list(lines.values()) for entity_id, lines in found.items()}


def _names(entities: dict[str, Entity]) -> dict[str, list[str]]:
    names: dict[str, dict[str, None]] = defaultdict(dict)
    for entity in entities.values():
        for name in (entity.id, entity.title, *entity.aliases):
            names[fold(name)][entity.id] = None
    return {name: list(ids) for name, ids in names.items()}


def _route(href: str) -> str:
    return unquote(href.split("#")[0].split("?")[0]).strip("/")


def _search_texts(entity: Entity) -> tuple[str, tuple[str, ...], str]:
    """Title; other names; everything together."""
    title, others = fold(entity.title), tuple(fold(name) for name in (*entity.aliases, entity.id))
    return title, others, " ".join((title, *others, *map(fold, entity.tags), fold(entity.summary or "")))


def _level(texts: tuple[str, tuple[str, ...], str], wanted: list[str]) -> int | None:
    """How well an entity fits the words, 0 best; None when it does not."""
    title, others, everything = texts
    if not all(word in everything for word in wanted):
        return None
    phrase = " ".join(wanted)
    if phrase in (title, *others):
        return 0
    if title.startswith(phrase):
        return 1
    padded = " " + title.replace("-", " ")
    if all(f" {word}" in padded for word in wanted):
        return 2
    if all(word in title for word in wanted):
        return 3
    return 4 if any(all(word in name for word in wanted) for name in others) else 5
