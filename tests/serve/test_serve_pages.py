"""Every kind of page of the explorer: what it says, and that it agrees with the build."""

from __future__ import annotations

import re
import shutil
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

import kgraph
from kgraph.check import run_checks
from kgraph.serve.cache import PageCache
from kgraph.serve.site import Site, entity_url
from tests.conftest import REPOSITORY
from tests.serve.conftest import Serve
from tests.serve.test_serve_explorer import BROWSER, Seen, assert_harmless


def entities_of(page: str) -> list[str]:
    main = page[page.index("<main") :]
    return [link.removeprefix("/entity/") for link in Seen_links(main) if link.startswith("/entity/")]


def Seen_links(part: str) -> list[str]:
    return [unescape(found) for found in re.findall(r'href="([^"]*)"', part)]


def words_of(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page[page.index("<main") :])).split())


# -- search --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("racing dynamcs", "racing-dynamics"),
        ("Helen Tonr", "helen-toner"),
        ("eu ai akt", "eu-ai-act"),
        ("AI race", "racing-dynamics"),
        ("antropic", "anthropic"),
        ("Open AI", "openai"),
    ],
)
def test_search_forgives_typing_errors(client: TestClient, words: str, first: str) -> None:
    page = client.get("/search", params={"q": words}).text
    assert_harmless(page)
    assert entities_of(page)[0] == first
    assert client.get("/api/suggest", params={"q": words}).json()["items"][0]["id"] == first


def test_search_says_which_words_it_used(client: TestClient) -> None:
    page = client.get("/search", params={"q": "confidense bilding"}).text
    assert "for <b>confidence building</b>; nothing has <q>confidense bilding</q>" in page
    assert client.get("/api/entities", params={"q": "confidense bilding"}).json()["words"] == "confidence building"
    partly = client.get("/search", params={"q": "racing hiroshima zebra"}).text
    assert "none has all the words" in partly


def test_search_finds_text_and_shows_where(client: TestClient, sample: kgraph.KnowledgeGraph) -> None:
    page = client.get("/search", params={"q": "outside testers may get days"}).text
    assert entities_of(page)[0] == "model-evaluations"
    assert "<mark>testers</mark>" in page
    folded = client.get("/search", params={"q": "TESTERS MAY"}).text
    assert "model-evaluations" in entities_of(folded)


def test_search_finds_what_has_no_spaces_and_accents(tmp_path: Path, serve: Serve) -> None:
    (tmp_path / "wiki").mkdir()
    (tmp_path / "wiki" / "a.md").write_text("---\ntitle: Café Zürich\n---\n\n人工智能的治理需要合作。\n", encoding="utf-8")
    (tmp_path / "wiki" / "b.md").write_text("---\ntitle: Other\n---\n\nNothing.\n", encoding="utf-8")
    kgraph.build(tmp_path / "wiki", tmp_path / "workspace")
    client = serve(tmp_path / "workspace")
    for words in ("cafe zurich", "治理", "Cafe Zuerich", "zürich"):
        assert entities_of(client.get("/search", params={"q": words}).text)[0] == "a", words
    assert "<mark>治</mark>" in client.get("/search", params={"q": "治理"}).text


@pytest.mark.parametrize(
    "words", ['"', "AND", "a* OR b", "NEAR(a b)", "title:x", "^a", "-", "()", "\x00", "\ud800", "'; DROP TABLE entity", "*" * 200]
)
def test_words_are_no_query_language(client: TestClient, words: str) -> None:
    answer = client.get("/search", params={"q": words.encode("utf-8", "replace").decode()})
    assert answer.status_code == 200
    assert_harmless(answer.text)


# -- lists ---------------------------------------------------------------------------------------


def test_types_and_tags_lead_to_all_that_have_them(client: TestClient, sample: kgraph.KnowledgeGraph) -> None:
    page = client.get("/types").text
    for link in [link for link in assert_harmless(page).links() if link.startswith("/type/")]:
        told = client.get(link).text
        kind = link.removeprefix("/type/")
        assert set(entities_of(told)) == {entity.id for entity in sample.head.entities.values() if entity.type == kind}
        assert_harmless(told)
    assert "Organizations" in client.get("/type/Organisations").text
    tags = client.get("/tags").text
    links = [link for link in assert_harmless(tags).links() if link.startswith("/tag/")]
    assert len(links) == len({tag for entity in sample.head.entities.values() for tag in entity.tags})
    told = client.get("/tag/frontier-ai").text
    assert set(entities_of(told)) == {entity.id for entity in sample.head.entities.values() if "frontier-ai" in entity.tags}


def test_hubs_by_each_measure(client: TestClient, sample: kgraph.KnowledgeGraph) -> None:
    for by in ("pagerank", "hub", "authority", "in-degree", "out-degree", "betweenness"):
        page = client.get("/hubs", params={"by": by, "type": "policy"}).text
        assert entities_of(page) == [row["id"] for row in sample.hub_rows(50, by=by, type="policy")]
        assert_harmless(page)
    assert client.get("/hubs?by=fame").status_code == 400


def test_communities_hold_every_entity_and_have_lasting_names(client: TestClient, sample: kgraph.KnowledgeGraph) -> None:
    page = client.get("/communities").text
    links = [link for link in assert_harmless(page).links() if link.startswith("/community/")]
    members = [entity_id for link in links for entity_id in entities_of(client.get(link).text)]
    large = [entity_id for entity_id, measures in sample.rankings.measures.items()]
    assert sorted(members) == sorted(large)
    some = members[1]
    assert client.get(entity_url("community", some)).status_code == 200


@pytest.mark.parametrize("address", ["/type/dragon", "/tag/dragon", "/community/dragon", "/graph/dragon"])
def test_what_is_not_there(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    assert "dragon" in answer.text
    assert "etag" not in answer.headers
    assert_harmless(answer.text)


# -- paths ---------------------------------------------------------------------------------------


def test_a_path_shows_what_states_each_step(client: TestClient, sample: kgraph.KnowledgeGraph) -> None:
    page = client.get("/path", params={"from": "openai", "to": "racing-dynamics"}).text
    assert_harmless(page)
    told = client.get("/api/paths", params={"source": "openai", "target": "racing-dynamics", "k": 4}).json()
    assert len(told["paths"]) == page.count('class="path"') == 4
    for path in told["paths"]:
        assert path["stations"][0]["id"] == "openai"
        assert path["stations"][-1]["id"] == "racing-dynamics"
        assert len(path["steps"]) == len(path["stations"]) - 1
        for step, one, other in zip(path["steps"], path["stations"], path["stations"][1:], strict=False):
            assert step
            assert all({statement["source"], statement["target"]} == {one["id"], other["id"]} for statement in step)
            assert any(statement["place"] in page for statement in step)


def test_a_path_is_read_the_way_it_is_walked(client: TestClient) -> None:
    there = words_of(client.get("/path", params={"from": "racing-dynamics", "to": "compute-thresholds"}).text)
    back = words_of(client.get("/path", params={"from": "compute-thresholds", "to": "racing-dynamics"}).text)
    assert "↓ mitigated by" in there
    assert re.search("↑ mitigates|↓ mitigates", back)


def test_ends_of_a_path_go_by_any_name(client: TestClient) -> None:
    by_name = client.get("/path", params={"from": "AI race", "to": "Open Ai"}).text
    assert "How <a" in by_name
    assert ">Racing dynamics</a> and <a" in by_name
    unknown = client.get("/path", params={"from": "Qqqq zzzz", "to": "openai"}).text
    assert "Nothing goes by the name <q>Qqqq zzzz</q>" in unknown
    assert "Name both ends" in client.get("/path", params={"from": "openai"}).text
    assert "the same entity" in client.get("/path", params={"from": "openai", "to": "openai"}).text
    assert '<form action="/path"' in client.get("/path").text


# -- health and changes ----------------------------------------------------------------------------


def test_health_is_what_the_checks_find(client: TestClient, sample: kgraph.KnowledgeGraph) -> None:
    found = run_checks(sample.corpus, sample.config)
    page = client.get("/health").text
    assert_harmless(page)
    for rule in {item.rule for item in found}:
        items = [item for item in found if item.rule == rule]
        assert f'href="/health?rule={rule}"' in page
        told = words_of(client.get("/health", params={"rule": rule}).text)
        assert f"{len(items)} finding" in told
        assert " ".join(items[0].message.split()) in told
    told_all = client.get("/api/findings", params={"limit": 1000}).json()
    assert told_all["total"] == len(found)
    assert [(item["path"], item["rule"]) for item in told_all["items"]] == [(item.path, item.rule) for item in found]
    assert client.get("/health?rule=X1").status_code == 400


def test_pages_that_need_links_are_told_with_what_to_do(client: TestClient, sample: kgraph.KnowledgeGraph) -> None:
    found = [item for item in run_checks(sample.corpus, sample.config) if item.name == "orphan"]
    page = client.get("/health/links").text
    assert_harmless(page)
    section = page[page.index('id="orphans"') : page.index('id="dead-ends"')]
    for item in found:
        orphan = sample.head.pages[item.path].entity
        assert f'href="/entity/{orphan}"' in section
    sources = {link.source for link in sample.statements.links if link.target == orphan}
    suggested = set(entities_of(f"<main{section}")) - {orphan}
    assert suggested
    assert not suggested & sources


def test_an_entity_tells_what_to_mend_on_its_page(client: TestClient, sample: kgraph.KnowledgeGraph) -> None:
    item = next(item for item in run_checks(sample.corpus, sample.config) if item.name == "unlinked-mention")
    page = client.get(entity_url("entity", sample.head.pages[item.path].entity), headers=BROWSER).text
    link = next(link for link in Seen(page).links() if link.startswith("/health?rule"))
    assert item.message in words_of(client.get(link).text) or "unlinked-mention" not in link


def test_changes_are_those_from_the_build_before(serve: Serve, tmp_path: Path) -> None:
    shutil.copytree(REPOSITORY / "data", tmp_path / "data")
    kgraph.build(tmp_path / "data", tmp_path / "workspace")
    first = serve(tmp_path / "workspace").get("/changes").text
    assert "the only one kept" in first
    page = next((tmp_path / "data").rglob("racing-dynamics.mdx"))
    page.with_name("brand-new-thing.md").write_text(
        "---\ntitle: Brand new thing\n---\n\nAbout [racing](racing-dynamics.mdx).\n", encoding="utf-8"
    )
    page.write_text(page.read_text(encoding="utf-8") + "\nOne more line.\n", encoding="utf-8")
    kgraph.build(tmp_path / "data", tmp_path / "workspace")
    client = serve(tmp_path / "workspace")
    told = client.get("/changes").text
    assert_harmless(told)
    assert "Brand new thing" in told
    assert "brand-new-thing" in entities_of(told)
    words = words_of(told)
    assert "Racing dynamics content" in words
    assert "added Brand new thing" in words
    api = client.get("/api/changes").json()["changes"]
    assert [item["id"] for item in api["entities_added"]] == ["brand-new-thing"]


def test_readers_are_told_of_a_new_build(serve: Serve, tmp_path: Path) -> None:
    shutil.copytree(REPOSITORY / "data", tmp_path / "data")
    workspace = tmp_path / "workspace"
    kgraph.build(tmp_path / "data", workspace)
    client = serve(workspace)
    before = client.get("/")
    build = client.get("/api/build").json()
    assert "built anew" not in before.text
    assert f'data-build="{build["build"]}"' in before.text
    next((tmp_path / "data").rglob("racing-dynamics.mdx")).with_name("new.md").write_text("# New\n", encoding="utf-8")
    kgraph.build(tmp_path / "data", workspace)
    after = client.get("/", headers={"If-None-Match": before.headers["etag"]})
    assert after.status_code == 200
    assert "The wiki was built anew" in after.text
    assert client.get("/api/build").json()["number"] == build["number"] + 1
    assert client.get("/", headers={"If-None-Match": after.headers["etag"]}).status_code == 304


# -- the graph, and the rest -------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/graph", "/graph/openai", "/graph/openai?depth=2"])
def test_the_graph_runs_its_own_scripts_only(client: TestClient, address: str) -> None:
    answer = client.get(address)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "'unsafe-inline'" not in policy
    assert "sha256-" in policy
    assert "frame-ancestors 'none'" in policy
    assert '"/entity/openai"' in answer.text


def test_an_id_that_walks_up_keeps_its_place() -> None:
    assert entity_url("entity", "a/../b") == "/entity/a%2F..%2Fb"
    assert entity_url("entity", "a//b") == "/entity/a%2F%2Fb"


def test_pages_are_kept_within_a_bound() -> None:
    made: list[int] = []

    def make(number: int, size: int) -> bytes:
        made.append(number)
        return bytes(size)

    cache = PageCache(most_bytes=1000)
    for number in [1, 2, 1, 3, 3, 1]:
        assert len(cache.get(number, lambda number=number: make(number, 100))) == 100  # type: ignore[misc]
    assert made == [1, 2, 3]
    for number in range(10, 20):
        cache.get(number, lambda number=number: make(number, 100))  # type: ignore[misc]
    cache.get(1, lambda: make(1, 100))
    assert made.count(1) == 2
    for _ in range(2):
        cache.get("large", lambda: make(99, 500))
    assert made.count(99) == 2


def test_a_failure_is_not_kept(client: TestClient, sample: kgraph.KnowledgeGraph) -> None:
    cache = PageCache()
    with pytest.raises(ValueError, match="once"):
        cache.get("x", lambda: (_ for _ in ()).throw(ValueError("once")))
    assert cache.get("x", lambda: b"page") == b"page"
    assert Site(sample).build == Site(sample).build
