"""The JSON API. Read only; everything is that of the current build."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kgraph.graph.measures import HUB_MEASURES, HubMeasure
from kgraph.model.corpus import Entity
from kgraph.serve.answers import as_json, conditional, read_number, read_switch, read_type, service_of, unknown_entity
from kgraph.serve.site import Site

__all__ = ["routes"]

_MOST_ITEMS = 1000
_MOST_OFFSET = 100_000_000
_MEASURES: dict[str, HubMeasure] = {name: name for name in get_args(HubMeasure)}


class _Unknown(Exception):
    """There is no such entity."""

    def __init__(self, name: str, closest: list[Entity]) -> None:
        super().__init__(unknown_entity(name, closest))
        self.closest = closest


def _answering(read: Callable[[Request, Site], Any]) -> Callable[[Request], Response]:
    """An endpoint that gives what ``read`` finds."""

    def endpoint(request: Request) -> Response:
        site = service_of(request).sites.current()
        try:
            return conditional(request, as_json(read(request, site)), site)
        except _Unknown as unknown:
            closest = [{"id": entity.id, "title": entity.title} for entity in unknown.closest]
            return as_json({"error": str(unknown), "closest": closest}, 404)

    return endpoint


def _entity(request: Request, site: Site) -> Entity:
    name = request.path_params["id"]
    found = site.find(name)
    if found is None:
        raise _Unknown(name, [site.entities[entity_id] for entity_id in site.closest(name)])
    return found


def _stats(_: Request, site: Site) -> Any:
    return site.counts


def _entities(request: Request, site: Site) -> Any:
    kind = read_type(request, site)
    limit = read_number(request, "limit", 50, least=1, most=_MOST_ITEMS)
    offset = read_number(request, "offset", 0, least=0, most=_MOST_OFFSET)
    found = site.search(request.query_params.get("q", ""), kind)
    items = [_brief(site.entities[entity_id]) for entity_id in found[offset : offset + limit]]
    return {"total": len(found), "offset": offset, "limit": limit, "items": items}


def _brief(entity: Entity) -> dict[str, Any]:
    return {
        "id": entity.id, "title": entity.title, "type": entity.type, "href": entity.href, "path": entity.path,
        "summary": entity.summary, "stub": entity.stub,
    }  # fmt: skip


def _one_entity(request: Request, site: Site) -> Any:
    return site.page_object(_entity(request, site).id)


def _related(request: Request, site: Site) -> Any:
    entity = _entity(request, site)
    k = read_number(request, "k", 10, least=1, most=_MOST_ITEMS)
    unlinked = read_switch(request, "unlinked")
    items = []
    for item in site.related(entity.id, k, unlinked=unlinked):
        other = site.entities[item.id]
        items.append({
            "id": other.id, "title": other.title, "type": other.type, "href": other.href, "score": item.score, "rank": item.rank,
            "label": item.label, "linked": item.linked, "reasons": item.reasons,
        })  # fmt: skip
    return {"id": entity.id, "title": entity.title, "unlinked": unlinked, "related": items}


def _hubs(request: Request, site: Site) -> Any:
    name = request.query_params.get("by", "") or "pagerank"
    if name not in _MEASURES:
        raise HTTPException(400, f"by must be one of {', '.join(HUB_MEASURES)}")
    kind = read_type(request, site)
    k = read_number(request, "k", 20, least=1, most=_MOST_ITEMS)
    return {"by": name, "type": kind, "hubs": site.hubs(k, by=_MEASURES[name], kind=kind)}


def _index(_request: Request, _site: Site) -> Any:
    """What there is to ask for."""
    return {
        "stats": "/api/stats",
        "entities": "/api/entities?q=&type=&limit=&offset=",
        "entity": "/api/entities/{id}",
        "related": "/api/related/{id}?k=&unlinked=",
        "hubs": "/api/hubs?by=&k=&type=",
        "sparql": "/sparql?query=",
    }


def routes() -> list[Route]:
    """Routes of the API."""
    return [
        Route("/api", _answering(_index)),
        Route("/api/stats", _answering(_stats)),
        Route("/api/entities", _answering(_entities)),
        Route("/api/entities/{id:path}", _answering(_one_entity)),
        Route("/api/related/{id:path}", _answering(_related)),
        Route("/api/hubs", _answering(_hubs)),
    ]
