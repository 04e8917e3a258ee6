"""The JSON API."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from starlette.testclient import TestClient

import kgraph
from kgraph.serve.answers import Service
from kgraph.serve.api.operations import OPERATIONS
from kgraph.serve.api.paging import part_of
from kgraph.serve.app import create_app
from kgraph.serve.sites import Sites
from kgraph.serve.workers import Workers
from kgraph.workspace import Workspace


def test_stats_are_those_of_the_build(client: TestClient, sample: kgraph.KnowledgeGraph) -> None:
    assert client.get("/api/stats").json() == sample.stats()


def test_an_entity_is_the_page_object_of_the_export(client: TestClient, sample_workspace: Path, sample: kgraph.KnowledgeGraph) -> None:
    exported = json.loads((sample_workspace / "site" / "related.json").read_bytes())["pages"]
    assert len(exported) > 100
    for entity_id, told in exported.items():
        assert client.get(f"/api/entities/{entity_id}").json() == told
    stub = next(entity for entity in sample.head.entities.values() if entity.stub)
    told = client.get(f"/api/entities/{stub.id}").json()
    assert (told["id"], told["path"]) == (stub.id, None)
    assert set(told) == set(exported["eu-ai-act"])


def test_an_entity_fits_the_schema(client: TestClient, sample_workspace: Path) -> None:
    schema = json.loads((sample_workspace / "site" / "related.schema.json").read_bytes())
    told = client.get("/api/entities/eu-ai-act").json()
    jsonschema.validate(told, {"$defs": schema["$defs"], "$ref": "#/$defs/RelatedPage"})
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**told, "top": 1}, {"$defs": schema["$defs"], "$ref": "#/$defs/RelatedPage"})


def test_lists_of_entities(client: TestClient, sample: kgraph.KnowledgeGraph) -> None:
    risks = {entity.id for entity in sample.head.entities.values() if entity.type == "risk"}
    told = client.get("/api/entities", params={"type": "Risks"}).json()
    assert told["total"] == len(risks)
    assert {item["id"] for item in told["items"]} == risks
    assert client.get("/api/entities", params={"q": "eu ai act"}).json()["items"][0]["id"] == "eu-ai-act"
    assert client.get("/api/entities", params={"q": "qqqqq zzzzz"}).json()["items"] == []


LISTS = [
    "/api/entities",
    "/api/entities?q=policy&type=organization",
    "/api/entities?tag=frontier-ai",
    "/api/tags",
    "/api/communities",
    "/api/findings",
    "/api/backlinks/openai",
    "/api/mentions/united-nations",
    "/api/relations/racing-dynamics",
]


@pytest.mark.parametrize("address", LISTS)
def test_long_lists_come_in_parts(client: TestClient, address: str) -> None:
    whole = client.get(address, params={"limit": 1000}).json()
    assert whole["next"] is None
    assert whole["total"] == len(whole["items"]) > 3
    found, cursor, steps = list[Any](), "", 0
    while cursor is not None:
        answer = client.get(address, params={"limit": max(2, whole["total"] // 5), **({"cursor": cursor} if cursor else {})})
        told = answer.json()
        found += told["items"]
        cursor = told["next"]
        if cursor:
            link = answer.headers["link"]
            assert link.endswith('>; rel="next"')
            assert client.get(link[1 : link.index(">")]).json()["items"]
        steps += 1
    assert found == whole["items"]
    assert steps >= 3


def test_a_part_begins_where_the_one_before_ended_also_in_another_build() -> None:
    first, cursor = part_of(["a", "b", "c", "d"], str, 2, None)
    assert first == ["a", "b"]
    assert part_of(["a", "x", "b", "c", "d"], str, 2, cursor) == (["c", "d"], None)
    assert part_of(["a", "c", "d"], str, 2, cursor)[0] == ["d"]
    assert part_of([], str, 2, cursor) == ([], None)


def test_statements_about_an_entity(client: TestClient, sample: kgraph.KnowledgeGraph) -> None:
    told = client.get("/api/relations/racing-dynamics").json()["items"]
    mitigating = {item["id"] for item in told if item["label"] == "mitigated by"}
    stated = {item.target for item in sample.statements.relations if (item.source, item.name) == ("racing-dynamics", "mitigated-by")}
    assert stated <= mitigating
    assert all(item["places"] for item in told)
    links = client.get("/api/backlinks/racing-dynamics").json()["items"]
    assert {item["id"] for item in links} == {link.source for link in sample.statements.links if link.target == "racing-dynamics"} - {
        "racing-dynamics"
    }
    assert all(item["sentence"] for item in links)


def test_the_description_is_openapi(client: TestClient) -> None:
    told = client.get("/api/openapi.json").json()
    assert told["openapi"] == "3.1.0"
    assert set(told["paths"]) == {address.split("?")[0] for address in client.get("/api").json()["operations"].values()} | {"/api"}
    for name, schema in told["components"]["schemas"].items():
        jsonschema.Draft202012Validator.check_schema(schema)
        assert name
    page = client.get("/api/docs").text
    assert all(path in page for path in told["paths"] if path != "/api")


@pytest.fixture(scope="session")
def api_schema(sample_workspace: Path) -> Iterator[Any]:
    workers = Workers(60.0, 1)
    app = create_app(Service(Sites(Workspace(sample_workspace)), workers, 100))
    yield schemathesis.openapi.from_asgi("/api/openapi.json", app)
    workers.close()


def ask_much(operation: Any, mode: GenerationMode) -> list[int]:
    """Status codes of what Schemathesis asks and finds to be as described."""
    asked: list[int] = []

    @settings(max_examples=30, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: schemathesis.Case[Any]) -> None:
        asked.append(case.call_and_validate().status_code)

    ask()
    return asked


@pytest.mark.parametrize("path", [operation.path for operation in OPERATIONS])
def test_answers_are_as_described(api_schema: Any, path: str) -> None:
    operation = api_schema[path]["GET"]
    told = ask_much(operation, GenerationMode.POSITIVE)
    assert 200 in told or 404 in told
    if len(operation.query):
        assert 400 in ask_much(operation, GenerationMode.NEGATIVE)


def test_related_lists(client: TestClient, sample: kgraph.KnowledgeGraph) -> None:
    told = client.get("/api/related/eu-ai-act", params={"k": 5}).json()["related"]
    expected = sample.related_items("eu-ai-act", 5)
    assert [(item["id"], item["score"], item["rank"]) for item in told] == [(item.id, item.score, item.rank) for item in expected]
    assert told[0]["reasons"][0]["text"] == expected[0].reasons[0].text
    unlinked = client.get("/api/related/eu-ai-act", params={"k": 5, "unlinked": "true"}).json()["related"]
    assert unlinked
    assert not any(item["linked"] for item in unlinked)
    assert any(item["linked"] for item in told)


def test_a_long_related_list_has_reasons_to_its_end(client: TestClient) -> None:
    told = client.get("/api/related/eu-ai-act", params={"k": 100}).json()["related"]
    assert len(told) > 50
    assert all(item["reasons"] for item in told)


@pytest.mark.parametrize("by", ["pagerank", "hub", "authority", "in-degree", "out-degree", "betweenness"])
def test_hubs(client: TestClient, sample: kgraph.KnowledgeGraph, by: Any) -> None:
    assert client.get("/api/hubs", params={"by": by, "k": 4}).json()["hubs"] == sample.hub_rows(4, by=by)
    typed = client.get("/api/hubs", params={"by": by, "k": 4, "type": "policy"}).json()["hubs"]
    assert typed == sample.hub_rows(4, by=by, type="policy")
    assert len(typed) == 4


@pytest.mark.parametrize(
    ("address", "word"),
    [
        ("/api/entities?limit=many", "limit"),
        ("/api/entities?limit=0", "limit"),
        ("/api/entities?limit=1000000", "limit"),
        ("/api/entities?offset=1", "offset"),
        ("/api/entities?limit=", "limit"),
        ("/api/entities?limit=1&limit=2", "limit"),
        ("/api/entities?cursor=x", "cursor"),
        ("/api/entities?cursor=0~a", "cursor"),
        ("/api/entities?cursor=%D9%A3~a", "cursor"),
        ("/api/stats?x=1", "none"),
        ("/api/paths?source=openai", "target"),
        ("/api/suggest", "q must"),
        ("/api/entities?type=dragon", "dragon"),
        ("/api/related/eu-ai-act?k=x", "k must"),
        ("/api/related/eu-ai-act?k=%D9%A3", "k must"),
        ("/api/related/eu-ai-act?unlinked=perhaps", "unlinked"),
        ("/api/hubs?by=fame", "pagerank"),
        ("/api/hubs?k=0", "k must"),
        ("/api/hubs?type=dragon", "dragon"),
    ],
)
def test_bad_parameters(client: TestClient, address: str, word: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 400
    told = answer.json()["error"]
    assert word in told
    assert "\n" not in told
    assert "etag" not in answer.headers


@pytest.mark.parametrize("kind", ["entities", "related"])
def test_an_unknown_id_is_told_with_the_closest_names(client: TestClient, kind: str) -> None:
    answer = client.get(f"/api/{kind}/racing-dynamcs")
    assert answer.status_code == 404
    assert "racing-dynamics" in answer.json()["error"]
    assert answer.json()["closest"][0] == {"id": "racing-dynamics", "title": "Racing dynamics"}


def test_an_unknown_address_and_method_speak_json(client: TestClient) -> None:
    assert client.get("/api/nothing").status_code == 404
    assert client.get("/api/nothing").json()["error"]
    posted = client.post("/api/stats")
    assert posted.status_code == 405
    assert posted.json()["error"]


def test_the_index_names_what_there_is(client: TestClient) -> None:
    told = client.get("/api").json()
    assert client.get(told["description"]).status_code == 200
    for address in told["operations"].values():
        path = address.split("?")[0].replace("{id}", "openai")
        given = {"paths": {"source": "openai", "target": "eu-ai-act"}, "suggest": {"q": "open"}}.get(path.rsplit("/", 1)[-1], {})
        assert client.get(path, params=given).status_code == 200, path


@pytest.mark.parametrize("address", ["/api/stats", "/api/entities/eu-ai-act", "/", "/search?q=ai", "/entity/eu-ai-act"])
def test_what_a_client_has_is_not_sent_again(client: TestClient, address: str) -> None:
    first = client.get(address)
    tag = first.headers["etag"]
    again = client.get(address, headers={"If-None-Match": f'"other", {tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.get(address, headers={"If-None-Match": "*"}).status_code == 304
    assert client.get(address, headers={"If-None-Match": '"other"'}).status_code == 200
    missing = client.get("/api/entities/no-such-thing", headers={"If-None-Match": tag})
    assert missing.status_code == 404
