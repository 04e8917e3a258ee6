from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgraph.evaluate.metrics import bootstrap_interval, ndcg, paired_difference, recall, reciprocal_rank


def test_reciprocal_rank() -> None:
    assert reciprocal_rank([3]) == pytest.approx(1 / 3)
    assert reciprocal_rank([7, 2, 5]) == 0.5
    assert reciprocal_rank([]) == 0.0


def test_ndcg_by_hand() -> None:
    # Ranks 1, 3 and 12 of three relevant items: (1 + 1/2) / (1 + 1/log2(3) + 1/2).
    assert ndcg([1, 3, 12], 3, 10) == pytest.approx(1.5 / 2.1309297535714578)
    assert ndcg([2], 1, 10) == pytest.approx(0.6309297535714575)
    assert ndcg([10], 1, 10) == pytest.approx(1 / math.log2(11))
    assert ndcg([11], 1, 10) == 0.0
    assert ndcg([], 0, 10) == 0.0


def test_ndcg_is_1_with_more_relevant_items_than_places() -> None:
    assert ndcg(list(range(1, 13)), 12, 10) == pytest.approx(1.0)


def test_recall_by_hand() -> None:
    assert recall([1, 9, 10, 11], 4, 10) == 0.75
    assert recall([26], 1, 25) == 0.0
    assert recall([3], 2, 10) == 0.5
    assert recall([], 0, 10) == 0.0


RANKS = st.lists(st.integers(1, 60), unique=True, min_size=1, max_size=20)


@given(RANKS, st.integers(0, 5))
def test_ranges(ranks: list[int], unranked: int) -> None:
    count = len(ranks) + unranked
    for value in (reciprocal_rank(ranks), ndcg(ranks, count, 10), recall(ranks, count, 10)):
        assert 0.0 <= value <= 1.0 + 1e-12


@given(RANKS)
def test_a_better_rank_is_never_worse(ranks: list[int]) -> None:
    better = sorted(ranks)
    better[0] = 1
    assert ndcg(better, len(better), 10) >= ndcg(ranks, len(ranks), 10) - 1e-12
    assert recall(better, len(better), 10) >= recall(ranks, len(ranks), 10)


def test_interval_of_a_large_sample_is_that_of_the_normal_distribution() -> None:
    values = [0.0, 1.0] * 200
    found = bootstrap_interval(values, samples=4000)
    half = 1.96 * 0.5 / math.sqrt(400)
    assert found.mean == 0.5
    assert [found.low, found.high] == pytest.approx([0.5 - half, 0.5 + half], abs=0.005)


def test_values_of_one_group_are_drawn_together() -> None:
    values = [0.0, 1.0] * 50
    alone = bootstrap_interval(values)
    grouped = bootstrap_interval(values * 4, [place % 100 for place in range(400)])
    apart = bootstrap_interval(values * 4)
    assert (grouped.low, grouped.high) == (alone.low, alone.high)
    assert apart.high - apart.low < grouped.high - grouped.low


def test_interval_edges() -> None:
    assert bootstrap_interval([]).mean == 0.0
    single = bootstrap_interval([0.3, 0.5], ["a", "a"])
    assert (single.mean, single.low, single.high) == (0.4, 0.4, 0.4)


def test_interval_depends_on_the_seed_only() -> None:
    values = [place / 10 for place in range(10)]
    assert bootstrap_interval(values, seed=3) == bootstrap_interval(values, seed=3)
    assert bootstrap_interval(values, seed=3) != bootstrap_interval(values, seed=4)


def test_paired_difference_sees_what_the_intervals_hide() -> None:
    first = [place / 100 for place in range(100)]
    second = [value - 0.01 for value in first]
    found = paired_difference(first, second)
    assert found.mean == pytest.approx(0.01)
    assert found.low == pytest.approx(0.01)
    assert found.low > 0
