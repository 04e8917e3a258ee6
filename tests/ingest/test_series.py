"""Numbered pages: which make a series, and what names them in prose and in fields."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgraph.config import Config, Pages, Series
from kgraph.ingest.series import Series as Found
from kgraph.model.corpus import Corpus
from kgraph.model.relations import RelationVocabulary
from tests.ingest.wiki import corpus_of, found_of

AT_TOP = Config(pages=Pages(root=""))
PEPS: dict[str, str | bytes] = {
    f"pep-{number:04}.rst": f"PEP: {number}\nTitle: On {name}\nStatus: Final\n\nAbstract\n========\n\nOf {name}.\n"
    for number, name in ((3, "oars"), (8, "sails"), (12, "ropes"), (20, "knots"))
}


def links(corpus: Corpus, source: str) -> list[tuple[str | None, str, str]]:
    return [(link.target, link.text, link.kind) for link in corpus.links if link.source == source]


def relations(corpus: Corpus, source: str) -> list[tuple[str, str | None]]:
    return [(item.name, item.target) for item in corpus.relations if item.source == source]


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("See PEP 8.", ["pep-0008"]),
        ("See PEP 0008, PEP-12 and PEP8", ["pep-0008", "pep-0012", "pep-0008"]),
        ("All of PEPs 3, 8 and 20.", ["pep-0003", "pep-0008", "pep-0020"]),
        ("As @PEP-0012 and @pep-12 say", ["pep-0012", "pep-0012"]),
        ("PEP 8\u00a0and PEP\u00a020", ["pep-0008", "pep-0020"]),
        ("pep 8, PEP 9, PEP 8.5, PEP 8%, XPEP 8, PEP 8x, /PEP-8, PEP 1234567, Pep 8", []),
        ("``PEP 8`` and `PEP 8 <x.html>`_", [None]),
        ("A pep talk in 8 parts", []),
    ],
)
def test_numbers_in_prose(tmp_path: Path, text: str, targets: list[str | None]) -> None:
    corpus = corpus_of(tmp_path, {**PEPS, "here.rst": f"Here\n====\n\n{text}\n"}, AT_TOP)
    assert [target for target, _, _ in links(corpus, "here")] == targets


def test_a_number_in_prose_is_a_link_with_its_words(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path, {**PEPS, "here.md": "# PEP 8 here\n\nOne. Read PEP 8 first. Two.\n"}, AT_TOP)
    (link,) = [link for link in corpus.links if link.source == "here"]
    assert (link.kind, link.raw, link.text, link.sentence, link.line) == ("crossref", "PEP 8", "PEP 8", "Read PEP 8 first.", 3)
    assert not [item for item in corpus.mentions if item.source == "here"]
    assert corpus.entities["pep-0008"].aliases == ("PEP 8",)


def test_a_number_in_a_paragraph_of_several_lines_has_its_line(tmp_path: Path) -> None:
    text = (
        "Here\n====\n\nOne\n*two* and PEP 8,\n``three`` `four\nfive <x>`_, :ref:`six\nseven <y>` PEP 12\n"
        "and PEP 20 |x|\nor PEP 3.\n\n.. |x| replace:: a\n"
    )
    corpus = corpus_of(tmp_path, {**PEPS, "here.rst": text}, AT_TOP)
    assert [(link.raw, link.line) for link in corpus.links if link.kind == "crossref"] == [
        ("PEP 8", 5), ("PEP 12", 8), ("PEP 20", 9), ("PEP 3", 10),
    ]  # fmt: skip


def test_roles_and_wikilinks_lead_to_numbered_pages(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path, {**PEPS, "a.rst": ":pep:`8` :pep:`484`\n", "b.md": "[[PEP 20]] and [[PEP 21]]\n"}, AT_TOP)
    assert [target for target, _, _ in links(corpus, "a")] == ["pep-0008"]
    assert [target for target, _, _ in links(corpus, "b")] == ["pep-0020", None]


def test_fields_of_a_header(tmp_path: Path) -> None:
    page = "PEP: 30\nTitle: On masts\nRequires: 8, 12 (in part)\nReplaces: 3\nSuperseded-By: 99\nCreated: 1-Jan-2001\n\nText\n"
    corpus = corpus_of(tmp_path, {**PEPS, "pep-0030.rst": page}, AT_TOP)
    assert relations(corpus, "pep-0030") == [
        ("superseded-by", None), ("replaces", "pep-0003"), ("requires", "pep-0008"), ("requires", "pep-0012"),
    ]  # fmt: skip
    assert found_of(corpus, "W204") == [("pep-0030.rst", 5, "superseded-by: no page is called '99'")]
    assert not found_of(corpus, "N406")


def decisions() -> dict[str, str | bytes]:
    return {
        "adr/0001-use-boats.md": "# 1. Use boats\n\n## Status\n\nSuperseded by [3. Use ferries](0003-use-ferries.md)\n",
        "adr/0002-use-ropes.md": "---\nstatus: superseded by ADR-0003\ndepends-on: [1, ADR-3]\n---\n# Use ropes\n",
        "adr/0003-use-ferries.md": "---\nsupersedes: [ADR-0001, 2]\nblocks: 4\nrelated: [1]\nrequires: oak, 3.8\n---\n# Use ferries\n",
    }


def test_decisions_told_by_their_folder(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path, decisions(), AT_TOP)
    assert relations(corpus, "0001-use-boats") == [("superseded-by", "0003-use-ferries")]
    assert relations(corpus, "0002-use-ropes") == [
        ("depends-on", "0001-use-boats"), ("depends-on", "0003-use-ferries"), ("superseded-by", "0003-use-ferries"),
    ]  # fmt: skip
    assert relations(corpus, "0003-use-ferries") == [
        ("blocks", None), ("related", "0001-use-boats"), ("supersedes", "0001-use-boats"), ("supersedes", "0002-use-ropes"),
    ]  # fmt: skip
    assert [message for _, _, message in found_of(corpus, "W204")] == ["blocks: no page is called '4'"]


def test_declared_ids(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        f"{name}.md": f"---\nid: ID-{n:04}\n---\n# {name}\n" for n, name in enumerate(("oak", "elm", "ash"), 11)
    }
    corpus = corpus_of(tmp_path, {**files, "here.md": "As @ID-0012 and ID-13, not ID-14.\n"}, AT_TOP)
    assert links(corpus, "here") == [("ID-0012", "@ID-0012", "crossref"), ("ID-0013", "ID-13", "crossref")]


@pytest.mark.parametrize("name", ["chapter-{}.md", "Chapter {}.md", "STEP-{}.md", "note-{}.md", "2024-0{}-01.md", "v1.{}.md", "RFC-{}.md"])
def test_what_makes_no_series(tmp_path: Path, name: str) -> None:
    count = 2 if name.startswith("RFC") else 4
    files: dict[str, str | bytes] = {name.format(number): f"# Page {number}\n" for number in range(1, count + 1)}
    corpus = corpus_of(
        tmp_path, {**files, "here.md": "Chapter 1, CHAPTER 2, STEP 3, note 1, NOTE-2, RFC 1, RFC-2, 2024 and v1.1.\n"}, AT_TOP
    )
    assert not links(corpus, "here")


def test_settings_add_series_and_switch_detection_off(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "choices/1-oak.md": "# Oak\n",
        "choices/2-elm.md": "# Elm\n",
        "here.md": "See Choice 1, choice 2 and PEP 8.\n",
    }
    told = Config(pages=Pages(root=""), series=Series("off", {"choices": ("Choice",)}))
    corpus = corpus_of(tmp_path, {**PEPS, **files}, told)
    assert links(corpus, "here") == [("1-oak", "Choice 1", "crossref")]


@given(
    st.text(max_size=80)
    | st.lists(st.sampled_from(["PEP", "PEPs", "@", " ", "-", "8", ",", "and ", "12", "#", "ADR", "s", "."])).map("".join)
)
def test_any_prose_gives_places_that_exist(text: str) -> None:
    series = Found({"pep": {8: "8.md", 12: "12.md"}}, {"8.md": "a", "12.md": "b"}, {"pep": ("PEP",)})
    last = 0
    for start, end, name in series.in_prose(text):
        assert last <= start < end <= len(text)
        assert series.find(name) in ("a", "b")
        last = end
    series.field("a", "requires", text, RelationVocabulary())
    series.field("a", "status", text, RelationVocabulary())
