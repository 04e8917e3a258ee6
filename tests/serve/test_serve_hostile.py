"""What nobody should get: runaway queries stopped at the limit while others are answered, nothing written, read or fetched."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

import kgraph
from tests.serve.conftest import Serve
from tests.serve.running import running
from tests.serve.test_serve_refusals import ASK, HEAVY, assert_one_line

ANY = "(kg:linksTo|^kg:linksTo|schema:mentions|^schema:mentions)"
RUNAWAYS = {
    "cross product": HEAVY,
    "deep property path": f"SELECT (COUNT(*) AS ?n) {{ ?a {ANY}* ?b . ?b {ANY}* ?c . ?c {ANY}* ?d FILTER(STR(?a) < STR(?d)) }}",
    "endless regex": 'SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER(REGEX(CONCAT(STR(?c), STR(?f)), "^((a|b|.)*)*zz$")) }',
    "endless order": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i LIMIT 1",
}


@pytest.mark.parametrize("kind", RUNAWAYS)
def test_a_runaway_query_is_stopped_while_others_are_answered(serve: Serve, sample_workspace: Path, kind: str) -> None:
    client = serve(sample_workspace, timeout=2.0, count=2, memory=600_000_000)
    assert client.get("/sparql", params={"query": ASK}).status_code == 200
    with ThreadPoolExecutor(1) as pool:
        runaway = pool.submit(client.post, "/sparql", data={"query": RUNAWAYS[kind]})
        answered = 0
        while not runaway.done():
            other = client.get("/sparql", params={"query": ASK})
            assert other.json()["boolean"] is True
            answered += 1
    assert answered >= 1
    stopped = runaway.result()
    assert stopped.status_code in ((500, 504) if kind == "endless order" else (504,))
    assert_one_line(stopped.text)


def doubled(times: int) -> str:
    """An expression that makes a string of 2 ** times times 1,000 characters."""
    steps = [f'BIND("{"x" * 1000}" AS ?v0)'] + [f"BIND(CONCAT(?v{n}, ?v{n}) AS ?v{n + 1})" for n in range(times)]
    return " ".join(steps)


def test_a_query_for_more_memory_than_there_is_ends_alone(serve: Serve, sample_workspace: Path) -> None:
    client = serve(sample_workspace, count=1, memory=600_000_000)
    huge = client.post("/sparql", data={"query": f"SELECT (STRLEN(?v22) AS ?n) {{ {doubled(22)} }}"})
    assert huge.status_code == 500
    assert "memory" in huge.text
    assert_one_line(huge.text)
    assert client.get("/sparql", params={"query": ASK}).json()["boolean"] is True


def test_a_result_of_too_many_bytes_is_not_sent(serve: Serve, sample_workspace: Path) -> None:
    client = serve(sample_workspace, count=1)
    query = f"SELECT ?s (?v7 AS ?big) {{ {doubled(7)} ?s ?p ?o }} LIMIT 700"
    answer = client.post("/sparql", data={"query": query, "format": "csv"})
    assert answer.status_code == 500
    assert "bytes" in answer.text
    assert_one_line(answer.text)


def test_a_huge_result_is_cut_at_the_limit_and_says_so(serve: Serve, sample_workspace: Path) -> None:
    client = serve(sample_workspace, limit=200, count=1)
    answer = client.post("/sparql", data={"query": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"})
    assert answer.status_code == 200
    assert len(answer.json()["results"]["bindings"]) == 200
    assert answer.headers["x-kgraph-truncated"] == "200"
    graph = client.post("/sparql", data={"query": "CONSTRUCT { ?a ?b ?f } { ?a ?b ?c . ?d ?e ?f }", "format": "ntriples"})
    assert graph.headers["x-kgraph-truncated"] == "200"
    assert 1 <= len(graph.text.splitlines()) <= 200


# -- nothing is written, read from files or fetched ----------------------------------------------


@contextmanager
def listening() -> Iterator[tuple[str, list[bytes]]]:
    """A server that notes who comes: its address, and what came."""
    came: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        ended = threading.Event()

        def listen() -> None:
            while not ended.is_set():
                try:
                    peer, _ = server.accept()
                except TimeoutError:
                    continue
                with peer:
                    came.append(peer.recv(1000))

        thread = threading.Thread(target=listen)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}/secret.nt", came
        finally:
            ended.set()
            thread.join()


REACHING = [
    ({"query": "SELECT * FROM <%s> { ?s ?p ?o }"}, {200}),
    ({"query": "SELECT * FROM NAMED <%s> { GRAPH ?g { ?s ?p ?o } }"}, {200}),
    ({"query": "SELECT * { GRAPH <%s> { ?s ?p ?o } }"}, {200}),
    ({"query": "DESCRIBE <%s>"}, {200}),
    ({"query": "SELECT * { ?s ?p ?o }", "default-graph-uri": "%s"}, {200}),
    ({"query": "SELECT * { GRAPH ?g { ?s ?p ?o } }", "named-graph-uri": "%s"}, {200}),
    ({"query": "SELECT * { SERVICE <%s> { ?s ?p ?o } }"}, {403}),
    ({"query": "SELECT * { SERVICE SILENT <%s> { ?s ?p ?o } }"}, {403}),
    ({"query": "SELECT * { sErViCe<%s>{ ?s ?p ?o } }"}, {403}),
    ({"query": "SELECT * { VALUES ?e { <%s> } SERVICE ?e { ?s ?p ?o } }"}, {403}),
    ({"query": "PREFIX x: <%s> SELECT * { SERVICE x: { ?s ?p ?o } }"}, {403}),
    ({"query": "BASE <%s> SELECT * { SERVICE <> { ?s ?p ?o } }"}, {403}),
    ({"query": "SELECT * { SERVICE # <https://allowed.example/sparql>\n <%s> { ?s ?p ?o } }"}, {403}),
    ({"query": "SELECT * { { SELECT * { OPTIONAL { SERVICE <%s> { ?s ?p ?o } } } } }"}, {403}),
    ({"query": "SELECT * { ?s ?p ?o FILTER EXISTS { SERVICE <%s> { ?s ?p ?o } } }"}, {403}),
    ({"query": "SELECT * { \\u0053ERVICE <%s> { ?s ?p ?o } }"}, {400, 403}),
    ({"query": "SELECT * { \\U00000053\\u0045RVICE <%s> { ?s ?p ?o } }"}, {400, 403}),
    ({"query": "LOAD <%s>"}, {400}),
    ({"query": "LOAD SILENT <%s> INTO GRAPH <http://example.org/g>"}, {400}),
    ({"query": "SELECT * { ?s ?p ?o } ; LOAD <%s>"}, {400}),
    ({"update": "LOAD <%s>"}, {403}),
    ({"query": "INSERT DATA { <%s> <a:b> <a:c> }"}, {400}),
    ({"query": "DELETE WHERE { ?s ?p ?o }"}, {400}),
    ({"query": "CLEAR ALL"}, {400}),
    ({"query": "CREATE GRAPH <%s>"}, {400}),
    ({"update": "DROP ALL", "using-graph-uri": "%s"}, {403}),
]


@pytest.mark.parametrize("allowed", [(), ("https://allowed.example/sparql",)])
@pytest.mark.parametrize("scheme", ["http", "file"])
def test_nothing_is_written_read_or_fetched(
    serve: Serve, sample_workspace: Path, tmp_path: Path, scheme: str, allowed: tuple[str, ...]
) -> None:
    secret = tmp_path / "secret.nt"
    secret.write_text("<http://example.org/secret> <http://example.org/secret> 'top secret' .\n", encoding="utf-8")
    client = serve(sample_workspace, services=allowed)
    everything = client.get("/graph-store?default", headers={"Accept": "application/n-triples"}).content
    with listening() as (address, came):
        place = address if scheme == "http" else secret.as_uri()
        for parameters, statuses in REACHING:
            asked = {name: value.replace("%s", place) for name, value in parameters.items()}
            for answer in (client.get("/sparql", params=asked), client.post("/sparql", data=asked)):
                assert answer.status_code in statuses, (asked, answer.text)
                assert "top secret" not in answer.text
                if answer.status_code == 200 and "json" in answer.headers["content-type"]:
                    assert answer.json()["results"]["bindings"] == [], asked
        assert client.get("/graph-store", params={"graph": place}).status_code == 404
        assert came == []
    assert client.get("/graph-store?default", headers={"Accept": "application/n-triples"}).content == everything
    assert secret.read_text(encoding="utf-8").count("\n") == 1


def test_an_endpoint_that_is_allowed_is_asked(serve: Serve, sample_workspace: Path, sample: kgraph.KnowledgeGraph) -> None:
    with running(sample_workspace) as (_, _, address):
        endpoint = f"{address}/sparql"
        client = serve(sample_workspace, services=(endpoint,))
        inner = "{ ?e a <https://w3id.org/kgraph/ns#Risk> }"
        for asked in (f"SERVICE <{endpoint}> {inner}", f"service silent <{endpoint}> {inner}"):
            answer = client.get("/sparql", params={"query": f"SELECT ?e {{ {asked} }}"})
            assert answer.status_code == 200, answer.text
            found = {row["e"]["value"] for row in answer.json()["results"]["bindings"]}
            assert found == {row[0].value for row in sample.run(f"SELECT ?e {inner}").rows}
        described = client.get("/sparql", headers={"Accept": "application/n-triples"}).text
        assert "sparql-service-description#BasicFederatedQuery" in described
        other = client.get("/sparql", params={"query": f"SELECT * {{ SERVICE <{address}/other> {{ ?s ?p ?o }} }}"})
        assert other.status_code == 403
        assert endpoint in other.text


# -- malformed requests --------------------------------------------------------------------------

TOKENS = r"""
SELECT * WHERE { } ?s ?p ?o GRAPH FROM NAMED <a:b> < > \u0000 \uD800 # FILTER ( ) SERVICE SILENT LOAD INSERT DATA ASK CONSTRUCT
DESCRIBE VALUES BIND AS kg:Risk a ; . 1e400 99999999999999999999 PREFIX BASE LIMIT OFFSET -1 ORDER BY @en GROUP_CONCAT(?s) ^^ _:b
<<( | ^ / ! + UNDEF é % 😀 " ' '''
"""
WORDS = st.sampled_from([*TOKENS.split(), "\n", "\x00", "ASK {}", "{ ?s ?p ?o }", "SELECT * { ?s ?p ?o }"])
QUERIES = st.lists(WORDS, max_size=14).map(" ".join) | st.text(max_size=60)
ACCEPT = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40) | st.sampled_from(
    ["text/turtle;q=2", "*/*;q=nan", ";,;", "text/csv;q=0", "a/b/c", "*/json", "application/json;q=1;q=0", "text/*;q=.5,*/*;q=0.1"]
)
KINDS = st.sampled_from(
    ["application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update", "text/plain", ";", ""]
)
SETTINGS = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], derandomize=True
)
EXPECTED = {200, 303, 400, 403, 404, 405, 406, 415, 431}


def assert_sound(answer: Any) -> None:
    assert answer.status_code in EXPECTED, answer.text
    assert "Traceback" not in answer.text
    if answer.status_code >= 400 and answer.headers.get("content-type", "").startswith("text/plain") and answer.request.method != "HEAD":
        assert answer.text.strip()


@SETTINGS
@given(query=QUERIES, accept=ACCEPT)
def test_any_query_is_answered_or_told_what_is_wrong(client: TestClient, query: str, accept: str) -> None:
    text = query.encode("utf-8", "replace").decode()
    assert_sound(client.get("/sparql", params={"query": text}, headers={"Accept": accept}))
    assert_sound(client.post("/sparql", content=text.encode(), headers={"Content-Type": "application/sparql-query", "Accept": accept}))


@SETTINGS
@given(
    method=st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"]),
    address=st.sampled_from(["/sparql", "/graph-store", "/entity/eu-ai-act", "/page/x", "/graph/page/eu-ai-act", "/graph/"]),
    query=st.binary(max_size=40),
    body=st.binary(max_size=60),
    kind=KINDS,
    accept=ACCEPT,
)
def test_any_request_is_answered_or_told_what_is_wrong(
    client: TestClient, method: str, address: str, query: bytes, body: bytes, kind: str, accept: str
) -> None:
    from urllib.parse import quote_from_bytes

    parameters = quote_from_bytes(query, safe="&=+;%?")
    answer = client.request(method, f"{address}?{parameters}", content=body, headers={"Content-Type": kind, "Accept": accept})
    if method == "OPTIONS":
        assert answer.status_code == 204
    else:
        assert_sound(answer)


@SETTINGS
@given(name=st.sampled_from(["default-graph-uri", "named-graph-uri", "graph", "format", "query", "default"]), value=st.text(max_size=40))
def test_any_parameter_is_answered_or_told_what_is_wrong(client: TestClient, name: str, value: str) -> None:
    text = value.encode("utf-8", "replace").decode()
    assert_sound(client.get("/graph-store", params={name: text}))
    assert_sound(client.get("/sparql", params=[("query", ASK), (name, text)]))
