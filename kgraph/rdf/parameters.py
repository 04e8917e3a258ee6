"""Values of query parameters, bound as RDF terms: never pasted into the text of a query."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from kgraph.errors import QueryError
from kgraph.model.types import TypeVocabulary
from kgraph.rdf.queries import ANY, NamedQuery, Parameter
from kgraph.rdf.terms import PREFIXES, Minter, date_literal, number

if TYPE_CHECKING:
    import pyoxigraph as ox

__all__ = ["bind_parameters"]


def bind_parameters(
    query: NamedQuery, values: Mapping[str, object], mint: Minter, find_id: Callable[[str], str], types: TypeVocabulary
) -> dict[str, ox.NamedNode | ox.Literal]:
    """Term for each parameter of a named query that has a value.

    Args:
        query: The query.
        values: Values given by name: text, or numbers, truth values and dates.
        mint: Makes IRIs.
        find_id: Id of the entity that goes by a name; raises when there is none.
        types: Turns the name of a type into its key.

    Raises:
        QueryError: a value is missing, names no parameter, or is not of the right kind.

    """
    known = {parameter.name: parameter for parameter in query.parameters}
    for name in values:
        if name not in known:
            told = f"its parameters are {', '.join(known)}" if known else "it takes none"
            raise QueryError(f"query {query.name!r} has no parameter {name!r}: {told}")
    bound: dict[str, ox.NamedNode | ox.Literal] = {}
    for parameter in query.parameters:
        value = _text(values[parameter.name]) if parameter.name in values else parameter.default
        if value is None:
            raise QueryError(f"query {query.name!r} needs --param {parameter.name}=… ({parameter.purpose})")
        if value == parameter.default == ANY:
            continue
        if parameter.kind == "entity":
            bound[parameter.name] = _iri(mint.entity(find_id(value)))
        elif parameter.kind == "type":
            bound[parameter.name] = _iri(mint.type(types.canonical(value)))
        else:
            bound[parameter.name] = _term(query, parameter, value)
    return bound


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _iri(iri: str) -> ox.NamedNode:
    import pyoxigraph as ox

    return ox.NamedNode(iri)


def _term(query: NamedQuery, parameter: Parameter, value: str) -> ox.NamedNode | ox.Literal:
    """A term that the value alone tells."""
    import pyoxigraph as ox

    wanted = ""
    try:
        match parameter.kind:
            case "integer":
                wanted = "a whole number"
                return ox.Literal(str(int(value)), datatype=_iri(PREFIXES["xsd"] + "integer"))
            case "number":
                wanted = "a number"
                return _literal(number(float(_finite(value))))
            case "boolean":
                wanted = "true or false"
                return ox.Literal({"true": True, "false": False}[value])
            case "date":
                wanted = "a date such as 2025-03-31, a month such as 2025-03 or a year"
                return _literal(_date(value))
            case "iri":
                wanted = f"an IRI, or a name with one of the prefixes {', '.join(PREFIXES)}"
                prefix, _, local = value.partition(":")
                return _iri(PREFIXES[prefix] + local if prefix in PREFIXES else value)
    except (ValueError, KeyError):
        raise QueryError(f"query {query.name!r}: {parameter.name} must be {wanted}, not {value!r}") from None
    return ox.Literal(value.encode("utf-8", "replace").decode("utf-8"))


def _finite(value: str) -> Decimal:
    try:
        found = Decimal(value)
    except InvalidOperation:
        raise ValueError(value) from None
    if not found.is_finite() or abs(found) > 10**18:
        raise ValueError(value)
    return found


def _date(value: str) -> str:
    written = date_literal(value)
    if "^^" not in written or not written.startswith(f'"{value}"'):
        raise ValueError(value)
    return written


def _literal(written: str) -> ox.Literal:
    """The literal that a term of N-Quads writes, where it has a datatype."""
    import pyoxigraph as ox

    text, _, datatype = written.partition("^^")
    return ox.Literal(text[1:-1], datatype=_iri(datatype[1:-1]))
