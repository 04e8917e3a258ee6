"""Behind a proxy, and more requests than one client may make."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from kgraph.serve.answers import Service
from kgraph.serve.app import create_app
from kgraph.serve.limits import Limits
from kgraph.serve.proxy import RootPathError, read_root_path
from kgraph.serve.sites import Sites
from kgraph.serve.workers import Workers
from kgraph.workspace import Workspace
from tests.conftest import RunKgraph
from tests.serve.test_serve_explorer import BROWSER, Seen


@pytest.mark.parametrize("stripped", [False, True])
def test_every_address_stands_below_the_root_path(sample_workspace: Path, stripped: bool) -> None:
    workers = Workers(60.0, 1)
    app = create_app(Service(Sites(Workspace(sample_workspace)), workers, 100), root="/wiki/graph")
    client = TestClient(app, base_url="https://wiki.example", follow_redirects=False)
    before = "" if stripped else "/wiki/graph"
    try:
        for address in ("/", "/search?q=ai", "/entity/eu-ai-act", "/sparql", "/entity/none-such"):
            page = client.get(before + address, headers=BROWSER)
            assert page.status_code in (200, 404)
            inner = [link for link in Seen(page.text).links() if link.startswith("/")]
            assert inner
            assert all(link.startswith("/wiki/graph/") for link in inner), inner
        moved = client.get(f"{before}/entity/EU AI Act", headers=BROWSER)
        assert moved.headers["location"] == "/wiki/graph/entity/eu-ai-act"
        assert client.get(f"{before}/api/none-such").json()["error"]
        assert client.get(f"{before}/api/stats").headers["access-control-allow-origin"] == "*"
    finally:
        workers.close()


def test_a_name_that_only_begins_like_the_root_path_is_not_below_it(sample_workspace: Path) -> None:
    workers = Workers(60.0, 1)
    app = create_app(Service(Sites(Workspace(sample_workspace)), workers, 100), root="/graph")
    client = TestClient(app, base_url="https://wiki.example", follow_redirects=False)
    assert client.get("/graphs", headers=BROWSER).status_code == 404
    assert client.get("/graph", headers=BROWSER).status_code == 200
    workers.close()


@pytest.mark.parametrize("text", ["graph", "//evil.example", "/a/../b", "/a b", "/<script>", "https://x.example/", "/a\n"])
def test_a_root_path_that_is_none(text: str) -> None:
    with pytest.raises(RootPathError, match=re.escape(repr(text))):
        read_root_path(text)


def test_a_bad_root_path_is_bad_usage(run_kgraph: RunKgraph, sample_workspace: Path) -> None:
    done = run_kgraph("serve", "-w", sample_workspace, "--port", "0", "--root-path", "//evil.example")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "--root-path" in done.stderr


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def limited(address: str, clock: Clock, limits: list[Limits]) -> TestClient:
    def answer(_: Request) -> PlainTextResponse:
        return PlainTextResponse("ok")

    if not limits:
        limits.append(Limits(Starlette(routes=[Route("/", answer)]), 2.0, clock))
    return TestClient(limits[0], client=(address, 1))


def test_one_client_cannot_take_everything() -> None:
    clock, shared = Clock(), list[Limits]()
    greedy, modest = limited("192.0.2.1", clock, shared), limited("192.0.2.2", clock, shared)
    told = [greedy.get("/") for _ in range(25)]
    assert [answer.status_code for answer in told] == [200] * 20 + [429] * 5
    assert told[-1].headers["retry-after"] == "1"
    assert modest.get("/").status_code == 200
    clock.now = 1.0
    assert [greedy.get("/").status_code for _ in range(3)] == [200, 200, 429]


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_clients_of_this_machine_are_not_counted(address: str) -> None:
    client = limited(address, Clock(), [])
    assert {client.get("/").status_code for _ in range(100)} == {200}


def test_an_address_without_end_is_turned_away(client: TestClient) -> None:
    answer = client.get("/search?q=" + "x" * 50_000)
    assert answer.status_code == 414
    assert answer.headers["x-content-type-options"] == "nosniff"
