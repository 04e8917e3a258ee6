"""The query editor in Chromium, with the network otherwise blocked, and the files that it is made of."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

import kgraph
from kgraph.rdf.queries import named_queries
from tests.serve.test_serve_protocol import BROWSER, TITLES
from tests.serve.watching import follow, violations

pytestmark = pytest.mark.xdist_group("explorer")


def rows(page: Any) -> list[str]:
    page.wait_for_selector("#yasgui .tabPanel.active .yasr_results tbody tr", timeout=20_000)
    found: list[str] = page.locator("#yasgui .tabPanel.active .yasr_results tbody tr").all_inner_texts()
    return found


def test_one_types_a_query_and_reads_the_table(watch: Any, address: str, sample: kgraph.KnowledgeGraph) -> None:
    watched = watch(address)
    page = watched.open("/sparql")
    assert page.locator("#plain").is_hidden()
    page.locator("#yasgui .CodeMirror").click()
    page.keyboard.press("Control+A")
    page.keyboard.type("SELECT ?e ?title { ?e a kg:Risk ; skos:prefLabel ?title } ORDER BY ?title")
    page.keyboard.press("Escape")
    page.locator("#yasgui .yasqe_queryButton").click()
    told = rows(page)
    titles = sorted(entity.title for entity in sample.head.entities.values() if entity.type == "risk")
    assert len(told) == len(titles)
    assert all(title in row for title, row in zip(titles, told, strict=True))
    with page.expect_popup() as opened:
        page.locator("#yasgui .yasr_results tbody a").first.click()
    assert opened.value.url.startswith(f"{address}/entity/")
    assert watched.complaints == []


def test_a_saved_query_is_picked_and_runs(watch: Any, address: str) -> None:
    watched = watch(address)
    page = watched.open("/sparql")
    assert page.locator("#pick option").count() == len(named_queries()) + 1
    page.locator("#pick").select_option("most-linked")
    page.wait_for_selector("#yasgui .tab.active >> text=most-linked")
    page.locator("#yasgui .tabPanel.active .yasqe_queryButton").click()
    assert rows(page)
    assert page.locator("#yasgui .tab.active").inner_text().strip().startswith("most-linked")
    again = watched.open("/sparql?named=types")
    again.locator("#yasgui .tabPanel.active .yasqe_queryButton").click()
    assert rows(again)
    assert watched.complaints == []


def test_a_query_in_the_address_is_in_the_editor(watch: Any, address: str) -> None:
    watched = watch(address)
    page = watched.open("/sparql#query=ASK%20%7B%20%3Fs%20a%20kg%3ARisk%20%7D")
    assert "ASK" in page.locator("#yasgui .tabPanel.active .CodeMirror").inner_text()
    page.wait_for_selector("#yasgui .booleanResult")  # such a query runs at once
    assert "True" in page.locator("#yasgui .booleanResult").inner_text()
    assert watched.complaints == []


def test_a_query_that_does_not_parse_is_explained(watch: Any, address: str) -> None:
    watched = watch(address)
    page = watched.open("/sparql#query=SELECT%20*%20%7B%20%3Fs%20nope%3Ax%20%3Fo%20%7D")
    page.wait_for_selector("#yasgui .errorResult")
    assert "does not parse" in page.locator("#yasgui .errorResult").inner_text()
    assert [said for said in watched.complaints if "status of 400" not in said] == []


def test_terms_of_the_dataset_are_completed(watch: Any, address: str) -> None:
    watched = watch(address)
    page = watched.open("/sparql")
    page.locator("#yasgui .CodeMirror").click()
    page.keyboard.press("Control+A")
    page.keyboard.type("SELECT * { ?s a kg:Ris")
    page.keyboard.press("Control+Space")
    page.wait_for_selector(".CodeMirror-hints li >> text=kg:Risk", timeout=10_000)
    assert watched.complaints == []


@pytest.mark.parametrize(("width", "scheme"), [(1600, "light"), (390, "dark")])
def test_the_page_fits_and_axe_is_content(watch: Any, address: str, axe: str, width: int, scheme: str) -> None:
    watched = watch(address, width=width, scheme=scheme)
    page = watched.open("/sparql")
    page.locator("#yasgui .yasqe_queryButton").click()
    rows(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page, axe) == []
    assert watched.complaints == []


def test_without_scripts_the_form_is_there(watch: Any, address: str) -> None:
    watched = watch(address, scripts=False)
    page = watched.open("/sparql")
    assert page.locator("#yasgui").is_hidden()
    page.locator("textarea[name=query]").fill(TITLES)
    follow(page, page.locator("form.query button"))
    assert page.locator("main tbody tr").count() >= 5


@pytest.fixture(scope="module")
def bundle() -> Path:
    return Path(str(files("kgraph.serve").joinpath("assets")))


def test_the_bundle_speaks_of_no_server_that_it_could_ask(bundle: Path) -> None:
    script = (bundle / "yasgui.min.js").read_text(encoding="utf-8")
    for name in ("prefix.cc", "lov.linkeddata.es", "dbpedia.org/sparql", "query.wikidata.org", "docs.triply.cc", "cdn.", "googleapis"):
        assert name not in script
    assert not re.search(r"(fetch|open|import)\(\s*[`'\"]https?:", script)
    assert not re.search(r"url\(|@import", (bundle / "yasgui.min.css").read_text(encoding="utf-8"))


def test_the_licences_of_the_bundle_are_with_it(client: TestClient, bundle: Path) -> None:
    text = (bundle / "yasgui.LICENSE.txt").read_text(encoding="utf-8")
    for name in ("@zazuko/yasgui 4.6.2, licence MIT", "codemirror ", "dompurify ", "jquery ", "datatables.net ", "n3 "):
        assert f"\n{name}" in text
    told = set(re.findall(r"^\S+ \S+, licence (.+)$", text, re.M))
    assert told <= {"MIT", "BSD-3-Clause", "Apache-2.0", "(MPL-2.0 OR Apache-2.0)", "(CC-BY-4.0 AND MIT)", "see below"}
    assert "The MIT License" in text
    served = client.get("/assets/yasgui.LICENSE.txt")
    assert served.status_code == 200


def test_the_page_asks_for_files_of_this_server_alone(client: TestClient) -> None:
    page = client.get("/sparql", headers={"Accept": BROWSER}).text
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page[: page.index("<main")])
    assert [found for found in addresses if not found.startswith(("/", "#"))] == []
    for name in ("yasgui.min.js", "yasgui.min.css", "sparql.js", "sparql.css"):
        assert any(f"/assets/{name}?v=" in found for found in addresses)
