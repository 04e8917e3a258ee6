"""The frame of the pages of the explorer, and the parts that several of them have."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from urllib.parse import urlencode

from starlette.responses import Response

import kgraph
from kgraph.model.corpus import Entity
from kgraph.model.text import clip
from kgraph.serve.markup import Html, join, tag
from kgraph.serve.site import Site, entity_url

__all__ = ["asset", "count", "entity_link", "entity_list", "frame", "html_response", "message_page", "search_form", "search_url",
           "type_badge"]  # fmt: skip

_ASSETS = {"explorer.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml"}


@cache
def asset(name: str) -> tuple[bytes, str, str] | None:
    """Content, media type and address of a file that pages use; None when there is none of this name."""
    if name not in _ASSETS:
        return None
    data = files("kgraph.serve").joinpath("assets", name).read_bytes()
    return data, _ASSETS[name], f"/assets/{name}?v={hashlib.sha256(data).hexdigest()[:10]}"


def _asset_url(name: str) -> str:
    found = asset(name)
    assert found is not None
    return found[2]


def frame(title: str, *content: Html | None, search: Html | None = None) -> Html:
    """A whole page."""
    head = tag(
        "head", tag("meta", charset="utf-8"), tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", f"{title} · kgraph" if title else "kgraph"), tag("link", rel="stylesheet", href=_asset_url("explorer.css")),
        tag("link", rel="icon", href=_asset_url("icon.svg"), type="image/svg+xml"),
    )  # fmt: skip
    top = tag(
        "header", tag("a", "Skip to content", href="#content", class_="skip"), tag("a", "kgraph", href="/", class_="brand"), search,
        tag("nav", tag("a", "Search", href="/search"), tag("a", "SPARQL", href="/sparql"), tag("a", "API", href="/api"), aria_label="Site"),
    )  # fmt: skip
    foot = tag("footer", f"kgraph {kgraph.__version__}")
    body = tag("body", top, tag("main", *content, id="content", tabindex=-1), foot)
    return join(Html("<!DOCTYPE html>\n"), tag("html", head, body, lang="en"), "\n")


def html_response(page: Html, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A page as a response."""
    return Response(page.encode(), status, {"Content-Type": "text/html; charset=utf-8", "Vary": "Accept", **(headers or {})})


def message_page(title: str, text: str, *more: Html, status: int) -> Response:
    """A page that says what is wrong."""
    return html_response(frame(title, tag("h1", title), tag("p", text), *more, search=search_form()), status)


def search_url(words: str = "", kind: str | None = None, offset: int = 0) -> str:
    """Address of a list of entities."""
    given = {"q": words, "type": kind or "", "offset": str(offset or "")}
    asked = urlencode({name: value for name, value in given.items() if value}, errors="replace")
    return f"/search?{asked}" if asked else "/search"


def search_form(words: str = "", *fields: Html, large: bool = False) -> Html:
    """The search box."""
    box = tag(
        "input", type="search", name="q", value=words, placeholder="Search titles, aliases, tags, summaries",
        aria_label="Search", autofocus=large, autocomplete="off", maxlength=200,
    )  # fmt: skip
    return tag("form", box, *fields, tag("button", "Search"), action="/search", role="search", class_="search large" if large else "search")


def count(number: int, one: str, many: str) -> str:
    """A number with its noun.

    >>> count(1, "page", "pages"), count(1200, "page", "pages")
    ('1 page', '1,200 pages')
    """
    return f"{number:,} {one if number == 1 else many}"


def type_badge(site: Site, key: str) -> Html:
    """The type of an entity."""
    return tag("span", site.types.get_type(key).label, class_="type")


def entity_link(entity: Entity) -> Html:
    """A link to the page of the explorer about an entity."""
    return tag("a", entity.title, href=entity_url("entity", entity.id))


def entity_list(site: Site, ids: Iterable[str]) -> Html:
    """Entities with type and summary."""
    found = [site.entities[entity_id] for entity_id in ids]
    return tag("ol", *(
        tag("li", tag("div", entity_link(entity), " ", type_badge(site, entity.type)),
            tag("p", clip(entity.summary, 240)) if entity.summary else None)
        for entity in found
    ), class_="entities")  # fmt: skip
