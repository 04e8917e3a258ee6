"""The projection of a corpus and the measures of its nodes, against NetworkX."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import networkx as nx
import pytest

import kgraph
from kgraph.graph.measures import betweenness, measure
from kgraph.graph.projection import project, project_citations
from tests.conftest import REPOSITORY
from tests.ingest.wiki import corpus_of

WIKI = {
    "alpha.md": "---\ntitle: Alpha Engine\nrelatedEntries:\n  - id: beta\n    relationship: part-of\n---\n"
    "One [Beta](beta.md).\n\nAnd again [Beta](beta.md).\n\nThe [own page](alpha.md) and a [dead one](gone.md).\n",
    "beta.md": "---\ntitle: Beta Works\n---\nThe Alpha Engine is named here.\n",
    "gamma.md": "---\ntitle: Gamma Field\n---\nNothing to see.\n",
}


def _random_graph(seed: int = 7, size: int = 40, edges: int = 160) -> nx.DiGraph[str]:
    """A random weighted graph of one connected piece."""
    dice = random.Random(seed)
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(f"n{number:02}" for number in range(size))
    nodes = list(graph)
    while graph.number_of_edges() < edges:
        source, target = dice.sample(nodes, 2)
        graph.add_edge(source, target, weight=float(dice.randint(1, 3)))
    assert nx.is_weakly_connected(graph)
    return graph


def test_projection_has_typed_weighted_directed_edges(tmp_path: Path) -> None:
    graph = project(corpus_of(tmp_path, WIKI))
    assert list(graph) == ["alpha", "beta", "gamma"]
    assert {
        (source, target, key): (data["kind"], data["name"], data["weight"])
        for source, target, key, data in graph.edges(keys=True, data=True)
    } == {
        ("alpha", "beta", "link"): ("link", "", 2.0),
        ("alpha", "beta", "part-of"): ("relation", "part-of", 1.0),
        ("beta", "alpha", "mention"): ("mention", "", 1.0),
    }


def test_projection_keeps_where_an_edge_is_stated_first(tmp_path: Path) -> None:
    edge = project(corpus_of(tmp_path, WIKI)).edges["alpha", "beta", "link"]
    assert (edge["path"], edge["line"]) == ("alpha.md", 7)


def test_projection_of_one_kind_has_edges_of_that_kind_only(tmp_path: Path) -> None:
    graph = project(corpus_of(tmp_path, WIKI), ("mention",))
    assert list(graph.edges(keys=True)) == [("beta", "alpha", "mention")]


def test_projection_nodes_have_attributes(tmp_path: Path) -> None:
    node = project(corpus_of(tmp_path, WIKI)).nodes["alpha"]
    assert (node["title"], node["path"], node["stub"]) == ("Alpha Engine", "alpha.md", False)


def test_citations_count_a_repeated_link_once_and_a_relation_once_more(tmp_path: Path) -> None:
    graph = project_citations(corpus_of(tmp_path, WIKI))
    assert list(graph.edges(data="weight")) == [("alpha", "beta", 2.0)]
    assert list(graph) == ["alpha", "beta", "gamma"]


@pytest.mark.parametrize("seed", [1, 7, 23])
def test_pagerank_is_that_of_networkx(seed: int) -> None:
    graph = _random_graph(seed)
    expected = nx.pagerank(graph, alpha=0.85, weight="weight", tol=1e-12, max_iter=2000)
    assert {node: found.pagerank for node, found in measure(graph).items()} == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("seed", [1, 7, 23])
def test_hits_is_that_of_networkx(seed: int) -> None:
    graph = _random_graph(seed)
    hubs, authorities = nx.hits(graph, max_iter=2000, tol=1e-12)
    found = measure(graph)
    assert {node: item.hub for node, item in found.items()} == pytest.approx(hubs, abs=1e-6)
    assert {node: item.authority for node, item in found.items()} == pytest.approx(authorities, abs=1e-6)


def test_pagerank_hubs_and_authorities_each_sum_to_one() -> None:
    found = measure(_random_graph()).values()
    assert [sum(item.pagerank for item in found), sum(item.hub for item in found), sum(item.authority for item in found)] == pytest.approx(
        [1.0, 1.0, 1.0], abs=1e-6
    )


def test_hits_of_a_star_names_the_hub_and_the_authorities() -> None:
    found = measure(nx.DiGraph([("centre", "a"), ("centre", "b")]))
    assert (found["centre"].hub, found["centre"].authority) == (1.0, 0.0)
    assert (found["a"].hub, found["a"].authority) == (0.0, 0.5)


def test_hits_leaves_no_remainder_to_the_weaker_of_two_parts() -> None:
    found = measure(nx.DiGraph([("x", f"x{number}") for number in range(20)] + [("y", f"y{number}") for number in range(19)]))
    assert found["x"].hub == pytest.approx(1.0)
    assert (found["y"].hub, found["y0"].authority) == (0.0, 0.0)


def test_hits_of_a_chain_does_not_fail() -> None:
    found = measure(nx.DiGraph([("a", "b"), ("b", "c"), ("c", "d")]))
    assert sum(item.hub for item in found.values()) == pytest.approx(1.0)
    assert found["d"].hub == 0.0


def test_degrees_count_neighbours_not_weights() -> None:
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_weighted_edges_from([("a", "b", 5.0), ("a", "c", 1.0), ("c", "a", 1.0)])
    assert {node: (item.in_degree, item.out_degree) for node, item in measure(graph).items()} == {"a": (1, 2), "b": (1, 0), "c": (1, 1)}


def test_communities_are_the_same_twice() -> None:
    first, second = measure(_random_graph()), measure(_random_graph())
    assert len({item.community for item in first.values()}) > 1
    assert first == second


@pytest.mark.parametrize("seed", [1, 7, 23])
def test_communities_are_as_good_as_those_of_networkx(seed: int) -> None:
    graph = _random_graph(seed)
    undirected: nx.Graph[str] = nx.Graph()
    weight: float
    for source, target, weight in graph.edges(data="weight"):
        before = undirected.edges[source, target]["weight"] if undirected.has_edge(source, target) else 0.0
        undirected.add_edge(source, target, weight=before + weight)
    groups: dict[int, set[str]] = {}
    for node, item in measure(graph).items():
        groups.setdefault(item.community, set()).add(node)
    expected = [
        nx.community.modularity(undirected, nx.community.louvain_communities(undirected, weight="weight", seed=number))
        for number in range(9)
    ]
    assert nx.community.modularity(undirected, list(groups.values())) >= min(expected) - 1e-9
    assert [len(groups[number]) for number in range(len(groups))] == sorted(map(len, groups.values()), reverse=True)


def test_measures_do_not_depend_on_the_order_of_statements(sample: kgraph.KnowledgeGraph) -> None:
    corpus = sample.corpus
    turned = msgspec.structs.replace(corpus, links=corpus.links[::-1], relations=corpus.relations[::-1])
    assert measure(project_citations(turned)) == measure(project_citations(corpus)) == sample.rankings.measures


def test_measures_do_not_depend_on_the_hash_seed() -> None:
    code = (
        "from tests.graph.test_measures import _random_graph, measure, betweenness;"
        "print([measure(_random_graph(seed)) for seed in (1, 2, 3)], betweenness(_random_graph()))"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, cwd=REPOSITORY, capture_output=True, check=True
        ).stdout
        for seed in ("0", "1", "2")
    }  # fmt: skip
    assert len(told) == 1
    assert len(told.pop()) > 1000


def test_communities_find_two_groups_and_number_the_larger_one_first() -> None:
    small, large = ["s0", "s1", "s2"], ["t0", "t1", "t2", "t3"]
    graph: nx.DiGraph[str] = nx.DiGraph()
    for group in (small, large):
        graph.add_edges_from((first, second) for first in group for second in group if first != second)
    graph.add_edge("s0", "t0")
    found = measure(graph)
    assert [found[node].community for node in large] == [0] * 4
    assert [found[node].community for node in small] == [1] * 3


def test_betweenness_is_that_of_networkx() -> None:
    graph = _random_graph()
    assert betweenness(graph) == pytest.approx(nx.betweenness_centrality(graph), abs=1e-6)


def test_betweenness_of_a_path_is_computed_by_hand() -> None:
    assert betweenness(nx.DiGraph([("a", "b"), ("b", "c")])) == {"a": 0.0, "b": 0.5, "c": 0.0}


def test_betweenness_of_a_large_graph_is_estimated_and_the_same_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    sources: list[int | None] = []
    centrality = nx.betweenness_centrality

    def counted(graph: nx.DiGraph[str], k: int | None = None, **options: Any) -> dict[str, float]:
        sources.append(k)
        return centrality(graph, k=k, **options)

    monkeypatch.setattr(nx, "betweenness_centrality", counted)
    leaves = [f"leaf{number:04}" for number in range(2000)]
    graph = nx.DiGraph([(leaf, "centre") for leaf in leaves] + [("centre", "end")])
    found = betweenness(graph)
    assert found == betweenness(graph)
    assert found["centre"] == pytest.approx(2000 / (2001 * 2000), rel=0.02)
    assert {found[node] for node in (*leaves, "end")} == {0.0}
    assert sources == [500, 500]


def test_measures_of_the_sample_are_those_of_networkx(sample: kgraph.KnowledgeGraph) -> None:
    graph = sample.to_networkx("citation")
    ranks = nx.pagerank(graph, weight="weight", tol=1e-12, max_iter=2000)
    hubs, authorities = nx.hits(graph, max_iter=5000, tol=1e-12)
    found = sample.rankings.measures
    assert {node: item.pagerank for node, item in found.items()} == pytest.approx(ranks, abs=1e-6)
    assert {node: item.hub for node, item in found.items()} == pytest.approx(hubs, abs=1e-6)
    assert {node: item.authority for node, item in found.items()} == pytest.approx(authorities, abs=1e-6)
    assert {node: (item.in_degree, item.out_degree) for node, item in found.items()} == {
        node: (len(set(graph.predecessors(node))), len(set(graph.successors(node)))) for node in graph
    }
    leading = sample.hub_rows(3, by="betweenness")
    between = nx.betweenness_centrality(graph)
    assert [row["id"] for row in leading] == sorted(between, key=lambda node: (-between[node], node))[:3]


def test_edges_of_the_sample_are_its_statements(sample: kgraph.KnowledgeGraph) -> None:
    graph, statements = sample.to_networkx(), sample.statements
    assert list(graph) == list(sample.head.entities)
    weights: dict[str, float] = {}
    for _, _, data in graph.edges(data=True):
        weights[data["kind"]] = weights.get(data["kind"], 0.0) + data["weight"]
    assert weights == {
        "link": sum(link.target is not None and link.target != link.source for link in statements.links),
        "relation": sum(item.target is not None and item.target != item.source for item in statements.relations),
        "mention": sum(item.target != item.source for item in statements.mentions),
    }
    links: nx.DiGraph[str] = nx.DiGraph(sample.to_networkx("link"))
    assert set(links.edges) == {(link.source, link.target) for link in statements.links if link.target not in (None, link.source)}


def test_measures_of_no_node_are_none() -> None:
    empty: nx.DiGraph[str] = nx.DiGraph()
    assert (measure(empty), betweenness(empty)) == ({}, {})


def _single() -> nx.DiGraph[str]:
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_node("a")
    return graph


def _without_edges() -> nx.DiGraph[str]:
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from("abcd")
    return graph


def _disconnected() -> nx.DiGraph[str]:
    graph: nx.DiGraph[str] = nx.DiGraph([("a", "b"), ("b", "a"), ("c", "d"), ("d", "e")])
    graph.add_node("f")
    return graph


def _with_self_links() -> nx.DiGraph[str]:
    return nx.DiGraph([("a", "a"), ("a", "b"), ("c", "c")])


def _only_self_links() -> nx.DiGraph[str]:
    return nx.DiGraph([("a", "a")])


@pytest.mark.parametrize("make", [_single, _without_edges, _disconnected, _with_self_links, _only_self_links, _random_graph])
def test_measures_of_any_graph_are_in_the_unit_interval(make: Callable[[], nx.DiGraph[str]]) -> None:
    graph = make()
    found, between = measure(graph), betweenness(graph)
    assert list(found) == list(graph)
    assert list(between) == list(graph)
    for node, item in found.items():
        assert all(0.0 <= value <= 1.0 for value in (item.pagerank, item.hub, item.authority, between[node]))
        assert 0 <= item.community < len(graph)
    assert sum(item.pagerank for item in found.values()) == pytest.approx(1.0, abs=1e-6)


def test_nodes_without_edges_have_equal_pagerank_and_no_hub() -> None:
    found = measure(_without_edges())
    assert {(item.pagerank, item.hub, item.authority) for item in found.values()} == {(0.25, 0.0, 0.0)}


def test_measures_come_in_the_order_of_the_graph() -> None:
    graph: nx.DiGraph[str] = nx.DiGraph([("z", "a"), ("a", "m")])
    assert list(measure(graph)) == ["z", "a", "m"]
