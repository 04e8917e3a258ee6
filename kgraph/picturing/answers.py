"""The answer to a question in SPARQL as a picture."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from kgraph.errors import RenderError
from kgraph.picturing.parts import assemble, edges_between
from kgraph.render.picture import Picture, PictureEdge

if TYPE_CHECKING:
    from kgraph.api.lists import Lists

__all__ = ["picture_of_rows"]

_NAMING = ("property", "relation", "predicate", "label", "how")
"""Columns whose text names what joins the entities of a row."""


def picture_of_rows(
    kg: Lists, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str = "Result of a query", focus: str | None = None,
    note: str | None = None,
) -> Picture:  # fmt: skip
    """The entities that stand in a table and how its rows join them.

    The first entity of a row is joined to each other one in it; the edge is named by the row's ``property``, ``relation``,
    ``predicate``, ``label`` or ``how``, else by the column of the other one. Rows of one entity show what the build knows to join
    these entities.

    Args:
        kg: Build that was asked.
        columns: Names of the columns.
        rows: Values; what is no id of an entity is passed over.
        title: Heading.
        focus: Id of the entity that the question is about; it is in the picture too.
        note: A line on what was asked.

    Raises:
        RenderError: no row holds an entity.

    """
    entities = kg.head.entities
    shown: dict[str, None] = {} if focus is None else {focus: None}
    edges: dict[tuple[str, str, str], PictureEdge] = {}
    for row in rows:
        found = [(name, value) for name, value in zip(columns, row, strict=True) if isinstance(value, str) and value in entities]
        shown.update((value, None) for _, value in found)
        told = dict(zip(columns, row, strict=True))
        naming = next((str(told[name]) for name in _NAMING if isinstance(told.get(name), str) and told[name] not in entities), None)
        for name, other in found[1:]:
            key = (found[0][1], other, naming or name)
            edges[key] = PictureEdge(source=key[0], target=other, kind="relation", label=_spoken(key[2]), weight=0.5)
    if not shown or (focus is not None and len(shown) == 1):
        raise RenderError("no row of the result holds an entity: select one, such as ?entity")
    joined = list(edges.values()) or edges_between(kg, set(shown), focus=focus)
    return assemble(kg, shown, joined, title=title, focus=focus, note=note)


def _spoken(name: str) -> str:
    """Name of a property as one says it: ``kg:mitigatedBy`` is "mitigated by"; a name without a prefix stays as it is."""
    prefix, _, local = name.rpartition(":")
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", local).lower() if prefix else name
