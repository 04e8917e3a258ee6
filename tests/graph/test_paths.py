"""Paths between entities."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

import kgraph
from kgraph.graph.paths import Connections, find_paths, project_connections
from kgraph.model.corpus import Link, Mention, Relation


def link(source: str, target: str | None) -> Link:
    return Link(source, target, "", "markdown", "", "", f"{source}.md", 1, 0, -1, 0, "body")


def relation(source: str, target: str | None, name: str = "mitigates") -> Relation:
    return Relation(source, target, name, "", "related", f"{source}.md", 1)


def mention(source: str, target: str) -> Mention:
    return Mention(source, target, "", "", f"{source}.md", 1, 0, 0)


def graph_of(*statements: Any) -> Connections:
    ids = sorted({end for item in statements for end in (item.source, item.target) if end is not None})
    links = [item for item in statements if isinstance(item, Link)]
    relations = [item for item in statements if isinstance(item, Relation)]
    return project_connections(ids, links, relations, [item for item in statements if isinstance(item, Mention)])


def test_a_path_runs_against_the_direction_of_statements_too() -> None:
    graph = graph_of(link("a", "b"), relation("c", "b"))
    assert find_paths(graph, "a", "c") == [["a", "b", "c"]]
    assert find_paths(graph, "c", "a") == [["c", "b", "a"]]


def test_what_says_more_is_preferred() -> None:
    graph = graph_of(mention("a", "b"), mention("b", "z"), link("a", "c"), link("c", "z"), relation("a", "d"), relation("d", "z"))
    assert find_paths(graph, "a", "z") == [["a", "d", "z"], ["a", "c", "z"], ["a", "b", "z"]]
    assert find_paths(graph, "a", "z", count=1) == [["a", "d", "z"]]
    vague = graph_of(relation("a", "b", "related"), relation("b", "z", "related"), relation("a", "c"), relation("c", "z"))
    assert find_paths(vague, "a", "z")[0] == ["a", "c", "z"]


def test_what_everything_is_joined_to_is_avoided() -> None:
    crowd = [link(f"page-{number}", "hub") for number in range(60)]
    graph = graph_of(link("a", "hub"), link("hub", "z"), link("a", "quiet"), link("quiet", "z"), *crowd)
    assert find_paths(graph, "a", "z")[0] == ["a", "quiet", "z"]


def test_a_direct_connection_comes_first_and_once() -> None:
    graph = graph_of(relation("a", "z"), link("a", "z"), link("a", "b"), link("b", "z"))
    assert find_paths(graph, "a", "z") == [["a", "z"], ["a", "b", "z"]]


def test_no_path() -> None:
    graph = graph_of(link("a", "b"), link("c", "d"), link("a", None), link("a", "a"))
    assert find_paths(graph, "a", "d") == []
    assert find_paths(graph, "a", "a") == []
    with pytest.raises(KeyError):
        find_paths(graph, "a", "nowhere")


def test_paths_of_the_sample_share_no_entity(sample: kgraph.KnowledgeGraph) -> None:
    stated = sample.statements
    graph = project_connections(sample.head.entities, stated.links, stated.relations, stated.mentions)
    paths = find_paths(graph, "openai", "racing-dynamics", count=4)
    assert len(paths) == 4
    inner = [entity_id for path in paths for entity_id in path[1:-1]]
    assert len(inner) == len(set(inner))
    assert all(graph.joined(one, other) for path in paths for one, other in pairwise(path))
