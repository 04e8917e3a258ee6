"""What changed between two builds, as a picture."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from kgraph.errors import RenderError
from kgraph.picturing.parts import assemble
from kgraph.render.picture import NodeChange, Picture, PictureEdge

if TYPE_CHECKING:
    from kgraph.api.lists import Lists
    from kgraph.diff import Difference, Statement

__all__ = ["picture_of_changes"]


def picture_of_changes(new: Lists, old: Lists, difference: Difference) -> Picture:
    """Entities, links and relations that came, went or changed, and what they join.

    Args:
        new: The newer build; it gives titles, sizes and colours.
        old: The older build, for what is gone.
        difference: What differs between the two.

    Raises:
        RenderError: nothing differs that a picture can show.

    """
    change: dict[str, NodeChange] = {item.id: "added" for item in difference.entities_added}
    change |= {item.id: "removed" for item in difference.entities_removed}
    owners = {path: page.entity for path, page in new.head.pages.items()}
    for field in (*difference.entities_changed, *difference.pages_changed):
        change.setdefault(owners.get(field.id, field.id), "changed")
    edges = [
        *_edges(new, difference.links_added, "added"), *_edges(new, difference.relations_added, "added"),
        *_edges(old, difference.links_removed, "removed"), *_edges(old, difference.relations_removed, "removed"),
    ]  # fmt: skip
    shown = set(change) | {end for edge in edges for end in (edge.source, edge.target)}
    here, gone = shown & new.head.entities.keys(), (shown - new.head.entities.keys()) & old.head.entities.keys()
    if not here | gone:
        raise RenderError("nothing differs that a picture can show")
    picture = assemble(new, here, edges, title="What changed", note=_note(change, edges))
    before = assemble(old, gone, (), title="")
    nodes = sorted((*picture.nodes, *before.nodes), key=lambda node: node.id)
    return replace(picture, nodes=tuple(replace(node, change=change.get(node.id)) for node in nodes))


def _edges(kg: Lists, statements: Iterable[Statement], kind: str) -> list[PictureEdge]:
    vocabulary, known = kg.config.relation_vocabulary(), kg.head.entities
    return [
        PictureEdge(
            source=item.source, target=item.target, kind=kind, weight=0.5,  # type: ignore[arg-type]
            label=None if item.name == "link" else vocabulary.label(item.name), reasons=(f"{item.path}:{item.line}",),
        )
        for item in statements if item.source in known and item.target in known and item.source != item.target
    ]  # fmt: skip


def _note(change: dict[str, NodeChange], edges: list[PictureEdge]) -> str:
    entities = [f"{list(change.values()).count(kind)} {kind}" for kind in ("added", "removed", "changed")]
    return f"Entities: {', '.join(entities)}. Links and relations: {sum(edge.kind == 'added' for edge in edges)} added, " + (
        f"{sum(edge.kind == 'removed' for edge in edges)} removed."
    )
