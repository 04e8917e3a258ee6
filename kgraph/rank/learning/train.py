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

__all__ = ["Part", "Row", "learn_from", "rows_of"]

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
_UNNAMED = (1.0, 1.4, 1.8)
"""Weights to try of a pair that the text does not name beside one that it names: the former are what is hard to find."""
_HEAVIEST = 4.0
"""Weight of one hidden pair at the most, where its kind is rare."""


class Row(Struct, frozen=True):
    """One page and what was hidden of it."""

    source: int
    targets: tuple[int, ...]
    weights: tuple[float, ...]
    """Weight of each target."""
    named: tuple[bool, ...]
    """Whether the page still names the target."""
    told: tuple[bool, ...]
    """Whether the target kept its mentions: the others are learned from, and not measured on."""
    barred: tuple[int, ...]
    """What is no candidate: the page itself, what it is joined with, and what stands for the same."""


class Part(Struct, frozen=True):
    """What is learned from: a corpus with pairs of one kind hidden, and what the signals say of it."""

    hidden: HiddenPairs
    evidence: Evidence
    scaled: dict[str, Matrix]
    """Scores of each signal, scaled, with weight 1."""
    damping: Any
    """Factor for each target."""


def rows_of(part: Part, weight: float) -> list[Row]:
    """The rows to learn from, in the order of ids; ``weight`` is that of each target."""
    evidence, index = part.evidence, part.evidence.index
    targets: dict[int, set[int]] = defaultdict(set)
    for source, target in part.hidden.pairs:
        targets[index[source]].add(index[target])
    joined = evidence.joined
    rows = []
    for place in sorted(targets):
        wanted = targets[place]
        near = {place, *wanted, *joined.indices[joined.indptr[place] : joined.indptr[place + 1]].tolist()}
        barred = {index[twin] for other in near for twin in part.hidden.same[evidence.ids[other]]} - wanted
        found = tuple(sorted(wanted))
        named = tuple((place, target) in evidence.mentions for target in found)
        told = tuple((evidence.ids[place], evidence.ids[target]) not in part.hidden.muted for target in found)
        rows.append(Row(place, found, (weight,) * len(found), named, told, tuple(sorted(barred))))
    return rows


def learn_from(parts: Sequence[Part], weights: Mapping[str, float]) -> Learned:
    """Learn from ``parts``, each of which counts alike where it has pairs enough; ``weights`` are the default ones of the signals."""
    pairs = sum(len(part.hidden.pairs) for part in parts)
    if pairs < _FEWEST:
        why = f"the default is used: {pairs} hidden pairs are too few to learn from"
        return Learned({}, KNOTS, False, why, pairs, None, None)
    names = list(parts[0].scaled)
    default = np.array([weights[name] for name in names])
    made: list[_Made] = []
    for number, part in enumerate(parts):
        even = min(pairs / len(parts) / max(len(part.hidden.pairs), 1), _HEAVIEST)
        spread = _Spread(part.scaled, names, part.damping)
        for row in _fewer(rows_of(part, even)):
            fold = crc32(part.evidence.ids[row.source].encode("utf-8", "replace")) % _FOLDS
            made.append(_Made(row, spread, default, number, fold))
    tried = [_try(made, names, weights, default, unnamed, len(parts)) for unnamed in _UNNAMED]
    best = max(tried, key=lambda trial: (trial.used, trial.gain.mean))
    curves = fit(_examples(made, best.unnamed), names, weights, pull=_PULL, bend=_BEND)
    return Learned(curves, KNOTS, best.used, best.why, pairs, best.gain, best.gain_unnamed)


class _Trial(Struct, frozen=True):
    """How curves do on pages they have not seen, learned with one weight of the pairs that no text names."""

    unnamed: float
    used: bool
    why: str
    gain: Gain
    gain_unnamed: Gain | None


def _try(
    made: Sequence[_Made], names: Sequence[str], weights: Mapping[str, float], default: Any, weight: float, parts: int
) -> _Trial:  # fmt: skip
    gains: list[list[float]] = [[] for _ in range(parts)]
    unnamed: list[float] = []
    for fold in range(_FOLDS):
        seen, kept = [item for item in made if item.fold != fold], [item for item in made if item.fold == fold]
        if not seen or not kept:
            continue
        slopes = np.concatenate(list(fit(_examples(seen, weight), names, weights, pull=_PULL, bend=_BEND).values()))
        for item in kept:
            before, after = item.values @ default, item.features @ slopes
            whole, part = item.measured(), item.measured(unnamed=True)
            if whole:
                gains[item.part].append(item.ndcg(after, whole) - item.ndcg(before, whole))
            if part:
                unnamed.append(item.ndcg(after, part) - item.ndcg(before, part))
    gain, gain_unnamed = _gain([value for part in gains for value in part]), _gain(unnamed) if unnamed else None
    used, why = _verdict(gain, [_gain(part) for part in gains if part], gain_unnamed)
    return _Trial(weight, used, why, gain, gain_unnamed)


def _verdict(gain: Gain, parts: Sequence[Gain], unnamed: Gain | None) -> tuple[bool, str]:
    """Whether the learned ranking is used, and why: it must be measurably ahead, and nowhere measurably behind."""
    told = f"nDCG@10 {gain.mean:+.3f} [{gain.low:+.3f}, {gain.high:+.3f}] on pages it had not seen"
    if gain.low <= 0:
        return False, f"the default is used: the learned ranking is not measurably better ({told})"
    if any(part.high < 0 for part in parts):
        worst = min(part.mean for part in parts)
        return False, f"the default is used: the learned ranking is behind on links or on curated relations ({worst:+.3f})"
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

    def __init__(self, row: Row, spread: _Spread, default: Any, part: int, fold: int) -> None:
        self.row, self.part, self.fold = row, part, fold
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

    def measured(self, *, unnamed: bool = False) -> list[int]:
        """Places of the targets to measure on: those that kept their mentions, and with ``unnamed`` those that had none."""
        return [place for place, told in enumerate(self.row.told) if told and not (unnamed and self.row.named[place])]

    def ndcg(self, totals: Any, wanted: Sequence[int]) -> float:
        """nDCG@10 of the ``wanted`` targets among the candidates, without the other targets."""
        totals = np.round(totals, 9)
        totals[[place for place in range(len(self.row.targets)) if place not in wanted]] = -np.inf
        ranks = [1 + int((totals > totals[place]).sum()) + int((totals[:place] == totals[place]).sum()) for place in wanted]
        best = sum(1.0 / log2(1 + rank) for rank in range(1, min(len(wanted), 10) + 1))
        return sum(1.0 / log2(1 + rank) for rank in sorted(ranks) if rank <= 10) / best


def _examples(made: Sequence[_Made], unnamed: float) -> Examples:
    """What to learn from, with so much weight on pairs that no text names."""
    made = [item for item in made if len(item.places) > len(item.row.targets)]
    starts = np.concatenate(([0], np.cumsum([len(item.places) for item in made])))
    weights = np.array([
        weight * (1.0 if known else unnamed) for item in made for weight, known in zip(item.row.weights, item.row.named, strict=True)
    ])  # fmt: skip
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
