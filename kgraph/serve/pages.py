"""The explorer's addresses. Those of entities and pages also give RDF to those who ask for it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kgraph.serve.answers import service_of
from kgraph.serve.convertor import REST
from kgraph.serve.dereference import about, graph, thing
from kgraph.serve.explorer.browse import one_tag, one_type, tags, types
from kgraph.serve.explorer.changes import changes
from kgraph.serve.explorer.communities import communities, one_community
from kgraph.serve.explorer.entity import entity_page
from kgraph.serve.explorer.find import find
from kgraph.serve.explorer.graph import graph_page
from kgraph.serve.explorer.health import health, pages_that_need_links
from kgraph.serve.explorer.home import home
from kgraph.serve.explorer.hubs import hubs
from kgraph.serve.explorer.path import find_path
from kgraph.serve.explorer.showing import show, showing
from kgraph.serve.guard import THINGS
from kgraph.serve.layout import asset, entity_list, message_page
from kgraph.serve.markup import Html, tag
from kgraph.serve.proxy import route_of
from kgraph.serve.site import Site, entity_url

__all__ = ["not_found", "routes"]


def _closest(site: Site, name: str) -> Html:
    close = site.closest(name)
    return tag("section", tag("h2", "Closest names"), entity_list(site, close)) if close else Html()


def _entity(request: Request) -> Response:
    """What people see of an entity."""
    site, name = service_of(request).sites.current(), request.path_params["id"]
    return show(request, site, entity_page) if site.find(name) is not None else _named(site, name)


def _page(request: Request) -> Response:
    """What people see of a page: its entity."""
    site, name = service_of(request).sites.current(), request.path_params["id"]
    entity = site.find(name)
    return _see(entity.id) if entity is not None else _named(site, name)


def _named(site: Site, name: str) -> Response:
    found = site.find_by_name(name)
    return _see(found) if found is not None else _unknown(site, name)


def _graph(request: Request) -> Response:
    """The graph round an entity, or the whole one."""
    site = service_of(request).sites.current()
    name = request.path_params.get("id")
    if name is None:
        return graph_page(request, site, None)
    entity = site.find(name)
    if entity is None:
        found = site.find_by_name(name)
        return _see(found, "graph") if found is not None else _unknown(site, name)
    return graph_page(request, site, entity.id)


def _see(entity_id: str, kind: str = "entity") -> Response:
    return RedirectResponse(entity_url(kind, entity_id), 303, {"Vary": "Accept"})


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
        Route("/", showing(home)),
        Route("/search", showing(find)),
        Route(f"/entity/{{id:{REST}}}", about("entity", _entity)),
        Route(f"/page/{{id:{REST}}}", about("page", _page)),
        Route("/graph", _graph),
        Route(f"/graph/{{id:{REST}}}", graph(_graph)),
        Route("/types", showing(types)),
        Route(f"/type/{{name:{REST}}}", thing(not_found, showing(one_type))),
        Route("/tags", showing(tags)),
        Route(f"/tag/{{name:{REST}}}", thing(not_found, showing(one_tag))),
        Route("/hubs", showing(hubs)),
        Route("/communities", showing(communities)),
        Route(f"/community/{{id:{REST}}}", showing(one_community)),
        Route("/path", showing(find_path)),
        Route("/health", showing(health)),
        Route("/health/links", showing(pages_that_need_links)),
        Route("/changes", showing(changes)),
        Route("/assets/{name}", _asset),
        *(Route(f"/{kind}/{{id:{REST}}}", thing(not_found)) for kind in THINGS),
    ]
