"""Pictures for the tests: a whole site of clusters, and the surroundings of one entity."""

from __future__ import annotations

import random
from itertools import accumulate

from kgraph.render.picture import EdgeKind, Picture, PictureEdge, PictureNode

_TYPES = (
    ("organization", "Organizations"),
    ("person", "People"),
    ("concept", "Concepts"),
    ("risk", "Risks"),
    ("approach", "Approaches"),
    ("model", "Models"),
    ("event", "Events"),
    ("policy", "Policies"),
    ("benchmark", "Benchmarks"),
    ("paper", "Papers"),
)
_FIRST = (
    "Adaptive",
    "Baseline",
    "Causal",
    "Distributed",
    "Emergent",
    "Formal",
    "Global",
    "Hidden",
    "Iterated",
    "Joint",
    "Kernel",
    "Latent",
    "Modular",
    "Neural",
    "Open",
    "Partial",
    "Quiet",
    "Robust",
    "Scalable",
    "Temporal",
    "Unified",
    "Verified",
    "Weighted",
)
_SECOND = (
    "Alignment",
    "Benchmark",
    "Control",
    "Debate",
    "Evaluation",
    "Forecast",
    "Governance",
    "Hazard",
    "Institute",
    "Journal",
    "Knowledge",
    "Laboratory",
    "Monitoring",
    "Network",
    "Oversight",
    "Policy",
    "Research",
    "Safety",
    "Training",
    "Agenda",
)
_THIRD = ("", "", "", " Group", " of Large Systems", " II", " Initiative", " under Distribution Shift")
_RELATIONS = ("mitigated by", "part of", "funded by", "authored", "evaluates", "precedes")


def _title(rng: random.Random, number: int) -> str:
    words = f"{rng.choice(_FIRST)} {rng.choice(_SECOND)}{rng.choice(_THIRD)}"
    return words if number % 7 else f"{words} ({number})"


def make_node(number: int, *, title: str | None = None, importance: float = 0.1, **more: object) -> PictureNode:
    """Return a node called ``n0000`` and so on; ``more`` overrides any field."""
    key, label = _TYPES[number % len(_TYPES)]
    fields: dict[str, object] = {
        "id": f"n{number:04d}",
        "title": title if title is not None else f"Node {number}",
        "type": key,
        "type_label": label,
        "summary": f"What node {number} is about, in a sentence or two of plain text.",
        "href": f"wiki/n{number:04d}.html",
        "importance": importance,
    }
    fields.update(more)
    return PictureNode(**fields)  # type: ignore[arg-type]


def make_edge(source: str, target: str, *, kind: EdgeKind = "link", label: str | None = None, weight: float = 0.5) -> PictureEdge:
    """Return an edge with usual values."""
    return PictureEdge(source=source, target=target, kind=kind, label=label, weight=weight)


def whole(*, nodes: int = 700, edges: int = 8000, clusters: int = 10, seed: int = 7) -> Picture:
    """Return a site of clusters with power-law degrees, a few small islands and isolated nodes."""
    rng = random.Random(seed)
    members: list[list[int]] = [[] for _ in range(clusters)]
    islands = nodes // 50
    for number in range(nodes - 2 * islands):
        members[min(int(rng.expovariate(0.28)), clusters - 1)].append(number)
    pull = [1.0 / (rank + 4) ** 0.85 for rank in range(nodes)]
    order = list(range(nodes))
    rng.shuffle(order)
    strength = {number: pull[rank] for rank, number in enumerate(order)}
    found: dict[tuple[int, int, str], PictureEdge] = {}
    home = {number: index for index, group in enumerate(members) for number in group}
    connected = sorted(home)
    summed = list(accumulate(strength[number] for number in connected))
    summed_in = [list(accumulate(strength[number] for number in group)) for group in members]
    for number in range(nodes - 2 * islands, nodes - islands, 2):
        found[(number, number + 1, "link")] = make_edge(f"n{number:04d}", f"n{number + 1:04d}")
    while len(found) < edges and len(connected) > 1:
        a = rng.choices(connected, cum_weights=summed)[0]
        near = rng.random() < 0.86
        b = rng.choices(members[home[a]] if near else connected, cum_weights=summed_in[home[a]] if near else summed)[0]
        kind: EdgeKind = rng.choices(("relation", "link", "related"), (1, 6, 5))[0]
        if a != b and (a, b, kind) not in found:
            label = rng.choice(_RELATIONS) if kind == "relation" else None
            weight = round(min(1.0, 0.05 + rng.betavariate(1.3, 4)), 3)
            found[(a, b, kind)] = make_edge(f"n{a:04d}", f"n{b:04d}", kind=kind, label=label, weight=weight)
    top = max(strength.values())
    type_of = {number: rng.randrange(10) if rng.random() < 0.4 else home.get(number, 0) % 10 for number in range(nodes)}
    made = []
    for number in range(nodes):
        key, label = _TYPES[type_of[number]]
        made.append(
            make_node(
                number,
                title=_title(rng, number),
                importance=round(strength[number] / top, 4),
                hub=round(1 - strength[number] / top, 4),
                authority=round(strength[number] / top, 4),
                community=home.get(number, clusters),
                type=key,
                type_label=label,
                related=(
                    f"{_title(rng, number)}: shares 4 sources",
                    f"{_title(rng, 1)}: often linked together",
                ),
            )
        )
    communities = {number: f"Cluster {number}" for number in range(clusters + 1)}
    return Picture(title="A whole wiki", nodes=tuple(made), edges=tuple(found[key] for key in sorted(found)), communities=communities)


def neighbourhood(*, neighbours: int = 30, seed: int = 3) -> Picture:
    """Return one focus node with its neighbours and the edges among them."""
    rng = random.Random(seed)
    made = [
        make_node(
            0,
            title="Scalable Oversight",
            importance=0.8,
            focus=True,
            type="approach",
            type_label="Approaches",
        )
    ]
    found: dict[tuple[str, str, str], PictureEdge] = {}
    for number in range(1, neighbours + 1):
        made.append(make_node(number, title=_title(rng, number), importance=round(rng.paretovariate(2) / 12, 3) % 1.0))
        kind: EdgeKind = ("relation", "link", "related")[min(2, number * 3 // neighbours)]
        label = rng.choice(_RELATIONS) if kind == "relation" else None
        ends = ("n0000", f"n{number:04d}") if rng.random() < 0.6 else (f"n{number:04d}", "n0000")
        found[(*ends, kind)] = make_edge(*ends, kind=kind, label=label, weight=round(1 - number / 40, 3))
    for _ in range(neighbours * 5 // 4 if neighbours > 1 else 0):
        a, b = rng.sample(range(1, neighbours + 1), 2)
        if (a - b) % 10 and rng.random() < 0.4:
            continue
        kind = rng.choice(("link", "related"))
        ends = (f"n{a:04d}", f"n{b:04d}")
        found[(*ends, kind)] = make_edge(*ends, kind=kind, weight=round(rng.uniform(0.1, 0.6), 3))
    return Picture(title="Around Scalable Oversight", nodes=tuple(made), edges=tuple(found[key] for key in sorted(found)))
