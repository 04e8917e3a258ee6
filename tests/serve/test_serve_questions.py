"""The ways to answers that docs/explorer.md shows, walked in Chromium the way a reader does."""

from __future__ import annotations

from typing import Any

import pytest

import kgraph
from tests.conftest import REPOSITORY
from tests.serve.watching import follow

pytestmark = pytest.mark.xdist_group("explorer")


def text_of(part: Any) -> str:
    return " ".join(part.inner_text().split())


def test_who_works_on_it(watch: Any, address: str) -> None:
    watched = watch(address)
    page = watched.open("/")
    page.get_by_role("combobox", name="Search").press_sequentially("racing dyn")
    follow(page, page.get_by_role("option", name="Racing dynamics"))
    page.get_by_role("navigation", name="Types of related entities").get_by_role("link", name="People").click()
    related = page.locator("#related")
    assert {"Dario Amodei", "Allan Dafoe", "Helen Toner"} <= set(related.locator(".name > a").all_inner_texts())
    assert set(related.locator(".type").all_inner_texts()) == {"Person"}
    related.locator("summary").nth(1).click()
    assert "%" in text_of(related.locator("details[open]"))
    assert watched.complaints == []


def test_what_mitigates_it(watch: Any, address: str, sample: kgraph.KnowledgeGraph) -> None:
    watched = watch(address)
    page = watched.open("/entity/racing-dynamics")
    row = page.locator(".relations > div").filter(has=page.get_by_text("mitigated by", exact=True))
    named = row.locator(".row a").all_inner_texts()
    relations = sample.statements.relations
    stated = {str(item.target) for item in relations if (item.source, item.name) == ("racing-dynamics", "mitigated-by")}
    stated |= {item.source for item in relations if (item.target, item.name) == ("racing-dynamics", "mitigates")}
    assert set(named) == {sample.head.entities[entity_id].title for entity_id in stated}
    row.get_by_text("sources").click()
    assert "wiki/entities/risks.yaml:" in text_of(row.locator("details"))
    assert watched.complaints == []


def test_how_two_are_connected(watch: Any, address: str) -> None:
    watched = watch(address)
    page = watched.open("/")
    follow(page, page.get_by_role("link", name="Paths", exact=True))
    page.get_by_label("From").fill("OpenAI")
    page.get_by_label("to").fill("racing dynamics")
    follow(page, page.get_by_role("button", name="Find paths"))
    assert text_of(page.locator("h1")) == "How OpenAI and Racing dynamics are connected"
    ways = page.locator(".paths > li")
    assert ways.count() == 4
    assert "directly" in text_of(ways.first)
    assert ways.nth(1).locator(".station").count() >= 3
    assert all(ways.nth(number).locator(".stated code").count() > 0 for number in range(4))
    assert watched.complaints == []


def test_which_pages_need_links(watch: Any, address: str) -> None:
    watched = watch(address)
    page = watched.open("/")
    follow(page, page.get_by_role("link", name="Health", exact=True))
    page.get_by_role("link", name="Which pages need links?").click()
    assert page.locator("#orphans tbody tr").count() == 1
    assert page.locator("#orphans tbody td a").count() > 0
    assert page.locator("#names tbody tr").count() > 20
    assert watched.complaints == []


def test_the_document_tells_these_ways() -> None:
    told = (REPOSITORY / "docs" / "explorer.md").read_text(encoding="utf-8")
    for words in (
        "at *Related*, choose *People*",
        "the row *mitigated by*",
        "*Find paths*",
        "*Which pages need links?*",
        "Allan Dafoe, Dario Amodei",
    ):
        assert words in told
