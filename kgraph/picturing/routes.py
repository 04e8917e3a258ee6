"""How two entities are connected, as a picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from kgraph.errors import RenderError
from kgraph.picturing.parts import assemble, edges_between
from kgraph.render.picture import Picture, PictureEdge

if TYPE_CHECKING:
    from kgraph.api.lists import Lists

__all__ = ["picture_of_paths"]

_PATHS = 5


def picture_of_paths(kg: Lists, source: str, target: str, *, count: int = _PATHS) -> Picture:
    """The most telling paths between two entities: every entity and every connection on them.

    Raises:
        UnknownPageError: no entity goes by one of the names.
        RenderError: nothing connects them, or they are the same.

    """
    steps = kg.path(source, target, count=count)
    ends = kg.entity_id(source), kg.entity_id(target)
    titles = [kg.head.entities[end].title for end in ends]
    if ends[0] == ends[1]:
        raise RenderError(f"{titles[0]!r} is at both ends: give two entities")
    if steps.empty:
        raise RenderError(f"nothing connects {titles[0]!r} and {titles[1]!r}")
    pairs = {(str(one), str(other)): str(how) for one, other, how in zip(steps["id"], steps["next_id"], steps["how"], strict=True)}
    ids = {entity_id for pair in pairs for entity_id in pair}
    edges = list(_on_the_way(edges_between(kg, ids), pairs))
    edges += [
        PictureEdge(source=one, target=other, kind="link", label=how, weight=0.3) for (one, other), how in pairs.items()
        if not {(one, other), (other, one)} & {(edge.source, edge.target) for edge in edges}
    ]  # fmt: skip
    lanes = tuple((*walk["id"], walk["next_id"].iloc[-1]) for _, walk in steps.groupby("path"))
    note = "One path" if len(lanes) == 1 else f"{len(lanes)} paths, the most telling one in the middle"
    return replace(assemble(kg, ids, edges, title=f"{titles[0]} → {titles[1]}", focus=ends[0], note=note), lanes=lanes)


def _on_the_way(edges: list[PictureEdge], pairs: dict[tuple[str, str], str]) -> Iterator[PictureEdge]:
    """Statements along the paths; computed relatedness is no step of a path."""
    for edge in edges:
        if edge.kind != "related" and ((edge.source, edge.target) in pairs or (edge.target, edge.source) in pairs):
            yield edge
