"""From what an author wrote to the one entity that is meant."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgraph.ingest.resolve import Resolution, Resolver, page_route
from kgraph.model.corpus import Entity
from tests.ingest.wiki import entity_of

CAFE = unicodedata.normalize("NFD", "café")
ENTITIES = [
    entity_of("home", path="docs/index.mdx", title="Home"),
    entity_of("mill", path="docs/water/mill.md", title="The Old Mill", aliases=("Corn mill", "C#"), number="E17"),
    entity_of("water", path="docs/water/index.md", title="All about water"),
    entity_of("water/lock", path="docs/water/lock.md", title="Lock"),
    entity_of("land/lock", path="docs/land/lock.md", title="Padlock"),
    entity_of("Two Words", path="docs/land/Two Words.md", title="Zwei Worte"),
    entity_of("cafe", path=f"docs/land/{CAFE}.md", title="Coffee house"),
    entity_of("1984", path="docs/land/1984.md", title="A year", aliases=("Shared name",)),
    entity_of("v1.2", path="docs/land/v1.2.md", title="Release 1.2"),
    entity_of("ferry", title="The Ferry", aliases=("Boat / raft", "Shared name")),
    entity_of("a/b#c", title="Odd id"),
    entity_of("node", path="docs/node.js.md", title="Node.js"),
]


def resolver_of(entities: list[Entity] = ENTITIES, site_url: str | None = None) -> Resolver:
    routes = {page_route(entity.path, "docs"): entity.id for entity in entities if entity.path}
    return Resolver({entity.id: entity for entity in entities}, routes, "docs", site_url)


RESOLVER = resolver_of()


@pytest.mark.parametrize(
    ("written", "target"),
    [
        ("mill", "mill"),
        ("MILL", "mill"),
        ("  mill ", "mill"),
        ("E17", "mill"),
        ("e17", "mill"),
        ("water/mill", "mill"),
        ("/water/mill", "mill"),
        ("/water/mill/", "mill"),
        ("water/mill.md", "mill"),
        ("docs/water/mill.md", "mill"),
        ("/water/mill.html", "mill"),
        ("water", "water"),
        ("/water/", "water"),
        ("/water/index", "water"),
        ("__index__/water", "water"),
        ("__index__/water/mill", "mill"),
        ("/", "home"),
        ("__index__/", "home"),
        ("The Old Mill", "mill"),
        ("the_old  mill", "mill"),
        ("corn MILL", "mill"),
        ("water/lock", "water/lock"),
        ("Boat / raft", "ferry"),
        ("Two Words", "Two Words"),
        ("two_words", "Two Words"),
        ("café", "cafe"),
        (CAFE, "cafe"),
        ("land/café", "cafe"),
        ("docs/land/café.md", "cafe"),
        ("1984", "1984"),
        ("v1.2", "v1.2"),
        ("Release 1.2", "v1.2"),
        ("C#", "mill"),
        ("a/b#c", "a/b#c"),
        ("mill#Wheel%20house", "mill"),
        ("Padlock", "land/lock"),
        ("node.js", "node"),
    ],
)
def test_names(written: str, target: str) -> None:
    found = RESOLVER.name(written)
    assert (found.status, found.target, found.moved) == ("found", target, False)


def test_fragments_are_decoded() -> None:
    assert RESOLVER.name("mill#Wheel%20house").fragment == "Wheel house"
    assert RESOLVER.href("mill.md#Wheel%20house", "docs/water/lock.md").fragment == "Wheel house"


def test_moved_paths_are_known_by_their_last_part() -> None:
    assert RESOLVER.name("old/place/mill") == Resolution("found", "mill", "", (), True)
    assert RESOLVER.name("old/lock").status == "dead", "two pages end so"
    assert RESOLVER.name("__index__/old/mill").status == "dead"


def test_ambiguous_names_tell_all_they_fit() -> None:
    assert RESOLVER.name("lock") == Resolution("ambiguous", None, "", ("land/lock", "water/lock"))
    assert RESOLVER.name("shared NAME") == Resolution("ambiguous", None, "", ("1984", "ferry"))
    assert RESOLVER.wikilink("Lock", "docs/index.mdx").status == "ambiguous"


@pytest.mark.parametrize(
    "written", ["nothing", "", "   ", "mil", "mills", "#x", "__proto__", "../../mill/x", "?", "%zz", "E18", "docs/gone.md"]
)
def test_dead_names(written: str) -> None:
    found = RESOLVER.name(written)
    assert (found.status, found.target) == ("dead", None)


@pytest.mark.parametrize(
    ("written", "origin", "target"),
    [
        ("mill.md", "docs/water/lock.md", "mill"),
        ("./mill.md", "docs/water/lock.md", "mill"),
        ("mill", "docs/water/lock.md", "mill"),
        ("mill/", "docs/water/lock.md", "mill"),
        ("../mill/", "docs/water/lock.md", "mill"),
        ("../water/mill.md", "docs/land/1984.md", "mill"),
        ("../../water/mill/", "docs/land/1984.md", "mill"),
        ("mill.md", "docs/water/index.md", "mill"),
        ("mill/", "docs/water/index.md", "mill"),
        ("./mill", "docs/water/index.md", "mill"),
        ("water/mill", "docs/index.mdx", "mill"),
        ("./water/", "docs/index.mdx", "water"),
        ("./", "docs/index.mdx", "home"),
        ("../", "docs/water/index.md", "home"),
        ("..", "docs/water/lock.md", "home"),
        (".", "docs/water/lock.md", "water"),
        ("../index.mdx", "docs/water/lock.md", "home"),
        ("index.md", "docs/water/lock.md", "water"),
        ("/water/mill", "docs/land/1984.md", "mill"),
        ("/water/mill/", "docs/land/1984.md", "mill"),
        ("/WATER/Mill/", "docs/land/1984.md", "mill"),
        ("/docs/water/mill.md", "docs/land/1984.md", "mill"),
        ("/water/mill.html?a=b#c", "docs/land/1984.md", "mill"),
        ("/", "docs/land/1984.md", "home"),
        ("/index.html", "docs/land/1984.md", "home"),
        ("Two%20Words.md", "docs/land/1984.md", "Two Words"),
        ("Two Words.md", "docs/land/1984.md", "Two Words"),
        ("caf%C3%A9.md", "docs/land/1984.md", "cafe"),
        ("cafe%CC%81/", "docs/land/index.md", "cafe"),
        ("v1.2", "docs/land/1984.md", "v1.2"),
        ("node.js", "docs/index.mdx", "node"),
    ],
)
def test_links(written: str, origin: str, target: str) -> None:
    found = RESOLVER.href(written, origin)
    assert (found.status, found.target) == ("found", target)


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("https://example.org/mill", "external"),
        ("//example.org/mill", "external"),
        ("mailto:a@b.c", "external"),
        ("tel:+1", "external"),
        ("javascript:alert(1)", "external"),
        ("#wheel", "self"),
        ("", "self"),
        ("?q=1#x", "self"),
        ("picture.png", "asset"),
        ("/files/a.pdf", "asset"),
        ("gone.md", "dead"),
        ("/gone/", "dead"),
        ("../../../etc/passwd", "dead"),
        ("http://[bad", "external"),
        ("//[bad", "external"),
        ("[bad]:x", "dead"),
        ("MILL.md", "dead"),
        ("%00", "dead"),
        ("__proto__", "dead"),
    ],
)
def test_links_that_lead_to_no_page(written: str, status: str) -> None:
    found = RESOLVER.href(written, "docs/water/lock.md")
    assert (found.status, found.target) == (status, None)


@pytest.mark.parametrize(
    ("written", "target", "fragment"),
    [
        ("mill", "mill", ""),
        ("Mill", "mill", ""),
        ("mill#Wheel", "mill", "Wheel"),
        ("mill#Wheel#Spokes", "mill", "Wheel#Spokes"),
        ("mill#^block", "mill", "^block"),
        ("water/mill", "mill", ""),
        ("docs/water/mill.md", "mill", ""),
        ("Corn mill", "mill", ""),
        ("The Old Mill", "mill", ""),
        ("./mill.md", "mill", ""),
        ("../land/1984", "1984", ""),
        ("Two Words", "Two Words", ""),
        ("CAFÉ", "cafe", ""),
        ("Two%20Words", "Two Words", ""),
        ("v1.2", "v1.2", ""),
        ("water/lock", "water/lock", ""),
        ("ferry", "ferry", ""),
        ("Node.js", "node", ""),
    ],
)
def test_wikilinks(written: str, target: str, fragment: str) -> None:
    found = RESOLVER.wikilink(written, "docs/water/lock.md")
    assert (found.status, found.target, found.fragment) == ("found", target, fragment)


@pytest.mark.parametrize(
    ("written", "status"), [("#Wheel", "self"), ("picture.png", "asset"), ("Nothing", "dead"), ("lock", "ambiguous"), ("", "self")]
)
def test_wikilinks_that_lead_to_no_page(written: str, status: str) -> None:
    assert RESOLVER.wikilink(written, "docs/index.mdx").status == status


def test_the_address_of_the_site_is_no_other_site() -> None:
    resolver = resolver_of(site_url="https://example.org/base/")
    for written in ("https://example.org/base/water/mill/", "https://example.org/base/water/mill#x", "/base/water/mill/", "/water/mill/"):
        assert resolver.href(written, "docs/index.mdx").target == "mill"
    assert resolver.href("https://example.org/base", "docs/index.mdx").target == "home"
    assert resolver.href("https://example.org/basement/water/mill/", "docs/index.mdx").status == "external"
    assert resolver.name("https://example.org/base/water/mill/").target == "mill"


def test_former_routes_lead_to_their_page_and_never_hide_another() -> None:
    resolver = resolver_of()
    resolver.redirect("/old/mill/", "mill")
    resolver.redirect("/water/lock", "mill")
    assert resolver.href("/old/mill/", "docs/index.mdx").target == "mill"
    assert resolver.href("/Old/Mill", "docs/index.mdx").target == "mill"
    assert resolver.href("/water/lock", "docs/index.mdx").target == "water/lock"
    assert resolver.wikilink("water/lock", "docs/index.mdx").target == "water/lock"


WRITTEN = st.sampled_from(
    [name for entity in ENTITIES for name in (entity.id, entity.title, entity.path or entity.id, *entity.aliases)]
    + ["lock", "old/mill", "/water/", "shared name", "cafe\u0301", "__index__/water", "../water/mill", "mill#x"]
) | st.text(alphabet="milockwater/.#% _", max_size=12)


@settings(max_examples=200, deadline=None)
@given(st.permutations(ENTITIES), WRITTEN)
def test_the_order_of_entities_changes_nothing(entities: list[Entity], written: str) -> None:
    other = resolver_of(entities)
    assert other.name(written) == RESOLVER.name(written)
    assert other.href(written, "docs/water/lock.md") == RESOLVER.href(written, "docs/water/lock.md")
    assert other.wikilink(written, "docs/water/lock.md") == RESOLVER.wikilink(written, "docs/water/lock.md")


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_resolved_to_something_known(written: str) -> None:
    for found in (RESOLVER.name(written), RESOLVER.href(written, "docs/water/lock.md"), RESOLVER.wikilink(written, "docs/index.mdx")):
        assert (found.target is not None) == (found.status == "found")
        assert found.target is None or found.target in RESOLVER.entities
        assert bool(found.candidates) == (found.status == "ambiguous")


def test_paths_that_differ_in_composition_only_are_told_apart() -> None:
    both = [entity_of("nfc", path="docs/é.md"), entity_of("nfd", path="docs/e\u0301.md")]
    for entities in (both, both[::-1]):
        resolver = resolver_of(entities)
        assert resolver.name("docs/é.md").target == "nfc"
