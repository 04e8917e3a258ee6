"""The RDF dataset of a site as N-Quads lines: what pages and catalogs state, each in its own named graph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from importlib.resources import files
from itertools import islice

from kgraph.errors import ConfigError
from kgraph.model.corpus import Corpus, Entity, Page
from kgraph.model.relations import RELATED, RelationVocabulary
from kgraph.model.types import TypeVocabulary
from kgraph.rank.rankings import Rankings
from kgraph.rdf.terms import KG, PREFIXES, Minter, date_literal, expand, expand_or_none, literal, number

__all__ = ["corpus_quads", "nquads", "ontology_quads", "ranking_quads"]

_PIECE = 200_000
"""Statements that are held at a time."""
_TYPE = f"<{PREFIXES['rdf']}type>"
_COUNTS = {
    "words": "wordCount", "headings": "headingCount", "tables": "tableCount", "diagrams": "diagramCount", "images": "imageCount",
    "code_blocks": "codeBlockCount", "footnotes": "footnoteCount", "footnote_references": "footnoteReferenceCount", "tasks": "taskCount",
}  # fmt: skip


def _p(name: str) -> str:
    return f"<{expand(name)}>"


def _other(name: str, place: str) -> str:
    """A term of another vocabulary, as the configuration names it."""
    iri = expand_or_none(name)
    if iri is None:
        raise ConfigError(f"kgraph.toml: {place}: {name!r} is no term: write an IRI in full, or one of the prefixes {', '.join(PREFIXES)}")
    return f"<{iri}>"


_LABEL, _ALT, _IDENTIFIER, _DESCRIPTION = _p("skos:prefLabel"), _p("skos:altLabel"), _p("dcterms:identifier"), _p("dcterms:description")
_TOPIC_OF, _MAIN, _MODIFIED, _TITLE = _p("foaf:isPrimaryTopicOf"), _p("schema:mainEntity"), _p("dcterms:modified"), _p("dcterms:title")
_MENTIONS, _REFERENCES, _DERIVED = _p("schema:mentions"), _p("dcterms:references"), _p("prov:wasDerivedFrom")


def nquads(lines: Iterable[str]) -> Iterator[bytes]:
    """A document of N-Quads in pieces, each statement once, in the order given.

    Of the statements of earlier pieces only a hash of 64 bits is kept.
    """
    seen: set[int] = set()
    lines = iter(lines)
    while piece := dict.fromkeys(islice(lines, _PIECE)):
        new = [line for line in piece if hash(line) not in seen] if seen else list(piece)
        if len(piece) * 2 > _PIECE or seen:
            seen.update(map(hash, new))
        if new:
            yield ("\n".join(new) + "\n").encode("utf-8", "replace")


class _Writer:
    """Collects lines for the graphs of one site."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self.mint = Minter(corpus.base_iri)
        self.lines: list[str] = []
        self.told_of_inference = False
        self.graphs = {path: f"<{self.mint.graph('page', page.entity)}>" for path, page in corpus.pages.items()}
        self.graphs.update({path: f"<{self.mint.graph('catalog', path)}>" for path in corpus.catalogs})

    def add(self, subject: str, predicate: str, value: str, graph: str) -> None:
        self.lines.append(f"{subject} {predicate} {value} {graph} .")

    def taken(self) -> list[str]:
        """The lines collected since."""
        lines, self.lines = self.lines, []
        return lines


def corpus_quads(corpus: Corpus, relations: RelationVocabulary) -> Iterator[str]:
    """What pages and catalogs state: one named graph for each."""
    writer = _Writer(corpus)
    for page in corpus.pages.values():
        _page(writer, page)
        yield from writer.taken()
    for path, role in corpus.catalogs.items():
        graph = writer.graphs[path]
        file = f"<{writer.mint.file(path)}>"
        writer.add(graph, _DERIVED, file, graph)
        writer.add(file, _TYPE, f"<{KG}SourceFile>", graph)
        writer.add(file, f"<{KG}path>", literal(path), graph)
        writer.add(file, _p("dcterms:type"), literal(role), graph)
    for entity in corpus.entities.values():
        _entity(writer, entity)
        yield from writer.taken()
    yield from _statements(writer, relations)
    _sources(writer)
    yield from writer.taken()
    yield from _candidates(writer)
    for path, lines in corpus.merged.items():
        yield from (f"{line} {writer.graphs[path]} ." for line in lines)


def _page(writer: _Writer, page: Page) -> None:
    mint, graph = writer.mint, writer.graphs[page.path]
    subject, entity, file = f"<{mint.page(page.entity)}>", f"<{mint.entity(page.entity)}>", f"<{mint.file(page.path)}>"
    add = writer.add
    add(subject, _TYPE, f"<{KG}Document>", graph)
    add(subject, _MAIN, entity, graph)
    add(entity, _TOPIC_OF, subject, graph)
    add(subject, _TITLE, literal(writer.corpus.entities[page.entity].title), graph)
    add(subject, f"<{KG}href>", literal(page.href), graph)
    for field, name in _COUNTS.items():
        add(subject, f"<{KG}{name}>", number(getattr(page.counts, field)), graph)
    for name, count in (("internalLink", page.internal_links), ("externalLink", page.external_links), ("citation", page.citations)):
        add(subject, f"<{KG}{name}Count>", number(count), graph)
    if page.date:
        add(subject, _MODIFIED, date_literal(page.date), graph)
    if page.quality is not None:
        add(subject, f"<{KG}quality>", number(float(page.quality)), graph)
    add(graph, _DERIVED, file, graph)
    add(file, _TYPE, f"<{KG}SourceFile>", graph)
    add(file, f"<{KG}path>", literal(page.path), graph)
    add(file, f"<{KG}sha256>", literal(page.sha256), graph)
    add(file, f"<{KG}reader>", literal(page.reader), graph)


def _entity(writer: _Writer, entity: Entity) -> None:
    mint = writer.mint
    path = entity.path or (entity.declared_in[0].rsplit(":", 1)[0] if entity.declared_in else "")
    graph = writer.graphs[path]
    subject = f"<{mint.entity(entity.id)}>"
    add = writer.add
    add(subject, _TYPE, f"<{KG}Entity>", graph)
    _type(writer, entity, subject, graph)
    add(subject, _LABEL, literal(entity.title), graph)
    add(subject, _IDENTIFIER, literal(entity.id), graph)
    add(subject, f"<{KG}stub>", f'"{"true" if entity.stub else "false"}"^^<{PREFIXES["xsd"]}boolean>', graph)
    for written in entity.declared_types:
        add(subject, f"<{KG}declaredType>", literal(written), graph)
    for alias in entity.aliases:
        add(subject, _ALT, literal(alias), graph)
    if entity.summary:
        add(subject, _DESCRIPTION, literal(entity.summary), graph)
    if entity.stub and entity.href:
        add(subject, f"<{KG}href>", literal(entity.href), graph)
    for tag in entity.tags:
        tag_iri = f"<{mint.tag(tag)}>"
        add(subject, f"<{KG}tag>", tag_iri, graph)
        add(tag_iri, _LABEL, literal(tag), graph)
    for fact in entity.facts:
        add(subject, f"<{mint.property(fact.key)}>", literal(fact.value), writer.graphs.get(fact.path, graph))
    if entity.language:
        add(subject, _p("schema:inLanguage"), literal(entity.language), graph)
    if entity.version:
        add(subject, _p("schema:version"), literal(entity.version), graph)
    if entity.variant_of is not None:
        main = writer.corpus.entities[entity.variant_of]
        name = "schema:translationOfWork" if main.language != entity.language else "dcterms:isVersionOf"
        add(subject, _p(name), f"<{mint.entity(main.id)}>", graph)


def _type(writer: _Writer, entity: Entity, subject: str, graph: str) -> None:
    """The type: in the graph of the file that declares it, else in the graph of what was inferred, with what speaks for it."""
    add = writer.add
    if entity.type_origin not in ("front matter", "catalog"):
        graph = _inferred(writer)
        add(subject, f"<{KG}typeConfidence>", number(float(entity.type_confidence)), graph)
        for text in entity.type_evidence:
            add(subject, f"<{KG}typeEvidence>", literal(text), graph)
    add(subject, _TYPE, f"<{writer.mint.type(entity.type)}>", graph)
    add(subject, f"<{KG}typeOrigin>", literal(entity.type_origin), graph)


def _statements(writer: _Writer, relations: RelationVocabulary) -> Iterator[str]:
    mint, corpus, graphs = writer.mint, writer.corpus, writer.graphs
    for link in corpus.links:
        if link.target is not None and link.target != link.source:
            yield f"<{mint.entity(link.source)}> <{KG}linksTo> <{mint.entity(link.target)}> {graphs[link.path]} ."
    for item in corpus.relations:
        if item.target is not None:
            name = f"<{mint.relation(item.name, relations.known(item.name))}>"
            yield f"<{mint.entity(item.source)}> {name} <{mint.entity(item.target)}> {graphs[item.path]} ."
    for mention in corpus.mentions:
        yield f"<{mint.entity(mention.source)}> {_MENTIONS} <{mint.entity(mention.target)}> {graphs[mention.path]} ."


def _inferred(writer: _Writer) -> str:
    """The graph of what no author states, described when it is first asked for."""
    graph, activity = f"<{writer.mint.graph('inferred')}>", f"<{writer.mint.base}activity/inference>"
    if writer.told_of_inference:
        return graph
    writer.told_of_inference = True
    writer.add(graph, _p("prov:wasGeneratedBy"), activity, graph)
    writer.add(activity, _TYPE, _p("prov:Activity"), graph)
    writer.add(activity, _p("rdfs:label"), literal("inference by kgraph: types of entities, names in prose"), graph)
    return graph


def _candidates(writer: _Writer) -> Iterator[str]:
    """Names in prose that nobody declared: what they are in the graph of what was inferred, the mention in that of the page."""
    for item in writer.corpus.candidates:
        subject, graph = f"<{writer.mint.candidate(item.id)}>", _inferred(writer)
        writer.add(subject, _TYPE, f"<{KG}Candidate>", graph)
        writer.add(subject, _TYPE, f"<{writer.mint.type(item.type)}>", graph)
        writer.add(subject, _LABEL, literal(item.title), graph)
        writer.add(subject, f"<{KG}confidence>", number(float(item.confidence)), graph)
        for alias in item.aliases:
            writer.add(subject, _ALT, literal(alias), graph)
        for text in item.evidence:
            writer.add(subject, f"<{KG}evidence>", literal(text), graph)
        for mention in item.mentions:
            writer.add(f"<{writer.mint.entity(mention.source)}>", _MENTIONS, subject, writer.graphs[mention.path])
        yield from writer.taken()


def _sources(writer: _Writer) -> None:
    mint, add = writer.mint, writer.add
    for work in writer.corpus.sources.values():
        subject, graph = f"<{mint.source(work.id)}>", writer.graphs[work.path]
        add(subject, _TYPE, f"<{KG}CitedSource>", graph)
        add(subject, _TITLE, literal(work.title), graph)
        if work.url:
            add(subject, _p("schema:url"), literal(work.url), graph)
        for author in work.authors:
            add(subject, _p("schema:author"), literal(author), graph)
        if work.date:
            add(subject, _p("schema:datePublished"), date_literal(work.date), graph)
        if work.kind:
            add(subject, _p("dcterms:type"), literal(work.kind), graph)
    for citation in writer.corpus.citations:
        add(f"<{mint.entity(citation.source)}>", _REFERENCES, f"<{mint.source(citation.work)}>", writer.graphs[citation.path])


def ranking_quads(corpus: Corpus, rankings: Rankings, *, related: int) -> Iterator[str]:
    """Measures of every entity, and its ``related`` best related ones, in the graph of the rankings."""
    mint = Minter(corpus.base_iri)
    graph = f"<{mint.graph('rankings')}>"
    names = {"pagerank": "pageRank", "hub": "hubScore", "authority": "authorityScore", "in_degree": "inDegree", "out_degree": "outDegree",
             "community": "community"}  # fmt: skip
    for entity_id, measures in rankings.measures.items():
        subject = f"<{mint.entity(entity_id)}>"
        yield from [f"{subject} <{KG}{name}> {number(getattr(measures, field))} {graph} ." for field, name in names.items()]
    for source, items in rankings.related.items():
        source_iri = f"<{mint.entity(source)}>"
        for item in items[:related]:
            subject = f"<{mint.related(source, item.id)}>"
            yield from [
                f"{subject} {_TYPE} <{KG}Relatedness> {graph} .",
                f"{subject} <{KG}source> {source_iri} {graph} .",
                f"{subject} <{KG}target> <{mint.entity(item.id)}> {graph} .",
                f"{subject} <{KG}score> {number(item.score)} {graph} .",
                f"{subject} <{KG}rank> {number(item.rank)} {graph} .",
            ]
            if item.reasons:
                yield f"{subject} <{KG}reason> {literal(item.reasons[0].text)} {graph} ."


def ontology_quads(corpus: Corpus, types: TypeVocabulary, relations: RelationVocabulary) -> list[str]:
    """The shipped ontology, and the classes and properties that this site uses, in the graph of the ontology."""
    import pyoxigraph as ox

    mint = Minter(corpus.base_iri)
    graph = f"<{mint.graph('ontology')}>"
    text = files("kgraph.rdf").joinpath("ontology.ttl").read_bytes()
    lines = [f"{quad.subject} {quad.predicate} {quad.object} {graph} ." for quad in ox.parse(text, ox.RdfFormat.TURTLE)]
    label, comment = _p("rdfs:label"), _p("rdfs:comment")
    sub_class, sub_property, inverse_of = _p("rdfs:subClassOf"), _p("rdfs:subPropertyOf"), _p("owl:inverseOf")
    for key in sorted({entity.type for entity in corpus.entities.values()} | {item.type for item in corpus.candidates}):
        kind, subject = types.get_type(key), f"<{mint.type(key)}>"
        lines.append(f"{subject} {_TYPE} {_p('owl:Class')} {graph} .")
        lines.append(f"{subject} {label} {literal(kind.label)} {graph} .")
        lines.append(f"{subject} {sub_class} <{KG}Entity> {graph} .")
        lines += [f"{subject} {sub_class} {_other(parent, f'types.{key}.parents')} {graph} ." for parent in kind.parents]
    used = {item.name for item in corpus.relations} - {RELATED}
    for name in sorted(used | {inverse for name in used if (inverse := relations.inverse(name))} - {RELATED}):
        known = relations.relations.get(name)
        subject = f"<{mint.relation(name, known is not None)}>"
        lines.append(f"{subject} {_TYPE} {_p('owl:ObjectProperty')} {graph} .")
        lines.append(f"{subject} {label} {literal(relations.label(name))} {graph} .")
        lines.append(f"{subject} {sub_property} <{KG}relatedTo> {graph} .")
        if known and known.symmetric:
            lines.append(f"{subject} {_TYPE} {_p('owl:SymmetricProperty')} {graph} .")
        if known and known.inverse:
            lines.append(f"{subject} {inverse_of} <{mint.relation(known.inverse, True)}> {graph} .")
        if known and known.property:
            lines.append(f"{subject} {sub_property} {_other(known.property, f'relations.{name}.property')} {graph} .")
    keys: dict[str, set[str]] = defaultdict(set)
    for entity in corpus.entities.values():
        for fact in entity.facts:
            keys[fact.key].add(fact.path)
    for key in sorted(keys):
        subject = f"<{mint.property(key)}>"
        lines.append(f"{subject} {label} {literal(key)} {graph} .")
        lines.append(f"{subject} {comment} {literal('Field of the site, as its authors name it.')} {graph} .")
    return lines
