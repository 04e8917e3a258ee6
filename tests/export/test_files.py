"""Rankings, graphs and tables as files."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import networkx as nx
import pandas as pd
import pytest

import kgraph
from kgraph.config import Config
from kgraph.errors import ExportError
from kgraph.export.graph import write_graph
from kgraph.export.rankings import ranking_lines
from kgraph.export.tables import TABLES, write_tables
from kgraph.ingest.discover import discover
from tests.conftest import RunKgraph
from tests.ingest.wiki import write_wiki


def rankings(kg: kgraph.KnowledgeGraph, k: int, **options: bool) -> dict[str, Any]:
    lines = [json.loads(line) for line in ranking_lines(kg, k, **options)]
    assert [line["id"] for line in lines] == sorted(line["id"] for line in lines)
    return {line["id"]: line for line in lines}


def test_rankings_have_one_line_an_entity(sample: kgraph.KnowledgeGraph) -> None:
    entities = sample.head.entities
    found = rankings(sample, 10)
    assert set(found) == set(entities)
    for entity_id, line in found.items():
        assert list(line) == ["id", "path", "related"]
        assert line["path"] == entities[entity_id].path
        assert len(line["related"]) == 10
        scores = [item["score"] for item in line["related"]]
        assert scores == sorted(scores, reverse=True)
        assert all(0 < score <= 1 for score in scores)
        ids = [item["id"] for item in line["related"]]
        assert entity_id not in ids
        assert len(set(ids)) == len(ids)
        for item in line["related"]:
            assert list(item) == ["id", "path", "score"]
            assert item["path"] == entities[item["id"]].path


def test_a_large_k_gives_long_lists(sample: kgraph.KnowledgeGraph) -> None:
    long, short = rankings(sample, 100_000), rankings(sample, 7)
    lengths = [len(line["related"]) for line in long.values()]
    assert min(lengths) > 25
    assert sum(lengths) / len(lengths) > 0.8 * (len(long) - 1)
    for entity_id, line in short.items():
        assert line["related"] == long[entity_id]["related"][:7]


def test_pages_only_and_unlinked(sample: kgraph.KnowledgeGraph) -> None:
    entities = sample.head.entities
    stubs = {entity.id for entity in entities.values() if entity.stub}
    assert stubs
    whole, pages = rankings(sample, 100_000), rankings(sample, 100_000, pages_only=True)
    assert set(pages) == set(entities) - stubs
    for entity_id, line in pages.items():
        assert line["related"] == [item for item in whole[entity_id]["related"] if item["id"] not in stubs]
        assert line["path"] is not None
    linked = {(link.source, link.target) for link in sample.statements.links}
    unlinked = rankings(sample, 100_000, unlinked=True)
    for entity_id, line in unlinked.items():
        assert line["related"] == [item for item in whole[entity_id]["related"] if (entity_id, item["id"]) not in linked]
    assert any(len(unlinked[name]["related"]) < len(whole[name]["related"]) for name in whole)
    assert all(len(line["related"]) == 5 for line in rankings(sample, 5, unlinked=True, pages_only=True).values())


def test_rankings_by_the_command_line(sample_workspace: Path, sample: kgraph.KnowledgeGraph, tmp_path: Path, run_kgraph: RunKgraph) -> None:
    options = ["-k", "30", "--pages-only", "--unlinked", "-w", str(sample_workspace)]
    done = run_kgraph("export", "rankings", "-o", "r.jsonl", *options)
    assert done.returncode == 0
    expected = b"".join(ranking_lines(sample, 30, pages_only=True, unlinked=True))
    assert (tmp_path / "r.jsonl").read_bytes() == expected
    assert run_kgraph("export", "rankings", "-o", "-", *options).stdout == expected.decode()
    failed = run_kgraph("export", "rankings", "-o", tmp_path / "missing" / "r.jsonl", "-w", sample_workspace)
    assert (failed.returncode, len(failed.stderr.splitlines())) == (2, 1)


def plain(graph: Any) -> tuple[dict[str, dict[str, Any]], list[tuple[Any, ...]]]:
    """Nodes and edges in a form that can be compared."""
    nodes = {str(node): {key: value for key, value in data.items() if key != "label"} for node, data in graph.nodes(data=True)}
    names = ("kind", "name", "weight", "path", "line")
    return nodes, sorted((str(s), str(t), *[data[name] for name in names]) for s, t, data in graph.edges(data=True))


@pytest.mark.parametrize("suffix", [".graphml", ".gexf", ".json"])
def test_graphs_read_back(suffix: str, sample: kgraph.KnowledgeGraph, tmp_path: Path) -> None:
    path = tmp_path / f"wiki{suffix}"
    graph = sample.to_networkx()
    write_graph(graph, path)
    if suffix == ".json":
        read = nx.node_link_graph(json.loads(path.read_text(encoding="utf-8")), edges="links")
    else:
        read = nx.read_graphml(path, force_multigraph=True) if suffix == ".graphml" else nx.read_gexf(path)
    assert read.is_directed()
    assert read.is_multigraph()
    assert read.number_of_nodes() == sample.stats()["entities"]
    assert plain(read) == plain(graph)
    before = path.read_bytes()
    write_graph(sample.to_networkx(), path)
    assert path.read_bytes() == before
    assert b"lastmodifieddate" not in before


@pytest.mark.parametrize("suffix", [".graphml", ".gexf", ".json"])
def test_graphs_of_hostile_text_read_back(suffix: str, tmp_path: Path) -> None:
    graph: Any = nx.MultiDiGraph()
    graph.add_node('<a> & "b"', title="x\x00\x0b\ufffe]]>", type="t", path="", href="", stub=False)
    graph.add_node("é🐝\n", title="\r\t\\", type="t", path="", href="", stub=True)
    for key in ("link", "mention"):
        graph.add_edge('<a> & "b"', "é🐝\n", key=key, kind=key, name="", weight=1.0, path="p", line=1)
    path = tmp_path / f"wiki{suffix}"
    write_graph(graph, path)
    if suffix == ".json":
        assert plain(nx.node_link_graph(json.loads(path.read_text(encoding="utf-8")), edges="links")) == plain(graph)
        return
    read = nx.read_graphml(path, force_multigraph=True) if suffix == ".graphml" else nx.read_gexf(path)
    assert (read.number_of_nodes(), read.number_of_edges()) == (2, 2)
    assert read.nodes['<a> & "b"']["title"] == "x\ufffd\ufffd\ufffd]]>"


def test_graph_errors(sample: kgraph.KnowledgeGraph, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="unknown suffix"):
        write_graph(sample.to_networkx(), tmp_path / "wiki.dot")
    for suffix in (".graphml", ".gexf", ".json"):
        with pytest.raises(ExportError, match="cannot be written"):
            write_graph(sample.to_networkx(), tmp_path / "missing" / f"wiki{suffix}")


COLUMNS = {
    "entities": {"id", "title", "type", "path", "href", "stub"},
    "links": {"source", "target", "path", "line", "text", "raw"},
    "relations": {"source", "target", "relation", "path"},
    "mentions": {"source", "target", "path", "line"},
    "related": {"source", "target", "rank", "score"},
    "hubs": {"id", "pagerank", "hub", "authority"},
    "candidates": {"id", "title", "type", "confidence", "source", "path", "line"},
}


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_tables(form: Any, sample: kgraph.KnowledgeGraph, tmp_path: Path) -> None:
    written = write_tables(sample, tmp_path / "t", form)
    assert [path.name for path in written] == [f"{name}.{form}" for name in TABLES]
    read = {
        name: pd.read_parquet(tmp_path / f"t/{name}.parquet") if form == "parquet" else pd.read_csv(tmp_path / f"t/{name}.csv")
        for name in TABLES
    }  # fmt: skip
    for name, frame in read.items():
        assert set(frame.columns) >= COLUMNS[name]
        assert len(frame) == len(sample.table(name))
        assert len(frame) > 100 or name == "candidates"  # the sample has a catalog of entities
    ids = set(sample.head.entities)
    assert set(read["entities"]["id"]) == set(read["hubs"]["id"]) == ids
    assert set(read["links"]["source"]) | set(read["links"]["target"].dropna()) <= ids
    assert set(read["related"]["target"]) <= ids
    assert len(read["links"]) == sample.stats()["links"]
    dead = read["links"][read["links"]["target"].isna()]
    assert len(dead) == sample.stats()["dead_links"] > 0
    assert dead["raw"].str.len().min() > 0
    first = sample.statements.links[0]
    row = read["links"].iloc[0]
    assert (row["source"], row["target"], row["path"], row["line"]) == (first.source, first.target, first.path, first.line)
    assert bool(read["entities"].set_index("id").loc["eu-ai-act", "stub"]) is False
    again = {path.name: path.read_bytes() for path in written}
    assert {path.name: path.read_bytes() for path in write_tables(sample, tmp_path / "u", form)} == again


def test_tables_of_a_wiki_with_nothing_in_them(tmp_path: Path) -> None:
    write_wiki(tmp_path / "wiki", {"a.md": "# =A\n\n[@x](gone.md) [-y](gone2.md)\n"})
    kg = kgraph.build(tmp_path / "wiki", tmp_path / "workspace")
    for form in ("parquet", "csv"):
        write_tables(kg, tmp_path / form, form)
    for name, columns in COLUMNS.items():
        assert set(pd.read_parquet(tmp_path / f"parquet/{name}.parquet").columns) >= columns
        with (tmp_path / f"csv/{name}.csv").open(encoding="utf-8", newline="") as stream:
            assert set(next(csv.reader(stream))) >= columns
    with (tmp_path / "csv/links.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(row["target"], row["text"], row["raw"]) for row in rows] == [("", "'@x", "gone.md"), ("", "'-y", "gone2.md")]
    with (tmp_path / "csv/entities.csv").open(encoding="utf-8", newline="") as stream:
        assert [row["title"] for row in csv.DictReader(stream)] == ["'=A"]


def test_tables_where_nothing_can_be_written(sample_workspace: Path, tmp_path: Path, run_kgraph: RunKgraph) -> None:
    (tmp_path / "file").write_text("here")
    (tmp_path / "taken" / "entities.csv").mkdir(parents=True)
    for output in ("file", "file/below", "taken"):
        done = run_kgraph("export", "tables", "-o", tmp_path / output, "--format", "csv", "-w", sample_workspace)
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
        assert "cannot be written" in done.stderr


def test_what_kgraph_wrote_into_the_source_is_no_source(tmp_path: Path) -> None:
    files = {"a.md": "# A\n\n[b](b.md)\n", "b.md": "# B\n", "c.html": "<title>C</title><p>A page.</p>", "x.csv": "id,title\nb,Bee\n"}
    wiki = write_wiki(tmp_path / "wiki", files)
    kg = kgraph.build(wiki, tmp_path / "workspace")
    write_tables(kg, wiki, "csv")
    write_tables(kg, wiki / "tables", "csv")
    write_graph(kg.to_networkx(), wiki / "graph.json")
    kg.render().save(str(wiki / "all.html"))
    tree = discover(wiki, Config())
    assert [file.path for file in tree.pages] == ["a.md", "b.md", "c.html"]
    assert [file.path for file in tree.catalogs] == ["graph.json", "x.csv"]
    again = kgraph.build(wiki, tmp_path / "workspace")
    assert again.head.entities == kg.head.entities
