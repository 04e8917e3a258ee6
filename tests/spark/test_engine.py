"""The engine on Spark, in local mode: what it gives is what this machine gives."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp

import kgraph
from kgraph.config import Config
from kgraph.errors import EngineError
from kgraph.graph.csr import CSRGraph
from kgraph.graph.measures import measure, walks
from kgraph.pipeline import build_workspace, rank_workspace
from kgraph.rank import sparse
from kgraph.rank.pagerank import personalized_pagerank
from kgraph.rank.sparse import product
from kgraph.rank.stage import rank
from kgraph.spark import SparkEngine
from kgraph.workspace import Workspace
from tests.conftest import REPOSITORY, RunKgraph

pytestmark = pytest.mark.xdist_group("spark")
_INSTALLED = importlib.util.find_spec("pyspark") is not None and shutil.which("java") is not None
need_spark = pytest.mark.skipif(not _INSTALLED, reason="pyspark or Java is not installed: see scripts/spark.sh")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkEngine]:
    with SparkEngine.started("local[2]", tmp_path_factory.mktemp("shared")) as started:
        yield started


def _random_graph(seed: int) -> CSRGraph:
    draw = np.random.default_rng(seed)
    sources, targets = draw.integers(0, 80, (2, 400))
    return CSRGraph.from_edges([f"n{number:03}" for number in range(90)], sources, targets, draw.integers(1, 4, 400))


@need_spark
def test_scores_of_graphs_are_those_of_this_machine(engine: SparkEngine) -> None:
    for graph in (_random_graph(3), CSRGraph.from_edges(["a", "b", "c"], [], [])):
        here, there = walks(graph), engine.walks(graph)
        for name in ("pagerank", "hub", "authority"):
            assert getattr(there, name).tolist() == pytest.approx(getattr(here, name).tolist(), abs=1e-12)
        assert measure(graph, there) == measure(graph, here)
    assert list(engine.shared.iterdir()) == []


@need_spark
def test_products_and_walks_of_large_sites_are_the_same_to_the_bit(engine: SparkEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sparse, "SMALL", 0)
    monkeypatch.setattr(sparse, "KEPT", 5)
    monkeypatch.setattr(sparse, "_BLOCK", 64)
    random: Any = sp.random_array((300, 300), density=0.05, rng=np.random.default_rng(1), format="csr")
    matrix = sp.csr_array(random)
    assert (product(matrix, matrix, jobs=engine) != product(matrix, matrix)).nnz == 0
    steps = sparse.normalize_rows(matrix)
    assert (personalized_pagerank(steps, follow=0.5, jobs=engine) != personalized_pagerank(steps, follow=0.5)).nnz == 0


@need_spark
def test_lists_of_a_large_site_are_the_same(engine: SparkEngine, sample: kgraph.KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sparse, "SMALL", 0)
    assert dict(rank(sample.corpus, Config(), pool=engine)[0]) == dict(rank(sample.corpus, Config())[0])


@need_spark
def test_reading_and_ranking_write_the_same_files(engine: SparkEngine, sample_workspace: Path, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "w")
    build_workspace(REPOSITORY / "data", workspace, Config(), ranked=False, engine=engine)
    rank_workspace(workspace, Config(), engine=engine)
    for name in ("entities.msgpack", "statements.msgpack", "documents.msgpack", "rankings.msgpack", "site/related.json"):
        assert (workspace.get_current().folder / name).read_bytes() == (sample_workspace / "current" / name).read_bytes(), name


@need_spark
def test_what_fails_on_the_cluster_is_one_line(engine: SparkEngine) -> None:
    with pytest.raises(EngineError, match="ZeroDivisionError") as raised:
        engine.map(lambda task: 1 // task, [1, 0], lambda made: b"%d" % made)
    assert "\n" not in str(raised.value)


def test_without_spark_one_line_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, sample_workspace: Path, run_kgraph: RunKgraph, tmp_path: Path
) -> None:
    (tmp_path / "pyspark").mkdir()
    (tmp_path / "pyspark" / "__init__.py").write_text("raise ImportError\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{REPOSITORY}")
    done = run_kgraph("rank", "-w", str(sample_workspace), "--engine", "spark")
    assert done.returncode == 2
    assert "kgraph-wiki[spark]" in done.stderr
    assert "Traceback" not in done.stderr
