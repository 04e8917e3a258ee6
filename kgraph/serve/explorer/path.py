"""How two entities are connected."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from starlette.requests import Request

from kgraph.model.corpus import Entity
from kgraph.render.escape import seen
from kgraph.serve.explorer.showing import Shown
from kgraph.serve.layout import address, badged, commas, count, entity_link, place_of, quoted, title_block
from kgraph.serve.markup import Html, tag
from kgraph.serve.site import Site
from kgraph.serve.statements import Statement

__all__ = ["choose_entity", "find_path", "path_form", "path_url"]

_PATHS = 4
_STATEMENTS = 4


def path_url(source: str, target: str) -> str:
    """Address of the ways from one entity to another."""
    return address("/path", from_=source, to=target)


def path_form(source: str = "", target: str = "") -> Html:
    """The form that asks for two entities by any of their names."""
    fields = [
        tag("div", tag("label", label, for_=f"path-{name}"),
            tag("input", id=f"path-{name}", name=name, value=value, required=True, maxlength=200, autocomplete="off", spellcheck="false",
                data_suggest=True))
        for label, name, value in (("From", "from", source), ("to", "to", target))
    ]  # fmt: skip
    return tag("form", *fields, tag("button", "Find paths"), action="/path", class_="path-form")


def choose_entity(site: Site, name: str) -> tuple[Entity | None, list[str]]:
    """The entity that a name means, by id, by name, or as the best of a search; and others that it could mean, best first."""
    asked = name.strip()[:200]
    if asked in site.entities:
        return site.entities[asked], []
    named = site.search.named(asked)
    if named:
        return site.entities[named[0]], named[1:6]
    found = site.search.find(asked) if asked else None
    likely = found.ids[: found.named][:6] if found else []
    close = likely or (site.closest(asked) if asked else [])
    return (site.entities[close[0]], close[1:6]) if likely else (None, close[:6])


def find_path(request: Request, site: Site) -> Shown:
    """Paths between two entities, each step with what states it; or the form alone."""
    names = [request.query_params.get(name, "")[:200] for name in ("from", "to")]
    lead = "Name two entities by title, alias or id: the shortest telling ways between them, each step with the statement behind it."
    if not any(name.strip() for name in names):
        return Shown("Paths", (title_block("Paths", lead), path_form()), here="path")
    (source, others), (target, more) = (choose_entity(site, name) for name in names)
    form = path_form(source.title if source else names[0], target.title if target else names[1])
    if source is None or target is None:
        unknown = [(name, close) for name, found, close in ((names[0], source, others), (names[1], target, more)) if found is None]
        return Shown("Paths", (title_block("Paths", lead), form, *(_unknown(site, name, close) for name, close in unknown)), here="path")
    paths = site.paths(source.id, target.id, _PATHS)
    title = f"{source.title} → {target.title}"
    heading = tag("h1", "How ", entity_link(source), " and ", entity_link(target), " are connected")
    told = count(len(paths), "way", "ways") + " that share no entity between, the most telling first." if paths else ""
    hints = [_meant(site, names[0], others, lambda other: path_url(other, target.id)),
             _meant(site, names[1], more, lambda other: path_url(source.id, other))]  # fmt: skip
    if source.id == target.id:
        told = "Both names mean the same entity."
    elif not paths:
        told = "No relation, link or mention leads from one to the other, over whatever stations."
    rows = [_path(site, path) for path in paths]
    return Shown(title, (tag("div", heading, tag("p", told, class_="lead"), class_="title"), form, *hints,
                         tag("ol", *rows, class_="paths") if rows else None), here="path")  # fmt: skip


def _unknown(site: Site, name: str, close: list[str]) -> Html:
    said = tag("p", "Nothing goes by the name ", tag("q", name), "." if name.strip() else None, class_="error", role="alert")
    if not name.strip():
        said = tag("p", "Name both ends.", class_="error", role="alert")
    listed = [tag("li", badged(site, other)) for other in close]
    return tag("section", said, tag("p", "Closest names:") if listed else None, tag("ul", *listed) if listed else None)


def _meant(site: Site, name: str, others: list[str], url: Callable[[str], str]) -> Html | None:
    if not others:
        return None
    links = commas(tag("a", seen(site.entities[other].title, other), href=url(other)) for other in others)
    return tag("p", tag("q", name), " may also mean ", links, ".", class_="soft")


def _path(site: Site, path: list[str]) -> Html:
    """One path: stations, and between two of them what joins them."""
    parts = [tag("li", badged(site, path[0]), class_="station")]
    for one, other in pairwise(path):
        parts.append(tag("li", _step(site, one, other), class_="step"))
        parts.append(tag("li", badged(site, other), class_="station"))
    steps = count(len(path) - 1, "step", "steps")
    return tag("li", tag("h2", steps, " ", tag("small", _over(site, path))), tag("ol", *parts, class_="path"))


def _over(site: Site, path: list[str]) -> str:
    return "directly" if len(path) == 2 else "over " + ", ".join(site.entities[entity_id].title for entity_id in path[1:-1])


def _step(site: Site, one: str, other: str) -> Html:
    """What joins two stations, as read on the way from one to the other."""
    stated = site.statements.between(one, other)
    telling = [item for item in stated if item.kind == "relation" and item.label != "related"] or stated[:_STATEMENTS]
    return tag("ul", *(_statement(site, item, one) for item in telling[:_STATEMENTS]), class_="stated")


def _statement(site: Site, item: Statement, one: str) -> Html:
    forward = item.source == one
    reading = item.label if forward else _backwards(site, item)
    said = tag("span", quoted(item.sentence, item.text, 220), class_="quote") if item.sentence else None
    return tag("li", tag("b", "↓ " if forward else "↑ ", reading), said, " ", place_of(site, item.place))


def _backwards(site: Site, item: Statement) -> str:
    """How a statement reads on the way from its target to its source."""
    if item.kind == "link":
        return "linked from"
    if item.kind == "mention":
        return "named in"
    lines = site.statements.relations.get(item.target, [])
    return next((line.label for line in lines if line.other == item.source and item.place in line.places), item.label)
