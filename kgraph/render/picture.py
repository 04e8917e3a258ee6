"""What a graph page shows: nodes, edges and a title, free of any drawing library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["EdgeKind", "NodeChange", "Picture", "PictureEdge", "PictureNode"]

EdgeKind = Literal["relation", "link", "related", "added", "removed"]
"""Curated relation, author's link, computed relatedness; in a picture of changes a statement that came or went."""
NodeChange = Literal["added", "removed", "changed"]
"""What happened to an entity between two builds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureNode:
    """One entity of a picture."""

    id: str
    """Entity id, unique within the picture."""
    title: str
    """Label, plain text: never markup."""
    type: str
    """Entity type key, such as ``organization``."""
    type_label: str
    """Plural label of the type for the legend, such as ``Organizations``."""
    summary: str | None
    """One or two sentences, plain text, or None."""
    href: str | None
    """Where a click leads, or None for an entity without a page."""
    importance: float
    """PageRank relative to the largest one of the whole site, in [0, 1]."""
    related: tuple[str, ...] = ()
    """Up to three lines "Title: reason" for the tooltip, plain text, strongest first."""
    focus: bool = False
    """Whether the picture is about this node."""
    hub: float = 0.0
    """HITS hub score relative to the largest one, in [0, 1]."""
    authority: float = 0.0
    """HITS authority score relative to the largest one, in [0, 1]."""
    community: int | None = None
    """Number of its community, or None."""
    change: NodeChange | None = None
    """What happened to it, in a picture of changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureEdge:
    """One connection, running from ``source`` to ``target``."""

    source: str
    """Id of the node the edge leaves: the page that links, the subject of the relation."""
    target: str
    """Id of the node the edge enters."""
    kind: EdgeKind
    """What the edge stands for."""
    label: str | None
    """Relation as read from the source ("mitigated by"), or None."""
    weight: float
    """Strength in (0, 1]."""
    reasons: tuple[str, ...] = ()
    """Why its ends are related, plain text, strongest first."""
    inverse: str | None = None
    """The same relation as read from the target ("mitigates"), or None."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A graph ready to be laid out and drawn."""

    title: str
    """Heading and document title, plain text."""
    nodes: tuple[PictureNode, ...]
    """Nodes sorted by id."""
    edges: tuple[PictureEdge, ...]
    """Edges sorted by (source, target, kind)."""
    type_order: tuple[str, ...] = ()
    """Type keys in the order of their colours, so that all pages of a site agree; others follow."""
    lanes: tuple[tuple[str, ...], ...] = ()
    """Ids along paths from one node to another, which share nothing but their ends: each is drawn as a lane."""
    groups: bool = False
    """Whether the nodes are groups of entities, as in an overview."""
    note: str | None = None
    """A line on what is shown and what is not, plain text, or None."""
    communities: Mapping[int, str] = field(default_factory=dict)
    """Title of the leading member of each community, by its number."""
