"""The Python interface: one object over one build, DataFrames and graphs out."""

from __future__ import annotations

from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from kgraph.archive import EntityFile, StatementFile, read_corpus, read_entities, read_findings, read_rankings, read_scores, read_statements
from kgraph.config import Config
from kgraph.errors import QueryError, UnknownPageError
from kgraph.graph.measures import HubMeasure
from kgraph.model.corpus import Corpus, Entity
from kgraph.model.finding import Finding
from kgraph.model.types import TypeVocabulary
from kgraph.rank.rankings import Rankings, RelatedItem, ScoreTable
from kgraph.workspace import Generation, Workspace

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd
    import pyoxigraph as ox
    import rdflib

    from kgraph.rdf.sparql import QueryResult
    from kgraph.render.inline import GraphPage

__all__ = ["KnowledgeGraph", "build_and_open", "open_workspace"]


class KnowledgeGraph:
    """What one build made, read when it is asked for.

    It goes on reading the build it was opened on, also when a newer one takes its place.
    """

    def __init__(self, generation: Generation) -> None:
        """Open a generation; nothing is read yet."""
        self.generation = generation

    def __repr__(self) -> str:
        counts = self.stats()
        return f"<KnowledgeGraph of {counts['pages']} pages, {counts['entities']} entities, {counts['links']} links>"

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
        raise UnknownPageError(name, _closest(name, entities))

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

    # -- related pages and hubs ------------------------------------------------------------------

    def related_items(self, name: str, k: int = 10, *, unlinked: bool = False, explain: bool = True) -> list[RelatedItem]:
        """The ``k`` most related entities, best first.

        Args:
            name: Id, title, alias or source path.
            k: How many at the most.
            unlinked: Only entities that the page does not link yet.
            explain: Whether items beyond the list of the build get their reasons too (that takes a second).

        """
        own = self.entity_id(name)
        known = {item.id: item for item in self.rankings.related.get(own, ())}
        entities = self.head.entities
        addresses = {entities[own].href} - {None}
        chosen: list[tuple[str, float]] = []
        for candidate, score in self.scores.candidates(own):
            if len(chosen) >= k:
                break
            href = entities[candidate].href
            if (unlinked and (own, candidate) in self._linked) or (href is not None and href in addresses):
                continue
            addresses.add(href)
            chosen.append((candidate, score))
        missing = [pair for pair in chosen if pair[0] not in known]
        if missing and explain:
            known.update({item.id: item for item in self._explainer.items(own, missing)})
        items = []
        for rank, (candidate, score) in enumerate(chosen, 1):
            item = known.get(candidate)
            reasons, label = (item.reasons, item.label) if item else ((), None)
            items.append(RelatedItem(candidate, score, rank, label, (own, candidate) in self._linked, reasons))
        return items

    def related(self, name: str, k: int = 10, *, unlinked: bool = False) -> pd.DataFrame:
        """The ``k`` most related entities as a DataFrame.

        Columns: ``rank``, ``id``, ``title``, ``type``, ``score`` in [0, 1), ``label`` (curated relation as read from the
        page, or None), ``linked`` (whether the page links there), ``why`` (strongest reason), ``href``.
        """
        import pandas as pd

        rows = [
            {
                "rank": item.rank, "id": item.id, "title": self.head.entities[item.id].title, "type": self.head.entities[item.id].type,
                "score": item.score, "label": item.label, "linked": item.linked,
                "why": item.reasons[0].text if item.reasons else None, "href": self.head.entities[item.id].href,
            }
            for item in self.related_items(name, k, unlinked=unlinked)
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=["rank", "id", "title", "type", "score", "label", "linked", "why", "href"])

    def hub_rows(self, k: int = 20, *, by: HubMeasure = "pagerank", type: str | None = None) -> list[dict[str, Any]]:
        """The ``k`` leading entities by a measure; see :meth:`hubs`."""
        from kgraph.graph.measures import HUB_MEASURES, betweenness
        from kgraph.graph.projection import project_citations

        if by not in HUB_MEASURES:
            raise QueryError(f"no measure is called {by!r}: use one of {', '.join(HUB_MEASURES)}")
        wanted = self.types.canonical(type) if type else None
        if wanted and wanted not in {entity.type for entity in self.head.entities.values()}:
            found = ", ".join(sorted({entity.type for entity in self.head.entities.values()}))
            raise QueryError(f"no entity has the type {type!r}: the types here are {found}")
        values: dict[str, float]
        if by == "betweenness":
            values = betweenness(project_citations(self.corpus))
        else:
            field = by.replace("-", "_")
            values = {entity_id: getattr(measures, field) for entity_id, measures in self.rankings.measures.items()}
        rows: list[dict[str, Any]] = []
        for entity_id in sorted(values, key=lambda entity_id: (-values[entity_id], entity_id)):
            entity = self.head.entities[entity_id]
            if wanted is None or entity.type == wanted:
                measures = self.rankings.measures[entity_id]
                rows.append({
                    "rank": len(rows) + 1, "id": entity_id, "title": entity.title, "type": entity.type, by: values[entity_id],
                    "community": measures.community, "href": entity.href,
                })  # fmt: skip
            if len(rows) == k:
                break
        return rows

    def hubs(self, k: int = 20, *, by: HubMeasure = "pagerank", type: str | None = None) -> pd.DataFrame:
        """The ``k`` leading entities by a measure, best first.

        Args:
            k: How many.
            by: ``hub``, ``authority`` (HITS), ``pagerank``, ``in-degree``, ``out-degree`` or ``betweenness``.
            type: Only entities of this type.

        """
        import pandas as pd

        return pd.DataFrame(self.hub_rows(k, by=by, type=type), columns=["rank", "id", "title", "type", by, "community", "href"])

    # -- tables ----------------------------------------------------------------------------------

    def table(self, name: str) -> pd.DataFrame:
        """One of the tables of ``kgraph export tables`` by name: entities, links, relations, mentions, related, hubs, candidates."""
        from kgraph.export.tables import build_tables

        tables = build_tables(self)
        if name not in tables:
            raise QueryError(f"no table is called {name!r}: use one of {', '.join(tables)}")
        return tables[name]()

    def entities(self) -> pd.DataFrame:
        """All entities, a row each."""
        return self.table("entities")

    def links(self) -> pd.DataFrame:
        """All links as written, a row each; ``target`` is missing when dead."""
        return self.table("links")

    def relations(self) -> pd.DataFrame:
        """All curated relations, a row each."""
        return self.table("relations")

    def mentions(self) -> pd.DataFrame:
        """First mention of each entity on each page, a row each."""
        return self.table("mentions")

    def candidates(self) -> pd.DataFrame:
        """Things that prose names and nobody declared, a row for each page that names one."""
        return self.table("candidates")

    def stats(self) -> dict[str, Any]:
        """Counts of the build; the keys are those of ``kgraph stats --format json``."""
        return self.generation.read("stats.msgpack", dict)

    def findings(self) -> tuple[Finding, ...]:
        """What was wrong in the input, sorted by path and line."""
        return read_findings(self.generation)

    # -- SPARQL and graphs -----------------------------------------------------------------------

    def run(self, query: str, *, timeout: float | None = None, **parameters: str) -> QueryResult:
        """Run a query and get its terms.

        Args:
            query: Name of a query of the ``queries`` folder, or SPARQL text.
            timeout: Seconds after which to give up.
            parameters: Values of the parameters of a named query.

        Raises:
            QueryError: the query is unknown, does not parse, or misses a parameter.

        """
        from kgraph.rdf.parameters import bind_parameters
        from kgraph.rdf.sparql import find_named_query, run_query
        from kgraph.rdf.terms import Minter

        if any(char in query for char in "{}\n "):
            if parameters:
                raise QueryError("parameters go with named queries only: write the values into the text")
            return run_query(self.store, query, timeout=timeout)
        named = find_named_query(query)
        bindings = bind_parameters(named, parameters, Minter(self.head.base_iri), self.entity_id, self.types)
        return run_query(self.store, named.text, bindings=bindings, timeout=timeout)

    def query(self, query: str, *, timeout: float | None = None, **parameters: str) -> pd.DataFrame:
        """Run a query and get a DataFrame: numbers as numbers, IRIs of entities as their ids; see :meth:`run`."""
        import pandas as pd

        from kgraph.rdf.sparql import python_value

        result = self.run(query, timeout=timeout, **parameters)
        if result.kind == "boolean":
            return pd.DataFrame({"answer": [result.answer]})
        rows = [[python_value(term, self.head.base_iri) for term in row] for row in result.rows]
        return pd.DataFrame(rows, columns=list(result.variables))

    def to_networkx(self, kind: Literal["all", "link", "relation", "mention", "citation"] = "all") -> Any:
        """The graph for NetworkX; edges run from the page that links to the page linked.

        ``all`` (default) and the names of single kinds give a MultiDiGraph with the attributes of
        :func:`kgraph.graph.projection.project`; ``citation`` gives the DiGraph of links and relations with one edge a pair
        that the measures are computed on.
        """
        from kgraph.graph.projection import EDGE_KINDS, project, project_citations

        if kind == "citation":
            graph: nx.DiGraph[str] = project_citations(self.corpus)
            return graph
        if kind != "all" and kind not in EDGE_KINDS:
            raise QueryError(f"no kind of edge is called {kind!r}: use all, citation, {', '.join(EDGE_KINDS)}")
        return project(self.corpus, EDGE_KINDS if kind == "all" else (kind,))

    def to_rdflib(self) -> rdflib.Dataset:
        """The RDF dataset in rdflib's memory store; its default graph is the union of the named graphs."""
        import rdflib

        from kgraph.export.rdf import read_dataset
        from kgraph.rdf.terms import PREFIXES

        dataset = rdflib.Dataset(default_union=True)
        dataset.parse(data=b"".join(read_dataset(self.generation.folder)), format="nquads")
        for prefix, namespace in PREFIXES.items():
            dataset.bind(prefix, namespace, replace=True)
        return dataset

    # -- pictures --------------------------------------------------------------------------------

    def render(
        self, name: str | None = None, *, depth: int = 1, max_nodes: int | None = None, type: str | None = None,
    ) -> GraphPage:  # fmt: skip
        """A graph page: one HTML text that needs no network; a notebook shows it, ``save`` writes it.

        Args:
            name: Entity in the middle; the whole graph when None.
            depth: Steps from the entity.
            max_nodes: Nodes at the most, the most important ones.
            type: Only entities of this type (and the one in the middle).

        """
        from kgraph.picturing import picture_of
        from kgraph.render.inline import GraphPage
        from kgraph.render.page import render_page

        return GraphPage(render_page(picture_of(self, name, depth=depth, max_nodes=max_nodes, type=type)))


def _closest(name: str, entities: dict[str, Entity]) -> tuple[str, ...]:
    import difflib

    names: dict[str, str] = {}
    for entity in entities.values():
        for known in (entity.id, entity.title, *entity.aliases):
            names.setdefault(known.casefold(), entity.id)
    close = difflib.get_close_matches(name.casefold(), names, n=6, cutoff=0.5)
    found = [names[match] for match in close]
    found += [entity_id for known, entity_id in sorted(names.items()) if name.casefold() in known]
    return tuple(dict.fromkeys(found))[:5]


def open_workspace(workspace: str | PathLike[str]) -> KnowledgeGraph:
    """See :func:`kgraph.open`."""
    return KnowledgeGraph(Workspace(Path(workspace)).get_current())


def build_and_open(
    source: str | PathLike[str], workspace: str | PathLike[str] | None, *, config: str | PathLike[str] | None, jobs: int | None, full: bool
) -> KnowledgeGraph:
    """See :func:`kgraph.build`."""
    from kgraph.pipeline import build_workspace, site_config

    folder = Path(source)
    place = Workspace(Path(workspace) if workspace is not None else (folder if folder.is_dir() else folder.parent) / ".kgraph")
    settings = site_config(folder, Path(config) if config is not None else None)
    build_workspace(folder, place, settings, jobs=jobs, full=full)
    return KnowledgeGraph(place.get_current())
