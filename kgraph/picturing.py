"""From a build to a picture: which entities and connections a graph page shows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from kgraph.errors import RenderError
from kgraph.render.picture import Picture, PictureEdge, PictureNode

if TYPE_CHECKING:
    from kgraph.api.lists import Lists

__all__ = ["picture_of"]

_NEIGHBOURS = 32
_RELATED_EDGES = 4
_EDGES_EACH = 2


def picture_of(kg: Lists, name: str | None, *, depth: int = 1, max_nodes: int | None = None, type: str | None = None) -> Picture:
    """The whole graph, or the neighbourhood of one entity.

    Args:
        kg: Build to show.
        name: Entity in the middle, by any of its names; the whole graph when None.
        depth: Steps from the entity along links, relations and its most related ones.
        max_nodes: Nodes at the most: of a neighbourhood the most related ones, of the whole graph those with the highest
            PageRank.
        type: Only entities of this type, and the one in the middle.

    Raises:
        UnknownPageError: no entity goes by that name.
        RenderError: nothing is left to show.

    """
    if depth < 0 or (max_nodes is not None and max_nodes < 1):
        raise RenderError("--depth must be 0 or more, and --max-nodes 1 or more")
    entities, measures = kg.head.entities, kg.rankings.measures
    focus = kg.entity_id(name) if name is not None else None
    wanted = kg.types.canonical(type) if type else None
    if focus is None:
        order = sorted(entities, key=lambda entity_id: (-measures[entity_id].pagerank, entity_id))
    else:
        order = _neighbourhood(kg, focus, depth, max_nodes or _NEIGHBOURS)
    shown = [entity_id for entity_id in order if wanted is None or entities[entity_id].type == wanted or entity_id == focus]
    shown = shown[: max_nodes or len(shown)]
    if not shown:
        found = ", ".join(sorted({entity.type for entity in entities.values()}))
        raise RenderError(f"no entity has the type {type!r}: the types here are {found}")
    largest = max(measures[entity_id].pagerank for entity_id in measures) or 1.0
    nodes = tuple(_node(kg, entity_id, largest, entity_id == focus) for entity_id in sorted(shown))
    title = entities[focus].title if focus else "All pages"
    count = Counter(entity.type for entity in entities.values())
    order_of_types = tuple(sorted(count, key=lambda kind: (-count[kind], kind)))
    return Picture(title=title, nodes=nodes, edges=_edges(kg, set(shown), focus), type_order=order_of_types)


def _node(kg: Lists, entity_id: str, largest: float, focus: bool) -> PictureNode:
    entity = kg.head.entities[entity_id]
    related = tuple(
        f"{kg.head.entities[item.id].title}: {item.reasons[0].text}" for item in kg.rankings.related.get(entity_id, ())[:3] if item.reasons
    )
    return PictureNode(
        id=entity.id, title=entity.title, type=entity.type, type_label=kg.types.plural(entity.type), summary=entity.summary,
        href=entity.href, importance=kg.rankings.measures[entity_id].pagerank / largest, related=related, focus=focus,
    )  # fmt: skip


def _neighbourhood(kg: Lists, focus: str, depth: int, most: int) -> list[str]:
    """The entity and what is near it: step by step, the most related first."""
    joined: dict[str, set[str]] = defaultdict(set)
    for link in kg.statements.links:
        if link.target:
            joined[link.source].add(link.target)
            joined[link.target].add(link.source)
    for relation in kg.statements.relations:
        if relation.target:
            joined[relation.source].add(relation.target)
            joined[relation.target].add(relation.source)
    chosen = {focus: None}
    edge = [focus]
    for _ in range(depth):
        reached: dict[str, float] = {}
        for entity_id in edge:
            scores = dict(kg.scores.candidates(entity_id))
            listed = {item.id for item in kg.rankings.related.get(entity_id, ())[:10]}
            for other in joined[entity_id] | listed:
                reached[other] = max(reached.get(other, 0.0), scores.get(other, 0.0))
        edge = [other for other in sorted(reached, key=lambda other: (-reached[other], other)) if other not in chosen]
        edge = edge[: max(0, most - len(chosen))]
        chosen.update(dict.fromkeys(edge))
    return list(chosen)


def _edges(kg: Lists, shown: set[str], focus: str | None) -> tuple[PictureEdge, ...]:
    """Relations and links between the nodes shown, and the strongest computed relatedness where neither is."""
    scores: dict[tuple[str, str], float] = {
        (source, item.id): item.score for source in shown for item in kg.rankings.related.get(source, ()) if item.id in shown
    }
    relations = kg.config.relation_vocabulary()
    found: dict[tuple[str, str], PictureEdge] = {}
    for relation in kg.statements.relations:
        if relation.target in shown and relation.source in shown and relation.target != relation.source:
            pair = (relation.source, str(relation.target))
            label = relations.label(relation.name)
            if pair not in found or found[pair].label == "related":
                found[pair] = _edge(pair, "relation", label, scores)
    for link in kg.statements.links:
        if link.target in shown and link.source in shown and link.target != link.source:
            found.setdefault((link.source, str(link.target)), _edge((link.source, str(link.target)), "link", None, scores))
    for source in sorted(shown):
        items = [item for item in kg.rankings.related.get(source, ()) if item.id in shown]
        limit = 3 * _RELATED_EDGES if source == focus else _RELATED_EDGES
        for item in items[:limit]:
            if (source, item.id) not in found and (item.id, source) not in found:
                found[source, item.id] = _edge((source, item.id), "related", None, scores)
    kept = found.values() if focus is None else _strongest(found.values(), focus)
    return tuple(sorted(kept, key=lambda edge: (edge.source, edge.target)))


def _strongest(edges: Iterable[PictureEdge], focus: str) -> list[PictureEdge]:
    """Of a neighbourhood: all that touches the middle and all telling relations, and the strongest few of each other node."""
    kept: list[PictureEdge] = []
    count: Counter[str] = Counter()
    for edge in sorted(edges, key=lambda edge: (-edge.weight, edge.source, edge.target)):
        telling = edge.label is not None and edge.label != "related"
        if focus in (edge.source, edge.target) or telling or min(count[edge.source], count[edge.target]) < _EDGES_EACH:
            kept.append(edge)
            if focus not in (edge.source, edge.target):
                count[edge.source] += 1
                count[edge.target] += 1
    return kept


def _edge(pair: tuple[str, str], kind: str, label: str | None, scores: dict[tuple[str, str], float]) -> PictureEdge:
    weight = max(scores.get(pair, 0.0), scores.get((pair[1], pair[0]), 0.0), 0.05)
    return PictureEdge(source=pair[0], target=pair[1], kind=kind, label=label, weight=min(1.0, weight))  # type: ignore[arg-type]
