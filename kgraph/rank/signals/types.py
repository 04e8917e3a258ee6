"""Types: entities of the type of the source are often joined with entities of the type of the target.

A weak hint that counts only where something else speaks for the pair.
"""

from __future__ import annotations

from typing import Any

from kgraph.rank.evidence import Evidence, kept
from kgraph.rank.signals import ReasonText
from kgraph.rank.signals.affinity import Affinity
from kgraph.rank.sparse import Matrix

__all__ = ["signal"]


class _Types:
    name = "types"

    def scores(self, evidence: Evidence) -> Matrix:
        """ln(lift), where above 0, of the joins between the two types, for pairs of :attr:`Evidence.plausible`; see :class:`Affinity`."""
        return _types(evidence).scores(evidence.plausible)

    def traces(self, evidence: Evidence) -> Any:
        return _types(evidence).traces()

    def reason(self, evidence: Evidence, source: int, target: int) -> ReasonText | None:
        types = _types(evidence)
        first, second = types.names[types.group[source]], types.names[types.group[target]]
        if types.between(source, target) <= 1.0:
            return None
        told = f"both are of the type {first}" if first == second else f"{first} and {second} often go together"
        return ReasonText(told, ())


@kept
def _types(evidence: Evidence) -> Affinity:
    return Affinity(evidence, [entity.type for entity in evidence.corpus.entities.values()])


signal = _Types()
