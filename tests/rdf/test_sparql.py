"""SPARQL over the sample wiki: named queries, parameters, results in every format, time limits."""

from __future__ import annotations

import gc
import io
import json
import re
import threading
from contextlib import suppress
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from rdflib.query import Result

import kgraph
from kgraph.errors import KgraphError, QueryError, UnknownPageError
from kgraph.rdf import waiting
from kgraph.rdf.labels import Labels
from kgraph.rdf.parameters import bind_parameters
from kgraph.rdf.queries import named_queries, parse_query_file
from kgraph.rdf.results import GRAPH_FORMATS, TABLE_FORMATS, render_result, write_result
from kgraph.rdf.sparql import QueryStream, bind, has_keyword, run_query
from kgraph.rdf.syntax import QuerySyntaxError
from kgraph.rdf.terms import PREFIXES, Minter
from kgraph.rdf.waiting import TooLateError, run_within
from tests.conftest import RunKgraph
from tests.processors import spent_by_children
from tests.rdf.reading import RDFLIB_FORMATS

QUERIES = named_queries()

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


def test_text_takes_no_parameters(sample: kgraph.KnowledgeGraph) -> None:
    with pytest.raises(QueryError, match="named queries only"):
        sample.run("SELECT * WHERE { ?s ?p ?o }", entity="x")


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("SELECT * WHERE {\n ?a kgr:linksTo ?b }", (2, 5), "unknown prefix `kgr`, did you mean `kg`"),
        ("SELECT * WHERE { ?a qqqq:x ?b # kg:\n }", (1, 21), "declare it: PREFIX qqqq: <IRI>"),
        ("PREFIX ex: <https://example.org/>\nSELECT * WHERE { ?a exx:x 'zz:y' }", (2, 21), "did you mean `ex`"),
        ("SELECT * WHERE { ?a kg:x ", (1, 16), "`{` here is not closed"),
        ("SELECT * WHERE { ?a ?b ?c }}", (1, 28), "`}` closes nothing"),
        ("SELECT ?s (?n AS ?n) { ?s ?p ?n }", (1, 18), "`?n` has a value already: call what is computed here by another name"),
        ("SELECT ?s { ?s ?p ?o BIND(1 AS $s) }", (1, 32), "`$s` has a value already: call what is computed here by another name"),
        ("SELECT ?x { ?s ?p ?o BIND(1 AS ?x) FILTER(?o = ) }", (1, 51), "does not go here"),
        ("SELECT ?n { ?a ?b ?n { SELECT (COUNT(?s) AS ?n) { ?s ?p ?o } } FILTER(?n = ) }", (1, 79), "does not go here"),
        ("SELECT ?s { ?s ?p ?n FILTER(?n => 3) }", (1, 32), "`=>` is no operator: write `>=`"),
        ("SELECT DISTINCT count(?s) { ?s ?p ?o }", (1, 17), "SELECT takes a name for what is computed: write (COUNT(…) AS ?name)"),
        ("ASK {{_:a a ?s}{_:a a ?s}}", (1, 17), "`_:a` stands in another group already: write a variable, such as ?a"),
        ("SELEC * { }", (1, 1), "did you mean SELECT"),
        ("SELECT ?a WHERE { ?a kg:linksTo ?b . FILTER(REGX(?b)) }", (1, 45), "did you mean REGEX"),
        ("SELECT (COUNT(*) AS ?n) ?a { ?a ?b ?c }", (1, 40), "neither in GROUP BY"),
        ("SELECT * { ?a ?b 'x }", (1, 18), "no closing '"),
        ("SELECT * { <a> ?b ?c }", (1, 12), "relative IRI"),
        ("SELECT * { ?a <b c> ?c }", (1, 15), "no valid IRI"),
        ("SELECT ?a, ?b { ?a ?b ?c }", (1, 10), "separated by spaces"),
        ("SELECT ?a { ?a ?b ?c }\nGROUP ?a", (2, 9), "expected BY"),
        ("# hello\n INSERT DATA { <x:a> <x:b> <x:c> }", (2, 2), "INSERT is an update"),
        ("# nothing\n\n", (1, 1), "the query is empty"),
    ],
)
def test_errors_point_at_the_place_and_say_the_mend(text: str, place: tuple[int, int], words: str, sample: kgraph.KnowledgeGraph) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        sample.run(text)
    assert (caught.value.line, caught.value.column) == place
    assert words in str(caught.value)
    assert f"line {place[0]}, column {place[1]}: " in str(caught.value)


@given(st.text(alphabet="SELECT{}()?*<>:.;'\"#\n\\ kgwhereAS", max_size=60))
def test_errors_never_fail_to_be_explained(text: str) -> None:
    with suppress(QueryError):
        run_query(ox.Store(), text)


def test_places_are_those_of_the_query_before_it_is_bound(sample: kgraph.KnowledgeGraph) -> None:
    query = parse_query_file("x", "# X.\n# param e: string -- text\nSELECT ?a WHERE { ?a kgr:x ?e }")
    with pytest.raises(QuerySyntaxError, match="line 3, column 22: unknown prefix `kgr`"):
        sample.run(query, e="text")


def test_a_stream_gives_the_same_rows(sample: kgraph.KnowledgeGraph) -> None:
    text = "SELECT ?s ?p ?o WHERE { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 3000"
    stream = sample.stream(text)
    assert isinstance(stream, QueryStream)
    assert tuple(stream.rows) == sample.run(text).rows
    assert sample.stream("ASK { }") == sample.run("ASK { }")
    endless = sample.stream("SELECT * WHERE { ?a ?b ?c . ?d ?e ?f }", timeout=60)
    assert isinstance(endless, QueryStream)
    assert len([next(endless.rows) for _ in range(10)]) == 10
    endless.rows.close()  # type: ignore[attr-defined]
    with pytest.raises(QuerySyntaxError):
        sample.stream("SELECT {")
    late = sample.stream("SELECT * WHERE { ?a ?b ?c . ?d ?e ?f }", timeout=0.5)
    assert isinstance(late, QueryStream)
    with pytest.raises(QueryError, match="stopped after"):
        sum(1 for _ in late.rows)


def test_tables_fit_the_terminal_and_name_what_iris_mean(sample: kgraph.KnowledgeGraph) -> None:
    result = sample.run("SELECT ?e ?p ?o WHERE { VALUES ?p { kg:linksTo } ?e a kg:Risk ; ?p ?o }")
    lines = "".join(write_result(result, "table", base=sample.head.base_iri, labels=Labels(sample.store), width=70)).splitlines()
    assert max(map(len, lines)) <= 70
    assert len(lines) == len(result.rows) + 2
    wide = "".join(write_result(result, "table", base=sample.head.base_iri, labels=Labels(sample.store)))
    assert re.search(r"racing-dynamics \(Racing dynamics\) +kg:linksTo \(links to\)", wide)
    titled = sample.run("SELECT ?e ?t WHERE { ?e a kg:Risk ; skos:prefLabel ?t }")
    assert "(" not in "".join(write_result(titled, "table", base=sample.head.base_iri, labels=Labels(sample.store)))


SLOW = [
    "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f . FILTER(STR(?a) = CONCAT(STR(?f), 'x')) ?g ?h ?i }",
    "ASK { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(STR(?a) = CONCAT(STR(?f), STR(?i), 'x')) }",
]


@pytest.mark.parametrize("text", SLOW)
def test_a_query_that_takes_too_long_is_stopped(text: str, sample_workspace: Any, run_kgraph: RunKgraph) -> None:
    started = spent_by_children()
    done = run_kgraph("query", "-", "--timeout", "0.3", "-w", sample_workspace, input=text)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "kgraph: the query was stopped after 0.3 s: make it more selective or raise --timeout\n"
    assert spent_by_children() - started < 10


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
    for text in ("select * from <x:g> where {}", "SELECT*FROM<x:g>{}", "SELECT (1 AS ?n)FROM<x:g>{}", "DESCRIBE<x:a>FROM<x:g>"):
        assert has_keyword(text, "FROM")
    assert has_keyword("SELECT * { ?s ?p 1SERVICE<x:g>{} }", "SERVICE")
    assert not has_keyword("SELECT ?from { ?from kg:resultsFrom ?FROM }", "FROM")
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
    listed = run_kgraph("query", "--list", "--format", "json").stdout
    assert {row["name"]: row["purpose"] for row in json.loads(listed)} == {query.name: query.purpose for query in QUERIES.values()}
    (sample_workspace.parent / "odd.rq").write_text("# Odd.\nSELECT * WHERE { ?a kgr:x ?b }")
    odd = run_kgraph("query", sample_workspace.parent / "odd.rq", "-w", sample_workspace)
    assert (odd.returncode, len(odd.stderr.splitlines())) == (2, 1)
    assert "odd.rq:2:21: " in odd.stderr


def test_errors_are_those_of_the_package() -> None:
    assert issubclass(QuerySyntaxError, KgraphError)


def test_work_that_takes_too_long_is_left_behind_and_other_work_goes_on() -> None:
    held = threading.Event()
    with pytest.raises(TooLateError):
        run_within(0.01, held.wait)
    before = threading.active_count()
    assert [run_within(5, lambda number=number: number) for number in range(20)] == list(range(20))  # type: ignore[misc]
    assert threading.active_count() <= before + 1, "a thread for each piece of work"
    held.set()
    with pytest.raises(ZeroDivisionError):
        run_within(None, lambda: 1 // 0)


def test_a_parameter_is_bound_in_subqueries_too() -> None:
    text = "# WHERE { \nSELECT ?a WHERE { { SELECT ?a WHERE { ?a ?v 'WHERE {' } } } # WHERE {"
    bound = bind(text, {"v": ox.NamedNode("x:p")})
    assert bound.count("VALUES ?v { <x:p> }") == 2
    assert bound.startswith("# WHERE { \n")
    assert bound.endswith("'WHERE {' } } } # WHERE {")


@pytest.mark.parametrize("form", ["json", "table"])
def test_a_query_that_fails_half_way_is_told_of_in_one_line(form: str, sample_workspace: Any, run_kgraph: RunKgraph) -> None:
    """The library lets a result go in the thread that made it only."""
    text = "SELECT ?s WHERE { ?s a kg:Risk . SERVICE <http://127.0.0.1:9/x> { ?s ?p ?o } }"
    done = run_kgraph("query", "-", "--format", form, "-w", sample_workspace, input=text)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr
    assert "the query failed" in done.stderr


def test_a_failure_keeps_nothing_of_the_library(sample: kgraph.KnowledgeGraph, capfd: pytest.CaptureFixture[str]) -> None:
    for _ in range(3):
        with pytest.raises(QueryError, match="the query failed"):
            sample.run("SELECT ?s WHERE { ?s a kg:Risk . SERVICE <http://127.0.0.1:9/x> { ?s ?p ?o } }")
    gc.collect()
    assert "unsendable" not in capfd.readouterr().err


def test_work_that_was_quick_is_done_at_once_and_is_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []
    here = threading.current_thread()

    def work() -> None:
        seen.append(threading.current_thread() is here)

    monkeypatch.setattr(waiting, "_QUICK", 60.0)
    for _ in range(3):
        run_within(None, work, key="some work")
    run_within(None, work)
    assert seen == [False, True, True, False]
    monkeypatch.setattr(waiting, "_QUICK", -1.0)
    run_within(None, work, key="some work")
    run_within(None, work, key="some work")
    assert seen[4:] == [True, False], "it was slow the last time"
    monkeypatch.setattr(waiting, "_QUICK", 60.0)
    run_within(None, work, key="some work")
    with pytest.raises(TooLateError):
        run_within(-1.0, work, key="some work")
