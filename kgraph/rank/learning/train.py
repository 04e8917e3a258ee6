"""Training: hide links of the site, learn what brings them back, and see on held-out pages whether that beats the default."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import log2, sqrt
from typing import Any
from zlib import crc32

import numpy as np
from msgspec import Struct

from kgraph.rank.evidence import Evidence
from kgraph.rank.fusion import Fused
from kgraph.rank.learning.features import Features
from kgraph.rank.learning.hiding import HiddenPairs, Kind
from kgraph.rank.learning.model import merits
from kgraph.rank.learning.trees import Forest, grow
from kgraph.rank.rankings import Gain, Learned

__all__ = ["Part", "Row", "learn_from", "rows_of"]

_FOLDS = 3
_NEAR, _FAR = 80, 20
"""Candidates beside the targets of a row: the best ones of the default, and others by lot."""
_FEWEST = 30
"""Hidden pairs of one kind below which there is nothing to learn from."""
_MOST = 3_000
"""Hidden pairs at the most, so that learning stays quick on large sites."""
_SURE = 1.96


class Row(Struct, frozen=True):
    """One page and what was hidden of it."""

    source: int
    targets: tuple[int, ...]
    named: tuple[bool, ...]
    """Whether the page still names the target."""
    told: tuple[bool, ...]
    """Whether the target kept its mentions: the others are learned from, and not measured on."""
    barred: tuple[int, ...]
    """What is no candidate: the page itself, what it is joined with, and what stands for the same."""


class Part(Struct, frozen=True):
    """What is learned from: a corpus with pairs of one kind hidden, and what the signals say of it."""

    kind: Kind
    hidden: HiddenPairs
    evidence: Evidence
    fused: Fused


def rows_of(part: Part) -> list[Row]:
    """The rows to learn from, in the order of ids."""
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
        rows.append(Row(place, found, named, told, tuple(sorted(barred))))
    return rows


def learn_from(parts: Sequence[Part]) -> Learned:
    """Learn from ``parts``, of which those with too few pairs tell nothing."""
    pairs = sum(len(part.hidden.pairs) for part in parts)
    parts = [part for part in parts if len(part.hidden.pairs) >= _FEWEST]
    if not parts:
        why = f"the default is used: {pairs} hidden pairs are too few to learn from"
        return Learned((), {}, {}, False, why, pairs, None, None)
    made = {part.kind: _made(part) for part in parts}
    gains: dict[Kind, list[float]] = {kind: [] for kind in made}
    unnamed: list[float] = []
    for fold in range(_FOLDS):
        forests = _forests({kind: [item for item in items if item.fold != fold] for kind, items in made.items()})
        for kind, item in ((kind, item) for kind, items in made.items() for item in items if item.fold == fold):
            after = merits(list(forests.values()), item.features, item.totals)
            whole, part = item.measured(), item.measured(unnamed=True)
            if whole:
                gains[kind].append(item.ndcg(after, whole) - item.ndcg(item.totals, whole))
            if part:
                unnamed.append(item.ndcg(after, part) - item.ndcg(item.totals, part))
    gain, gain_unnamed = _gain([value for found in gains.values() for value in found]), _gain(unnamed) if unnamed else None
    used, why = _verdict(gain, [_gain(found) for found in gains.values() if found], gain_unnamed)
    names = Features(parts[0].evidence, parts[0].fused).names
    forests = _forests(made)
    telling: dict[str, tuple[tuple[str, float], ...]] = {kind: _telling(forests[kind], names, items) for kind, items in made.items()}
    return Learned(names, forests, telling, used, why, pairs, gain, gain_unnamed)


def _made(part: Part) -> list[_Made]:
    features = Features(part.evidence, part.fused)
    return [_Made(row, part, features) for row in _fewer(rows_of(part))]


def _forests(made: Mapping[Kind, Sequence[_Made]]) -> dict[str, Forest]:
    """A forest for each kind, grown from the rows that it has."""
    return {
        kind: grow(np.concatenate([item.features for item in items]), np.concatenate([item.wanted for item in items]))
        for kind, items in made.items() if items
    }  # fmt: skip


def _telling(forest: Forest, names: Sequence[str], made: Sequence[_Made]) -> tuple[tuple[str, float], ...]:
    """Part of each feature in what moves the chances, largest first."""
    features = np.concatenate([item.features for item in made])
    moved = np.abs(forest.told(features, range(len(names)), len(names))).mean(axis=0)
    shares = (moved / max(float(moved.sum()), 1e-9)).round(4).tolist()
    return tuple(sorted(zip(names, shares, strict=True), key=lambda item: (-item[1], item[0])))


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


class _Made:
    """One row with the candidates that it is learned from and measured on: first the targets, then others."""

    def __init__(self, row: Row, part: Part, features: Features) -> None:
        self.row = row
        evidence, total = part.evidence, part.fused.total
        self.fold = crc32(evidence.ids[row.source].encode("utf-8", "replace")) % _FOLDS
        start, end = total.indptr[row.source], total.indptr[row.source + 1]
        columns, values = total.indices[start:end], total.data[start:end]
        free = (values > 0) & ~np.isin(columns, [*row.barred, *row.targets])
        columns, values = columns[free], values[free]
        order = columns[np.lexsort((columns, -values.round(9)))]
        far = order[_NEAR:]
        if len(far) > _FAR:
            far = np.sort(np.random.default_rng(row.source).choice(far, _FAR, replace=False))
        places = np.concatenate((np.array(row.targets, dtype=np.int64), order[:_NEAR], far))
        self.totals = features.entries(total, row.source, places)
        self.features = features.of(row.source, places)
        self.wanted = (np.arange(len(places)) < len(row.targets)).astype(np.float64)

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


def _gain(values: Iterable[float]) -> Gain:
    """Mean and its normal interval."""
    found = np.array(list(values))
    if not len(found):
        return Gain(0.0, 0.0, 0.0)
    mean = float(found.mean())
    half = _SURE * float(found.std(ddof=1)) / sqrt(len(found)) if len(found) > 1 else abs(mean)
    return Gain(round(mean, 4), round(mean - half, 4), round(mean + half, 4))
