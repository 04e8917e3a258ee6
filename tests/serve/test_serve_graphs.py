"""Graph Store HTTP Protocol, for reading; IRIs of the dataset that lead to pages and data."""

from __future__ import annotations

from pathlib import Path

import pytest
import rdflib
from starlette.testclient import TestClient

import kgraph
import kgraph.rdf.sparql
import kgraph.rdf.terms
from tests.serve.conftest import Serve

FORMATS = {
    "text/turtle": "turtle", "application/n-triples": "nt", "application/rdf+xml": "xml", "application/ld+json": "json-ld",
    "application/trig": "trig", "application/n-quads": "nquads",
}  # fmt: skip
ORIGIN = {"Origin": "https://notebook.example"}


@pytest.fixture
def graph_iri(sample: kgraph.KnowledgeGraph) -> str:
    return sample.head.base_iri + "graph/page/eu-ai-act"


def stored(sample: kgraph.KnowledgeGraph, iri: str) -> rdflib.Graph:
    """A graph as the store has it."""
    result = sample.run(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}")
    return rdflib.Graph().parse(data=kgraph.rdf.sparql.render_result(result, "ntriples"), format="nt")


@pytest.mark.parametrize("accept", FORMATS)
def test_a_graph_by_its_iri_in_every_format(client: TestClient, sample: kgraph.KnowledgeGraph, graph_iri: str, accept: str) -> None:
    indirect = client.get("/graph-store", params={"graph": graph_iri}, headers={"Accept": accept, **ORIGIN})
    direct = client.get("/graph/page/eu-ai-act", headers={"Accept": accept, **ORIGIN})
    wanted = stored(sample, graph_iri)
    assert len(wanted) > 20
    for answer in (indirect, direct):
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(accept)
        assert answer.headers["vary"] == "Accept"
        assert answer.headers["access-control-allow-origin"] == "*"
        found = rdflib.Dataset(default_union=True).parse(data=answer.content, format=FORMATS[accept])
        assert set(found.triples((None, None, None))) == set(wanted)


def test_the_default_graph_is_the_union(client: TestClient) -> None:
    answer = client.get("/graph-store?default", headers={"Accept": "application/n-triples"})
    counted = client.get("/sparql", params={"query": "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } }"}).json()
    assert len(answer.text.splitlines()) == int(counted["results"]["bindings"][0]["n"]["value"])


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("graph=relative/iri", 400),
        ("graph=", 400),
        ("graph=not%20an%20iri", 400),
        ("", 400),
        ("default&graph=https://example.org/g", 400),
        ("graph=https://example.org/a&graph=https://example.org/b", 400),
        ("graph=https://example.org/none", 404),
        ("graph=file:///etc/passwd", 404),
        ("graph=http://127.0.0.1:1/", 404),
        ("default&format=docx", 400),
    ],
)
def test_what_names_no_graph(client: TestClient, query: str, status: int) -> None:
    for method in ("GET", "HEAD"):
        answer = client.request(method, f"/graph-store?{query}", headers={"Accept": "*/*"})
        assert answer.status_code == status
        assert answer.text.count("\n") == (1 if method == "GET" else 0)


def test_a_graph_in_no_format_that_there_is(client: TestClient, graph_iri: str) -> None:
    assert client.get("/graph-store", params={"graph": graph_iri}, headers={"Accept": "image/png"}).status_code == 406
    assert client.get("/graph-store", params={"graph": graph_iri}, headers={"Accept": "text/html"}).status_code == 406
    assert client.get("/graph/page/none", headers={"Accept": "text/turtle"}).status_code == 404


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
@pytest.mark.parametrize("address", ["/graph-store?graph=https://example.org/g", "/graph-store?default", "/graph/page/eu-ai-act"])
def test_graphs_are_read_only(client: TestClient, method: str, address: str) -> None:
    before = client.get("/graph-store?default", headers={"Accept": "application/n-triples"}).text
    answer = client.request(method, address, content="<a:a> <b:b> <c:c> .", headers={"Content-Type": "text/turtle"})
    assert answer.status_code == 405
    assert {name.strip() for name in answer.headers["allow"].split(",")} == {"GET", "HEAD"}
    assert client.get("/graph-store?default", headers={"Accept": "application/n-triples"}).text == before


def test_head_tells_of_a_graph_what_get_does(client: TestClient, graph_iri: str) -> None:
    for address in (f"/graph-store?graph={graph_iri}", "/graph/page/eu-ai-act"):
        got = client.get(address, headers={"Accept": "text/turtle"})
        head = client.head(address, headers={"Accept": "text/turtle"})
        assert (head.status_code, head.content) == (200, b"")
        for name in ("content-type", "content-length", "etag", "vary"):
            assert head.headers[name] == got.headers[name]


def test_a_graph_that_the_client_has_is_not_sent_again(client: TestClient, graph_iri: str) -> None:
    address = f"/graph-store?graph={graph_iri}"
    etag = client.get(address).headers["etag"]
    again = client.get(address, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")


def test_a_graph_is_sent_whole_or_not_at_all(serve: Serve, sample_workspace: Path, graph_iri: str) -> None:
    answer = serve(sample_workspace, limit=3).get("/graph-store", params={"graph": graph_iri})
    assert answer.status_code == 403
    assert "3 triples" in answer.text


# -- entities and pages --------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["entity", "page"])
@pytest.mark.parametrize("accept", FORMATS)
def test_a_thing_leads_to_the_document_that_describes_it(client: TestClient, sample: kgraph.KnowledgeGraph, kind: str, accept: str) -> None:
    iri = f"{sample.head.base_iri}{kind}/eu-ai-act"
    see = client.get(f"/{kind}/eu-ai-act", headers={"Accept": accept, **ORIGIN})
    assert see.status_code == 303
    assert see.headers["vary"] == "Accept"
    assert see.headers["access-control-allow-origin"] == "*"
    document = client.get(see.headers["location"], headers={"Accept": accept, **ORIGIN})
    assert document.status_code == 200
    assert document.headers["content-type"].startswith(accept)
    assert document.headers["access-control-allow-origin"] == "*"
    assert f'<{iri}>; rel="describes"' in document.headers["link"]
    assert '?format=html>; rel="alternate"; type="text/html"' in document.headers["link"]
    graph = rdflib.Dataset(default_union=True).parse(data=document.content, format=FORMATS[accept])
    assert (rdflib.URIRef(iri), None, None) in graph
    etag = document.headers["etag"]
    assert client.get(see.headers["location"], headers={"If-None-Match": etag}).status_code == 304


def test_the_page_for_people_tells_where_the_data_are(client: TestClient, sample: kgraph.KnowledgeGraph) -> None:
    answer = client.get("/entity/eu-ai-act", headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert "access-control-allow-origin" not in answer.headers
    links = answer.headers["link"]
    assert f'<{sample.head.base_iri}entity/eu-ai-act>; rel="describes"' in links
    address = next(part for part in links.split(", ") if 'type="application/ld+json"' in part).split(">")[0].strip("<")
    assert client.get(address).headers["content-type"] == "application/ld+json"
    page = client.get("/page/eu-ai-act", headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["location"]) == (303, "/entity/eu-ai-act")
    graph = client.get("/graph/page/eu-ai-act", headers={"Accept": "text/html"})
    assert (graph.status_code, graph.headers["location"]) == (303, "/entity/eu-ai-act")
    assert client.get("/graph/eu-ai-act", headers={"Accept": "text/html"}).status_code == 200


@pytest.mark.parametrize("address", ["/entity/eu-ai-act", "/page/eu-ai-act", "/graph/page/eu-ai-act", "/graph-store?default"])
def test_data_of_iris_may_be_asked_for_from_other_origins(client: TestClient, address: str) -> None:
    asked = {**ORIGIN, "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "if-none-match"}
    answer = client.options(address, headers=asked)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "if-none-match" in answer.headers["access-control-allow-headers"].lower()
    assert "DELETE" not in answer.headers["access-control-allow-methods"]


def test_a_rdf_library_follows_to_the_data(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "wiki").mkdir()
    (tmp_path / "wiki" / "a b.md").write_text("---\nid: 'a b/Ünï?#c'\ntitle: A\n---\n\nText.\n", encoding="utf-8")
    kgraph.build(tmp_path / "wiki", tmp_path / "workspace")
    client = serve(tmp_path / "workspace")
    kg = kgraph.open(tmp_path / "workspace")
    (entity,) = kg.head.entities
    iri = kgraph.rdf.terms.Minter(kg.head.base_iri).entity(entity)
    answer = client.get(iri.removeprefix(kg.head.base_iri.rstrip("/")), headers={"Accept": "text/turtle"}, follow_redirects=True)
    assert answer.status_code == 200
    assert (rdflib.URIRef(iri), rdflib.SKOS.prefLabel, rdflib.Literal("A")) in rdflib.Graph().parse(data=answer.content)
    assert answer.headers["link"].isascii()


@pytest.mark.parametrize("name", ["ontology", "rankings", "provenance"])
def test_people_see_the_statements_of_a_graph_of_no_page(client: TestClient, name: str) -> None:
    led = client.get(f"/graph/{name}", headers={"Accept": "text/html"})
    assert led.status_code == 303
    assert led.headers["location"].startswith("/sparql?")
    shown = client.get(led.headers["location"], headers={"Accept": "text/html"})
    assert shown.status_code == 200
    assert "<table" in shown.text
    assert client.get(f"/graph/{name}-none", headers={"Accept": "text/html"}).status_code == 404


def test_every_iri_of_the_dataset_leads_to_data_and_to_a_page(client: TestClient, sample: kgraph.KnowledgeGraph) -> None:
    """The last of each kind: what the first part of its path says."""
    base, kinds = sample.head.base_iri, {}
    for quad in sample.store.quads_for_pattern(None, None, None, None):
        for term in (quad.subject, quad.predicate, quad.object, quad.graph_name):
            iri = getattr(term, "value", "")
            if iri.startswith(base):
                kinds[iri.removeprefix(base).split("/")[0]] = iri
    assert len(kinds) > 12
    for kind, iri in kinds.items():
        address = f"/{iri.removeprefix(base)}"
        data = client.get(address, headers={"Accept": "application/n-triples", **ORIGIN}, follow_redirects=True)
        assert data.status_code == 200, kind
        assert f"<{iri.partition('#')[0]}" in data.text, kind
        assert data.headers["access-control-allow-origin"] == "*", kind
        page = client.get(address, headers={"Accept": "text/html"}, follow_redirects=True)
        assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8"), kind
        assert client.options(address, headers={"Access-Control-Request-Method": "GET", **ORIGIN}).status_code == 204, kind


@pytest.mark.parametrize("address", ["/source/none", "/sentence/%3Ca%3E", "/sentence/a%22%7D", "/tag/none", "/footnote/", "/hub/é"])
def test_what_nothing_is_said_of_is_not_found(client: TestClient, address: str) -> None:
    assert client.get(address, headers={"Accept": "text/turtle"}).status_code == 404
    assert client.get(address, headers={"Accept": "text/html"}).status_code == 404
    assert client.get(address, headers={"Accept": "image/png"}).status_code == 406
