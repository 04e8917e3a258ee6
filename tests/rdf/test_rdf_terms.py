"""IRIs and literals: any id gives a valid IRI that is its own."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

import pyoxigraph as ox
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rdflib import Literal, URIRef

from kgraph.model.types import TYPES
from kgraph.rdf.terms import KG, PREFIXES, Minter, date_literal, expand_or_none, literal, number, shorten

BASE = "https://example.org/kg/"
MINT = Minter(BASE)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
ODD = st.one_of(TEXT, st.text("./%2Ea~ #?:\\", min_size=1, max_size=8))


def valid(iri: str) -> bool:
    """Whether Oxigraph, which follows RFC 3987, and rdflib both take the IRI, and resolving it changes nothing."""
    ox.NamedNode(iri)
    parsed = [quad.subject.value for quad in ox.parse(f"<{iri}> <x:p> <x:o> .", format=ox.RdfFormat.N_TRIPLES)]
    URIRef(iri).n3()
    parts = urlsplit(iri)
    segments = parts.path.split("/")
    return parsed == [iri] and parts.scheme == "https" and parts.netloc == "example.org" and not {".", ".."} & set(segments)


@given(ODD)
@example("..")
@example("a/../../b")
@example("//x")
@example("?a=b#c")
@example("%2e%2e")
def test_any_id_gives_a_valid_iri_and_decodes_back(name: str) -> None:
    iri = MINT.entity(name)
    assert valid(iri)
    assert MINT.entity_id(iri) == name
    assert shorten(iri, BASE) == name
    for made in (MINT.page(name), MINT.file(name), MINT.graph("page", name), MINT.source(name), MINT.tag(name), MINT.property(name),
                 MINT.related(name, name), MINT.hub(name), MINT.candidate(name), MINT.sentence(name, "0f"), MINT.graph("catalog", name),
                 MINT.citation(name, name), MINT.footnote(name, name)):  # fmt: skip
        assert valid(made)
        assert made != iri
    ox.NamedNode(MINT.type(name))
    assert unquote(MINT.source(name)[len(BASE) + 7 :]) == name


@given(ODD, ODD)
@example(".", "%2E")
@example("a b", "a%20b")
@example("c++", "c")
@example("Foo", "foo")
@example("é", "e\u0301")
def test_distinct_ids_give_distinct_iris(one: str, other: str) -> None:
    for make in (MINT.entity, MINT.page, MINT.file, MINT.source, MINT.tag):
        assert (make(one) == make(other)) == (one == other)
    assert (MINT.property(one) == MINT.property(other)) == ("_".join(one.split()) == "_".join(other.split()))


@given(ODD, ODD, ODD, ODD)
@example("a", "b/c", "a/b", "c")
@example("a%2Fb", "c", "a/b", "c")
def test_distinct_pairs_give_distinct_iris(a: str, b: str, c: str, d: str) -> None:
    for make in (MINT.related, MINT.citation, MINT.footnote):
        assert (make(a, b) == make(c, d)) == ((a, b) == (c, d))


KEYS = ["c", "c++", "c#", "tier-1", "tier1", "key-question", "keyquestion", "entity", "document", "source-file", "relatedness",
        "cited-source", "+++", "", "ö", "page", *TYPES]  # fmt: skip


def test_types_that_nobody_knows_are_classes_of_the_site() -> None:
    made = {key: MINT.type(key) for key in KEYS}
    assert len(set(made.values())) == len(made)
    assert {key for key, iri in made.items() if iri.startswith(KG)} == set(TYPES)
    assert made["organization"] == KG + "Organization"
    assert made["tier-1"] == f"{BASE}type/tier-1"
    for iri in made.values():
        ox.NamedNode(iri)


@pytest.mark.parametrize("name", ["works with", "é<x>", "a/b", "1st", "", "-"])
def test_relations_named_by_a_configuration_give_valid_properties(name: str) -> None:
    iri = MINT.relation(name, True)
    assert list(ox.parse(f"<x:s> <{iri}> <x:o> .", format=ox.RdfFormat.N_TRIPLES))
    assert iri != MINT.relation("related", True)


def test_names_of_relations() -> None:
    assert MINT.relation("mitigated-by", True) == KG + "mitigatedBy"
    assert MINT.relation("related", True) == KG + "relatedTo"
    assert MINT.relation("mitigated-by", False) == BASE + "property/mitigated-by"


def test_surrogates_do_not_break_anything() -> None:
    for make in (MINT.entity, MINT.source, MINT.tag, MINT.property, MINT.type):
        ox.NamedNode(make("a\udcff"))


@given(st.text(st.characters(exclude_categories=["Cs"])))
@example('"\\\n\r\t\x00\x7f\u2028\ufffe')
def test_any_text_is_a_literal_that_reads_back(text: str) -> None:
    line = f"<x:s> <x:p> {literal(text)} ."
    (quad,) = ox.parse(line.encode(), format=ox.RdfFormat.N_TRIPLES)
    assert isinstance(quad.object, ox.Literal)
    assert quad.object.value == text


@given(st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15)))
@example(-1e-12)
@example(1e-9)
def test_numbers_are_of_the_lexical_form_of_their_type(value: float) -> None:
    match = re.fullmatch(r'"([^"]*)"\^\^<http://www.w3.org/2001/XMLSchema#(integer|decimal)>', number(value))
    assert match
    assert re.fullmatch(r"-?\d+" if match.group(2) == "integer" else r"-?\d+(\.\d+)?", match.group(1))
    assert abs(float(match.group(1)) - value) <= 1e-9 * max(1, abs(value))


@pytest.mark.parametrize(
    ("text", "kind"),
    [("2024-02-29", "date"), ("2024-02-29T10:00Z", "date"), ("2024-02", "gYearMonth"), ("2024", "gYear"), ("2023-02-29", ""),
     ("2024-13", ""), ("0000", ""), ("spring 2024", ""), ("2024ish", ""), ("20245", "")],
)  # fmt: skip
def test_dates(text: str, kind: str) -> None:
    made = date_literal(text)
    assert made.endswith(f"#{kind}>") if kind else made == literal(text)
    if kind:
        value = made.split('"')[1]
        assert text.startswith(value)
        assert not Literal(value, datatype=URIRef(PREFIXES["xsd"] + kind)).ill_typed


@pytest.mark.parametrize("name", ["ex:Device", "Device", "skos:a b", "", "skos:<x>", "https://a b", "javascript", ":x"])
def test_no_term_of_another_vocabulary(name: str) -> None:
    assert expand_or_none(name) is None


def test_terms_of_other_vocabularies() -> None:
    assert expand_or_none("skos:Concept") == PREFIXES["skos"] + "Concept"
    assert expand_or_none("https://example.org/x#Y") == "https://example.org/x#Y"
