"""Curated relation: a catalog, front matter or a "See also" section joins the two."""

from __future__ import annotations

from typing import Any

from kgraph.model.relations import RELATED
from kgraph.rank.evidence import Evidence
from kgraph.rank.signals import ReasonText
from kgraph.rank.signals.common import relation_traces
from kgraph.rank.sparse import Matrix

__all__ = ["signal"]


class _Relation:
    """Counts in both directions; a statement made on both sides counts twice."""

    name = "relation"

    def scores(self, evidence: Evidence) -> Matrix:
        stated = evidence.relation_strength
        return stated + stated.T

    def traces(self, evidence: Evidence) -> Any:
        return relation_traces(evidence)

    def reason(self, evidence: Evidence, source: int, target: int) -> ReasonText | None:
        vocabulary = evidence.vocabulary
        there = evidence.relations.get((source, target), [])
        back = evidence.relations.get((target, source), [])
        names = [vocabulary.label(item.name) for item in there] + [vocabulary.inverse_label(item.name) for item in back]
        if not names:
            return None
        telling = [name for name in dict.fromkeys(names) if name != RELATED] or [RELATED]
        keys = dict.fromkeys(item.key.strip("<>") for item in (*there, *back))  # a component is told by its bare name
        places = dict.fromkeys(f"{item.path}:{item.line}" for item in (*there, *back))
        return ReasonText(f"{', '.join(telling[:3])} ({', '.join(list(keys)[:2])})", tuple(places)[:5])


signal = _Relation()
