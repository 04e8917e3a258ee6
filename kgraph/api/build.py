"""One build, opened: its parts, each read when it is asked for, and its entities by any of their names."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kgraph.archive import EntityFile, StatementFile, read_corpus, read_entities, read_findings, read_rankings, read_scores, read_statements
from kgraph.config import Config
from kgraph.errors import UnknownPageError
from kgraph.model.corpus import Corpus, Entity
from kgraph.model.finding import Finding
from kgraph.model.types import TypeVocabulary
from kgraph.rank.rankings import Rankings, ScoreTable
from kgraph.workspace import Generation

if TYPE_CHECKING:
    import pyoxigraph as ox

__all__ = ["Build"]


class Build:
    """What one build made, read when it is asked for.

    It goes on reading the build it was opened on, also when a newer one takes its place.
    """

    def __init__(self, generation: Generation) -> None:
        """Open a generation; nothing is read yet."""
        self.generation = generation

    # -- parts, each read once -------------------------------------------------------------------

    @cached_property
    def config(self) -> Config:
        """Settings of the build."""
        return self.generation.read("config.msgpack", Config)

    @cached_property
    def head(self) -> EntityFile:
        """Entities and pages."""
        return read_entities(self.generation)

    @cached_property
    def statements(self) -> StatementFile:
        """Links, relations, mentions, citations."""
        return read_statements(self.generation)

    @cached_property
    def rankings(self) -> Rankings:
        """Related lists and measures."""
        return read_rankings(self.generation)

    @cached_property
    def scores(self) -> ScoreTable:
        """The long ranking of every entity."""
        return read_scores(self.generation, tuple(self.head.entities))

    @cached_property
    def corpus(self) -> Corpus:
        """Everything that was ingested."""
        return read_corpus(self.generation)

    @cached_property
    def store(self) -> ox.Store:
        """The SPARQL store, for reading."""
        from kgraph.rdf.store import open_store

        return open_store(self.generation.folder / "store")

    @cached_property
    def types(self) -> TypeVocabulary:
        """Types in force."""
        return self.config.type_vocabulary()

    @cached_property
    def _explainer(self) -> Any:
        from kgraph.archive import read_learned
        from kgraph.rank.stage import explainer

        return explainer(self.corpus, self.config, read_learned(self.generation))

    @cached_property
    def _linked(self) -> frozenset[tuple[str, str]]:
        return frozenset((link.source, link.target) for link in self.statements.links if link.target is not None)

    def stats(self) -> dict[str, Any]:
        """Counts of the build; the keys are those of ``kgraph stats --format json``.

        >>> kg.stats()["dead_links"]
        2
        """
        return self.generation.read("stats.msgpack", dict)

    def findings(self) -> tuple[Finding, ...]:
        """What was wrong in the input, sorted by path and line; :meth:`check` finds more."""
        return read_findings(self.generation)

    # -- finding entities ------------------------------------------------------------------------

    def entity_id(self, name: str) -> str:
        """Id of the entity that goes by an id, a title, an alias or a source path.

        Raises:
            UnknownPageError: there is none; the error lists the closest names.

        """
        from kgraph.ingest.resolve import Resolver

        entities = self.head.entities
        if name in entities:
            return name
        resolver = Resolver(entities, {}, "")
        found = resolver.name(name)
        if found.status == "found" and found.target is not None and not found.moved:
            return found.target
        if found.status == "ambiguous":
            raise UnknownPageError(name, found.candidates)
        by_path = self._by_path(name)
        if by_path:
            return by_path
        close = _closest(name, entities)
        raise UnknownPageError(name, close or _closest(name, entities, least=0.0)[:3], likely=bool(close))

    def _by_path(self, name: str) -> str | None:
        """Id of the page at a path: relative to the source folder, to the working directory, or a tail of it."""
        from kgraph.pipeline import Inputs

        pages = self.head.pages
        given = name.replace("\\", "/").removeprefix("./")
        if given in pages:
            return pages[given].entity
        root = Path(self.generation.read("inputs.msgpack", Inputs).source)
        try:
            inner = Path(name).resolve().relative_to(root).as_posix()
        except (ValueError, OSError):
            inner = ""
        if inner in pages:
            return pages[inner].entity
        tails = [page.entity for path, page in pages.items() if path.endswith("/" + given) or path.rsplit(".", 1)[0].endswith("/" + given)]
        return tails[0] if len(tails) == 1 else None

    def get_entity(self, name: str) -> Entity:
        """The entity that goes by a name; see :meth:`entity_id`."""
        return self.head.entities[self.entity_id(name)]


def _closest(name: str, entities: dict[str, Entity], least: float = 0.5) -> tuple[str, ...]:
    import difflib

    names: dict[str, str] = {}
    for entity in entities.values():
        for known in (entity.id, entity.title, *entity.aliases):
            names.setdefault(known.casefold(), entity.id)
    close = difflib.get_close_matches(name.casefold(), names, n=6, cutoff=least)
    found = [names[match] for match in close]
    found += [entity_id for known, entity_id in sorted(names.items()) if name.casefold() in known]
    return tuple(dict.fromkeys(found))[:5]
