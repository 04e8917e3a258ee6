"""From many nodes to few: one for each community or each type, joined by how much joins their members."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Literal

from kgraph.render.picture import Picture, PictureEdge, PictureNode

__all__ = ["GroupBy", "overview"]

GroupBy = Literal["community", "type"]
"""What the nodes of an overview stand for."""
_MOST_GROUPS = 120
"""Communities drawn, the largest ones."""
_LEADING = 8
"""Members that a group tells."""
_EDGES_EACH = 6
"""Strongest edges that each group brings in."""


def overview(picture: Picture, by: GroupBy) -> Picture:
    """One node for each community or type of a picture, its area by the number of members, and the edges between groups summed up.

    A community goes by its most important member and has the type that most of its members have. Of edges, the strongest few of each
    group are kept, by number over what the sizes of the two groups let expect; an edge tells how many it stands for.
    Edges within a group and nodes without a community are counted, not drawn.
    """
    groups: dict[str, list[PictureNode]] = defaultdict(list)
    for node in sorted(picture.nodes, key=lambda node: (-node.importance, node.id)):
        if by == "type":
            groups[f"type:{node.type}"].append(node)
        elif node.community is not None:
            groups[f"community:{node.community}"].append(node)
    shown = sorted(groups, key=lambda key: (-len(groups[key]), key))
    if by == "community":
        # A community of one is no community.
        shown = [key for key in shown if len(groups[key]) > 1][:_MOST_GROUPS] or shown[:_MOST_GROUPS]
    group_of = {node.id: key for key in shown for node in groups[key]}
    within, between = _counted(picture, group_of)
    largest = max((len(groups[key]) for key in shown), default=1)
    nodes = tuple(sorted((_node(key, groups[key], within[key], largest, by) for key in shown), key=lambda node: node.id))
    told = sum(len(groups[key]) for key in shown)
    things = "types" if by == "type" else "communities"
    note = f"{len(shown):,} {things} with {told:,} of {len(picture.nodes):,} entities; the area of a node is its number of entities"
    edges = _edges(between, {key: len(groups[key]) for key in shown})
    return Picture(title=f"{picture.title} by {by}", nodes=nodes, edges=edges, type_order=picture.type_order, note=note, groups=True)


def _counted(picture: Picture, group_of: dict[str, str]) -> tuple[Counter[str], Counter[tuple[str, str]]]:
    """Edges within each group, and between each ordered pair of groups."""
    within: Counter[str] = Counter()
    between: Counter[tuple[str, str]] = Counter()
    for edge in picture.edges:
        source, target = group_of.get(edge.source), group_of.get(edge.target)
        if source is None or target is None or edge.kind == "related":
            continue
        if source == target:
            within[source] += 1
        else:
            between[source, target] += 1
    return within, between


def _node(key: str, members: list[PictureNode], within: int, largest: int, by: GroupBy) -> PictureNode:
    count = Counter(member.type for member in members)
    kind = min(count, key=lambda name: (-count[name], name))
    labels = {member.type: member.type_label for member in members}
    leading = tuple(member.title for member in members[:_LEADING])
    common = ", ".join(f"{labels[name]} {count[name]:,}" for name in sorted(count, key=lambda name: (-count[name], name))[:4])
    title = labels[kind] if by == "type" else leading[0]
    told = f"{key.replace(':', ' ').capitalize()}: {len(members):,} entities, {within:,} links and relations among them" + (
        "" if by == "type" else f": {common}"
    )
    return PictureNode(
        id=key, title=title, type=kind, type_label=labels[kind], summary=told, href=None, importance=len(members) / largest,
        related=leading,
    )  # fmt: skip


def _edges(between: Counter[tuple[str, str]], sizes: dict[str, int]) -> tuple[PictureEdge, ...]:
    """The strongest edges of each group, the stronger direction of each pair with both numbers."""
    pairs = {tuple(sorted(pair)) for pair in between}
    total = {(a, b): between[a, b] + between[b, a] for a, b in pairs}
    expected = {(a, b): count / (sizes[a] * sizes[b]) ** 0.5 for (a, b), count in total.items()}
    ordered = sorted(total, key=lambda pair: (-expected[pair], pair))
    kept: list[tuple[str, str]] = []
    seen: Counter[str] = Counter()
    for pair in ordered:
        if min(seen[pair[0]], seen[pair[1]]) < _EDGES_EACH:
            kept.append(pair)
            seen.update(pair)
    most = max((total[pair] for pair in kept), default=1)
    edges = []
    for a, b in kept:
        source, target = (a, b) if between[a, b] >= between[b, a] else (b, a)
        told = f"{between[source, target]:,} links and relations this way, {between[target, source]:,} the other way"
        weight = max(0.02, (total[a, b] / most) ** 0.5)
        edges.append(PictureEdge(source=source, target=target, kind="link", label=f"{total[a, b]:,}", weight=weight, reasons=(told,)))
    return tuple(sorted(edges, key=lambda edge: (edge.source, edge.target)))
