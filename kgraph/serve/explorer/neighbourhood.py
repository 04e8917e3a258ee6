"""The neighbourhood of an entity as a drawing of links: what points here on the left, what it points to on the right.

The drawing is SVG made here, so that it works without scripts; the interactive graph is a page of its own.
"""

from __future__ import annotations

import math

from msgspec import Struct

from kgraph.model.corpus import Entity
from kgraph.model.text import clip
from kgraph.render.escape import seen
from kgraph.serve.markup import Html, join, tag
from kgraph.serve.site import Site, entity_url

__all__ = ["neighbourhood"]

_SIDE = 7
"""Entities on each side at the most."""
_WIDE, _ROW, _EDGE = 1040, 44, 26
_REACH = 190
_TITLE = 38


class _Spoke(Struct, frozen=True):
    id: str
    label: str
    """How the relation reads; empty for a link."""


def neighbourhood(site: Site, entity: Entity) -> Html | None:
    """The drawing, or None for an entity that nothing is joined to."""
    before, after = _spokes(site, entity, out=False), _spokes(site, entity, out=True)
    shown_before = before[:_SIDE]
    taken = {spoke.id for spoke in shown_before if spoke.label}
    shown_after = [spoke for spoke in after if spoke.id not in taken][:_SIDE]
    right = {spoke.id for spoke in shown_after}
    shown_before = [spoke for spoke in before if spoke.id not in right][:_SIDE]
    if not shown_before and not shown_after:
        return None
    high = max(len(shown_before), len(shown_after), 2) * _ROW + 2 * _EDGE
    middle = high / 2
    marks = [*_side(site, shown_before, middle, left=True), *_side(site, shown_after, middle, left=False)]
    slot = min(site.type_rank[entity.type], 12)
    centre = [
        tag("circle", cx=_WIDE / 2, cy=middle, r=15, class_=f"node t{slot}"),
        tag("text", *_wrapped(entity.title, middle), text_anchor="middle", class_="centre"),
    ]
    drawing = tag(
        "svg", *marks, *centre, viewBox=f"0 0 {_WIDE} {high}", role="group", aria_label=f"Neighbourhood of {clip(entity.title, 100)}"
    )
    hidden = len(before) + len(after) - len(shown_before) - len(shown_after)
    rest = f"{len(shown_before) + len(shown_after)} of {len({spoke.id for spoke in (*before, *after)}):,} neighbours. "
    told = tag(
        "figcaption", tag("span", rest) if hidden > 0 else None, tag("a", "Open the interactive graph", href=entity_url("graph", entity.id))
    )
    return tag("figure", drawing, told, class_="neighbourhood")


def _spokes(site: Site, entity: Entity, *, out: bool) -> list[_Spoke]:
    """What the entity is joined to on one side: typed relations first, then by relatedness and importance."""
    scores = {item.id: item.score for item in site.kg.rankings.related.get(entity.id, ())}
    labels: dict[str, str] = {}
    for other, label, outgoing in site.statements.neighbours(entity.id):
        if outgoing is out:
            told = "" if label in ("links to", "related") else label
            labels[other] = labels.get(other) or told
    order = sorted(labels, key=lambda other: (not labels[other], -scores.get(other, 0.0), site.standing[other]))
    return [_Spoke(other, labels[other]) for other in order]


def _side(site: Site, spokes: list[_Spoke], middle: float, *, left: bool) -> list[Html]:
    """Lines and names of one side, spread evenly on an arc."""
    made = []
    for place, spoke in enumerate(spokes):
        y = middle + (place - (len(spokes) - 1) / 2) * _ROW
        bend = _REACH - 52 * abs(2 * (y - middle) / (_SIDE * _ROW)) ** 2
        x = _WIDE / 2 - bend if left else _WIDE / 2 + bend
        made.append(_spoke(site, spoke, x, y, middle, left=left))
    return made


def _spoke(site: Site, spoke: _Spoke, x: float, y: float, middle: float, *, left: bool) -> Html:
    entity = site.entities[spoke.id]
    sign, anchor = (-1, "end") if left else (1, "start")
    start, half = _WIDE / 2 + sign * 18, (_WIDE / 2 + x) / 2
    line = tag("path", d=f"M{start:.0f} {middle:.0f}C{half:.0f} {middle:.0f} {half:.0f} {y:.0f} {x - sign * 9:.0f} {y:.0f}",
               class_="edge typed" if spoke.label else "edge")  # fmt: skip
    tip = (start, middle) if left else (x - 8, y)
    arrow = tag("path", d=f"M{tip[0]:.0f} {tip[1]:.0f}l-7 -4v8z", class_="arrow typed" if spoke.label else "arrow")
    slot = min(site.type_rank[entity.type], 12)
    shown = clip(seen(entity.title, entity.id), _TITLE)
    name = tag(
        "a", tag("title", entity.title), tag("circle", cx=round(x), cy=round(y), r=7, class_=f"node t{slot}"),
        tag("text", shown, x=round(x + sign * 15), y=round(y + (0 if spoke.label else 5)), text_anchor=anchor),
        tag("text", clip(spoke.label, _TITLE), x=round(x + sign * 15), y=round(y + 16), text_anchor=anchor, class_="label")
        if spoke.label else None, href=entity_url("entity", spoke.id),
    )  # fmt: skip
    return join(line, arrow, name)


def _wrapped(title: str, middle: float) -> list[Html]:
    """A title in up to three lines below the middle."""
    words, lines = clip(title, 66).split() or [""], [""]
    for word in words:
        if lines[-1] and len(lines[-1]) + len(word) > 22 and len(lines) < 3:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return [tag("tspan", line, x=_WIDE / 2, y=math.floor(middle + 36 + 19 * place)) for place, line in enumerate(lines)]
