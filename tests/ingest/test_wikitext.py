"""Wikitext: what a page says, links to, and is filed under."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgraph.ingest.readers import DUMPED, reader_of
from kgraph.ingest.readers.wikinames import DumpedText
from kgraph.model.document import Document
from tests.ingest.wiki import corpus_of, found_of

FIXTURE = Path(__file__).parent / "fixtures" / "wikitext.wiki"


def read(text: str) -> Document:
    return reader_of("wiki")(text)


def targets(document: Document) -> list[str]:
    return [item.target for item in document.references if item.kind == "title"]


@pytest.fixture(scope="module")
def mill() -> Document:
    return read(FIXTURE.read_text(encoding="utf-8"))


def test_every_link_of_the_author_is_one_and_nothing_else(mill: Document) -> None:
    assert sorted(targets(mill)) == sorted(
        ["River Tarn", "Ann Weaver", "water mill", "River Tarn", "Tarn valley", "oat", "History of milling", "Oat#Milling", "#Wheels",
         "Lost charter", "wheel (machine)", "gear", "millstone", "oak", "cast iron", "mill pond", "Lower Mill", "Category:Mills"]
    )  # fmt: skip
    assert {item.target for item in mill.references if item.kind == "link"} == {"https://example.org/mills", "https://example.org/visit"}


def test_each_link_knows_its_line_and_its_words(mill: Document) -> None:
    lines = FIXTURE.read_text(encoding="utf-8").split("\n")
    for item in mill.references:
        if item.kind == "title":
            assert item.target.split("#")[0] in lines[item.line - 1], item
        if item.block >= 0:
            assert mill.blocks[item.block].text[item.start : item.end] == item.text, item
    words = {item.target: item.text for item in mill.references}
    assert words["wheel (machine)"] == "wheel"
    assert words["https://example.org/visit"] == "a visit"


def test_prose_is_what_a_reader_sees(mill: Document) -> None:
    assert [(block.kind, block.text) for block in mill.blocks] == [
        ("table", "name | Upper Mill"),
        ("table", "river | Tarn"),
        ("table", "built | 1712"),
        ("paragraph", "The wheel, as Ann Weaver drew it"),
        ("paragraph", "The Upper Mill is a water mill on the River Tarn. It grinds oats and barley."),
        ("footnote", "Weaver. Ann. Mills of the Tarn valley. 1931"),
        ("heading", "History"),
        ("paragraph", "History of milling, Oat"),
        ("paragraph", "The first wheel 4 m wide – see #Wheels – turned in 1712."),
        ("list", "One wheel"),
        ("list", "and a gear"),
        ("list", "a visit"),
        ("list", "Stone : the millstone"),
        ("heading", "Wheels"),
        ("table", "Wheels"),
        ("table", "Year | Made of"),
        ("table", "1712 | oak"),
        ("table", "1840 | iron (Leeds)"),
        ("paragraph", "The mill pond in winter"),
        ("paragraph", "[[not a link]]"),
        ("heading", "See also"),
        ("list", "Lower Mill"),
        ("list", "de:Obere Mühle"),
        ("list", "Category:Mills"),
        ("list", "User:Ann"),
    ]


def test_categories_and_the_box_are_front_matter(mill: Document) -> None:
    assert mill.front_matter == {
        "categories": ["Mills", "Buildings of 1712"],
        "infobox": {"name": "Upper Mill", "river": "Tarn", "built": "1712"},
        "infobox_type": "infobox mill",
    }
    assert mill.lines == {"categories": 46, "infobox": 2}


def test_headings_have_the_anchors_of_mediawiki_and_counts_are_told(mill: Document) -> None:
    assert [(heading.level, heading.text, heading.anchor, heading.line) for heading in mill.headings] == [
        (2, "History", "History", 15),
        (3, "Wheels", "Wheels", 24),
        (2, "See also", "See_also", 41),
    ]
    counts = mill.counts
    assert (counts.tables, counts.images, counts.footnotes, counts.footnote_references, counts.code_blocks) == (2, 3, 1, 2, 1)
    repeated = read("==A b==\nx\n==A b==\ny\n==A b==\nz")
    assert [heading.anchor for heading in repeated.headings] == ["A_b", "A_b_2", "A_b_3"]


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("#REDIRECT [[Water mill]]", "[[Water mill]]"),
        ("#redirect: [[Water mill#Wheel]] {{R}}", "[[Water mill#Wheel]]"),
        ("#WEITERLEITUNG [[Mühle]]", "[[Mühle]]"),
        ("#пренасочване [[Мелница]]", "[[Мелница]]"),
        ("# [[Water mill]]", None),
        ("#see [[Water mill]]", None),
    ],
)
def test_a_redirect_is_no_page(text: str, target: str | None) -> None:
    assert read(text).redirect == target


def test_names_of_other_languages_are_known_to_a_dump() -> None:
    page = DumpedText("Мелница", "[[Картинка:x.jpg|мини]] [[Вид:Сгради]] [[Обсъждане:A]] [[/Под]]", names={"вид": 14, "обсъждане": 1})
    document = reader_of(DUMPED)(msgspec.json.encode(page).decode())
    assert document.front_matter == {"categories": ["Сгради"]}
    assert targets(document) == ["Мелница/Под"]
    assert document.title == "Мелница"


def test_titles_are_exact_but_for_the_first_letter_and_underscores(tmp_path: Path) -> None:
    corpus = corpus_of(
        tmp_path,
        {
            "Water_mill.wiki": "It has a [[wheel]], a [[Wheel#Hub|hub]], a [[Mill_pond]] and a [[WHEEL]]. [[Category:Mills]]",
            "Wheel.wiki": "Turns. [[water mill]]\n== Hub ==\nIt holds.\n== See also ==\n* [[Mill pond]]",
            "Mill pond.wiki": "#REDIRECT [[Pond]]",
            "Pond.wiki": "Water, [[water mill#Dam|dammed]].",
        },
    )
    assert sorted(entity.title for entity in corpus.entities.values()) == ["Pond", "Water mill", "Wheel"]
    assert corpus.pages["Water_mill.wiki"].href == "/wiki/Water_mill"
    assert corpus.entities["Pond"].aliases == ("Mill pond",)
    assert corpus.entities["Water_mill"].tags == ("mills",)
    assert corpus.redirects == {"Mill pond.wiki": "Pond"}
    links = {(link.source, link.raw): link.target for link in corpus.links}
    assert links["Water_mill", "wheel"] == links["Water_mill", "Wheel#Hub"] == "Wheel"
    assert links["Water_mill", "Mill pond"] == links["Wheel", "Mill pond"] == "Pond"
    assert links["Water_mill", "WHEEL"] is None
    assert found_of(corpus, "N209") == [("Water_mill.wiki", 1, "1 links lead to 1 titles without a page: 'WHEEL'")]
    assert found_of(corpus, "W202") == []
    assert [(item.source, item.target, item.name) for item in corpus.relations] == [("Wheel", "Pond", "related")]


@pytest.mark.parametrize(
    "text",
    [
        "[[" * 20_000,
        "<a href=" * 50 + "[" * 100_000,
        "{|\n|-\n" * 50 + "x " * 100_000,
        "{{" * 20_000, "{|\n" * 5_000, "<ref>" * 5_000, "'''''" * 20_000, "[[a|" * 5_000 + "]]" * 5_000, "{{a|" * 5_000 + "}}" * 5_000,
        "<div>" * 5_000 + "x" + "</div>" * 5_000, "*" * 50_000, "[[a]] " * 20_000, "{{{" * 10_000 + "}}}" * 10_000, "== [[a]] ==\n" * 5_000,
        "[http://" * 10_000, "<!--" * 10_000, "&lt;" * 20_000, "[[File:" * 3_000, "{|\n|-\n|" * 3_000,
        "{{see also|" + "a|" * 20_000 + "}}", "{{lang|" + "a|" * 20_000 + "}}", "{{infobox|" + "a=b|" * 20_000 + "}}",
    ],
)  # fmt: skip
def test_hostile_wikitext_is_read_in_seconds(text: str) -> None:
    assert isinstance(read(text), Document)


MARKS = """
[[ ]] {{ }} | == ''' {| |} |- ! <ref> </ref> <nowiki> </nowiki> * # : ; File:a.jpg Category:b a http://x.example [ ] <!-- -->
infobox = main &amp; <br/> <code> </code> {{{ }}} <gallery> </gallery> é
"""
PIECES = st.sampled_from([*MARKS.split(), "\n", "word ", "\x00"])


@given(st.lists(PIECES, max_size=60).map("".join))
def test_any_text_gives_a_document_whose_places_exist(text: str) -> None:
    document = read(text)
    lines = text.count("\n") + 1
    for item in document.references:
        assert 1 <= item.line <= lines
        assert -1 <= item.block < len(document.blocks)
        if item.block >= 0:
            assert 0 <= item.start <= item.end <= len(document.blocks[item.block].text)
    for block in document.blocks:
        assert 1 <= block.line <= lines
        assert -1 <= block.section < len(document.headings)
        assert block.text.strip()


def test_a_heading_within_a_link_ends_no_block() -> None:
    document = read("One [[Tar|two\n== three ==\nfour]] five.")
    assert all(item.start <= item.end <= len(document.blocks[item.block].text) for item in document.references if item.block >= 0)
    assert targets(document) == ["Tar"]


def test_numbers_of_no_character_are_shown_as_such() -> None:
    document = read("a &#xD800; b &#0; c &#99999999; d &#233; {{main|x&#xDFFF;}}")
    assert document.blocks[0].text == "a \ufffd b \ufffd c \ufffd d é"
    for block in document.blocks:
        block.text.encode()
