"""From what a page says to a response: frame, cache, conditional requests."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from kgraph.serve.answers import conditional, service_of
from kgraph.serve.layout import frame, html_response, search_form
from kgraph.serve.markup import ROOT, Html, tag
from kgraph.serve.proxy import route_of
from kgraph.serve.site import Site

__all__ = ["Shown", "pager", "show", "showing"]


class Shown(Struct, frozen=True):
    """One page."""

    title: str
    content: tuple[Html | None, ...]
    here: str = ""
    """Part of the explorer that it belongs to."""
    searching: bool = False
    """Whether it has a search box of its own."""
    status: int = 200


class _Failed(Exception):
    def __init__(self, page: Html, status: int) -> None:
        self.page, self.status = page, status


def showing(make: Callable[[Request, Site], Shown]) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint for the page that ``make`` makes."""

    def answer(request: Request) -> Response:
        return show(request, service_of(request).sites.current(), make)

    async def endpoint(request: Request) -> Response:
        return await service_of(request).in_turn(answer, request)

    return endpoint


def show(request: Request, site: Site, make: Callable[[Request, Site], Shown]) -> Response:
    """A page as a response. One that was made before is taken from the cache of the build; only good ones are kept."""
    news = service_of(request).sites.news

    def written() -> bytes:
        shown = make(request, site)
        search = None if shown.searching else search_form()
        page = frame(shown.title, *shown.content, search=search, site=site, here=shown.here, news=news)
        if shown.status != 200:
            raise _Failed(page, shown.status)
        return page.encode()

    try:
        page = site.cache.get((ROOT.get(), news, route_of(request), request.url.query), written)
    except _Failed as failed:
        return html_response(failed.page, failed.status)
    return conditional(request, html_response(page), site, news=news)


def pager(offset: int, length: int, total: int, url: Callable[[int], str]) -> Html | None:
    """Links to the part of a list before and after the one shown."""
    steps = []
    if offset:
        steps.append(tag("a", "← Previous", href=url(max(0, offset - length)), rel="prev"))
    if offset + length < total:
        steps.append(tag("a", "Next →", href=url(offset + length), rel="next"))
    return tag("nav", *steps, class_="steps", aria_label="More of the list") if steps else None
