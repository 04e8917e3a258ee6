"""The RDF dataset of a site as N-Quads lines: what pages and catalogs state, each in its own named graph."""

from __future__ import annotations

from collections.abc import Iterable

from kgraph.model.corpus import Corpus, Entity, Page
from kgraph.model.relations import RelationVocabulary
from kgraph.model.types import TypeVocabulary
from kgraph.rdf.annotations import tell_citations, tell_footnotes, tell_mentions
from kgraph.rdf.identity import same_things, web_address
from kgraph.rdf.provenance import INFERENCE, made_by
from kgraph.rdf.sources import source_classes
from kgraph.rdf.terms import PREFIXES, date_literal, literal, number
from kgraph.rdf.writer import TYPE, Writer, own, term

__all__ = ["corpus_graphs", "is_declared", "place_of"]

_FIELDS = {
    "words": "wordCount", "headings": "headingCount", "tables": "tableCount", "diagrams": "diagramCount", "images": "imageCount",
    "code_blocks": "codeBlockCount", "footnotes": "footnoteCount", "footnote_references": "footnoteReferenceCount", "tasks": "taskCount",
}  # fmt: skip
_COUNTS = [(field, own(name)) for field, name in _FIELDS.items()]


_LABEL, _ALT, _IDENTIFIER, _DESCRIPTION = (
    term("skos:prefLabel"),
    term("skos:altLabel"),
    term("dcterms:identifier"),
    term("dcterms:description"),
)
_TOPIC_OF, _MAIN, _MODIFIED, _TITLE = (
    term("foaf:isPrimaryTopicOf"),
    term("schema:mainEntity"),
    term("dcterms:modified"),
    term("dcterms:title"),
)
_EXACT, _SAME, _URL = term("skos:exactMatch"), term("owl:sameAs"), term("schema:url")
_CITES, _KIND, _PUBLISHED, _AUTHOR = term("dcterms:source"), term("dcterms:type"), term("schema:datePublished"), term("schema:author")
_ENTITY, _DOCUMENT, _SOURCE_FILE, _CITED_SOURCE = own("Entity"), own("Document"), own("SourceFile"), own("CitedSource")
_PATH, _HREF, _SHA256, _READER, _STUB, _TAG, _LINKS = (
    own("path"), own("href"), own("sha256"), own("reader"), own("stub"), own("tag"), own("linksTo"),
)  # fmt: skip
_DECLARED, _ORIGIN = own("declaredType"), own("typeOrigin")
_INTERNAL, _EXTERNAL, _CITATIONS = own("internalLinkCount"), own("externalLinkCount"), own("citationCount")
_BOOLEAN = f"^^<{PREFIXES['xsd']}boolean>"
_MENTIONS, _REFERENCES, _DERIVED = term("schema:mentions"), term("dcterms:references"), term("prov:wasDerivedFrom")


def corpus_graphs(
    corpus: Corpus,
    types: TypeVocabulary,
    relations: RelationVocabulary,
    *,
    of: Writer | None = None,
    wanted: Iterable[str] | None = None,
    annotations: bool = True,
) -> dict[str, dict[str, None]]:
    """What pages and catalogs state: the lines of the named graph of each, and of that of what was inferred, by graph.

    Args:
        corpus: What was ingested, or the part of it that some graphs are made from.
        types: Types in force.
        relations: Relations in force.
        of: What writes about the site that ``corpus`` is a part of.
        wanted: Graphs to make; all when None.
        annotations: Whether mentions and citations come with their sentence and offsets.

    """
    writer = Writer(corpus, of, wanted)
    for page in corpus.pages.values():
        _page(writer, page)
    for path, role in corpus.catalogs.items():
        _catalog(writer, path, role)
    for entity in corpus.entities.values():
        _entity(writer, entity, types)
    _statements(writer, relations)
    _sources(writer)
    _candidates(writer)
    if annotations:
        tell_mentions(writer)
        tell_footnotes(writer)
        tell_citations(writer)
    for path, lines in corpus.merged.items():
        graph = writer.graphs[path]
        if graph in writer.lines:
            writer.lines[graph].update((f"{line} {graph} .", None) for line in lines)
    return writer.lines


def _catalog(writer: Writer, path: str, role: str) -> None:
    graph, file = writer.graphs[path], f"<{writer.mint.file(path)}>"
    writer.add(graph, _DERIVED, file, graph)
    writer.add(file, TYPE, _SOURCE_FILE, graph)
    writer.add(file, _PATH, literal(path), graph)
    if path in writer.corpus.catalog_hashes:  # what an earlier version ingested has none
        writer.add(file, _SHA256, literal(writer.corpus.catalog_hashes[path]), graph)
    ending = path.rsplit(".", 1)[-1].lower()
    writer.add(file, _READER, literal("yaml" if ending == "yml" else ending), graph)
    writer.add(file, _KIND, literal(role), graph)
    writer.add(graph, made_by(), writer.activity(f"reading/{role}"), graph)


def place_of(entity: Entity) -> str:
    """The file whose graph holds what is stated of an entity: its page, else its first row."""
    return entity.path or (entity.declared_in[0].rsplit(":", 1)[0] if entity.declared_in else "")


def is_declared(entity: Entity) -> bool:
    """Whether an author says of what type an entity is."""
    return entity.type_origin in ("front matter", "catalog")


def _page(writer: Writer, page: Page) -> None:
    mint, graph = writer.mint, writer.graphs[page.path]
    subject, entity, file = f"<{mint.page(page.entity)}>", f"<{mint.entity(page.entity)}>", f"<{mint.file(page.path)}>"
    add = writer.add
    add(subject, TYPE, _DOCUMENT, graph)
    add(subject, _MAIN, entity, graph)
    add(entity, _TOPIC_OF, subject, graph)
    add(subject, _TITLE, literal(writer.whole.entities[page.entity].title), graph)
    add(subject, _HREF, literal(page.href), graph)
    for field, name in _COUNTS:
        add(subject, name, number(getattr(page.counts, field)), graph)
    for name, count in ((_INTERNAL, page.internal_links), (_EXTERNAL, page.external_links), (_CITATIONS, page.citations)):
        add(subject, name, number(count), graph)
    if page.date:
        add(subject, _MODIFIED, date_literal(page.date), graph)
        add(subject, own("dateOrigin"), literal(page.date_origin), graph)
    if page.quality is not None:
        add(subject, own("quality"), number(float(page.quality)), graph)
    add(graph, _DERIVED, file, graph)
    add(file, TYPE, _SOURCE_FILE, graph)
    add(file, _PATH, literal(page.path), graph)
    add(file, _SHA256, literal(page.sha256), graph)
    add(file, _READER, literal(page.reader), graph)
    add(graph, made_by(), writer.activity(f"reading/{page.reader}"), graph)


def _entity(writer: Writer, entity: Entity, types: TypeVocabulary) -> None:
    mint = writer.mint
    graph = writer.graphs[place_of(entity)]
    elsewhere = {(fact.key, fact.value): writer.graphs.get(fact.path, graph) for fact in entity.stated}
    subject = f"<{mint.entity(entity.id)}>"
    add = writer.add
    add(subject, TYPE, _ENTITY, graph)
    _type(writer, entity, subject, elsewhere.get(("type", entity.type), graph))
    add(subject, _LABEL, literal(entity.title), elsewhere.get(("title", entity.title), graph))
    add(subject, _IDENTIFIER, literal(entity.id), graph)
    add(subject, _STUB, f'"{"true" if entity.stub else "false"}"{_BOOLEAN}', graph)
    for written in entity.declared_types:
        add(subject, _DECLARED, literal(written), elsewhere.get(("declared_types", written), graph))
    for alias in entity.aliases:
        add(subject, _ALT, literal(alias), elsewhere.get(("aliases", alias), graph))
    if entity.summary:
        add(subject, _DESCRIPTION, literal(entity.summary), elsewhere.get(("summary", entity.summary), graph))
    if entity.stub and entity.href:
        add(subject, _HREF, literal(entity.href), graph)
    for tag in entity.tags:
        tag_iri, place = f"<{mint.tag(tag)}>", elsewhere.get(("tags", tag), graph)
        add(subject, _TAG, tag_iri, place)
        add(tag_iri, _LABEL, literal(tag), place)
    _facts(writer, entity, subject, graph, concept="skos:Concept" in types.get_type(entity.type).classes)
    if entity.language:
        add(subject, term("schema:inLanguage"), literal(entity.language), graph)
    if entity.version:
        add(subject, term("schema:version"), literal(entity.version), graph)
    if entity.variant_of is not None:
        main = writer.whole.entities[entity.variant_of]
        name = "schema:translationOfWork" if main.language != entity.language else "dcterms:isVersionOf"
        add(subject, term(name), f"<{mint.entity(main.id)}>", graph)


def _facts(writer: Writer, entity: Entity, subject: str, graph: str, *, concept: bool) -> None:
    """Fields of the site, each in the graph of its file, and what they say the entity is elsewhere."""
    for fact in entity.facts:
        place = writer.graphs.get(fact.path, graph)
        writer.add(subject, f"<{writer.mint.property(fact.key)}>", literal(fact.value), place)
        for same in same_things(fact.key, fact.value):
            writer.add(subject, _EXACT if concept else _SAME, f"<{same}>", place)
        if (address := web_address(fact.key, fact.value)) is not None:
            writer.add(subject, _URL, literal(address), place)


def _type(writer: Writer, entity: Entity, subject: str, graph: str) -> None:
    """The type: in the graph of the file that declares it, else in the graph of what was inferred, with what speaks for it."""
    add = writer.add
    if not is_declared(entity):
        graph = _inferred(writer)
        add(subject, own("typeConfidence"), number(float(entity.type_confidence)), graph)
        for text in entity.type_evidence:
            add(subject, own("typeEvidence"), literal(text), graph)
    add(subject, TYPE, f"<{writer.mint.type(entity.type)}>", graph)
    add(subject, _ORIGIN, literal(entity.type_origin), graph)


def _statements(writer: Writer, relations: RelationVocabulary) -> None:
    mint, corpus, graphs, add = writer.mint, writer.corpus, writer.graphs, writer.add
    for link in corpus.links:
        if link.target is not None and link.target != link.source:
            add(f"<{mint.entity(link.source)}>", _LINKS, f"<{mint.entity(link.target)}>", graphs[link.path])
    for item in corpus.relations:
        if item.target is not None:
            name = f"<{mint.relation(item.name, relations.known(item.name))}>"
            add(f"<{mint.entity(item.source)}>", name, f"<{mint.entity(item.target)}>", graphs[item.path])
    for mention in corpus.mentions:
        add(f"<{mint.entity(mention.source)}>", _MENTIONS, f"<{mint.entity(mention.target)}>", graphs[mention.path])


def _inferred(writer: Writer) -> str:
    """The graph of what no author states, described when it is first asked for."""
    graph = writer.inferred
    if not writer.told_of_inference:
        writer.told_of_inference = True
        writer.add(graph, made_by(), writer.activity(INFERENCE), graph)
    return graph


def _candidates(writer: Writer) -> None:
    """Names in prose that nobody declared: what they are in the graph of what was inferred, the mention in that of the page."""
    for item in writer.corpus.candidates:
        subject, graph = f"<{writer.mint.candidate(item.id)}>", _inferred(writer)
        writer.add(subject, TYPE, own("Candidate"), graph)
        writer.add(subject, TYPE, f"<{writer.mint.type(item.type)}>", graph)
        writer.add(subject, _LABEL, literal(item.title), graph)
        writer.add(subject, own("confidence"), number(float(item.confidence)), graph)
        for alias in item.aliases:
            writer.add(subject, _ALT, literal(alias), graph)
        for text in item.evidence:
            writer.add(subject, own("evidence"), literal(text), graph)
        for mention in item.mentions:
            writer.add(f"<{writer.mint.entity(mention.source)}>", _MENTIONS, subject, writer.graphs[mention.path])


def _sources(writer: Writer) -> None:
    mint, add = writer.mint, writer.add
    for work in writer.corpus.sources.values():
        subject, graph = f"<{mint.source(work.id)}>", writer.graphs[work.path]
        add(subject, TYPE, _CITED_SOURCE, graph)
        add(subject, _TITLE, literal(work.title), graph)
        if work.url:
            add(subject, _URL, literal(work.url), graph)
        for author in work.authors:
            add(subject, _AUTHOR, literal(author), graph)
        if work.date:
            add(subject, _PUBLISHED, date_literal(work.date), graph)
        if work.kind:
            add(subject, _KIND, literal(work.kind), graph)
            for kind in source_classes(work.kind):
                add(subject, TYPE, term(kind), graph)
    for citation in writer.corpus.citations:
        graph, work_iri = writer.graphs[citation.path], f"<{mint.source(citation.work)}>"
        add(f"<{mint.entity(citation.source)}>", _REFERENCES, work_iri, graph)
        if citation.path in writer.corpus.pages:
            add(f"<{mint.page(citation.source)}>", _CITES, work_iri, graph)
