"""The graph in arrays: NetworkX's functions on it give what they give on NetworkX's own graphs."""

from __future__ import annotations

import random
from typing import Any

import networkx as nx
import numpy as np
import pytest

import kgraph
from kgraph.graph.csr import CSRGraph
from kgraph.graph.measures import measure
from kgraph.graph.projection import project_citations


def _random_graph(seed: int) -> nx.DiGraph[str]:
    """A graph with dangling nodes, loops and several parts."""
    dice = random.Random(seed)
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(f"n{number:03}" for number in range(dice.randint(1, 120)))
    nodes = list(graph)
    for _ in range(dice.randint(0, 4 * len(nodes))):
        graph.add_edge(dice.choice(nodes), dice.choice(nodes[: 1 + len(nodes) // 2]), weight=float(dice.randint(1, 3)))
    return graph


def _undirected(graph: nx.DiGraph[str]) -> nx.Graph[str]:
    plain: nx.Graph[str] = nx.Graph()
    plain.add_nodes_from(graph)
    weight: float
    for source, target, weight in graph.edges(data="weight"):
        before = plain.edges[source, target]["weight"] if plain.has_edge(source, target) else 0.0
        plain.add_edge(source, target, weight=before + weight)
    return plain


def _sets(groups: Any) -> set[frozenset[str]]:
    return {frozenset(group) for group in groups}


@pytest.mark.parametrize("seed", range(30))
def test_functions_of_networkx_give_on_arrays_what_they_give_on_dictionaries(seed: int) -> None:
    graph = _random_graph(seed)
    arrays: Any = CSRGraph.from_networkx(graph)
    assert nx.pagerank(arrays) == pytest.approx(nx.pagerank(graph), abs=1e-12)
    assert nx.pagerank(arrays, weight=None) == pytest.approx(nx.pagerank(graph, weight=None), abs=1e-12)
    first = next(iter(graph))
    told: dict[str, Any] = {"alpha": 0.6, "personalization": {first: 2.0}, "dangling": {first: 1.0}, "nstart": dict.fromkeys(graph, 1.0)}
    assert nx.pagerank(arrays, **told) == pytest.approx(nx.pagerank(graph, **told), abs=1e-12)
    assert nx.in_degree_centrality(arrays) == pytest.approx(nx.in_degree_centrality(graph))
    assert nx.out_degree_centrality(arrays) == pytest.approx(nx.out_degree_centrality(graph))
    assert _sets(nx.weakly_connected_components(arrays)) == _sets(nx.weakly_connected_components(graph))
    assert nx.number_weakly_connected_components(arrays) == nx.number_weakly_connected_components(graph)
    assert _sets(nx.strongly_connected_components(arrays)) == _sets(nx.strongly_connected_components(graph))


@pytest.mark.parametrize("seed", range(40))
def test_the_same_seed_gives_the_communities_of_networkx(seed: int) -> None:
    graph = _random_graph(seed)
    arrays: Any = CSRGraph.from_networkx(graph)
    expected = nx.community.louvain_communities(_undirected(graph), weight="weight", seed=5)
    assert _sets(nx.community.louvain_communities(arrays, weight="weight", seed=5)) == _sets(expected)


def test_hits_of_one_connected_piece_is_that_of_networkx() -> None:
    graph: nx.DiGraph[int] = nx.DiGraph(nx.gnp_random_graph(60, 0.1, seed=3, directed=True))
    arrays: Any = CSRGraph.from_networkx(graph)
    for found, expected in zip(nx.hits(arrays, tol=1e-13, max_iter=5_000), nx.hits(graph, tol=1e-13), strict=True):
        assert found == pytest.approx(expected, abs=1e-8)


def test_a_function_that_is_not_there_says_so_or_falls_back() -> None:
    arrays: Any = CSRGraph.from_edges(["a", "b", "c"], [0, 1], [1, 2])
    with pytest.raises(NotImplementedError, match="kgraph"):
        nx.closeness_centrality(arrays)
    with nx.config(fallback_to_nx=True):
        assert nx.closeness_centrality(arrays) == nx.closeness_centrality(nx.DiGraph([("a", "b"), ("b", "c")]))


def test_a_backend_can_be_asked_for_by_name() -> None:
    graph = _random_graph(4)
    assert nx.pagerank(graph, backend="kgraph") == pytest.approx(nx.pagerank(graph), abs=1e-12)


def test_edges_that_repeat_add_up_and_a_graph_comes_back_whole() -> None:
    arrays = CSRGraph.from_edges(["a", "b", "c"], [2, 0, 2], [0, 1, 0], [1.0, 2.0, 3.0])
    assert list(arrays.subgraph(arrays).edges(data="weight")) == [("a", "b", 2.0), ("c", "a", 4.0)]
    graph = _random_graph(9)
    back = CSRGraph.from_networkx(graph).subgraph(graph)
    assert (list(back), list(back.edges(data=True))) == (list(graph), list(graph.edges(data=True)))
    several: nx.MultiDiGraph[str] = nx.MultiDiGraph([("a", "b"), ("a", "b")])
    assert list(CSRGraph.from_networkx(several).subgraph("ab").edges(data="weight")) == [("a", "b", 2.0)]


def test_what_is_near_is_a_part_of_the_whole(sample: kgraph.KnowledgeGraph) -> None:
    graph, arrays = sample.to_networkx("citation"), sample.to_csr()
    assert (len(arrays), arrays.number_of_edges()) == (len(graph), graph.number_of_edges())
    node = max(graph, key=graph.degree)
    near = arrays.near(node)
    assert set(near) == {node, *graph.successors(node), *graph.predecessors(node)}
    assert set(near.edges) == set(graph.subgraph(near).edges)
    assert len(arrays.near(node, depth=3, most=20)) == 20


def test_measures_of_arrays_are_those_of_the_projection(sample: kgraph.KnowledgeGraph) -> None:
    assert measure(sample.to_csr()) == measure(project_citations(sample.corpus))


def test_weights_of_a_million_edges_are_kept_without_a_dictionary() -> None:
    draw = np.random.default_rng(3)
    arrays: Any = CSRGraph.from_edges(range(50_000), *draw.integers(0, 50_000, (2, 1_000_000)))
    assert "index" not in arrays.__dict__
    assert sum(nx.pagerank(arrays).values()) == pytest.approx(1.0)
    assert "index" not in arrays.__dict__
