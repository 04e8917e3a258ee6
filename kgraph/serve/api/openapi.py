"""The description of the API in OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.0), made from the table of operations."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

import kgraph
from kgraph.serve.api.operations import OPERATIONS, Operation
from kgraph.serve.api.schemas import Failure
from kgraph.serve.markup import ROOT
from kgraph.serve.site import Site

__all__ = ["describe_api"]

_COMPONENTS = "#/components/schemas/"


def describe_api(site: Site) -> dict[str, Any]:
    """The description; the types of entities in it are those of the site."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "kgraph", "version": kgraph.__version__, "license": {"name": "MIT", "identifier": "MIT"},
            "description": "Entities of a wiki and what joins them. Read only. Answers have an ETag that changes with the build; "
            "long lists come in parts, each with the cursor of the next.",
        },
        "servers": [{"url": ROOT.get() or "/"}],
        "paths": {operation.path: {"get": _operation(operation, site)} for operation in OPERATIONS},
        "components": {"schemas": {**_schemas(), **_page_schemas()}},
    }  # fmt: skip


def _operation(operation: Operation, site: Site) -> dict[str, Any]:
    parameters: list[dict[str, Any]] = [
        {"name": one.name, "in": "query", "description": one.told, "required": one.required, "schema": one.schema(site)}
        for one in operation.parameters
    ]
    named = "{id}" in operation.path
    if named:
        told = {"name": "id", "in": "path", "description": "Id of an entity; a slash within it may be written as %2F.", "required": True}
        parameters.insert(0, {**told, "schema": {"type": "string", "minLength": 1}})
    headers = {"ETag": {"description": "Name of the build.", "schema": {"type": "string"}}}
    if any(one.name == "cursor" for one in operation.parameters):
        headers["Link"] = {"description": 'Address of the next part, with rel="next".', "schema": {"type": "string"}}
    answers: dict[str, Any] = {
        "200": {"description": "Found.", "headers": headers, "content": _json(_schema_of(operation))},
        "304": {"description": "The client has it already (If-None-Match)."},
    }
    refused = {
        "400": "A parameter does not fit, or there is none of that name.", "414": "The address is too long.", "429": "Too many requests.",
        "503": "The build cannot be read at the moment.",
    }  # fmt: skip
    if named or operation.name == "paths":
        refused["404"] = "There is no such entity."
    for status, told_of in sorted(refused.items()):
        plain = {"text/plain": {"schema": {"type": "string"}}}
        content = plain if status in ("414", "429") else _json({"$ref": f"{_COMPONENTS}Failure"})
        answers[status] = {"description": told_of, "content": content}
    return {"operationId": operation.name, "summary": operation.told, "parameters": parameters, "responses": answers}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def _schema_of(operation: Operation) -> dict[str, Any]:
    if operation.name == "entity":
        return {"$ref": f"{_COMPONENTS}RelatedPage"}
    if operation.name == "stats":
        return {"type": "object"}
    return {"$ref": f"{_COMPONENTS}{operation.gives.__name__}"}


@cache
def _schemas() -> dict[str, Any]:
    types = [
        operation.gives for operation in OPERATIONS if isinstance(operation.gives, type) and issubclass(operation.gives, msgspec.Struct)
    ]
    return msgspec.json.schema_components([*types, Failure], ref_template=_COMPONENTS + "{name}")[1]


@cache
def _page_schemas() -> dict[str, Any]:
    """Schemas of the export for a site build; here entities without a page have no path."""
    text = files("kgraph.export").joinpath("related.schema.json").read_text(encoding="utf-8").replace("#/$defs/", _COMPONENTS + "Page")
    found = {f"Page{name}": schema for name, schema in msgspec.json.decode(text)["$defs"].items()}
    page = found.pop("PageRelatedPage")
    page["properties"]["path"] = {"type": ["string", "null"]}
    return {**found, "RelatedPage": page}
