"""What the checks look at: a corpus, its settings, and a few views of them that several checks need."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from kgraph.config import Config
from kgraph.ingest.discover import SourceTree
from kgraph.model.corpus import Corpus, Entity, Relation
from kgraph.model.relations import RelationVocabulary

__all__ = ["Site", "declared"]

_INDEX_NAMES = frozenset(("index", "_index", "readme"))


class Site:
    """A corpus with its settings; the corpus is frozen, so no view goes stale."""

    def __init__(self, corpus: Corpus, config: Config, tree: SourceTree | None = None) -> None:
        """Keep what was ingested, the settings, and the folder it came from; checks of other files find nothing without that folder."""
        self.corpus = corpus
        self.config = config
        self.tree = tree

    @cached_property
    def relations(self) -> RelationVocabulary:
        """Relations in force."""
        return self.config.relation_vocabulary()

    @cached_property
    def page_of(self) -> dict[str, str]:
        """Id of the entity with a page, for each entity that a page stands for.

        An entity with a page stands for itself. One without is stood for by the page at its address, else by the only page
        that states to be about it.
        """
        entities = self.corpus.entities
        pages = {entity.id: entity.id for entity in entities.values() if not entity.stub}
        by_address = {_address(entity.href): entity.id for entity in entities.values() if not entity.stub and entity.href}
        about: dict[str, set[str]] = defaultdict(set)
        for item in self.corpus.relations:
            if item.target is not None and item.source in pages and not declared(item):
                about[item.target].add(item.source)
        for entity in entities.values():
            if entity.stub:
                found = by_address.get(_address(entity.href)) if entity.href else None
                only = about.get(entity.id, set())
                found = found or (next(iter(only)) if len(only) == 1 else None)
                if found:
                    pages[entity.id] = found
        return pages

    @cached_property
    def by_name(self) -> bool:
        """Whether any link of the site goes by a name, so that two things of one name make links ambiguous."""
        return any(link.by_name for link in self.corpus.links)

    @cached_property
    def linked(self) -> frozenset[tuple[str, str]]:
        """Pairs (source, target) of entities joined by a link; both the entities as meant and the pages that stand for them."""
        pairs: set[tuple[str, str]] = set()
        for link in self.corpus.links:
            if link.target is not None:
                source = self.page_of.get(link.source, link.source)
                pairs.add((source, link.target))
                pairs.add((source, self.page_of.get(link.target, link.target)))
        return frozenset(pair for pair in pairs if pair[0] != pair[1] and self.page_of.get(pair[1]) != pair[0])

    def is_index(self, entity: Entity) -> bool:
        """Whether the page of an entity is an index page: the home page, or the page of a folder."""
        path = entity.path or ""
        return entity.type == "index" or _address(entity.href) == "" or path.rsplit("/", 1)[-1].rsplit(".", 1)[0].lower() in _INDEX_NAMES


def declared(item: Relation) -> bool:
    """Whether a person states the relation; one that only ties a page to the catalog row that it shows is not."""
    return not (item.key.startswith("<") or (item.name == "about" and item.key == "path"))


def _address(href: str | None) -> str:
    return (href or "?").strip("/")
