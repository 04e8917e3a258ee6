"""Values of query parameters, bound as RDF terms: never pasted into the text of a query."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from kgraph.errors import QueryError
from kgraph.model.types import TypeVocabulary
from kgraph.rdf.sparql import NamedQuery, Parameter
from kgraph.rdf.terms import PREFIXES, Minter

__all__ = ["bind_parameters"]


def bind_parameters(
    query: NamedQuery, values: Mapping[str, str], mint: Minter, find_id: Callable[[str], str], types: TypeVocabulary
) -> dict[str, Any]:
    """Term for each parameter of a named query.

    Args:
        query: The query.
        values: Values given by name.
        mint: Makes IRIs.
        find_id: Id of the entity that goes by a name; raises when there is none.
        types: Turns the name of a type into its key.

    Raises:
        QueryError: a value is missing, names no parameter, or is not of the right kind.

    """
    known = {parameter.name: parameter for parameter in query.parameters}
    for name in values:
        if name not in known:
            told = ", ".join(known) or "none"
            raise QueryError(f"query {query.name!r} has no parameter {name!r}: its parameters are {told}")
    bound: dict[str, Any] = {}
    for parameter in query.parameters:
        value = values.get(parameter.name, parameter.default)
        if value is None:
            raise QueryError(f"query {query.name!r} needs --param {parameter.name}=… ({parameter.purpose})")
        bound[parameter.name] = _term(query, parameter, value, mint, find_id, types)
    return bound


def _term(
    query: NamedQuery, parameter: Parameter, value: str, mint: Minter, find_id: Callable[[str], str], types: TypeVocabulary
) -> Any:  # fmt: skip
    import pyoxigraph as ox

    if parameter.kind == "entity":
        return ox.NamedNode(mint.entity(find_id(value)))
    if parameter.kind == "type":
        return ox.NamedNode(mint.type(types.canonical(value)))
    if parameter.kind == "integer":
        try:
            return ox.Literal(str(int(value)), datatype=ox.NamedNode(PREFIXES["xsd"] + "integer"))
        except ValueError:
            raise QueryError(f"query {query.name!r}: {parameter.name} must be a whole number, not {value!r}") from None
    return ox.Literal(value.encode("utf-8", "replace").decode("utf-8"))
