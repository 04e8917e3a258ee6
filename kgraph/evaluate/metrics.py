"""Measures of a ranking, and how sure their means are: pure functions of numbers.

A ranking is given by the *ranks* of its relevant items, from 1, each rank once; relevance is yes or no. A relevant item that
is not ranked at all has no rank and counts in ``relevant`` only.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from msgspec import Struct

__all__ = ["Estimate", "bootstrap_interval", "ndcg", "paired_difference", "recall", "reciprocal_rank"]

_SAMPLES = 1000


class Estimate(Struct, frozen=True):
    """A mean and the interval it is in, most likely."""

    mean: float
    low: float
    high: float


def reciprocal_rank(ranks: Sequence[int]) -> float:
    """Reciprocal rank: 1 / r, r the rank of the best relevant item. Its mean over queries is MRR.

    Range: (0, 1]; 0 when no relevant item is ranked. Source: Voorhees 1999, The TREC-8 Question Answering Track Report.

    >>> reciprocal_rank([4, 2]), reciprocal_rank([])
    (0.5, 0.0)
    """
    return 1.0 / min(ranks) if ranks else 0.0


def ndcg(ranks: Sequence[int], relevant: int, k: int) -> float:
    """Normalised discounted cumulative gain at ``k``, gain 1 for a relevant item.

    DCG = sum of 1 / log2(1 + r) over the ranks r <= k; divided by the DCG of min(relevant, k) relevant items on top.
    Range: [0, 1]; 0 when nothing is relevant. Source: Järvelin and Kekäläinen 2002, doi:10.1145/582415.582418, with the discount
    log2(1 + r), which discounts the second rank as well.

    >>> ndcg([1, 2], 2, 10), round(ndcg([2], 1, 10), 4), ndcg([11], 1, 10), ndcg([], 0, 10)
    (1.0, 0.6309, 0.0, 0.0)
    """
    best = sum(1.0 / math.log2(1 + rank) for rank in range(1, min(relevant, k) + 1))
    return sum(1.0 / math.log2(1 + rank) for rank in sorted(ranks) if rank <= k) / best if best else 0.0


def recall(ranks: Sequence[int], relevant: int, k: int) -> float:
    """Recall at ``k``: share of the relevant items with a rank up to ``k``.

    Range: [0, 1]; below 1 whatever the ranking where there are more than ``k`` relevant items; 0 when nothing is relevant.
    Source: Manning, Raghavan and Schütze 2008, chapter 8, doi:10.1017/CBO9780511809071.

    >>> recall([1, 12], 2, 10), recall([1, 12], 4, 25), recall([], 0, 10)
    (0.5, 0.5, 0.0)
    """
    return sum(1 for rank in ranks if rank <= k) / relevant if relevant else 0.0


def bootstrap_interval(
    values: Sequence[float], groups: Sequence[Hashable] | None = None, *, level: float = 0.95, samples: int = _SAMPLES, seed: int = 0
) -> Estimate:
    """Mean of ``values`` and its percentile bootstrap interval, the same for the same seed.

    Values of one group are drawn together: rankings of one page that several seeds hid links of are not independent.
    One group alone, or none, says nothing about the spread: low and high are the mean; the mean of nothing is 0.
    Source: Efron 1979, doi:10.1214/aos/1176344552.

    Args:
        values: One number for each ranking.
        groups: Group of each value; every value its own when None.
        level: Share of the bootstrap means inside the interval.
        samples: Bootstrap samples.
        seed: Seed of the drawing.

    >>> bootstrap_interval([0.5, 0.5, 0.5])
    Estimate(mean=0.5, low=0.5, high=0.5)
    >>> found = bootstrap_interval([0.0, 1.0] * 50)
    >>> found.mean, 0.35 < found.low < 0.45, 0.55 < found.high < 0.65
    (0.5, True, True)

    """
    if not values:
        return Estimate(0.0, 0.0, 0.0)
    names = range(len(values)) if groups is None else groups
    place: dict[Hashable, int] = {}
    rows = np.array([place.setdefault(name, len(place)) for name in names])
    totals = np.bincount(rows, weights=np.asarray(values, dtype=np.float64), minlength=len(place))
    counts = np.bincount(rows, minlength=len(place)).astype(np.float64)
    mean = float(totals.sum() / counts.sum())
    if len(place) == 1:
        return Estimate(mean, mean, mean)
    drawn = _resamples(len(place), samples, seed)
    means = (drawn @ totals) / (drawn @ counts)
    low, high = np.percentile(means, [50 * (1 - level), 50 * (1 + level)])
    return Estimate(mean, float(low), float(high))


def paired_difference(
    first: Sequence[float], second: Sequence[float], groups: Sequence[Hashable] | None = None, *, level: float = 0.95, seed: int = 0
) -> Estimate:
    """Mean of ``first`` minus ``second`` over the same rankings, with its bootstrap interval.

    Range: [-1, 1] for values in [0, 1]. Narrower than the intervals of the two suggest where both find the same rankings
    hard; an interval without 0 is a difference that is not chance, at that level.

    >>> paired_difference([0.5, 0.75], [0.25, 0.5])
    Estimate(mean=0.25, low=0.25, high=0.25)
    """
    return bootstrap_interval([one - other for one, other in zip(first, second, strict=True)], groups, level=level, seed=seed)


@lru_cache(maxsize=2)
def _resamples(size: int, samples: int, seed: int) -> Any:
    """How often each of ``size`` groups is drawn in each sample."""
    return np.random.default_rng(seed).multinomial(size, np.full(size, 1.0 / size), size=samples).astype(np.float64)
