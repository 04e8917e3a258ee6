"""Queries for the endpoints: run in a worker, the outcome turned into a response."""

from __future__ import annotations

import hashlib
import math
import re

import msgspec
from msgspec import Struct
from starlette.responses import PlainTextResponse, Response

from kgraph.serve.answers import Service
from kgraph.serve.negotiate import Offer, content_type
from kgraph.serve.site import Site
from kgraph.serve.worker import QueryReply, QueryRequest

__all__ = ["STATUS", "Question", "ask", "ask_soon", "failure_headers", "question", "respond"]

_CHANGING_WORDS = ("RAND", "NOW", "UUID", "BNODE", "SERVICE", "\\U")
_CHANGING = re.compile(r"(?<![A-Za-z_?$])(?:RAND|NOW|UUID|STRUUID|BNODE|SERVICE)(?![A-Za-z_])|\\u", re.I)
"""What may make an answer another one each time, or hide such a word as escapes; else a build gives the same answer for ever."""
_TRUNCATED = "X-Kgraph-Truncated"
"""Header of a result that is cut; its value is the number of rows or triples read."""


class Question(Struct, frozen=True):
    """A query and what is known of it before it is run."""

    request: QueryRequest
    key: str | None
    """Names its answer within the build; None where the answer may be another one each time."""


STATUS: dict[str, int] = {
    "table": 200, "graph": 200, "malformed": 400, "refused": 403, "unacceptable": 406, "failed": 500, "busy": 503, "unavailable": 503,
    "timeout": 504,
}  # fmt: skip


def question(
    service: Service,
    site: Site,
    text: str,
    table_form: str | None,
    graph_form: str | None,
    *,
    default_graphs: tuple[str, ...] | None = None,
    named_graphs: tuple[str, ...] | None = None,
    limit: int | None = None,
) -> Question:
    """A query on the store of a build."""
    store = str(site.kg.generation.folder / "store")
    most = service.limit if limit is None else min(limit, service.limit)
    request = QueryRequest(store, text, default_graphs, named_graphs, table_form, graph_form, most, service.services)
    key = None if _may_change(text) else hashlib.blake2b(msgspec.msgpack.encode(request), digest_size=16).hexdigest()
    return Question(request, key)


def _may_change(text: str) -> bool:
    upper = text.upper()
    return any(word in upper for word in _CHANGING_WORDS) and _CHANGING.search(text) is not None


def ask(service: Service, site: Site, asked: Question) -> QueryReply:
    """What becomes of a query: what became of it before, else it is run; waits for it."""
    return _kept(site, asked) or _keep(site, asked, service.workers.run(asked.request))


async def ask_soon(service: Service, site: Site, asked: Question) -> QueryReply | None:
    """As :func:`ask`, without a thread; None where the query would have to wait."""
    reply = _kept(site, asked)
    if reply is None:
        reply = await service.workers.run_soon(asked.request)
        if reply is not None:
            _keep(site, asked, reply)
    return reply


def _kept(site: Site, asked: Question) -> QueryReply | None:
    kept = site.answers.find(asked.key) if asked.key else None
    return msgspec.msgpack.decode(kept, type=QueryReply) if kept is not None else None


def _keep(site: Site, asked: Question, reply: QueryReply) -> QueryReply:
    if asked.key and reply.status in ("table", "graph"):
        site.answers.keep(asked.key, msgspec.msgpack.encode(reply))
    return reply


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
