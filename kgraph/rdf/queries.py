"""The named queries: SPARQL files whose head says what they are for, what they take and what they give."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal, get_args

from msgspec import Struct

from kgraph.errors import QueryError

__all__ = ["ANY", "Column", "ColumnKind", "NamedQuery", "Parameter", "ParameterKind", "find_named_query", "named_queries",
           "parse_query_file"]  # fmt: skip

ParameterKind = Literal["entity", "type", "iri", "string", "integer", "number", "boolean", "date"]
"""What a value is: an entity by any of its names, a type by its name, an IRI or prefixed name, or a literal."""
ColumnKind = Literal["iri", "string", "integer", "number", "boolean", "date", "any"]
"""What a column holds: IRIs, literals of one kind (a date may be a year or a month), or anything."""

ANY = "any"
"""Default of a parameter that need not be bound: the query then answers for all."""

_HEADER = re.compile(r"#\s?(.*)")
_PARAMETER = re.compile(rf"(\w+)\s*:\s*({'|'.join(get_args(ParameterKind))})\s*(?:=\s*(\S.*?))?\s*(?:—|--|–)\s*(.+)")
_COLUMN = re.compile(rf"(\w+)\s*:\s*({'|'.join(get_args(ColumnKind))})\s*(?:—|--|–)\s*(.+)")


class Parameter(Struct, frozen=True):
    """One parameter of a named query, bound to the variable of the same name."""

    name: str
    kind: ParameterKind
    default: str | None
    """None when it must be given, :data:`ANY` when it need not be bound."""
    purpose: str


class Column(Struct, frozen=True):
    """One column of the answer."""

    name: str
    kind: ColumnKind
    purpose: str


class NamedQuery(Struct, frozen=True):
    """A query of the ``queries`` folder."""

    name: str
    purpose: str
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    """Empty where the answer is a graph."""
    text: str


def parse_query_file(name: str, text: str) -> NamedQuery:
    """Read the comment at the head of a query file: purpose, ``param`` lines, ``column`` lines.

    >>> query = parse_query_file("q", "# What for.\\n# param page: entity = home -- the page\\n# column n: integer -- links\\nSELECT ?n {}")
    >>> query.purpose, query.parameters[0].default, query.columns[0].kind
    ('What for.', 'home', 'integer')

    Raises:
        QueryError: a line that starts with ``param`` or ``column`` is not of their form.

    """
    purpose: list[str] = []
    parameters: list[Parameter] = []
    columns: list[Column] = []
    for number, line in enumerate(text.splitlines(), 1):
        match = _HEADER.fullmatch(line)
        if match is None:
            break
        told = match.group(1).strip()
        if told.startswith("param "):
            found = _PARAMETER.fullmatch(told[6:].strip())
            if found is None:
                raise QueryError(_odd(name, number, told, "param NAME: KIND [= DEFAULT] -- purpose", get_args(ParameterKind)))
            parameters.append(Parameter(*found.groups()))  # type: ignore[arg-type]
        elif told.startswith("column "):
            found = _COLUMN.fullmatch(told[7:].strip())
            if found is None:
                raise QueryError(_odd(name, number, told, "column NAME: KIND -- meaning", get_args(ColumnKind)))
            columns.append(Column(*found.groups()))  # type: ignore[arg-type]
        elif told:
            purpose.append(told)
    return NamedQuery(name, " ".join(purpose), tuple(parameters), tuple(columns), text)


def _odd(name: str, line: int, told: str, form: str, kinds: tuple[str, ...]) -> str:
    return f"{name}.rq:{line}: {told!r} is not of the form `{form}`, where KIND is one of {', '.join(kinds)}"


def queries_folder() -> Path:
    """Folder of the named queries: in the package when installed, beside it in a checkout."""
    here = Path(__file__).resolve().parent.parent
    inside = here / "queries"
    return inside if inside.is_dir() else here.parent / "queries"


def named_queries() -> dict[str, NamedQuery]:
    """All named queries by name."""
    folder = queries_folder()
    return {path.stem: parse_query_file(path.stem, path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.rq"))}


def find_named_query(name: str) -> NamedQuery:
    """The query of this name.

    Raises:
        QueryError: there is none; the message lists the closest names.

    """
    import difflib

    known = named_queries()
    if name in known:
        return known[name]
    close = difflib.get_close_matches(name, known, n=3, cutoff=0.4)
    hint = f"; did you mean {', '.join(close)}?" if close else "; `kgraph query --list` shows them"
    raise QueryError(f"no query is called {name!r}{hint}")
