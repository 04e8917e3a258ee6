"""PageRank and HITS by Spark, on edges in Parquet.

One join gives each edge the share of its source; then edges are grouped by the block of nodes they lead to, once, and stay where they
are. A step sends the scores to every block and gets back those of the nodes of the block: 16 bytes a node and step go over the network,
whatever the number of edges.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kgraph.graph.csr import CSRGraph
from kgraph.graph.measures import Walks, hits_by, pagerank_by

if TYPE_CHECKING:
    from pyspark import RDD, Broadcast
    from pyspark.sql import DataFrame, SparkSession

__all__ = ["walks_of", "write_edges"]

Block = tuple[int, int, Any, Any, Any]
"""First node, nodes in all, and of each edge the node within the block, the node at the other end, the weight."""


def write_edges(graph: CSRGraph, path: Path) -> None:
    """Write the edges as places of nodes: ``source``, ``target``, ``weight``.

    Raises:
        OSError: the file cannot be written.

    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"source": graph.sources, "target": graph.indices, "weight": graph.weights}), path)


def walks_of(session: SparkSession, path: Path, size: int) -> Walks:
    """PageRank, hub and authority scores of ``size`` nodes, by the steps of :func:`kgraph.graph.measures.walks`."""
    from pyspark.sql import functions as F

    edges = session.read.parquet(str(path))
    totals = edges.groupBy("source").agg(F.sum("weight").alias("total"))
    shares = edges.join(totals, "source").select("source", "target", (F.col("weight") / F.col("total")).alias("weight"))
    leaving = np.zeros(size, dtype=bool)
    leaving[[row[0] for row in totals.select("source").collect()]] = True
    steps = _Blocks(session, shares, size, to="target")
    there, back = _Blocks(session, edges, size, to="target"), _Blocks(session, edges, size, to="source")
    try:
        return Walks(
            pagerank_by(steps.product, ~leaving), *hits_by(back.product, there.product, size) if leaving.any() else (np.zeros(size),) * 2
        )
    finally:
        for blocks in (steps, there, back):
            blocks.let_go()


class _Blocks:
    """A matrix in blocks of rows that stay where they are."""

    def __init__(self, session: SparkSession, edges: DataFrame, size: int, *, to: str) -> None:
        """Group ``edges`` by the node at their end ``to``."""
        from pyspark.sql import functions as F

        self.context = session.sparkContext
        self.size = size
        parts = self.context.defaultParallelism
        each = max(1, -(-size // parts))
        other = "source" if to == "target" else "target"
        found = edges.select(F.col(to).alias("row"), F.col(other).alias("column"), "weight")
        grouped = found.repartitionByRange(parts, (F.col("row") / each).cast("int")).mapInArrow(_packed, "edges binary")
        self.blocks: RDD[Block] = grouped.rdd.map(_block).persist()

    def product(self, vector: Any) -> Any:
        """The matrix times a vector."""
        sent = self.context.broadcast(np.ascontiguousarray(vector))
        try:
            found = np.zeros(self.size)
            for first, values in self.blocks.map(_Times(sent)).collect():
                found[first : first + len(values)] += values
            return found
        finally:
            sent.unpersist()

    def let_go(self) -> None:
        self.blocks.unpersist()


class _Times:
    """Multiplies blocks with the vector that was sent."""

    def __init__(self, sent: Broadcast[Any]) -> None:
        self.sent = sent

    def __call__(self, block: Block) -> tuple[int, Any]:
        first, count, rows, columns, weights = block
        return first, np.bincount(rows, weights=weights * self.sent.value[columns], minlength=count)


def _packed(batches: Iterator[Any]) -> Iterator[Any]:
    """The edges of one part as one value: an Arrow stream."""
    import pyarrow as pa

    found = list(batches)
    if found:
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, found[0].schema) as stream:
            for batch in found:
                stream.write_batch(batch)
        yield pa.record_batch({"edges": pa.array([sink.getvalue().to_pybytes()], type=pa.binary())})


def _block(row: Any) -> Block:
    """Edges of one part in the order of their nodes, so that sums don't hang on how they came."""
    import pyarrow as pa

    table = pa.ipc.open_stream(bytes(row[0])).read_all()
    rows, columns, weights = (table[name].to_numpy() for name in ("row", "column", "weight"))
    order = np.lexsort((columns, rows))
    first = int(rows.min())
    return first, int(rows.max()) - first + 1, rows[order] - first, columns[order], weights[order]
