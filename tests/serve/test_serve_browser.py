"""The explorer in a real Chromium: no request leaves the server, nothing complains, nothing that authors write runs, axe is content."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

import kgraph
from kgraph.serve.site import entity_url
from tests.badinput import write_bad_input
from tests.serve.running import running
from tests.serve.watching import follow, violations

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.xdist_group("explorer")

PAGES = {
    "start": "/",
    "search": "/search?q=racing+dynamcs",
    "nothing found": "/search?q=zzzzqqq",
    "entity": "/entity/racing-dynamics",
    "entity, whole list": "/entity/racing-dynamics?all=related",
    "person": "/entity/helen-toner",
    "types": "/types",
    "type": "/type/policy",
    "tags": "/tags",
    "tag": "/tag/frontier-ai",
    "hubs": "/hubs?by=authority&type=organization",
    "communities": "/communities",
    "community": "/community/racing-dynamics",
    "path form": "/path",
    "path": "/path?from=openai&to=eu-ai-act",
    "no path": "/path?from=nothing+like+it&to=eu-ai-act",
    "health": "/health",
    "rule": "/health?rule=N405",
    "pages that need links": "/health/links",
    "changes": "/changes",
    "API": "/api/docs",
}


@pytest.mark.parametrize("kind", PAGES)
def test_every_kind_of_page(watch: Any, address: str, axe: str, kind: str) -> None:
    watched = watch(address)
    page = watched.open(PAGES[kind])
    page.evaluate("document.querySelectorAll('details').forEach((part, place) => { part.open = place < 12; })")
    assert page.locator("h1").count() == 1
    for width, scheme in ((1600, "light"), (390, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert violations(page, axe) == []
    assert watched.complaints == []


def test_the_graph_page_draws_and_its_nodes_lead_back(watch: Any, address: str) -> None:
    watched = watch(address)
    page = watched.open("/graph/openai")
    page.locator("html[data-drawn]").wait_for(state="attached", timeout=20_000)
    assert page.evaluate("document.querySelector('canvas') !== null")
    assert watched.complaints == []


def test_everything_but_the_graph_works_without_scripts(watch: Any, address: str) -> None:
    watched = watch(address, scripts=False)
    page = watched.open("/")
    page.get_by_role("search").get_by_label("Search").fill("helen tonr")
    follow(page, page.get_by_role("button", name="Search"))
    follow(page, page.get_by_role("link", name="Helen Toner", exact=True))
    assert page.url == f"{address}/entity/helen-toner"
    follow(page, page.get_by_role("link", name="Find a path from here"))
    page.get_by_label("to").fill("racing dynamics")
    follow(page, page.get_by_role("button", name="Find paths"))
    assert page.get_by_role("heading", level=1).inner_text() == "How Helen Toner and Racing dynamics are connected"
    assert watched.complaints == []


def test_names_are_offered_while_one_types(watch: Any, address: str, axe: str) -> None:
    watched = watch(address)
    page = watched.open("/path")
    page.get_by_label("From").press_sequentially("racing dyn", delay=10)
    page.get_by_role("option", name="Racing dynamics").wait_for()
    assert violations(page, axe) == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.get_by_label("From").input_value() == "Racing dynamics"
    assert page.url == f"{address}/path"
    page.keyboard.press("Escape")
    page.locator("main").click(position={"x": 5, "y": 200})
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.type("opena")
    page.get_by_role("option", name="OpenAI").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/entity/openai")
    assert watched.complaints == []


def test_the_page_tells_of_a_new_build(chromium: Browser, watch: Any, tmp_path: Path) -> None:
    (tmp_path / "wiki").mkdir()
    for name in ("one", "two"):
        (tmp_path / "wiki" / f"{name}.md").write_text(
            f"---\ntitle: {name}\n---\n\nText of [one](one.md) and [two](two.md).\n", encoding="utf-8"
        )
    kgraph.build(tmp_path / "wiki", tmp_path / "workspace")
    with running(tmp_path / "workspace") as (_, _, address):
        watched = watch(address)
        page = watched.open("/entity/one")
        assert page.locator("#notice").inner_text() == ""
        (tmp_path / "wiki" / "three.md").write_text("# Three\n\nSee [one](one.md).\n", encoding="utf-8")
        kgraph.build(tmp_path / "wiki", tmp_path / "workspace")
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        follow(page, page.get_by_role("link", name="Load this page anew"))
        assert "you are reading the new build" in page.locator("#notice").inner_text()
        follow(page, page.get_by_role("link", name="See what changed"))
        assert "Three" in page.locator("main").inner_text()
        assert watched.complaints == []


# -- pages that mean harm -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bad_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, kgraph.KnowledgeGraph]]:
    """Server over bad input of every kind, and what was built from it."""
    folder = tmp_path_factory.mktemp("bad")
    write_bad_input(folder / "wiki")
    kgraph.build(folder / "wiki", folder / "workspace")
    with running(folder / "workspace") as (_, _, address):
        yield address, kgraph.open(folder / "workspace")


def test_bad_input_runs_nothing(watch: Any, axe: str, bad_address: tuple[str, kgraph.KnowledgeGraph]) -> None:
    address, kg = bad_address
    entities = kg.head.entities
    leading = [row["id"] for row in kg.hub_rows(3)]
    odd = [
        entity.id
        for entity in entities.values()
        if any(char in f"{entity.id}{entity.title}{entity.summary}" for char in "<>\"'`{}&%\x00\u202e")
    ]
    tags = sorted({name for entity in entities.values() for name in entity.tags})
    types = sorted({entity.type for entity in entities.values()})
    addresses = [
        "/", "/search", "/types", "/tags", "/hubs", "/communities", "/health", "/health/links", "/changes", "/api/docs",
        f"/path?from={quote(leading[0])}&to={quote(leading[1])}", "/search?q=%3Cscript%3Ealert(1)%3C/script%3E", "/search?q=alert",
        "/path?from=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&to=x", "/entity/%3Cimg%20src=x%20onerror=alert(1)%3E",
        *(f"/health?rule={rule}" for rule in ("W201", "N405", "E103", "W108")),
        *(entity_url("type", name) for name in types[:12]),
        *("/tag/" + quote(name, safe="") for name in tags[:12]),
        *(entity_url("entity", entity_id) for entity_id in odd[:60]),
        *(entity_url("community", entity_id) for entity_id in odd[:3]),
    ]  # fmt: skip
    assert len(odd) > 20
    watched = watch(address, width=390)
    for path in addresses:
        page = watched.open(path)
        assert page.locator("h1").count() == 1, path
        assert page.evaluate("document.querySelectorAll('main script, main iframe, main img, main style').length") == 0, path
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
    for path in ["/", "/health/links", entity_url("entity", odd[0]), "/search?q=alert", "/health"]:
        assert violations(watched.open(path), axe) == [], path
    assert watched.complaints == []


def test_graphs_of_bad_input_run_nothing(watch: Any, bad_address: tuple[str, kgraph.KnowledgeGraph]) -> None:
    address, kg = bad_address
    odd = [entity.id for entity in kg.head.entities.values() if "<" in entity.title][:3]
    assert odd
    watched = watch(address)
    for path in ["/graph", *(entity_url("graph", entity_id) for entity_id in odd)]:
        page = watched.open(path)
        page.locator("html[data-drawn]").wait_for(state="attached", timeout=20_000)
    assert watched.complaints == []


def test_every_entity_of_bad_input_has_its_page(watch: Any, bad_address: tuple[str, kgraph.KnowledgeGraph]) -> None:
    address, kg = bad_address
    watched = watch(address, scripts=False)
    for entity in kg.head.entities.values():
        answer = watched.context.request.get(address + entity_url("entity", entity.id), headers={"Accept": "text/html"})
        assert answer.status == 200, entity.id
        assert "data-build" in answer.text()
