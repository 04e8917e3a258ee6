"""Affinity of groups: how much more often than by chance the entities of one group are joined with those of another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.sparse as sp

from kgraph.model.mixing import mix
from kgraph.rank.evidence import Evidence
from kgraph.rank.sparse import Matrix
from kgraph.rank.traces import row_traces, value_traces

__all__ = ["Affinity"]

_DOUBT = 5.0
"""Joins by chance that are added to those of each group, so that a few joins don't count for much."""
_FEW = 1_000
"""Groups up to which every pair of groups is counted."""


class Affinity:
    """Lift of the joins between groups of entities."""

    def __init__(self, evidence: Evidence, groups: Sequence[str], joins: Matrix | None = None) -> None:
        """Count the joins, all that authors made unless others are given; ``groups`` has the group of each entity."""
        self.names = tuple(sorted(set(groups)))
        index = {name: place for place, name in enumerate(self.names)}
        self.group = np.array([index[name] for name in groups], dtype=np.int64)
        shape = (len(groups), max(len(self.names), 1))
        member = sp.csr_array((np.ones(len(groups)), (np.arange(len(groups)), self.group)), shape=shape)
        self.joins = sp.csr_array(member.T @ (evidence.stated if joins is None else joins) @ member)
        self.leaving = np.asarray(self.joins.sum(axis=1)).ravel()
        self.share = np.bincount(self.group, minlength=shape[1]) / max(evidence.population, 1)
        self._lifts: dict[tuple[int, int], float] = {}

    def lift(self, first: Any, second: Any) -> Any:
        """Joins from ``first`` to ``second`` (arrays of group numbers) over those expected by chance, above 0; 1 is chance."""
        found = np.asarray(self.joins[first, second]).ravel() + _DOUBT * self.share[second]
        return found / (self.leaving[first] + _DOUBT) / self.share[second]

    def between(self, source: int, target: int) -> float:
        """Lift of the groups of two entities."""
        pair = (int(self.group[source]), int(self.group[target]))
        if pair not in self._lifts:
            self._lifts[pair] = float(self.lift(self.group[[source]], self.group[[target]])[0])
        return self._lifts[pair]

    def traces(self) -> Any:
        """A trace of each entity: of its group, and of the groups that it is joined with more often than by chance."""
        joins = self.joins.tocoo()
        often = self.lift(joins.row, joins.col) > 1.0
        shape = self.joins.shape
        often_joined = sp.csr_array((np.ones(int(often.sum())), (joins.row[often], joins.col[often])), shape=shape)
        names = value_traces(self.names)
        return (mix(names) + row_traces(often_joined, names, values=False))[self.group]

    def scores(self, pairs: Matrix) -> Matrix:
        """ln(lift) of the groups of each pair that has an entry in ``pairs``, where they are joined more often than by chance."""
        count = len(self.names)
        if count < 2 or pairs.nnz == 0:
            return sp.csr_array(pairs.shape, dtype=np.float64)
        rows = np.repeat(np.arange(pairs.shape[0]), np.diff(pairs.indptr))
        kinds = self.group[rows] * count + self.group[pairs.indices]
        if count <= _FEW:
            there = np.flatnonzero(np.bincount(kinds, minlength=count * count))
            lifts = np.zeros(count * count)
            lifts[there] = self._logs(there)
            data = lifts[kinds]
        else:
            there, place = np.unique(kinds, return_inverse=True)
            data = self._logs(there)[place.ravel()]
        found = sp.csr_array((data, pairs.indices.copy(), pairs.indptr.copy()), shape=pairs.shape)
        found.eliminate_zeros()
        return found

    def _logs(self, kinds: Any) -> Any:
        """ln(lift), where above 0, of pairs of groups numbered row by row."""
        return np.maximum(np.log(self.lift(kinds // len(self.names), kinds % len(self.names))), 0.0)
