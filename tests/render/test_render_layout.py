from __future__ import annotations

import os
import subprocess
import sys
import time
from itertools import combinations
from math import dist
from pathlib import Path

import pytest

from kgraph.render.layout import layout_positions
from kgraph.render.picture import Picture
from kgraph.render.sizes import node_radius
from tests.render.pictures import make_edge, make_node, neighbourhood, whole

_HASHED = """
import hashlib, sys
sys.path.insert(0, {here!r})
from tests.render.pictures import neighbourhood, whole
from kgraph.render.layout import layout_positions
from kgraph.render.page import render_page
text = repr(sorted(layout_positions(whole(nodes=200, edges=900)).items())) + render_page(neighbourhood())
print(hashlib.sha256(text.encode()).hexdigest())
"""


def test_the_same_for_every_hash_seed() -> None:
    code = _HASHED.format(here=str(Path(__file__).resolve().parents[2]))
    found = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("0", "1", "4242")
    }
    assert len(found) == 1


def test_global_random_state_is_neither_used_nor_changed() -> None:
    import random

    import numpy as np

    picture = whole(nodes=60, edges=150)
    first = layout_positions(picture)
    random.seed(5)
    np.random.seed(5)
    state = random.getstate()
    assert layout_positions(picture) == first
    assert random.getstate() == state


def test_order_of_edges_does_not_matter() -> None:
    picture = whole(nodes=60, edges=150)
    turned = Picture(title=picture.title, nodes=picture.nodes, edges=tuple(reversed(picture.edges)))
    assert layout_positions(turned) == layout_positions(picture)


@pytest.mark.parametrize("nodes", [1, 2, 3, 5])
def test_few_nodes_without_edges(nodes: int) -> None:
    positions = layout_positions(Picture(title="Few", nodes=tuple(make_node(n) for n in range(nodes)), edges=()))
    assert len(set(positions.values())) == nodes
    assert all(abs(value) < 500 for spot in positions.values() for value in spot)


def test_empty() -> None:
    assert layout_positions(Picture(title="None", nodes=(), edges=())) == {}


def test_self_loops_and_unknown_ends_are_passed_over() -> None:
    nodes = (make_node(0), make_node(1))
    edges = (make_edge("n0000", "n0000"), make_edge("n0000", "n0001"), make_edge("n0001", "gone"))
    assert layout_positions(Picture(title="Odd", nodes=nodes, edges=edges)) == layout_positions(
        Picture(title="Odd", nodes=nodes, edges=edges[1:2])
    )


@pytest.mark.parametrize("picture", [whole(), whole(nodes=300, edges=500), neighbourhood(), neighbourhood(neighbours=80)])
def test_nodes_do_not_overlap(picture: Picture) -> None:
    positions = layout_positions(picture)
    radius = {node.id: node_radius(picture, node) for node in picture.nodes}
    touching = [(a, b) for a, b in combinations(positions, 2) if dist(positions[a], positions[b]) < 0.95 * (radius[a] + radius[b])]
    assert len(touching) <= len(positions) // 100


def test_clusters_stay_together() -> None:
    picture = whole(nodes=300, edges=3000)
    positions = layout_positions(picture)
    within = [dist(positions[edge.source], positions[edge.target]) for edge in picture.edges]
    anywhere = [dist(positions[a], positions[b]) for a, b in combinations(positions, 2)]
    assert sum(within) / len(within) < 0.6 * sum(anywhere) / len(anywhere)


def test_nothing_flies_off() -> None:
    positions = sorted(dist((0, 0), spot) for spot in layout_positions(whole()).values())
    assert positions[-1] < 2.2 * positions[int(0.8 * len(positions))]


@pytest.mark.parametrize("neighbours", [1, 7, 30, 120])
def test_focus_in_the_centre(neighbours: int) -> None:
    positions = layout_positions(neighbourhood(neighbours=neighbours))
    assert positions["n0000"] == (0.0, 0.0)


def test_stronger_neighbours_are_nearer() -> None:
    nodes = [make_node(0, focus=True), *(make_node(n) for n in range(1, 31))]
    edges = tuple(make_edge("n0000", f"n{n:04d}", weight=1 - n / 40) for n in range(1, 31))
    positions = layout_positions(Picture(title="Star", nodes=tuple(nodes), edges=edges))
    reach = {node: dist((0, 0), (x / 1.45, y)) for node, (x, y) in positions.items()}
    assert max(reach[f"n{n:04d}"] for n in range(1, 11)) < min(reach[f"n{n:04d}"] for n in range(11, 31))


def test_a_whole_site_in_time() -> None:
    picture = whole()
    start = time.process_time()
    layout_positions(picture)
    assert time.process_time() - start < 8
