"""What an engine must do that takes over the work of large sites from this machine."""

from __future__ import annotations

from typing import Protocol

from kgraph.graph.csr import CSRGraph
from kgraph.graph.measures import Walks
from kgraph.parallel import Pool

__all__ = ["Engine"]


class Engine(Pool, Protocol):
    """Workers elsewhere that read pages, multiply matrices and score graphs."""

    def walks(self, graph: CSRGraph) -> Walks:
        """PageRank and HITS of a graph."""
        ...
