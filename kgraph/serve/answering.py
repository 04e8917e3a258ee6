"""Queries for the endpoints: run in a worker, the outcome turned into a response."""

from __future__ import annotations

import math

from starlette.responses import PlainTextResponse, Response

from kgraph.serve.answers import Service
from kgraph.serve.negotiate import Offer, content_type
from kgraph.serve.site import Site
from kgraph.serve.worker import QueryReply, QueryRequest

__all__ = ["STATUS", "ask", "failure_headers", "respond"]

_TRUNCATED = "X-Kgraph-Truncated"
"""Header of a result that is cut; its value is the number of rows or triples read."""
STATUS: dict[str, int] = {
    "table": 200, "graph": 200, "malformed": 400, "refused": 403, "unacceptable": 406, "failed": 500, "busy": 503, "unavailable": 503,
    "timeout": 504,
}  # fmt: skip


def ask(
    service: Service,
    site: Site,
    text: str,
    table_form: str | None,
    graph_form: str | None,
    *,
    default_graphs: tuple[str, ...] | None = None,
    named_graphs: tuple[str, ...] | None = None,
    limit: int | None = None,
) -> QueryReply:
    """Run a query on the store of a build; waits for it."""
    store = str(site.kg.generation.folder / "store")
    most = service.limit if limit is None else min(limit, service.limit)
    return service.workers.run(QueryRequest(store, text, default_graphs, named_graphs, table_form, graph_form, most, service.services))


def failure_headers(reply: QueryReply, service: Service) -> dict[str, str]:
    """Headers that tell when to ask again."""
    return {"Retry-After": str(max(1, math.ceil(service.workers.timeout)))} if STATUS[reply.status] == 503 else {}


def respond(reply: QueryReply, service: Service, table: Offer | None, graph: Offer | None) -> Response:
    """The result in the format chosen, or one line that says why there is none."""
    status = STATUS[reply.status]
    if reply.status == "unacceptable":
        said = f"the result of {reply.body.decode()} cannot be sent in a format that is asked for"
        return PlainTextResponse(said + "\n", status, {"Vary": "Accept"})
    if status != 200:
        return PlainTextResponse(reply.body.decode() + "\n", status, failure_headers(reply, service))
    offer = graph if reply.status == "graph" else table
    assert offer is not None
    headers = {"Content-Type": content_type(offer), "Vary": "Accept", "Cache-Control": "no-cache"}
    if reply.truncated:
        headers[_TRUNCATED] = str(service.limit)
    return Response(reply.body, status, headers)
