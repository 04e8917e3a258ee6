"""What stands before every request, and builds that come while the server runs."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from starlette.testclient import TestClient

import kgraph
from tests.conftest import REPOSITORY
from tests.serve.conftest import Serve

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
FOREIGN = ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:7878", "", "[::2]", "localhost:80@evil", "a b"]


@pytest.mark.parametrize("address", ["/", "/entity/eu-ai-act", "/entity/none-such", "/sparql", "/api/stats", "/search?type=x", "/healthz"])
def test_every_response_bounds_what_a_page_may_do(client: TestClient, address: str) -> None:
    headers = client.get(address).headers
    assert headers["content-security-policy"] == POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("host", FOREIGN)
def test_names_that_are_not_of_this_machine_are_turned_away(client: TestClient, host: str) -> None:
    for address in ("/", "/api/stats", "/sparql"):
        answer = client.get(address, headers={"Host": host})
        assert answer.status_code == 400
        assert "host" in answer.text


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:7878", "127.0.0.1", "127.0.0.1:80", "[::1]:7878"])
def test_names_of_this_machine_are_answered(client: TestClient, host: str) -> None:
    assert client.get("/api/stats", headers={"Host": host}).status_code == 200


def test_data_is_open_to_other_origins_and_pages_are_not(client: TestClient) -> None:
    origin = {"Origin": "https://notebook.example"}
    for address in ("/api/stats", "/api/none", "/sparql", "/sparql?query=x"):
        assert client.get(address, headers=origin).headers["access-control-allow-origin"] == "*"
    for address in ("/", "/entity/eu-ai-act", "/apis"):
        assert "access-control-allow-origin" not in client.get(address, headers=origin).headers


def test_preflight(client: TestClient) -> None:
    asked = {
        "Origin": "https://notebook.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    answer = client.options("/sparql", headers=asked)
    assert answer.status_code == 204
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert "content-type" in answer.headers["access-control-allow-headers"].lower()
    assert client.options("/", headers=asked).status_code == 405


def test_health(client: TestClient) -> None:
    assert client.get("/healthz").text == "ok\n"


def test_a_new_build_is_answered_from_at_once(serve: Serve, tmp_path: Path) -> None:
    shutil.copytree(REPOSITORY / "data", tmp_path / "data")
    workspace = tmp_path / "workspace"
    kgraph.build(tmp_path / "data", workspace)
    client = serve(workspace)
    before = client.get("/api/stats")
    query = {"query": "ASK { ?e skos:prefLabel 'Brand new thing' }"}
    assert client.get("/sparql", params=query).json()["boolean"] is False
    assert client.get("/entity/brand-new-thing").status_code == 404
    page = next((tmp_path / "data").rglob("racing-dynamics.mdx")).with_name("brand-new-thing.md")
    page.write_text("---\ntitle: Brand new thing\n---\n\nAbout [racing](racing-dynamics.md).\n", encoding="utf-8")
    kgraph.build(tmp_path / "data", workspace)
    assert client.get("/entity/brand-new-thing").status_code == 200
    assert client.get("/sparql", params=query).json()["boolean"] is True
    after = client.get("/api/stats", headers={"If-None-Match": before.headers["etag"]})
    assert after.status_code == 200
    assert after.json()["pages"] == before.json()["pages"] + 1
    shutil.rmtree(workspace)
    assert client.get("/entity/brand-new-thing").status_code == 200
