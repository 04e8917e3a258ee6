"""Pages as Chromium shows them, from a file and without a network."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

from kgraph.render.inline import GraphPage
from kgraph.render.page import render_page
from kgraph.render.picture import Picture, PictureEdge
from tests.render.pictures import make_edge, make_node, neighbourhood, whole

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.render.browsing import Opener

_INK = """() => {
  const canvas = document.querySelector('#graph canvas');
  const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  const colours = new Set();
  let inked = 0;
  for (let at = 0; at < pixels.length; at += 4) {
    if (pixels[at + 3] > 250) { inked += 1; colours.add(`${pixels[at]},${pixels[at + 1]},${pixels[at + 2]}`); }
  }
  return { inked, colours: [...colours] };
}"""
_BLUE = "0,114,178"
AXE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kgraph" / "axe-core-4.14.1.min.js"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1600])
def test_opens_without_a_network_or_a_complaint(open_picture: Opener, scheme: str, width: int) -> None:
    opened = open_picture(neighbourhood(), width=width, color_scheme=scheme)
    found = opened.page.evaluate(_INK)
    assert found["inked"] > 5_000
    assert (_BLUE in found["colours"]) is (scheme == "light")
    assert opened.complaints == []
    assert [url for url in opened.requests if not url.startswith(("file:", "data:"))] == []
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_whole_site_shows_its_backbone_and_says_so(open_picture: Opener) -> None:
    opened = open_picture(whole())
    shown = opened.shown()
    assert shown["nodes"] == 700
    assert 1_000 < shown["edges"] < 2_000
    assert re.fullmatch(r"700 nodes · [\d,]+ of 8,000 edges", opened.page.locator("#counts").inner_text())
    assert opened.complaints == []


@pytest.mark.parametrize("width", [390, 1600])
@pytest.mark.parametrize("picture", [whole(), neighbourhood()], ids=["site", "neighbourhood"])
def test_labels_do_not_overlap(open_picture: Opener, picture: Picture, width: int) -> None:
    opened = open_picture(picture, width=width, height=844)
    labels = opened.page.evaluate("kgraph.labels()")
    assert len(labels) >= 8
    for place, one in enumerate(labels):
        for other in labels[:place]:
            aside = one["left"] >= other["right"] or other["left"] >= one["right"]
            assert aside or one["top"] >= other["bottom"] or other["top"] >= one["bottom"], (one["text"], other["text"])
    leading = max(picture.nodes, key=lambda node: (node.focus, node.importance))
    assert leading.title in {label["text"] for label in labels}


def test_relations_stand_for_what_says_less(open_picture: Opener) -> None:
    edges = (make_edge("n0000", "n0001", kind="relation", label="mitigates"), make_edge("n0001", "n0000", kind="link"))
    opened = open_picture(Picture(title="Two", nodes=(make_node(0), make_node(1)), edges=edges))
    assert opened.shown()["edges"] == 1
    opened.page.evaluate("kgraph.select('n0000')")
    assert "Links (1)" in opened.page.locator("#card h3").all_inner_texts()[-1].title()
    opened.page.evaluate("kgraph.clear()")
    opened.page.locator("#kinds input").first.uncheck()
    assert opened.shown()["edges"] == 1


def test_strength_slider_shows_all_edges(open_picture: Opener) -> None:
    opened = open_picture(whole())
    before = opened.shown()["edges"]
    opened.page.locator("#strength").focus()
    opened.page.keyboard.press("End")
    assert opened.page.inner_text("#strength-value") == "100 %"
    assert opened.shown()["edges"] > before * 3


def test_search_leads_to_a_node(open_picture: Opener) -> None:
    opened = open_picture(whole(nodes=200, edges=800))
    page = opened.page
    wanted = page.evaluate("JSON.parse(document.getElementById('graph-data').textContent).nodes[40].label")
    page.keyboard.press("/")
    page.keyboard.type(wanted.upper())
    assert page.get_by_role("option").first.inner_text() == wanted
    page.keyboard.press("Enter")
    opened.settle()
    assert page.locator("#card .title").inner_text() == wanted
    selected = opened.shown()["selected"]
    x, y = opened.spot(selected)
    assert 300 < x < 1240
    assert 100 < y < 800
    assert page.url.endswith(f"#{selected}")
    assert opened.complaints == []


def test_search_without_a_match(open_picture: Opener) -> None:
    page = open_picture(neighbourhood()).page
    page.fill("#search", "zzzz")
    assert page.get_by_role("option").all_inner_texts() == ["No node has this title"]
    page.keyboard.press("Enter")
    assert page.locator("#card").is_hidden()


def test_types_are_filtered(open_picture: Opener) -> None:
    opened = open_picture(neighbourhood())
    before = opened.shown()
    opened.page.get_by_label("Concepts").uncheck()
    after = opened.shown()
    assert after["nodes"] == before["nodes"] - 3
    assert after["edges"] < before["edges"]
    opened.page.get_by_role("button", name="all / none").click()
    assert opened.shown() == before


def test_kinds_of_edges_are_filtered(open_picture: Opener) -> None:
    opened = open_picture(neighbourhood())
    before = opened.shown()
    opened.page.locator("#kinds input").first.uncheck()
    assert opened.shown()["nodes"] == before["nodes"]
    assert opened.shown()["edges"] == before["edges"] - 9


def test_click_opens_the_card_and_its_first_element_is_the_link(open_picture: Opener) -> None:
    opened = open_picture(neighbourhood())
    page = opened.page
    page.mouse.click(*opened.spot("n0000"))
    card = page.locator("#card")
    assert card.locator("a, button").first.get_attribute("href") == "wiki/n0000.html"
    assert "What node 0 is about" in card.inner_text()
    assert "RELATIONS (9)" in card.inner_text()
    card.get_by_role("button", name="Close").click()
    assert card.is_hidden()
    assert opened.shown()["selected"] is None


def test_double_click_opens_the_page(open_picture: Opener) -> None:
    opened = open_picture(neighbourhood())
    with opened.page.expect_request(lambda request: request.url.endswith("/wiki/n0000.html")):
        opened.page.mouse.dblclick(*opened.spot("n0000"))


def test_connections_lead_on(open_picture: Opener) -> None:
    opened = open_picture(neighbourhood())
    opened.page.evaluate("kgraph.select('n0000')")
    opened.page.locator("#card li button").first.click()
    assert opened.shown()["selected"] not in (None, "n0000")


def test_tooltip(open_picture: Opener) -> None:
    nodes = (make_node(0, related=("Other: shares a source",)), make_node(1))
    opened = open_picture(Picture(title="Two", nodes=nodes, edges=(make_edge("n0000", "n0001", kind="relation", label="part of"),)))
    (x, y), (u, v) = opened.spot("n0000"), opened.spot("n0001")
    opened.page.mouse.move(x, y, steps=3)
    tip = opened.page.locator("#tip")
    tip.wait_for()
    assert "Other: shares a source" in tip.inner_text()
    opened.page.mouse.move((x + u) / 2, (y + v) / 2, steps=3)
    opened.page.wait_for_timeout(200)
    assert "Node 0 → Node 1" in tip.inner_text()
    assert "part of" in tip.inner_text()


def test_keyboard_alone(open_picture: Opener) -> None:
    opened = open_picture(neighbourhood())
    page = opened.page
    page.locator("#graph").focus()
    page.keyboard.press("ArrowRight")
    assert opened.shown()["selected"] == "n0000"
    page.keyboard.press("ArrowRight")
    assert opened.shown()["selected"] not in (None, "n0000")
    for key in ("+", "-", "0"):
        page.keyboard.press(key)
    page.keyboard.press("Escape")
    assert opened.shown()["selected"] is None
    assert opened.complaints == []


def test_address_selects_a_node(open_picture: Opener) -> None:
    assert open_picture(neighbourhood(), fragment="#n0007").shown()["selected"] == "n0007"
    assert open_picture(neighbourhood(), fragment="#%E0%A4%A").shown()["selected"] is None


def test_list_of_nodes(open_picture: Opener) -> None:
    opened = open_picture(neighbourhood())
    opened.page.get_by_text("List of nodes").click()
    opened.page.locator("#list tbody tr").first.wait_for()
    assert opened.page.locator("#list tbody tr").count() == 31
    opened.page.locator("#list tbody button").first.click()
    assert opened.shown()["selected"] is not None


def test_phone_keeps_the_drawing_clear_of_the_panel(open_picture: Opener) -> None:
    opened = open_picture(neighbourhood(), width=390, height=844, has_touch=True, is_mobile=True)
    bottom = opened.page.evaluate("document.getElementById('panel').getBoundingClientRect().bottom")
    spots = [opened.spot(node.id) for node in neighbourhood().nodes]
    assert all(0 < x < 390 and bottom < y < 844 for x, y in spots)
    opened.page.touchscreen.tap(*opened.spot("n0000"))
    opened.page.locator("#card").wait_for()


def test_scheme_changes_while_open(open_picture: Opener) -> None:
    opened = open_picture(neighbourhood(), color_scheme="light")
    opened.page.emulate_media(color_scheme="dark")
    opened.page.wait_for_timeout(300)
    assert _BLUE not in opened.page.evaluate(_INK)["colours"]
    assert opened.complaints == []


@pytest.mark.parametrize("picture", [Picture(title="None", nodes=(), edges=()), Picture(title="One", nodes=(make_node(1),), edges=())])
def test_next_to_nothing(open_picture: Opener, picture: Picture) -> None:
    opened = open_picture(picture)
    assert opened.shown()["nodes"] == len(picture.nodes)
    assert opened.page.locator("#empty").is_visible() is not bool(picture.nodes)
    assert opened.complaints == []


def test_hostile_texts_run_nothing(open_picture: Opener) -> None:
    text = "</script><img src=x onerror=alert(1)><b>bold</b>"
    nodes = tuple(
        make_node(n, title=text, summary=text, type=text, type_label=text, related=(text,), href=f"javascript:alert({n})") for n in range(3)
    )
    edges = (make_edge("n0000", "n0001", kind="relation", label=text), make_edge("n0001", "n0002"))
    opened = open_picture(Picture(title=text, nodes=nodes, edges=edges))
    page = opened.page
    page.mouse.move(*opened.spot("n0000"), steps=3)
    page.fill("#search", "bold")
    page.keyboard.press("Enter")
    page.mouse.dblclick(*opened.spot("n0001"))
    page.get_by_text("List of nodes").click()
    opened.settle()
    assert page.title() == text
    assert page.locator("h1").inner_text() == text
    assert page.locator("img, b").count() == 0
    assert page.locator("#card a, #list a").count() == 0
    assert opened.complaints == []


def test_policy_stops_what_would_get_through(open_picture: Opener) -> None:
    opened = open_picture(neighbourhood())
    outcome = opened.page.evaluate(
        """() => {
          try { document.body.innerHTML = '<img src=x onerror="window.hit = 1">'; } catch (error) { return error.name; }
          return 'ran';
        }"""
    )
    assert outcome == "TypeError"


def test_edges_tell_why(open_picture: Opener) -> None:
    edge = PictureEdge(source="n0000", target="n0001", kind="related", label=None, weight=0.5, reasons=("both cite <b>Ostrom</b>",))
    opened = open_picture(Picture(title="Two", nodes=(make_node(0), make_node(1)), edges=(edge,)))
    (x, y), (u, v) = opened.spot("n0000"), opened.spot("n0001")
    opened.page.mouse.move((x + u) / 2, (y + v) / 2, steps=3)
    opened.page.locator("#tip").wait_for()
    assert "both cite <b>Ostrom</b>" in opened.page.locator("#tip").inner_text()
    assert "strength 0.50" in opened.page.locator("#tip").inner_text()


def test_the_walk_is_kept_and_leads_back(open_picture: Opener) -> None:
    opened = open_picture(neighbourhood())
    trail = opened.page.locator("#trail")
    for node in ("n0000", "n0005", "n0009"):
        opened.page.evaluate("id => kgraph.select(id)", node)
    assert trail.locator("li").count() == 3
    assert trail.locator("[aria-current]").inner_text() == opened.page.locator("#card .title").inner_text()
    trail.locator("button").first.click()
    assert opened.shown()["selected"] == "n0000"
    assert trail.is_hidden()


def test_steps_widen_the_neighbourhood(open_picture: Opener) -> None:
    picture = whole(nodes=200, edges=400)
    opened = open_picture(picture)
    opened.page.evaluate("id => kgraph.select(id)", picture.edges[0].source)
    near = opened.shown()["near"]
    opened.page.locator("#steps").focus()
    opened.page.keyboard.press("ArrowRight")
    assert opened.shown()["near"] > near
    assert opened.complaints == []


def test_communities_are_filtered(open_picture: Opener) -> None:
    opened = open_picture(whole(nodes=200, edges=800))
    before = opened.shown()["nodes"]
    opened.page.locator("#communities input").nth(2).uncheck()
    assert 0 < opened.shown()["nodes"] < before
    opened.page.get_by_label("Shade them").uncheck()
    opened.page.locator("#communities input").nth(2).check()
    assert opened.shown()["nodes"] == before


def test_size_tells_another_measure(open_picture: Opener) -> None:
    opened = open_picture(whole(nodes=200, edges=800))
    leading = max(whole(nodes=200, edges=800).nodes, key=lambda node: node.importance).id
    radius = opened.page.evaluate("id => kgraph.position(id).radius", leading)
    opened.page.locator("#size").select_option(label="Hub")
    assert opened.page.evaluate("id => kgraph.position(id).radius", leading) < radius / 2


def test_more_edges_on_zoom(open_picture: Opener) -> None:
    picture = whole()
    opened = open_picture(picture)
    before = opened.shown()["edges"]
    opened.page.mouse.move(*opened.spot(max(picture.nodes, key=lambda node: node.importance).id))
    for _ in range(9):
        opened.page.mouse.wheel(0, -300)
        opened.page.wait_for_timeout(60)
    opened.until(lambda shown: shown["edges"] > before)
    opened.page.locator("#zoom-fit").click()
    opened.until(lambda shown: shown["edges"] == before)


def test_pictures_are_saved(open_picture: Opener, tmp_path: Path) -> None:
    text = "</script><image href=x onerror=alert(1)>&\u2028"
    nodes = tuple(make_node(n, title=text, type_label=text) for n in range(3))
    opened = open_picture(Picture(title="A/b: ü <c>", nodes=nodes, edges=(make_edge("n0000", "n0001", kind="relation", label=text),)))
    for button, suffix in (("PNG", "png"), ("SVG", "svg")):
        with opened.page.expect_download() as waiting:
            opened.page.get_by_role("button", name=button).click()
        assert waiting.value.suggested_filename == f"a-b-u-c.{suffix}"
        waiting.value.save_as(tmp_path / f"saved.{suffix}")
    assert (tmp_path / "saved.png").read_bytes().startswith(b"\x89PNG")
    root = ElementTree.fromstring((tmp_path / "saved.svg").read_text(encoding="utf-8"))
    assert {element.tag.rpartition("}")[2] for element in root.iter()} == {"svg", "title", "path", "text"}
    assert any(text in "".join(element.itertext()) for element in root.iter())
    assert not [name for element in root.iter() for name in element.attrib if name.startswith("on") or name.endswith("href")]
    assert opened.complaints == []


def test_table_is_sorted_by_a_column(open_picture: Opener) -> None:
    page = open_picture(neighbourhood()).page
    page.get_by_text("List of nodes").click()
    page.locator("#list th button", has_text="Edges").click()
    numbers = [int(text) for text in page.locator("#list tbody td:nth-child(3)").all_inner_texts()]
    assert numbers == sorted(numbers, reverse=True)
    assert page.locator("#list th[aria-sort]").get_attribute("aria-sort") == "descending"


@pytest.mark.parametrize("width", [390, 1600])
def test_axe_finds_nothing_serious(open_picture: Opener, width: int) -> None:
    if not AXE.exists():
        pytest.skip(f"{AXE} is missing: run scripts/axe.sh")
    page = open_picture(whole(nodes=120, edges=400), width=width, bypass_csp=True).page
    page.evaluate("kgraph.select('n0001')")
    page.evaluate("kgraph.select('n0002')")
    page.get_by_text("List of nodes").dispatch_event("click")
    page.wait_for_timeout(500)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", tags)
    told = [f"{item['id']}: {node['target']} {node['failureSummary']}" for item in found["violations"] for node in item["nodes"]]
    assert told == []


def test_within_a_notebook(chromium: Browser) -> None:
    """A sandboxed frame without an address of its own: everything but the address works, and links open beside it."""
    nodes = (make_node(0, href="https://example.org/a"), make_node(1, href="wiki/b.html"), make_node(2))
    page = chromium.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    picture = Picture(title="Framed", nodes=nodes, edges=(make_edge("n0000", "n0001"),))
    page.set_content(GraphPage(render_page(picture))._repr_html_())
    frame = page.frames[1]
    frame.locator("html[data-drawn]").wait_for(state="attached")
    frame.evaluate("kgraph.select('n0000')")
    assert frame.locator("#card a").get_attribute("target") == "_blank"
    frame.evaluate("kgraph.select('n0001')")
    assert frame.locator("#card a").count() == 0
    frame.evaluate("kgraph.clear()")
    page.close()
    assert said == []
