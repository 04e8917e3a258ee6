"""Features: what the learned ranking looks at of a candidate; each belongs to a signal, which gets the share that it adds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.sparse as sp

from kgraph.rank.evidence import Evidence
from kgraph.rank.fusion import Fused
from kgraph.rank.signals.affinity import Affinity
from kgraph.rank.sparse import Matrix

__all__ = ["Features", "feature_names"]

_KNOWN = ("relation", "link")
"""Signals of what an author joined: no candidate to learn from has any."""
_SITE = (
    "total", "place", "related types", "related types, directed", "linked types", "relations of the target", "links to the target",
    "relations of the source", "links of the source",
)  # fmt: skip
_OWNERS = {"related types": "types", "related types, directed": "types", "linked types": "types", "relations of the target": "popularity",
           "links to the target": "popularity"}  # fmt: skip
"""Signals that the features of the site belong to; the others belong to none."""
_PLACES = 5.0
_FAR = 3.0
"""Logarithm of a lift at the most, and at the least below 0."""


def feature_names(signals: Sequence[str]) -> tuple[str, ...]:
    """Names of the features where these signals are in force."""
    return (*(name for name in signals if name not in _KNOWN), *_SITE)


class Features:
    """Features of the candidates of each entity."""

    def __init__(self, evidence: Evidence, fused: Fused) -> None:
        """Count what the site joins; ``fused`` has what each signal says."""
        self.fused = fused
        self.parts = [part for name, part in zip(fused.names, fused.contributions, strict=True) if name not in _KNOWN]
        self.names = feature_names(fused.names)
        self.owners = tuple(fused.names.index(owner) if owner in fused.names else -1 for owner in map(self._owner, self.names))
        related = evidence.square(dict.fromkeys(sorted(evidence.relations), 1.0))
        both = sp.csr_array(related + related.T)
        kinds = [entity.type for entity in evidence.corpus.entities.values()]
        self.affinities = [Affinity(evidence, kinds, joins) for joins in (both, related, evidence.adjacency)]
        self.relations = np.log1p(np.diff(both.indptr).astype(np.float64))
        self.linked, self.links = np.log1p(evidence.indegree), np.log1p(evidence.outdegree)
        self._spread = np.zeros(evidence.size)

    @staticmethod
    def _owner(name: str) -> str:
        return _OWNERS.get(name, name)

    def of(self, source: int, targets: Any) -> Any:
        """Candidates of an entity by features; the best of its row by the total must be among them."""
        total = self.entries(self.fused.total, source, targets)
        row = self.fused.total.data[self.fused.total.indptr[source] : self.fused.total.indptr[source + 1]]
        place = np.searchsorted(np.sort(-row), -total, side="left") + 1.0
        several = len(targets)
        columns = [self.entries(part, source, targets) for part in self.parts]
        columns += [total, 1.0 / (place + _PLACES)]
        columns += [self._affinity(affinity, source, targets) for affinity in self.affinities]
        columns += [self.relations[targets], self.linked[targets]]
        columns += [np.full(several, self.relations[source]), np.full(several, self.links[source])]
        return np.column_stack(columns).round(6)

    def entries(self, matrix: Matrix, source: int, targets: Any) -> Any:
        """Entries of one row of a matrix at some columns."""
        start, end = matrix.indptr[source], matrix.indptr[source + 1]
        columns = matrix.indices[start:end]
        self._spread[columns] = matrix.data[start:end]
        found = self._spread[targets]
        self._spread[columns] = 0.0
        return found

    @staticmethod
    def _affinity(affinity: Affinity, source: int, targets: Any) -> Any:
        """Logarithm of the lift of the joins between the type of the source and those of the targets."""
        kinds, place = np.unique(affinity.group[targets], return_inverse=True)
        lift = affinity.lift(np.repeat(affinity.group[source], len(kinds)), kinds)
        return np.clip(np.log(lift), -_FAR, _FAR)[place.ravel()]
