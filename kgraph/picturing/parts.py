"""What pictures are made of: the nodes and edges of chosen entities."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from kgraph.model.relations import RELATED
from kgraph.render.picture import Picture, PictureEdge, PictureNode

if TYPE_CHECKING:
    from kgraph.api.lists import Lists
    from kgraph.rank.rankings import RelatedItem

__all__ = ["assemble", "edges_between", "strongest_edges"]

_RELATED_EDGES = 4
_EDGES_EACH = 2
_REASONS = 2
_REASON_LENGTH = 160
_WEAKEST = 0.05
_MANY_EDGES = 3_000
"""From so many edges on, each tells its strongest reason alone."""


def assemble(
    kg: Lists, ids: Iterable[str], edges: Iterable[PictureEdge], *, title: str, focus: str | None = None, note: str | None = None
) -> Picture:  # fmt: skip
    """A picture of these entities and edges; all pictures of one build agree in colours and sizes."""
    entities, measures = kg.head.entities, kg.rankings.measures
    most = {name: max((getattr(one, name) for one in measures.values()), default=0.0) or 1.0 for name in ("pagerank", "hub", "authority")}

    def node(entity_id: str) -> PictureNode:
        entity, one = entities[entity_id], measures[entity_id]
        related = tuple(
            f"{entities[item.id].title}: {item.reasons[0].text}" for item in kg.rankings.related.get(entity_id, ())[:3] if item.reasons
        )
        return PictureNode(
            id=entity.id, title=entity.title, type=entity.type, type_label=kg.types.plural(entity.type), summary=entity.summary,
            href=entity.href, importance=one.pagerank / most["pagerank"], hub=one.hub / most["hub"],
            authority=one.authority / most["authority"], community=one.community, related=related, focus=entity_id == focus,
        )  # fmt: skip

    nodes = tuple(node(entity_id) for entity_id in sorted(set(ids)))
    count = Counter(entity.type for entity in entities.values())
    return Picture(
        title=title, nodes=nodes, edges=tuple(sorted(edges, key=lambda edge: (edge.source, edge.target, edge.kind, edge.label or ""))),
        type_order=tuple(sorted(count, key=lambda kind: (-count[kind], kind))), note=note,
        communities={number: entities[members[0]].title for number, members in kg.community_members.items()},
    )  # fmt: skip


def edges_between(kg: Lists, shown: set[str], *, focus: str | None = None) -> list[PictureEdge]:
    """Relations and links between the entities shown, and the strongest computed relatedness where neither is."""
    items = {(source, item.id): item for source in shown for item in kg.rankings.related.get(source, ()) if item.id in shown}
    vocabulary = kg.config.relation_vocabulary()
    found: dict[tuple[str, str], PictureEdge] = {}
    for relation in kg.statements.relations:
        if relation.target in shown and relation.source in shown and relation.target != relation.source:
            pair = (relation.source, str(relation.target))
            if pair not in found or found[pair].label == vocabulary.label(RELATED):
                inverse = vocabulary.inverse(relation.name)
                found[pair] = _edge(
                    pair, "relation", vocabulary.label(relation.name), items, inverse=None if inverse is None else vocabulary.label(inverse)
                )
    for link in kg.statements.links:
        if link.target in shown and link.source in shown and link.target != link.source:
            pair = (link.source, str(link.target))
            if pair not in found:
                found[pair] = _edge(pair, "link", None, items)
    for source in sorted(shown):
        near = [item for item in kg.rankings.related.get(source, ()) if item.id in shown]
        for item in near[: 3 * _RELATED_EDGES if source == focus else _RELATED_EDGES]:
            if (source, item.id) not in found and (item.id, source) not in found:
                found[source, item.id] = _edge((source, item.id), "related", None, items)
    return _with_reasons(found, items)


def _edge(
    pair: tuple[str, str], kind: str, label: str | None, items: dict[tuple[str, str], RelatedItem], *, inverse: str | None = None
) -> PictureEdge:
    scores = [items[way].score for way in (pair, pair[::-1]) if way in items]
    weight = min(1.0, max([*scores, _WEAKEST]))
    return PictureEdge(source=pair[0], target=pair[1], kind=kind, label=label, weight=weight, inverse=inverse)  # type: ignore[arg-type]


def _with_reasons(edges: dict[tuple[str, str], PictureEdge], items: dict[tuple[str, str], RelatedItem]) -> list[PictureEdge]:
    """The edges with why their ends are related: what speaks for the pair, strongest first."""
    most = _REASONS if len(edges) < _MANY_EDGES else 1
    told = []
    for pair, edge in edges.items():
        item = items.get(pair) or items.get(pair[::-1])
        # Of a curated relation the first reason says what the edge says already.
        reasons = [reason.text for reason in item.reasons if reason.signal not in ("relation", "link")] if item else []
        cut = tuple(text if len(text) <= _REASON_LENGTH else text[: _REASON_LENGTH - 1] + "…" for text in reasons[:most])
        told.append(replace(edge, reasons=cut))
    return told


def strongest_edges(edges: Iterable[PictureEdge], focus: str) -> list[PictureEdge]:
    """Of a neighbourhood: all that touches the middle and all telling relations, and the strongest few of each other node."""
    kept: list[PictureEdge] = []
    count: Counter[str] = Counter()
    for edge in sorted(edges, key=lambda edge: (-edge.weight, edge.source, edge.target)):
        telling = edge.label is not None and edge.label != RELATED
        if focus in (edge.source, edge.target) or telling or min(count[edge.source], count[edge.target]) < _EDGES_EACH:
            kept.append(edge)
            if focus not in (edge.source, edge.target):
                count[edge.source] += 1
                count[edge.target] += 1
    return kept
