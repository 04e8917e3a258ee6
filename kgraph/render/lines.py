"""From the edges of a picture to the lines that are drawn: what says the same twice is one line."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from kgraph.render.picture import Picture, PictureEdge

__all__ = ["Line", "lines_of"]

Key = tuple[str, str, str, str | None]
"""Source, target, kind and label of an edge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line between two nodes."""

    edge: PictureEdge
    both: bool
    """Whether it stands for two edges of a kind, one in each direction."""
    under: bool
    """Whether a relation between the same two says more: then this line is told of, and drawn only while relations are hidden."""
    curve: float
    """How far it is bent, at least 0: 0 for the strongest between two nodes."""


def lines_of(picture: Picture) -> list[Line]:
    """Return the lines to draw, the most telling first.

    Self-loops and edges to nodes that the picture does not have are left out. Of two relations of which one is the inverse of the other, as
    "mitigates" and "mitigated by", the one with the shorter name stands for both.
    """
    single = _without_inverses(_singles(picture))
    telling = {frozenset(key[:2]) for key, edge in single.items() if _tells(edge)}
    related = {frozenset(key[:2]) for key, edge in single.items() if edge.kind == "relation"}
    merged: list[tuple[PictureEdge, bool]] = []
    for (source, target, kind, label), edge in single.items():
        back = single.get((target, source, kind, label))
        if back is None or source < target:
            strongest = edge if back is None or edge.weight >= back.weight else back
            merged.append((strongest, back is not None))
    parallel: Counter[frozenset[str]] = Counter()
    drawn: list[tuple[frozenset[str], PictureEdge, bool, bool]] = []
    told = list(drawn)
    for edge, both in _strongest_first(merged):
        pair = frozenset((edge.source, edge.target))
        under = not _tells(edge) and pair in {"link": related, "relation": telling}.get(edge.kind, ())
        (told if under else drawn).append((pair, edge, both, under))
    lines = []
    for pair, edge, both, under in [*drawn, *told]:
        lines.append(Line(edge=edge, both=both, under=under, curve=round(0.16 * parallel[pair], 2)))
        parallel[pair] += 1
    return lines


def _tells(edge: PictureEdge) -> bool:
    """Whether it is a relation that says more than that its ends are related."""
    return edge.kind == "relation" and (edge.inverse is None or edge.inverse != edge.label)


def _singles(picture: Picture) -> dict[Key, PictureEdge]:
    """Return the edges without repetitions, the stronger of two the same, in a fixed order."""
    known = {node.id for node in picture.nodes}
    found: dict[Key, PictureEdge] = {}
    for edge in picture.edges:
        if edge.source == edge.target or edge.source not in known or edge.target not in known:
            continue
        key = (edge.source, edge.target, edge.kind, edge.label)
        if key not in found or found[key].weight < edge.weight:
            found[key] = edge
    return {key: found[key] for key in sorted(found, key=lambda key: (*key[:3], key[3] or ""))}


def _without_inverses(single: dict[Key, PictureEdge]) -> dict[Key, PictureEdge]:
    found = dict(single)
    for key, edge in single.items():
        source, target, kind, label = key
        turned = (target, source, kind, edge.inverse)
        if kind != "relation" or edge.inverse in (None, label) or key not in found or turned not in found:
            continue
        kept, dropped = sorted((key, turned), key=lambda one: (len(one[3] or ""), one[3] or "", one[0]))
        found[kept] = replace(found[kept], weight=max(found[kept].weight, found[dropped].weight))
        del found[dropped]
    return found


def _strongest_first(edges: list[tuple[PictureEdge, bool]]) -> list[tuple[PictureEdge, bool]]:
    """Return the edges so that any first part of them is a good summary of the whole.

    Each node's strongest edge comes before anybody's second strongest, and so on; a curated relation
    counts as stronger than any other edge.
    """

    def strength(edge: PictureEdge) -> tuple[bool, float, str, str, str, str]:
        return (edge.kind != "relation", -edge.weight, edge.source, edge.target, edge.kind, edge.label or "")

    seen: Counter[str] = Counter()
    levels: list[tuple[int, tuple[PictureEdge, bool]]] = []
    for item in sorted(edges, key=lambda item: strength(item[0])):
        edge = item[0]
        levels.append((min(seen[edge.source], seen[edge.target]), item))
        seen.update((edge.source, edge.target))
    return [item for _, item in sorted(levels, key=lambda entry: entry[0])]
