"""Entities: one id, one type, one title each."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from kgraph.config import Config, Pages, TypeChange
from kgraph.ingest.inference import section_pages
from kgraph.model.corpus import Corpus, Entity
from kgraph.model.relations import RELATIONS, RelationVocabulary
from kgraph.model.types import TypeVocabulary
from tests.ingest.wiki import corpus_of, found_of

DEFAULTS = Config()


def ids_of(folder: Path, *names: str, **pages: str) -> dict[str, str]:
    """Id of each page by path."""
    files = {
        **dict.fromkeys(names, "Text.\n"),
        **{name.replace("__", "/") + ".md": f"---\n{front}\n---\n" for name, front in pages.items()},
    }
    corpus = corpus_of(folder, files, Config(pages=Pages(root="")))
    assert set(corpus.pages) == set(files)
    assert {page.entity for page in corpus.pages.values()} <= set(corpus.entities)
    assert len({page.entity for page in corpus.pages.values()}) == len(corpus.pages), "pages stay apart"
    return {path: page.entity for path, page in corpus.pages.items()}


def entity_of(folder: Path, files: Mapping[str, str | bytes], entity_id: str, config: Config = DEFAULTS) -> tuple[Entity, Corpus]:
    corpus = corpus_of(folder, files, config)
    return corpus.entities[entity_id], corpus


def test_ids_are_declared_or_slugs_or_routes(tmp_path: Path) -> None:
    found = ids_of(
        tmp_path, "a/one.md", "b/one.md", "b/two.md", "index.md", "b/index.md", "c/README.md", three="id: given", four="entityId: 12"
    )
    assert found == {
        "a/one.md": "a/one",
        "b/one.md": "b/one",
        "b/two.md": "two",
        "index.md": "index",
        "b/index.md": "b",
        "c/README.md": "c",
        "three.md": "given",
        "four.md": "12",
    }


def test_pages_that_claim_one_id_stay_apart_and_are_told(tmp_path: Path) -> None:
    files = {"a.md": "---\nid: same\n---\n", "b.md": "---\nid: same\n---\n", "x/c.md": "", "y/c.md": "", "x/d.md": "[[d]]", "y/d.md": ""}
    corpus = corpus_of(tmp_path, files)
    assert {path: page.entity for path, page in corpus.pages.items()} == {
        "a.md": "same", "b.md": "b", **{path: path[:-3] for path in ("x/c.md", "y/c.md", "x/d.md", "y/d.md")},
    }  # fmt: skip
    assert [path for path, _, _ in found_of(corpus, "W301")] == ["b.md", "y/d.md"]
    assert [path for path, _, _ in found_of(corpus, "N305")] == ["y/c.md"]


@pytest.mark.parametrize(
    "names",
    [
        ("a.md", "a.mdx", "a.markdown"),
        ("a.md", "a/index.md"),
        ("a/index.md", "a/README.md", "a/_index.md"),
        ("index.md", "index/index.md"),
        ("a.md", "a~.md", "A.md"),
        ("x/a.md", "y/a.md", "a.md"),
        ("é.md", "e\u0301.md"),
    ],
)
def test_names_that_collide_keep_pages_apart(tmp_path: Path, names: tuple[str, ...]) -> None:
    assert len(ids_of(tmp_path, *names)) == len(names)


def test_a_declared_id_that_is_the_route_of_another_page(tmp_path: Path) -> None:
    found = ids_of(tmp_path, "x/a.md", "y/a.md", other="id: x/a")
    assert found["other.md"] == "x/a"


def test_a_shared_slug_goes_to_the_page_in_the_folder_of_its_row(tmp_path: Path) -> None:
    rows = "- {id: oak, title: Oak, type: organization}\n- {id: elm, title: Elm, type: risk}\n"
    corpus = corpus_of(tmp_path, {"risks/oak.md": "", "organizations/oak.md": "", "data/rows.yaml": rows}, Config(pages=Pages(root="")))
    assert corpus.entities["oak"].path == "organizations/oak.md"
    assert corpus.pages["risks/oak.md"].entity == "risks/oak"


def test_title_comes_from_page_then_catalog_then_name(tmp_path: Path) -> None:
    rows = "- {id: a, title: From  the row}\n- {id: b, title: Row name}\n- {id: c, name: Only row}\n- {id: d-e_f, type: tool}\n"
    corpus = corpus_of(
        tmp_path, {"a.md": "# From the page\n", "b.md": "---\ntitle: Front\n---\n# Head\n", "g_h-i.md": "x", "rows.yaml": rows}
    )
    titles = {key: entity.title for key, entity in corpus.entities.items()}
    assert titles == {"a": "From the page", "b": "Front", "c": "Only row", "d-e_f": "D e f", "g_h-i": "G h i"}
    assert corpus.entities["a"].aliases == ("From the row",)


def test_types_are_normalised_and_conflicts_told(tmp_path: Path) -> None:
    files = {
        "a.md": "---\ntype: Safety_Agenda\n---\n",
        "b.md": "---\nentityType: labResearch\ntype: article\n---\n",
        "c.md": "---\ntype: note\n---\n",
        "d.md": "---\ntype: New Kind\n---\n",
        "e.md": "---\ntype: [risk]\n---\n",
        "rows.yaml": (
            "- {id: a, title: A, type: risk}\n- {id: b, title: B, type: lab}\n- {id: c, title: C, type: risk}\n- {id: d, title: D}\n"
        ),
    }
    corpus = corpus_of(tmp_path, files)
    found = {key: (entity.type, entity.type_origin) for key, entity in corpus.entities.items()}
    assert found == {
        "a": ("approach", "front matter"),
        "b": ("organization", "front matter"),
        "c": ("risk", "catalog"),
        "d": ("new-kind", "front matter"),
        "e": ("page", "default"),
    }
    assert [path for path, _, _ in found_of(corpus, "W303")] == ["a.md"]
    assert corpus.entities["a"].declared_types == ("Safety_Agenda", "risk")


def test_types_and_other_names_under_other_keys(tmp_path: Path) -> None:
    files = {
        "a.md": "---\nkind: researcher\naltNames: [Annie]\n---\n",
        "b.md": "---\nkind: brown\nalt_names: Bea\n---\n",
        "c.md": "",
        "data/rows.yaml": "- {id: c, displayName: The Mill, kind: lab, short_name: TM}\n- {id: d, name: Dee, entity_kind: mill}\n",
    }
    corpus = corpus_of(tmp_path, files)
    found = {key: (entity.title, entity.type, entity.aliases) for key, entity in corpus.entities.items()}
    assert found == {
        "a": ("A", "person", ("Annie",)), "b": ("B", "page", ("Bea",)),
        "c": ("The Mill", "organization", ("TM",)), "d": ("Dee", "mill", ()),
    }  # fmt: skip
    assert not [fact for entity in corpus.entities.values() for fact in entity.facts]


def test_types_without_word_come_from_the_folder(tmp_path: Path) -> None:
    files = {f"birds/{name}.md": "---\ntype: organism\n---\n" for name in "abc"} | {
        "birds/d.md": "",
        "people/ada.md": "",
        "people/index.md": "",
        "people/near/bo.md": "",
        "misc/e.md": "",
        "index.md": "",
        "f.md": "",
    }
    corpus = corpus_of(tmp_path, files, Config(pages=Pages(root="")))
    kinds = {key: (entity.type, entity.type_origin) for key, entity in corpus.entities.items()}
    assert kinds["d"] == ("organism", "folder")
    assert kinds["ada"] == kinds["bo"] == ("person", "folder")
    assert kinds["people"] == kinds["index"] == ("index", "folder")
    assert kinds["e"] == kinds["f"] == ("page", "default")


def test_types_of_the_configuration(tmp_path: Path) -> None:
    config = Config(types={"river": TypeChange(label="River", synonyms=("stream",), folders=("waters",))})
    corpus = corpus_of(tmp_path, {"a.md": "---\ntype: Stream\n---\n", "waters/b.md": "", "c.md": ""}, config)
    assert {key: entity.type for key, entity in corpus.entities.items()} == {"a": "river", "b": "river", "c": "page"}


def test_aliases_tags_summary_and_facts(tmp_path: Path) -> None:
    page = (
        "---\ntitle: The Weir\naliases: [Old weir, the weir, 1984, null, false, Old  Weir]\ntags: '#Water, low tide,water'\n"
        "height: 3\nopen: true\nparts: [gate, sluice]\nplace: {town: Ely, deep: {no: 1}}\nempty: ''\n---\n## Head\n\nFirst *words*.\n"
    )
    rows = (
        "- id: weir\n  title: Weir\n  aliases: Barrage\n  tags: [Mills]\n  customFields:\n"
        "    - {label: Keeper, value: Ann}\n  summary: Row says.\n"
    )
    entity, _ = entity_of(tmp_path, {"weir.md": page, "rows.yaml": rows}, "weir")
    assert entity.aliases == ("Weir", "Old weir", "1984", "Barrage")
    assert entity.tags == ("low-tide", "mills", "water")
    assert entity.summary == "Row says."
    assert {(fact.key, fact.value, fact.path, fact.line) for fact in entity.facts} == {
        ("height", "3", "weir.md", 5),
        ("open", "true", "weir.md", 6),
        ("parts", "gate", "weir.md", 7),
        ("parts", "sluice", "weir.md", 7),
        ("place.town", "Ely", "weir.md", 8),
        ("Keeper", "Ann", "rows.yaml", 6),
    }


def test_summary_is_the_first_paragraph_where_none_is_given(tmp_path: Path) -> None:
    assert entity_of(tmp_path, {"a.md": "# Head\n\n- list\n\nFirst *words* here.\n\nMore.\n"}, "a")[0].summary == "First words here."


def test_hrefs_are_made_from_the_template(tmp_path: Path) -> None:
    names = ("index.md", "b/index.md", "b/two words.md", "b/ü.md")
    corpus = corpus_of(tmp_path, dict.fromkeys(names, "x"), Config(pages=Pages(root="")))
    assert [corpus.pages[name].href for name in names] == ["/", "/b/", "/b/two%20words/", "/b/%C3%BC/"]
    told = corpus_of(tmp_path, config=Config(pages=Pages(root="", href="https://example.org/{path}?id={id}#{slug}")))
    assert told.pages["b/two words.md"].href == "https://example.org/b/two%20words.md?id=two%20words#two%20words"


def test_rows_that_stand_twice_are_told(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path, {"a.md": "", "rows.yaml": "- {id: a, title: One}\n- {id: a, title: Two}\n"})
    assert [(path, line) for path, line, _ in found_of(corpus, "W301")] == [("rows.yaml", 2)]
    assert "One" in corpus.entities["a"].title


def test_shared_titles_are_told(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path, {"a.md": "# The  Mill", "b.md": "# the mill", "c.md": "# The weir"})
    assert [path for path, _, _ in found_of(corpus, "W302")] == ["b.md"]


def test_section_pages_stand_above_others() -> None:
    assert section_pages(["index.md", "a/index.md", "a/b/c.md", "d/README.md"]) == {"index.md", "a/index.md"}


def test_inverses_of_known_relations_agree() -> None:
    vocabulary = RelationVocabulary()
    for name in RELATIONS:
        inverse = vocabulary.inverse(name)
        assert inverse is not None
        back = vocabulary.inverse(inverse)
        assert back is not None
        assert vocabulary.inverse(back) == inverse, name


@pytest.mark.parametrize("written", ["", "  ", "-", "://", "Ω", "a b", "A--B", "x" * 300])
def test_any_type_name_has_a_key_and_labels(written: str) -> None:
    types = TypeVocabulary()
    key = types.canonical(written)
    assert key
    assert types.canonical(key) == key
    assert types.plural(key)
