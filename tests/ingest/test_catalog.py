"""Lists of rows: which are catalogs, and what part each plays."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from kgraph.config import Catalogs
from kgraph.ingest.catalog import CatalogRole, catalog_roles, first_of, read_catalog

DEFAULTS = Catalogs()
PAGES = frozenset(("mill", "weir", "lock"))


def rows_of(text: str) -> list[str]:
    return [row.id for row in read_catalog(text).rows]


def roles_of(
    files: Mapping[str, str], *, pages: frozenset[str] = PAGES, known: frozenset[str] | None = None, config: Catalogs = DEFAULTS
) -> tuple[dict[str, CatalogRole], list[str]]:
    return catalog_roles({path: read_catalog(text) for path, text in files.items()}, pages, known or pages, config)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("- id: mill\n  title: The mill\n- id: weir\n", ["mill", "weir"]),
        ("- slug: mill\n- key: weir\n- identifier: lock\n", ["mill", "weir", "lock"]),
        ("mill: {name: Mill, kind: place}\nweir:\n  title: Weir\n  type: place\n", ["mill", "weir"]),
        ("version: 2\nentities:\n  mill: {name: Mill, kind: place}\n", ["mill"]),
        ("mill: {name: Mill, image: mill:1}\nweir: {name: Weir, image: weir:2}\n", []),
        ("rivers:\n  - id: mill\nothers:\n  - id: weir\nnote: text\n", ["mill", "weir"]),
        ("- id: 12\n- id: 1.10\n- id: NO\n", ["12", "1.10", "NO"]),
        ("- id: '  mill '\n", ["mill"]),
        ("- title: No id\n- title: Neither\n", []),
        ("- id: mill\n- a\n- b\n", []),
        ("- {id: a, source: mill, target: weir}\n- {id: b, source: weir, target: lock}\n", []),
        ("id: mill\ntitle: One mapping\n", []),
        ("- mill\n- weir\n", []),
        ("nav:\n  - Home: index.md\n  - Mill: mill.md\n", []),
        ("", []),
        ("just text", []),
        ("- id: ''\n- id: [a]\n- id: {b: c}\n- id: true\n- id: null\n", []),
    ],
)
def test_rows_are_those_of_lists_with_ids(text: str, ids: list[str]) -> None:
    assert rows_of(text) == ids


def test_a_row_without_id_in_a_list_of_rows_is_told_with_its_line() -> None:
    catalog = read_catalog("- id: mill\n- title: Nameless\n- id: weir\n")
    assert [row.id for row in catalog.rows] == ["mill", "weir"]
    assert [(problem.rule, problem.line) for problem in catalog.problems] == [("W107", 2)]


def test_bad_yaml_is_a_problem_with_its_line() -> None:
    catalog = read_catalog("- id: mill\n- id: 'weir\n")
    assert catalog.rows == ()
    assert [problem.rule for problem in catalog.problems] == ["E104"]
    assert catalog.problems[0].line >= 2


def test_problems_of_a_file_that_is_no_catalog_are_nobodys_business() -> None:
    assert read_catalog("theme: a\ntheme: b\n").problems == ()
    assert [problem.rule for problem in read_catalog("- id: a\n  id: b\n").problems] == ["W106"]


def test_lines_of_rows_fields_and_items() -> None:
    row = read_catalog("- id: mill\n  related:\n    - id: weir\n    - id: lock\n  tags: [a, b]\n").rows[0]
    assert (row.line, row.item_lines) == (1, {"id": [1], "related": [3, 4], "tags": [5, 5]})


def test_first_of_takes_scalars_only() -> None:
    data = {"a": "  ", "b": [1], "c": True, "d": 0, "e": "text"}
    assert first_of(data, ("a", "b", "c", "missing", "d", "e")) == "0"
    assert first_of(data, ("a", "b", "c")) is None


ENTITIES = "- {id: mill, title: The mill, type: tool}\n- {id: ferry, title: The ferry, type: tool}\n"
FACTS = "- {id: mill, name: Mill, built: 1820}\n- {id: ferry, name: Ferry, built: 1901}\n"
SOURCES = "- {id: s1, title: Charter, url: 'https://example.org/1'}\n- {id: s2, title: Deed, doi: 10.1/x}\n"
STRANGERS = "- {id: x1, title: One}\n- {id: x2, title: Two}\n"


def test_roles_are_found_by_looking() -> None:
    files = {"data/a/rows.yaml": ENTITIES, "data/b/facts.yaml": FACTS, "data/c/cited.yaml": SOURCES, "data/d/strange.yaml": STRANGERS}
    roles, notes = roles_of(files)
    assert roles == {"data/a/rows.yaml": "entities", "data/b/facts.yaml": "facts", "data/c/cited.yaml": "sources"}
    assert len(notes) == 4
    assert roles_of(dict(reversed(files.items()))) == (roles, notes)


def test_a_lonely_catalog_declares_entities() -> None:
    assert roles_of({"rows.yaml": STRANGERS})[0] == {"rows.yaml": "entities"}


def test_a_file_of_sources_beside_one_of_entities() -> None:
    entities = "- {id: mill, title: Mill, kind: place}\n- {id: ann, title: Ann, kind: researcher}\n"
    works = "".join(f"- {{id: w{number}, title: Work {number}, url: 'https://example.org/{number}'}}\n" for number in range(9))
    roles, notes = roles_of({"data/things.yaml": entities, "data/works.yaml": works}, pages=frozenset({"mill"}))
    assert roles == {"data/things.yaml": "entities", "data/works.yaml": "sources"}
    assert "data/works.yaml lists cited sources (9 rows)" in notes


def test_rows_with_addresses_that_are_pages_are_no_sources() -> None:
    rows = "".join(f"- {{id: {name}, title: {name}, url: 'https://example.org/{name}'}}\n" for name in sorted(PAGES))
    assert roles_of({"rows.yaml": rows})[0] == {"rows.yaml": "entities"}


def test_files_of_one_folder_play_one_part() -> None:
    assert set(roles_of({"data/a.yaml": ENTITIES, "data/b.yaml": STRANGERS})[0].values()) == {"entities"}


def test_rows_without_title_or_type_are_left_out() -> None:
    assert roles_of({"rows.yaml": "- {id: k1, value: 1}\n- {id: k2, value: 2}\n"})[0] == {}


def test_configuration_settles_the_part() -> None:
    files = {"data/a.yaml": ENTITIES, "data/b.yaml": STRANGERS, "data/c.yaml": SOURCES}
    config = Catalogs(entities=("data/b.*",), facts=("data/a.yaml",), sources=("data/c*",))
    assert roles_of(files, config=config) == ({"data/a.yaml": "facts", "data/b.yaml": "entities", "data/c.yaml": "sources"}, [])
