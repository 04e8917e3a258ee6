"""A directed graph in three arrays, for graphs that NetworkX's dictionaries are too large for.

It is no subclass of NetworkX's graphs: functions such as ``nx.pagerank(graph)`` take it because this package registers a backend for it
(:mod:`kgraph.graph.backend`; https://networkx.org/documentation/stable/reference/backends.html). An edge of a million takes 12 bytes a
million times, and nothing else.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["CSRGraph"]


class CSRGraph:
    """A directed graph with one weight for each edge; an edge runs from the row to the column.

    >>> graph = CSRGraph.from_edges(["a", "b", "c"], [0, 0, 1, 0], [1, 2, 2, 1])
    >>> graph.number_of_nodes(), graph.number_of_edges(), list(graph.successors("a")), graph.out_degree("a")
    (3, 3, ['b', 'c'], 2)
    >>> graph.subgraph(["a", "b"]).edges(data="weight")
    OutEdgeDataView([('a', 'b', 2.0)])
    """

    __networkx_backend__ = "kgraph"

    def __init__(self, names: Sequence[Hashable], indptr: Any, indices: Any, weights: Any) -> None:
        """Keep the arrays of a CSR matrix of n rows; ``names`` are the n nodes. Columns of a row come in the order of its edges."""
        self.names = names
        self.indptr, self.indices, self.weights = indptr, indices, weights
        self.graph: dict[str, Any] = {}
        self.__networkx_cache__: dict[str, Any] = {}

    @classmethod
    def from_edges(cls, names: Sequence[Hashable], sources: Any, targets: Any, weights: Any = None) -> CSRGraph:
        """A graph from its edges as arrays of places in ``names``; edges that repeat are one, with the sum of their weights (1 each)."""
        size = len(names)
        rows, columns = np.asarray(sources, dtype=np.int64), np.asarray(targets, dtype=np.int64)
        values: Any = np.ones(len(rows)) if weights is None else np.asarray(weights, dtype=np.float64)
        keys = rows * max(size, 1) + columns
        if (keys[1:] <= keys[:-1]).any():
            keys, place = np.unique(keys, return_inverse=True)
            values = np.bincount(place, weights=values, minlength=len(keys))
            rows, columns = keys // max(size, 1), keys % max(size, 1)
        indptr = np.zeros(size + 1, dtype=np.int64)
        np.cumsum(np.bincount(rows, minlength=size), out=indptr[1:])
        return cls(names, indptr, columns.astype(np.int32), values)

    @classmethod
    def from_networkx(cls, graph: nx.Graph[Any], *, weight: str | None = "weight", default: float = 1.0) -> CSRGraph:
        """The edges of a graph of NetworkX in their order; one without direction has each edge both ways, keys of a multigraph add up."""
        names = list(graph)
        index = {name: place for place, name in enumerate(names)}
        if graph.is_multigraph():
            edges = [(index[u], index[v], w) for u, v, w in graph.to_directed().edges(data=weight or "", default=default)]
            sources, targets, weights = zip(*edges, strict=True) if edges else ((), (), ())
            return cls.from_edges(names, sources, targets, weights)
        rows = [graph.adj[name] for name in names]
        indptr = np.cumsum([0, *map(len, rows)], dtype=np.int64)
        columns = np.fromiter((index[other] for row in rows for other in row), dtype=np.int32, count=int(indptr[-1]))
        found = (data.get(weight, default) if weight else default for row in rows for data in row.values())
        return cls(names, indptr, columns, np.fromiter(found, dtype=np.float64, count=int(indptr[-1])))

    @cached_property
    def index(self) -> dict[Hashable, int]:
        """Place of each node; made when a node is first asked for by its name."""
        return {name: place for place, name in enumerate(self.names)}

    @cached_property
    def matrix(self) -> Any:
        """The weights as a SciPy CSR array of n by n, without a copy."""
        import scipy.sparse as sp

        return sp.csr_array((self.weights, self.indices, self.indptr), shape=(len(self.names), len(self.names)))

    @cached_property
    def unweighted(self) -> Any:
        """The same with 1 for every edge."""
        import scipy.sparse as sp

        return sp.csr_array((np.ones(len(self.indices)), self.indices, self.indptr), shape=(len(self.names), len(self.names)))

    def weighed(self, weight: str | None) -> Any:
        """The matrix that a function of NetworkX asks for by the name of an attribute: of weights, or of ones for None."""
        return self.unweighted if weight is None else self.matrix

    def steps(self, weight: str | None = "weight") -> tuple[Any, Any]:
        """The probabilities of a walk's next step, a CSR array whose rows sum to 1 or 0; and which nodes no weight leads from."""
        import scipy.sparse as sp

        matrix = self.weighed(weight)
        total = np.asarray(matrix.sum(axis=1)).ravel()
        inverse = np.where(total != 0, 1.0 / np.where(total != 0, total, 1.0), 0.0)
        data = matrix.data * np.repeat(inverse, np.diff(matrix.indptr))
        return sp.csr_array((data, matrix.indices, matrix.indptr), shape=matrix.shape), total == 0

    @property
    def sources(self) -> Any:
        """Place of the node each edge runs from, in the order of the edges."""
        return np.repeat(np.arange(len(self.names), dtype=np.int32), np.diff(self.indptr))

    def in_degrees(self) -> Any:
        """Edges that lead to each node: array of n."""
        return np.bincount(self.indices, minlength=len(self.names))

    def out_degrees(self) -> Any:
        """Edges that lead from each node: array of n."""
        return np.diff(self.indptr)

    # -- what NetworkX calls these things -------------------------------------------------------------

    def __len__(self) -> int:
        return len(self.names)

    def __iter__(self) -> Iterator[Hashable]:
        return iter(self.names)

    def __contains__(self, node: object) -> bool:
        return node in self.index

    def is_directed(self) -> bool:
        """Whether edges have a direction: they have."""
        return True

    def is_multigraph(self) -> bool:
        """Whether two nodes may have several edges: they may not."""
        return False

    def number_of_nodes(self) -> int:
        """How many nodes there are."""
        return len(self.names)

    def number_of_edges(self) -> int:
        """How many edges there are."""
        return len(self.indices)

    def successors(self, node: Hashable) -> Iterator[Hashable]:
        """Nodes that an edge leads to from ``node``, in the order of the edges."""
        place = self.index[node]
        return (self.names[column] for column in self.indices[self.indptr[place] : self.indptr[place + 1]].tolist())

    def has_edge(self, source: Hashable, target: Hashable) -> bool:
        """Whether an edge leads from the one to the other."""
        if source not in self.index or target not in self.index:
            return False
        place = self.index[source]
        return bool((self.indices[self.indptr[place] : self.indptr[place + 1]] == self.index[target]).any())

    def out_degree(self, node: Hashable) -> int:
        """Edges that lead from ``node``."""
        place = self.index[node]
        return int(self.indptr[place + 1] - self.indptr[place])

    def subgraph(self, nodes: Iterable[Hashable]) -> nx.DiGraph[Any]:
        """What lies between some nodes, as a graph of NetworkX that can be changed; costs what the edges of these nodes cost."""
        import networkx as nx

        chosen = sorted({self.index[node] for node in nodes if node in self.index})
        wanted = set(chosen)
        made: nx.DiGraph[Any] = nx.DiGraph()
        made.add_nodes_from(self.names[place] for place in chosen)
        for place in chosen:
            start, end = int(self.indptr[place]), int(self.indptr[place + 1])
            edges = zip(self.indices[start:end].tolist(), self.weights[start:end].tolist(), strict=True)
            made.add_weighted_edges_from((self.names[place], self.names[column], weight) for column, weight in edges if column in wanted)
        return made

    def near(self, node: Hashable, *, depth: int = 1, most: int = 1_000) -> nx.DiGraph[Any]:
        """What lies round a node: the nodes that up to ``depth`` edges lead to or from, nearest first, ``most`` at the most.

        Raises:
            KeyError: there is no such node.

        """
        back = self.reversed
        found = dict.fromkeys([self.index[node]])
        ring = list(found)
        for _ in range(depth):
            parts = [one.indices[one.indptr[place] : one.indptr[place + 1]] for place in ring for one in (self, back)]
            ring = [place for place in np.unique(np.concatenate(parts)).tolist() if place not in found] if parts else []
            found.update(dict.fromkeys(ring[: most - len(found)]))
        return self.subgraph(self.names[place] for place in found)

    @cached_property
    def reversed(self) -> CSRGraph:
        """The same edges the other way round."""
        there = self.matrix.T.tocsr()
        return CSRGraph(self.names, there.indptr, there.indices, there.data)
