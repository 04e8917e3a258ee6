"""The JSON API."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from starlette.testclient import TestClient

import kgraph


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
    pages = [client.get("/api/entities", params={"limit": 3, "offset": offset}).json() for offset in (0, 3)]
    assert [len(page["items"]) for page in pages] == [3, 3]
    assert not {item["id"] for item in pages[0]["items"]} & {item["id"] for item in pages[1]["items"]}
    assert pages[0]["total"] == len(sample.head.entities)
    assert client.get("/api/entities", params={"q": "eu ai act"}).json()["items"][0]["id"] == "eu-ai-act"
    assert client.get("/api/entities", params={"q": "no such words at all"}).json()["items"] == []


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
        ("/api/entities?offset=-1", "offset"),
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
    assert client.get(told["stats"]).status_code == 200
    assert client.get(told["hubs"]).status_code == 200
    assert client.get(told["entities"]).status_code == 200


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
