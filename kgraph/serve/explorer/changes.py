"""What changed between the build before and this one."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.requests import Request

from kgraph.diff import Difference, Field, ListChange, Named, Statement
from kgraph.model.text import clip
from kgraph.serve.explorer.showing import Shown
from kgraph.serve.layout import commas, count, entity_link, place_of, title_block
from kgraph.serve.markup import Html, join, tag
from kgraph.serve.site import Site

__all__ = ["changes"]

_SHOWN = 200
_SIGNS = {"added": "+", "removed": "−", "changed": "~"}


def changes(_: Request, site: Site) -> Shown:
    """Entities, pages, links, relations and related lists that came, went or changed."""
    found = site.changes
    here = site.kg.generation.number
    if found is None:
        lead = f"Build {here} is the only one kept. Build again after a change of the wiki, and this page tells what differs."
        return Shown("What changed", (title_block("What changed", lead),), here="changes")
    sections = _sections(site, found)
    lead = f"Build {here} beside the one before." if sections else f"Nothing differs between build {here} and the one before."
    tiles = [tag("div", tag("dt", name), tag("dd", _counted(rows))) for name, rows in sections]
    parts = [_section(name, rows) for name, rows in sections]
    tiled = tag("dl", *tiles, class_="counts") if tiles else None
    return Shown("What changed", (title_block("What changed", lead, tiled), *parts), here="changes")


def _sections(site: Site, found: Difference) -> list[tuple[str, list[tuple[str, Html]]]]:
    """Names and rows of what differs, each row with its kind of change."""
    lists = [("changed", _list_change(site, change)) for change in found.related_changed]
    sections = [
        ("Entities", [*_named(site, found.entities_added, "added"), *_named(site, found.entities_removed, "removed"),
                      *_fields(site, found.entities_changed)]),
        ("Pages", [*_named(site, found.pages_added, "added"), *_named(site, found.pages_removed, "removed"),
                   *_fields(site, found.pages_changed)]),
        ("Links", [*_stated(site, found.links_added, "added"), *_stated(site, found.links_removed, "removed")]),
        ("Relations", [*_stated(site, found.relations_added, "added"), *_stated(site, found.relations_removed, "removed")]),
        ("Related lists", lists),
    ]  # fmt: skip
    return [(name, rows) for name, rows in sections if rows]


def _counted(rows: list[tuple[str, Html]]) -> str:
    numbers = {kind: sum(1 for other, _ in rows if other == kind) for kind in _SIGNS}
    return " ".join(f"{_SIGNS[kind]}{number:,}" for kind, number in numbers.items() if number)


def _section(name: str, rows: list[tuple[str, Html]]) -> Html:
    shown = [tag("li", tag("span", kind, class_=f"change {kind}"), " ", row) for kind, row in rows[:_SHOWN]]
    more = (
        tag("p", f"and {count(len(rows) - _SHOWN, 'more', 'more')}: `kgraph diff` lists them all", class_="soft")
        if len(rows) > _SHOWN
        else None
    )
    return tag("section", tag("h2", name, " ", tag("small", f"{len(rows):,}")), tag("ul", *shown, class_="findings"), more)


def _thing(site: Site, name: str) -> Html:
    """An entity by id, or a page by path, with a link when this build has it."""
    entity = site.find(name) or site.find_by_place(name)
    return entity_link(entity) if entity else tag("code", clip(name, 160))


def _named(site: Site, items: Iterable[Named], kind: str) -> list[tuple[str, Html]]:
    return [(kind, _thing(site, item.id) if kind == "added" else join(item.title, " ", tag("code", clip(item.id, 160)))) for item in items]


def _fields(site: Site, items: Iterable[Field]) -> list[tuple[str, Html]]:
    return [
        ("changed", join(_thing(site, item.id), " ", tag("b", item.field), " ", tag("del", clip(item.old, 160) or "none"), " → ",
                         tag("ins", clip(item.new, 160) or "none")))
        for item in items
    ]  # fmt: skip


def _stated(site: Site, items: Iterable[Statement], kind: str) -> list[tuple[str, Html]]:
    return [
        (kind, join(_thing(site, item.source), " ", tag("b", item.name), " ", _thing(site, item.target),
                    f" ({item.count} times)" if item.count > 1 else None, " ", place_of(site, f"{item.path}:{item.line}")))
        for item in items
    ]  # fmt: skip


def _list_change(site: Site, change: ListChange) -> Html:
    parts: list[Html] = []
    for what, items in (("now has", change.entered), ("no longer has", change.left)):
        if items:
            parts.append(join("; " if parts else " ", what, " ", commas(_thing(site, item.id) for item in items)))
    if change.moved:
        parts.append(join("; " if parts else " ", count(len(change.moved), "place moved", "places moved")))
    return join(_thing(site, change.id), *parts)
