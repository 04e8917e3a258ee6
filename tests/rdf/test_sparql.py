"""SPARQL over the sample wiki: named queries, parameters, results in every format, time limits."""

from __future__ import annotations

import io
import time
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.query import Result

import kgraph
from kgraph.errors import KgraphError, QueryError, UnknownPageError
from kgraph.rdf.parameters import bind_parameters
from kgraph.rdf.results import GRAPH_FORMATS, TABLE_FORMATS, render_result
from kgraph.rdf.sparql import QuerySyntaxError, bind, find_named_query, has_keyword, named_queries, parse_query_file, run_query
from kgraph.rdf.terms import PREFIXES, Minter
from tests.conftest import REPOSITORY, RunKgraph
from tests.rdf.reading import RDFLIB_FORMATS

QUERIES = named_queries()
ARGUMENTS: dict[str, dict[str, str]] = {
    "bridges": {"first": "EU AI Act", "second": "eu-ai-office"},
    "entities-of-type": {"type": "labs"},
    "what-mitigates": {"entity": "Racing dynamics"},
    "paths": {"from": "oecd", "to": "eu-ai-act"},
    "same-sources": {"entity": "bletchley-summit"},
    "shared": {"first": "openai", "second": "anthropic"},
    "tagged": {"tag": "institutions"},
}
MAY_BE_EMPTY = {"contradictory-relations", "dead-ends", "inferred-types", "same-sources", "short-of-expected", "thin-pages"}
"""Queries of which the sample wiki has no answer."""


def arguments_of(name: str) -> dict[str, Any]:
    return ARGUMENTS.get(name) or {p.name: "eu-ai-act" for p in QUERIES[name].parameters if p.kind == "entity"}


def test_the_folder_of_queries_is_all_there() -> None:
    assert sorted(QUERIES) == sorted(path.stem for path in (REPOSITORY / "queries").glob("*.rq"))
    assert len(QUERIES) >= 30


@pytest.mark.parametrize("name", QUERIES)
def test_named_queries_give_rows_and_tell_what_they_give(name: str, sample: kgraph.KnowledgeGraph) -> None:
    query = QUERIES[name]
    result = sample.run(name, **arguments_of(name))
    assert bool(result.rows) or name in MAY_BE_EMPTY
    assert query.purpose.endswith(".")
    assert len(query.purpose) > 10
    if result.kind == "solutions":
        assert tuple(column.split(" -- ")[0] for column in query.columns) == result.variables
        assert all(len(column.split(" -- ")[1]) > 3 for column in query.columns)
        assert "PREFIX" not in query.text
    for parameter in query.parameters:
        assert parameter.purpose
        assert f"?{parameter.name}" in query.text
    again = sample.run(name, **arguments_of(name))
    assert sorted(map(str, again.rows)) == sorted(map(str, result.rows))


def test_rows_of_some_named_queries_are_right(sample: kgraph.KnowledgeGraph) -> None:
    back = sample.query("backlinks", entity="eu-ai-act")
    links = {link.source for link in sample.statements.links if link.target == "eu-ai-act" and link.source != "eu-ai-act"}
    assert set(back["page"]) == links
    types = sample.query("types").set_index("label")["entities"].to_dict()
    assert sum(types.values()) == sample.stats()["entities"]
    rows = sample.query("related", entity="EU AI Act")
    assert list(rows["target"]) == [item.id for item in sample.rankings.related["eu-ai-act"][:10]]
    linked = {link.target for link in sample.statements.links if link.target != link.source}
    orphans = {page.entity for page in sample.head.pages.values()} - linked
    assert set(sample.query("orphans")["entity"]) == orphans
    organizations = sample.query("entities-of-type", type="labs")["entity"]
    assert set(organizations) == {entity.id for entity in sample.head.entities.values() if entity.type == "organization"}


INJECTIONS = [
    '"}; DROP', "> <http://x", '"', "'", "\n", "\\", "a\\", "\\u0022", "} UNION { ?s ?p ?o", "?x", "<http://example.org/>", "\r\n\t\x00",
    '""" . ?s ?p ?o . """', "# comment", "é🐝", "{{", "$entity", "\udcff",
]  # fmt: skip
TEXT_QUERY = "# Echo.\n# param text: string -- any text\n# param number: integer = 3 -- a number\nSELECT ?text ?number WHERE { }"


@pytest.mark.parametrize("value", INJECTIONS)
def test_parameters_cannot_become_a_part_of_the_query(value: str, sample: kgraph.KnowledgeGraph) -> None:
    query = parse_query_file("echo", TEXT_QUERY)
    bound = bind_parameters(query, {"text": value}, Minter("https://example.org/"), sample.entity_id, sample.types)
    result = run_query(sample.store, query.text, bindings=bound)
    assert [[term.value for term in row] for row in result.rows] == [[value.replace("\udcff", "?"), "3"]]
    with pytest.raises(UnknownPageError):
        sample.run("backlinks", entity=value)
    assert not sample.run("entities-of-type", type=value).rows
    with pytest.raises(QueryError, match="whole number"):
        bind_parameters(query, {"text": "x", "number": value}, Minter("https://example.org/"), sample.entity_id, sample.types)
    hostile_name: dict[str, Any] = {value: "x"}
    with pytest.raises(QueryError, match="no parameter"):
        sample.run("backlinks", entity="eu-ai-act", **hostile_name)
    hostile = Minter("https://example.org/").entity(value)
    rows = run_query(sample.store, "SELECT ?e WHERE { }", bindings={"e": ox.NamedNode(hostile)}).rows
    assert [row[0].value for row in rows] == [hostile]


def test_a_query_is_bound_at_its_own_where_clause() -> None:
    text = '# a comment WHERE {\nPREFIX x: <http://x/y#> SELECT ?v\nWHERE\n{ ?v ?p "WHERE {" }'
    assert bind(text, {"v": ox.Literal("1")}) == text.replace("WHERE\n{", 'WHERE\n{ VALUES ?v { "1" } ')
    one_line = "PREFIX x: <http://x/y#> SELECT ?v WHERE { }"
    assert 'VALUES ?v { "1" }' in bind(one_line, {"v": ox.Literal("1")})
    with pytest.raises(QueryError, match="write the keyword"):
        bind("SELECT ?v { }", {"v": ox.Literal("1")})


def test_what_is_missing_is_said(sample: kgraph.KnowledgeGraph) -> None:
    with pytest.raises(QueryError, match="needs --param entity="):
        sample.run("backlinks")
    with pytest.raises(QueryError, match="did you mean backlinks"):
        find_named_query("backlink")
    with pytest.raises(QueryError, match="not of the form"):
        parse_query_file("x", "# What.\n# param a b c\nSELECT * WHERE {}")
    with pytest.raises(QueryError, match="named queries only"):
        sample.run("SELECT * WHERE { ?s ?p ?o }", entity="x")


SLOW = [
    "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f . FILTER(STR(?a) = CONCAT(STR(?f), 'x')) ?g ?h ?i }",
    "ASK { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(STR(?a) = CONCAT(STR(?f), STR(?i), 'x')) }",
]


@pytest.mark.parametrize("text", SLOW)
def test_a_query_that_takes_too_long_is_stopped(text: str, sample_workspace: Any, run_kgraph: RunKgraph) -> None:
    started = time.monotonic()
    done = run_kgraph("query", "-", "--timeout", "0.3", "-w", sample_workspace, input=text)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "kgraph: the query was stopped after 0.3 s: make it more selective or raise --timeout\n"
    assert time.monotonic() - started < 10


def test_prefixes_are_known_and_the_default_graph_is_the_union(sample: kgraph.KnowledgeGraph) -> None:
    for prefix, iri in PREFIXES.items():
        (row,) = sample.run(f"SELECT (STR({prefix}:x) AS ?iri) WHERE {{ }}").rows
        assert row[0].value == iri + "x"
    found = sample.run("SELECT DISTINCT ?s ?p ?o WHERE { ?s ?p ?o }").rows
    assert {tuple(map(str, row)) for row in found} == {(str(q.subject), str(q.predicate), str(q.object)) for q in sample.store}
    one = sample.run("SELECT (COUNT(*) AS ?n) FROM <https://kgraph.example/graph/rankings> WHERE { ?s kg:linksTo ?o }").rows
    assert one[0][0].value == "0"
    assert sample.run("SELECT ?e WHERE { GRAPH ?g { ?e kg:linksTo ?x } ?e kg:pageRank ?r }").rows


def test_nothing_is_written(sample: kgraph.KnowledgeGraph) -> None:
    before = len(sample.store)
    for text in ("INSERT DATA { <x:s> <x:p> <x:o> }", "DELETE WHERE { ?s ?p ?o }", "DROP ALL", "CLEAR DEFAULT"):
        with pytest.raises(QuerySyntaxError):
            sample.run(text)
    assert len(sample.store) == before


@pytest.mark.parametrize("text", ["SELECT WHERE {", "SELECT ?x WHERE { ?x foaff:name ?y }", "SELECT ?x\nWHERE { ?x ?y }\n", "x y"])
def test_syntax_errors_are_one_line(text: str, sample: kgraph.KnowledgeGraph) -> None:
    with pytest.raises(QuerySyntaxError, match="does not parse") as caught:
        sample.run(text)
    assert "\n" not in str(caught.value)


def test_keywords_in_strings_and_names_do_not_count() -> None:
    assert has_keyword("select * from <x:g> where {}", "FROM")
    assert not has_keyword('SELECT ("FROM <x:g>" AS ?from) WHERE { ?s <x:FROM> ?o } # FROM <x:g>', "FROM")


VALUES = (
    'SELECT ?plain ?formula ?plus ?minus ?at ?odd ?language ?integer ?decimal ?truth ?iri ?none WHERE { BIND("text" AS ?plain) '
    'BIND("=1+1" AS ?formula) BIND("+1" AS ?plus) BIND("-1" AS ?minus) BIND("@x" AS ?at) '
    'BIND("a,\\"b\\"\\n\\tc\\\\ <&> é" AS ?odd) BIND("hello"@en AS ?language) BIND(42 AS ?integer) BIND(1.5 AS ?decimal) '
    "BIND(true AS ?truth) BIND(<https://example.org/a?b=c&d> AS ?iri) }"
)
PLAIN = ["text", "=1+1", "+1", "-1", "@x", 'a,"b"\n\tc\\ <&> é', "hello", "42", "1.5", "true", "https://example.org/a?b=c&d", None]


def _by_oxigraph(text: str, form: str) -> list[list[tuple[str, ...] | None]]:
    formats = {"json": ox.QueryResultsFormat.JSON, "xml": ox.QueryResultsFormat.XML, "tsv": ox.QueryResultsFormat.TSV}
    found = ox.parse_query_results(text.encode(), format=formats[form])
    assert isinstance(found, ox.QuerySolutions)
    places = range(len(found.variables))
    return [[None if row[p] is None else (str(row[p]),) for p in places] for row in found]


@pytest.mark.parametrize("form", ["json", "xml", "tsv", "csv"])
def test_solutions_are_read_by_others(form: str, sample: kgraph.KnowledgeGraph) -> None:
    result = sample.run(VALUES)
    text = render_result(result, form)
    read = Result.parse(io.BytesIO(text.encode()), format=form)
    assert [str(variable) for variable in read.vars or ()] == list(result.variables)
    row: Any = next(iter(read))
    values = [None if term is None else str(term) for term in row]
    assert values == (PLAIN if form != "csv" else [value or None for value in PLAIN])
    if form != "csv":
        assert row[6].language == "en"
        assert row[7].datatype == rdflib.XSD.integer
        assert row[8].datatype == rdflib.XSD.decimal
        assert isinstance(row[10], rdflib.URIRef)
        assert _by_oxigraph(text, form) == [[None if term is None else (str(term),) for term in result.rows[0]]]


def test_csv_is_exact(sample: kgraph.KnowledgeGraph) -> None:
    text = render_result(sample.run(VALUES), "csv")
    assert text == (
        "plain,formula,plus,minus,at,odd,language,integer,decimal,truth,iri,none\r\n"
        'text,=1+1,+1,-1,@x,"a,""b""\n\tc\\ <&> é",hello,42,1.5,true,https://example.org/a?b=c&d,\r\n'
    )
    assert render_result(sample.run("SELECT ?x WHERE { FILTER(false) }"), "csv") == "x\r\n"
    (line,) = render_result(sample.run("SELECT (BNODE() AS ?b) WHERE { }"), "csv").split("\r\n")[1:2]
    assert line.startswith("_:")


@pytest.mark.parametrize("form", TABLE_FORMATS)
def test_no_rows_and_control_characters(form: str, sample: kgraph.KnowledgeGraph) -> None:
    render_result(sample.run("SELECT ?x WHERE { FILTER(false) }"), form)
    told = render_result(sample.run('SELECT ("a\\u0001b\\uFFFEc\\rd" AS ?x) WHERE { }'), form)
    if form == "xml":
        (row,) = list(Result.parse(io.BytesIO(told.encode()), format="xml"))
        assert str(row[0]) == "a\ufffdb\ufffdc\rd"  # type: ignore[index]
    elif form == "json":
        (row,) = list(Result.parse(io.BytesIO(told.encode()), format="json"))
        assert str(row[0]) == "a\x01b\ufffec\rd"  # type: ignore[index]


@pytest.mark.parametrize("form", TABLE_FORMATS)
def test_triple_terms_are_written(form: str, sample: kgraph.KnowledgeGraph) -> None:
    told = render_result(sample.run("SELECT (TRIPLE(<x:s>, <x:p>, 1) AS ?t) WHERE { }"), form)
    assert "x:s" in told
    if form in ("json", "xml", "tsv"):
        assert "x:p" in _by_oxigraph(told, form)[0][0][0]  # type: ignore[index]
    assert "x:s" in str(sample.query("SELECT (TRIPLE(<x:s>, <x:p>, 1) AS ?t) WHERE { }")["t"][0])


@pytest.mark.parametrize("answer", [True, False])
@pytest.mark.parametrize("form", TABLE_FORMATS)
def test_ask(form: str, answer: bool, sample: kgraph.KnowledgeGraph) -> None:
    text = render_result(sample.run("ASK { ?s kg:linksTo ?o }" if answer else "ASK { ?s kg:nothing ?o }"), form)
    if form in ("json", "xml"):
        assert Result.parse(io.BytesIO(text.encode()), format=form).askAnswer is answer
        read = ox.parse_query_results(text.encode(), format=ox.QueryResultsFormat.JSON if form == "json" else ox.QueryResultsFormat.XML)
        assert isinstance(read, ox.QueryBoolean)
        assert bool(read) is answer
    else:
        assert text == f"{answer}\n".lower()


@pytest.mark.parametrize("form", GRAPH_FORMATS)
@pytest.mark.parametrize(
    "text", ["CONSTRUCT { ?s skos:prefLabel ?l } WHERE { ?s skos:prefLabel ?l }", "DESCRIBE <https://kgraph.example/entity/eu-ai-act>"]
)
def test_graphs_are_read_by_others(form: str, text: str, sample: kgraph.KnowledgeGraph) -> None:
    result = sample.run(text)
    assert result.kind == "triples"
    assert len(result.rows) > 10
    read = rdflib.Graph().parse(data=render_result(result, form), format=RDFLIB_FORMATS[form])
    told = {tuple(str(getattr(term, "value", term)) for term in row) for row in result.rows}
    assert len(read) == len(result.rows)
    if "CONSTRUCT" in text:
        assert {tuple(map(str, triple)) for triple in read} == told


def test_forms_that_do_not_go_together(sample: kgraph.KnowledgeGraph) -> None:
    with pytest.raises(QueryError, match="use --format turtle"):
        render_result(sample.run("CONSTRUCT WHERE { ?s a kg:Policy }"), "csv")
    with pytest.raises(QueryError, match="use --format table"):
        render_result(sample.run("ASK { }"), "turtle")
    turtle = render_result(sample.run("CONSTRUCT WHERE { ?s a kg:Policy }"), "table")
    assert "kg:Policy" in turtle


def test_a_limit_is_told(sample: kgraph.KnowledgeGraph) -> None:
    few = run_query(sample.store, "SELECT * WHERE { ?s ?p ?o }", limit=5)
    assert (len(few.rows), few.truncated) == (5, True)
    whole = run_query(sample.store, "SELECT * WHERE { ?s a kg:Policy }", limit=100_000)
    assert not whole.truncated


def test_the_command_line_gives_the_same(sample_workspace: Any, sample: kgraph.KnowledgeGraph, run_kgraph: RunKgraph) -> None:
    text = "SELECT ?e ?t WHERE { ?e a kg:Policy ; skos:prefLabel ?t } ORDER BY ?t"
    done = run_kgraph("query", "-", "--format", "tsv", "-w", sample_workspace, input=text)
    assert done.stdout == render_result(sample.run(text), "tsv")
    hostile = run_kgraph("query", "backlinks", "-p", 'entity="}; DROP', "-w", sample_workspace)
    assert (hostile.returncode, len(hostile.stderr.splitlines())) == (2, 1)
    listed = run_kgraph("query", "--list", "--format", "csv").stdout
    assert all(f"{query.name},{query.purpose}" in listed.replace('"', "") for query in QUERIES.values())


def test_errors_are_those_of_the_package() -> None:
    assert issubclass(QuerySyntaxError, KgraphError)
