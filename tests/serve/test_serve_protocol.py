"""SPARQL 1.1 Protocol: every way to ask, every format of an answer."""

from __future__ import annotations

import csv
import html
import io
import xml.etree.ElementTree as ET
from typing import Any

import pytest
import rdflib
from rdflib.query import Result
from starlette.testclient import TestClient

import kgraph
from kgraph.rdf.queries import named_queries

TITLES = "SELECT ?e ?title { ?e a kg:Risk ; skos:prefLabel ?title } ORDER BY ?title"
GRAPH = "CONSTRUCT { ?e skos:prefLabel ?title } WHERE { ?e a kg:Risk ; skos:prefLabel ?title }"
PREF_LABEL = rdflib.SKOS.prefLabel


@pytest.fixture(scope="module")
def risks(sample: kgraph.KnowledgeGraph) -> list[str]:
    return sorted(entity.title for entity in sample.head.entities.values() if entity.type == "risk")


def json_titles(data: Any) -> list[str]:
    return [row["title"]["value"] for row in data["results"]["bindings"]]


@pytest.mark.parametrize("way", ["get", "form", "direct"])
def test_a_query_may_come_in_three_ways(client: TestClient, risks: list[str], way: str) -> None:
    if way == "get":
        answer = client.get("/sparql", params={"query": TITLES})
    elif way == "form":
        answer = client.post("/sparql", data={"query": TITLES})
    else:
        answer = client.post("/sparql", content=TITLES, headers={"Content-Type": "application/sparql-query; charset=utf-8"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/sparql-results+json"
    assert len(risks) >= 5
    assert json_titles(answer.json()) == risks


@pytest.mark.parametrize(
    ("accept", "media", "form"),
    [
        ("application/sparql-results+json", "application/sparql-results+json", "json"),
        ("application/json", "application/json", "json"),
        ("application/sparql-results+xml", "application/sparql-results+xml", "xml"),
        ("text/csv", "text/csv; charset=utf-8", "csv"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8", "tsv"),
        ("text/csv;q=0.5, application/sparql-results+xml;q=0.9", "application/sparql-results+xml", "xml"),
        ("*/*", "application/sparql-results+json", "json"),
        ("text/turtle, text/csv;q=0.1", "text/csv; charset=utf-8", "csv"),
    ],
)
def test_tables_in_every_format(client: TestClient, risks: list[str], accept: str, media: str, form: str) -> None:
    answer = client.get("/sparql", params={"query": TITLES}, headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == media
    assert "Accept" in answer.headers["vary"]
    if form == "csv":
        titles = [row["title"] for row in csv.DictReader(io.StringIO(answer.text))]
    else:
        parsed = Result.parse(io.BytesIO(answer.content), format=form)
        titles = [str(row[rdflib.Variable("title")]) for row in parsed.bindings]
    assert titles == risks


@pytest.mark.parametrize(
    ("form", "media"), [("csv", "text/csv"), ("xml", "sparql-results+xml"), ("text/csv", "text/csv"), ("tsv", "text/tab")]
)
def test_the_format_parameter_wins_over_the_header(client: TestClient, form: str, media: str) -> None:
    answer = client.get("/sparql", params={"query": TITLES, "format": form}, headers={"Accept": "application/json"})
    assert answer.status_code == 200
    assert media in answer.headers["content-type"]


@pytest.mark.parametrize(
    ("accept", "media", "form"),
    [
        ("text/turtle", "text/turtle; charset=utf-8", "turtle"),
        ("application/n-triples", "application/n-triples", "nt"),
        ("application/rdf+xml", "application/rdf+xml", "xml"),
        ("application/ld+json", "application/ld+json", "json-ld"),
        ("application/trig", "application/trig", "trig"),
        ("application/n-quads", "application/n-quads", "nquads"),
        ("application/n-quads;q=0.9, application/trig;q=0.95, text/turtle;q=0.1", "application/trig", "trig"),
        ("*/*", "text/turtle; charset=utf-8", "turtle"),
    ],
)
def test_graphs_in_every_format(client: TestClient, risks: list[str], accept: str, media: str, form: str) -> None:
    answer = client.post("/sparql", data={"query": GRAPH}, headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == media
    graph = rdflib.Dataset(default_union=True).parse(data=answer.content, format=form)
    assert sorted(str(title) for title in graph.objects(None, PREF_LABEL)) == risks


@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv"])
def test_ask(client: TestClient, form: str) -> None:
    answers = [
        client.get("/sparql", params={"query": query, "format": form}).text for query in ("ASK { ?s a kg:Risk }", "ASK { kg:no a ?x }")
    ]
    if form == "json":
        assert '"boolean":true' in answers[0]
        assert '"boolean":false' in answers[1]
    elif form == "xml":
        told = [ET.fromstring(answer).findtext("{http://www.w3.org/2005/sparql-results#}boolean") for answer in answers]
        assert told == ["true", "false"]
    else:
        assert [answer.strip() for answer in answers] == ["true", "false"]


def test_the_dataset_of_the_protocol(client: TestClient, sample: kgraph.KnowledgeGraph) -> None:
    entity = sample.get_entity("eu-ai-act")
    found = sample.run(f"SELECT DISTINCT ?g {{ GRAPH ?g {{ <{sample.head.base_iri}entity/{entity.id}> ?p ?o }} }} ORDER BY ?g")
    graphs = [row[0].value for row in found.rows]
    assert len(graphs) >= 2

    def count(query: str, **parameters: Any) -> int:
        answer = client.get("/sparql", params={"query": f"SELECT (COUNT(*) AS ?n) {{ {query} }}", **parameters})
        assert answer.status_code == 200
        return int(answer.json()["results"]["bindings"][0]["n"]["value"])

    each = [count("?s ?p ?o", **{"default-graph-uri": graph}) for graph in graphs[:2]]
    both = count("?s ?p ?o", **{"default-graph-uri": graphs[:2]})
    assert all(each)
    assert max(each) < both <= sum(each)
    assert count("?s ?p ?o") > both
    assert count("GRAPH ?g { ?s ?p ?o }", **{"named-graph-uri": graphs[0]}) == each[0]
    assert count("?s ?p ?o", **{"named-graph-uri": graphs[0]}) == 0
    posted = client.post(
        "/sparql", params={"default-graph-uri": graphs[0]}, content="SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
        headers={"Content-Type": "application/sparql-query"},
    )  # fmt: skip
    assert int(posted.json()["results"]["bindings"][0]["n"]["value"]) == each[0]


def test_a_result_that_is_cut_says_so(serve: Any, sample_workspace: Any) -> None:
    client = serve(sample_workspace, limit=3)
    cut = client.get("/sparql", params={"query": TITLES})
    assert len(json_titles(cut.json())) == 3
    assert cut.headers["x-kgraph-truncated"] == "3"
    whole = client.get("/sparql", params={"query": TITLES + " LIMIT 3"})
    assert len(json_titles(whole.json())) == 3
    assert "x-kgraph-truncated" not in whole.headers


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("*/*", "turtle"), ("application/rdf+xml", "xml"), ("application/ld+json", "json-ld"), ("application/n-triples", "nt"),
        ("application/trig", "trig"), ("application/n-quads", "nquads"),
    ],
)  # fmt: skip
def test_without_query_programs_get_the_service_description(client: TestClient, accept: str, form: str) -> None:
    answer = client.get("/sparql", headers={"Accept": accept})
    assert answer.status_code == 200
    graph = rdflib.Dataset(default_union=True).parse(data=answer.content, format=form)
    described = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    endpoint = rdflib.URIRef("http://127.0.0.1:7878/sparql")
    assert (endpoint, described.endpoint, endpoint) in graph
    assert (endpoint, described.supportedLanguage, described.SPARQL11Query) in graph
    assert (endpoint, described.feature, described.UnionDefaultGraph) in graph
    assert not [node for node in graph.all_nodes() if isinstance(node, rdflib.BNode)]


SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")


@pytest.fixture(scope="module")
def description(sample_client: TestClient) -> rdflib.Graph:
    return rdflib.Graph().parse(data=sample_client.get("/sparql", headers={"Accept": "text/turtle"}).content)


def test_the_description_keeps_to_domains_and_ranges(description: rdflib.Graph) -> None:
    """Domains and ranges of https://www.w3.org/TR/sparql11-service-description/, section 3.4."""
    (service,) = description.subjects(rdflib.RDF.type, SD.Service)
    assert list(description.objects(service, SD.endpoint)) == [service]
    for name in (SD.supportedLanguage, SD.feature, SD.resultFormat, SD.defaultEntailmentRegime):
        assert all(isinstance(value, rdflib.URIRef) for value in description.objects(service, name))
        assert set(description.subjects(name)) == {service}
    (dataset,) = description.objects(service, SD.defaultDataset)
    assert (dataset, rdflib.RDF.type, SD.Dataset) in description
    (default,) = description.objects(dataset, SD.defaultGraph)
    assert (default, rdflib.RDF.type, SD.Graph) in description
    for graph in description.objects(dataset, SD.namedGraph):
        assert (graph, rdflib.RDF.type, SD.NamedGraph) in description
        assert len(list(description.objects(graph, SD.name))) == 1
    assert {SD.BasicFederatedQuery, SD.DereferencesURIs, SD.RequiresDataset}.isdisjoint(description.objects(service, SD.feature))


def test_the_graphs_and_counts_described_are_those_of_the_store(client: TestClient, description: rdflib.Graph) -> None:
    query = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"
    graphs = {row["g"]["value"] for row in client.get("/sparql", params={"query": query}).json()["results"]["bindings"]}
    named = {str(name) for name in description.objects(None, SD.name)}
    assert len(named) > 100
    assert named <= graphs
    assert {graph.split("/graph/")[1].split("/")[0] for graph in graphs - named} <= {"catalog", "entailed", "inferred", "provenance"}
    void = rdflib.VOID
    (dataset,) = description.subjects(rdflib.RDF.type, void.Dataset)
    for partition in description.objects(dataset, void.classPartition):
        kind, told = description.value(partition, void["class"]), description.value(partition, void.entities)
        counted = client.get("/sparql", params={"query": f"SELECT (COUNT(DISTINCT ?e) AS ?n) {{ ?e a kg:Entity, <{kind}> }}"}).json()
        assert counted["results"]["bindings"][0]["n"]["value"] == str(told)
    base = str(description.value(dataset, void.uriSpace))
    assert str(description.value(dataset, void.exampleResource)).startswith(base)


def test_every_prefix_that_is_described_is_known_to_queries(client: TestClient, description: rdflib.Graph) -> None:
    prefixes = {
        str(description.value(node, rdflib.SH.prefix)): str(description.value(node, rdflib.SH.namespace))
        for node in description.objects(None, rdflib.SH.declare)
    }
    assert len(prefixes) >= 14
    told = " ".join(f"({name}:x AS ?{name})" for name in sorted(prefixes))
    (row,) = client.get("/sparql", params={"query": f"SELECT {told} {{}}"}).json()["results"]["bindings"]
    assert {name: term["value"] for name, term in row.items()} == {name: iri + "x" for name, iri in prefixes.items()}


def test_the_dataset_of_the_request_wins_over_that_of_the_query(client: TestClient, sample: kgraph.KnowledgeGraph) -> None:
    """SPARQL 1.1 Protocol, section 2.1.4."""
    base = sample.head.base_iri + "graph/page/"
    one, other = base + "eu-ai-act", base + "racing-dynamics"

    def subjects(query: str, **parameters: Any) -> set[str]:
        answer = client.get("/sparql", params={"query": query, **parameters})
        assert answer.status_code == 200
        return {row["s"]["value"] for row in answer.json()["results"]["bindings"]}

    alone = subjects("SELECT DISTINCT ?s { ?s ?p ?o }", **{"default-graph-uri": one})
    assert alone
    assert subjects(f"SELECT DISTINCT ?s FROM <{one}> {{ ?s ?p ?o }}") == alone
    assert subjects(f"SELECT DISTINCT ?s FROM <{other}> {{ ?s ?p ?o }}") != alone
    assert subjects(f"SELECT DISTINCT ?s FROM <{other}> {{ ?s ?p ?o }}", **{"default-graph-uri": one}) == alone
    within = f"SELECT DISTINCT ?s FROM NAMED <{other}> {{ GRAPH ?g {{ ?s ?p ?o }} }}"
    assert subjects(within, **{"named-graph-uri": one}) == alone
    both = subjects("SELECT DISTINCT ?s { GRAPH ?g { ?s ?p ?o } }", **{"named-graph-uri": [one, other]})
    assert both == alone | subjects(within)
    assert subjects(within, **{"default-graph-uri": one}) == set()


@pytest.mark.parametrize("name", ["default-graph-uri", "named-graph-uri"])
def test_a_dataset_without_a_query_is_malformed(client: TestClient, name: str) -> None:
    assert client.get("/sparql", params={name: "https://example.org/g"}).status_code == 400


def test_head_is_get_without_a_body(client: TestClient) -> None:
    for address in ("/sparql", "/sparql?query=ASK%7B%7D"):
        got, head = client.get(address, headers={"Accept": "*/*"}), client.head(address, headers={"Accept": "*/*"})
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-type"] == got.headers["content-type"]


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def test_without_query_people_get_a_form_with_the_named_queries(client: TestClient) -> None:
    answer = client.get("/sparql", headers={"Accept": BROWSER})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert '<textarea name="query"' in answer.text
    assert 'href="/sparql?named=most-linked"' in answer.text
    filled = client.get("/sparql", params={"named": "most-linked"}, headers={"Accept": BROWSER})
    texts = [
        html.unescape(page.split("<textarea", 1)[1].split(">", 1)[1].split("</textarea>", 1)[0]) for page in (filled.text, answer.text)
    ]
    assert texts[0].strip() == named_queries()["most-linked"].text.strip()
    assert texts[1].strip() != texts[0].strip()


def test_a_named_query_with_parameters_is_shown_with_values_and_runs(client: TestClient, sample: kgraph.KnowledgeGraph) -> None:
    page = client.get("/sparql", params={"named": "backlinks"}, headers={"Accept": BROWSER}).text
    query = html.unescape(page.split("<textarea", 1)[1].split(">", 1)[1].split("</textarea>", 1)[0])
    assert f"VALUES ?entity {{ <{sample.head.base_iri}entity/" in query
    rows = client.get("/sparql", params={"query": query}).json()["results"]["bindings"]
    assert rows


def test_people_see_results_as_a_table_with_links_to_entities(client: TestClient) -> None:
    answer = client.get("/sparql", params={"query": TITLES}, headers={"Accept": BROWSER})
    assert answer.status_code == 200
    assert '<th scope="col">title</th>' in answer.text
    assert '<a href="/entity/racing-dynamics">racing-dynamics</a>' in answer.text
    assert "&amp;format=csv" in answer.text
    wrong = client.get("/sparql", params={"query": "SELECT <b>"}, headers={"Accept": BROWSER})
    assert wrong.status_code == 400
    assert 'role="alert"' in wrong.text
    assert "<b>" not in wrong.text
    graph = client.get("/sparql", params={"query": GRAPH}, headers={"Accept": BROWSER})
    assert "skos:prefLabel" in graph.text
    assert "<pre" in graph.text
