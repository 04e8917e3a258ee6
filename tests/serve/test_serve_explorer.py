"""The explorer: pages that work without scripts, and linked data at the same addresses."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest
import rdflib
from starlette.testclient import TestClient

import kgraph
from kgraph.model.corpus import Entity
from kgraph.serve.explorer.entity import about
from kgraph.serve.layout import frame
from kgraph.serve.site import Site
from tests.serve.conftest import Serve

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
TAGS = {
    "a", "aside", "b", "blockquote", "body", "button", "circle", "code", "dd", "del", "details", "div", "dl", "dt", "figcaption",
    "figure", "footer", "form", "g", "h1", "h2", "h3", "head", "header", "html", "img", "input", "ins", "label", "li", "link", "main",
    "mark", "meta", "meter", "nav", "ol", "p", "path", "pre", "q", "rect", "script", "section", "small", "span", "summary", "svg",
    "table", "tbody", "td", "text", "textarea", "th", "thead", "title", "tr", "tspan", "ul",
}  # fmt: skip


class Seen(HTMLParser):
    """Tags, attributes and texts of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attributes
        if tag not in ("meta", "link", "img", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def links(self) -> list[str]:
        return [value or "" for name, value in self.attributes if name in ("href", "src", "action")]


def assert_harmless(page: str) -> Seen:
    seen = Seen(page)
    assert page.count("<script") == 1
    assert '<script src="/assets/explorer.js?' in page
    assert set(seen.tags) <= TAGS
    assert not [name for name, _ in seen.attributes if name.startswith("on") or name in ("style", "srcdoc", "formaction")]
    assert all(re.match(r"/(?!/)|#|https?://", link) for link in seen.links()), seen.links()
    return seen


def test_the_start_page(client: TestClient, sample: kgraph.KnowledgeGraph) -> None:
    page = client.get("/").text
    seen = assert_harmless(page)
    assert seen.tags.count("h1") == 1
    assert f"<dt>entities</dt><dd>{len(sample.head.entities):,}</dd>" in page
    assert 'action="/search"' in page
    assert "/type/risk" in seen.links()
    leading = sample.hub_rows(1, by="authority")[0]["id"]
    assert f"/entity/{leading}" in seen.links()


def test_search(client: TestClient) -> None:
    page = client.get("/search", params={"q": "eu ai act"}).text
    assert_harmless(page)
    assert page.index('href="/entity/eu-ai-act"') > 0
    assert 'value="eu ai act"' in page
    typed = client.get("/search", params={"q": "ai", "type": "policy"}).text
    assert '<input type="hidden" name="type" value="policy">' in typed
    assert 'aria-current="true">Policy <small>' in typed
    assert ">Person</span>" not in typed
    assert ">Person</span>" in client.get("/search", params={"q": "helen"}).text
    bad = client.get("/search", params={"type": "dragon"})
    assert bad.status_code == 400
    assert "dragon" in bad.text


def test_search_goes_through_all_entities_page_by_page(client: TestClient, sample: kgraph.KnowledgeGraph) -> None:
    address, found = "/search", list[str]()
    while address:
        page = client.get(address).text
        found += [link for link in Seen(page).links() if link.startswith("/entity/")]
        following = re.search(r'href="([^"]+)" rel="next"', page)
        address = unescape(following.group(1)) if following else ""
        assert len(found) <= len(sample.head.entities)
    assert len(set(found)) == len(found) == len(sample.head.entities) > 100


def test_the_page_of_an_entity(client: TestClient, sample: kgraph.KnowledgeGraph) -> None:
    page = client.get("/entity/racing-dynamics", headers=BROWSER).text
    seen = assert_harmless(page)
    told = client.get("/api/entities/racing-dynamics").json()
    entity = sample.get_entity("racing-dynamics")
    assert f"<h1>{entity.title}</h1>" in page
    assert entity.href is not None
    assert entity.href in page
    for item in told["top"]:
        assert f"/entity/{item['id']}" in seen.links()
        assert f"{item['score']:.3f}" in page
        assert f"{item['reasons'][0]['share']:.3f} of {item['score']:.3f}" in page
    assert 'id="relations"' in page
    assert "<mark>" in page
    whole = client.get("/entity/racing-dynamics?all=related", headers=BROWSER).text
    items = len(told["top"]) + sum(len(group["items"]) for group in told["groups"])
    assert len(re.findall(r'class="rank">', whole)) == items > len(re.findall(r'class="rank">', page))
    assert "/entity/racing-dynamics?format=turtle" in seen.links()


def test_every_entity_has_a_page_whose_links_lead_somewhere(client: TestClient, sample: kgraph.KnowledgeGraph) -> None:
    linked: set[str] = set()
    for entity_id in sample.head.entities:
        answer = client.get(f"/entity/{entity_id}", headers=BROWSER)
        assert answer.status_code == 200
        linked |= {re.split("[?#]", link)[0] for link in assert_harmless(answer.text).links() if link.startswith("/entity/")}
    assert linked == {f"/entity/{entity_id}" for entity_id in sample.head.entities}


def test_names_and_addresses_of_the_site_lead_to_the_entity(client: TestClient, sample: kgraph.KnowledgeGraph) -> None:
    entity = sample.get_entity("eu-ai-act")
    for address in ("/entity/EU AI Act", "/page/eu-ai-act", str(entity.href)):
        answer = client.get(address, headers=BROWSER)
        assert (answer.status_code, answer.headers["location"]) == (303, "/entity/eu-ai-act"), address


def test_what_is_not_there(client: TestClient) -> None:
    for address in ("/entity/racing-dynamcs", "/racing-dynamcs", "/page/racing-dynamcs"):
        answer = client.get(address, headers=BROWSER)
        assert answer.status_code == 404
        assert 'href="/entity/racing-dynamics"' in answer.text
        assert_harmless(answer.text)
    assert client.get("/assets/../app.py").status_code == 404
    assert client.get("/assets/app.py").status_code == 404


@pytest.mark.parametrize(
    ("accept", "form"),
    [("text/turtle", "turtle"), ("application/ld+json", "json-ld"), ("application/rdf+xml", "xml"), ("application/n-triples", "nt")],
)
def test_linked_data(client: TestClient, sample: kgraph.KnowledgeGraph, accept: str, form: str) -> None:
    base = sample.head.base_iri
    for kind in ("entity", "page"):
        answer = client.get(f"/{kind}/eu-ai-act", headers={"Accept": accept}, follow_redirects=True)
        assert [hop.status_code for hop in answer.history] == [303]
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(accept)
        assert "Accept" in answer.headers["vary"]
        graph = rdflib.Graph().parse(data=answer.content, format=form)
        assert rdflib.URIRef(f"{base}{kind}/eu-ai-act") in set(graph.subjects())
    assert client.get("/entity/racing-dynamcs", headers={"Accept": accept}).status_code == 404


def test_linked_data_by_parameter_and_what_cannot_be_had(client: TestClient) -> None:
    assert client.get("/entity/eu-ai-act?format=ntriples", headers=BROWSER).headers["content-type"] == "application/n-triples"
    assert client.get("/entity/eu-ai-act?format=docx").status_code == 400
    assert client.get("/entity/eu-ai-act", headers={"Accept": "image/png"}).status_code == 406


def test_linked_data_that_cannot_be_had_now_is_no_unchanged_data(serve: Serve, sample_workspace: Path) -> None:
    asked, address = {"If-None-Match": "*"}, "/entity/eu-ai-act?format=turtle"
    answer = serve(sample_workspace, timeout=1e-9).get(address, headers=asked)
    assert answer.status_code == 504
    assert "etag" not in answer.headers
    assert serve(sample_workspace).get(address, headers=asked).status_code == 304


def test_the_stylesheet_is_a_file_of_its_own(client: TestClient) -> None:
    address = next(link for link in Seen(client.get("/").text).links() if "explorer.css" in link)
    sheet = client.get(address)
    assert sheet.headers["content-type"] == "text/css; charset=utf-8"
    assert "prefers-color-scheme: dark" in sheet.text


HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def hostile_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Workspace of a wiki whose author means harm."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "wiki").mkdir()
    (folder / "wiki" / "first.md").write_text(
        "---\n"
        f"id: '\"><img src=x onerror=alert(2)>'\ntitle: '{HOSTILE}'\ntype: '<b>bold'\n"
        "description: '<iframe src=//evil.example></iframe>'\naliases: ['</title><script>']\ntags: ['<svg onload=alert(3)>']\n"
        "---\n\nText with [a &lt;script&gt; link](second.md) and `<script>`.\n",
        encoding="utf-8",
    )
    (folder / "wiki" / "second.md").write_text(
        "---\ntitle: \"Second ' onmouseover='alert(4)\"\nrelated: ['<script>alert(1)</script>']\n---\n\n"
        "See [`</mark><script>`](first.md) and [first](first.md).\n",
        encoding="utf-8",
    )
    (folder / "kgraph.toml").write_text('[pages]\nsite_url = "javascript:alert(5)//"\n', encoding="utf-8")
    kgraph.build(folder / "wiki", folder / "workspace", config=folder / "kgraph.toml")
    return folder / "workspace"


def test_nothing_that_authors_write_becomes_markup(serve: Serve, hostile_workspace: Path) -> None:
    client = serve(hostile_workspace)
    kg = kgraph.open(hostile_workspace)
    assert HOSTILE in {entity.title for entity in kg.head.entities.values()}
    items = client.get("/api/entities").json()["items"]
    assert len(items) == len(kg.head.entities) >= 2
    addresses = [link for link in Seen(client.get("/search").text).links() if link.startswith("/entity/")]
    assert len(addresses) == len(items)
    query = "SELECT * { ?e skos:prefLabel ?title }"
    pages = [
        "/",
        "/search",
        "/search?q=%3Cscript%3E",
        "/search?q=%22%3E%3Cscript%3Ezzz",
        "/%3Cscript%3E",
        "/entity/%3Cscript%3Ezzz",
        *addresses,
    ]
    shown = 0
    for address in pages:
        answer = client.get(address, headers=BROWSER)
        assert answer.status_code in (200, 404)
        assert_harmless(answer.text)
        shown += "&lt;script&gt;alert(1)&lt;/script&gt;" in answer.text
    assert shown >= 4
    result = client.get("/sparql", params={"query": query}, headers=BROWSER)
    assert_harmless(result.text)
    assert "&lt;script&gt;alert(1)" in result.text


def page_about(site: Site, entity: Entity) -> str:
    shown = about(site, entity)
    return frame(shown.title, *shown.content)


HARMFUL = ["javascript:alert(1)", "JAVASCRIPT://x/%0aalert(1)", "//evil.example/", "data:text/html,x", "\tjavascript:alert(1)"]


@pytest.mark.parametrize("href", HARMFUL)
def test_an_address_that_runs_something_is_no_link(sample: kgraph.KnowledgeGraph, href: str) -> None:
    site = Site(sample)
    entity: Entity = msgspec.structs.replace(site.entities["eu-ai-act"], href=href)
    for site_url in (None, "javascript:alert(1)//", "https://wiki.example"):
        site.site_url = site_url
        assert_harmless(page_about(site, entity))


def test_the_page_leads_to_the_site_where_its_address_is_known(sample: kgraph.KnowledgeGraph) -> None:
    site = Site(sample)
    site.site_url = "https://wiki.example/"
    entity = site.entities["eu-ai-act"]
    assert f"https://wiki.example{entity.href}" in assert_harmless(page_about(site, entity)).links()
