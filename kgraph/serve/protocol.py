"""Reads what a client asks for by the SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/#query-operation)."""

from __future__ import annotations

from urllib.parse import parse_qsl

from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request

__all__ = ["Asked", "read_asked"]

_LARGEST_BODY = 1_000_000
_FORM = "application/x-www-form-urlencoded"
_QUERY = "application/sparql-query"
_UPDATE = "application/sparql-update"
_READ_ONLY = "this endpoint is read-only: it takes queries, no updates"


class Asked(Struct, frozen=True):
    """One operation."""

    query: str | None
    """None when a GET brings none."""
    default_graphs: tuple[str, ...] | None
    named_graphs: tuple[str, ...] | None
    form: str | None
    """Format asked for by name."""
    named_query: str | None
    """Name of the query to show in the form for people."""


async def read_asked(request: Request) -> Asked:
    """What a GET or POST asks for.

    Raises:
        HTTPException: it is malformed, an update, too large, or of a media type that the protocol does not know.

    """
    pairs = _pairs(request.url.query)
    if request.method == "POST":
        pairs += await _posted(request)
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    if "update" in values:
        raise HTTPException(403, _READ_ONLY)
    queries = values.get("query", [])
    if len(queries) > 1 or (not queries and request.method == "POST"):
        raise HTTPException(400, f"one query is needed, {len(queries)} came")
    if queries and not queries[0].strip():
        raise HTTPException(400, "the query is empty")
    default, graphs = values.get("default-graph-uri"), values.get("named-graph-uri")
    if not queries and (default or graphs):
        raise HTTPException(400, "a dataset is given, and no query")
    return Asked(
        queries[0] if queries else None, tuple(default) if default else None, tuple(graphs) if graphs else None,
        values["format"][0].strip() or None if "format" in values else None, values.get("named", [None])[0],
    )  # fmt: skip


async def _posted(request: Request) -> list[tuple[str, str]]:
    media, *parameters = (part.strip().lower() for part in request.headers.get("content-type", "").split(";"))
    if media == _UPDATE:
        raise HTTPException(403, _READ_ONLY)
    if media not in (_FORM, _QUERY):
        accepted = f"{_FORM}, {_QUERY}"
        raise HTTPException(415, f"post a query as {_FORM} or {_QUERY}", {"Accept": accepted})
    charsets = [value.strip('" ') for name, _, value in (part.partition("=") for part in parameters) if name.strip() == "charset"]
    if set(charsets) - {"utf-8", "utf8", "us-ascii"}:
        raise HTTPException(415, "post a query in UTF-8, the only charset of the protocol")
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise HTTPException(415, "post a query as it is, not compressed", {"Accept-Encoding": "identity"})
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > _LARGEST_BODY:
            raise HTTPException(413, f"a query has {_LARGEST_BODY:,} bytes at the most", {"Connection": "close"})
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise HTTPException(400, "the query is not UTF-8") from None
    return _pairs(text) if media == _FORM else [("query", text)]


def _pairs(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=1000)
    except ValueError:
        raise HTTPException(400, "the parameters are not UTF-8, or too many") from None
