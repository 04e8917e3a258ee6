"""Which entities and connections each kind of picture shows."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import kgraph
from kgraph.errors import RenderError
from kgraph.render.lanes import lane_positions
from kgraph.render.layout import layout_positions
from kgraph.render.overview import overview
from kgraph.render.page import MOST_NODES, render_page
from kgraph.render.picture import Picture
from tests.conftest import RunKgraph
from tests.render.pictures import make_edge, make_node, whole


def _data(html: str) -> dict[str, Any]:
    found = re.search(r'id="graph-data">(.*?)</script>', html, re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def test_whole_site(sample: kgraph.KnowledgeGraph) -> None:
    picture = sample.picture()
    assert len(picture.nodes) == sample.stats()["entities"]
    assert {node.community for node in picture.nodes} == set(picture.communities)
    assert max(node.hub for node in picture.nodes) == 1.0
    assert sum(bool(edge.reasons) for edge in picture.edges) > len(picture.edges) / 2
    assert sample.picture(max_nodes=10).note == f"The 10 with the highest PageRank of {len(picture.nodes)}"


def test_paths_are_lanes(sample: kgraph.KnowledgeGraph) -> None:
    picture = sample.picture("Montreal Protocol", to="Racing dynamics")
    ids = {node.id for node in picture.nodes}
    assert ids == {entity_id for lane in picture.lanes for entity_id in lane}
    joined = {frozenset((edge.source, edge.target)) for edge in picture.edges}
    for lane in picture.lanes:
        assert (lane[0], lane[-1]) == ("montreal-protocol", "racing-dynamics")
        assert all(frozenset(step) in joined for step in pairwise(lane))
    spots = layout_positions(picture)
    assert min(spots, key=lambda node: spots[node][0]) == "montreal-protocol"
    assert max(spots, key=lambda node: spots[node][0]) == "racing-dynamics"


def test_a_direct_step_has_no_lane() -> None:
    spots = lane_positions([("a", "b"), ("a", "c", "b"), ("a", "d", "e", "b")])
    assert spots["a"][1] == spots["b"][1] == 0.0
    assert spots["c"][1] * spots["d"][1] < 0
    assert spots["d"][0] < spots["e"][0]


def test_community_tag_and_type(sample: kgraph.KnowledgeGraph) -> None:
    assert {node.id for node in sample.picture(community=1).nodes} == set(sample.community_members[1])
    tagged = {entity.id for entity in sample.head.entities.values() if "safety" in entity.tags}
    assert {node.id for node in sample.picture(tag="#Safety").nodes} == tagged
    both = sample.picture(tag="safety", type="risk")
    assert {node.type for node in both.nodes} == {"risk"}
    assert both.title == "Risks · #safety"


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({"tag": "nothing has this"}, "frequent ones are"),
        ({"type": "spaceship"}, "the types here are"),
        ({"community": 99}, "numbered 0 to 6"),
        ({"to": "EU AI Act"}, "two entities"),
        ({"name": "EU AI Act", "to": "eu-ai-act"}, "both ends"),
        ({"name": "EU AI Act", "to": "GDPR", "tag": "safety"}, "no other choice"),
        ({"name": "EU AI Act", "since": "."}, "leave out the other choices"),
        ({"depth": -1}, "--depth"),
    ],
)
def test_choices_that_make_no_picture(sample: kgraph.KnowledgeGraph, choices: dict[str, Any], message: str) -> None:
    with pytest.raises(RenderError, match=message):
        sample.picture(**choices)


def test_types_joined(sample: kgraph.KnowledgeGraph) -> None:
    picture = sample.picture(by="type")
    counts = sample.entities()["type"].value_counts()
    assert {node.type for node in picture.nodes} == set(counts.index)
    assert next(node for node in picture.nodes if node.importance == 1.0).type == counts.index[0]
    assert all(edge.label and edge.reasons for edge in picture.edges)


def test_overview_counts_every_edge_once() -> None:
    nodes = [make_node(n, community=n % 2, importance=(5 - n) / 5) for n in range(5)]
    edges = (
        make_edge("n0000", "n0001"), make_edge("n0001", "n0002"), make_edge("n0000", "n0002"), make_edge("n0003", "n0002", kind="related"),
    )  # fmt: skip
    found = overview(Picture(title="Five", nodes=tuple(nodes), edges=edges), "community")
    assert [(node.id, node.title, node.importance) for node in found.nodes] == [
        ("community:0", "Node 0", 1.0),
        ("community:1", "Node 1", 2 / 3),
    ]
    assert [(edge.label, edge.reasons) for edge in found.edges] == [("2", ("1 links and relations this way, 1 the other way",))]
    assert found.nodes[0].summary == "Community 0: 3 entities, 1 links and relations among them: Approaches 1, Concepts 1, Organizations 1"


def test_a_huge_picture_becomes_an_overview() -> None:
    nodes = tuple(make_node(n, community=n % 40) for n in range(MOST_NODES + 1))
    edges = tuple(make_edge(nodes[n].id, nodes[n + 1].id) for n in range(200))
    html = render_page(Picture(title="Huge", nodes=nodes, edges=edges))
    data = _data(html)
    assert len(data["nodes"]) == 40
    assert data["groups"] is True
    assert "40 communities with 8,001 of 8,001 entities" in html


def test_large_layout_is_quick_work_and_the_same_again() -> None:
    picture = whole(nodes=1600, edges=3000, clusters=20)
    first = layout_positions(picture)
    turned = Picture(title=picture.title, nodes=picture.nodes, edges=tuple(reversed(picture.edges)), communities=picture.communities)
    assert layout_positions(turned) == first


def test_what_changed(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "a.md").write_text("# A\n\nSee [B](b.md) and [D](d.md).\n", encoding="utf-8")
    (pages / "b.md").write_text("# B\n\nText of B.\n", encoding="utf-8")
    (pages / "d.md").write_text("# D\n\nText of D.\n", encoding="utf-8")
    old = kgraph.build(pages, tmp_path / "old")
    (pages / "d.md").unlink()
    (pages / "a.md").write_text("# A\n\nSee [B](b.md) and [C](c.md).\n", encoding="utf-8")
    (pages / "c.md").write_text("# C\n\nText of C.\n", encoding="utf-8")
    new = kgraph.build(pages, tmp_path / "new")
    picture = new.picture(since=old)
    assert {node.id: node.change for node in picture.nodes} == {"a": "changed", "c": "added", "d": "removed"}
    assert {(edge.source, edge.target, edge.kind) for edge in picture.edges} == {("a", "c", "added"), ("a", "d", "removed")}
    assert new.picture(since=tmp_path / "old") == picture
    assert [node["change"] for node in _data(render_page(picture))["nodes"]] == ["changed", "added", "removed"]
    with pytest.raises(RenderError, match="nothing differs"):
        new.picture(since=new)


def test_rows_of_a_query(sample: kgraph.KnowledgeGraph) -> None:
    rows = pd.DataFrame({"risk": ["racing-dynamics"], "relation": ["kg:mitigatedBy"], "approach": ["compute-thresholds"], "n": [3]})
    data = _data(sample.render_rows(rows, title="Mitigation"))
    assert [(edge["from"], edge["to"], edge["name"]) for edge in data["edges"]] == [
        ("racing-dynamics", "compute-thresholds", "mitigated by")
    ]
    alone = _data(sample.render_rows(pd.DataFrame({"entity": ["gdpr", "eu-ai-act", "no such entity"]}), about="Brussels effect"))
    assert {node["id"] for node in alone["nodes"]} == {"gdpr", "eu-ai-act", "brussels-effect"}
    assert alone["focus"] == "brussels-effect"
    assert alone["edges"]
    with pytest.raises(RenderError, match="no row"):
        sample.render_rows(pd.DataFrame({"n": [1, 2]}))


def test_on_the_command_line(sample_workspace: Path, run_kgraph: RunKgraph, tmp_path: Path) -> None:
    construct = "CONSTRUCT WHERE { <x:> a ?t }"
    (tmp_path / "none.rq").write_text(construct, encoding="utf-8")
    mitigation = "CONSTRUCT { ?a kg:mitigates ?b } WHERE { ?a kg:mitigates ?b }"
    (tmp_path / "mitigation.rq").write_text(mitigation, encoding="utf-8")
    workspace = ("--workspace", sample_workspace)
    for name, arguments in {
        "paths": ("render", "GDPR", "--to", "OpenAI", "-o"),
        "types": ("render", "--by", "type", "-o"),
        "query": ("query", "what-mitigates", "--param", "entity=Racing dynamics", "--render"),
        "graph": ("query", "mitigation.rq", "--render"),
    }.items():
        done = run_kgraph(*arguments, tmp_path / f"{name}.html", *workspace)
        assert done.returncode == 0, done.stderr
        assert done.stdout == ""
        data = _data((tmp_path / f"{name}.html").read_text(encoding="utf-8"))
        assert data["edges"], name
    assert data["edges"][0]["name"] == "mitigates"
    answer = (tmp_path / "query.html").read_text(encoding="utf-8")
    assert "<title>What mitigates: Racing dynamics</title>" in answer
    assert '<p id="note">What mitigates' in answer
    assert "<title>Mitigation</title>" in (tmp_path / "graph.html").read_text(encoding="utf-8")
    for arguments in (("render", "--tag", "zzz"), ("query", "none.rq", "--render", "x.html"), ("render", "--since", "nowhere")):
        done = run_kgraph(*arguments, *workspace)
        assert done.returncode in (2, 3)
        assert done.stderr.count("\n") == 1
