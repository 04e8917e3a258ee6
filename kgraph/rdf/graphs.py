"""The named graphs of a site as parts of a file: a build writes anew those of the pages and catalogs that differ from the build before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import structs

from kgraph.memory import long_key_of
from kgraph.model.corpus import Corpus, Entity
from kgraph.model.relations import RelationVocabulary
from kgraph.model.types import TypeVocabulary
from kgraph.rdf.annotations import notes_about
from kgraph.rdf.dataset import corpus_graphs, is_declared, place_of
from kgraph.rdf.parts import Parts, as_text
from kgraph.rdf.provenance import provenance_quads
from kgraph.rdf.vocabulary import ontology_quads
from kgraph.rdf.writer import Writer

__all__ = ["dataset_parts"]

_AT_ONCE = 100
"""Graphs that are made at a time: the store loads some while the next ones are made."""


def dataset_parts(
    corpus: Corpus, types: TypeVocabulary, relations: RelationVocabulary, *, version: str = "", annotations: bool = True
) -> Parts:  # fmt: skip
    """What pages and catalogs state, and the ontology: one part for each named graph.

    Args:
        corpus: What was ingested.
        types: Types in force.
        relations: Relations in force.
        version: Version of kgraph, for the provenance.
        annotations: Whether mentions and citations come with their sentence and offsets.

    """
    writer = Writer(corpus)
    mint = writer.mint
    inferred, provenance, ontology = (f"<{mint.graph(name)}>" for name in ("inferred", "provenance", "ontology"))
    of_files = {graph: path for path, graph in writer.graphs.items()}
    site = long_key_of(corpus.base_iri, version, annotations, types.types, relations.relations)
    contents = _Contents(corpus, annotations)
    keys = [(provenance, b""), *((graph, long_key_of(site, *contents.of(path))) for graph, path in of_files.items())]
    keys += [(inferred, long_key_of(site, *contents.inferred())), (ontology, b"")]

    def make(names: Sequence[str]) -> Iterator[bytes]:
        for start in range(0, len(names), _AT_ONCE):
            wanted = names[start : start + _AT_ONCE]
            paths = [of_files[name] for name in wanted if name in of_files]
            part = contents.part(paths, inferred=inferred in wanted)
            lines = corpus_graphs(part, types, relations, of=writer, wanted=wanted, annotations=annotations)
            if provenance in lines:
                lines[provenance] = dict.fromkeys(provenance_quads(writer, version))
            if ontology in lines:
                lines[ontology] = dict.fromkeys(ontology_quads(corpus, types, relations))
            for name in wanted:
                yield as_text(lines.pop(name))

    return Parts(tuple(keys), make)


class _Contents:
    """What the graph of each file is made from."""

    def __init__(self, corpus: Corpus, annotations: bool) -> None:
        self.corpus = corpus
        self.annotations = annotations
        self.entities = _grouped((path, entity) for entity in corpus.entities.values() for path in _places(entity))
        self.undeclared = [entity for entity in corpus.entities.values() if not is_declared(entity)]
        self.links = _grouped((item.path, item) for item in corpus.links)
        self.relations = _grouped((item.path, item) for item in corpus.relations)
        self.mentions = _grouped((item.path, item) for item in corpus.mentions)
        self.sources = _grouped((item.path, item) for item in corpus.sources.values())
        self.named = _grouped((mention.path, (item.id, mention)) for item in corpus.candidates for mention in item.mentions)
        self.citing = _grouped((item.path, item.source) for item in corpus.citations)
        self.citations = _grouped((item.source, (place, item)) for place, item in enumerate(corpus.citations))

    def of(self, path: str) -> Iterator[Any]:
        """What the graph of a page or catalog is made from."""
        entities, mains = self.entities.get(path, []), self.corpus.entities
        yield self.corpus.pages.get(path)
        yield self.corpus.catalogs.get(path)
        yield self.corpus.catalog_hashes.get(path)
        yield entities
        yield [mains[entity.variant_of].language for entity in entities if entity.variant_of is not None]
        for found in (self.links, self.relations, self.mentions, self.sources, self.named):
            yield found.get(path)
        yield [[item for _, item in self.citations[source]] for source in dict.fromkeys(self.citing.get(path, ()))]
        if path in self.corpus.catalogs and self.annotations:
            of_file = (item for source in dict.fromkeys(self.citing.get(path, ())) for _, item in self.citations[source])
            yield [list(notes_about(self.corpus, item)) for item in of_file if item.path == path]
        yield self.corpus.merged.get(path)
        document = self.corpus.documents.get(path)
        if document is not None and self.annotations:
            yield document.blocks
            yield document.footnotes
            yield [item for item in document.references if item.kind == "link"] if document.footnotes else None

    def inferred(self) -> tuple[Any, ...]:
        """What the graph of what no author states is made from."""
        return self.undeclared, self.corpus.candidates

    def part(self, paths: Collection[str], *, inferred: bool) -> Corpus:
        """The part of the corpus that the graphs of some files, and that of what was inferred, are made from; costs what it holds."""
        corpus = self.corpus

        def of(found: Mapping[str, list[Any]]) -> list[Any]:
            return [item for path in paths for item in found.get(path, ())]

        entities = {entity.id: entity for entity in (*of(self.entities), *(self.undeclared if inferred else ()))}
        citations = sorted(pair for source in dict.fromkeys(of(self.citing)) for pair in self.citations[source])
        named = {name for name, _ in of(self.named)}
        return structs.replace(
            corpus,
            entities={key: entities[key] for key in sorted(entities)},
            pages={path: corpus.pages[path] for path in paths if path in corpus.pages},
            catalogs={path: corpus.catalogs[path] for path in paths if path in corpus.catalogs},
            links=tuple(of(self.links)),
            relations=tuple(of(self.relations)),
            mentions=tuple(of(self.mentions)),
            sources={work.id: work for work in of(self.sources)},
            citations=tuple(item for _, item in citations),
            candidates=corpus.candidates if inferred else tuple(item for item in corpus.candidates if item.id in named) if named else (),
            merged={path: corpus.merged[path] for path in paths if path in corpus.merged},
        )


def _places(entity: Entity) -> dict[str, None]:
    """The files in whose graphs something of an entity is stated."""
    return dict.fromkeys((place_of(entity), *(fact.path for fact in (*entity.facts, *entity.stated))))


def _grouped(pairs: Iterable[tuple[str, Any]]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found
