"""Catalogs in other formats than YAML, and files of RDF that are merged as they are."""

from __future__ import annotations

import csv
import io
import json
import time
from pathlib import Path
from typing import Any

import msgspec
import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kgraph
from kgraph.config import Catalogs, Config, Limits
from kgraph.ingest.catalog import CatalogFile, Row, catalog_roles, read_catalog
from kgraph.ingest.catalogfiles import may_be_catalog, own_outputs
from kgraph.ingest.discover import discover
from kgraph.ingest.readers.rdfdata import read_rdf, skolemised
from tests.ingest.wiki import corpus_of, found_of, write_wiki

BASE = "https://example.org/river/"
RDF_ENDINGS = ("ttl", "nt", "nq", "trig", "jsonld", "rdf", "owl")


def ids(text: str, ending: str) -> list[str]:
    return [row.id for row in read_catalog(text, ending).rows]


def only(text: str, ending: str) -> Row:
    rows = read_catalog(text, ending).rows
    assert len(rows) == 1
    return rows[0]


def told(catalog: CatalogFile) -> list[tuple[str, int]]:
    return [(problem.rule, problem.line) for problem in catalog.problems]


# -- JSON ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[{"id": "mill"}, {"slug": "weir"}]', ["mill", "weir"]),
        ('{"items": [{"id": "mill"}, {"id": "weir"}]}', ["mill", "weir"]),
        ('{"a": [{"id": "mill"}], "b": [{"id": "weir"}], "note": "x"}', ["mill", "weir"]),
        ('{"mill": {"title": "The mill"}, "weir": {"name": "The weir"}}', ["mill", "weir"]),
        ('{"mill": {"id": "m1", "title": "The mill"}}', ["m1"]),
        ('{"entities": {"mill": {"title": "The mill"}}}', ["mill"]),
        ('{"id": "mill", "title": "One"}', []),
        ('{"scripts": {"build": "x"}, "dependencies": {"a": "1"}}', []),
        ('["mill", "weir"]', []),
        ('[{"id": 12}, {"id": 1.5}]', ["12", "1.5"]),
        ("[]", []),
        ("{}", []),
        ('""', []),
        ("12", []),
        ("null", []),
        (" [\n] ", []),
    ],
)
def test_rows_of_json(text: str, expected: list[str]) -> None:
    catalog = read_catalog(text, "json")
    assert [row.id for row in catalog.rows] == expected
    assert catalog.problems == ()


def test_lines_of_json() -> None:
    text = '[\n {"id": "mill",\n  "related": [\n   {"id": "weir"},\n   {"id": "lock"}\n  ],\n  "title": "Mill"},\n {"id": "weir"}\n]\n'
    rows = read_catalog(text, "json").rows
    assert [row.line for row in rows] == [2, 8]
    assert rows[0].item_lines == {"id": [2], "related": [4, 5], "title": [7]}
    assert rows[0].data == {"id": "mill", "related": [{"id": "weir"}, {"id": "lock"}], "title": "Mill"}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('[\n{"id": "mill",}\n]', 2),
        ("[\n{'id': 'mill'}\n]", 2),
        ('[\n{"id" "mill"}\n]', 2),
        ('[{"id": "mill"}\n', 2),
        ('[{"id": "mill"}]\n\nmore', 3),
        ('[{"id": "mill"},]', 1),
        ('[{"id": "mill"}\n{"id": "weir"}]', 2),
        ("", 1),
        ("// note\n[]", 1),
        ('{"a": "unfinished', 1),
        ('{"a": tru}', 1),
    ],
)
def test_bad_json_is_a_problem_with_its_line(text: str, line: int) -> None:
    catalog = read_catalog(text, "json")
    assert catalog.rows == ()
    assert told(catalog) == [("E104", line)]


def test_odd_values_of_json_are_told_and_kept_as_text() -> None:
    catalog = read_catalog(
        '[\n{"id": "a", "n": NaN},\n{"id": "b", "n": 99999999999999999999, "m": -Infinity},\n{"id": "c", "n": 1e999, "n": 2}]', "json"
    )
    assert told(catalog) == [("W108", 2), ("W108", 3), ("W108", 3), ("W108", 4), ("W106", 4)]
    assert [row.data.get("n") for row in catalog.rows] == ["NaN", "99999999999999999999", 2]
    assert msgspec.json.encode(catalog)


def test_deep_duplicates_have_the_line_of_their_row() -> None:
    nested = '[\n{"id": "a", "x": [[[{"k": 1, "k": 2}]]]}]'
    assert told(read_catalog(nested, "json")) == [("W106", 2)]


@settings(max_examples=200, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4), max_leaves=20,
    ),
    st.sampled_from([None, 1, "\t"]),
)  # fmt: skip
def test_json_is_read_as_the_library_reads_it(value: Any, indent: int | str | None) -> None:
    from kgraph.ingest.readers.jsondata import read_json

    text = json.dumps(value, indent=indent)
    assert read_json(text) == (json.loads(text), [])


# -- JSON Lines ----------------------------------------------------------------------------------


def test_json_lines_have_their_own_lines() -> None:
    catalog = read_catalog('{"id": "mill", "tags": ["a", "b"]}\n\n{"id": "weir"}\nbroken\n{"id": "lock", "n": NaN}\n', "jsonl")
    assert [(row.id, row.line) for row in catalog.rows] == [("mill", 1), ("weir", 3), ("lock", 5)]
    assert catalog.rows[0].item_lines["tags"] == [1, 1]
    assert told(catalog) == [("W107", 4), ("W108", 5)]
    assert ids('{"id": "mill"}\n', "ndjson") == ["mill"]


def test_json_lines_that_are_none() -> None:
    assert read_catalog("text\n" * 5_000, "jsonl").rows == ()


# -- tables --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "ending"),
    [
        ("id,title\nmill,The mill\nweir,The weir\n", "csv"),
        ("ID;Title\nmill;The mill\nweir;The weir\n", "csv"),
        ("id\ttitle\nmill\tThe mill\nweir\tThe weir\n", "tsv"),
        ("id|title\nmill|The mill\nweir|The weir\n", "csv"),
        ('"id","title"\n"mill","The mill"\n\n,,\n"weir","The weir"\n', "csv"),
    ],
)
def test_rows_of_tables(text: str, ending: str) -> None:
    rows = read_catalog(text, ending).rows
    assert [(row.id, row.data["title"]) for row in rows] == [("mill", "The mill"), ("weir", "The weir")]


def test_quotes_over_lines_and_lines_of_rows() -> None:
    text = 'id,title,description\nmill,The mill,"It ""turns"",\nslowly"\nweir,The weir,\n'
    rows = read_catalog(text, "csv").rows
    assert [(row.id, row.line) for row in rows] == [("mill", 2), ("weir", 4)]
    assert rows[0].data["description"] == 'It "turns",\nslowly'
    assert "description" not in rows[1].data


def test_cells_that_hold_lists() -> None:
    text = "id,title,description,tags,aliases,related,Built in\nmill,Mill; old,Old; it turns.,water;flour,A | B,weir;lock,1820;1931\n"
    row = only(text, "csv")
    assert row.data["tags"] == ["water", "flour"]
    assert row.data["aliases"] == ["A", "B"]
    assert row.data["related"] == ["weir", "lock"]
    assert row.data["Built in"] == ["1820", "1931"]
    assert (row.data["title"], row.data["description"]) == ("Mill; old", "Old; it turns.")
    assert row.item_lines["related"] == [2, 2]


def test_prose_in_cells_is_no_list() -> None:
    text = "id,note\nmill,It turns; nobody knows why.\nweir,a;b\n"
    assert [row.data["note"] for row in read_catalog(text, "csv").rows] == ["It turns; nobody knows why.", "a;b"]


def test_bad_tables_are_told() -> None:
    assert told(read_catalog('id,title\nmill,"never closed\nweir,x\n', "csv")) == [("E104", 2)]
    assert told(read_catalog("id,id\nmill,weir\n", "csv")) == [("W106", 1)]
    assert told(read_catalog("id,title\nmill,The mill,more,and more\n", "csv")) == [("W108", 2)]
    assert told(read_catalog("id,title\n\nmill,=HYPERLINK(1)\nweir,@SUM(1)\nlock,-12\n", "csv")) == [("W108", 3), ("W108", 4)]
    assert told(read_catalog("id,title\nmill,Mill\n,No id\n", "csv")) == [("W107", 3)]
    assert told(read_catalog('name,title\nx,"never closed', "csv")) == [], "a table without ids is nobody's business"


def test_formulas_stay_text() -> None:
    assert only("id,title\nmill,=1+1\n", "csv").data["title"] == "=1+1"


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=8), min_size=2, max_size=2), max_size=6))
def test_tables_come_back(cells: list[list[str]]) -> None:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerows([["id", "title"], *([f"r{number}", text] for number, (_, text) in enumerate(cells))])
    rows = read_catalog(out.getvalue(), "csv").rows
    assert [(row.id, row.data.get("title", "")) for row in rows] == [(f"r{n}", text.strip()) for n, (_, text) in enumerate(cells)]


# -- TOML ----------------------------------------------------------------------------------------


def test_arrays_of_tables() -> None:
    text = '# rivers\n\n[[rivers]]\nid = "mill"\ntitle = "The mill"\nrelated = ["weir", "lock"]\n'
    text += '\n[[rivers]]\nid = "weir"\nfounded = 1931-05-01\n'
    rows = read_catalog(text, "toml").rows
    assert [(row.id, row.line) for row in rows] == [("mill", 3), ("weir", 8)]
    assert rows[0].item_lines == {"id": [4], "title": [5], "related": [6, 6]}
    assert rows[1].data["founded"] == "1931-05-01"


@pytest.mark.parametrize(
    "text", ['[mill]\ntitle = "The mill"\n\n[weir]\ntitle = "The weir"\n', '[of.mill]\nname = "M"\n\n[of.weir]\nname = "W"\n']
)
def test_tables_of_tables(text: str) -> None:
    assert [(row.id, row.line) for row in read_catalog(text, "toml").rows] == [("mill", 1), ("weir", 4)]


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        ('[[a]]\nid = "x"\nid = "y"\n', "E104", 3),
        ('[[a]]\nid = \n', "E104", 2),
        ('[[a]]\nid = "x"\nn = nan\n', "W108", 3),
        ('[[a]]\nid = "x"\nn = inf\n', "W108", 3),
        (f'[[a]]\nid = "x"\nn = {"9" * 30}\n', "W108", 3),
        (f'[[a]]\nid = "x"\nn = {"9" * 5000}\n', "E104", 1),
    ],
)  # fmt: skip
def test_bad_toml_is_told(text: str, rule: str, line: int) -> None:
    assert told(read_catalog(text, "toml")) == [(rule, line)]


# -- RDF -----------------------------------------------------------------------------------------

TURTLE = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix schema: <https://schema.org/> .
@prefix ex: <https://example.net/> .

<entity/mill> a schema:Organization ;
  skos:prefLabel "Die Mühle"@de, "The mill"@en ;
  skos:altLabel "Old mill" ;
  ex:owner [ schema:name "A miller" ] .
<https://example.net/w> skos:notation "weir" ; skos:prefLabel "Weir of the bridge" ; ex:near <entity/mill> .
<https://example.net/z> schema:name "Nobody knows it" ; skos:notation "zzz" .
_:x ex:near _:y .
"""
N_TRIPLES = f'<{BASE}entity/mill> <http://www.w3.org/2000/01/rdf-schema#label> "The mill" .\n'
IN_EVERY_FORMAT = {
    "ttl": '@prefix r: <http://www.w3.org/2000/01/rdf-schema#> . <entity/mill> r:label "The mill" .',
    "nt": N_TRIPLES,
    "nq": f'<{BASE}entity/mill> <http://www.w3.org/2000/01/rdf-schema#label> "The mill" <http://example.net/g> .\n',
    "trig": '<http://example.net/g> { <entity/mill> <http://www.w3.org/2000/01/rdf-schema#label> "The mill" }',
    "jsonld": '{"@context": {"label": "http://www.w3.org/2000/01/rdf-schema#label"}, "@id": "entity/mill", "label": "The mill"}',
    "json": '{"@context": {"label": "http://www.w3.org/2000/01/rdf-schema#label"}, "@id": "entity/mill", "label": "The mill"}',
    "rdf": '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:s="http://www.w3.org/2000/01/rdf-schema#">'
    '<r:Description r:about="entity/mill"><s:label>The mill</s:label></r:Description></r:RDF>',
}  # fmt: skip


@pytest.mark.parametrize("ending", sorted(IN_EVERY_FORMAT))
def test_every_format_says_the_same(ending: str) -> None:
    catalog = read_catalog(IN_EVERY_FORMAT[ending], ending, BASE)
    assert catalog.statements == (N_TRIPLES.strip().removesuffix(" ."),)
    assert [(row.id, row.data["title"]) for row in catalog.rows] == [("mill", "The mill")]


def test_subjects_become_rows_or_claims() -> None:
    catalog = read_catalog(TURTLE, "ttl", BASE)
    row = catalog.rows[0]
    assert (row.id, row.line) == ("mill", 5)
    assert row.data == {"id": "mill", "title": "The mill", "type": "organization", "aliases": ["Die Mühle", "Old mill"]}
    assert [(claim.id, claim.line) for claim in catalog.claims] == [("weir", 9), ("zzz", 10)]


def test_blank_nodes_get_the_same_names_each_time() -> None:
    first, second = read_rdf(TURTLE, "ttl", BASE).lines, read_rdf(TURTLE, "ttl", BASE).lines
    assert first == second
    assert {word for line in first for word in line.split() if word.startswith("_:")} == {"_:b0", "_:b1", "_:b2"}
    made = skolemised(first, "data/a b.ttl", BASE)
    assert not [line for line in made if "_:" in line]
    assert sum(f"<{BASE}.well-known/genid/data/a%20b.ttl/b0>" in line for line in made) == 2


def test_text_that_looks_like_a_blank_node_stays() -> None:
    line = '<http://e/s> <http://e/p> "see _:b0"'
    assert skolemised([line], "x.nt", BASE) == (line,)


@pytest.fixture(scope="module")
def merged(tmp_path_factory: pytest.TempPathFactory) -> kgraph.KnowledgeGraph:
    folder = tmp_path_factory.mktemp("rdf")
    files = {
        "kgraph.toml": f'base_iri = "{BASE}"\n',
        "weir.md": "---\ntitle: The weir\n---\n\nText of the weir, near the mill.\n",
        "data/a.ttl": TURTLE,
        "data/b.nq": f'<{BASE}entity/weir> <http://example.net/1> "x\\ny"@en <http://example.net/g> .\n',
        "data/c.json": '[{"id": "lock", "title": "The lock", "type": "tool"}]',
    }
    return kgraph.build(write_wiki(folder / "wiki", files), folder / "workspace")


def test_statements_are_merged_into_a_graph_of_their_file(merged: kgraph.KnowledgeGraph) -> None:
    text = "PREFIX ex: <https://example.net/> SELECT ?g ?name { GRAPH ?g { ?s ex:owner [ schema:name ?name ] } }"
    found = merged.query(text, labels=False)
    assert found.to_dict("records") == [{"g": f"{BASE}graph/catalog/data/a.ttl", "name": "A miller"}]
    source = merged.query(f"SELECT ?role {{ <{BASE}graph/catalog/data/a.ttl> prov:wasDerivedFrom/dcterms:type ?role }}")
    assert list(source["role"]) == ["rdf"]
    assert merged.query("ASK { ?s ?p ?o FILTER(isBlank(?s) || isBlank(?o)) }")["answer"][0] == False  # noqa: E712
    assert merged.query(f"ASK {{ GRAPH <{BASE}graph/catalog/data/b.nq> {{ <{BASE}entity/weir> ?p 'x\\ny'@en }} }}")["answer"][0]


def test_subjects_with_the_iri_of_an_entity_or_a_known_id_are_entities(merged: kgraph.KnowledgeGraph) -> None:
    entities = merged.head.entities
    assert set(entities) == {"weir", "mill", "lock"}
    assert (entities["mill"].title, entities["mill"].type, entities["mill"].stub) == ("The mill", "organization", True)
    assert entities["mill"].declared_in == ("data/a.ttl:5",)
    assert (entities["weir"].title, entities["weir"].aliases) == ("The weir", ("Weir of the bridge",))
    assert {item.target for item in merged.statements.mentions} == {"mill"}
    assert not [item for item in merged.findings() if item.rule == "W301"]


def test_merged_statements_survive_a_new_ranking_and_every_export(merged: kgraph.KnowledgeGraph, tmp_path: Path) -> None:
    from kgraph.archive import read_corpus
    from kgraph.export.rdf import RDF_FORMATS, write_rdf

    assert set(read_corpus(merged.generation).merged) == {"data/a.ttl", "data/b.nq"}
    for form in RDF_FORMATS:
        write_rdf(merged.generation.folder, tmp_path / f"out.{form}", form)
    assert b"A miller" in (tmp_path / "out.turtle").read_bytes()


def test_rdf_about_a_declared_entity_adds_names_and_no_finding(tmp_path: Path) -> None:
    files = {
        "rows.yaml": "- {id: mill, title: Mill, type: tool}\n",
        "more.ttl": '<entity/mill> <http://www.w3.org/2000/01/rdf-schema#label> "Moulin" .',
    }
    corpus = corpus_of(tmp_path, files, Config(base_iri=BASE))
    assert (corpus.entities["mill"].title, corpus.entities["mill"].aliases, corpus.entities["mill"].type) == ("Mill", ("Moulin",), "tool")
    assert not found_of(corpus, "W301")


def test_an_export_of_kgraph_is_not_merged(tmp_path: Path) -> None:
    files = {"mill.md": "Text.", "weir.md": "[Mill](mill.md)"}
    graph = kgraph.build(write_wiki(tmp_path / "wiki", files), tmp_path / "workspace")
    graph.export_rdf(tmp_path / "wiki" / "out.ttl") if hasattr(graph, "export_rdf") else _export(graph, tmp_path / "wiki" / "out.ttl")
    corpus = corpus_of(tmp_path / "wiki")
    assert corpus.merged == {}
    assert [(path, line) for path, line, _ in found_of(corpus, "W109")] == [("out.ttl", 1)]


def _export(graph: kgraph.KnowledgeGraph, path: Path) -> None:
    from kgraph.export.rdf import write_rdf

    write_rdf(graph.generation.folder, path)


@pytest.mark.parametrize(
    ("text", "ending", "line"),
    [
        ("<a> <b> <c> .\n<a> <b>\n", "ttl", 3),
        ("<a> <b> .\n", "nt", 1),
        ('{"@context": "https://schema.org", "name": "x"}', "jsonld", 1),
        ('{"@context": {"a": "http://e/a"}, "a": ', "jsonld", 1),
        ("<rdf>\n", "rdf", 1),
        ('<!DOCTYPE r [\n<!ENTITY a SYSTEM "file:///etc/passwd">]><r/>', "rdf", 2),
        ('<!DOCTYPE r [<!ENTITY a "x">\n<!ENTITY b "&a;&a;&a;">]><r/>', "owl", 2),
    ],
)
def test_bad_rdf_is_told_with_its_line(text: str, ending: str, line: int) -> None:
    catalog = read_catalog(text, ending, BASE)
    assert (catalog.rows, catalog.statements) == ((), ())
    assert [problem.rule for problem in catalog.problems] == ["E104"]
    assert abs(catalog.problems[0].line - line) <= 1


def test_statements_about_statements_are_left_out_and_told() -> None:
    catalog = read_catalog("<a> <b> <<( <c> <d> <e> )>> .\n<a> <b> <c> .", "ttl", BASE)
    assert len(catalog.statements) == 1
    assert told(catalog) == [("W107", 1)]


def test_relative_iris_without_a_base_are_a_problem() -> None:
    assert [problem.rule for problem in read_catalog("<a> <b> <c> .", "ttl").problems] == ["E104"]


# -- which files, which part ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["package.json", "package-lock.json", "tsconfig.json", "tsconfig.app.json", "mkdocs.yml", "_config.yml", "pnpm-lock.yaml",
     "Cargo.toml",
     "pyproject.toml", "hugo.toml", "related.schema.json", "composer.lock", "docker-compose.yml", "jest.config.json", "poetry.lock",
     "a.xml",
     "kgraph.toml", "manifest.json", "_category_.json"],
)  # fmt: skip
def test_settings_of_tools_are_no_catalogs(name: str) -> None:
    assert not may_be_catalog(f"web/{name}")


@pytest.mark.parametrize("ending", ["yaml", "yml", "json", "jsonl", "ndjson", "csv", "TSV", "toml", *RDF_ENDINGS])
def test_endings_of_catalogs(ending: str) -> None:
    assert may_be_catalog(f"data/people.{ending}")


@pytest.mark.parametrize("folder", ["", "out/", "data/kgraph/"])
@pytest.mark.parametrize("left", ["", "manifest.json", "kgraph.d.ts", "a whole manifest"])
def test_exports_of_the_site_are_no_catalogs_and_their_neighbours_are(folder: str, left: str, tmp_path: Path) -> None:
    rows = '[{"id": "a", "title": "A"}]'
    manifest = '{"counts": {"backlinks": 0}, "files": {"related.json": {}, "pages/a.json": {}}, "schemaVersion": 1}'
    exported = {"manifest.json": manifest, "kgraph.d.ts": "", "related.json": rows, "pages/a.json": rows}
    files = {"a.md": "x", f"{folder}people.json": rows, f"{folder}more/pages/a.json": rows}
    files |= {f"{folder}{name}": text for name, text in exported.items() if name != left}
    if left == "a whole manifest":
        files[f"{folder}manifest.json"] = f"<<<<<<< HEAD\n{manifest}"
    tree = discover(write_wiki(tmp_path, files), Config())
    assert [file.path for file in tree.catalogs] == sorted((f"{folder}people.json", f"{folder}more/pages/a.json"))


def test_what_looks_like_an_export_and_is_none_is_a_catalog(tmp_path: Path) -> None:
    files = {"a.md": "x", "out/manifest.json": '{"files": {}}', "out/related.json": '[{"id": "a"}]', "kgraph.d.ts.md": ""}
    assert [file.path for file in discover(write_wiki(tmp_path, files), Config()).catalogs] == ["out/related.json"]
    assert own_outputs(["manifest.json", "related.json"], lambda _: None) == frozenset()


def test_ignored_catalogs(tmp_path: Path) -> None:
    write_wiki(tmp_path, {"a.md": "x", "b.json": "[]", "c.csv": ""})
    assert [file.path for file in discover(tmp_path, Config(catalogs=Catalogs(ignore=("*.csv",)))).catalogs] == ["b.json"]


def test_formats_of_one_folder_play_their_own_parts() -> None:
    files = {
        "data/rows.json": read_catalog('[{"id": "mill", "title": "Mill", "type": "tool"}]', "json"),
        "data/cited.csv": read_catalog("id,title,url\ns1,Charter,https://example.org/1\n", "csv"),
        "data/facts.toml": read_catalog('[mill]\nname = "Mill"\nbuilt = 1820\n', "toml"),
        "data/all.ttl": read_catalog("<http://e/a> <http://e/b> 1 .", "ttl"),
    }
    roles, notes = catalog_roles(files, frozenset({"mill"}), frozenset({"mill"}), Catalogs())
    assert roles == {"data/rows.json": "entities", "data/cited.csv": "sources", "data/facts.toml": "facts", "data/all.ttl": "rdf"}
    assert any("data/ (.json) declares entities" in note for note in notes)


def test_rows_of_every_format_become_entities(tmp_path: Path) -> None:
    files = {
        "a/x.json": '[{"id": "j1", "title": "J one", "related": ["c1"]}]',
        "a/x.csv": "id,title,type,related\nc1,C one,tool,t1;l1\n",
        "a/x.toml": '[[rows]]\nid = "t1"\ntitle = "T one"\n',
        "a/x.jsonl": '{"id": "l1", "title": "L one"}\n',
    }
    config = Config(catalogs=Catalogs(entities=("a/*",)))
    corpus = corpus_of(tmp_path, files, config)
    assert set(corpus.entities) == {"j1", "c1", "t1", "l1"}
    assert [(item.source, item.target, item.path, item.line) for item in corpus.relations] == [
        ("c1", "l1", "a/x.csv", 2), ("c1", "t1", "a/x.csv", 2), ("j1", "c1", "a/x.json", 1),
    ]  # fmt: skip


def test_broken_bytes_and_size_are_told(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "a.md": "x",
        "latin.csv": "id,title\nmill,M\xfchle\n".encode("latin-1"),
        "wide.json": '[{"id": "weir", "title": "W"}]'.encode("utf-16"),
        "large.json": "[" + " " * 5_000 + "]",
        "broken.json": "[\n{",
    }
    corpus = corpus_of(tmp_path, files, Config(limits=Limits(max_file_bytes=4_000), catalogs=Catalogs(entities=("*",))))
    assert [path for path, _, _ in found_of(corpus, "W105")] == ["latin.csv"]
    assert [path for path, _, _ in found_of(corpus, "E102")] == ["large.json"]
    assert [(path, line) for path, line, _ in found_of(corpus, "E104")] == [("broken.json", 2)]
    assert {"mill", "weir"} <= set(corpus.entities)


def test_a_change_of_the_base_reads_rdf_anew(tmp_path: Path) -> None:
    from kgraph.ingest.cache import Cache

    write_wiki(tmp_path / "wiki", {"a.md": "x", "b.ttl": '<entity/mill> <http://www.w3.org/2000/01/rdf-schema#label> "M" .'})
    with Cache(tmp_path / "cache.sqlite") as cache:
        first = corpus_of(tmp_path / "wiki", config=Config(base_iri="https://one.example/"), cache=cache)
        second = corpus_of(tmp_path / "wiki", config=Config(base_iri="https://two.example/"), cache=cache)
    assert set(first.entities) == set(second.entities) == {"a", "mill"}
    assert second.merged["b.ttl"][0].startswith("<https://two.example/entity/mill>")


# -- bad input -----------------------------------------------------------------------------------

ENDINGS = ["json", "jsonl", "csv", "tsv", "toml", *RDF_ENDINGS, "yaml"]
PIECES = st.sampled_from(
    [
        "{", "}", "[", "]", '"', "'", ":", ",", ";", "|", "\t", "\n", "id", '"id"', "title", " = ", "[[a]]", "[a.b]", "NaN", "1e999", "-",
        "\\", "\\u", "\\ud800", "<a>", "<<", ">>", "(", ")", " . ", "_:b0", "@prefix x: <http://e/> .", "x:y", "<!ENTITY a 'b'>", 
        "<rdf:RDF",
        "/>", '"@context"', '"@id"', "!!python/object:os.system", "&a [*a]", "*a", "\x00", "é", "😀", "=1+1", "9" * 25, "true", "null", "#",
        "<http://e/a> <http://e/b> <http://e/c> .\n", "mill", "\ufeff", "\ud800", "\u2028", "^^", "@en", "'''", '"""',
    ]
)  # fmt: skip


@pytest.mark.parametrize("ending", ENDINGS)
def test_any_text_gives_a_catalog(ending: str) -> None:
    @settings(max_examples=150, deadline=None)
    @given(st.lists(PIECES, max_size=25).map("".join) | st.text(max_size=100))
    def check(text: str) -> None:
        catalog = read_catalog(text, ending, BASE)
        assert all(problem.line >= 1 for problem in catalog.problems)
        packed = msgspec.msgpack.encode(msgspec.structs.replace(catalog))
        assert msgspec.msgpack.decode(packed, type=CatalogFile) == catalog
        if catalog.statements:
            graph = "\n".join(f"{line} ." for line in skolemised(catalog.statements, "x", BASE)).encode("utf-8", "replace")
            assert len(list(ox.parse(graph, format=ox.RdfFormat.N_TRIPLES))) == len(catalog.statements)

    check()


DEEP = 10_000
HOSTILE = {
    "json-deep": ("json", "[" * DEEP + "]" * DEEP),
    "json-deeper": ("json", '{"a":' * 1_000_000),
    "json-quotes": ("json", '[{"id": "' + '\\"' * 3_000_000),
    "json-number": ("json", '[{"id": "a", "n": ' + "9" * 2_000_000 + "}]"),
    "json-exponent": ("json", '[{"id": "a", "n": 1e' + "9" * 100_000 + "}]"),
    "json-rows": ("json", "[" + ",".join(f'{{"id": "r{n}", "title": "t", "tags": ["a", "b"]}}' for n in range(100_000)) + "]"),
    "json-keys": ("json", '[{"id": "a"' + ', "k": 1' * 300_000 + "}]"),
    "jsonl-bad": ("jsonl", "{\n" * 500_000),
    "csv-quotes": ("csv", 'id,title\nmill,"' + "x\n" * 1_000_000),
    "csv-cells": ("csv", "id,title\nmill" + "," * 2_000_000),
    "csv-header": ("csv", '"' * 1_999_999),
    "csv-columns": ("csv", "id," + ",".join(f"c{n}" for n in range(1_000_000)) + "\nmill," + "1," * 1_000_000),
    "csv-lists": ("csv", "id,x\n" + "mill," + "a;" * 400_000 + "\n"),
    "toml-deep": ("toml", "a = " + "[" * DEEP + "]" * DEEP),
    "toml-dots": ("toml", "a" + ".a" * 500_000 + " = 1\n"),
    "toml-tables": ("toml", "[[a]]\nid = 1\n" * 50_000),
    "toml-large": ("toml", "x" * 5_000_000),
    "ttl-deep": ("ttl", "<http://a> <http://b> " + "[ <http://b> " * DEEP + "1" + "]" * DEEP + " ."),
    "ttl-lists": ("ttl", "<http://a> <http://b> " + "( " * DEEP + ") " * DEEP + " ."),
    "ttl-terms": ("ttl", "<http://a> <http://b> " + "<<( <http://a> <http://b> " * 100_000),
    "nt-many": ("nt", "".join(f'<{BASE}entity/e{n}> <http://www.w3.org/2000/01/rdf-schema#label> "x{n}" .\n' for n in range(60_000))),
    "jsonld-deep": ("jsonld", '{"@context": {"p": "http://e/p"}, "p": ' + '{"p": ' * DEEP + "1" + "}" * (DEEP + 1)),
    "rdf-deep": ("rdf", '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">' + "<e:C><e:p>" * DEEP),
    "rdf-laugh": ("rdf", "<!DOCTYPE r [<!ENTITY a 'ha'>" + "".join(f"<!ENTITY a{n} '&a;&a;'>" for n in range(50)) + "]><r/>"),
    "rdf-quotes": ("rdf", '<a "' * 1_000_000),
    "yaml-bomb": ("yaml", "a: &a [x]\n" + "".join(f"b{n}: &b{n} [{'*a, ' * 50}*a]\n" for n in range(100_000))),
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_catalogs_take_little_time(name: str) -> None:
    ending, text = HOSTILE[name]
    started = time.process_time()
    catalog = read_catalog(text, ending, BASE)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(catalog), type=CatalogFile) == catalog
    assert time.process_time() - started < 9
    assert len(catalog.problems) <= 1_100


def test_tags_run_nothing(tmp_path: Path) -> None:
    mark = tmp_path / "run"
    read_catalog(f'- id: !!python/object/apply:os.system ["touch {mark}"]\n  title: x\n', "yaml")
    assert not mark.exists()
