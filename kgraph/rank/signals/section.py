"""Section: pages of the section that the source stands in are often joined with pages of the section of the target.

A section is a folder; entities without a page stand together by type. A weak hint that counts only where something else speaks
for the pair.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import scipy.sparse as sp
from msgspec import Struct

from kgraph.rank.evidence import Evidence
from kgraph.rank.signals import ReasonText
from kgraph.rank.sparse import Matrix

__all__ = ["signal"]

_DOUBT = 5.0
"""Joins by chance that are added to those of each section, so that a few joins don't count for much."""


class _Sections(Struct, frozen=True):
    """Sections of the entities, and how often they are joined."""

    names: tuple[str, ...]
    of: Any
    """Number of the section of each entity: array of n."""
    joins: Any
    """Joins of each pair of sections, as a CSR array."""
    out: Any
    """Joins that leave each section."""
    share: Any
    """Share of the entities that stand in each section."""

    def lift(self, first: Any, second: Any) -> Any:
        """How many times more often than by chance entities of ``first`` are joined with one of ``second``: numbers of sections."""
        found = np.asarray(self.joins[first, second]).ravel()
        return (found + _DOUBT * self.share[second]) / (self.out[first] + _DOUBT) / self.share[second]


class _Section:
    name = "section"

    def scores(self, evidence: Evidence) -> Matrix:
        """Joins of the two sections over those expected by chance, 5 joins by chance added; for pairs of :attr:`Evidence.plausible`."""
        pairs, sections = evidence.plausible, _sections(evidence)
        if len(sections.names) < 2:
            return sp.csr_array(pairs.shape, dtype=np.float64)
        rows = np.repeat(np.arange(evidence.size), np.diff(pairs.indptr))
        number = sections.of[rows] * len(sections.names) + sections.of[pairs.indices]
        different, place = np.unique(number, return_inverse=True)
        lifts = sections.lift(different // len(sections.names), different % len(sections.names))
        return sp.csr_array((lifts[place], pairs.indices, pairs.indptr), shape=pairs.shape)

    def reason(self, evidence: Evidence, source: int, target: int) -> ReasonText | None:
        sections = _sections(evidence)
        first, second = sections.of[source], sections.of[target]
        if float(sections.lift(np.array([first]), np.array([second]))[0]) <= 1.0:
            return None
        if first == second:
            return ReasonText(f"same section: {sections.names[first]}", ())
        return ReasonText(f"pages of {sections.names[first]} often go with pages of {sections.names[second]}", ())


@lru_cache(maxsize=2)
def _sections(evidence: Evidence) -> _Sections:
    told = [
        (entity.path.rpartition("/")[0] or "the top folder") if entity.path else f"the type {entity.type}"
        for entity in evidence.corpus.entities.values()
    ]
    names = sorted(set(told))
    index = {name: place for place, name in enumerate(names)}
    of = np.array([index[name] for name in told], dtype=np.int64)
    member = sp.csr_array((np.ones(len(of)), (np.arange(len(of)), of)), shape=(len(of), max(len(names), 1)))
    joins = sp.csr_array(member.T @ evidence.stated @ member)
    share = np.bincount(of, minlength=len(names)) / max(len(of), 1)
    return _Sections(tuple(names), of, joins, np.asarray(joins.sum(axis=1)).ravel(), share)


signal = _Section()
