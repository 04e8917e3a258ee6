"""The named graphs of a site as parts of a file: a build writes anew those of the pages and catalogs that differ from the build before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from msgspec import structs

from kgraph.memory import long_key_of
from kgraph.model.corpus import Corpus, Entity
from kgraph.model.relations import RelationVocabulary
from kgraph.model.types import TypeVocabulary
from kgraph.rdf.dataset import corpus_quads, is_declared, place_of
from kgraph.rdf.parts import Parts, as_text
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
            paths = {of_files[name] for name in wanted if name in of_files}
            part = _part(corpus, paths, contents, inferred=inferred in wanted)
            lines: dict[str, dict[str, None]] = {name: {} for name in wanted}
            for line in corpus_quads(part, types, relations, of=corpus, version=version, annotations=annotations):
                found = lines.get(line[line.rindex(" <", 0, -2) + 1 : -2])
                if found is not None:
                    found[line] = None
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
        self.links = _grouped((item.path, item) for item in corpus.links)
        self.relations = _grouped((item.path, item) for item in corpus.relations)
        self.mentions = _grouped((item.path, item) for item in corpus.mentions)
        self.sources = _grouped((item.path, item) for item in corpus.sources.values())
        self.named = _grouped((mention.path, (item.id, mention)) for item in corpus.candidates for mention in item.mentions)
        self.citing = _grouped((item.path, item.source) for item in corpus.citations)
        self.citations = _grouped((item.source, item) for item in corpus.citations)

    def of(self, path: str) -> Iterator[Any]:
        """What the graph of a page or catalog is made from."""
        entities, mains = self.entities.get(path, []), self.corpus.entities
        yield self.corpus.pages.get(path)
        yield self.corpus.catalogs.get(path)
        yield entities
        yield [mains[entity.variant_of].language for entity in entities if entity.variant_of is not None]
        for found in (self.links, self.relations, self.mentions, self.sources, self.named):
            yield found.get(path)
        yield [self.citations[source] for source in dict.fromkeys(self.citing.get(path, ()))]
        yield self.corpus.merged.get(path)
        document = self.corpus.documents.get(path)
        if document is not None and self.annotations:
            yield document.blocks
            yield document.footnotes
            yield [item for item in document.references if item.kind == "link"] if document.footnotes else None

    def inferred(self) -> tuple[Any, ...]:
        """What the graph of what no author states is made from."""
        return [entity for entity in self.corpus.entities.values() if not is_declared(entity)], self.corpus.candidates


def _places(entity: Entity) -> dict[str, None]:
    """The files in whose graphs something of an entity is stated."""
    return dict.fromkeys((place_of(entity), *(fact.path for fact in (*entity.facts, *entity.stated))))


def _grouped(pairs: Iterable[tuple[str, Any]]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found


def _part(corpus: Corpus, paths: set[str], contents: _Contents, *, inferred: bool) -> Corpus:
    """The part of a corpus that the graphs of some files, and that of what was inferred, are made from."""
    if len(paths) == len(corpus.pages) + len(corpus.catalogs):
        return corpus
    wanted = {entity.id for path in paths for entity in contents.entities.get(path, ())}
    if inferred:
        wanted.update(entity.id for entity in corpus.entities.values() if not is_declared(entity))
    citing = {source for path in paths for source in contents.citing.get(path, ())}
    candidates = corpus.candidates if inferred else tuple(
        item for item in corpus.candidates if any(mention.path in paths for mention in item.mentions)
    )  # fmt: skip
    return structs.replace(
        corpus,
        entities={key: entity for key, entity in corpus.entities.items() if key in wanted},
        pages={path: page for path, page in corpus.pages.items() if path in paths},
        catalogs={path: role for path, role in corpus.catalogs.items() if path in paths},
        links=tuple(item for item in corpus.links if item.path in paths),
        relations=tuple(item for item in corpus.relations if item.path in paths),
        mentions=tuple(item for item in corpus.mentions if item.path in paths),
        sources={key: work for key, work in corpus.sources.items() if work.path in paths},
        citations=tuple(item for item in corpus.citations if item.source in citing),
        candidates=candidates,
        merged={path: lines for path, lines in corpus.merged.items() if path in paths},
    )
