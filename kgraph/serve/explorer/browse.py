"""Types and tags, and lists of what has them."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request

from kgraph.serve.answers import read_number
from kgraph.serve.explorer.showing import Shown, pager
from kgraph.serve.layout import address, commas, count, entity_link, entity_list, tag_url, title_block, type_url
from kgraph.serve.markup import Html, tag
from kgraph.serve.site import Site

__all__ = ["one_tag", "one_type", "tags", "types"]

_PAGE_LENGTH = 50
_LEADING = 3


def types(_: Request, site: Site) -> Shown:
    """All types with their leading entities; relations and tags by name."""
    rows = []
    for kind in sorted(site.by_type, key=site.types.position):
        ids = site.by_type[kind]
        leading = commas(entity_link(site.entities[found]) for found in ids[:_LEADING])
        rows.append(
            tag("li", tag("h2", tag("a", site.types.plural(kind), href=type_url(kind)), " ", tag("small", f"{len(ids):,}")),
                tag("p", leading, ", …" if len(ids) > _LEADING else None), class_=f"typed t{min(site.type_rank[kind], 12)}")
        )  # fmt: skip
    return Shown(
        "Types",
        (
            title_block("Types", "Every entity has one type: declared by its author, or told by its folder, or inferred."),
            tag("ul", *rows, class_="cards"),
            tag("section", tag("h2", tag("a", "Tags", href="/tags"), " ", tag("small", f"{len(site.by_tag):,}")), _tags(site, 40))
            if site.by_tag else None,
        ),
        here="types",
    )  # fmt: skip


def one_type(request: Request, site: Site) -> Shown:
    """Entities of one type, the most central ones first."""
    kind = site.types.canonical(request.path_params["name"])
    if kind not in site.by_type:
        return _missing("type", request.path_params["name"], "/types", "All types")
    known = site.types.get_type(kind)
    counted: dict[str, int] = {}
    for entity_id in site.by_type[kind]:
        for name in site.entities[entity_id].tags:
            counted[name] = counted.get(name, 0) + 1
    common = sorted(counted, key=lambda name: (-counted[name], name))[:10]
    names = commas(tag("a", name, href=tag_url(name)) for name in common)
    told = tag("p", "Often tagged ", names, class_="soft") if common else None
    lead = count(len(site.by_type[kind]), "entity", "entities") + ", the most central first."
    more = tag("p", tag("a", "Leading by other measures", href=address("/hubs", type=kind)), class_="soft")
    return _listed(request, site, known.plural, lead, site.by_type[kind], lambda to: type_url(kind, to), told, more)


def tags(_: Request, site: Site) -> Shown:
    """All tags."""
    if not site.by_tag:
        return Shown("Tags", (title_block("Tags", "No page of this site has tags."),), here="types")
    lead = f"{count(len(site.by_tag), 'tag', 'tags')}, the commonest first."
    return Shown("Tags", (title_block("Tags", lead), _tags(site, 2000)), here="types")


def one_tag(request: Request, site: Site) -> Shown:
    """Entities with one tag."""
    name = request.path_params["name"]
    ids = site.by_tag.get(name)
    if ids is None:
        return _missing("tag", name, "/tags", "All tags")
    lead = count(len(ids), "entity has", "entities have") + " this tag."
    return _listed(request, site, f"Tag: {name}", lead, ids, lambda to: tag_url(name, to), _together(site, name, ids))


def _together(site: Site, name: str, ids: list[str]) -> Html | None:
    """Tags that stand beside one most often."""
    counted: dict[str, int] = {}
    for entity_id in ids:
        for other in site.entities[entity_id].tags:
            counted[other] = counted.get(other, 0) + (other != name)
    common = sorted((other for other in counted if counted[other]), key=lambda other: (-counted[other], other))[:10]
    names = commas(tag("a", other, href=tag_url(other)) for other in common)
    return tag("p", "Often together with ", names, class_="soft") if common else None


def _tags(site: Site, most: int) -> Html:
    ordered = sorted(site.by_tag, key=lambda name: (-len(site.by_tag[name]), name))[:most]
    rows = [
        tag("li", tag("a", name, " ", tag("small", f"{len(site.by_tag[name]):,}"), href=tag_url(name), class_="chip")) for name in ordered
    ]
    return tag("ul", *rows, class_="chips")


def _listed(
    request: Request, site: Site, title: str, lead: str, ids: list[str], url: Callable[[int], str], *more: Html | None
) -> Shown:  # fmt: skip
    offset = read_number(request, "offset", 0, least=0, most=100_000_000)
    shown = ids[offset : offset + _PAGE_LENGTH]
    return Shown(
        title, (title_block(title, lead, *more), entity_list(site, shown), pager(offset, _PAGE_LENGTH, len(ids), url)), here="types"
    )


def _missing(what: str, name: str, href: str, label: str) -> Shown:
    lead = f"No entity here has the {what} “{name[:200]}”."
    return Shown("Not found", (title_block("Not found", lead), tag("p", tag("a", label, href=href))), status=404)
