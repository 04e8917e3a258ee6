"""The ontology: in OWL 2 RL, labelled, commented, and as the tables have it."""

from __future__ import annotations

import re

import pytest
import rdflib
from rdflib import OWL, RDF, RDFS, XSD, URIRef
from rdflib.namespace import DCTERMS

from kgraph.model.relations import RELATIONS
from kgraph.model.types import TYPES
from kgraph.rdf.terms import KG, Minter
from scripts.ontology_reference import ONTOLOGY, PAGE, ontology, page

UNIT = URIRef("https://schema.org/unitText")
ANNOTATIONS = {RDFS.label, RDFS.comment, OWL.versionInfo, DCTERMS.title, DCTERMS.description, DCTERMS.license, UNIT}
KINDS = {OWL.Ontology, OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, OWL.SymmetricProperty}
AXIOMS = {RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range, OWL.inverseOf}
RL_DATATYPES = {XSD.string, XSD.integer, XSD.decimal, XSD.boolean, XSD.nonNegativeInteger, XSD.anyURI, XSD.dateTime}


@pytest.fixture(scope="module")
def graph() -> rdflib.Graph:
    return rdflib.Graph().parse(ONTOLOGY)


def test_the_file_and_its_page_are_up_to_date() -> None:
    text = ONTOLOGY.read_text(encoding="utf-8")
    assert ontology(text) == text, "run `python scripts/ontology_reference.py`"
    assert page(text) == PAGE.read_text(encoding="utf-8"), "run `python scripts/ontology_reference.py`"


def test_only_constructs_of_owl_2_rl(graph: rdflib.Graph) -> None:
    """https://www.w3.org/TR/owl2-profiles/#OWL_2_RL: named classes and properties, no class expression, datatypes of the profile."""
    kinds = {term: set(graph.objects(term, RDF.type)) for term in set(graph.subjects())}
    for s, p, o in graph:
        assert isinstance(s, URIRef)
        assert p in ANNOTATIONS or p in AXIOMS or (p == RDF.type and o in KINDS), (s, p, o)
        if p == RDFS.subClassOf:
            assert OWL.Class in kinds[s]
            assert OWL.Class in kinds[o]
        elif p in (RDFS.subPropertyOf, OWL.inverseOf):
            assert kinds[s] & kinds[o] & {OWL.ObjectProperty, OWL.DatatypeProperty}
            assert p == RDFS.subPropertyOf or OWL.ObjectProperty in kinds[s]
        elif p == RDFS.domain:
            assert OWL.Class in kinds[o]
        elif p == RDFS.range:
            assert OWL.Class in kinds[o] if OWL.ObjectProperty in kinds[s] else o in RL_DATATYPES
    for term, found in kinds.items():
        assert len(found & {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty}) == (term != URIRef(KG[:-1]))


def test_every_term_of_ours_has_one_label_and_a_comment(graph: rdflib.Graph) -> None:
    terms = [term for term in set(graph.subjects(RDF.type)) if str(term).startswith(KG)]
    assert len(terms) > 200
    for term in terms:
        assert len(list(graph.objects(term, RDFS.label))) == 1, term
        assert len(list(graph.objects(term, RDFS.comment))) == 1, term
        assert not set(graph.objects(term, RDF.type)) & {OWL.ObjectProperty} or graph.value(term, RDFS.range), term


def test_counts_and_measures_have_units(graph: rdflib.Graph) -> None:
    for term in graph.subjects(RDF.type, OWL.DatatypeProperty):
        if graph.value(term, RDFS.range) in (XSD.integer, XSD.decimal) and term != URIRef(KG + "community"):
            assert graph.value(term, UNIT), term


def test_every_type_and_relation_of_the_tables_is_there(graph: rdflib.Graph) -> None:
    mint = Minter("https://example.org/")
    for key in TYPES:
        assert (URIRef(mint.type(key)), RDFS.subClassOf, URIRef(KG + "Entity")) in graph
    for name, known in RELATIONS.items():
        term = URIRef(mint.relation(name, True))
        assert (term, RDF.type, OWL.ObjectProperty) in graph
        if known.inverse and not known.symmetric:
            assert (term, OWL.inverseOf, URIRef(mint.relation(known.inverse, True))) in graph
            assert RELATIONS[known.inverse].inverse is not None
        assert ((term, RDF.type, OWL.SymmetricProperty) in graph) == known.symmetric


def test_no_relation_is_both_associative_and_hierarchical() -> None:
    """SKOS S27: skos:related is disjoint with skos:broaderTransitive, and every curated relation is below skos:related."""
    assert not [name for name, known in RELATIONS.items() if known.property in ("skos:broader", "skos:narrower", "skos:broaderTransitive")]


def test_a_relation_of_a_site_is_no_property_of_our_own(graph: rdflib.Graph) -> None:
    core = {str(term)[len(KG) :] for term in graph.subjects(RDF.type, None) if (term, RDFS.range, None) in graph}
    core -= {str(term)[len(KG) :] for term in graph.subjects(RDFS.subPropertyOf, None)}
    assert {"score", "line", "supportsSentence"} <= core
    for name in core:
        assert Minter("https://example.org/").relation("-".join(re.findall("[A-Z]?[^A-Z]+", name)).lower(), True) != KG + name
