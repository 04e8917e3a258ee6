"""What the SPARQL endpoint refuses, and how."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.serve.conftest import Serve

HEAVY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(STR(?c) < STR(?f) && STR(?f) < STR(?i)) }"
ASK = "ASK { ?s a kg:Risk }"


def assert_one_line(text: str) -> None:
    assert text.strip()
    assert text.count("\n") == 1
    assert text.endswith("\n")
    assert "Traceback" not in text


@pytest.mark.parametrize(
    ("parameters", "status", "word"),
    [
        ({"query": "SELECT WHERE"}, 400, "does not parse"),
        ({"query": "SELECT * { ?s nope:x ?o }"}, 400, "does not parse"),
        ({"query": "SELECT ?service WHER { ?service ?p ?o }"}, 400, "does not parse"),
        ({"query": "INSERT DATA { kg:a kg:b kg:c }"}, 400, "does not parse"),
        ({"query": ""}, 400, "empty"),
        ({"query": [ASK, ASK]}, 400, "2 came"),
        ({"query": ASK, "format": "docx"}, 400, "format"),
        ({"query": ASK, "format": "turtle"}, 406, "ASK"),
        ({"query": "CONSTRUCT WHERE { ?s ?p ?o }", "format": "csv"}, 406, "CONSTRUCT"),
        ({"query": ASK, "default-graph-uri": "not an IRI"}, 400, "IRI"),
        ({"update": "DROP ALL"}, 403, "read-only"),
        ({"query": "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"}, 403, "SERVICE"),
        ({"query": "SELECT * { service silent <http://127.0.0.1:1/> { ?s ?p ?o } }"}, 403, "SERVICE"),
    ],
)
def test_bad_queries(client: TestClient, parameters: dict[str, Any], status: int, word: str) -> None:
    for answer in (client.get("/sparql", params=parameters), client.post("/sparql", data=parameters)):
        assert (answer.status_code, word in answer.text) == (status, True), answer.text
        assert_one_line(answer.text)
        assert answer.headers["access-control-allow-origin"] == "*"


def test_the_word_service_is_no_crime(client: TestClient) -> None:
    query = 'SELECT ?service { ?service skos:prefLabel ?o FILTER(?o != "SERVICE") } LIMIT 1 # SERVICE'
    assert client.get("/sparql", params={"query": query}).status_code == 200


def test_updates_are_refused_and_change_nothing(client: TestClient) -> None:
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    before = client.get("/sparql", params={"query": count}).json()
    posted = client.post("/sparql", content="CLEAR ALL", headers={"Content-Type": "application/sparql-update"})
    form = client.post("/sparql", data={"update": "CLEAR ALL"})
    assert (posted.status_code, form.status_code) == (403, 403)
    assert_one_line(posted.text)
    assert client.get("/sparql", params={"query": count}).json() == before


def test_media_types_and_methods(client: TestClient) -> None:
    wrong = client.post("/sparql", content=ASK, headers={"Content-Type": "text/plain"})
    assert wrong.status_code == 415
    assert "application/sparql-query" in wrong.headers["accept"]
    assert client.post("/sparql", data={"nothing": "1"}).status_code == 400
    for method in ("PUT", "DELETE", "PATCH"):
        other = client.request(method, "/sparql", params={"query": ASK}, content=ASK)
        assert other.status_code == 405
        assert {"GET", "POST"} <= {name.strip() for name in other.headers["allow"].split(",")}
    assert client.get("/sparql", params={"query": ASK}, headers={"Accept": "image/png"}).status_code == 406
    assert client.get("/sparql", headers={"Accept": "image/png"}).status_code == 406
    graph = client.get("/sparql", params={"query": ASK}, headers={"Accept": "text/turtle"})
    assert graph.status_code == 406


@pytest.mark.parametrize(
    "headers",
    [{"Content-Type": "application/sparql-query; charset=utf-16"}, {"Content-Type": "application/sparql-query", "Content-Encoding": "gzip"},
     {"Content-Type": "multipart/form-data; boundary=x"}, {"Content-Type": "application/json"}, {}],
)  # fmt: skip
def test_bodies_that_cannot_be_read_are_not_guessed_at(client: TestClient, headers: dict[str, str]) -> None:
    answer = client.post("/sparql", content=ASK, headers=headers)
    assert answer.status_code == 415
    assert_one_line(answer.text)


def test_bodies_are_bounded_and_text(client: TestClient) -> None:
    headers = {"Content-Type": "application/sparql-query"}
    assert client.post("/sparql", content=b"#" * 1_000_001, headers=headers).status_code == 413
    assert client.post("/sparql", content=b"ASK { ?s ?p '\xff' }", headers=headers).status_code == 400
    assert client.post("/sparql", content=b"ASK {}" + b"\n#" * 1000, headers=headers).status_code == 200


def test_a_query_that_takes_too_long_is_stopped_and_the_next_one_works(serve: Serve, sample_workspace: Path) -> None:
    client = serve(sample_workspace, timeout=0.5, count=1)
    for _ in range(2):
        slow = client.get("/sparql", params={"query": HEAVY})
        assert slow.status_code == 504
        assert "0.5 s" in slow.text
        assert_one_line(slow.text)
        assert client.get("/sparql", params={"query": ASK}).json()["boolean"] is True


def test_a_query_that_finds_no_free_process_is_turned_away(serve: Serve, sample_workspace: Path) -> None:
    client = serve(sample_workspace, timeout=0.5, count=1)
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: client.get("/sparql", params={"query": HEAVY}), range(2)))
    assert sorted(answer.status_code for answer in answers) == [503, 504]
    busy = next(answer for answer in answers if answer.status_code == 503)
    assert int(busy.headers["retry-after"]) >= 1
    assert_one_line(busy.text)


def test_a_query_that_kills_its_process_is_told_and_the_next_one_works(serve: Serve, sample_workspace: Path) -> None:
    client = serve(sample_workspace, count=1)
    deep = "ASK { FILTER(" + "(" * 200_000 + "1" + ")" * 200_000 + ") }"
    answer = client.post("/sparql", content=deep, headers={"Content-Type": "application/sparql-query"})
    assert answer.status_code in (400, 500)
    assert_one_line(answer.text)
    assert client.get("/sparql", params={"query": ASK}).json()["boolean"] is True
