"""Endpoints of the operations, their description, and a page about them for people."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kgraph.serve.answers import as_json, conditional, service_of, unknown_entity
from kgraph.serve.api.openapi import describe_api
from kgraph.serve.api.operations import OPERATIONS, Operation, Unknown
from kgraph.serve.api.parameters import read_parameters
from kgraph.serve.api.schemas import Failure, Near
from kgraph.serve.explorer.showing import Shown, showing
from kgraph.serve.layout import address, table, title_block
from kgraph.serve.markup import ROOT, Html, join, tag
from kgraph.serve.site import Site, entity_url

__all__ = ["routes"]


def _endpoint(operation: Operation) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that gives what an operation finds."""
    parameters = {parameter.name: parameter for parameter in operation.parameters}

    def answer_of(request: Request) -> Response:
        site = service_of(request).sites.current()
        values = {**read_parameters(request, parameters, site), **request.path_params}
        try:
            answer = operation.answer(site, values)
        except Unknown as unknown:
            closest = [site.entities[entity_id] for entity_id in site.closest(unknown.name)]
            told = tuple(Near(entity.id, entity.title) for entity in closest)
            return as_json(Failure(unknown_entity(unknown.name, closest), told), 404)
        response = as_json(answer)
        following = getattr(answer, "next", None)
        if following is not None:
            given = {name: value for name, value in request.query_params.items() if name in parameters}
            url = ROOT.get() + address(request.url.path.removeprefix(ROOT.get()), **{**given, "cursor": following})
            response.headers["Link"] = f'<{url}>; rel="next"'.encode("ascii", "replace").decode()
        return conditional(request, response, site)

    async def endpoint(request: Request) -> Response:
        return await service_of(request).in_turn(answer_of, request)

    return endpoint


def _description(request: Request) -> Response:
    site = service_of(request).sites.current()
    return conditional(request, as_json(describe_api(site)), site)


def _page(_: Request, site: Site) -> Shown:
    """The API for people."""
    lead = join(
        "JSON over HTTP, read only, open to pages of any origin. Described in ", tag("a", "OpenAPI 3.1", href="/api/openapi.json"),
        "; answers have an ETag, and long lists a cursor.",
    )  # fmt: skip
    example = site.order[0] if site.order else ""
    return Shown("API", (title_block("API", lead), *(_section(site, operation, example) for operation in OPERATIONS[1:])), here="api")


def _section(site: Site, operation: Operation, example: str) -> Html:
    rows = [
        tag("tr", tag("th", tag("code", one.name), scope="row"), tag("td", one.told, " Must be given." if one.required else None),
            tag("td", ", ".join(f"{key} {value}" for key, value in one.schema(site).items() if key != "enum")))
        for one in operation.parameters
    ]  # fmt: skip
    parameters = table(f"Parameters of {operation.name}", ("Parameter", "What it is for", "Values"), rows) if rows else None
    heading = tag("h2", tag("code", f"GET {operation.path}"), id=operation.name)
    return tag("section", heading, tag("p", operation.told), parameters, _try(operation, example))


def _try(operation: Operation, example: str) -> Html | None:
    if operation.name == "paths":
        return None
    path = entity_url(operation.path.removesuffix("/{id}").lstrip("/"), example) if "{id}" in operation.path else operation.path
    url = address(path, q="a") if operation.name == "suggest" else path
    return tag("p", tag("a", "Try it", href=url))


def routes() -> list[Route]:
    """Routes of the API."""
    return [
        Route("/api/openapi.json", _description),
        Route("/api/docs", showing(_page)),
        *(operation.route(_endpoint(operation)) for operation in OPERATIONS),
    ]
