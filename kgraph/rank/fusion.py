"""Fusion: from the scores of many signals to one score in [0, 1] for each pair, of which every signal has a share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import scipy.sparse as sp
from msgspec import Struct

from kgraph.parallel import Jobs
from kgraph.rank.sparse import Matrix, is_small, joined_blocks, kept_of, stepped, top_k_rows

__all__ = ["Fused", "contribution", "fuse"]


_SITE = 4
"""Steps for each doubling that what is strong on the site is rounded to: 19 % each, so that it changes seldom."""
_KEPT = 4
"""Candidates that the total keeps of each entity on large sites, for each one that a signal keeps."""


class Fused(Struct, frozen=True):
    """Fused scores."""

    names: tuple[str, ...]
    """Signals, in the order of the contributions."""
    contributions: tuple[Matrix, ...]
    """Weighted, scaled scores of each signal; they add up to ``total``."""
    total: Matrix
    half: float
    """Total that gives the score 1/2."""

    def score(self, total: Any) -> Any:
        """Score in [0, 1) of a total, rising with it: total / (total + half)."""
        return total / (total + self.half)


def contribution(scores: Matrix, weight: float) -> Matrix:
    """Scores of one signal made comparable with those of the others.

    Half of it is relative to what is strong on the whole site (the 90th percentile of the best score of each row), half to
    the best candidate of the row, so that a page with little evidence still has a ranking, and a page with much of it has
    higher scores. What comes out is rounded to steps of 4 % (:func:`~kgraph.rank.sparse.stepped`): an edit of one page shifts the
    scores of many others by less than that, and leaves their lists as they are.
    """
    scores = sp.csr_array(scores)
    if scores.nnz == 0 or weight == 0:
        return sp.csr_array(scores.shape, dtype=np.float64)
    best = np.asarray(scores.max(axis=1).todense()).ravel()
    strong = float(stepped(np.percentile(best[best > 0], 90), per_doubling=_SITE))
    scale = np.where(best > 0, (0.5 / strong + 0.5 / np.where(best > 0, best, 1.0)), 0.0)
    data = stepped(np.repeat(scale, np.diff(scores.indptr)) * scores.data) * weight
    return sp.csr_array((data, scores.indices.copy(), scores.indptr.copy()), shape=scores.shape)


def fuse(
    size: int, signals: Iterable[tuple[str, Matrix]], weights: Mapping[str, float], damping: Any | None = None, *, jobs: Jobs = 1,
    order: Sequence[str] = (),
) -> Fused:  # fmt: skip
    """Fuse the signals.

    Args:
        size: Number of entities n.
        signals: Name and scores of each signal, n by n, taken one at a time; without any, all totals are 0.
        weights: Weight of each signal; 1 where none is given, 0 leaves it out.
        damping: Factor for each target, n of them, or None.
        jobs: Processes at the most that add up the scores of a large site.
        order: Signals in the order of the contributions, where they come in another one.

    The sum of scaled scores orders candidates like the sum of standardised scores does (CombSUM: Fox and Shaw 1994), and
    stays a sum of parts that are not negative, so that each signal has a share.

    """
    made: dict[str, Matrix] = {}
    for name, scores in signals:
        if weights.get(name, 1.0) <= 0:
            continue
        part = contribution(scores, weights.get(name, 1.0))
        if damping is not None:
            part.data *= damping[part.indices]
        if not is_small(size):
            part.data = part.data.astype(np.float32)
        made[name] = part
    names = [name for name in order or made if name in made]
    parts = [made[name] for name in names]
    if is_small(size):
        total = _dense_sum(parts, size)
    else:
        most = _KEPT * kept_of(size)
        total = joined_blocks(lambda start, end: top_k_rows(_sum(parts, size, start, end), most), size, jobs)
    total.sort_indices()
    return Fused(tuple(names), tuple(parts), total, _half(total))


def _sum(parts: Iterable[Matrix], size: int, start: int, end: int) -> Matrix:
    """Sum of matrices with ``size`` columns, of the rows from ``start`` on and before ``end``."""
    total = sp.csr_array((end - start, size), dtype=np.float64)
    for part in parts:
        total = sp.csr_array(total + part[start:end])
    return total


def _dense_sum(parts: Iterable[Matrix], size: int) -> Matrix:
    """The same of all rows, added up where every pair has a place."""
    total = np.zeros(size * size)
    for part in parts:
        total[np.repeat(np.arange(size) * size, np.diff(part.indptr)) + part.indices] += part.data
    return sp.csr_array(total.reshape(size, size))


def _half(total: Matrix) -> float:
    """Median over the rows of the fifth best total, rounded: an item like a typical fifth one has a score near 1/2."""
    fifth = []
    for row in range(total.shape[0]):
        data = total.data[total.indptr[row] : total.indptr[row + 1]]
        data = data[data > 0]
        if len(data) >= 5:
            fifth.append(np.partition(data, -5)[-5])
        elif len(data):
            fifth.append(data.min())
    return float(stepped(np.median(fifth), per_doubling=_SITE)) if fifth else 1.0
