"""Pictures of the whole graph, of the surroundings of one entity, of a community, a tag or a type."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from kgraph.errors import RenderError
from kgraph.picturing.parts import assemble, edges_between, strongest_edges
from kgraph.render.picture import Picture

if TYPE_CHECKING:
    from kgraph.api.lists import Lists

__all__ = ["picture_of"]

_NEIGHBOURS = 32


def picture_of(
    kg: Lists, name: str | None = None, *, depth: int = 1, max_nodes: int | None = None, type: str | None = None, tag: str | None = None,
    community: int | None = None,
) -> Picture:  # fmt: skip
    """The whole graph, or the neighbourhood of one entity.

    Args:
        kg: Build to show.
        name: Entity in the middle, by any of its names; the whole graph when None.
        depth: Steps from the entity along links, relations and its most related ones.
        max_nodes: Nodes at the most: of a neighbourhood the most related ones, of the whole graph those with the highest
            PageRank.
        type: Only entities of this type, and the one in the middle.
        tag: Only entities with this tag, whatever its case, and the one in the middle.
        community: Only entities of the community with this number, and the one in the middle.

    Raises:
        UnknownPageError: no entity goes by that name.
        RenderError: nothing is left to show.

    """
    if depth < 0 or (max_nodes is not None and max_nodes < 1):
        raise RenderError("--depth must be 0 or more, and --max-nodes 1 or more")
    entities, measures = kg.head.entities, kg.rankings.measures
    focus = kg.entity_id(name) if name is not None else None
    wanted = _wanted(kg, type, tag, community)
    if focus is None:
        order = sorted(entities, key=lambda entity_id: (-measures[entity_id].pagerank, entity_id))
    else:
        order = _neighbourhood(kg, focus, depth, max_nodes or _NEIGHBOURS)
    fitting = [entity_id for entity_id in order if entity_id in wanted or entity_id == focus]
    shown = fitting[: max_nodes or len(fitting)]
    if not shown:
        raise RenderError("no entity has this type, this tag and this community at once: leave one of them out")
    edges = edges_between(kg, set(shown), focus=focus)
    note = f"The {len(shown):,} with the highest PageRank of {len(fitting):,}" if focus is None and len(shown) < len(fitting) else None
    return assemble(
        kg, shown, edges if focus is None else strongest_edges(edges, focus), title=_title(kg, focus, type, tag, community), focus=focus,
        note=note,
    )  # fmt: skip


def _title(kg: Lists, focus: str | None, type: str | None, tag: str | None, community: int | None) -> str:
    if focus is not None:
        return kg.head.entities[focus].title
    told = [kg.types.plural(kg.types.canonical(type))] if type else []
    told += [f"#{tag.removeprefix('#')}"] if tag else []
    told += [f"Community around {kg.head.entities[kg.community_members[community][0]].title}"] if community is not None else []
    return " · ".join(told) or "All pages"


def _wanted(kg: Lists, type: str | None, tag: str | None, community: int | None) -> set[str]:
    """Ids of the entities of this type, tag and community.

    Raises:
        RenderError: there is none of the type, of the tag or of the community.

    """
    entities = kg.head.entities
    found = set(entities)
    if type is not None:
        key = kg.types.canonical(type)
        found &= {entity.id for entity in entities.values() if entity.type == key}
        if not found:
            raise RenderError(
                f"no entity has the type {type!r}: the types here are {', '.join(sorted({e.type for e in entities.values()}))}"
            )
    if tag is not None:
        asked = tag.removeprefix("#").casefold()
        tagged = {entity.id for entity in entities.values() if asked in {own.casefold() for own in entity.tags}}
        if not tagged:
            raise RenderError(f"no entity has the tag {tag!r}: {_tags_told(kg)}")
        found &= tagged
    if community is not None:
        if community not in kg.community_members:
            raise RenderError(f"there is no community {community}: they are numbered 0 to {max(kg.community_members, default=0)}")
        found &= set(kg.community_members[community])
    return found


def _tags_told(kg: Lists) -> str:
    count: dict[str, int] = defaultdict(int)
    for entity in kg.head.entities.values():
        for tag in entity.tags:
            count[tag] += 1
    frequent = sorted(count, key=lambda tag: (-count[tag], tag))[:10]
    return f"frequent ones are {', '.join(frequent)}" if frequent else "no page has one"


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
