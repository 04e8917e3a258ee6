"""Things that prose names and nobody declared."""

from __future__ import annotations

from pathlib import Path

import pytest

import kgraph
from kgraph.config import Config, Entities
from kgraph.model.corpus import Candidate
from tests.ingest.wiki import corpus_of, write_wiki

ON = Config(entities=Entities(candidates="on"))


def found_in(folder: Path, text: str, **pages: str) -> dict[str, Candidate]:
    files: dict[str, str | bytes] = {"page.md": f"# A page\n\n{text}\n", **{f"{name}.md": content for name, content in pages.items()}}
    return {item.title: item for item in corpus_of(folder, files, ON).candidates}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Charities such as Seawatch, Shelter Box, and the Mission to Seafarers help.",
         {"Seawatch": "organization", "Shelter Box": "organization", "Mission to Seafarers": "organization"}),
        ("It came before laws like the Merchant Shipping Act.", {"Merchant Shipping Act": "policy"}),
        ("The Centre for River Studies measures it.", {"Centre for River Studies": "organization"}),
        ("He wrote to Trinity House, a charity that keeps the lights.", {"Trinity House": "organization"}),
        ("In 1824 William Hillary was a soldier and writer.", {"William Hillary": "person"}),
        ("On platforms like WaveTalk and the Pilots Forum they argue.", {"WaveTalk": "organization", "Pilots Forum": "organization"}),
        ("Yesterday it rained. However, a company of ducks came.", {}),
        ("In May 2024, a treaty was signed.", {}),
        ("Companies such as Chinese shipyards build them.", {}),
        ("The `Fog Institute` is code.", {}),
        ("## The Fog Institute", {}),
        ("WaveTalk is nice.", {}),
        ("the institute of fog", {}),
        ("Mooring Groups\n\nShips of several mooring groups lie here.", {}),
        ("Mooring Policy\n\nThe older mooring policies hold.", {}),
        ("Great Fog Institute\n\nAny fog institute may ask.", {"Great Fog Institute": "organization"}),
        ("Centre for River Studies\n\nHe did river studies.", {"Centre for River Studies": "organization"}),
        ("Here is a tool for ropes.", {}),
        ("", {}),
    ],
)  # fmt: skip
def test_rules(tmp_path: Path, text: str, expected: dict[str, str]) -> None:
    assert {title: item.type for title, item in found_in(tmp_path, text).items()} == expected


def test_evidence_names_rule_and_line_and_mentions_hold_the_sentence(tmp_path: Path) -> None:
    item = found_in(tmp_path, "Rain. The Fog Institute (FI) measures fog. It is damp.")["Fog Institute"]
    assert (item.evidence, item.aliases, item.id) == (("cue: page.md:3",), ("FI",), "fog-institute")
    assert [(mention.source, mention.text, mention.sentence, mention.line) for mention in item.mentions] == [
        ("page", "Fog Institute", "The Fog Institute (FI) measures fog.", 3)
    ]


def test_more_pages_make_it_surer_and_an_abbreviation_is_no_other_thing(tmp_path: Path) -> None:
    one = found_in(tmp_path / "a", "The Fog Institute (FI) measures fog.")["Fog Institute"]
    pages = found_in(
        tmp_path / "b", "The Fog Institute (FI) measures fog.", b="The Fog Institute again.", c="Agencies such as FI, and others."
    )
    assert list(pages) == ["Fog Institute"]
    assert pages["Fog Institute"].confidence > one.confidence
    assert {mention.source for mention in pages["Fog Institute"].mentions} == {"page", "b", "c"}


def test_what_is_declared_is_no_candidate(tmp_path: Path) -> None:
    assert found_in(tmp_path, "The Fog Institute and the Rain Board.", fog="---\ntitle: Fog Institute\n---\n").keys() == {"Rain Board"}


def test_a_catalog_of_entities_or_the_settings_switch_it_off(tmp_path: Path) -> None:
    pages: dict[str, str | bytes] = {"page.md": "The Fog Institute measures.\n"}
    assert len(corpus_of(tmp_path / "a", pages).candidates) == 1
    assert corpus_of(tmp_path / "a", config=Config(entities=Entities(candidates="off"))).candidates == ()
    pages["rows.yaml"] = "- {id: page, title: Page, type: concept}\n- {id: rain, title: Rain, type: concept}\n"
    assert corpus_of(tmp_path / "b", pages).candidates == ()
    assert len(corpus_of(tmp_path / "b", config=ON).candidates) == 1


def test_candidates_are_in_the_dataset_and_the_tables_but_in_no_ranking(tmp_path: Path) -> None:
    kg = kgraph.build(write_wiki(tmp_path / "wiki", {"page.md": "The Fog Institute measures.\n", "b.md": "Fog.\n"}), tmp_path / "w")
    rows = kg.query(
        "SELECT ?name ?type ?graph WHERE { GRAPH ?graph { ?page schema:mentions ?c } ?c a kg:Candidate, ?type ; skos:prefLabel ?name ."
        " ?type rdfs:subClassOf org:Organization }",
        labels=False,
    )
    assert rows.values.tolist() == [["Fog Institute", "kg:Organization", "https://kgraph.example/graph/page/page"]]
    assert kg.candidates()[["id", "type", "source", "line"]].values.tolist() == [["fog-institute", "organization", "page", 1]]
    assert kg.stats()["candidates"] == 1
    assert set(kg.rankings.measures) == {"page", "b"}


def test_long_lines_are_read_in_linear_time(tmp_path: Path) -> None:
    text = " ".join(f"Fog Institute of Rain and Hail number {number}, such as Aa{number} and" for number in range(5_000))
    assert "Fog Institute of Rain" in " ".join(found_in(tmp_path, text))


@pytest.mark.parametrize(
    "text", ["x I                   H        M y", "It  Owl", "Anna's   Fog Institute sings.", "The\u00a0\u00a0Fog Institute"]
)
def test_wide_spaces_between_capitalised_words(text: str, tmp_path: Path) -> None:
    found = found_in(tmp_path, text)
    assert ("Fog Institute" in text) == ("Fog Institute" in found)
