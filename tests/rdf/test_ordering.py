"""ORDER BY over numbers beside other values, which ends the process of the library where it is left to it."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

import kgraph
from kgraph.rdf.ordering import order_safely
from kgraph.rdf.queries import named_queries
from kgraph.rdf.sparql import run_query
from kgraph.rdf.terms import PREFIXES
from tests.conftest import RunKgraph

TERMS = st.one_of(
    st.integers(-20, 1200).map(ox.Literal), st.floats(-9, 99, allow_nan=False).map(ox.Literal), st.booleans().map(ox.Literal),
    st.text("0123a \"<", max_size=4).map(ox.Literal), st.sampled_from(("de", "en")).map(lambda tag: ox.Literal("1", language=tag)),
    st.integers(0, 9).map(lambda n: ox.NamedNode(f"http://e/{n}")),
    st.integers(10, 28).map(lambda n: ox.Literal(f"2024-01-{n}", datatype=ox.NamedNode(PREFIXES["xsd"] + "date"))),
)  # fmt: skip


@given(st.lists(TERMS, max_size=120))
def test_values_of_any_kind_are_sorted_numbers_behind_the_others(terms: list[ox.NamedNode | ox.Literal]) -> None:
    store = ox.Store()
    for number, term in enumerate(terms):
        store.add(ox.Quad(ox.NamedNode(f"http://e/s{number}"), ox.NamedNode("http://e/p"), term, ox.NamedNode("http://e/g")))
    rows = [row[0] for row in run_query(store, "SELECT ?o { ?s ?p ?o } ORDER BY ?o").rows]
    assert sorted(map(str, rows)) == sorted(map(str, terms))
    numbers = [isinstance(term, ox.Literal) and term.datatype.value.rpartition("#")[2] in ("integer", "double") for term in rows]
    assert numbers == sorted(numbers)
    values = [float(term.value) for term, is_number in zip(rows, numbers, strict=True) if is_number]
    assert values == sorted(values)
    downwards = [row[0] for row in run_query(store, "SELECT ?o { ?s ?p ?o } ORDER BY DESC(?o)").rows]
    assert [float(term.value) for term in downwards[: len(values)]] == values[::-1]


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("SELECT * {} ORDER BY ?a", "SELECT * {} ORDER BY ASC(isNumeric(?a)) ASC(?a)"),
        ("SELECT * {} order  by asc( ?a )desc(?b)", "SELECT * {} order  by asc(isNumeric(?a)) asc(?a)desc(isNumeric(?b)) desc(?b)"),
        ("SELECT * {} ORDER#\nBY # x (\n ?a LIMIT 2", "SELECT * {} ORDER#\nBY # x (\n ASC(isNumeric(?a)) ASC(?a) LIMIT 2"),
        ("SELECT * {} ORDER BY STR(?a) (')' = ?b) ?c", "SELECT * {} ORDER BY STR(?a) (')' = ?b) ASC(isNumeric(?c)) ASC(?c)"),
        ("SELECT ?order { ?order kg:order ?by . FILTER(?by != '''ORDER BY ?x''') }", None),
        ("SELECT * { ?a <http://e/ORDER%20BY> ?b } # ORDER BY ?a", None),
        ("SELECT * {} ORDER BY", None),
        ("SELECT * {} ORDER BY (", None),
        ("# column a: iri -- x\nSELECT ?a {} ORDER BY ?a", None),
        ("# column a: any -- x\nSELECT ?a {} ORDER BY ?a", "# column a: any -- x\nSELECT ?a {} ORDER BY ASC(isNumeric(?a)) ASC(?a)"),
        ("SELECT ?a {\n# column a: iri -- x\n} ORDER BY ?a", "SELECT ?a {\n# column a: iri -- x\n} ORDER BY ASC(isNumeric(?a)) ASC(?a)"),
    ],
)
def test_only_variables_to_sort_by_are_changed(text: str, safe: str | None) -> None:
    assert order_safely(text) == (text if safe is None else safe)


def test_named_queries_stay_as_they_are_unless_they_sort_anything() -> None:
    assert {name for name, query in named_queries().items() if order_safely(query.text) != query.text} == {"provenance"}


def test_all_statements_sorted(run_kgraph: RunKgraph, sample_workspace: Path, sample: kgraph.KnowledgeGraph, tmp_path: Path) -> None:
    query = tmp_path / "all.rq"
    query.write_text("SELECT ?s ?o { GRAPH ?g { ?s ?p ?o } } ORDER BY ?s DESC(?o)", encoding="utf-8")
    done = run_kgraph("query", str(query), "--workspace", str(sample_workspace), "--format", "csv")
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) > sample.stats()["triples"]
