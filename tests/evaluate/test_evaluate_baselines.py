from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from kgraph.config import Config
from kgraph.evaluate.baselines import BASELINES
from kgraph.ingest.stage import ingest
from kgraph.rank.evidence import Evidence

# a links to b and c, b links to c, d links to c.
LINKS = {"a": "bc", "b": "c", "c": "", "d": "c"}


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    folder = tmp_path_factory.mktemp("wiki")
    for name, targets in LINKS.items():
        text = " and ".join(f"[{target}]({target}.md)" for target in targets)
        (folder / f"{name}.md").write_text(f"# Page {name}\n\nSee {text or 'nothing'}.\n", encoding="utf-8")
    return Evidence(ingest(folder, Config())[0])


def dense(scores: Any) -> Any:
    return scores.toarray() if hasattr(scores, "toarray") else np.asarray(scores)


def test_popularity_is_in_degree(evidence: Evidence) -> None:
    assert dense(BASELINES["popularity"](evidence)).tolist() == [[0, 1, 3, 0]] * 4


def test_adamic_adar_by_hand(evidence: Evidence) -> None:
    scores = dense(BASELINES["adamic-adar"](evidence))
    # a and b share c, which has three neighbours; a and d share c as well; c and a share b, which has two.
    assert scores[0, 1] == pytest.approx(1 / math.log(3))
    assert scores[0, 3] == pytest.approx(1 / math.log(3))
    assert scores[2, 0] == pytest.approx(1 / math.log(2))
    assert scores[2, 3] == 0.0


def test_co_citation_by_hand(evidence: Evidence) -> None:
    scores = dense(BASELINES["co-citation"](evidence))
    assert scores[1, 2] == scores[2, 1] == 1.0
    assert scores[0].sum() == 0.0


def test_pagerank_solves_its_equation(evidence: Evidence) -> None:
    scores = dense(BASELINES["pagerank"](evidence))
    both = np.array([[0, 1, 1, 0], [1, 0, 1, 0], [1, 1, 0, 1], [0, 0, 1, 0]], dtype=float)
    walk = both / both.sum(axis=1, keepdims=True)
    assert scores == pytest.approx(0.5 * np.linalg.inv(np.eye(4) - 0.5 * walk), abs=2e-4)


def test_every_baseline_is_n_by_n_and_not_negative(evidence: Evidence) -> None:
    for baseline in BASELINES.values():
        scores = dense(baseline(evidence))
        assert scores.shape == (4, 4)
        assert (scores >= 0).all()
