"""The operations, in one table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any, TypeAlias, get_args

from msgspec import Struct
from starlette.requests import Request
from starlette.routing import Route

from kgraph.graph.measures import HUB_MEASURES, HubMeasure
from kgraph.model.corpus import Entity, Link, Mention
from kgraph.model.finding import RULES
from kgraph.serve.api import schemas as give
from kgraph.serve.api.paging import part_of
from kgraph.serve.api.parameters import Choice, Cursor, Flag, Number, Parameter, Text, TypeName
from kgraph.serve.convertor import REST
from kgraph.serve.site import Site, entity_url

__all__ = ["OPERATIONS", "Operation", "Unknown"]

_MEASURES: dict[str, HubMeasure] = {name: name for name in get_args(HubMeasure)}
_SUGGESTED = 8
_LEADING = 5
Values: TypeAlias = Mapping[str, Any]


class Unknown(Exception):
    """There is no such entity."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class Operation(Struct, frozen=True):
    """One thing to ask for."""

    name: str
    path: str
    told: str
    gives: Any
    """Type of the answer."""
    answer: Callable[[Site, Values], Any]
    parameters: tuple[Parameter, ...] = ()

    def route(self, endpoint: Callable[[Request], Any]) -> Route:
        """Its route."""
        return Route(self.path.replace("{id}", f"{{id:{REST}}}"), endpoint, name=f"api-{self.name}")


def _entity(site: Site, values: Values) -> Entity:
    found = site.find(values["id"])
    if found is None:
        raise Unknown(values["id"])
    return found


def _brief(entity: Entity) -> give.EntityBrief:
    return give.EntityBrief(entity.id, entity.title, entity.type, entity.href, entity.path, entity.summary, entity.stub)


def _index(_: Site, __: Values) -> give.Index:
    told = {}
    for operation in OPERATIONS[1:]:
        query = "&".join(f"{parameter.name}=" for parameter in operation.parameters)
        told[operation.name] = f"{operation.path}?{query}" if query else operation.path
    return give.Index("/api/openapi.json", told)


def _stats(site: Site, _: Values) -> Any:
    return site.counts


def _build(site: Site, _: Values) -> give.Build:
    return give.Build(site.build, site.kg.generation.number)


def _entities(site: Site, values: Values) -> give.EntityList:
    found = site.search.find(values["q"] or "")
    kind, tag = values["type"], values["tag"]
    ids = [
        entity_id
        for entity_id in found.ids
        if (kind is None or site.entities[entity_id].type == kind) and (tag is None or tag in site.entities[entity_id].tags)
    ]
    part, following = part_of(ids, str, values["limit"], values["cursor"])
    return give.EntityList(len(ids), found.words, [_brief(site.entities[entity_id]) for entity_id in part], following)


def _suggest(site: Site, values: Values) -> give.SuggestionList:
    found = site.search.find(values["q"])
    likely = [site.entities[entity_id] for entity_id in found.ids[: min(_SUGGESTED, found.named)]]
    return give.SuggestionList(
        [give.Suggestion(one.id, one.title, site.types.get_type(one.type).label, entity_url("entity", one.id)) for one in likely]
    )


def _one_entity(site: Site, values: Values) -> Any:
    return site.page_object(_entity(site, values).id)


def _related(site: Site, values: Values) -> give.RelatedList:
    entity = _entity(site, values)
    items = []
    for item in site.related(entity.id, values["k"], unlinked=values["unlinked"]):
        other = site.entities[item.id]
        items.append(
            give.RelatedEntry(other.id, other.title, other.type, other.href, item.score, item.rank, item.label, item.linked, item.reasons)
        )
    return give.RelatedList(entity.id, entity.title, values["unlinked"], items)


def _backlinks(site: Site, values: Values) -> give.PassageList:
    entity = _entity(site, values)
    return _passages(site, entity, site.backlinks(entity.id), values)


def _mentions(site: Site, values: Values) -> give.PassageList:
    entity = _entity(site, values)
    found = site.statements.mentions_of.get(entity.id, {})
    return _passages(site, entity, [found[source] for source in sorted(found, key=lambda source: site.standing[source])], values)


def _passages(site: Site, entity: Entity, found: Sequence[Link | Mention], values: Values) -> give.PassageList:
    part, following = part_of(found, lambda item: item.source, values["limit"], values["cursor"])
    items = []
    for item in part:
        source = site.entities[item.source]
        items.append(give.Backlink(source.id, source.title, source.type, source.href, item.text, item.sentence, item.path, item.line))
    return give.PassageList(entity.id, len(found), items, following)


def _relations(site: Site, values: Values) -> give.RelationList:
    entity = _entity(site, values)
    found = site.statements.relations.get(entity.id, [])
    part, following = part_of(found, lambda line: f"{line.label} {line.other}", values["limit"], values["cursor"])
    items = []
    for line in part:
        other = site.entities[line.other]
        items.append(give.RelationEntry(line.label, line.name, line.outgoing, other.id, other.title, other.type, other.href, line.places))
    return give.RelationList(entity.id, len(found), items, following)


def _paths(site: Site, values: Values) -> give.PathList:
    source, target = (_entity(site, {"id": values[name]}) for name in ("source", "target"))
    paths = []
    for stations in site.paths(source.id, target.id, values["k"]):
        steps = [
            [give.Step(item.source, item.target, item.kind, item.label, item.sentence, item.text, item.place)
             for item in site.statements.between(one, other)]
            for one, other in pairwise(stations)
        ]  # fmt: skip
        paths.append(give.Path([_brief(site.entities[entity_id]) for entity_id in stations], steps))
    return give.PathList(source.id, target.id, paths)


def _hubs(site: Site, values: Values) -> give.HubList:
    by, kind = _MEASURES[values["by"]], values["type"]
    return give.HubList(by, kind, site.hubs(values["k"], by=by, kind=kind))


def _communities(site: Site, values: Values) -> give.CommunityList:
    found = site.communities
    part, following = part_of(found, lambda community: community.members[0], values["limit"], values["cursor"])
    items = []
    for community in part:
        types = Counter(site.entities[entity_id].type for entity_id in community.members)
        leading = [_brief(site.entities[entity_id]) for entity_id in community.members[:_LEADING]]
        items.append(
            give.CommunityEntry(community.members[0], community.number, len(community.members), dict(sorted(types.items())), leading)
        )
    return give.CommunityList(len(found), items, following)


def _types(site: Site, _: Values) -> give.TypeList:
    kinds = sorted(site.by_type, key=site.types.position)
    known = [(kind, site.types.get_type(kind)) for kind in kinds]
    return give.TypeList([give.TypeEntry(kind, told.label, told.plural, len(site.by_type[kind])) for kind, told in known])


def _tags(site: Site, values: Values) -> give.TagList:
    ordered = sorted(site.by_tag, key=lambda name: (-len(site.by_tag[name]), name))
    part, following = part_of(ordered, str, values["limit"], values["cursor"])
    return give.TagList(len(ordered), [give.TagEntry(name, len(site.by_tag[name])) for name in part], following)


def _findings(site: Site, values: Values) -> give.FindingList:
    pool = site.findings_by_path.get(values["path"], []) if values["path"] is not None else list(site.findings)
    found = [item for item in pool if values["rule"] is None or item.rule == values["rule"]]
    part, following = part_of(
        found, lambda item: f"{item.path}:{item.line} {item.rule} {item.message[:200]}", values["limit"], values["cursor"]
    )
    items = [give.FindingEntry(item.path, item.line, item.rule, item.name, item.severity, item.message) for item in part]
    return give.FindingList(len(found), items, following)


def _changes(site: Site, _: Values) -> give.ChangeList:
    return give.ChangeList(site.kg.generation.number, site.changes)


_LIMIT = Number(name="limit", told="Items at the most.", least=1, most=1000, usual=50)
_CURSOR = Cursor(name="cursor", told="What the answer with the part before gave as next.")
_PART = (_LIMIT, _CURSOR)
_TYPE = TypeName(name="type", told="Only entities of this type.")

OPERATIONS: tuple[Operation, ...] = (
    Operation("index", "/api", "What there is to ask for.", give.Index, _index),
    Operation("stats", "/api/stats", "Counts of the build, as of kgraph stats.", dict[str, Any], _stats),
    Operation("build", "/api/build", "Which build answers come from; another one means that the wiki was built anew.", give.Build, _build),
    Operation(
        "entities",
        "/api/entities",
        "Entities: all, those that have words, a type, a tag. Typing errors are forgiven.",
        give.EntityList,
        _entities,
        (
            Text(name="q", told="Words in title, names, tags, summary or text."),
            _TYPE,
            Text(name="tag", told="Only entities with this tag."),
            *_PART,
        ),
    ),
    Operation(
        "suggest",
        "/api/suggest",
        "Entities whose name fits what was typed so far.",
        give.SuggestionList,
        _suggest,
        (Text(name="q", told="What was typed.", required=True),),
    ),
    Operation(
        "entity",
        "/api/entities/{id}",
        "An entity with related list and backlinks, as of the export for a site build.",
        dict[str, Any],
        _one_entity,
    ),
    Operation(
        "related",
        "/api/related/{id}",
        "The most related entities, each with its reasons.",
        give.RelatedList,
        _related,
        (
            Number(name="k", told="Entities at the most.", least=1, most=1000, usual=10),
            Flag(name="unlinked", told="Only entities that the page does not link yet."),
        ),
    ),
    Operation(
        "relations",
        "/api/relations/{id}",
        "Curated relations of an entity, from either end, with sources.",
        give.RelationList,
        _relations,
        _PART,
    ),
    Operation(
        "backlinks",
        "/api/backlinks/{id}",
        "Pages that link to an entity, with the sentence.",
        give.PassageList,
        _backlinks,
        _PART,
    ),
    Operation(
        "mentions",
        "/api/mentions/{id}",
        "Pages that name an entity in prose, with the sentence.",
        give.PassageList,
        _mentions,
        _PART,
    ),
    Operation(
        "paths",
        "/api/paths",
        "How two entities are connected.",
        give.PathList,
        _paths,
        (
            Text(name="source", told="Id of the entity to start from.", required=True, most=500),
            Text(name="target", told="Id of the entity to reach.", required=True, most=500),
            Number(name="k", told="Paths at the most.", least=1, most=10, usual=3),
        ),
    ),
    Operation(
        "hubs",
        "/api/hubs",
        "The leading entities by a measure.",
        give.HubList,
        _hubs,
        (
            Choice(name="by", told="Measure.", names=tuple(HUB_MEASURES), usual="pagerank"),
            _TYPE,
            Number(name="k", told="Entities at the most.", least=1, most=1000, usual=20),
        ),
    ),
    Operation(
        "communities",
        "/api/communities",
        "Communities with their leading entities.",
        give.CommunityList,
        _communities,
        _PART,
    ),
    Operation("types", "/api/types", "Types that entities have.", give.TypeList, _types),
    Operation(
        "tags",
        "/api/tags",
        "Tags that entities have.",
        give.TagList,
        _tags,
        _PART,
    ),
    Operation(
        "findings",
        "/api/findings",
        "What the checks find.",
        give.FindingList,
        _findings,
        (
            Choice(name="rule", told="Number of a rule.", names=tuple(RULES)),
            Text(name="path", told="Only in this file.", most=2000),
            *_PART,
        ),
    ),
    Operation("changes", "/api/changes", "What differs from the build before.", give.ChangeList, _changes),
)
"""Every operation; the first one tells of the others."""
