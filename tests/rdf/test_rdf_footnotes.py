"""Footnotes in the dataset: their text, the addresses they name, and the sentences that refer to them, whatever the notation."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

import kgraph
from kgraph.rdf.identity import web_iri
from tests.ingest.wiki import document_of, write_wiki

MARKDOWN = """# Page

First claim.[^one] Second claim, which is long.[^two] Third without.

| a | b |
| --- | --- |
| Cell claim[^one] | other |

- An item.[^nowhere]

[^one]: Smith says so, <https://example.org/a_(b)?q=1>.
[^two]: See Jones (https://example.org/x_(y)), https://example.org/z. And <R id="work" />.

    More of the second.
[^three]: Nobody refers here.
"""
RST = """Page
====

First claim. [1]_ Second claim, which is long. [#two]_ Third without.

.. [1] Smith says so, https://example.org/a.
.. [#two] See `Jones <https://example.org/b>`__.
"""
WIKITEXT = """First claim.<ref name="one">Smith says so, [https://example.org/a here].</ref>
Second claim, which is long.<ref>Jones.</ref> Third without.

{| class="wikitable"
| Cell claim<ref name="one" /> || other
|}
"""
TEXT = """Page

This is the first claim, which Smith made in a long sentence.[1] This is the second claim, which Jones made in a long one.[2]

Footnotes
1. Smith says so, https://example.org/a
2. Jones said it in a book
"""


def notes_of(kg: kgraph.KnowledgeGraph) -> dict[str, tuple[str, set[str], set[str]]]:
    """By label: text, addresses, sentences."""
    text = """SELECT ?note ?text ?source ?sentence WHERE {
      ?note a kg:Footnote ; c4o:hasContent ?text .
      OPTIONAL { ?note dcterms:source ?source } OPTIONAL { ?note kg:supportsSentence/nif:isString ?sentence } }"""
    found: dict[str, tuple[str, set[str], set[str]]] = {}
    for note, told, source, sentence in kg.run(text).rows:
        label = note.value.rsplit("/", 1)[-1]
        entry = found.setdefault(label, (told.value, set(), set()))
        entry[1].update({source.value} if source else ())
        entry[2].update({sentence.value} if sentence else ())
    return found


@pytest.fixture(scope="module")
def markdown(tmp_path_factory: pytest.TempPathFactory) -> kgraph.KnowledgeGraph:
    folder = tmp_path_factory.mktemp("notes")
    rows = "- {id: work, title: The work, url: 'https://example.org/work', type: paper}\n"
    write_wiki(folder / "wiki", {"content/page.mdx": MARKDOWN, "data/resources/papers.yaml": rows})
    return kgraph.build(folder / "wiki", folder / "workspace")


def test_markdown(markdown: kgraph.KnowledgeGraph) -> None:
    notes = notes_of(markdown)
    assert set(notes) == {"one", "two", "three"}
    assert notes["one"][1:] == ({"https://example.org/a_(b)?q=1"}, {"First claim.", "Cell claim | other"})
    assert notes["two"][0].endswith("\nMore of the second.")
    assert notes["two"][1] == {"https://example.org/x_(y)", "https://example.org/z"}
    assert notes["two"][2] == {"Second claim, which is long."}
    assert notes["three"][1:] == (set(), set())


def test_citations_are_linked_to_the_footnote_and_the_sentence_it_supports(markdown: kgraph.KnowledgeGraph) -> None:
    text = """SELECT ?work ?note ?sentence WHERE {
      ?citation a cito:Citation ; cito:hasCitedEntity/dcterms:title ?work ; kg:footnote ?note .
      ?citation kg:supportsSentence/nif:isString ?sentence }"""
    rows = [[term.value for term in row] for row in markdown.run(text).rows]
    assert rows == [["The work", "https://kgraph.example/footnote/page/two", "Second claim, which is long."]]


def test_pages_have_the_addresses_as_sources_in_their_graph(markdown: kgraph.KnowledgeGraph) -> None:
    page, graph = (ox.NamedNode(f"https://kgraph.example/{name}") for name in ("page/page", "graph/page/page"))
    found = markdown.store.quads_for_pattern(page, ox.NamedNode("http://purl.org/dc/terms/source"), None, graph)
    assert {str(quad.object) for quad in found} == {
        "<https://example.org/a_(b)?q=1>", "<https://example.org/x_(y)>", "<https://example.org/z>", "<https://kgraph.example/source/work>",
    }  # fmt: skip


def test_works_that_a_catalog_gives_are_linked_to_the_footnotes_that_name_them(tmp_path: Path) -> None:
    page = "# Page\n\nOne.[^1] Two.[^2] Three.[^3]\n\n[^1]: Ann, *The  Charter*, 1301.\n[^2]: https://example.org/deed.\n[^3]: A map.\n"
    rows = (
        "- id: page\n  title: Page\n  sources:\n  - title: The charter\n"
        "  - {title: Deeds, url: 'https://example.org/deed'}\n  - title: A map\n"
    )
    write_wiki(tmp_path / "wiki", {"docs/page.md": page, "data/entities.yaml": rows})
    workspace = tmp_path / "workspace"
    text = """SELECT ?work ?note ?sentence WHERE { ?citation a cito:Citation ; cito:hasCitedEntity/dcterms:title ?work .
      OPTIONAL { ?citation kg:footnote ?note ; kg:supportsSentence/nif:isString ?sentence } } ORDER BY ?work"""

    def rows_of(kg: kgraph.KnowledgeGraph) -> list[tuple[str | None, ...]]:
        return [tuple(term and term.value.removeprefix("https://kgraph.example/footnote/") for term in row) for row in kg.run(text).rows]

    expected = [("A map", None, None), ("Deeds", "page/2", "Two."), ("The charter", "page/1", "One.")]
    assert rows_of(kgraph.build(tmp_path / "wiki", workspace)) == expected
    (tmp_path / "wiki/docs/page.md").write_text(page.replace("Two.[", "Not two.["), encoding="utf-8")
    assert rows_of(kgraph.build(tmp_path / "wiki", workspace))[1] == ("Deeds", "page/2", "Not two."), (
        "the graph of the catalog is made anew"
    )


@pytest.mark.parametrize(
    ("name", "text", "labels"), [("page.rst", RST, 2), ("page.wiki", WIKITEXT, 2), ("page.txt", TEXT, 2)], ids=["rst", "wikitext", "text"]
)
def test_other_notations(name: str, text: str, labels: int, tmp_path: Path) -> None:
    write_wiki(tmp_path / "wiki", {name: text})
    notes = notes_of(kgraph.build(tmp_path / "wiki", tmp_path / "workspace"))
    assert len(notes) == labels
    first = next(note for note in notes.values() if "Smith" in note[0])
    other = next(note for note in notes.values() if note is not first)
    assert "https://example.org/a" in first[1] or name == "page.txt"
    assert len(other[2]) == 1
    assert "second claim" in next(iter(other[2])).lower()
    assert any("first claim" in sentence.lower() for sentence in first[2])
    assert any("Cell claim" in sentence for sentence in first[2]) == (name == "page.wiki")


@given(st.text(st.sampled_from("ab [^1]:\n-|>.#"), max_size=80))
def test_any_text_gives_footnotes_whose_blocks_are_there(text: str) -> None:
    document = document_of(f"{text}\n\n[^1]: a\n")
    for note in document.footnotes:
        assert 0 <= note.first < note.end <= len(document.blocks)
        assert len(note.marks) % 2 == 0


@given(st.text(max_size=30))
def test_any_address_is_an_iri_or_none(text: str) -> None:
    for address in (text, f"https://{text}", f"http://example.org/{text}"):
        iri = web_iri(address)
        if iri is not None:
            assert list(ox.parse(f"<x:s> <x:p> <{iri}> .", format=ox.RdfFormat.N_TRIPLES))
    assert web_iri(f"http://example.org/{text}") is not None or any(char in text for char in "\n\r\t") or not text.isprintable()
