"""Parameters of operations: how each is described, and how it is read from a request."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request

from kgraph.serve.site import Site

__all__ = ["Choice", "Cursor", "Flag", "Number", "Parameter", "Text", "TypeName", "read_parameters"]

_LONGEST_SHOWN = 80


class Parameter(Struct, frozen=True, kw_only=True):
    """A parameter of the query string."""

    name: str
    told: str
    """What it is for."""
    required: bool = False

    def schema(self, site: Site) -> dict[str, Any]:
        """JSON Schema of its values."""
        raise NotImplementedError

    def read(self, text: str, site: Site) -> Any:
        """Its value as written in a query string.

        Raises:
            HTTPException: it is none.

        """
        raise NotImplementedError

    def default(self) -> Any:
        """Its value where a request does not give it."""
        return None

    def bad(self, wanted: str, text: str) -> HTTPException:
        """The error of a value that does not fit."""
        shown = text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"
        return HTTPException(400, f"{self.name} must be {wanted}, not {shown!r}")


class Number(Parameter, frozen=True, kw_only=True):
    """A whole number."""

    least: int
    most: int
    usual: int

    def schema(self, site: Site) -> dict[str, Any]:  # noqa: ARG002
        """JSON Schema of its values."""
        return {"type": "integer", "minimum": self.least, "maximum": self.most, "default": self.usual}

    def read(self, text: str, site: Site) -> int:  # noqa: ARG002
        """The number."""
        if not re.fullmatch(r"-?[0-9]{1,9}", text) or not self.least <= int(text) <= self.most:
            raise self.bad(f"a whole number from {self.least:,} to {self.most:,}", text)
        return int(text)

    def default(self) -> int:
        """The usual number."""
        return self.usual


class Flag(Parameter, frozen=True, kw_only=True):
    """True or false."""

    def schema(self, site: Site) -> dict[str, Any]:  # noqa: ARG002
        """JSON Schema of its values."""
        return {"type": "boolean", "default": False}

    def read(self, text: str, site: Site) -> bool:  # noqa: ARG002
        """The truth value."""
        if text not in ("true", "false"):
            raise self.bad("true or false", text)
        return text == "true"

    def default(self) -> bool:
        """False."""
        return False


class Text(Parameter, frozen=True, kw_only=True):
    """Words, names, cursors."""

    most: int = 200
    least: int = 0

    def schema(self, site: Site) -> dict[str, Any]:  # noqa: ARG002
        """JSON Schema of its values."""
        return {"type": "string", "maxLength": self.most, **({"minLength": self.least} if self.least else {})}

    def read(self, text: str, site: Site) -> str:  # noqa: ARG002
        """The text."""
        if not self.least <= len(text) <= self.most:
            raise self.bad(f"{self.least} to {self.most:,} characters long", text)
        return text


class Cursor(Parameter, frozen=True, kw_only=True):
    """Where a part of a list begins: how many items come before, and the key of the last of them."""

    LONGEST_KEY: ClassVar[int] = 1000

    def schema(self, site: Site) -> dict[str, Any]:  # noqa: ARG002
        """JSON Schema of its values."""
        return {"type": "string", "pattern": "^[1-9][0-9]{0,8}~", "maxLength": self.LONGEST_KEY + 10}

    def read(self, text: str, site: Site) -> str:  # noqa: ARG002
        """The cursor."""
        if not re.match("[1-9][0-9]{0,8}~", text) or len(text) > self.LONGEST_KEY + 10:
            raise self.bad("one that an answer gave as next", text)
        return text


class Choice(Parameter, frozen=True, kw_only=True):
    """One of some names."""

    names: tuple[str, ...]
    usual: str | None = None

    def schema(self, site: Site) -> dict[str, Any]:  # noqa: ARG002
        """JSON Schema of its values."""
        return {"type": "string", "enum": list(self.names), **({"default": self.usual} if self.usual else {})}

    def read(self, text: str, site: Site) -> str:  # noqa: ARG002
        """The name."""
        if text not in self.names:
            raise self.bad(f"one of {', '.join(self.names)}", text)
        return text

    def default(self) -> str | None:
        """The usual name."""
        return self.usual


class TypeName(Parameter, frozen=True, kw_only=True):
    """A type of entity, by key, label or synonym; read as its key."""

    def schema(self, site: Site) -> dict[str, Any]:
        """JSON Schema of its values: the keys of the types that entities have."""
        return {"type": "string", "enum": sorted(site.by_type)}

    def read(self, text: str, site: Site) -> str:
        """The key."""
        key = site.types.canonical(text) if text.strip() else ""
        if key not in site.by_type:
            raise self.bad(f"one of the types of this site, which are {', '.join(sorted(site.by_type))}", text)
        return key


def read_parameters(request: Request, parameters: Mapping[str, Parameter], site: Site) -> dict[str, Any]:
    """Values of all parameters of a request.

    Raises:
        HTTPException: one does not fit, is given twice, is missing, or is none of these.

    """
    unknown = sorted(set(request.query_params) - set(parameters))
    if unknown:
        known = f"there are {', '.join(parameters)}" if parameters else "there are none"
        raise HTTPException(400, f"no parameter is called {unknown[0][:_LONGEST_SHOWN]!r}: {known}")
    found: dict[str, Any] = {}
    for name, parameter in parameters.items():
        given = request.query_params.getlist(name)
        if len(given) > 1:
            raise HTTPException(400, f"{name} must be given once, not {len(given)} times")
        if parameter.required and not given:
            raise HTTPException(400, f"{name} must be given: {parameter.told}")
        found[name] = parameter.read(given[0], site) if given else parameter.default()
    return found
