"""What the dataset means: it conforms to its shapes, its ontology is whole, its graphs say where statements come from."""

from __future__ import annotations

import re
from pathlib import Path

import pyshacl
import pytest
import rdflib
from rdflib import OWL, RDF, RDFS, SKOS, XSD, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, PROV

import kgraph
from kgraph.config import Config
from kgraph.errors import ConfigError
from kgraph.rdf.terms import KG, PREFIXES, Minter
from kgraph.rdf.vocabulary import ontology_quads
from tests.ingest.wiki import corpus_of, write_wiki

NS = Namespace(KG)
SCHEMA = Namespace("https://schema.org/")
RDF_FOLDER = Path(kgraph.__file__).parent / "rdf"
BASE = "https://kgraph.example/"


def shapes() -> rdflib.Graph:
    return rdflib.Graph().parse(RDF_FOLDER / "shapes.ttl")


def union(kg: kgraph.KnowledgeGraph) -> rdflib.Graph:
    plain = rdflib.Graph()
    for s, p, o, _ in kg.to_rdflib().quads((None, None, None, None)):
        plain.add((s, p, o))
    return plain


def conforms(graph: rdflib.Graph) -> tuple[bool, str]:
    verdict, _, text = pyshacl.validate(graph, shacl_graph=shapes(), ont_graph=rdflib.Graph().parse(RDF_FOLDER / "ontology.ttl"))
    return verdict, text


@pytest.fixture(scope="module")
def graph(sample: kgraph.KnowledgeGraph) -> rdflib.Graph:
    return union(sample)


@pytest.fixture(scope="module")
def odd_graph(odd: kgraph.KnowledgeGraph) -> rdflib.Graph:
    return union(odd)


def test_the_sample_conforms_to_the_shapes(graph: rdflib.Graph) -> None:
    verdict, text = conforms(graph)
    assert verdict, text[:3000]


def test_a_hostile_wiki_conforms_to_the_shapes(odd_graph: rdflib.Graph) -> None:
    verdict, text = conforms(odd_graph)
    assert verdict, text[:3000]


@pytest.mark.parametrize("damage", ["two labels", "no main entity", "score of 2", "rank as text", "no path", "literal link"])
def test_a_damaged_graph_does_not_conform(damage: str, odd_graph: rdflib.Graph) -> None:
    broken = rdflib.Graph()
    for triple in odd_graph:
        broken.add(triple)
    entity = next(broken.subjects(NS.stub, None))
    page = next(broken.subjects(RDF.type, NS.Document))
    pair = next(broken.subjects(RDF.type, NS.Relatedness))
    if damage == "two labels":
        broken.add((entity, SKOS.prefLabel, Literal("Another label")))
    elif damage == "no main entity":
        broken.remove((page, SCHEMA.mainEntity, None))
    elif damage == "score of 2":
        broken.set((pair, NS.score, Literal("2.0", datatype=XSD.decimal)))
    elif damage == "rank as text":
        broken.set((pair, NS["rank"], Literal("first")))
    elif damage == "no path":
        broken.remove((next(broken.subjects(RDF.type, NS.SourceFile)), NS.path, None))
    else:
        broken.add((entity, NS.linksTo, Literal("there")))
    verdict, text = conforms(broken)
    assert not verdict
    assert re.search(r"Results \([12]\)", text)


@pytest.mark.parametrize("name", ["graph", "odd_graph"])
def test_every_class_is_one_of_the_field(name: str, request: pytest.FixtureRequest) -> None:
    found: rdflib.Graph = request.getfixturevalue(name)
    classes = set(found.subjects(RDFS.subClassOf, NS.Entity))
    used = {kind for entity in found.subjects(NS.stub) for kind in found.objects(entity, RDF.type)} & classes
    assert len(used) > 4
    for kind in used:
        assert (kind, RDF.type, OWL.Class) in found
        assert (kind, RDFS.subClassOf, NS.Entity) in found
        assert found.value(kind, RDFS.label)
        own = set(found.objects(kind, RDFS.subClassOf)) - {NS.Entity}
        assert own, f"{kind} is no subclass of a term of the field"
        assert all(any(str(parent).startswith(iri) for iri in (*PREFIXES.values(), "https://example.org/")) for parent in own)
    for entity in found.subjects(NS.stub):
        [kind] = set(found.objects(entity, RDF.type)) & classes
        more = set(found.objects(entity, RDF.type)) - {NS.Entity, kind}
        assert more == set(found.objects(kind, RDFS.subClassOf)) - {NS.Entity}, "more general classes are entailed"


def test_known_types_have_their_classes(graph: rdflib.Graph) -> None:
    for kind, parent in (("Organization", "org:Organization"), ("Organization", "schema:Organization"), ("Policy", "schema:Legislation"),
                         ("Concept", "skos:Concept"), ("Person", "schema:Person"), ("Person", "foaf:Person")):  # fmt: skip
        prefix, local = parent.split(":")
        assert (NS[kind], RDFS.subClassOf, URIRef(PREFIXES[prefix] + local)) in graph


def _is_relation(graph: rdflib.Graph, term: rdflib.term.Node) -> bool:
    return NS.relatedTo in graph.transitive_objects(term, RDFS.subPropertyOf)


@pytest.mark.parametrize("name", ["graph", "odd_graph"])
def test_relations_are_declared_with_their_inverses(name: str, request: pytest.FixtureRequest) -> None:
    found: rdflib.Graph = request.getfixturevalue(name)
    entities = set(found.subjects(NS.stub))
    between = {p for s, p, o in found if s in entities and o in entities and str(p).startswith((KG, BASE))} - {NS.linksTo}
    assert len(between) > 3
    for relation in between:
        assert _is_relation(found, relation), relation
        assert (relation, RDF.type, OWL.ObjectProperty) in found
        assert found.value(relation, RDFS.label)
    assert (NS.relatedTo, RDFS.subPropertyOf, SKOS.related) in found
    pairs = list(found.subject_objects(OWL.inverseOf))
    assert pairs
    for one, other in pairs:
        assert (other, OWL.inverseOf, one) in found
        assert _is_relation(found, one)
        assert ((one, RDF.type, OWL.SymmetricProperty) in found) == (one == other)


def test_a_relation_and_its_inverse(odd_graph: rdflib.Graph) -> None:
    assert (NS.mitigates, OWL.inverseOf, NS.mitigatedBy) in odd_graph
    assert str(odd_graph.value(NS.mitigatedBy, RDFS.label)) == "mitigated by"
    odd = URIRef(Minter(BASE).property("odd-<rel>"))
    inverse = odd_graph.value(odd, OWL.inverseOf)
    assert str(odd_graph.value(inverse, RDFS.label)) == "is odd of"
    assert (odd, RDFS.subPropertyOf, SCHEMA.knows) in odd_graph


@pytest.mark.parametrize(
    ("settings", "words"),
    [('[types.page]\nparents = ["ex:Device"]', r"types.page.parents: 'ex:Device' is no term"),
     ('[relations.mitigates]\nproperty = "skos:a b"', r"relations.mitigates.property: 'skos:a b' is no term")],
)  # fmt: skip
def test_a_term_that_is_none_is_an_error_of_the_configuration(settings: str, words: str, tmp_path: Path) -> None:
    from kgraph.config import read_config

    (tmp_path / "kgraph.toml").write_text(settings)
    config: Config = read_config(tmp_path / "kgraph.toml")
    files = {"a.md": "---\nrelatedEntries:\n- {id: b, relationship: mitigates}\n---\n[[b]]", "b.md": "x"}
    corpus = corpus_of(tmp_path, files, config)
    with pytest.raises(ConfigError, match=words):
        ontology_quads(corpus, config.type_vocabulary(), config.relation_vocabulary())


def test_each_page_and_catalog_has_a_graph_that_tells_its_file(sample: kgraph.KnowledgeGraph, page_hashes: dict[str, str]) -> None:
    dataset = sample.to_rdflib()
    mint = Minter(BASE)
    graphs = {str(graph.identifier) for graph in dataset.graphs() if len(graph)}
    expected = {mint.graph("page", page.entity) for page in sample.head.pages.values()}
    expected |= {mint.graph("catalog", path) for path in sample.head.catalogs}
    assert graphs == expected | {mint.graph(name) for name in ("rankings", "ontology", "provenance", "entailed")}
    pages = [page for page in sample.head.pages.values() if page.path.endswith(("eu-ai-act.md", "eu-ai-act.mdx"))]
    assert len(sample.head.pages) > 100
    assert len(pages) == 1
    for page in sample.head.pages.values():
        name = URIRef(mint.graph("page", page.entity))
        inside = dataset.graph(name)
        file = inside.value(name, PROV.wasDerivedFrom)
        assert file == URIRef(mint.file(page.path))
        assert str(inside.value(file, NS.path)) == page.path
        assert str(inside.value(file, NS.sha256)) == page_hashes[page.path]
        assert str(inside.value(file, NS.reader)) in ("mdx", "markdown")
    for path in sample.head.catalogs:
        inside = dataset.graph(URIRef(mint.graph("catalog", path)))
        file = URIRef(mint.file(path))
        assert str(inside.value(file, NS.sha256)) == page_hashes[path]
        assert str(inside.value(file, NS.reader)) == "yaml"


def test_statements_lie_in_the_graph_of_the_page_that_makes_them(sample: kgraph.KnowledgeGraph) -> None:
    dataset = sample.to_rdflib()
    mint = Minter(BASE)
    for predicate, rows in ((NS.linksTo, sample.statements.links), (SCHEMA.mentions, sample.statements.mentions)):
        wanted = {
            (mint.entity(row.source), mint.entity(row.target), mint.graph("page", row.source))
            for row in rows if row.target is not None and row.target != row.source
        }  # fmt: skip
        found = {(str(s), str(o), str(g)) for s, _, o, g in dataset.quads((None, predicate, None, None))}
        assert wanted
        assert found == wanted
    stated = {(str(s), str(p), str(o), str(g)) for s, p, o, g in dataset.quads((None, None, None, None))}
    known = sample.config.relation_vocabulary().known
    for relation in sample.statements.relations:
        if relation.target is not None:
            kind, name = ("catalog", relation.path) if relation.path in sample.head.catalogs else ("page", relation.source)
            made = mint.relation(relation.name, known(relation.name))
            assert (mint.entity(relation.source), made, mint.entity(relation.target), mint.graph(kind, name)) in stated


def test_metrics_of_pages_are_triples(sample: kgraph.KnowledgeGraph, graph: rdflib.Graph) -> None:
    mint = Minter(BASE)
    for page in sample.head.pages.values():
        subject = URIRef(mint.page(page.entity))
        for name, value in (("wordCount", page.counts.words), ("tableCount", page.counts.tables), ("diagramCount", page.counts.diagrams),
                            ("imageCount", page.counts.images), ("internalLinkCount", page.internal_links),
                            ("externalLinkCount", page.external_links), ("footnoteCount", page.counts.footnotes),
                            ("citationCount", page.citations)):  # fmt: skip
            assert [int(str(found)) for found in graph.objects(subject, NS[name])] == [value]
        assert [str(found) for found in graph.objects(subject, DCTERMS.modified)] == ([page.date] if page.date else [])


def test_results_are_those_of_the_ranking(sample: kgraph.KnowledgeGraph, graph: rdflib.Graph) -> None:
    mint = Minter(BASE)
    items = sample.rankings.related["eu-ai-act"][: sample.config.rdf.related]
    assert items
    for item in items:
        pair = URIRef(mint.related("eu-ai-act", item.id))
        assert float(str(graph.value(pair, NS.score))) == item.score
        assert int(str(graph.value(pair, NS["rank"]))) == item.rank
        assert graph.value(pair, NS.target) == URIRef(mint.entity(item.id))
    measures = sample.rankings.measures["eu-ai-act"]
    entity = URIRef(mint.entity("eu-ai-act"))
    assert float(str(graph.value(entity, NS.pageRank))) == measures.pagerank
    assert int(str(graph.value(entity, NS.inDegree))) == measures.in_degree


def test_the_ontology_declares_every_term_of_ours_that_is_used(graph: rdflib.Graph, odd_graph: rdflib.Graph) -> None:
    for found in (graph, odd_graph):
        terms = {p for _, p, _ in found if str(p).startswith(KG)} | {o for o in found.objects(None, RDF.type) if str(o).startswith(KG)}
        assert not [term for term in terms if (term, RDFS.label, None) not in found]


CATALOGS = {
    "content/acme.md": "---\ntitle: Acme\ntags: [both]\naliases: [The Acme]\n---\n# Acme\n\nMakes anvils.\n",
    "data/entities/orgs.yaml": (
        "- {id: acme, title: Acme Corporation, type: organization, aliases: [AC, The Acme], tags: [both, rows], description: In a row.}\n"
        "- {id: bolt, title: Bolt, type: organization, description: First.}\n"
    ),
    "data/facts/more.yaml": (
        "- {id: acme, aliases: [AC, Acme Inc.], website: https://acme.example/}\n"
        "- {id: bolt, aliases: [Bolts], tags: [late], title: Bolt}\n"
    ),
}


def test_what_only_a_catalog_states_lies_in_its_graph(tmp_path: Path) -> None:
    write_wiki(tmp_path / "wiki", CATALOGS)
    kg = kgraph.build(tmp_path / "wiki", tmp_path / "workspace")
    page, orgs, facts = "page/acme", "catalog/data/entities/orgs.yaml", "catalog/data/facts/more.yaml"
    rows = {(row[0].rsplit("/", 1)[-1], row[1], row[2], row[3].removeprefix(BASE + "graph/")) for row in (
        [str(term) for term in quad] for quad in kg.to_rdflib().quads((None, None, None, None))
    )}  # fmt: skip

    def where(entity: str, name: str, value: str) -> set[str]:
        prefix, local = name.split(":")
        return {graph for s, p, o, graph in rows if (s, p, o) == (entity, PREFIXES[prefix] + local, value)}

    assert where("acme", "skos:prefLabel", "Acme") == {page}
    assert where("acme", "skos:altLabel", "The Acme") == {page}
    assert where("acme", "skos:altLabel", "Acme Corporation") == {orgs}
    assert where("acme", "skos:altLabel", "AC") == {orgs}
    assert where("acme", "skos:altLabel", "Acme Inc.") == {facts}
    assert where("acme", "rdf:type", KG + "Organization") == {orgs}
    assert where("acme", "kg:typeOrigin", "catalog") == {orgs}
    assert where("acme", "kg:declaredType", "organization") == {orgs}
    assert where("acme", "dcterms:description", "In a row.") == {orgs}
    assert where("acme", "kg:tag", BASE + "tag/both") == {page}
    assert where("acme", "kg:tag", BASE + "tag/rows") == {orgs}
    assert where("rows", "skos:prefLabel", "rows") == {orgs}
    assert where("acme", "schema:url", "https://acme.example/") == {facts}
    assert where("bolt", "skos:prefLabel", "Bolt") == {orgs}
    assert where("bolt", "dcterms:description", "First.") == {orgs}
    assert where("bolt", "skos:altLabel", "Bolts") == {facts}
    assert where("bolt", "kg:tag", BASE + "tag/late") == {facts}


@pytest.mark.parametrize("name", ["graph", "odd_graph"])
def test_what_follows_by_the_ontology_is_stated_or_entailed(name: str, request: pytest.FixtureRequest) -> None:
    """Rules prp-spo1, prp-inv1, prp-inv2 and prp-symp of OWL 2 RL (https://www.w3.org/TR/owl2-profiles/) over what is said of entities."""
    found: rdflib.Graph = request.getfixturevalue(name)
    more: dict[rdflib.term.Node, set[rdflib.term.Node]] = {}
    for one, other in found.subject_objects(RDFS.subPropertyOf):
        more.setdefault(one, set()).add(other)
    back: dict[rdflib.term.Node, set[rdflib.term.Node]] = {one: {one} for one in found.subjects(RDF.type, OWL.SymmetricProperty)}
    for one, other in found.subject_objects(OWL.inverseOf):
        back.setdefault(one, set()).add(other)
        back.setdefault(other, set()).add(one)
    waiting = [(s, p, o) for s in found.subjects(NS.stub) for p, o in found.predicate_objects(s) if p in more or p in back]
    assert len(waiting) > 50
    while waiting:
        s, p, o = waiting.pop()
        for general in more.get(p, ()):
            assert (s, general, o) in found, (s, general, o)
        for inverse in back.get(p, ()):
            assert (o, inverse, s) in found, (o, inverse, s)
