"""Results that the RDF library writes: the same rows and triples as read into Python, cut where they should be."""

from __future__ import annotations

import json
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

import kgraph
from kgraph.errors import QueryError
from kgraph.rdf.results import render_result
from kgraph.rdf.sparql import run_query
from kgraph.rdf.written import WrittenResult, write_query

MOST = 1_000_000
ROWS = "SELECT ?s ?o { GRAPH ?g { ?s ?p ?o } } ORDER BY ?s ?o"
TRIPLES = "CONSTRUCT { ?s ?p ?o } { GRAPH ?g { ?s ?p ?o } }"
NASTY = ("},{", '"},{"s":{"type":"uri"', "}]}}", "\\", "\n", "a\x01", "ü", "", '{"results":{"bindings":[', "'")


def write(store: ox.Store, text: str, **options: Any) -> WrittenResult:
    wanted = {"table_form": "json", "graph_form": "ntriples", "limit": 1000, "most_bytes": MOST, **options}
    return write_query(store, text, **wanted)


def store_of(texts: list[str]) -> ox.Store:
    store = ox.Store()
    for number, text in enumerate(texts):
        subject = ox.NamedNode(f"http://e/{number:04}")
        store.add(ox.Quad(subject, ox.NamedNode("http://e/p"), ox.Literal(text), ox.NamedNode("http://e/g")))
    return store


@given(st.lists(st.lists(st.sampled_from(NASTY), max_size=4).map("".join), max_size=12), st.integers(1, 13))
def test_json_is_cut_at_a_row_whatever_the_literals_hold(texts: list[str], limit: int) -> None:
    store = store_of(texts)
    found = write(store, ROWS, limit=limit)
    plain = run_query(store, ROWS, limit=limit)
    assert json.loads(found.body or b"") == json.loads(render_result(plain, "json"))
    assert found.truncated == plain.truncated == (len(texts) > limit)


@pytest.mark.parametrize("limit", [1, 500, 999, 1000, 1001])
def test_long_results_are_cut_too(limit: int) -> None:
    store = store_of([f"{'x' * (number % 97)}}},{{" if number % 10 == 0 else "x" * (number % 97) for number in range(1000)])
    found = write(store, ROWS, limit=limit)
    assert len(json.loads(found.body or b"")["results"]["bindings"]) == min(limit, 1000)
    assert found.truncated == (limit < 1000)
    graph = write(store, TRIPLES, limit=limit)
    assert (graph.body or b"").count(b" .\n") == min(limit, 1000)
    assert graph.truncated == (limit < 1000)


@pytest.mark.parametrize("form", ["turtle", "ntriples", "jsonld", "rdfxml"])
def test_graphs_are_those_that_python_writes(sample: kgraph.KnowledgeGraph, form: str) -> None:
    for text in (TRIPLES, "DESCRIBE <https://kgraph.example/entity/anthropic>", "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o FILTER(false) }"):
        written = write(sample.store, text, graph_form=form, limit=10_000_000, most_bytes=1 << 30)
        plain = run_query(sample.store, text)
        assert (written.body or b"").decode() == render_result(plain, form)
        assert written.empty == (not plain.rows)
        assert not written.truncated


def test_blank_nodes_keep_what_they_join(sample: kgraph.KnowledgeGraph) -> None:
    text = "CONSTRUCT { [] kg:one ?e ; kg:two ?e } { ?e a kg:Risk }"
    for form in ("turtle", "ntriples"):
        body = write(sample.store, text, graph_form=form).body or b""
        subjects = {str(quad.subject) for quad in ox.parse(body, ox.RdfFormat.TURTLE)}
        assert len(subjects) == len(list(ox.parse(body, ox.RdfFormat.TURTLE))) / 2


@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv"])
def test_answers_of_ask(sample: kgraph.KnowledgeGraph, form: str) -> None:
    assert b"true" in (write(sample.store, "ASK { ?s ?p ?o }", table_form=form).body or b"")


def test_what_has_no_format_has_no_body(sample: kgraph.KnowledgeGraph) -> None:
    assert write(sample.store, "SELECT * { ?s ?p ?o }", table_form=None) == WrittenResult("table", None)
    assert write(sample.store, TRIPLES, graph_form=None) == WrittenResult("graph", None)


@pytest.mark.parametrize("form", ["json", "csv"])
@pytest.mark.parametrize("text", ["SELECT * { ?s ?p ?o }", TRIPLES])
def test_too_many_bytes_are_told(sample: kgraph.KnowledgeGraph, text: str, form: str) -> None:
    with pytest.raises(QueryError, match="more than 5,000 bytes"):
        write(sample.store, text, table_form=form, limit=100_000, most_bytes=5000)


@pytest.mark.parametrize("text", ["SELECT * { ?s ?p }", "SELECT (1/0 AS ?x) FROM { }", "DROP ALL"])
def test_what_does_not_parse_is_told(sample: kgraph.KnowledgeGraph, text: str) -> None:
    with pytest.raises(QueryError, match="does not parse"):
        write(sample.store, text)
