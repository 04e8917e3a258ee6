"""ORDER BY over numbers beside other values, which ends the process of the library where it is left to it."""

from __future__ import annotations

import random
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


def _safe(value: str, way: str = "ASC") -> str:
    time = "<http://www.w3.org/2001/XMLSchema#time>"
    return f"{way}(isNumeric({value})) {way}(IF(COALESCE(DATATYPE({value}) = {time}, false), STR({value}), {value}))"


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("SELECT * {} ORDER BY ?a", f"SELECT * {{}} ORDER BY {_safe('?a')}"),
        ("SELECT * {} order  by asc( ?a )desc(?b)", f"SELECT * {{}} order  by {_safe(' ?a ', 'asc')}{_safe('?b', 'desc')}"),
        ("SELECT * {} ORDER#\nBY # x (\n ?a LIMIT 2", f"SELECT * {{}} ORDER#\nBY # x (\n {_safe('?a')} LIMIT 2"),
        ("SELECT * {} ORDER BY STR(?a) (?a > ')') ?c", "SELECT * {} ORDER BY STR(?a) " + _safe("?a > ')'") + " " + _safe("?c")),
        ("SELECT * {} ORDER BY DESC(COUNT(?a)) xsd:integer(?b)", None),
        (
            "SELECT * {} ORDER BY DESC(STRLEN(?a) + 1) MAX(?b)",
            f"SELECT * {{}} ORDER BY {_safe('STRLEN(?a) + 1', 'DESC')} {_safe('MAX(?b)')}",
        ),
        ("SELECT * {} ORDER BY <http://e/f>(?a) ?b", f"SELECT * {{}} ORDER BY {_safe('<http://e/f>(?a)')} {_safe('?b')}"),
        ("SELECT ?order { ?order kg:order ?by . FILTER(?by != '''ORDER BY ?x''') }", None),
        ("SELECT * { ?a <http://e/ORDER%20BY> ?b } # ORDER BY ?a", None),
        ("SELECT * {} ORDER BY", None),
        ("SELECT * {} ORDER BY (", None),
        ("SELECT * {} ORDER BY COALESCE(?a, (1)", None),
        ("# column a: iri -- x\nSELECT ?a {} ORDER BY ?a", None),
        ("# column a: any -- x\nSELECT ?a {} ORDER BY ?a", f"# column a: any -- x\nSELECT ?a {{}} ORDER BY {_safe('?a')}"),
        ("SELECT ?a {\n# column a: iri -- x\n} ORDER BY ?a", f"SELECT ?a {{\n# column a: iri -- x\n}} ORDER BY {_safe('?a')}"),
    ],
)
def test_what_may_be_of_several_kinds_is_changed(text: str, safe: str | None) -> None:
    assert order_safely(text) == (text if safe is None else safe)


@pytest.mark.parametrize("condition", ["?o", "DESC(COALESCE(?o, 1))", "(IF(BOUND(?o), ?o, 2)) STR(?o)"])
def test_many_values_of_all_kinds_are_sorted(condition: str, sample: kgraph.KnowledgeGraph) -> None:
    """Sorting ends the process where what is sorted has no order, and only where it meets such values side by side."""
    draw = random.Random(1)
    kinds = ("{n}", "{n}.5", '"{n}a"', '"{n}"@en', "<http://e/{n}>", '"2024-01-{d:02}"^^xsd:date', '"{d:02}:00:00{z}"^^xsd:time')
    values = [draw.choice(kinds).format(n=draw.randrange(200), d=draw.randrange(1, 24), z=draw.choice(("", "-09:00"))) for _ in range(3000)]
    rows = run_query(sample.store, f"SELECT ?o {{ VALUES ?o {{ {' '.join(values)} }} }} ORDER BY {condition}").rows
    assert len(rows) == len(values)


def test_named_queries_stay_as_they_are_unless_they_sort_anything() -> None:
    assert {name for name, query in named_queries().items() if order_safely(query.text) != query.text} == {"provenance"}


def test_all_statements_sorted(run_kgraph: RunKgraph, sample_workspace: Path, sample: kgraph.KnowledgeGraph, tmp_path: Path) -> None:
    query = tmp_path / "all.rq"
    query.write_text("SELECT ?s ?o { GRAPH ?g { ?s ?p ?o } } ORDER BY ?s DESC(?o)", encoding="utf-8")
    done = run_kgraph("query", str(query), "--workspace", str(sample_workspace), "--format", "csv")
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) > sample.stats()["triples"]
