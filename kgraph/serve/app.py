"""The application: explorer, JSON API and SPARQL endpoint behind one guard."""

from __future__ import annotations

from collections.abc import Collection
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from kgraph.errors import KgraphError, QueryError, WorkspaceError
from kgraph.serve import graph_store, pages, sparql
from kgraph.serve.answers import Service, as_json
from kgraph.serve.api import routes as api
from kgraph.serve.guard import Guard
from kgraph.serve.layout import message_page
from kgraph.serve.limits import Limits
from kgraph.serve.proxy import RootPath, route_of

__all__ = ["create_app"]


def create_app(service: Service, hosts: Collection[str] | None = None, *, root: str = "", rate: float = 0.0) -> ASGIApp:
    """The application over a service.

    Args:
        service: What to answer from.
        hosts: Host names to answer to (lower case, without port); None for any.
        root: Path that a proxy serves it below, as :func:`kgraph.serve.proxy.read_root_path` gives it.
        rate: Requests a second that one client may make in the long run; 0 for any number.

    """
    app = Starlette(
        routes=[*sparql.routes(), *graph_store.routes(), *pages.routes(), *api.routes(), Route("/healthz", _health)],
        exception_handlers={HTTPException: _failed, KgraphError: _failed},
    )
    app.router.redirect_slashes = False
    app.state.service = service
    return RootPath(Guard(Limits(app, rate), hosts), root)


def _health(_: Request) -> Response:
    return PlainTextResponse("ok\n", headers={"Cache-Control": "no-store"})


def _failed(request: Request, error: Exception) -> Response:
    """Say what failed the way the address speaks: JSON, text or a page."""
    headers: dict[str, str] = {}
    if isinstance(error, HTTPException):
        status, said = error.status_code, error.detail
        headers = dict(error.headers or {})
    else:
        status = 503 if isinstance(error, WorkspaceError) else 400 if isinstance(error, QueryError) else 500
        said = "this build cannot be read: ask again in a moment" if status == 503 else " ".join(str(error).split())
        headers = {"Retry-After": "5"} if status == 503 else {}
    path = route_of(request)
    if path == "/api" or path.startswith("/api/"):
        response = as_json({"error": said}, status)
    elif path in ("/sparql", "/graph-store", "/healthz"):
        response = PlainTextResponse(said + "\n", status)
    elif status == 404:
        response = pages.not_found(request)
    else:
        response = message_page(HTTPStatus(status).phrase, said, status=status)
    response.headers.update(headers)
    return response
