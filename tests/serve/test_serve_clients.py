"""Clients that are not ours: rdflib, SPARQLWrapper, sparql-dataframe, pandas, curl."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from typing import Any

import pandas as pd
import pytest
import rdflib
import sparql_dataframe
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, GET, JSON, JSONLD, N3, POST, POSTDIRECTLY, RDFXML, TSV, TURTLE, URLENCODED, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

import kgraph

pytestmark = pytest.mark.xdist_group("explorer")

PREFIXES = "PREFIX kg: <https://w3id.org/kgraph/ns#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
TITLES = PREFIXES + "SELECT ?e ?title WHERE { ?e a kg:Risk ; skos:prefLabel ?title } ORDER BY ?title"
GRAPH = PREFIXES + "CONSTRUCT { ?e skos:prefLabel ?title } WHERE { ?e a kg:Risk ; skos:prefLabel ?title }"


@pytest.fixture(scope="module")
def risks(sample: kgraph.KnowledgeGraph) -> list[str]:
    return sorted(entity.title for entity in sample.head.entities.values() if entity.type == "risk")


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("form", ["xml", "json", "csv", "tsv"])
def test_rdflib_sparql_store(address: str, risks: list[str], method: Any, form: str) -> None:
    graph = rdflib.Graph(SPARQLStore(f"{address}/sparql", method=method, returnFormat=form))
    assert [str(row[rdflib.Variable("title")]) for row in graph.query(TITLES).bindings] == risks
    if form in ("xml", "json"):  # it reads no truth values from the others
        assert graph.query(PREFIXES + "ASK { ?e a kg:Risk }").askAnswer is True


def test_rdflib_reads_triples_and_graphs_through_the_store(address: str, sample: kgraph.KnowledgeGraph, risks: list[str]) -> None:
    graph = rdflib.Graph(SPARQLStore(f"{address}/sparql", returnFormat="xml"))
    entity = rdflib.URIRef(sample.head.base_iri + "entity/eu-ai-act")
    assert str(graph.value(entity, rdflib.SKOS.prefLabel)) == sample.get_entity("eu-ai-act").title
    made = graph.query(GRAPH).graph
    assert made is not None
    assert sorted(str(title) for title in made.objects(None, rdflib.SKOS.prefLabel)) == risks


def test_rdflib_follows_an_entity_to_its_data(address: str, sample: kgraph.KnowledgeGraph) -> None:
    graph = rdflib.Graph().parse(f"{address}/entity/eu-ai-act")
    assert (rdflib.URIRef(sample.head.base_iri + "entity/eu-ai-act"), rdflib.SKOS.prefLabel, None) in graph


@pytest.mark.parametrize(("method", "request_method"), [(GET, URLENCODED), (POST, URLENCODED), (POST, POSTDIRECTLY)])
@pytest.mark.parametrize("form", [JSON, XML, CSV, TSV])
def test_sparql_wrapper_tables(address: str, risks: list[str], method: str, request_method: str, form: str) -> None:
    client = SPARQLWrapper(f"{address}/sparql")
    client.setMethod(method)
    client.setRequestMethod(request_method)
    client.setReturnFormat(form)
    client.setQuery(TITLES)
    found: Any = client.query().convert()
    if form == JSON:
        assert [row["title"]["value"] for row in found["results"]["bindings"]] == risks
    else:
        text = found.toxml() if form == XML else found.decode()
        assert all(title.split('"')[0].split("&")[0] in text for title in risks)


@pytest.mark.parametrize("form", [TURTLE, N3, RDFXML, JSONLD])
def test_sparql_wrapper_graphs(address: str, risks: list[str], form: str) -> None:
    client = SPARQLWrapper(f"{address}/sparql")
    client.setReturnFormat(form)
    client.setQuery(GRAPH)
    found: Any = client.query().convert()
    graph = found if isinstance(found, rdflib.Graph) else rdflib.Graph().parse(data=found, format="turtle")
    assert sorted(str(title) for title in graph.objects(None, rdflib.SKOS.prefLabel)) == risks


def test_sparql_wrapper_is_told_of_a_query_that_does_not_parse(address: str) -> None:
    client = SPARQLWrapper(f"{address}/sparql")
    client.setQuery("SELECT WHERE")
    with pytest.raises(QueryBadFormed):
        client.query()


def test_sparql_wrapper_names_a_dataset(address: str, sample: kgraph.KnowledgeGraph) -> None:
    graph = sample.head.base_iri + "graph/page/eu-ai-act"
    client = SPARQLWrapper(f"{address}/sparql", defaultGraph=graph, returnFormat=JSON)
    client.setQuery("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    found: Any = client.query().convert()
    expected = sample.run(f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}").rows[0][0].value
    assert found["results"]["bindings"][0]["n"]["value"] == expected


@pytest.mark.parametrize("post", [False, True])
def test_sparql_dataframe(address: str, risks: list[str], post: bool) -> None:
    frame = sparql_dataframe.get(f"{address}/sparql", TITLES, post=post)
    assert list(frame.columns) == ["e", "title"]
    assert list(frame["title"]) == risks


def test_pandas_reads_csv(address: str, risks: list[str]) -> None:
    import urllib.parse

    frame = pd.read_csv(f"{address}/sparql?" + urllib.parse.urlencode({"query": TITLES, "format": "csv"}))
    assert list(frame["title"]) == risks


def curl(*arguments: str) -> bytes:
    command = shutil.which("curl")
    if command is None:
        pytest.skip("curl is not installed")
    return subprocess.run([command, "--silent", "--show-error", "--max-time", "60", *arguments], capture_output=True, check=True).stdout


def test_curl_asks_in_each_way(address: str, risks: list[str]) -> None:
    endpoint = f"{address}/sparql"
    ways = {
        "get": ["--get", "--data-urlencode", f"query={TITLES}"],
        "form": ["--data-urlencode", f"query={TITLES}"],
        "direct": ["--header", "Content-Type: application/sparql-query", "--data-binary", TITLES],
    }
    for way in ways.values():
        found = json.loads(curl(*way, "--header", "Accept: application/sparql-results+json", endpoint))
        assert [row["title"]["value"] for row in found["results"]["bindings"]] == risks
    frame = pd.read_csv(io.BytesIO(curl(*ways["get"], "--header", "Accept: text/csv", endpoint)))
    assert list(frame["title"]) == risks


def test_curl_gets_the_description_graphs_and_headers(address: str, sample: kgraph.KnowledgeGraph) -> None:
    assert b"sparql-service-description#" in curl("--header", "Accept: application/n-triples", f"{address}/sparql")
    base = sample.head.base_iri
    graph = curl(
        "--get", "--data-urlencode", f"graph={base}graph/page/eu-ai-act", "--header", "Accept: text/turtle", f"{address}/graph-store"
    )
    assert len(rdflib.Graph().parse(data=graph, format="turtle")) > 20
    head = curl("--head", "--header", "Accept: text/turtle", f"{address}/entity/eu-ai-act").decode()
    assert head.startswith("HTTP/1.1 303")
    followed = curl("--location", "--header", "Accept: application/ld+json", f"{address}/entity/eu-ai-act")
    assert json.loads(followed)
    refused = curl(
        "--request", "PUT", "--data", "x", "--output", "/dev/null", "--write-out", "%{http_code}", f"{address}/graph-store?default"
    )
    assert refused == b"405"
