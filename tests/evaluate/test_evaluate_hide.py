from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgraph.config import Config
from kgraph.evaluate.hide import HideKind, choose_pairs, eligible_pairs, hide_pairs, pinned, surviving
from kgraph.ingest.discover import SourceTree
from kgraph.ingest.load import LoadedFiles
from kgraph.ingest.stage import build_corpus, ingest
from kgraph.model.corpus import Corpus
from kgraph.model.text import terms
from kgraph.model.twins import twins
from tests.evaluate.joined_wiki import NAMES, write_wiki

Site = tuple[Corpus, LoadedFiles, SourceTree]
IDS = {f"{name.lower()}-stone" for name in NAMES}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return ingest(write_wiki(tmp_path_factory.mktemp("wiki")), Config())


def rebuild(site: Site, pairs: list[tuple[str, str]]) -> Corpus:
    corpus, loaded, tree = site
    return build_corpus(tree, hide_pairs(loaded, corpus, pairs), pinned(Config(), corpus))


def joins(corpus: Corpus) -> set[frozenset[str]]:
    found = {frozenset((link.source, link.target)) for link in corpus.links if link.target}
    return found | {frozenset((item.source, item.target)) for item in corpus.relations if item.target}


def test_the_wiki_has_every_kind_of_join(site: Site) -> None:
    corpus = site[0]
    assert {link.kind for link in corpus.links} >= {"markdown", "wikilink", "EntityLink", "html"}
    keys = {"related", "relatedStones", "relatedEntries", "See also", "keyStones", "madeOf", "seeAlso", "path"}
    assert {item.key for item in corpus.relations} >= keys
    assert set(corpus.catalogs.values()) == {"entities", "facts"}
    assert not [item for item in corpus.findings if item.rule in ("W201", "W204")]


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32), share=st.sampled_from((0.05, 0.2, 0.5, 0.9)), kind=st.sampled_from(("relations", "links")))
def test_no_hidden_pair_survives(site: Site, seed: int, share: float, kind: HideKind) -> None:
    corpus = site[0]
    pairs = choose_pairs(corpus, kind, share=share, seed=seed)
    rest = rebuild(site, pairs)
    same = twins(corpus)
    hidden = {frozenset((one, other)) for source, target in pairs for one in same[source] for other in same[target]}
    assert not surviving(rest, pairs)
    assert joins(rest) == joins(corpus) - hidden


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32), kind=st.sampled_from(("relations", "links")))
def test_hiding_changes_nothing_else(site: Site, seed: int, kind: HideKind) -> None:
    corpus, loaded, _ = site
    before = repr(loaded)
    rest = rebuild(site, choose_pairs(corpus, kind, share=0.9, seed=seed))
    assert repr(loaded) == before
    assert rest.entities.keys() == corpus.entities.keys()
    assert rest.catalogs == corpus.catalogs
    for entity_id, entity in corpus.entities.items():
        now = rest.entities[entity_id]
        assert (now.title, now.type, now.aliases, now.href) == (entity.title, entity.type, entity.aliases, entity.href)


def test_hiding_nothing_is_the_same_corpus(site: Site) -> None:
    corpus = site[0]
    rest = rebuild(site, [])
    assert (rest.links, rest.relations, rest.mentions, rest.entities) == (corpus.links, corpus.relations, corpus.mentions, corpus.entities)


def test_a_hidden_body_link_keeps_its_text(site: Site) -> None:
    rest = rebuild(site, [("amber-stone", "garnet-stone")])
    page = rest.documents["docs/amber-stone.mdx"]
    assert "Garnet Stone" in page.blocks[0].text
    assert "garnet-stone" in {item.target for item in rest.mentions if item.source == "amber-stone"}


def test_a_hidden_link_without_text_keeps_the_title_that_the_site_shows(tmp_path: Path) -> None:
    linking = "See <EntityLink id='basalt' />, <EntityLink id='copper' /> or [amber](amber.mdx).\n"
    for name, text in (("Amber", linking), ("Basalt", "Hard rock.\n"), ("Copper", "Soft metal.\n")):
        (tmp_path / f"{name.lower()}.mdx").write_text(f"---\ntitle: {name} Stone\n---\n{text}", encoding="utf-8")
    one, both = ([("amber", "basalt")], [("amber", "basalt"), ("amber", "copper")])
    site = ingest(tmp_path, Config())
    rest = rebuild(site, one)
    page = rest.documents["amber.mdx"]
    assert page.blocks[0].text == "See Basalt Stone,  or amber."
    spans = [(item.start, item.end) for item in page.components] + [(item.start, item.end) for item in page.references]
    assert [page.blocks[0].text[start:end] for start, end in spans] == ["", "amber"]
    assert (page.terms["basalt"], page.terms["or"]) == (1, 1)
    assert [item.target for item in rest.mentions] == ["basalt"]
    assert rebuild(site, both).documents["amber.mdx"].blocks[0].text == "See Basalt Stone, Copper Stone or amber."


def test_a_hidden_see_also_entry_loses_its_text(site: Site) -> None:
    before = site[0].documents["docs/amber-stone.mdx"]
    page = rebuild(site, [("amber-stone", "basalt-stone")]).documents["docs/amber-stone.mdx"]
    entry = next(block.text for block in before.blocks if "polished" in block.text)
    assert not any("polished" in block.text for block in page.blocks)
    assert Counter(page.terms) == Counter(before.terms) - Counter(terms(entry))
    assert all(count > 0 for count in page.terms.values())
    assert [len(block.text) for block in page.blocks] == [len(block.text) for block in before.blocks]


def test_other_entries_of_a_shared_line_stay(site: Site) -> None:
    page = rebuild(site, [("amber-stone", "emerald-stone")]).documents["docs/amber-stone.mdx"]
    assert page.blocks[-1].text.strip() == ", Feldspar Stone"
    assert page.references[-1].target == "feldspar-stone"


def test_pairs_are_drawn_alike_for_the_same_seed(site: Site) -> None:
    first, again, other = (choose_pairs(site[0], "links", share=0.2, seed=seed) for seed in (1, 1, 2))
    assert first == again != other
    stated = eligible_pairs(site[0], "links")
    assert set(first) <= set(stated)
    assert {(b, a) for a, b in first} & set(stated) <= set(first)


def test_a_plain_field_that_names_the_other_goes(site: Site) -> None:
    def owners(corpus: Corpus) -> list[str]:
        return [fact.value for fact in corpus.entities["amber-mine"].facts if fact.key == "owner"]

    assert owners(site[0]) == ["guild"]
    assert owners(rebuild(site, [("guild", "amber-mine")])) == []


def test_an_entity_and_its_page_are_no_pair(site: Site) -> None:
    corpus = site[0]
    assert twins(corpus)["amber-mine"] == {"amber-mine", "amber-stone"}
    for kind in ("relations", "links"):
        assert not {frozenset(pair) for pair in eligible_pairs(corpus, kind)} & {frozenset(("amber-mine", "amber-stone"))}


def test_links_of_see_also_sections_are_relations(site: Site) -> None:
    relations, links = eligible_pairs(site[0], "relations"), eligible_pairs(site[0], "links")
    assert ("amber-stone", "emerald-stone") in relations
    assert ("amber-stone", "emerald-stone") not in links
    assert {source for source, _ in links} == IDS
