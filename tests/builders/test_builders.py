"""The block of related pages in the sites of real builders, as a reader meets it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest

from tests.builders.building import BUILDERS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.xdist_group("builders")
EVERY = pytest.mark.parametrize("name", list(BUILDERS))
AXE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kgraph" / "axe-core-4.14.1.min.js"
PAGES = ("policies/eu-ai-act", "people/elinor-ostrom", "risks/racing-dynamics", "organizations/iaea")


def address_of(name: str, page: str) -> str:
    """Address of a page, as the builder serves it."""
    return f"{page}.html" if name in ("sphinx", "html") else f"{page}/"


@EVERY
def test_every_page_has_its_block_and_every_link_leads_to_a_page(name: str, built: Callable[[str], Path]) -> None:
    from selectolax.lexbor import LexborHTMLParser

    folder = built(name)
    base = "/wiki/" if name == "mkdocs" else "/"
    blocks = links = 0
    for path in sorted(folder.rglob("*.html")):
        block = LexborHTMLParser(path.read_text(encoding="utf-8")).css("nav.kgraph-related")
        assert len(block) <= 1
        if not block:
            continue
        blocks += 1
        place = path.relative_to(folder).as_posix()
        own = f"http://x{base}{place.removesuffix('index.html') if place.endswith('/index.html') else place}"
        for anchor in block[0].css("a"):
            target = urljoin(own, anchor.attributes["href"])
            route = unquote(urlsplit(urldefrag(target)[0]).path).removeprefix(base)
            assert (folder / route / "index.html").is_file() or (folder / route).is_file(), f"{place}: {anchor.attributes['href']}"
            assert target != own
            links += 1
        assert block[0].css("details li"), place
    assert blocks == 139 if name != "sphinx" else blocks >= 139
    assert links > 139 * 15


@EVERY
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_works_without_javascript(name: str, scheme: Any, served: Callable[[str], str], chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False, color_scheme=scheme, viewport={"width": 1100, "height": 900})
    page = context.new_page()
    page.goto(served(name) + address_of(name, PAGES[0]))
    block = page.get_by_role("navigation", name="Related pages")
    assert block.get_by_role("heading", name="Related pages").is_visible()
    assert block.locator(".kg-top > li").count() == 5
    assert block.locator(".kg-groups > div").count() >= 3
    reason = block.locator("details ul").first
    assert not reason.is_visible()
    summary = block.locator("summary").first
    summary.focus()
    page.keyboard.press("Enter")
    assert reason.is_visible()
    assert reason.locator("li").first.inner_text().strip()
    if os.environ.get("KGRAPH_SCREENSHOTS"):
        block.screenshot(path=Path(os.environ["KGRAPH_SCREENSHOTS"]) / f"{name}-{scheme}.png")
    page.keyboard.press("Enter")
    assert not reason.is_visible()
    first = block.get_by_role("link").first
    title = first.inner_text()
    first.click()
    assert title in page.locator("h1, main, article").first.inner_text()
    context.close()


@EVERY
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(name: str, scheme: Any, served: Callable[[str], str], chromium: Browser) -> None:
    if not AXE.is_file():
        pytest.skip(f"{AXE} is missing: run scripts/axe.sh")
    context = chromium.new_context(color_scheme=scheme, viewport={"width": 400, "height": 800}, bypass_csp=True)
    page = context.new_page()
    for place in PAGES[:2]:
        page.goto(served(name) + address_of(name, place))
        page.add_script_tag(path=AXE)
        page.evaluate("document.querySelectorAll('.kgraph-related details').forEach(each => { each.open = true })")
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        result = page.evaluate("tags => axe.run('.kgraph-related', { runOnly: { type: 'tag', values: tags } })", tags)
        found = [(each["id"], each["nodes"][0]["html"][:200], each["nodes"][0]["failureSummary"]) for each in result["violations"]]
        assert found == []
        assert len(result["passes"]) > 5
        wide = page.evaluate("document.querySelector('.kgraph-related').scrollWidth <= document.documentElement.clientWidth")
        assert wide, "the block is wider than a narrow window"
    context.close()
