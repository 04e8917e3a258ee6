"""Blocks of pages and of rows, worked on by the executors of a Spark cluster.

What is to be done and what it needs is sent to each executor once (a broadcast), the tasks are numbers of rows, and what comes back
are the largest entries of each row: nothing is shuffled. The executors run the functions that run here, so that the results are the same
to the last bit.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any, TypeVar

from kgraph.errors import EngineError
from kgraph.graph.csr import CSRGraph
from kgraph.graph.measures import Walks

if TYPE_CHECKING:
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

__all__ = ["SparkEngine"]

Task = TypeVar("Task")
Result = TypeVar("Result")
_PER_WORKER = 4
"""Parts that each worker gets of the tasks: so many that none waits long for another, and each unpacks what it needs so often."""


class SparkEngine:
    """A session of Spark, and what kgraph asks of it."""

    def __init__(self, session: SparkSession, shared: Path) -> None:
        """Use a session; ``shared`` is a folder that its workers see under the same path."""
        self.session = session
        self.context: SparkContext = session.sparkContext
        self.shared = shared

    @classmethod
    @contextmanager
    def started(cls, master: str, shared: Path) -> Iterator[SparkEngine]:
        """An engine on the cluster at an address, ended after the block of a ``with`` statement.

        Args:
            master: As Spark writes it: ``local[2]``, ``spark://host:7077``, ``yarn``.
            shared: Folder that the workers see under the same path, for the edges.

        Raises:
            EngineError: Spark or Java is not installed, or the cluster cannot be reached.

        """
        session = _session(master)
        try:
            yield cls(session, shared)
        finally:
            session.stop()

    def map(self, work: Callable[[Task], Result], tasks: Sequence[Task], pack: Callable[[Result], bytes]) -> list[bytes]:
        """What ``work`` makes of each task, packed, in order.

        Raises:
            EngineError: the work failed on the cluster.

        """
        from pyspark import cloudpickle

        held = self.context.broadcast(cloudpickle.dumps((work, pack)))
        slices = max(1, min(len(tasks), _PER_WORKER * self.context.defaultParallelism))
        try:
            with _told():
                parts = self.context.parallelize([cloudpickle.dumps(task) for task in tasks], slices)
                made: list[bytes] = parts.mapPartitions(_Worker(held)).collect()
                return made
        finally:
            held.unpersist()

    def walks(self, graph: CSRGraph) -> Walks:
        """PageRank and HITS of a graph, from its edges in Parquet.

        Raises:
            EngineError: the work failed on the cluster.
            OSError: the edges cannot be written.

        """
        from kgraph.spark.walks import walks_of, write_edges

        self.shared.mkdir(parents=True, exist_ok=True)
        folder = Path(mkdtemp(prefix="edges-", dir=self.shared))
        try:
            write_edges(graph, folder / "edges.parquet")
            with _told():
                return walks_of(self.session, folder / "edges.parquet", len(graph))
        finally:
            shutil.rmtree(folder, ignore_errors=True)


class _Worker:
    """Does the tasks of one part where an executor runs it."""

    def __init__(self, held: Any) -> None:
        self.held = held

    def __call__(self, tasks: Iterator[bytes]) -> Iterator[bytes]:
        import pickle

        work, pack = pickle.loads(self.held.value)  # noqa: S301 - what this program has sent itself
        for task in tasks:
            yield pack(work(pickle.loads(task)))  # noqa: S301


def _session(master: str) -> SparkSession:
    """A session for batch work, without its web page.

    Raises:
        EngineError: Spark or Java is not installed, or the cluster cannot be reached.

    """
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise EngineError("Spark is not installed: pip install 'kgraph-wiki[spark]', or leave out --engine spark") from None
    if master.startswith("local") and shutil.which("java") is None:
        raise EngineError("Spark needs Java 17 or newer, and there is no `java`: install it, or leave out --engine spark")
    builder: Any = SparkSession.builder
    settings = {
        "spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.log.level": "ERROR",
        "spark.driver.maxResultSize": "0", "spark.sql.shuffle.partitions": "8",
    }  # fmt: skip
    if master.startswith("local"):
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # what the workers run; `python3` otherwise
    for name, value in settings.items():
        builder = builder.config(name, value)
    with _told(f"{master}: cannot be reached"):
        session: SparkSession = builder.appName("kgraph").master(master).getOrCreate()
    return session


@contextmanager
def _told(what: str = "Spark") -> Iterator[None]:
    """Turn what Spark raises into one line."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (Py4JError, PySparkException) as error:
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        told = next((line for line in reversed(lines) if "Error" in line or "Exception" in line), lines[0] if lines else "no reason given")
        raise EngineError(f"{what}: {told[:300]}") from None
