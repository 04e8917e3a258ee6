"""Text files: notes, and pages saved from a browser as text."""

from __future__ import annotations

import time
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kgraph
from kgraph.config import Config, Pages, TypeChange
from kgraph.ingest.discover import discover
from kgraph.ingest.readers import reader_names, reader_of
from kgraph.ingest.readers.savedtext import read_saved_text
from kgraph.ingest.runtogether import junctions, split_names
from kgraph.ingest.textfiles import is_page_text, never_page
from kgraph.model.document import Document, Listed
from tests.ingest.summary import FIXTURES
from tests.ingest.wiki import corpus_of, found_of, write_wiki

SAVED = (FIXTURES / "saved-page.txt").read_text(encoding="utf-8")
PROSE = "The mill stands by the river and has ground flour for two hundred years."
OTHER = "Its wheel was taken down when the weir broke, and never put back."
HEAD = "Skip to content\nRiver Wiki\nUpdated 2024-05-01History\n\n"


@pytest.fixture(scope="module")
def page() -> Document:
    return read_saved_text(SAVED)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> kgraph.KnowledgeGraph:
    folder = tmp_path_factory.mktemp("saved")
    write_wiki(folder / "wiki", {"shared-pilotage.txt": SAVED})
    return kgraph.build(folder / "wiki", folder / "workspace")


def related_block(*lines: str) -> str:
    return f"{HEAD}Old Mill\n\nConcept\n\nOld Mill\n\n{PROSE}\n\nRelated Pages\n\n" + "\n\n".join(lines) + "\n"


# -- a saved page: what is read ------------------------------------------------------------------


def test_text_files_have_a_reader() -> None:
    assert reader_names()["txt"] == "text"
    assert reader_of("txt") is read_saved_text


def test_fields_at_the_top_are_front_matter() -> None:
    read = read_saved_text(f"Content-Type: text/x-wiki\nFormat: 0.4\nDate: 2024-05-01\n\n====== Old Mill ======\n\n{PROSE}\n")
    assert (read.title, read.front_matter["date"], read.lines["date"]) == ("Old Mill", "2024-05-01", 3)
    assert [block.text for block in read.blocks if block.kind == "paragraph"] == [PROSE]
    told = read_saved_text(f"From: Ann\nSubject: The weir\nTo: Bo\n\n{PROSE}\n")
    assert told.title == "The weir"


def test_a_note_that_begins_with_a_colon_has_no_fields() -> None:
    read = read_saved_text(f"Mills: what grinds\nWeirs: what holds\n\n{PROSE}\n")
    assert not read.front_matter


def test_title_type_summary_and_date(page: Document) -> None:
    assert page.title == "Shared Pilotage Between Small Harbours"
    assert page.front_matter["type"] == "Approach"
    assert page.front_matter["lastUpdated"] == "2024-03-03"
    assert page.front_matter["summary"].startswith("This page describes how harbours")
    assert (page.lines["type"], page.lines["lastUpdated"], page.lines["summary"]) == (11, 3, 15)


def test_word_count_is_the_one_that_the_page_tells(page: Document) -> None:
    assert page.front_matter["wordCount"] == 1400
    assert 200 < page.counts.words < 300


def test_metrics_are_told_apart_into_actual_and_expected(page: Document) -> None:
    actual, expected = page.front_matter["metrics"], page.front_matter["expectedMetrics"]
    assert actual == {"tables": 1, "diagrams": 2, "internalLinks": 6, "externalLinks": 1, "footnotes": 3, "quotes": 0}
    assert expected == {"tables": 4, "diagrams": 3, "internalLinks": 12, "footnotes": 5}
    assert page.counts.diagrams == 2


def test_cells_run_together_are_told_apart(page: Document) -> None:
    rows = [block.text for block in page.blocks if block.kind == "table"]
    assert rows[:2] == ["Aspect | Assessment", "Field | Harbour administration"]
    assert "Known Users | OpenQuay harbours and three ports on the estuary" in rows
    assert page.front_matter["assessment"]["Typical Fleet"] == "≈4 boats"
    assert len(page.front_matter["assessment"]) == 5


def test_sections_without_markup(page: Document) -> None:
    assert [heading.text for heading in page.headings] == [
        "Quick Assessment", "Overview", "What the Agreements Say", "Rosters and Rest", "Paying for Boats", "Open Questions", "Footnotes",
        "Related Pages",
    ]  # fmt: skip
    by_section = {page.headings[block.section].text for block in page.blocks if block.kind == "list"}
    assert by_section == {"Paying for Boats"}


def test_what_the_site_shows_around_a_page_is_no_prose(page: Document) -> None:
    text = "\n".join(block.text for block in page.blocks)
    assert not [line for line in ("Skip to main", "Raw data", "Page Status", "Timeline", "1.4k", "Back to top", "EHB") if line in text]


def test_footnotes_know_how_often_they_are_cited(page: Document) -> None:
    assert page.counts.footnotes == 3
    assert page.front_matter["footnoteCitations"] == {"1": 2, "2": 2, "3": 1}
    assert page.counts.footnote_references == 5
    notes = [block.text for block in page.blocks if block.kind == "footnote"]
    assert notes[0] == "Accounts of the estuary harbours, kept since the first agreement"
    assert notes[1].endswith("harbour handbook")
    assert notes[2].endswith("chapter 7")


def test_marks_of_footnotes_leave_the_text_and_numbers_stay(page: Document) -> None:
    prose = [block.text for block in page.blocks if block.kind == "paragraph"]
    assert any("less time ashore. Small harbours" in text and "in version 3.1 of" in text for text in prose)
    assert any(text.endswith("for the rules).") for text in prose)


@pytest.mark.parametrize(
    ("end", "times", "text"),
    [
        (" ↩", 1, "A note on page 2"),
        (" ↩︎ ↩︎2 ↩︎3", 3, "A note on page 2"),
        (" 2 3 4", 4, "A note on page 12"),
        ("", 1, "A note on page 2"),
        (" 3 4", 1, "A note on page 3 4"),
    ],
)
def test_back_references(end: str, times: int, text: str) -> None:
    marks = "".join(f"{PROSE}1 " for _ in range(max(1, times)))
    written = text.removesuffix(end)
    document = read_saved_text(f"{HEAD}Old Mill\n\n{PROSE}\n\nUse\n\n{marks}\n\nFootnotes\n\n  1. {written}{end}\n")
    assert document.front_matter["footnoteCitations"] == {"1": times}
    assert [block.text for block in document.blocks if block.kind == "footnote"] == [text]


def test_addresses_in_prose_are_links(page: Document) -> None:
    assert [(item.target, item.line) for item in page.references] == [("https://example.org/rest", 38)]
    item = page.references[0]
    assert page.blocks[item.block].text[item.start : item.end] == item.text


def test_related_block_by_group(page: Document) -> None:
    assert page.related == (
        Listed("Approaches", "Common Duty Rosters", 63),
        Listed("Organizations", "OpenQuayEstuary Harbour Board (EHB)Pilots’ Guild", 67),
        Listed("Policy", "Pilotage Act (1911)Night Signals Order", 71),
        Listed("Key Questions", "Do shared boats pay?", 75),
        Listed("Other", "Greta Lindqvist", 79),
    )


@pytest.mark.parametrize(
    ("head", "title", "kind"),
    [
        (HEAD + "Old Mill\n\nConcept\n\nOld Mill\n\n", "Old Mill", "Concept"),
        (HEAD + "Old Mill\n\nKey question\n\n", "Old Mill", "Key question"),
        (HEAD + "Old Mill\nOrganization\n", "Old Mill", "Organization"),
        (HEAD + "Old Mill\n\nType: Tool\n\n", "Old Mill", "Tool"),
        (HEAD + "Old Mill\n\n", "Old Mill", None),
        ("820 words\n\nOld Mill\n\nRisk\n\n", "Old Mill", "Risk"),
    ],
)
def test_ways_of_heading_a_page(head: str, title: str, kind: str | None) -> None:
    document = read_saved_text(f"{head}{PROSE}\n\nHistory\n\n{OTHER}\n")
    assert (document.title, document.front_matter.get("type")) == (title, kind)
    assert document.front_matter["summary"] == PROSE
    assert [heading.text for heading in document.headings] == ["History"]


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("Updated 2024-05-01", "2024-05-01"),
        ("Last edited: May 1, 2024", "2024-05-01"),
        ("Modified on 1 May 2024", "2024-05-01"),
        ("Updated 2024/05/01HistoryData", "2024-05-01"),
        ("Edited today", None),
    ],
)
def test_dates(line: str, date: str | None) -> None:
    document = read_saved_text(f"Skip to content\n{line}\n\nOld Mill\n\n{PROSE}\n")
    assert document.front_matter.get("lastUpdated") == date


def test_tables_with_tabs_keep_their_cells() -> None:
    document = read_saved_text(f"Old Mill\n\n{PROSE}\n\nPart\tState\tSince\nWheel\tbroken\t1931\nWeir\tsound\t1820\n")
    assert [block.text for block in document.blocks if block.kind == "table"] == [
        "Part | State | Since",
        "Wheel | broken | 1931",
        "Weir | sound | 1820",
    ]
    assert (document.counts.tables, "assessment" in document.front_matter) == (1, False)


# -- notes ---------------------------------------------------------------------------------------


def test_a_note_is_title_and_prose() -> None:
    document = read_saved_text(f"The old mill\n\n{PROSE}\nIt is closed now.\n\n- one thing\n- another\n")
    assert document.title == "The old mill"
    assert [(block.kind, block.text) for block in document.blocks] == [
        ("paragraph", f"{PROSE} It is closed now."),
        ("list", "one thing"),
        ("list", "another"),
    ]
    assert (document.front_matter, document.related) == ({}, ())


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Old Mill\n========\n\nText here.", "Old Mill"),
        ("Old Mill\nIt stands by the river.", "Old Mill"),
        ("This note begins in the middle of a line\nand goes on.", None),
        ("It stands.\n\nText", None),
        ("- a list\n- first", None),
        ("", None),
        ("\n\n\n", None),
    ],
)
def test_title_of_a_note(text: str, title: str | None) -> None:
    assert read_saved_text(text).title == title


def test_what_nobody_sees_is_dropped_and_lines_are_kept() -> None:
    document = read_saved_text("\ufeffOld\x00 Mill\r\n\r\nIt stands\xa0by\u200b the river.\r\nSince long ago.")
    assert document.title == "Old Mill"
    assert [(block.line, block.text) for block in document.blocks] == [(3, "It stands by the river. Since long ago.")]


def test_see_also_with_sentences_is_a_section() -> None:
    document = read_saved_text(f"Old Mill\n\n{PROSE}\n\nSee also\n\n{OTHER}\n\n{PROSE}\n")
    assert document.related == ()
    assert [heading.text for heading in document.headings] == ["See also"]


def test_a_list_of_names_in_a_note_is_no_block_unless_it_has_groups() -> None:
    plain = read_saved_text(f"Old Mill\n\n{PROSE}\n\nSee also\n\n- Weir\n- Lock\n")
    assert plain.related == ()
    assert [block.text for block in plain.blocks if block.kind == "list"] == ["Weir", "Lock"]
    grouped = read_saved_text(f"Old Mill\n\n{PROSE}\n\nSee also\n\nPeople\n- Ada Miller\n")
    assert [(item.group, item.text) for item in grouped.related] == [("People", "Ada Miller")]


def test_what_stands_after_the_related_block_is_read() -> None:
    text = f"{HEAD}Old Mill\n\n{PROSE}1\n\nRelated Pages\n\nWeir\n\nhttps://example.org/x\n\nFootnotes\n\n1. A source ↩\n"
    document = read_saved_text(text)
    assert [(item.group, item.text) for item in document.related] == [("Related Pages", "Weir")]
    assert document.front_matter["footnoteCitations"] == {"1": 1}
    assert document.blocks[0].text == PROSE
    more = read_saved_text(f"{HEAD}Old Mill\n\n{PROSE}\n\nRelated Pages\n\nWeir\nLock\nFerry\nGate\nPond\n\n{OTHER}\n\nBack to top\n")
    assert [item.text for item in more.related] == ["Weir", "Lock", "Ferry", "Gate", "Pond"]
    assert more.blocks[-1].text == OTHER


# -- names run together --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "known", "names"),
    [
        ("Harbour Boards (HBs)Night Signals Order (NSO)", (), ["Harbour Boards (HBs)", "Night Signals Order (NSO)"]),
        ("Weir CareLock Care", (), ["Weir Care", "Lock Care"]),
        ("Friends of OpenQuayLock Care", ("Friends of OpenQuay",), ["Friends of OpenQuay", "Lock Care"]),
        ("OpenQuay", (), ["OpenQuay"]),
        ("Ada McAdamWeir Care", (), ["Ada McAdam", "Weir Care"]),
        ("NSOHarbour Board", ("NSO", "Harbour Board"), ["NSO", "Harbour Board"]),
        ("Weir Care\tLock Care  Mill Care", (), ["Weir Care", "Lock Care", "Mill Care"]),
        ("Weir Care · Lock Care", (), ["Weir Care", "Lock Care"]),
        ("Weir Care", ("Weir",), ["Weir Care"]),
        ("", (), []),
        ("—", (), []),
    ],
)
def test_names_are_told_apart(line: str, known: tuple[str, ...], names: list[str]) -> None:
    assert split_names(line, known.__contains__) == names


@pytest.mark.parametrize("heading", ["You might also like", "Similar articles", "Recommended reading"])
def test_headings_of_a_block_of_related_pages(heading: str, tmp_path: Path) -> None:
    text = f"Updated 2026-01-02\n\nMill\n\nPlace\n\nA mill stands here.\n\n{heading}\n\nPolicies\n\nWeir Act of 1907Lock Charter (LC)\n"
    corpus = corpus_of(tmp_path, {"mill.txt": text})
    assert [(item.target, item.key) for item in corpus.relations] == [
        ("lock-charter-lc", "Policies"), ("weir-act-of-1907", "Policies"),
    ]  # fmt: skip


def test_words_of_the_site_are_not_cut() -> None:
    words = frozenset({"OpenQuay", "DeepMill"})
    assert split_names("OpenQuayWeir CareDeepMill", lambda _: False, words) == ["OpenQuay", "Weir Care", "DeepMill"]
    assert junctions("OpenQuay", words) == []


@settings(max_examples=200, deadline=None)
@given(st.lists(st.from_regex(r"[A-Z][a-z]{2,6} [A-Z][a-z]{2,6}", fullmatch=True), min_size=1, max_size=6))
def test_known_names_run_together_come_back(names: list[str]) -> None:
    assert split_names("".join(names), set(names).__contains__) == names


# -- what is built -------------------------------------------------------------------------------


def test_the_page_states_its_facts_in_sparql(built: kgraph.KnowledgeGraph) -> None:
    types = built.query(
        "SELECT ?type (COUNT(*) AS ?n) { ?page kg:relatedTo ?other ; foaf:isPrimaryTopicOf ?file . ?other a ?kind ."
        " ?kind rdfs:label ?type . FILTER(?kind != kg:Entity) }"
        " GROUP BY ?type"
    )  # fmt: skip
    assert dict(zip(types["type"], types["n"], strict=True)) == {
        "Approach": 1, "Organization": 3, "Policy": 2, "Key question": 1, "Page": 1,
    }  # fmt: skip
    own = built.query("SELECT ?page { ?page a kg:Approach ; foaf:isPrimaryTopicOf ?file . ?file kg:footnoteCount 3 }")
    assert list(own["page"]) == ["shared-pilotage"]
    told = built.query(
        "PREFIX p: <https://kgraph.example/property/>"
        " SELECT ?words ?tables ?wanted ?cost ?cited ?date ?text { ?page p:wordCount ?words ; p:metrics.tables ?tables ;"
        " p:expectedMetrics.tables ?wanted ; p:assessment.Cost ?cost ; p:footnoteCitations.1 ?cited ; dcterms:description ?text ;"
        " foaf:isPrimaryTopicOf/dcterms:modified ?date }"
    )
    row = told.iloc[0]
    assert [str(row[name]) for name in ("words", "tables", "wanted", "cited")] == ["1400", "1", "4", "2"]
    assert row["cost"] == "Moderate; falls with the number of harbours"
    assert str(row["date"]).startswith("2024-03-03")
    assert row["text"].startswith("This page describes")


def test_stubs_are_entities_like_any_other(built: kgraph.KnowledgeGraph) -> None:
    board = built.get_entity("Estuary Harbour Board (EHB)")
    assert (board.id, board.type, board.type_origin, board.stub) == ("estuary-harbour-board-ehb", "organization", "related block", True)
    assert board.declared_types == ("Organizations",)
    assert board.declared_in == ("shared-pilotage.txt:67",)
    other = built.get_entity("Greta Lindqvist")
    assert (other.type, other.type_origin, other.declared_types) == ("page", "related block", ())
    assert set(built.related("shared-pilotage", 20)["id"]) == set(built.head.entities) - {"shared-pilotage"}
    assert set(built.rankings.measures) == set(built.head.entities)
    assert next(iter(built.related(board.id)["id"])) == "shared-pilotage"
    graphs = built.query("SELECT ?g { GRAPH ?g { <https://kgraph.example/entity/pilotage-act-1911> kg:typeOrigin 'related block' } }")
    assert len(graphs) == 1
    assert not [item for item in built.findings() if item.rule == "N403"]


def test_prose_names_what_only_the_block_declares(built: kgraph.KnowledgeGraph) -> None:
    assert {mention.target for mention in built.statements.mentions} == {"openquay"}


def test_groups_tell_their_type_whatever_their_form_and_count(tmp_path: Path) -> None:
    block = "Approach 1\n\nLock Rota\n\nPolicies (2)\n\nWeir Keepers (WK)OpenMill Act (OMA)\n\nOrganizations2\n\nOpenWeir (OW)Mill Trust\n"
    page = (
        f"Skip to content\nUpdated 2025/11/02History\n\nOpen Locks\n\nConcept\n\nOpen Locks\n\nA lock is open.\n\nRelated Pages\n\n{block}"
    )
    corpus = corpus_of(tmp_path, {"open-locks.txt": page})
    found = {entity.title: entity.type for entity in corpus.entities.values()}
    assert found == {
        "Open Locks": "concept", "Lock Rota": "approach", "Weir Keepers (WK)": "policy", "OpenMill Act (OMA)": "policy",
        "OpenWeir (OW)": "organization", "Mill Trust": "organization",
    }  # fmt: skip


def test_names_are_found_among_the_pages_of_the_site(tmp_path: Path) -> None:
    files = {
        "mill.txt": related_block("Organizations", "Friends of WeirLockMillwrights (MW)", "Policy", "Water Act"),
        "friends.md": "---\ntitle: Friends of WeirLock\n---\n\nText.\n",
        "law.md": "---\ntitle: The Water Act of 1850\naliases: [Water Act]\ntype: event\n---\n\nText.\n",
    }
    corpus = corpus_of(tmp_path, files)
    assert {(item.target, item.key) for item in corpus.relations} == {
        ("friends", "Organizations"), ("millwrights-mw", "Organizations"), ("law", "Policy"),
    }  # fmt: skip
    assert (corpus.entities["friends"].type, corpus.entities["friends"].type_origin) == ("organization", "related block")
    assert corpus.entities["law"].type == "event", "an author's word counts more than a group"
    assert corpus.entities["millwrights-mw"].path is None


def test_two_blocks_name_one_stub(tmp_path: Path) -> None:
    files = {
        "mill.txt": related_block("Other", "Lock Keepers"),
        "weir.txt": related_block("Organizations", "Lock Keepers").replace("Old Mill", "Weir"),
    }
    corpus = corpus_of(tmp_path, files)
    assert corpus.entities["lock-keepers"].type == "organization"
    assert [(item.source, item.target) for item in corpus.relations] == [("mill", "lock-keepers"), ("weir", "lock-keepers")]


def test_a_name_that_fits_several_is_told(tmp_path: Path) -> None:
    files = {
        "mill.txt": related_block("Other", "Lock Keepers"),
        "a.md": "---\ntitle: Lock Keepers\n---\nText.",
        "b.md": "---\ntitle: Lock keepers\n---\nText.",
    }
    corpus = corpus_of(tmp_path, files)
    assert [(path, line) for path, line, _ in found_of(corpus, "W203")] == [("mill.txt", 17)]
    assert [item.target for item in corpus.relations] == [None]


def test_groups_of_types_that_settings_add(tmp_path: Path) -> None:
    config = Config(types={"vessel": TypeChange(label="Vessel", plural="Vessels")})
    corpus = corpus_of(tmp_path, {"mill.txt": related_block("Policy", "Water Act", "Vessels", "The Grey Barge")}, config)
    assert corpus.entities["the-grey-barge"].type == "vessel"
    assert "vessels" not in corpus.entities


# -- which text files are pages ------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["LICENSE.txt", "licence.txt", "LICENSE-MIT.txt", "robots.txt", "requirements.txt", "requirements-dev.txt", "dev-requirements.txt",
     "CMakeLists.txt", "humans.txt", "ads.txt", "llms.txt", "llms-full.txt", "AUTHORS.txt", "a/b/NOTICE.txt", "SOURCES.txt"],
)  # fmt: skip
def test_files_of_habit_are_no_pages(name: str) -> None:
    assert never_page(name)


@pytest.mark.parametrize("name", ["mill.txt", "words on mills.txt", "license.md", "the-license-debate.txt", "robots-in-art.txt"])
def test_other_names_may_be_pages(name: str) -> None:
    assert not never_page(name)


@pytest.mark.parametrize(
    "text",
    [
        "", "word", "mill\nweir\nlock\n", "id,name,year\n1,The old mill,1820\n2,The new weir,1931\n", '{"a": "The mill by the river"}',
        "<html><p>The mill stands by the river</p></html>", "[section]\nkey = value\n",
        "a\tThe old mill here\tb\nc\tThe old weir here\td\n" * 3,
        "2024-01-01 10:00:00 the server has started\n" * 5, "HOST=example\nPORT=80\nNAME=mill\n", "0 1 2 3\n4 5 6 7\n", "a\x00b",
        "int main(void) {\n  return the old mill;\n}\nvoid weir(int lock) {\n}\n", "deadbeef" * 200,
    ],
)  # fmt: skip
def test_data_is_no_page(text: str) -> None:
    assert not is_page_text(text)


@pytest.mark.parametrize("text", [PROSE, SAVED, f"Old Mill\n\n{PROSE}\n", "Notes\n- buy flour at the mill\n- ask about the weir\n"])
def test_prose_is_a_page(text: str) -> None:
    assert is_page_text(text)


def test_text_files_of_a_site(tmp_path: Path) -> None:
    write_wiki(
        tmp_path,
        {
            "wiki/mill.txt": PROSE, "wiki/weir.md": PROSE, "wiki/robots.txt": "User-agent: all of them, please", "wiki/list.txt": "a\nb\n",
            "wiki/wide.txt": PROSE.encode("utf-16"), "wiki/lock.md": PROSE, "wiki/gate.md": PROSE, "other.txt": PROSE,
        },
    )  # fmt: skip
    tree = discover(tmp_path, Config())
    assert tree.page_root == "wiki"
    assert [file.path for file in tree.pages] == ["wiki/gate.md", "wiki/lock.md", "wiki/mill.txt", "wiki/weir.md", "wiki/wide.txt"]


def test_text_files_of_a_generated_site_are_no_pages(tmp_path: Path) -> None:
    files = {"mkdocs.yml": "site_name: x\n", "docs/index.md": PROSE, "docs/mill.md": PROSE, "docs/abbreviations.txt": PROSE}
    assert [file.path for file in discover(write_wiki(tmp_path, files), Config()).pages] == ["docs/index.md", "docs/mill.md"]
    wanted = Config(pages=Pages(include=("docs/*.md", "docs/*.txt")))
    assert len(discover(tmp_path, wanted).pages) == 3


def test_one_text_file_given_by_name_is_read(tmp_path: Path) -> None:
    write_wiki(tmp_path, {"license.txt": PROSE})
    assert [file.path for file in discover(tmp_path / "license.txt", Config()).pages] == ["license.txt"]


# -- bad input -----------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        "Skip to content\n",
        "Updated 2024-05-01", "2.2k words", "Tables1/ ~9", "Quotes0", "\n", "\n\n", "\t", "Concept", "Old Mill", PROSE,
        "1. ", "  1. ", "Footnotes\n\n", "Related Pages\n\n", "Organizations\n\n", "Other\n\n", "aB", "Mc", "(X)",
        "↩", " 2 3", ".1 ", "• ", "===\n",
        "https://x.example/a", "\x00", "\u2028", "é", "😀", "٣", "²", "AspectAssessment\n", "KeyValue\n", "ΣΑς", "İ", "Type: x", "…", "  ",
    ]
)  # fmt: skip


def check(document: Document) -> None:
    again = msgspec.msgpack.decode(msgspec.msgpack.encode(document), type=Document)
    assert again == document
    assert all(-1 <= block.section < len(document.headings) and block.line >= 1 for block in document.blocks)
    for item in document.references:
        assert document.blocks[item.block].text[item.start : item.end] == item.text
    assert len({heading.anchor for heading in document.headings}) == len(document.headings)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join) | st.text(max_size=300))
def test_any_text_gives_a_document(text: str) -> None:
    check(read_saved_text(text))
    is_page_text(text)
    split_names(text, lambda name: len(name) % 7 == 3)


@pytest.mark.parametrize(
    "text",
    [
        "aB" * 1_000_000,
        "a" * 3_000_000,
        related_block("Policy", "aB" * 50_000),
        related_block("Policy", *["Ab Cd" * 40] * 2_000),
        HEAD + "Old Mill\n\nAspectAssessment\n" + "KeyValue here\n" * 100_000,
        HEAD + "Old Mill\n\n" + "\n\n".join(["Short line"] * 100_000),
        HEAD + "\n".join(["Old Mill"] * 200_000),
        f"Old Mill\n\n{PROSE}\n\nFootnotes\n\n" + "\n".join(f"{n}. note 2 3" for n in range(1, 50_000)),
        f"{PROSE}1 " * 50_000 + "\n\nNotes\n\n1. note\n",
        "Tables1" * 200_000,
        "1 " * 1_000_000,
        "↩ " * 500_000,
    ],
    ids=range(12),
)
def test_hostile_texts_take_little_time(text: str) -> None:
    started = time.process_time()
    check(read_saved_text(text))
    is_page_text(text[:40_000])
    assert time.process_time() - started < 8


def test_a_hostile_block_takes_little_time_to_split(tmp_path: Path) -> None:
    started = time.process_time()
    corpus_of(tmp_path, {"mill.txt": related_block("Policy", "aB" * 9_000), "weir.md": f"---\ntitle: {'aB' * 20}\n---\n{'aB' * 20} text."})
    assert time.process_time() - started < 8


def test_capitals_without_end_take_little_time_to_split() -> None:
    started = time.process_time()
    split_names("A" * 5_000, lambda _: False)
    split_names("9Z" * 2_500, lambda name: len(name) % 2 == 0, frozenset({"aB"}))
    assert time.process_time() - started < 5


# -- the page that was the model -----------------------------------------------------------------


def test_the_seed_page(corpora: Path, tmp_path: Path) -> None:
    graph = kgraph.build(corpora / "seed-page", tmp_path)
    own = next(iter(graph.head.pages.values()))
    entity = graph.head.entities[own.entity]
    assert (entity.type, own.date, own.counts.footnotes, own.counts.tables) == ("concept", "2026-03-25", 11, 1)
    kinds = sorted(graph.head.entities[item.target].type for item in graph.statements.relations if item.target)
    assert kinds == ["analysis", "approach", "organization", "page", "policy", "policy"]
    facts = {fact.key: fact.value for fact in entity.facts}
    assert (facts["wordCount"], facts["metrics.tables"], facts["expectedMetrics.tables"]) == ("2200", "1", "9")
    assert sum(key.startswith("assessment.") for key in facts) == 7
    assert sum(int(value) for key, value in facts.items() if key.startswith("footnoteCitations.")) == 28
