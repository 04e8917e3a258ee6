from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from kgraph.render.escape import clean, embed_json, safe_href
from kgraph.render.page import render_page
from kgraph.render.picture import Picture, PictureEdge
from tests.render.pictures import make_edge, make_node, neighbourhood, whole

HOSTILE = (
    "</script><img src=x onerror=alert(1)>",
    "<!--<script>alert(1)</script>",
    "]]> & &lt; {{data}} {{policy}} ${x} `",
    "quote \" ' \u2028 line \u2029 \x00 \x1b \ud800 \u202e bidi",
)


class _Page(HTMLParser):
    """Collects the elements and the texts of scripts and styles."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inline: list[tuple[str, str]] = []
        self.declaration = ""
        self._inside: str | None = None
        self.feed(html)
        self.close()

    def handle_decl(self, decl: str) -> None:
        self.declaration = decl

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = tag if tag in ("script", "style", "title") else None

    def handle_endtag(self, tag: str) -> None:
        self._inside = None

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.inline.append((self._inside, data))

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def _data(html: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="graph-data">(.*?)</script>', html, re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def _hostile() -> Picture:
    nodes = tuple(
        make_node(n, title=text, summary=text, type=text, type_label=text, related=(text, text)) for n, text in enumerate(HOSTILE)
    )
    edges = tuple(make_edge("n0000", f"n{n:04d}", kind="relation", label=text) for n, text in enumerate(HOSTILE) if n)
    return Picture(title=HOSTILE[0] + HOSTILE[2], nodes=nodes, edges=edges)


def test_frame_of_the_document() -> None:
    page = _Page(render_page(neighbourhood()))
    assert page.declaration == "DOCTYPE html"
    assert page.named("html") == [{"lang": "en"}]
    assert {"charset": "utf-8"} in page.named("meta")
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in page.named("meta")
    assert ("title", "Around Scalable Oversight") in page.inline
    assert page.tags[0][0] == "html"


def test_heading_counts() -> None:
    assert "700 nodes · 8,000 edges" in render_page(whole())
    assert "1 node · 0 edges" in render_page(Picture(title="One", nodes=(make_node(1),), edges=()))


def test_loads_nothing() -> None:
    page = _Page(render_page(neighbourhood()))
    for tag, attributes in page.tags:
        for name in ("src", "srcset", "data", "action", "background"):
            assert name not in attributes, tag
        assert attributes.get("href", "data:,") == "data:,"
    styles = "".join(text for tag, text in page.inline if tag == "style")
    assert "url(" not in styles
    assert "@import" not in styles
    assert "sourceMappingURL" not in "".join(text for _, text in page.inline)


def test_policy_allows_exactly_the_inline_texts() -> None:
    html = render_page(neighbourhood())
    page = _Page(html)
    policy = next(m["content"] for m in page.named("meta") if m.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    texts = re.findall(r"<(?:script|style)>(.*?)</(?:script|style)>", html, re.DOTALL)
    assert len(texts) == 3
    hashes = {f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in texts}
    assert hashes == set(re.findall(r"'sha256-[^']+'", policy))


def test_no_inline_styles_or_handlers() -> None:
    for _, attributes in _Page(render_page(_hostile())).tags:
        assert not [name for name in attributes if name.startswith("on") or name == "style"]


def test_hostile_texts_stay_texts() -> None:
    html = render_page(_hostile())
    html.encode("utf-8")
    assert len(_Page(html).named("script")) == 3
    assert not _Page(html).named("img")
    assert [node["label"] for node in _data(html)["nodes"]] == [clean(text) for text in HOSTILE]
    start = html.index('id="graph-data">') + len('id="graph-data">')
    assert not set(html[start : html.index("</script>", start)]) & set("<>&\u2028\u2029")


def test_no_character_that_html_forbids() -> None:
    text = "a\x85\x01\ufffe\U0001ffff\ufdd0b"
    node = make_node(1, id=text, title=text, summary=text)
    html = render_page(Picture(title=text, nodes=(node,), edges=(), note=text))
    assert not re.search(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff\U0001fffe\U0001ffff]", html)
    data = _data(html)["nodes"][0]
    assert (data["id"], data["label"]) == (text, "ab")


def test_placeholders_in_texts_are_not_filled_in() -> None:
    html = render_page(Picture(title="{{data}}{{script}}", nodes=(), edges=()))
    assert "<title>{{data}}{{script}}</title>" in html


@pytest.mark.parametrize(
    "href",
    ["https://example.org/a?b=c#d", "HTTP://example.org", "wiki/page.html", "/wiki/page", "../a.html#b:c", "?q=a:b", "#here", "ä.html"],
)
def test_good_addresses(href: str) -> None:
    assert safe_href(href) == href


@pytest.mark.parametrize(
    "href",
    [
        None,
        "",
        " ",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\tscript:alert(1)",
        "java\nscript:alert(1)",
        "\x01javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "blob:https://example.org/x",
        "//example.org/a",
        "/\\example.org",
        "\\\\example.org",
        "https:",
        "https:///a",
        "http:example.org",
        "mailto:a@example.org",
        "\ud800.html",
    ],
)
def test_bad_addresses(href: str | None) -> None:
    assert safe_href(href) is None


def test_bad_address_is_dropped_from_the_page() -> None:
    html = render_page(Picture(title="Bad", nodes=(make_node(1, href="javascript:alert(1)"),), edges=()))
    assert _data(html)["nodes"][0]["href"] is None
    assert "javascript:" not in json.dumps(_data(html))


def test_embedded_json_reads_back() -> None:
    value = {"a": HOSTILE[0], "b": ["\u2028", "&", None, 1.5]}
    assert json.loads(embed_json(value)) == value
    with pytest.raises(ValueError, match="not JSON compliant"):
        embed_json(float("nan"))


def test_same_bytes_again() -> None:
    assert render_page(neighbourhood()).encode() == render_page(neighbourhood()).encode()


@pytest.mark.parametrize("nodes", [0, 1])
def test_next_to_nothing(nodes: int) -> None:
    data = _data(render_page(Picture(title="Little", nodes=tuple(make_node(n) for n in range(nodes)), edges=())))
    assert len(data["nodes"]) == nodes
    assert data["edges"] == []


def test_inverse_relations_are_one_line() -> None:
    ends = ("n0000", "n0001")
    edges = (
        PictureEdge(source=ends[0], target=ends[1], kind="relation", label="mitigated by", inverse="mitigates", weight=0.9),
        PictureEdge(source=ends[1], target=ends[0], kind="relation", label="mitigates", inverse="mitigated by", weight=0.4),
        PictureEdge(source=ends[0], target=ends[1], kind="relation", label="related", inverse="related", weight=0.4),
        make_edge(*ends, kind="link"),
        make_edge(*ends, kind="related"),
    )
    page = render_page(Picture(title="Inverse", nodes=(make_node(0), make_node(1)), edges=edges))
    first, *rest = _data(page)["edges"]
    assert (first["from"], first["name"], first["inverse"], first["weight"]) == ("n0001", "mitigates", "mitigated by", 0.9)
    assert not first.get("both")
    # What says less than the relation is told, not drawn; relatedness is another matter.
    assert {(edge["kind"], edge.get("under", False)) for edge in rest} == {("relation", True), ("link", True), ("related", False)}
    assert "2 nodes · 4 edges" in page


def test_both_directions_are_one_line_per_kind() -> None:
    nodes = (make_node(0), make_node(1))
    edges = (
        make_edge("n0000", "n0001", kind="link", weight=0.2),
        make_edge("n0000", "n0001", kind="related"),
        make_edge("n0000", "n0001", kind="relation", label="part of"),
        make_edge("n0001", "n0000", kind="link", weight=0.7),
        make_edge("n0001", "n0000", kind="related"),
        make_edge("n0001", "n0000", kind="relation", label="part of"),
    )
    found = _data(render_page(Picture(title="Both", nodes=nodes, edges=edges)))["edges"]
    assert [(edge["kind"], edge.get("both", False)) for edge in found] == [
        ("relation", True),
        ("related", True),
        ("link", True),
    ]
    assert found[2]["weight"] == 0.7
    assert len({edge.get("curve", 0) for edge in found}) == 3


def test_repetitions_self_loops_and_unknown_ends() -> None:
    nodes = (make_node(0), make_node(1))
    edges = (
        make_edge("n0000", "n0000"),
        make_edge("n0000", "n0001", weight=0.3),
        make_edge("n0000", "n0001", weight=0.6),
        make_edge("n0000", "gone"),
    )
    found = _data(render_page(Picture(title="Odd", nodes=nodes, edges=edges)))["edges"]
    assert [(edge["from"], edge["to"], edge["weight"]) for edge in found] == [("n0000", "n0001", 0.6)]


def test_the_first_edges_summarize_all() -> None:
    picture = whole()
    data = _data(render_page(picture))
    first = data["edges"][: data["shown"]]
    assert data["shown"] < len(data["edges"])
    connected = {end for edge in picture.edges for end in (edge.source, edge.target)}
    assert {end for edge in first for end in (edge["from"], edge["to"])} == connected


def test_colours_are_those_of_the_site() -> None:
    types = [f"type-{n:02d}" for n in range(30)]
    nodes = tuple(make_node(n, type=key, type_label=key) for n, key in enumerate(types))
    order = tuple(reversed(types))
    data = _data(render_page(Picture(title="Types", nodes=nodes, edges=(), type_order=order)))
    marks = {entry["key"]: (entry["slot"], entry["shape"]) for entry in data["types"]}
    assert marks["type-29"] == (0, "dot")
    assert marks["type-18"] == (11, "diamond")
    assert marks["type-17"] == (0, "square")
    assert len({marks[key] for key in types[6:]}) == 24
    assert {marks[key] for key in types[:6]} == {(12, "dot")}


def test_physics_is_off() -> None:
    data = _data(render_page(neighbourhood()))
    assert data["options"]["physics"] == {"enabled": False}
    assert all({"x", "y", "size"} <= node.keys() for node in data["nodes"])
