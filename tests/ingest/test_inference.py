"""Types that nobody declared: from typed entities of the site, from folders, from words; never over an author's word."""

from __future__ import annotations

from pathlib import Path

import pytest

import kgraph
from kgraph.config import Config
from kgraph.errors import ConfigError, SourceError
from kgraph.evaluate.inferring import evaluate_types, types_as_table
from kgraph.ingest.cues import head_type, said_type, title_type
from kgraph.ingest.inference import TypeModel
from kgraph.ingest.stage import ingest
from tests.ingest.wiki import corpus_of, write_wiki

BOATS = ["cutter", "ketch", "sloop", "yawl", "schooner", "brig"]
PORTS = ["Ely", "Hull", "Leith", "Cowes", "Poole", "Whitby"]


def harbour(**extra: str) -> dict[str, str | bytes]:
    """Boats and ports with declared types, and pages without."""
    pages: dict[str, str | bytes] = {
        f"docs/fleet/{name}.md": f"---\ntype: boat\nmasts: 2\n---\n# {name.title()}\n\nA {name} sails from [port](../ports/{port}.md).\n"
        for name, port in zip(BOATS, PORTS, strict=True)
    }
    for name in PORTS:
        pages[f"docs/ports/{name}.md"] = f"---\ntype: harbour\ndepth: 4\n---\n# {name}\n\nShips lie in {name} at the quay.\n"
    pages.update({f"docs/{path}": text for path, text in extra.items()})
    return pages


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Royal Lifeboat Institution", "organization"), ("Fisheries Act (1976)", "policy"), ("Regatta", None), ("the board", None),
        ("", None), ("Harbour Conference", "event"),
    ],
)  # fmt: skip
def test_last_words_of_titles(title: str, expected: str | None) -> None:
    assert title_type(title) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The RNLI is a British charity that saves lives.", "organization"),
        ("Grace Darling was an English lighthouse keeper's daughter.", None),
        ("Joshua Slocum was a Canadian-American writer and sailor.", "person"),
        ("The Plimsoll line is a law, later a treaty.", "policy"),
        ("Whitby is the town where Cook learned.", "place"),
        ("They are one of the oldest shipping companies in Hull.", None),
        ("Lloyd's Register is one of the oldest classification societies.", None),
        ("It is an open-source charting application.", "tool"),
        ("The Plimsoll line is a mark painted on the hull.", None),
        ("Libmast is the rigger's interface to the mast.", None),
        ("The RNLI is a charity helping sailors and their crews.", "organization"),
        ("", None),
    ],
)
def test_first_sentences(sentence: str, expected: str | None) -> None:
    assert head_type(sentence) == expected


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("Mooring lines", "A mooring line is a tool for ships at rest.", "tool"),
        ("Mooring lines", "Hull is a city on the Humber. A mooring line is a tool.", None),
        ("Mooring (ships)", "It is a practice of seamen.", "approach"),
        ("Concepts", "Libmast is a software library for riggers.", None),
        ("", "", None),
    ],
)
def test_first_sentences_speak_of_the_title(title: str, text: str, expected: str | None) -> None:
    assert said_type(title, text) == expected


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("Royal Lifeboat Institution", "The institution saves lives at sea.", "organization"),
        ("Mast Protocol", "Whoever climbs follows the mast protocol.", "page"),
        ("Rope declaration", "How ropes are declared.", "page"),
        ("Sail support library", "Routines for sails.", "page"),
        ("ALTER GROUP", "Changes a crew.", "page"),
        ("Chapter 4. Harbour Office", "How harbours are run.", "page"),
        ("4.2. Harbour Office", "How harbours are run.", "page"),
        ("Policies", "What a crew may do.", "page"),
    ],
)
def test_the_last_word_of_a_title_tells_of_proper_names_only(tmp_path: Path, title: str, text: str, expected: str) -> None:
    corpus = corpus_of(tmp_path, {"a.md": f"# {title}\n\n{text}\n", "b.md": "# Beacon\n\nA light.\n"})
    assert corpus.entities["a"].type == expected


def test_a_page_is_of_the_type_of_its_likes(tmp_path: Path) -> None:
    page = "---\nmasts: 1\n---\n# Dinghy\n\nThe dinghy sails from [Hull](../ports/Hull.md).\n"
    corpus = corpus_of(tmp_path, harbour(**{"fleet/dinghy.md": page}))
    found = corpus.entities["dinghy"]
    assert (found.type, found.type_origin) == ("boat", "inferred")
    assert 0.7 <= found.type_confidence <= 1
    assert any("fleet" in text for text in found.type_evidence)


def test_what_an_author_declares_stands(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path, harbour(**{"fleet/quay.md": "---\ntype: harbour\n---\nA quay among boats.\n"}))
    assert (corpus.entities["quay"].type, corpus.entities["quay"].type_origin) == ("harbour", "front matter")
    assert corpus.entities["quay"].type_confidence == 1


def test_a_page_of_another_part_of_the_site_is_left_alone(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path, harbour(**{"internal/todo.md": "# To do\n\nMasts, ports and quays.\n"}))
    assert corpus.entities["todo"].type_origin == "default"


def test_without_typed_entities_words_decide(tmp_path: Path) -> None:
    corpus = corpus_of(
        tmp_path,
        {
            "a.md": "# Trinity House\n\nTrinity House is a charity for seafarers.\n",
            "b.md": "# Pilotage Act\n\nIt regulates pilots.\n",
            "c.md": "# Fog\n\nFog is thick.\n",
            "people/d.md": "# Ann\n\nShe sails.\n",
        },
    )
    assert {key: (entity.type, entity.type_origin) for key, entity in corpus.entities.items()} == {
        "a": ("organization", "inferred"),
        "b": ("policy", "inferred"),
        "c": ("page", "default"),
        "d": ("person", "folder"),
    }
    assert corpus.entities["a"].type_evidence == ("its first sentence",)


def test_the_model_of_nothing_says_nothing() -> None:
    model = TypeModel(())
    assert not model.knows({"folder": ["a"]})
    assert model.infer({"folder": ["a"]}) is None


def test_inferred_types_lie_in_a_graph_of_their_own(tmp_path: Path) -> None:
    page = "---\nmasts: 1\n---\n# Dinghy\n\nThe dinghy sails from [Hull](../ports/Hull.md).\n"
    kg = kgraph.build(write_wiki(tmp_path / "wiki", harbour(**{"fleet/dinghy.md": page})), tmp_path / "w")
    rows = kg.query(
        "SELECT ?id ?graph ?how WHERE { GRAPH ?graph { ?e a ?type ; kg:typeOrigin ?origin } ?e dcterms:identifier ?id"
        " OPTIONAL { ?graph prov:wasGeneratedBy/rdfs:label ?how } FILTER (?id IN ('dinghy', 'sloop') && ?type != kg:Entity) }"
    )
    graphs = {row.id: (row.graph, row.how) for row in rows.itertuples()}
    how = "inference by kgraph: types of entities, names in prose; no author states it"
    assert graphs["dinghy"] == ("https://kgraph.example/graph/inferred", how)
    assert graphs["sloop"][0] == "https://kgraph.example/graph/page/sloop"


def test_the_experiment_counts_what_comes_back(tmp_path: Path) -> None:
    corpus, _, tree = ingest(write_wiki(tmp_path, harbour()), Config())
    found = evaluate_types(corpus, Config(), tree.page_root, 0.25, (0, 1))
    assert (found.declared, found.hidden) == (12, 6)
    assert found.accuracy == pytest.approx(sum(item.right for item in found.types) / 6)
    assert "accuracy" in types_as_table(found)
    with pytest.raises(ConfigError):
        evaluate_types(corpus, Config(), tree.page_root, 1.0, (0,))
    with pytest.raises(SourceError):
        evaluate_types(corpus_of(tmp_path / "docs/fleet"), Config(), "", 0.3, (0,))
