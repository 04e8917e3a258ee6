"""The frame of the pages of the explorer, and the parts that several of them have."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files
from urllib.parse import quote, urlencode

from starlette.responses import Response

import kgraph
from kgraph.model.corpus import Entity
from kgraph.model.text import clip
from kgraph.render.escape import seen
from kgraph.serve.markup import ROOT, Html, join, tag
from kgraph.serve.site import Site, entity_url

__all__ = [
    "address",
    "asset",
    "asset_url",
    "badged",
    "chips",
    "commas",
    "count",
    "entity_link",
    "entity_list",
    "frame",
    "html_response",
    "message_page",
    "place_of",
    "quoted",
    "search_form",
    "search_url",
    "table",
    "tag_url",
    "title_block",
    "type_badge",
    "type_url",
]

_ASSETS = {
    "explorer.css": "text/css; charset=utf-8",
    "explorer.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
    "sparql.css": "text/css; charset=utf-8",
    "sparql.js": "text/javascript; charset=utf-8",
    "yasgui.LICENSE.txt": "text/plain; charset=utf-8",
    "yasgui.min.css": "text/css; charset=utf-8",
    "yasgui.min.js": "text/javascript; charset=utf-8",
}
_PARTS = (
    ("types", "Types", "/types"), ("hubs", "Hubs", "/hubs"), ("communities", "Communities", "/communities"), ("path", "Paths", "/path"),
    ("health", "Health", "/health"), ("changes", "Changes", "/changes"), ("sparql", "SPARQL", "/sparql"), ("api", "API", "/api/docs"),
)  # fmt: skip
_COLOURS = 12


@cache
def asset(name: str) -> tuple[bytes, str, str] | None:
    """Content, media type and address of a file that pages use; None when there is none of this name."""
    if name not in _ASSETS:
        return None
    data = files("kgraph.serve").joinpath("assets", name).read_bytes()
    return data, _ASSETS[name], f"/assets/{name}?v={hashlib.sha256(data).hexdigest()[:10]}"


def asset_url(name: str) -> str:
    """Address of a file that pages use; another content has another address."""
    found = asset(name)
    assert found is not None
    return found[2]


def frame(
    title: str, *content: Html | None, search: Html | None = None, site: Site | None = None, here: str = "", news: bool = False,
    assets: Iterable[str] = (),
) -> Html:  # fmt: skip
    """A whole page.

    Args:
        title: What the page is about, plain text.
        content: Parts of it.
        search: The search box of the header, or None.
        site: The build that it tells of, or None when it tells of none.
        here: Name of the part of the explorer that it belongs to.
        news: Whether to tell that the build is a new one.
        assets: Names of style sheets and scripts that this page needs besides.

    """
    more = [
        tag("script", src=asset_url(name), defer=True) if name.endswith(".js") else tag("link", rel="stylesheet", href=asset_url(name))
        for name in assets
    ]
    head = tag(
        "head", tag("meta", charset="utf-8"), tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", f"{clip(title, 120)} · kgraph" if title else "kgraph"), tag("link", rel="stylesheet", href=asset_url("explorer.css")),
        tag("link", rel="icon", href=asset_url("icon.svg"), type="image/svg+xml"),
        tag("script", src=asset_url("explorer.js"), defer=True), *more,
    )  # fmt: skip
    links = [tag("a", label, href=href, aria_current="page" if name == here else None) for name, label, href in _PARTS]
    top = tag(
        "header", tag("a", "Skip to content", href="#content", class_="skip"),
        tag("div", tag("a", tag("img", src=asset_url("icon.svg"), alt="", width=26, height=26), "kgraph", href="/", class_="brand"), search,
            class_="bar"),
        tag("nav", *links, aria_label="Explorer"),
    )  # fmt: skip
    told = f"Build {site.kg.generation.number} · {count(site.counts['pages'], 'page', 'pages')}, " if site else ""
    triples = f"{count(site.counts['triples'], 'triple', 'triples')} · " if site else ""
    body = tag(
        "body", top, _notice(news), tag("main", *content, id="content", tabindex=-1),
        tag("footer", tag("p", told, triples, f"kgraph {kgraph.__version__}")),
        data_root=ROOT.get(), data_build=site.build if site else None,
    )  # fmt: skip
    return join(Html("<!DOCTYPE html>\n"), tag("html", head, body, lang="en"), "\n")


def _notice(news: bool) -> Html:
    """Tells that there is a new build: of this page when it was made from one, of a later one by script."""
    said = tag("p", "The wiki was built anew: you are reading the new build. ", tag("a", "See what changed", href="/changes"))
    return tag("div", said if news else None, class_="notice", id="notice", role="status")


def html_response(page: Html | bytes, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A page as a response."""
    content = page if isinstance(page, bytes) else page.encode()
    return Response(content, status, {"Content-Type": "text/html; charset=utf-8", "Vary": "Accept", **(headers or {})})


def message_page(title: str, text: str, *more: Html, status: int) -> Response:
    """A page that says what is wrong."""
    return html_response(frame(title, title_block(title, text), *more, search=search_form()), status)


def address(path: str, /, **values: str | int | None) -> str:
    """Path with a query of the values that are not empty.

    >>> address("/hubs", by="hub", type=None), address("/hubs")
    ('/hubs?by=hub', '/hubs')
    """
    given = {name.rstrip("_"): str(value) for name, value in values.items() if value not in (None, "", 0)}
    return f"{path}?{urlencode(given, errors='replace')}" if given else path


def search_url(words: str = "", kind: str | None = None, offset: int = 0) -> str:
    """Address of a list of entities."""
    return address("/search", q=words, type=kind, offset=offset)


def type_url(key: str, offset: int = 0) -> str:
    """Address of the page of a type."""
    return address(entity_url("type", key), offset=offset)


def tag_url(name: str, offset: int = 0) -> str:
    """Address of the page of a tag."""
    return address("/tag/" + quote(name.encode("utf-8", "replace"), safe=""), offset=offset)


def search_form(words: str = "", *fields: Html, large: bool = False) -> Html:
    """The search box."""
    box = tag(
        "input", type="search", name="q", value=words, placeholder="Search titles, names and text",
        aria_label="Search", autofocus=large, autocomplete="off", maxlength=200, spellcheck="false",
    )  # fmt: skip
    return tag("form", box, *fields, tag("button", "Search"), action="/search", role="search", class_="search large" if large else "search")


def title_block(title: str, lead: str | Html | None = None, *more: Html | None) -> Html:
    """The heading of a page with a sentence that says what it is for."""
    return tag("div", tag("h1", title), tag("p", lead, class_="lead") if lead else None, *more, class_="title")


def count(number: int, one: str, many: str) -> str:
    """A number with its noun.

    >>> count(1, "page", "pages"), count(1200, "page", "pages")
    ('1 page', '1,200 pages')
    """
    return f"{number:,} {one if number == 1 else many}"


def type_badge(site: Site, key: str) -> Html:
    """The type of an entity, with its colour."""
    return _type_badge(site.types.get_type(key).label, min(site.type_rank.get(key, _COLOURS), _COLOURS))


@lru_cache(1_000)
def _type_badge(label: str, colour: int) -> Html:
    return tag("span", label, class_=f"type t{colour}")


def entity_link(entity: Entity) -> Html:
    """A link to the page of the explorer about an entity."""
    return _entity_link(entity.id, entity.title, ROOT.get())


@lru_cache(20_000)
def _entity_link(entity_id: str, title: str, _root: str) -> Html:
    return tag("a", clip(seen(title, entity_id), 200), href=entity_url("entity", entity_id))


def badged(site: Site, entity_id: str) -> Html:
    """A link to the page about an entity, with its type."""
    entity = site.entities[entity_id]
    return join(entity_link(entity), " ", type_badge(site, entity.type))


def commas(parts: Iterable[Html | str]) -> Html:
    """Parts with commas between them."""
    return join(*(join(", " if place else None, part) for place, part in enumerate(parts)))


def table(label: str, head: Iterable[str], rows: Iterable[Html], kind: str | None = None) -> Html:
    """A table that scrolls within its box where the screen is narrow."""
    titles = tag("tr", *(tag("th", text, scope="col") for text in head))
    made = tag("table", tag("thead", titles), tag("tbody", *rows), class_=f"stacked {kind}" if kind else "stacked")
    return tag("div", made, class_="wide", tabindex=0, role="region", aria_label=label)


def entity_list(site: Site, ids: Iterable[str], passages: dict[str, Html] | None = None) -> Html:
    """Entities with type and summary, or with a passage of their text instead."""
    told = []
    for entity_id in ids:
        entity = site.entities[entity_id]
        passage = (passages or {}).get(entity_id)
        summary = passage if passage is not None else clip(entity.summary or "", 240)
        told.append(
            tag(
                "li",
                tag("div", entity_link(entity), " ", type_badge(site, entity.type), class_="name"),
                tag("p", summary) if summary else None,
            )
        )
    return tag("ol", *told, class_="entities")


def chips(items: Iterable[tuple[str | Html, str, int | None, bool]], label: str) -> Html:
    """A row of links that narrow a list: text, address, how many, whether chosen."""
    made = [
        tag("a", text, join(" ", tag("small", f"{number:,}")) if number is not None else None, href=href, class_="chip",
            aria_current="true" if chosen else None)
        for text, href, number, chosen in items
    ]  # fmt: skip
    return tag("nav", *made, class_="chips", aria_label=label)


def place_of(site: Site, place: str) -> Html:
    """``path:line`` where something is stated, with a link to the entity whose page it is."""
    entity = site.find_by_place(place)
    return _place(place, entity.id, entity.title, ROOT.get()) if entity else tag("code", clip(place, 160))


@lru_cache(20_000)
def _place(place: str, entity_id: str, title: str, _root: str) -> Html:
    return tag("a", tag("code", clip(place, 160)), href=entity_url("entity", entity_id), class_="place", title=title)


def quoted(sentence: str, words: str = "", length: int = 300) -> Html:
    """A sentence, with words marked where they can be found."""
    shown = clip(sentence, length)
    before, found, after = shown.partition(words) if words and words != shown else (shown, "", "")
    return join(before, tag("mark", found), after) if found else join(shown)
