"""Answers that are kept for a build: sent again without running the query, tagged for clients, and never where they may change."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

import kgraph
from kgraph.serve.cache import PageCache
from kgraph.serve.worker import QueryReply, QueryRequest
from kgraph.serve.workers import Workers
from tests.serve.conftest import Serve
from tests.serve.running import running

TITLES = "SELECT ?title { ?e a kg:Risk ; skos:prefLabel ?title } ORDER BY ?title"
JSON = {"Accept": "application/sparql-results+json"}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Texts of the queries that are run."""
    texts: list[str] = []
    run, run_soon = Workers.run, Workers.run_soon

    def counted(self: Workers, request: QueryRequest) -> QueryReply:
        texts.append(request.text)
        return run(self, request)

    async def counted_soon(self: Workers, request: QueryRequest) -> QueryReply | None:
        reply = await run_soon(self, request)
        texts.extend([request.text] if reply is not None else [])
        return reply

    monkeypatch.setattr(Workers, "run", counted)
    monkeypatch.setattr(Workers, "run_soon", counted_soon)
    return texts


def get(client: TestClient, query: str, **headers: str) -> Any:
    return client.get("/sparql", params={"query": query}, headers={**JSON, **headers})


def test_an_answer_is_worked_out_once(serve: Serve, sample_workspace: Path, asked: list[str]) -> None:
    client = serve(sample_workspace)
    first, again = get(client, TITLES), get(client, TITLES)
    assert first.json() == again.json()
    assert dict(first.headers) == dict(again.headers)
    assert client.post("/sparql", data={"query": TITLES}, headers=JSON).content == first.content
    assert asked == [TITLES]
    assert get(client, TITLES, Accept="text/csv").text.startswith("title\r\n")
    graphs = {"query": TITLES, "default-graph-uri": "https://kgraph.example/graph/rankings"}
    assert client.get("/sparql", params=graphs, headers=JSON).json()["results"]["bindings"] == []
    assert asked == [TITLES] * 3


def test_a_cut_answer_says_so_each_time(serve: Serve, sample_workspace: Path, asked: list[str]) -> None:
    client = serve(sample_workspace, limit=2)
    for _ in range(2):
        answer = get(client, TITLES)
        assert answer.headers["x-kgraph-truncated"] == "2"
        assert len(answer.json()["results"]["bindings"]) == 2
    assert len(asked) == 1


def test_a_client_that_has_an_answer_is_told_so(serve: Serve, sample_workspace: Path) -> None:
    client = serve(sample_workspace)
    first = get(client, TITLES)
    tag = first.headers["etag"]
    assert tag.startswith('W/"')
    same = get(client, TITLES, **{"If-None-Match": f'"other", {tag}'})
    assert (same.status_code, same.content, same.headers["etag"], same.headers["vary"]) == (304, b"", tag, "Accept")
    assert same.headers["access-control-allow-origin"] == "*"
    for other in (get(client, TITLES + " ", **{"If-None-Match": tag}), get(client, TITLES, Accept="text/csv", **{"If-None-Match": tag})):
        assert other.status_code == 200
        assert other.headers["etag"] != tag
    head = client.head("/sparql", params={"query": TITLES}, headers={**JSON, "If-None-Match": tag})
    assert head.status_code == 304
    assert "etag" not in client.post("/sparql", data={"query": TITLES}, headers={**JSON, "If-None-Match": tag}).headers
    assert "etag" not in get(client, "SELECT * { ?a ").headers


@pytest.mark.parametrize(
    "query",
    ["SELECT (RAND() AS ?x) {}", "SELECT (NOW() AS ?x) {}", "SELECT (STR(uuid()) AS ?x) {}", "SELECT (STRUUID() AS ?x) {}",
     "SELECT (1 AS ?n) (sTrUuId() AS ?x) {}", "SELECT (\\u0052AND() AS ?x) {}"],
)  # fmt: skip
def test_what_may_be_another_answer_each_time_is_not_kept(serve: Serve, sample_workspace: Path, query: str) -> None:
    client = serve(sample_workspace)
    answers = [get(client, query) for _ in range(2)]
    assert all("etag" not in answer.headers for answer in answers)
    assert answers[0].status_code in (200, 400)
    assert answers[0].status_code == 400 or answers[0].text != answers[1].text


def test_words_within_names_and_variables_change_nothing(serve: Serve, sample_workspace: Path, asked: list[str]) -> None:
    client = serve(sample_workspace)
    query = "SELECT ?now ?random { ?now a kg:Risk ; skos:prefLabel ?random FILTER(?random != 'knowing') }"
    assert "etag" in get(client, query).headers
    assert "etag" in get(client, query).headers
    assert len(asked) == 1


def test_errors_are_not_kept(serve: Serve, sample_workspace: Path, asked: list[str]) -> None:
    client = serve(sample_workspace)
    wrong = "SELECT * { ?a "
    assert [get(client, wrong).status_code for _ in range(2)] == [400, 400]
    assert len(asked) == 2


def test_another_build_has_answers_of_its_own(serve: Serve, tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "a.md").write_text("# Alpha\n\nText.\n", encoding="utf-8")
    kgraph.build(pages, tmp_path / "workspace")
    client = serve(tmp_path / "workspace")
    query = "SELECT ?title { ?page schema:mainEntity ?e . ?e skos:prefLabel ?title } ORDER BY ?title"
    first = get(client, query)
    (pages / "b.md").write_text("# Beta\n\nText.\n", encoding="utf-8")
    kgraph.build(pages, tmp_path / "workspace")
    for _ in range(100):
        second = get(client, query, **{"If-None-Match": first.headers["etag"]})
        if second.status_code == 200:
            break
        threading.Event().wait(0.1)
    assert [row["title"]["value"] for row in second.json()["results"]["bindings"]] == ["Alpha", "Beta"]


def test_large_and_small_answers_in_turn_from_a_server_of_its_own(sample_workspace: Path) -> None:
    import http.client
    from urllib.parse import urlencode, urlsplit

    with running(sample_workspace) as (_, _, address):
        where = urlsplit(address)
        sizes: list[set[int]] = [set(), set()]
        for number in range(6):
            for kind, text in enumerate(("SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o", TITLES)):
                connection = http.client.HTTPConnection(str(where.hostname), where.port, timeout=60)
                connection.request("GET", f"/sparql?{urlencode({'query': f'{text} # {number}'})}", headers=JSON)
                answer = connection.getresponse()
                assert answer.status == 200
                sizes[kind].add(len(answer.read()))
                connection.close()
        assert [len(found) for found in sizes] == [1, 1]
        assert min(sizes[0]) > 1_000_000


def test_who_waits_is_not_overtaken(sample_workspace: Path) -> None:
    """While a thread waits for the only process, a request that would not wait is sent to wait as well."""
    workers = Workers(60.0, 1)
    store = str(sample_workspace / "current" / "store")
    request = QueryRequest(store, "ASK { ?s ?p ?o }", None, None, "json", None, 10)
    try:
        assert workers.run(request).status == "table"
        assert _soon(workers, request) is not None
        held = workers._free.get()
        waiting = threading.Thread(target=workers.run, args=(request,))
        waiting.start()
        while not workers._waiting:
            threading.Event().wait(0.01)
        assert _soon(workers, request) is None
        workers._free.put(held)
        waiting.join()
        assert _soon(workers, request) is not None
    finally:
        workers.close()


def _soon(workers: Workers, request: QueryRequest) -> QueryReply | None:
    """What ``run_soon`` gives, in a thread of its own: this one may have the event loop of a browser."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(workers.run_soon(request))).result()


def test_what_is_kept_is_bounded_however_small_it_is() -> None:
    cache = PageCache(most_bytes=50_000)
    for number in range(1000):
        cache.keep(number, b"x")
    assert [number for number in range(1000) if cache.find(number) is not None] == list(range(1000 - 50_000 // 401, 1000))
    cache.keep("large", b"x" * 6_300)
    assert cache.find("large") is None
