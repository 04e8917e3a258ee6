"""Questions in SPARQL, and the dataset for rdflib."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kgraph.api.build import Build
from kgraph.errors import QueryError

if TYPE_CHECKING:
    import pandas as pd
    import rdflib

    from kgraph.rdf.sparql import QueryResult

__all__ = ["Asking"]


class Asking(Build):
    """Questions in SPARQL."""

    def run(self, query: str, *, timeout: float | None = None, **parameters: str) -> QueryResult:
        """Run a query and get its terms.

        Args:
            query: Name of a query of the ``queries`` folder, or SPARQL text.
            timeout: Seconds after which to give up.
            parameters: Values of the parameters of a named query.

        Raises:
            QueryError: the query is unknown, does not parse, or misses a parameter.

        """
        from kgraph.rdf.parameters import bind_parameters
        from kgraph.rdf.sparql import find_named_query, run_query
        from kgraph.rdf.terms import Minter

        if any(char in query for char in "{}\n "):
            if parameters:
                raise QueryError("parameters go with named queries only: write the values into the text")
            return run_query(self.store, query, timeout=timeout)
        named = find_named_query(query)
        bindings = bind_parameters(named, parameters, Minter(self.head.base_iri), self.entity_id, self.types)
        return run_query(self.store, named.text, bindings=bindings, timeout=timeout)

    def query(self, query: str, *, timeout: float | None = None, **parameters: str) -> pd.DataFrame:
        """Run a query and get a DataFrame: numbers as numbers, IRIs of entities as their ids; see :meth:`run`."""
        import pandas as pd

        from kgraph.rdf.sparql import python_value

        result = self.run(query, timeout=timeout, **parameters)
        if result.kind == "boolean":
            return pd.DataFrame({"answer": [result.answer]})
        rows = [[python_value(term, self.head.base_iri) for term in row] for row in result.rows]
        return pd.DataFrame(rows, columns=list(result.variables))

    def to_rdflib(self) -> rdflib.Dataset:
        """The RDF dataset in rdflib's memory store; its default graph is the union of the named graphs."""
        import rdflib

        from kgraph.export.rdf import read_dataset
        from kgraph.rdf.terms import PREFIXES

        dataset = rdflib.Dataset(default_union=True)
        dataset.parse(data=b"".join(read_dataset(self.generation.folder)), format="nquads")
        for prefix, namespace in PREFIXES.items():
            dataset.bind(prefix, namespace, replace=True)
        return dataset
