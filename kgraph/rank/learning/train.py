"""Training: hide links of the site, learn curves that bring them back, and see on held-out pages whether they beat the default."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import log2, sqrt
from typing import Any
from zlib import crc32

import numpy as np
from msgspec import Struct

from kgraph.rank.evidence import Evidence
from kgraph.rank.learning.hiding import HiddenPairs
from kgraph.rank.learning.model import KNOTS, Examples, fit, ramps
from kgraph.rank.rankings import Gain, Learned
from kgraph.rank.sparse import Matrix

__all__ = ["Row", "learn_from", "rows_of"]

_FOLDS = 3
_NEAR, _FAR = 40, 20
"""Candidates beside the targets of a row: the best ones of the default, and others by lot."""
_PULL = 0.5
"""How strongly a curve is drawn to the default weight of its signal."""
_BEND = 1.0
"""How strongly it is drawn to be straight."""
_FEWEST = 30
"""Hidden pairs below which there is nothing to learn from."""
_MOST = 3_000
"""Hidden pairs at the most, so that learning stays quick on large sites."""
_SURE = 1.96


class Row(Struct, frozen=True):
    """One page and what was hidden of it."""

    source: int
    targets: tuple[int, ...]
    weights: tuple[float, ...]
    """Weight of each target: links and relations count half each in all."""
    named: tuple[bool, ...]
    """Whether the page still names the target."""
    barred: tuple[int, ...]
    """What is no candidate: the page itself, what it is joined with, and what stands for the same."""


def rows_of(evidence: Evidence, hidden: HiddenPairs) -> list[Row]:
    """The rows to learn from, in the order of ids."""
    index = evidence.index
    weight = _balance(len(hidden.links), len(hidden.relations))
    targets: dict[int, dict[int, float]] = defaultdict(dict)
    for pairs, part in ((hidden.links, weight[0]), (hidden.relations, weight[1])):
        for source, target in pairs:
            row = targets[index[source]]
            row[index[target]] = max(row.get(index[target], 0.0), part)
    joined = evidence.joined
    rows = []
    for place in sorted(targets):
        wanted = targets[place]
        near = {place, *wanted, *joined.indices[joined.indptr[place] : joined.indptr[place + 1]].tolist()}
        barred = {index[twin] for other in near for twin in hidden.same[evidence.ids[other]]} - wanted.keys()
        found = sorted(wanted)
        named = tuple((place, target) in evidence.mentions for target in found)
        rows.append(Row(place, tuple(found), tuple(wanted[target] for target in found), named, tuple(sorted(barred))))
    return rows


def _balance(links: int, relations: int) -> tuple[float, float]:
    """Weight of one link and of one relation, so that both kinds count half where there are enough of both; 4 at the most."""
    if not links or not relations:
        return 1.0, 1.0
    half = (links + relations) / 2.0
    return min(half / links, 4.0), min(half / relations, 4.0)


def learn_from(
    hidden: HiddenPairs, evidence: Evidence, scaled: Mapping[str, Matrix], weights: Mapping[str, float], damping: Any
) -> Learned:  # fmt: skip
    """Learn from a corpus with hidden pairs.

    Args:
        hidden: The corpus and what was hidden.
        evidence: That of the corpus without the pairs.
        scaled: Scores of each signal, scaled, with weight 1.
        weights: Default weight of each signal.
        damping: Factor for each target.

    """
    rows = _fewer(rows_of(evidence, hidden))
    pairs = sum(len(row.targets) for row in rows)
    if pairs < _FEWEST:
        why = f"the default is used: {pairs} hidden pairs are too few to learn from"
        return Learned({}, KNOTS, False, why, pairs, None, None)
    names = list(scaled)
    default = np.array([weights[name] for name in names])
    spread = _Spread(scaled, names, damping)
    made = [_Made(row, spread, default) for row in rows]
    fold = [crc32(evidence.ids[row.source].encode("utf-8", "replace")) % _FOLDS for row in rows]
    gains: list[float] = []
    unnamed: list[float] = []
    for part in range(_FOLDS):
        seen = [item for item, place in zip(made, fold, strict=True) if place != part]
        kept = [item for item, place in zip(made, fold, strict=True) if place == part]
        if not seen or not kept:
            continue
        curves = fit(_examples(seen), names, weights, pull=_PULL, bend=_BEND)
        slopes = np.concatenate([curves[name] for name in names])
        for item in kept:
            before, after = item.values @ default, item.whole(slopes)
            gains.append(item.ndcg(after) - item.ndcg(before))
            if not all(item.row.named):
                unnamed.append(item.ndcg(after, unnamed=True) - item.ndcg(before, unnamed=True))
    gain, gain_unnamed = _gain(gains), _gain(unnamed) if unnamed else None
    curves = fit(_examples(made), names, weights, pull=_PULL, bend=_BEND)
    used, why = _verdict(gain, gain_unnamed)
    return Learned(curves, KNOTS, used, why, pairs, gain, gain_unnamed)


def _verdict(gain: Gain, unnamed: Gain | None) -> tuple[bool, str]:
    told = f"nDCG@10 {gain.mean:+.3f} [{gain.low:+.3f}, {gain.high:+.3f}] on pages it had not seen"
    if gain.low <= 0:
        return False, f"the default is used: the learned ranking is not measurably better ({told})"
    if unnamed is not None and unnamed.high < 0:
        return False, f"the default is used: the learned ranking is behind on pairs that no text names ({unnamed.mean:+.3f})"
    return True, f"the learned ranking is used: {told}"


def _fewer(rows: list[Row]) -> list[Row]:
    """Rows with :data:`_MOST` pairs at the most, by an even step through them."""
    pairs = sum(len(row.targets) for row in rows)
    step = max(1, -(-pairs // _MOST))
    return rows[::step]


class _Spread:
    """Rows of all signals, spread out."""

    def __init__(self, scaled: Mapping[str, Matrix], names: Sequence[str], damping: Any) -> None:
        self.matrices = [scaled[name] for name in names]
        self.damping = damping
        self.size = self.matrices[0].shape[0]

    def row(self, place: int) -> Any:
        """Candidates by signals."""
        found = np.zeros((self.size, len(self.matrices)))
        for column, matrix in enumerate(self.matrices):
            start, end = matrix.indptr[place], matrix.indptr[place + 1]
            found[matrix.indices[start:end], column] = matrix.data[start:end]
        return found


class _Made:
    """One row with the candidates that it is learned from and measured on."""

    def __init__(self, row: Row, spread: _Spread, default: Any) -> None:
        self.row = row
        whole = spread.row(row.source)
        barred = np.zeros(spread.size, dtype=bool)
        barred[list(row.barred)] = True
        barred[list(row.targets)] = True
        free = np.flatnonzero(~barred & whole.any(axis=1))
        order = free[np.lexsort((free, -np.round(whole[free] @ default, 9)))]
        others = order[:_NEAR]
        dice = np.random.default_rng(row.source)
        far = order[_NEAR:]
        if len(far) > _FAR:
            far = np.sort(dice.choice(far, _FAR, replace=False))
        self.places = np.concatenate((np.array(row.targets, dtype=np.int64), others, far))
        self.values = whole[self.places] * spread.damping[self.places][:, None]
        self.features = ramps(whole[self.places]).reshape(len(self.places), -1) * spread.damping[self.places][:, None]

    def whole(self, slopes: Any) -> Any:
        """Totals of the candidates."""
        return self.features @ slopes

    def ndcg(self, totals: Any, *, unnamed: bool = False) -> float:
        """nDCG@10 of the targets among the candidates; with ``unnamed``, of those that no text names, without the others."""
        count = len(self.row.targets)
        wanted = [place for place in range(count) if not (unnamed and self.row.named[place])]
        left_out = [place for place in range(count) if unnamed and self.row.named[place]]
        totals = np.round(totals, 9).copy()
        totals[left_out] = -np.inf
        ranks = sorted(
            1 + int(np.count_nonzero(totals > totals[place])) + int(np.count_nonzero(totals[:place] == totals[place])) for place in wanted
        )
        best = sum(1.0 / log2(1 + rank) for rank in range(1, min(len(wanted), 10) + 1))
        return sum(1.0 / log2(1 + rank) for rank in ranks if rank <= 10) / best


def _examples(made: Sequence[_Made]) -> Examples:
    made = [item for item in made if len(item.places) > len(item.row.targets)]
    starts = np.concatenate(([0], np.cumsum([len(item.places) for item in made])))
    weights = np.array([weight for item in made for weight in item.row.weights])
    features = np.concatenate([item.features for item in made]) if made else np.zeros((0, len(KNOTS)))
    return Examples(features, starts, np.array([len(item.row.targets) for item in made]), weights)


def _gain(values: Iterable[float]) -> Gain:
    """Mean and its normal interval."""
    found = np.array(list(values))
    if not len(found):
        return Gain(0.0, 0.0, 0.0)
    mean = float(found.mean())
    half = _SURE * float(found.std(ddof=1)) / sqrt(len(found)) if len(found) > 1 else abs(mean)
    return Gain(round(mean, 4), round(mean - half, 4), round(mean + half, 4))
