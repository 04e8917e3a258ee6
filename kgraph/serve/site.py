"""One build, indexed for the server."""

from __future__ import annotations

import hashlib
import threading
from collections import Counter, defaultdict
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from msgspec import Struct

import kgraph
from kgraph.api import KnowledgeGraph
from kgraph.archive import read_corpus, read_texts
from kgraph.check import run_checks
from kgraph.diff import Difference, compare
from kgraph.errors import WorkspaceError
from kgraph.export.site import PageObjects
from kgraph.export.status import page_statuses
from kgraph.graph.measures import HubMeasure
from kgraph.graph.paths import Connections, find_paths, project_connections
from kgraph.model.corpus import Entity, Link, Page
from kgraph.model.document import Counts
from kgraph.model.finding import Finding
from kgraph.rank.rankings import RelatedItem
from kgraph.rdf.terms import Minter
from kgraph.search import Search
from kgraph.serve.cache import PageCache
from kgraph.serve.statements import Statements
from kgraph.workspace import Generation

__all__ = ["Community", "Site", "entity_url", "identity_of"]

_DOTS = (".", "..")
_SAFE = "/-._~!$'()*+,;=:@"


@lru_cache(50_000)
def entity_url(kind: str, entity_id: str) -> str:
    """Path of a page of the explorer about an entity.

    Browsers walk up at ``..`` and drop ``.``, so the slashes of an id that has such parts are written out, and one that is such a part
    gets a slash.

    >>> entity_url("entity", "risks/a b?"), entity_url("entity", "../a"), entity_url("entity", "..")
    ('/entity/risks/a%20b%3F', '/entity/..%2Fa', '/entity/..%2F')
    """
    entity_id = f"{entity_id}/" if entity_id in _DOTS else entity_id
    safe = _SAFE.replace("/", "") if {".", "..", ""} & set(entity_id.split("/")) else _SAFE
    return f"/{kind}/{quote(entity_id.encode('utf-8', 'replace'), safe=safe)}"


class Community(Struct, frozen=True):
    """Entities that are joined more closely among themselves than to others."""

    number: int
    """0 for the largest; another one in the next build."""
    members: list[str]
    """Ids by importance; the first one names the community in addresses."""


class Site:
    """One build with the look-ups that pages and API need.

    What every page needs is read at once, so that the build may be removed meanwhile; findings and changes are computed when
    they are asked for first, or ahead by :meth:`warm`.
    """

    def __init__(self, kg: KnowledgeGraph) -> None:
        """Read the build.

        Raises:
            WorkspaceError: it is not ranked or damaged.

        """
        self.kg = kg
        self.entities = kg.head.entities
        self.pages = kg.head.pages
        self.measures = kg.rankings.measures
        self.types = kg.types
        self.counts = kg.stats()
        self.minter = Minter(kg.head.base_iri)
        self.build = _build_name(kg.generation)
        self.etag = f'W/"{self.build}"'
        self.order = sorted(self.entities, key=lambda entity_id: (-self.measures[entity_id].pagerank, entity_id))
        self.standing = {entity_id: place for place, entity_id in enumerate(self.order, 1)}
        self.by_type = self._grouped(lambda entity: (entity.type,))
        by_size = sorted(self.by_type, key=lambda kind: (-len(self.by_type[kind]), kind))
        self.type_rank = {kind: place for place, kind in enumerate(by_size)}
        self.by_tag = self._grouped(lambda entity: entity.tags)
        self.site_url = kg.config.pages.site_url
        self.statements = Statements(kg.statements, kg.config.relation_vocabulary())
        texts = read_texts(kg.generation)
        self.search = Search(self.entities, {page.entity: texts[path] for path, page in self.pages.items() if path in texts}, self.standing)
        self.cache = PageCache()
        self.answers = PageCache()
        self._hrefs = {_route(entity.href): entity.id for entity in reversed(list(self.entities.values())) if entity.href}
        self._lock, self._explaining = threading.RLock(), threading.Lock()
        _ = kg.scores

    def _grouped(self, keys: Any) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for entity_id in self.order:
            for key in dict.fromkeys(keys(self.entities[entity_id])):
                found[key].append(entity_id)
        return dict(found)

    # -- finding entities ------------------------------------------------------------------------

    def find(self, entity_id: str) -> Entity | None:
        """The entity with this very id, as it stands in an address (see :func:`entity_url`), or None."""
        return self.entities.get(entity_id[:-1] if entity_id[:-1] in _DOTS and entity_id[-1:] == "/" else entity_id)

    def find_by_name(self, name: str) -> str | None:
        """Id of the only entity that goes by a title or alias, or None. Looks at names only, never at files."""
        found = self.search.named(name)
        return found[0] if len(found) == 1 else None

    def find_by_href(self, path: str) -> str | None:
        """Id of the entity whose page has this path on the site, or None."""
        return self._hrefs.get(_route(path))

    def find_by_place(self, place: str) -> Entity | None:
        """The entity whose page is the file of ``path:line``, or None."""
        page = self.pages.get(place.rpartition(":")[0] or place)
        return self.entities[page.entity] if page else None

    def closest(self, name: str) -> list[str]:
        """Ids of up to 5 entities with the most similar names, best first."""
        return self.search.closest(name)

    # -- what is known about one -----------------------------------------------------------------

    def backlinks(self, entity_id: str) -> list[Link]:
        """The first link of each page that links to the entity, pages with the highest PageRank first."""
        found = self.statements.links_to.get(entity_id, {})
        return [found[source] for source in sorted(found, key=lambda source: self.standing[source])]

    @cached_property
    def _statuses(self) -> dict[str, dict[str, Any]]:
        """Status of each page, by id."""
        config = self.kg.config
        return page_statuses(
            self.entities, self.pages.values(), config.check.expected, stale_days=config.status.stale_days, as_of=config.status.as_of
        )

    def page_object(self, entity_id: str) -> dict[str, Any]:
        """What the export for a site build says about an entity, in the same words; one without a page has null as its path."""
        links = tuple(self.statements.links_to.get(entity_id, {}).values())
        items = self.kg.rankings.related.get(entity_id, ())
        near = {entity_id, *(link.source for link in links), *(item.id for item in items)}
        objects = PageObjects(
            {other: self.entities[other] for other in near}, {"": _page_of(entity_id)}, links, self.kg.rankings, self.types,
            top=self.kg.config.lists.top, backlinks=self.kg.config.lists.backlinks, statuses=self._statuses,
        )  # fmt: skip
        return dict(objects)[entity_id]

    def related(self, entity_id: str, k: int, *, unlinked: bool) -> list[RelatedItem]:
        """The ``k`` most related entities with their reasons.

        Reasons of items beyond the list of the build are computed while the build is there; one that was removed meanwhile gives
        those items without reasons.
        """
        with self._explaining:
            try:
                return self.kg.related_items(entity_id, k, unlinked=unlinked)
            except WorkspaceError:
                return self.kg.related_items(entity_id, k, unlinked=unlinked, explain=False)

    def address(self, entity: Entity) -> str | None:
        """Address of the page of an entity on its site, or None when that is not known in full."""
        if entity.href is None or "://" in entity.href:
            return entity.href
        return f"{self.site_url.rstrip('/')}/{entity.href.lstrip('/')}" if self.site_url else None

    # -- the whole ---------------------------------------------------------------------------------

    def hubs(self, k: int, *, by: HubMeasure = "pagerank", kind: str | None = None) -> list[dict[str, Any]]:
        """The ``k`` leading entities by a measure."""
        if by != "betweenness":
            return self.kg.hub_rows(k, by=by, type=kind)
        rows = [row for row in self._betweenness if kind is None or row["type"] == kind]
        return [{**row, "rank": rank} for rank, row in enumerate(rows[:k], 1)]

    @property
    def _betweenness(self) -> list[dict[str, Any]]:
        with self._lock:
            return self._all_betweenness

    @cached_property
    def _all_betweenness(self) -> list[dict[str, Any]]:
        return self.kg.hub_rows(len(self.entities), by="betweenness")

    @cached_property
    def communities(self) -> list[Community]:
        """All communities, the largest first."""
        found: dict[int, list[str]] = defaultdict(list)
        for entity_id in self.order:
            found[self.measures[entity_id].community].append(entity_id)
        return [Community(number, found[number]) for number in sorted(found)]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All that the checks find.

        Raises:
            WorkspaceError: the build was removed before anybody asked.

        """
        with self._lock:
            return self._all_findings

    @cached_property
    def _all_findings(self) -> tuple[Finding, ...]:
        return run_checks(read_corpus(self.kg.generation), self.kg.config)

    @property
    def changes(self) -> Difference | None:
        """What differs from the build before this one; None when that is gone."""
        with self._lock:
            return self._all_changes

    @cached_property
    def _all_changes(self) -> Difference | None:
        before = previous_of(self.kg.generation)
        return compare(before, self.kg.generation.folder) if before is not None else None

    @cached_property
    def findings_by_rule(self) -> Counter[str]:
        """How many findings each rule has."""
        return Counter(item.rule for item in self.findings)

    @cached_property
    def findings_by_path(self) -> dict[str, list[Finding]]:
        """Findings of each file."""
        found: dict[str, list[Finding]] = defaultdict(list)
        for item in self.findings:
            found[item.path].append(item)
        return dict(found)

    def paths(self, source: str, target: str, count: int = 3) -> list[list[str]]:
        """Ways from one entity to another; see :func:`kgraph.graph.paths.find_paths`."""
        with self._lock:
            graph = self._connections
        return find_paths(graph, source, target, count=count)

    @cached_property
    def _connections(self) -> Connections:
        stated = self.kg.statements
        return project_connections(self.entities, stated.links, stated.relations, stated.mentions)

    def warm(self) -> None:
        """Compute what takes long, so that no reader waits for it.

        Raises:
            WorkspaceError: the build was removed meanwhile.

        """
        with self._lock:
            _ = self._connections, self._all_findings, self._all_changes


def previous_of(generation: Generation) -> Path | None:
    """Folder of the build before a build, or None when it is gone."""
    try:
        numbers = [int(entry.name) for entry in generation.folder.parent.iterdir() if entry.name.isdigit()]
    except OSError:
        return None
    before = [number for number in numbers if number < generation.number]
    return generation.folder.parent / str(max(before)) if before else None


def identity_of(generation: Generation) -> tuple[str, int, int]:
    """What tells one build from another, also where a workspace was removed and made anew."""
    try:
        status = generation.folder.stat()
    except OSError:
        return (str(generation.folder), 0, 0)
    return (str(generation.folder), status.st_ino, status.st_mtime_ns)


def _build_name(generation: Generation) -> str:
    told = f"{generation.number} {identity_of(generation)[1:]} {kgraph.__version__}"
    return f"{generation.number}-{hashlib.sha256(told.encode()).hexdigest()[:12]}"


def _page_of(entity_id: str) -> Page:
    """A page of which only is known whose it is: all that the export asks of a page."""
    return Page(entity_id, "", "", "", "", None, None, Counts(), 0, 0, 0)


def _route(href: str) -> str:
    return unquote(href.split("#")[0].split("?")[0]).strip("/")
