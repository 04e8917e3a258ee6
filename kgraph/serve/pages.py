"""The explorer: start page, search, pages of entities. The addresses of entities and pages also give RDF to those who ask for it."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from kgraph.graph.measures import HubMeasure
from kgraph.serve.answering import ask, respond
from kgraph.serve.answers import Service, conditional, read_number, read_type, service_of, unknown_entity
from kgraph.serve.entity_page import entity_page
from kgraph.serve.layout import asset, count, entity_link, entity_list, frame, html_response, message_page, search_form, search_url
from kgraph.serve.markup import Html, tag
from kgraph.serve.negotiate import GRAPH_OFFERS, HTML, Offer, choose, named
from kgraph.serve.proxy import route_of
from kgraph.serve.site import Site, entity_url

__all__ = ["not_found", "routes"]

_PAGE_LENGTH = 50
_HUBS: tuple[tuple[HubMeasure, str, str], ...] = (
    ("pagerank", "Most central", "PageRank: where a reader who follows links ends up most often."),
    ("authority", "Authorities", "Linked from pages that link to much."),
    ("hub", "Hubs", "Link to much that others link to."),
)


def _home(request: Request) -> Response:
    site = service_of(request).sites.current()
    total = [
        ("pages", "page", "pages"), ("entities", "entity", "entities"), ("links", "link", "links"),
        ("relations", "relation", "relations"), ("mentions", "mention", "mentions"), ("triples", "triple", "triples"),
    ]  # fmt: skip
    counted = tag("p", " · ".join(count(site.counts[key], one, many) for key, one, many in total), class_="soft")
    most = max((len(ids) for ids in site.by_type.values()), default=1)
    kinds = sorted(site.by_type, key=lambda kind: (-len(site.by_type[kind]), kind))
    types = tag("ul", *(
        tag("li", tag("a", site.types.plural(kind), href=search_url(kind=kind)), tag("span", f"{len(site.by_type[kind]):,}"),
            tag("meter", len(site.by_type[kind]), value=len(site.by_type[kind]), min=0, max=most, aria_hidden="true"))
        for kind in kinds
    ), class_="types")  # fmt: skip
    page = frame(
        "",
        tag("section", tag("h1", "Explore the graph"), search_form(large=True), counted, class_="welcome"),
        tag("section", tag("h2", "By type"), types),
        tag("div", *(_hubs(site, by, title, why) for by, title, why in _HUBS), class_="hubs"),
    )
    return conditional(request, html_response(page), site)


def _hubs(site: Site, by: HubMeasure, title: str, why: str) -> Html:
    rows = [tag("li", entity_link(site.entities[row["id"]])) for row in site.hubs(10, by=by)]
    return tag("section", tag("h2", title), tag("p", why, class_="soft"), tag("ol", *rows))


def _search(request: Request) -> Response:
    site = service_of(request).sites.current()
    words, kind = request.query_params.get("q", "").strip(), read_type(request, site)
    offset = read_number(request, "offset", 0, least=0, most=100_000_000)
    found = site.search(words, kind)
    shown = found[offset : offset + _PAGE_LENGTH]
    options = [tag("option", "all types", value="")]
    options += [
        tag("option", site.types.plural(key), value=key, selected=key == kind) for key in sorted(site.by_type, key=site.types.position)
    ]
    form = search_form(words, tag("select", *options, name="type", aria_label="Type"), large=True)
    steps = []
    if offset:
        steps.append(tag("a", "Previous", href=search_url(words, kind, max(0, offset - _PAGE_LENGTH)), rel="prev"))
    if offset + _PAGE_LENGTH < len(found):
        steps.append(tag("a", "Next", href=search_url(words, kind, offset + _PAGE_LENGTH), rel="next"))
    told = count(len(found), "entity", "entities") + (f", {offset + 1:,} to {offset + len(shown):,}" if shown and steps else "")
    page = frame(
        f"Search: {words}" if words else "Search", tag("h1", "Search"), form, tag("p", told, class_="soft", role="status"),
        entity_list(site, shown), _closest(site, words) if words and not found else None,
        tag("nav", *steps, class_="steps", aria_label="More") if steps else None,
    )  # fmt: skip
    return conditional(request, html_response(page), site)


def _closest(site: Site, name: str) -> Html:
    close = site.closest(name)
    return tag("section", tag("h2", "Closest names"), entity_list(site, close)) if close else Html()


def _about(kind: str) -> Callable[[Request], Response]:
    """An endpoint for the entities, or for the pages, of the site."""

    def endpoint(request: Request) -> Response:
        service = service_of(request)
        site = service.sites.current()
        name = request.path_params["id"]
        form = request.query_params.get("format")
        offers = (HTML, *GRAPH_OFFERS)
        offer = named(form, offers) if form else choose(request.headers.get("accept"), offers)
        if offer is None:
            said = "this is sent as HTML, Turtle, N-Triples, RDF/XML and JSON-LD"
            return PlainTextResponse(said + "\n", 400 if form else 406, {"Vary": "Accept"})
        entity = site.find(name)
        if offer is not HTML:
            if entity is None or (kind == "page" and entity.stub):
                closest = [site.entities[entity_id] for entity_id in site.closest(name)]
                return PlainTextResponse(unknown_entity(name, closest) + "\n", 404, {"Vary": "Accept"})
            iri = site.minter.entity(name) if kind == "entity" else site.minter.page(name)
            return conditional(request, _description(service, site, iri, offer), site)
        if entity is not None and kind == "entity":
            return conditional(request, html_response(entity_page(site, entity)), site)
        found = name if entity is not None else site.find_by_name(name)
        return _see(found) if found is not None else _unknown(site, name)

    return endpoint


def _description(service: Service, site: Site, iri: str, offer: Offer) -> Response:
    return respond(ask(service, site, f"DESCRIBE <{iri}>", None, offer.form), service, None, offer)


def _see(entity_id: str) -> Response:
    return RedirectResponse(entity_url("entity", entity_id), 303, {"Vary": "Accept"})


def _unknown(site: Site, name: str) -> Response:
    return message_page("Not found", f"Nothing here goes by the name “{name[:200]}”.", _closest(site, name), status=404)


def not_found(request: Request) -> Response:
    """What to say about an address that leads nowhere; one of a page on the site leads to its entity."""
    site = service_of(request).sites.current()
    path = route_of(request)
    found = site.find_by_href(path)
    return _see(found) if found is not None else _unknown(site, path.strip("/"))


def _asset(request: Request) -> Response:
    found = asset(request.path_params["name"])
    if found is None:
        return not_found(request)
    data, media, _ = found
    return Response(data, headers={"Content-Type": media, "Cache-Control": "max-age=31536000, immutable"})


def routes() -> list[Route]:
    """Routes of the explorer."""
    return [
        Route("/", _home),
        Route("/search", _search),
        Route("/entity/{id:path}", _about("entity")),
        Route("/page/{id:path}", _about("page")),
        Route("/assets/{name}", _asset),
    ]
