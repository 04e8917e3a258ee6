from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.sparse as sp

from kgraph.evaluate.judge import Query, judge

LOTS = np.array([0, 4, 3, 2, 1, 5])


def test_ranks_leave_out_what_is_barred() -> None:
    scores = np.array([[9.0, 8.0, 7.0, 6.0, 5.0, 4.0]])
    found = judge(scores, Query(0, (3,), (True,), (0, 1)), LOTS)
    assert found["mrr"] == 0.5
    assert found["ndcg_10"] == found["ndcg_10_named"] == pytest.approx(1 / math.log2(3))
    assert "ndcg_10_unnamed" not in found


def test_ties_are_broken_by_lot() -> None:
    scores = sp.csr_array(np.array([[0.0, 1.0, 1.0, 1.0, 1.0, 0.0]]))
    assert judge(scores, Query(0, (4,), (True,), (0,)), LOTS)["mrr"] == 1.0
    assert judge(scores, Query(0, (1,), (True,), (0,)), LOTS)["mrr"] == 0.25
    assert judge(scores, Query(0, (5,), (True,), (0,)), LOTS)["mrr"] == 0.2


def test_a_difference_in_the_last_bit_is_a_tie() -> None:
    scores = np.array([[0.0, 0.3, 0.1 + 0.2, 0.0, 0.0, 0.0]])
    assert judge(scores, Query(0, (2,), (True,), (0,)), LOTS)["mrr"] == judge(scores, Query(0, (2,), (True,), (0,)), LOTS)["mrr"] == 1.0


def test_each_half_is_judged_without_the_other() -> None:
    scores = np.array([[0.0, 5.0, 4.0, 3.0, 2.0, 1.0]])
    found = judge(scores, Query(0, (1, 2, 4), (True, True, False), (0,)), LOTS)
    assert found["ndcg_10_named"] == 1.0
    assert found["ndcg_10_unnamed"] == pytest.approx(1 / math.log2(3))
    assert found["recall_10"] == 1.0
