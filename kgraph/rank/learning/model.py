"""The model: how likely the author of a page would join it with a candidate, by a link or by a curated relation, and the order by that.

Links and relations are learned apart, each by boosted trees, because they go to other pages: a body link goes to what the text names, a
curated relation to what belongs with the page. The chances add up, so that a site with few relations is ordered by links, and a page
whose type has none as well. The order of the default has a say too: it knows what no hidden link tells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from kgraph.rank.evidence import Evidence
from kgraph.rank.fusion import Fused
from kgraph.rank.learning.features import Features
from kgraph.rank.learning.trees import Forest
from kgraph.rank.sparse import Matrix

__all__ = ["merits", "reordered"]

_LITTLE = 1e-5
"""Chance below which candidates are not told apart."""
_DEFAULT = 0.4
"""What a total of 1 of the default adds to the logarithm of the chance."""
_REORDERED = 200
"""Candidates of each entity that are put in another order, the best ones of the default."""
_AT_ONCE = 64
"""Entities whose candidates are looked at together."""


def merits(forests: Sequence[Forest], features: Any, totals: Any) -> Any:
    """What candidates are ordered by: the logarithm of the sum of their chances, and 0.4 of their total by default."""
    chance = sum(forest.chance(features) for forest in forests)
    return np.log1p(chance / _LITTLE) + _DEFAULT * totals


def reordered(evidence: Evidence, fused: Fused, forests: Mapping[str, Forest]) -> Fused:
    """The same scores in another order: of each entity the best candidates that no author joined with it trade their places.

    What an author joined keeps its place and score. The share of each signal in a score is what it has by default and what it adds
    to the chance where that is above 0, scaled to the total.
    """
    features = Features(evidence, fused)
    parts, total = [part.copy() for part in fused.contributions], fused.total.copy()
    place = np.full(evidence.size, -1)
    for start in range(0, evidence.size, _AT_ONCE):
        rows = [_Row(evidence, fused, source) for source in range(start, min(start + _AT_ONCE, evidence.size))]
        rows = [row for row in rows if len(row.columns) > 1]
        if not rows:
            continue
        seen = np.concatenate([features.of(row.source, row.columns) for row in rows])
        held = np.concatenate(
            [np.column_stack([features.entries(part, row.source, row.columns) for part in fused.contributions]) for row in rows]
        )
        shares = _shares(list(forests.values()), features.owners, seen, held)
        ordered = merits(list(forests.values()), seen, np.concatenate([row.totals for row in rows])).round(9)
        ends = np.cumsum([len(row.columns) for row in rows])[:-1]
        for row, merit, share in zip(rows, np.split(ordered, ends), np.split(shares, ends), strict=True):
            given = np.empty(len(merit))
            given[np.lexsort((row.columns, -merit))] = row.totals
            place[row.columns] = np.arange(len(merit))
            share *= (given / share.sum(axis=1))[:, None]
            for number, part in enumerate(parts):
                _replace(part, row.source, place, share[:, number])
            _replace(total, row.source, place, given)
            place[row.columns] = -1
    return Fused(fused.names, tuple(parts), total, fused.half)


class _Row:
    """The candidates of one entity that are put in another order, and their totals, best first."""

    def __init__(self, evidence: Evidence, fused: Fused, source: int) -> None:
        total, joined = fused.total, evidence.joined
        start, end = total.indptr[source], total.indptr[source + 1]
        columns, totals = total.indices[start:end], total.data[start:end]
        known = joined.indices[joined.indptr[source] : joined.indptr[source + 1]]
        free = (totals > 0) & ~np.isin(columns, [*known.tolist(), source])
        columns, totals = columns[free], totals[free]
        best = np.lexsort((columns, -totals.round(9)))[:_REORDERED]
        self.source, self.columns, self.totals = source, columns[best], totals[best]


def _shares(forests: Sequence[Forest], owners: Sequence[int], features: Any, held: Any) -> Any:
    """What each signal has in each candidate: candidates by signals, nothing where the signal says nothing of it by default."""
    chances = [forest.chance(features) for forest in forests]
    told: Any = 0.0
    for forest, chance in zip(forests, chances, strict=True):
        told = told + (chance / sum(chances))[:, None] * forest.told(features, owners, held.shape[1])
    return np.where(held > 0, _DEFAULT * held + np.maximum(told, 0.0), 0.0)


def _replace(part: Matrix, source: int, place: Any, values: Any) -> None:
    """Put values in place of the entries of one row, each at the place of its column; columns with none keep theirs."""
    start, end = part.indptr[source], part.indptr[source + 1]
    at = place[part.indices[start:end]]
    part.data[start:end] = np.where(at >= 0, values[at], part.data[start:end])
