"""The sample wiki as a site of each layout: every reader finds the same pages, and the same links between them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

import kgraph
from scripts.layouts import KINDS, LAYOUTS, sample_pages, write_sites
from scripts.pictures import VIEWS
from tests.conftest import REPOSITORY

RECOGNISED = {
    "obsidian": "Obsidian (.obsidian)",
    "quartz": "Quartz (quartz.config.ts)",
    "mkdocs": "MkDocs (mkdocs.yml)",
    "docusaurus": "Docusaurus (docusaurus.config.js)",
    "starlight": "Starlight (astro.config.mjs)",
    "hugo": "Hugo (hugo.toml)",
    "jekyll": "Jekyll (_config.yml)",
    "github-wiki": "GitHub wiki (Home.md)",
    "sphinx": "Sphinx (conf.py)",
    "mediawiki": "MediaWiki (cooperating-pages-articles.xml)",
    "wikitext": "MediaWiki (A CERN for AI?.wiki)",
    "html": "",
    "text": "",
}
"""What a build says of each; HTML and text are read whatever made them."""
ADDRESSES = {
    "obsidian": "/Policies/EU%20AI%20Act/",
    "quartz": "/policies/eu-ai-act",
    "mkdocs": "/wiki/policies/eu-ai-act/",
    "docusaurus": "/wiki/policies/eu-ai-act",
    "starlight": "/policies/eu-ai-act/",
    "hugo": "/policies/eu-ai-act/",
    "jekyll": "/policies/eu-ai-act/",
    "github-wiki": "/EU-AI-Act",
    "sphinx": "/policies/eu-ai-act.html",
    "mediawiki": "/wiki/EU_AI_Act",
    "wikitext": "/wiki/EU_AI_Act",
    "html": "/policies/eu-ai-act.html",
    "text": "/policies-eu-ai-act/",
}
Pairs = set[tuple[str, str]]


@cache
def plain(title: str) -> str:
    """A title as the name of a file can hold it: the flat wiki writes hyphens for spaces and leaves signs out."""
    return " ".join(re.split(r"\W+", title)).strip().lower()


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sites")
    write_sites(folder)
    return folder


@pytest.fixture(scope="module", params=[pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in LAYOUTS])
def site(request: pytest.FixtureRequest, sites: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, kgraph.KnowledgeGraph]:
    name = str(request.param)
    return name, kgraph.build(sites / name, tmp_path_factory.mktemp(name) / "workspace")


def wanted_links() -> Pairs:
    pages = sample_pages()
    return {(page.title, pages[at].title) for page in pages.values() for at in re.findall("\x02([^#]*)#", page.body) if at != page.id}


def found_links(kg: kgraph.KnowledgeGraph) -> Pairs:
    titles = {entity.id: entity.title for entity in kg.head.entities.values()}
    return {(titles[link.source], titles[link.target]) for link in kg.statements.links if link.target and link.target != link.source}


def test_the_converter_reads_the_links_that_kgraph_reads(sample: kgraph.KnowledgeGraph) -> None:
    pages = {page.title for page in sample_pages().values()}
    assert pages == {entity.title for entity in sample.head.entities.values() if entity.path}
    assert wanted_links() == {pair for pair in found_links(sample) if set(pair) <= pages}


def test_layouts_are_recognised(site: tuple[str, kgraph.KnowledgeGraph]) -> None:
    name, kg = site
    said = [note for note in kg.corpus.assumptions if note.startswith("the site is made with")]
    assert [note.removeprefix("the site is made with ").split(";")[0] for note in said] == [RECOGNISED[name]] * bool(RECOGNISED[name])


def test_pages_have_their_titles_and_addresses(site: tuple[str, kgraph.KnowledgeGraph]) -> None:
    name, kg = site
    wanted = {page.title for page in sample_pages().values()}
    found = {entity.title for entity in kg.head.entities.values() if entity.path}
    if name == "github-wiki":
        start = {plain(next(page.title for page in sample_pages().values() if page.id == "index"))}
        assert {plain(title) for title in found} - {"home"} == {plain(title) for title in wanted} - start
    elif name == "sphinx":
        assert found == wanted | set(KINDS.values()), "each folder has a page of contents"
    else:
        assert found == wanted
    assert kg.get_entity("EU AI Act").href == ADDRESSES[name]


def test_links_are_those_of_the_sample_wiki(site: tuple[str, kgraph.KnowledgeGraph]) -> None:
    name, kg = site
    wanted, found = wanted_links(), found_links(kg)
    if name == "text":
        assert not found, "a page saved as text has lost its links"
        pages = sample_pages()
        stated = {(page.title, pages[other].title) for page in pages.values() for other in page.related}
        titles = {entity.id: entity.title for entity in kg.head.entities.values()}
        assert {(titles[item.source], titles[item.target or ""]) for item in kg.statements.relations} == stated
        return
    if name == "github-wiki":
        start = plain(next(page.title for page in sample_pages().values() if page.id == "index"))
        found = {(plain(source).replace("home", start), plain(target).replace("home", start)) for source, target in found}
        wanted = {(plain(source), plain(target)) for source, target in wanted}
    if name == "sphinx":
        contents = {*KINDS.values(), next(page.title for page in sample_pages().values() if page.id == "index")}
        assert all(source in contents for source, _ in found - wanted), "only tables of contents add links"
        found &= wanted
    assert found == wanted


def test_nothing_is_dead_or_unclear(site: tuple[str, kgraph.KnowledgeGraph]) -> None:
    _, kg = site
    assert not [(link.path, link.line, link.raw) for link in kg.statements.links if not link.target]
    assert not [str(found) for found in kg.findings()]


def test_tags_aliases_facts_and_versions(site: tuple[str, kgraph.KnowledgeGraph]) -> None:
    name, kg = site
    act, ostrom = kg.get_entity("EU AI Act"), kg.get_entity("Elinor Ostrom")
    page = sample_pages()["eu-ai-act"]
    if name not in ("github-wiki", "text"):
        assert set(page.tags) <= set(act.tags)
    if name in ("obsidian", "quartz", "mediawiki", "wikitext"):
        assert set(map(str.lower, page.aliases)) <= set(map(str.lower, act.aliases))
    if name in ("mediawiki", "wikitext"):
        assert {fact.value for fact in act.facts} >= set(page.facts.values())
    if name != "github-wiki":
        assert (act.type, ostrom.type) == ("policy", "person")
    if name == "docusaurus":
        (old,) = [entity for entity in kg.head.entities.values() if entity.version]
        assert (old.variant_of, old.version) == (act.id, "2024")


def readme_sections() -> dict[str, str]:
    """Section of the README by the folder that its command builds."""
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    parts = text.split("## By kind of site", 1)[1].split("\n## ", 1)[0].split("\n### ")[1:]
    return {re.findall(r"^\$ kgraph build (\S+)$", part, re.M)[0].removeprefix("sites/"): part for part in parts}


def test_the_readme_counts_what_is_found(site: tuple[str, kgraph.KnowledgeGraph]) -> None:
    name, kg = site
    section = readme_sections()["mediawiki" if name == "wikitext" else name]
    links, pages = len(kg.statements.links), sum(1 for entity in kg.head.entities.values() if entity.path)
    counts = [f"{pages} pages", f"{links:,} links" if links else f"{len(kg.statements.relations)} relations"]
    if name in ("obsidian", "mediawiki", "wikitext"):
        counts.append(str(sum(len(entity.aliases) for entity in kg.head.entities.values())))
    assert not [count for count in counts if count not in section]


def test_the_readme_shows_every_layout(sample: kgraph.KnowledgeGraph) -> None:
    sections = readme_sections()
    assert {*sections, "wikitext"} == {*LAYOUTS, "data"}
    shown = {"plain" if name == "data" else name: section for name, section in sections.items()}
    assert shown.keys() == VIEWS.keys()
    for name, section in shown.items():
        picture = REPOSITORY / "docs" / "pictures" / f"{name}.png"
        assert f"(docs/pictures/{name}.png)\n\n`kgraph render {VIEWS[name]}`\n" in section
        assert picture.stat().st_size <= 80_000
    counts = (f"{len(sample.statements.links):,} links", f"{len(sample.statements.relations)} relations")
    assert not [count for count in counts if count not in sections["data"]]
