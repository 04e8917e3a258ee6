"""Questions in SPARQL, and the dataset for rdflib."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal, overload

from kgraph.api.build import Build
from kgraph.api.frames import frame
from kgraph.errors import QueryError

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd
    import rdflib

    from kgraph.rdf.queries import NamedQuery
    from kgraph.rdf.sparql import QueryResult, QueryStream

__all__ = ["Asking"]

_TYPES = {
    "iri": "string", "string": "string", "date": "string", "any": "string", "integer": "Int64", "number": "float64", "boolean": "boolean",
}  # fmt: skip
"""Type of a column of a DataFrame for each kind of column of a query."""


class Asking(Build):
    """Questions in SPARQL."""

    def run(self, query: str | NamedQuery, *, timeout: float | None = None, **parameters: object) -> QueryResult:
        """Run a query and get its terms.

        Args:
            query: Name of a query of the ``queries`` folder, SPARQL text, or a query with parameters of one's own
                (:func:`kgraph.rdf.queries.parse_query_file`).
            timeout: Seconds after which to give up.
            parameters: Values of the parameters of a named query.

        Raises:
            QueryError: the query is unknown, does not parse, or misses a parameter.

        """
        from kgraph.rdf.sparql import run_query

        text, bindings, _ = self._prepared(query, parameters)
        return run_query(self.store, text, bindings=bindings, timeout=timeout)

    def stream(self, query: str | NamedQuery, *, timeout: float | None = None, **parameters: object) -> QueryStream | QueryResult:
        """Run a query and read its rows while it runs, a few thousand in memory at a time; see :meth:`run`."""
        from kgraph.rdf.sparql import stream_query

        text, bindings, _ = self._prepared(query, parameters)
        return stream_query(self.store, text, bindings=bindings, timeout=timeout)

    def _prepared(self, query: str | NamedQuery, parameters: dict[str, Any]) -> tuple[str, dict[str, Any], NamedQuery | None]:
        """Text, terms for its parameters, and the named query that it is."""
        from kgraph.rdf.parameters import bind_parameters
        from kgraph.rdf.queries import find_named_query
        from kgraph.rdf.terms import Minter

        if isinstance(query, str):
            if any(char in query for char in "{}\n "):
                if parameters:
                    raise QueryError("parameters go with named queries only: write the values into the text")
                return query, {}, None
            query = find_named_query(query)
        bindings = bind_parameters(query, parameters, Minter(self.head.base_iri), self.entity_id, self.types)
        return query.text, bindings, query

    def query(
        self, query: str | NamedQuery, *, timeout: float | None = None, labels: bool | None = None, **parameters: object
    ) -> pd.DataFrame:  # fmt: skip
        """Run a query and get a DataFrame: numbers as numbers, IRIs of entities as their ids, other IRIs as prefixed names.

        The columns of a named query have the types that it documents, whatever the rows hold. Those of other queries get the type that
        fits all values: ``Int64``, ``float64``, ``boolean``, else ``string``.

        Args:
            query: As for :meth:`run`.
            timeout: Seconds after which to give up.
            labels: Whether each column of IRIs is followed by one of their labels (``entity``, ``entity_label``). By default only
                where the query is no named one: those name their labels themselves.
            parameters: Values of the parameters of a named query.

        >>> kg.query("paths", **{"from": "racing-dynamics", "to": "openai"})["steps"].tolist()[0]
        1
        >>> kg.query("SELECT ?e WHERE { ?e a kg:Risk } ORDER BY ?e LIMIT 1")
                          e           e_label
        0  algorithmic-bias  Algorithmic bias

        """
        from kgraph.rdf.sparql import run_query

        text, bindings, named = self._prepared(query, parameters)
        result = run_query(self.store, text, bindings=bindings, timeout=timeout)
        if result.kind == "boolean":
            return frame({"answer": "boolean"}, [[result.answer]])
        kinds = {column.name: column.kind for column in named.columns} if named is not None else {}
        return self._framed(result, kinds, labels if labels is not None else not kinds)

    def _framed(self, result: QueryResult, kinds: dict[str, Any], labelled: bool) -> pd.DataFrame:
        import pyoxigraph as ox

        from kgraph.rdf.labels import Labels
        from kgraph.rdf.sparql import python_value

        types: dict[str, str] = {}
        values: list[list[Any]] = []
        find = Labels(self.store).find
        for name, terms in zip(
            result.variables, zip(*result.rows, strict=True) if result.rows else [()] * len(result.variables), strict=True
        ):
            told = [python_value(term, self.head.base_iri) for term in terms]
            types[name] = _TYPES[kinds[name]] if name in kinds else _type_of(told)
            values.append([_fitting(value, types[name]) for value in told])
            iris = [term.value if isinstance(term, ox.NamedNode) else None for term in terms]
            if labelled and (kinds.get(name) == "iri" or any(iris)) and f"{name}_label" not in result.variables:
                types[f"{name}_label"] = "string"
                values.append([None if iri is None else find(iri) for iri in iris])
        return frame(types, list(zip(*values, strict=True)))

    @overload
    def construct(
        self, query: str | NamedQuery, to: Literal["rdflib"] = "rdflib", *, timeout: float | None = None, **parameters: object
    ) -> rdflib.Graph: ...

    @overload
    def construct(
        self, query: str | NamedQuery, to: Literal["networkx"], *, timeout: float | None = None, **parameters: object
    ) -> nx.MultiDiGraph[str]: ...

    def construct(
        self, query: str | NamedQuery, to: Literal["rdflib", "networkx"] = "rdflib", *, timeout: float | None = None, **parameters: object
    ) -> rdflib.Graph | nx.MultiDiGraph[str]:
        """Run a CONSTRUCT or DESCRIBE query and get its graph.

        Args:
            query: As for :meth:`run`.
            to: ``rdflib`` for a ``Graph`` with the usual prefixes, or ``networkx`` for a ``MultiDiGraph``: nodes by id or
                prefixed name with their ``label``, statements about other nodes as edges whose key is the property, values as
                lists in the attributes of the node.
            timeout: Seconds after which to give up.
            parameters: Values of the parameters of a named query.

        Raises:
            QueryError: the query gives a table.

        >>> graph = kg.construct("CONSTRUCT { ?a kg:linksTo ?b } WHERE { ?a a kg:Risk ; kg:linksTo ?b }", to="networkx")
        >>> graph.nodes["racing-dynamics"]["label"]
        'Racing dynamics'

        """
        if to not in ("rdflib", "networkx"):
            raise QueryError(f'to={to!r}: write to="rdflib" or to="networkx"')
        result = self.run(query, timeout=timeout, **parameters)
        if result.kind != "triples":
            raise QueryError("SELECT and ASK give a table: ask CONSTRUCT or DESCRIBE, or use kg.query()")
        return _rdflib_graph(result) if to == "rdflib" else self._networkx_graph(result)

    def _networkx_graph(self, result: QueryResult) -> nx.MultiDiGraph[str]:
        import networkx as nx
        import pyoxigraph as ox

        from kgraph.rdf.labels import Labels
        from kgraph.rdf.sparql import python_value

        graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        find, base = Labels(self.store).find, self.head.base_iri

        def node(term: Any) -> str:
            name = str(python_value(term, base))
            if name not in graph:
                graph.add_node(name, label=(find(term.value) if isinstance(term, ox.NamedNode) else None) or name)
            return name

        for subject, predicate, value in result.rows:
            key = str(python_value(predicate, base))
            if isinstance(value, ox.Literal):
                graph.nodes[node(subject)].setdefault(key, []).append(python_value(value, base))
            else:
                graph.add_edge(node(subject), node(value), key=key)
        return graph

    def to_rdflib(self, *, copy: bool = False) -> rdflib.Dataset:
        """The RDF dataset for rdflib; its default graph is the union of the named graphs.

        Args:
            copy: Whether to load it into rdflib's memory store, so that it can be changed. Otherwise rdflib reads the store of the
                build itself: nothing is loaded, SPARQL runs at the speed of Oxigraph, and what would write raises.

        >>> len(list(kg.to_rdflib().query("SELECT ?p WHERE { ?p a kg:Risk }")))
        10

        """
        import rdflib

        from kgraph.rdf.terms import PREFIXES

        if copy:
            from kgraph.export.rdf import read_dataset

            dataset = rdflib.Dataset(default_union=True)
            dataset.parse(data=b"".join(read_dataset(self.generation.folder)), format="nquads")
        else:
            from kgraph.rdf.rdflib_store import ReadOnlyStore

            dataset = rdflib.Dataset(ReadOnlyStore(self.store), default_union=True)
        for prefix, namespace in PREFIXES.items():
            dataset.bind(prefix, namespace, replace=True)
        return dataset


def _rdflib_graph(result: QueryResult) -> rdflib.Graph:
    import pyoxigraph as ox
    import rdflib

    from kgraph.rdf.results import serialize_triples
    from kgraph.rdf.terms import PREFIXES

    graph = rdflib.Graph()
    graph.parse(data=serialize_triples([ox.Triple(*row) for row in result.rows], "ntriples"), format="nt")
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace, replace=True)
    return graph


def _type_of(values: Iterable[Any]) -> str:
    """Type of a column that holds these values."""
    kinds = {type(value) for value in values if value is not None}
    if not kinds or kinds - {int, float, bool}:
        return "string"
    return {frozenset({int}): "Int64", frozenset({bool}): "boolean"}.get(frozenset(kinds), "string" if bool in kinds else "float64")


def _fitting(value: Any, kind: str) -> Any:
    if value is None or kind != "string":
        return value
    return str(value).lower() if isinstance(value, bool) else str(value)
