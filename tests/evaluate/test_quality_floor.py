"""The ranking of the sample wiki is not to get worse: floors a little below what it reached, and ahead of every baseline.

The learned ranking is not to be behind it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from kgraph.config import Config
from kgraph.evaluate.experiment import FUSED, LEARNED, Evaluation, evaluate

WIKI = Path(__file__).resolve().parent.parent.parent / "data" / "wiki"
FLOORS = {
    "relations": {"mrr": 0.86, "ndcg_10": 0.87, "recall_10": 0.94, "ndcg_10_named": 0.94, "ndcg_10_unnamed": 0.54, "coverage": 0.99},
    "links": {"mrr": 0.91, "ndcg_10": 0.88, "recall_10": 0.94, "ndcg_10_named": 0.94, "ndcg_10_unnamed": 0.4, "coverage": 0.99},
}


@pytest.fixture(scope="module")
def found() -> Evaluation:
    return evaluate(WIKI, Config(), seeds=(0, 1, 2), learn=True)


@pytest.mark.parametrize("kind", FLOORS)
def test_the_ranking_stays_above_its_floor(found: Evaluation, kind: str) -> None:
    (result,) = (item for item in found.kinds if item.kind == kind)
    (fused,) = (method for method in result.methods if method.name == FUSED)
    below = {name: fused.metrics[name].mean for name, floor in FLOORS[kind].items() if fused.metrics[name].mean < floor}
    assert below == {}


@pytest.mark.parametrize("kind", FLOORS)
def test_the_ranking_is_ahead_of_every_baseline(found: Evaluation, kind: str) -> None:
    (result,) = (item for item in found.kinds if item.kind == kind)
    ahead = {method.name: method.difference["ndcg_10"].high < 0 for method in result.methods if method.name not in (FUSED, LEARNED)}
    assert ahead == dict.fromkeys(ahead, True)


@pytest.mark.parametrize("kind", FLOORS)
def test_the_learned_ranking_is_not_behind(found: Evaluation, kind: str) -> None:
    (result,) = (item for item in found.kinds if item.kind == kind)
    (learned,) = (method for method in result.methods if method.name == LEARNED)
    assert any("the learned ranking is used" in line for line in result.learned)
    behind = {name: gain.mean for name, gain in learned.difference.items() if name.startswith("ndcg_10") and gain.mean < 0}
    assert behind == {}
