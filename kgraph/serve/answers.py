"""What the parts of the server share: the service they answer from, parameters, JSON, conditional requests."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import anyio
import anyio.to_thread
import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from kgraph.model.corpus import Entity
from kgraph.serve.site import Site
from kgraph.serve.sites import Sites
from kgraph.serve.workers import Workers

__all__ = ["Service", "as_json", "conditional", "is_known", "read_number", "read_switch", "read_type", "service_of", "unknown_entity"]

_LONGEST_NAME = 80
_AT_ONCE = 2
"""Answers that are computed at once: Python computes one at a time, and threads that take turns within answers make all of them late."""


class Service:
    """What requests are answered from."""

    def __init__(self, sites: Sites, workers: Workers, limit: int, services: tuple[str, ...] = ()) -> None:
        """Take what answers are made with.

        Args:
            sites: The current build.
            workers: Run the queries.
            limit: Rows or triples that a query gives at the most.
            services: IRIs of the endpoints that a query may ask with SERVICE.

        """
        self.sites = sites
        self.workers = workers
        self.limit = limit
        self.services = services
        self._threads = anyio.CapacityLimiter(workers.places + 8)
        self._turns = anyio.CapacityLimiter(_AT_ONCE)

    async def query(self, work: Callable[..., Response], *arguments: Any) -> Response:
        """Do in a thread what waits for a query; threads that wait for queries leave those of other requests alone."""
        return await anyio.to_thread.run_sync(work, *arguments, limiter=self._threads)

    async def in_turn(self, work: Callable[..., Response], *arguments: Any) -> Response:
        """Do in a thread what computes and waits for nothing; first come, first served."""
        return await anyio.to_thread.run_sync(work, *arguments, limiter=self._turns)


def service_of(request: Request) -> Service:
    """The service of the application that a request came to."""
    service = request.app.state.service
    assert isinstance(service, Service)
    return service


def as_json(data: Any, status: int = 200) -> Response:
    """A JSON response."""
    return Response(msgspec.json.encode(data) + b"\n", status, media_type="application/json")


def conditional(request: Request, response: Response, site: Site, *, news: bool = False, part: str = "") -> Response:
    """The response with an entity tag, or 304 when the client has it already. What is no success stays as it is.

    Args:
        request: What was asked.
        response: The answer, made from the build of ``site`` alone.
        site: The build.
        news: Whether the answer also tells that the build is new.
        part: What tells this answer from others of the build at the same address.

    """
    if response.status_code != 200:
        return response
    etag = f'W/"{site.build}-new"' if news else f'W/"{site.build}-{part}"' if part else site.etag
    headers = {"ETag": etag, "Cache-Control": "no-cache", "Vary": "Accept"}
    if is_known(request, etag):
        return Response(status_code=304, headers=headers)
    response.headers.update(headers)
    return response


def is_known(request: Request, etag: str) -> bool:
    """Whether the client has what bears this entity tag (RFC 9110, section 13.1.2)."""
    known = request.headers.get("if-none-match", "")
    return bool(known) and (known.strip() == "*" or etag.removeprefix("W/") in re.findall(r'"[^"]*"', known))


def read_number(request: Request, name: str, default: int, *, least: int, most: int) -> int:
    """A whole number out of the query string.

    Raises:
        HTTPException: it is none, or out of bounds.

    """
    text = request.query_params.get(name, "")
    if not text:
        return default
    if not re.fullmatch(r"-?[0-9]{1,9}", text) or not least <= int(text) <= most:
        raise HTTPException(400, f"{name} must be a whole number from {least:,} to {most:,}, not {_brief(text)}")
    return int(text)


def read_switch(request: Request, name: str) -> bool:
    """A truth value out of the query string, false by default.

    Raises:
        HTTPException: it is neither.

    """
    text = request.query_params.get(name, "").lower()
    if text in ("", "0", "false", "no"):
        return False
    if text in ("1", "true", "yes"):
        return True
    raise HTTPException(400, f"{name} must be true or false, not {_brief(text)}")


def read_type(request: Request, site: Site) -> str | None:
    """Key of the type named in the query string, or None.

    Raises:
        HTTPException: no entity has it.

    """
    text = request.query_params.get("type", "").strip()
    if not text:
        return None
    key = site.types.canonical(text)
    if key not in site.by_type:
        raise HTTPException(400, f"no entity has the type {_brief(text)}: the types here are {', '.join(sorted(site.by_type))}")
    return key


def unknown_entity(name: str, closest: list[Entity]) -> str:
    """What to say about an id that names nothing."""
    hint = f"; did you mean {', '.join(entity.id for entity in closest)}?" if closest else ""
    return f"no entity has the id {_brief(name)}{hint}"


def _brief(text: str) -> str:
    return repr(text if len(text) <= _LONGEST_NAME else text[:_LONGEST_NAME] + "…")
