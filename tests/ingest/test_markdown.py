"""Pages, read: each fixture is a page with the parts of its summary that matter."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgraph.ingest.readers.markdown import read_markdown, read_mdx
from kgraph.model.document import Component, Document, Reference
from tests.ingest.summary import FIXTURES, read_fixture, summary_of
from tests.ingest.wiki import corpus_of, document_of

PAGES = sorted(path for path in FIXTURES.iterdir() if path.suffix in (".md", ".mdx", ".rst"))
PIECES = st.sampled_from(
    [
        "<a ",
        '<A id="x">',
        "</A>",
        "<A/>",
        "{",
        "}",
        "`",
        "```\n",
        "~~~\n",
        "\n",
        "\n\n",
        "    ",
        "\t",
        "> ",
        "- ",
        "1. ",
        "import a from 'b'\n",
        "export const x = {\n",
        "<!--",
        "-->",
        "<pre>",
        "<code>",
        "</code>",
        "[[x|y]]",
        "[a](b)",
        "![a](b)",
        "[^1]",
        "\n[^1]: ",
        "\n|a|b|\n|-|-|\n",
        "# ",
        "\x00",
        "\x02",
        "\x020\x03",
        "\r\n",
        "é",
        "😀",
        "\\",
        "<>",
        "{/*",
        "*/}",
        "'",
        '"',
        "](<",
        "text",
        "---\n",
        "[",
        "]",
        "(",
        ")",
        "$",
        "\u2028",
        "&#xD800;",
        "<A\n\n\nid='x'\n>",
        "%",
        "^",
        "<br>",
        "<p>",
    ]
)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_fixture_reads_as_its_summary_says(path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    found = summary_of(read_fixture(path))
    assert {key: found[key] for key in expected} == expected, f"see python -m tests.ingest.summary {path}"


def test_every_summary_has_its_page() -> None:
    assert {path.stem for path in FIXTURES.glob("*.json")} == {path.stem for path in PAGES}


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join) | st.text(max_size=200), st.booleans())
def test_any_text_gives_a_document_whose_places_exist(text: str, mdx: bool) -> None:
    document = read_mdx(text) if mdx else read_markdown(text)
    msgspec.msgpack.encode(document)
    lines = range(1, text.count("\n") + 2)
    for block in document.blocks:
        assert block.line in lines
        assert block.text.strip()
        assert not {"\x02", "\x03"} & set(block.text)
        assert -1 <= block.section < len(document.headings)
    items: list[Reference | Component] = [*document.references, *document.components]
    for item in items:
        assert item.line in lines
        assert -1 <= item.block < len(document.blocks)
        if item.block >= 0:
            assert 0 <= item.start <= item.end <= len(document.blocks[item.block].text)
    for reference in document.references:
        if reference.block >= 0:
            assert document.blocks[reference.block].text[reference.start : reference.end] == reference.text.replace("\n", " ")


@pytest.mark.parametrize("indent", ["", "  ", "      "])
def test_markdown_inside_components_is_read_however_it_is_indented(indent: str) -> None:
    page = f"<Aside>\n{indent}A *wise* [owl](owl.md)\n{indent}\n{indent}- hoots <Link id='owl'>here</Link>\n</Aside>\n"
    document = document_of(page, mdx=True)
    assert [block.text for block in document.blocks] == ["A wise owl", "hoots here"]
    assert [item.target for item in document.references] == ["owl.md"]
    assert [(item.attributes, item.text) for item in document.components] == [({"id": "owl"}, "here")]


@pytest.mark.parametrize("name", ["Link", "Embed", "Source", "Meta", "Base", "Col", "Area"])
def test_components_named_like_void_elements_hold_text(name: str) -> None:
    document = document_of(f'To <{name} to="/x/">the mill</{name}>.', mdx=True)
    assert document.components[0].text == "the mill"


def test_void_elements_hold_none() -> None:
    document = document_of('Rain<br class="a">falls, <IMG src="a.png"> on <img src="b.png" alt="roofs">tiles.')
    assert document.blocks[0].text == "Rain falls,  on tiles."
    assert [item.text for item in document.components] == ["", "", ""]
    assert document.counts.images == 2


def test_a_component_left_open_ends_with_the_one_round_it_or_with_the_block() -> None:
    document = document_of("<b class='x'>One <A id='a'>two</b> three <A id='b'>four\n\nfive", mdx=True)
    assert [(item.attributes, item.text) for item in document.components] == [
        ({"id": "a"}, "two"),
        ({"class": "x"}, "One two"),
        ({"id": "b"}, "four"),
    ]


def test_components_without_text_on_lines_of_their_own_keep_their_lines() -> None:
    document = document_of("## Sources\n\n<A id='a' />\n<A id='b' />\n<A id='c' />\n\nEnd.", mdx=True)
    assert [(item.line, item.block) for item in document.components] == [(3, -1), (4, -1), (5, -1)]
    assert [block.text for block in document.blocks] == ["Sources", "End."]


def test_a_first_cell_without_words_keeps_the_cells_apart() -> None:
    document = document_of("| Who | What |\n|---|---|\n| <A id='a' /> | sings |\n", mdx=True)
    assert document.blocks[1].text == " | sings"
    assert (document.components[0].start, document.components[0].end) == (0, 0)


def test_module_code_runs_over_blank_lines_within_braces() -> None:
    page = "export function Box() {\n\n  return <A id='no'>x</A>\n}\nimport b from 'b'\n\nText with {'an'} expression.\n"
    document = document_of(page, mdx=True)
    assert [(block.line, block.text.split()) for block in document.blocks] == [(7, ["Text", "with", "expression."])]
    assert document.components == ()


def test_markdown_files_keep_braces_and_modules_as_text() -> None:
    document = document_of("import x from 'y'\n\nSet {a} and {{ b }}.")
    assert [block.text for block in document.blocks] == ["import x from 'y'", "Set {a} and {{ b }}."]


@pytest.mark.parametrize(
    ("title", "expected"),
    [("1984", "1984"), ("1.10", "1.10"), ("2024-02-03", "2024-02-03"), ("NO", "NO"), ("~", "Head"), ("''", "Head"), ("[a]", "Head")],
)
def test_title_is_text_as_written_or_the_first_top_heading(title: str, expected: str) -> None:
    assert document_of(f"---\ntitle: {title}\n---\n## Not this\n# Head\n").title == expected


@pytest.mark.parametrize(
    ("page", "body_line"),
    [
        ("---\n---\nText", 3),
        ("---\na: 1\n...\nText", 4),
        ("---  \na: 1\n---\t\nText", 4),
        ("Text", 1),
        ("\n---\na: 1\n---\n", None),
        ("---\na: 1\nText", None),
    ],
)
def test_front_matter_is_the_block_that_begins_the_page(page: str, body_line: int | None) -> None:
    document = document_of(page)
    texts = {block.text: block.line for block in document.blocks}
    assert texts.get("Text") == body_line


@pytest.mark.parametrize("front", ["just text", "- a\n- b", "a: [", "a: b: c", "\tx: 1", "a: !!python/name:os.system"])
def test_odd_front_matter_is_a_problem_and_never_the_end_of_the_page(front: str) -> None:
    document = document_of(f"---\n{front}\n---\nThe page stands.")
    assert [block.text for block in document.blocks] == ["The page stands."]
    assert all(problem.rule in ("E103", "W108") and 2 <= problem.line <= 4 for problem in document.problems)


def test_words_are_those_of_the_prose() -> None:
    document = document_of("# Two words\n\nThree more words, `code` too.\n\n```\nnot these at all\n```\n")
    assert document.counts.words == 7
    assert document.terms == {"two": 1, "words": 2, "three": 1, "more": 1, "code": 1, "too": 1}


def test_long_paragraph_of_many_links_is_read_in_one_go() -> None:
    document: Document = document_of(" ".join(f"[page {number}](p{number}.md) <A id='i{number}'>x</A>" for number in range(3000)), mdx=True)
    assert len(document.references) == len(document.components) == 3000
    assert document.references[-1].text == "page 2999"


def test_an_element_that_holds_the_name_of_its_block_ends_with_the_words() -> None:
    document = document_of('See <span id="x">the wheel ^turn</span>\n')
    assert document.block_names == ("turn",)
    (element,) = document.components
    (block,) = document.blocks
    assert block.text == "See the wheel"
    assert (element.start, element.end) == (4, len(block.text))


@pytest.mark.parametrize("tag", ["<ref name=x>", "<A x='1'>", "<a href='b.md'>", "[[b|"])
def test_what_is_kept_of_nested_elements_grows_with_their_number(tag: str) -> None:
    document = read_markdown("Text " + tag * 3_000 + "x" * 100_000 + "\n")
    assert len(msgspec.msgpack.encode(document)) < 10_000_000
    assert all(len(item.text) <= 2_000 for item in document.components)
    assert all(len(item.text) <= 2_000 for item in document.references)


def test_directives_of_a_wiki_are_no_links() -> None:
    read = read_markdown('[[!meta title="Knots"]] [[bowline]] [[!toc]]\n')
    assert [(item.kind, item.target) for item in read.references] == [("wikilink", "bowline")]


@pytest.mark.parametrize("ending", ["mdown", "mkd", "mdwn"])
def test_other_endings_of_markdown(tmp_path: Path, ending: str) -> None:
    corpus = corpus_of(tmp_path, {f"knots.{ending}": f"# Knots\n\n[A hitch](hitch.{ending}).\n", f"hitch.{ending}": "# Hitch\n\nTied.\n"})
    assert [(link.source, link.target) for link in corpus.links] == [("knots", "hitch")]
