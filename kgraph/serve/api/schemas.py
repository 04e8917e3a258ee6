"""What operations give, as types that the answers are made of and that the description is made from."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from kgraph.diff import Difference
from kgraph.graph.measures import HUB_MEASURES
from kgraph.model.finding import Severity
from kgraph.rank.rankings import Reason

__all__ = [
    "Backlink",
    "Build",
    "ChangeList",
    "CommunityEntry",
    "CommunityList",
    "EntityBrief",
    "EntityList",
    "Failure",
    "FindingEntry",
    "FindingList",
    "HubList",
    "Index",
    "Near",
    "PassageList",
    "Path",
    "PathList",
    "RelatedEntry",
    "RelatedList",
    "RelationEntry",
    "RelationList",
    "Step",
    "Suggestion",
    "SuggestionList",
    "TagEntry",
    "TagList",
    "TypeEntry",
    "TypeList",
]


class Index(Struct, frozen=True):
    """What there is to ask for."""

    description: str
    """Address of the description in OpenAPI."""
    operations: dict[str, str]
    """Address of each operation, with its parameters, by name."""


class Build(Struct, frozen=True):
    """Which build answers come from."""

    build: str
    """Name; another build has another one."""
    number: int


class EntityBrief(Struct, frozen=True):
    """An entity in brief."""

    id: str
    title: str
    type: str
    href: str | None
    """Address of its page on its site."""
    path: str | None
    """Source path of its page."""
    summary: str | None
    stub: bool
    """Whether it has no page of its own."""


class EntityList(Struct, frozen=True):
    """Entities, best or most central first."""

    total: int
    words: str
    """Words that they were found by, which differ from those asked for where these occur nowhere."""
    items: list[EntityBrief]
    next: str | None
    """Cursor of the next part; null at the end."""


class RelatedEntry(Struct, frozen=True):
    """A related entity with the reasons for it."""

    id: str
    title: str
    type: str
    href: str | None
    score: float
    rank: int
    label: str | None
    """Curated relation as read from the entity asked for."""
    linked: bool
    reasons: tuple[Reason, ...]


class RelatedList(Struct, frozen=True):
    """The most related entities."""

    id: str
    title: str
    unlinked: bool
    """Whether only those are listed that the page does not link yet."""
    related: list[RelatedEntry]


class HubList(Struct, frozen=True):
    """The leading entities by a measure."""

    by: Literal[HUB_MEASURES]  # type: ignore[valid-type]
    type: str | None
    hubs: list[dict[str, str | float | int | None]]
    """``rank``, ``id``, ``title``, ``type``, ``community``, ``href``, and the value under the name of the measure."""


class Backlink(Struct, frozen=True):
    """A page that links to an entity or names it, with the sentence that does."""

    id: str
    title: str
    type: str
    href: str | None
    text: str
    sentence: str
    path: str
    line: int


class PassageList(Struct, frozen=True):
    """Pages with sentences, the most central first."""

    id: str
    total: int
    items: list[Backlink]
    next: str | None


class RelationEntry(Struct, frozen=True):
    """A curated relation as read from the entity asked for."""

    label: str
    name: str
    outgoing: bool
    """Whether it is stated from this end."""
    id: str
    title: str
    type: str
    href: str | None
    places: tuple[str, ...]
    """``path:line`` of each statement of it."""


class RelationList(Struct, frozen=True):
    """Curated relations of an entity, from either end."""

    id: str
    total: int
    items: list[RelationEntry]
    next: str | None


class Step(Struct, frozen=True):
    """One statement that joins two stations of a path."""

    source: str
    target: str
    kind: Literal["relation", "link", "mention"]
    label: str
    sentence: str
    text: str
    place: str


class Path(Struct, frozen=True):
    """One way from one entity to another."""

    stations: list[EntityBrief]
    steps: list[list[Step]]
    """What joins each station to the next; one item fewer than there are stations."""


class PathList(Struct, frozen=True):
    """Ways that share no entity between, the most telling first."""

    source: str
    target: str
    paths: list[Path]


class CommunityEntry(Struct, frozen=True):
    """Entities that are joined more closely among themselves than to others."""

    id: str
    """Id of its most central entity: a name that outlives the build."""
    number: int
    size: int
    types: dict[str, int]
    leading: list[EntityBrief]


class CommunityList(Struct, frozen=True):
    """Communities, the largest first."""

    total: int
    items: list[CommunityEntry]
    next: str | None


class TypeEntry(Struct, frozen=True):
    """A type of entity."""

    type: str
    label: str
    plural: str
    count: int


class TypeList(Struct, frozen=True):
    """Types that entities have, in the order in which groups are shown."""

    items: list[TypeEntry]


class TagEntry(Struct, frozen=True):
    """A tag."""

    tag: str
    count: int


class TagList(Struct, frozen=True):
    """Tags, the commonest first."""

    total: int
    items: list[TagEntry]
    next: str | None


class FindingEntry(Struct, frozen=True):
    """One thing to mend."""

    path: str
    line: int
    rule: str
    name: str
    severity: Severity
    message: str


class FindingList(Struct, frozen=True):
    """Findings by path and line."""

    total: int
    items: list[FindingEntry]
    next: str | None


class ChangeList(Struct, frozen=True):
    """What differs from the build before; null where that is gone."""

    build: int
    changes: Difference | None


class Suggestion(Struct, frozen=True):
    """An entity whose name fits what was typed so far."""

    id: str
    title: str
    label: str
    """Label of its type."""
    url: str
    """Path of its page in the explorer."""


class SuggestionList(Struct, frozen=True):
    """Names to choose from."""

    items: list[Suggestion]


class Near(Struct, frozen=True):
    """An entity with a name close to one that names nothing."""

    id: str
    title: str


class Failure(Struct, frozen=True, omit_defaults=True):
    """Why there is no answer."""

    error: str
    closest: tuple[Near, ...] = ()
    """Entities with a name close to the one asked for."""
