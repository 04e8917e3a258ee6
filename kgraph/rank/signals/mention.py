"""Mention: the page names the other in its prose without a link.

A name counts by how surely it means a link where authors of this site use it; see :mod:`kgraph.rank.linkability`.
"""

from __future__ import annotations

from typing import Any

from kgraph.model.text import clip
from kgraph.rank.evidence import Evidence
from kgraph.rank.linkability import linkability
from kgraph.rank.signals import ReasonText
from kgraph.rank.signals.common import mention_traces
from kgraph.rank.sparse import Matrix

__all__ = ["signal"]


class _Mention:
    name = "mention"

    def scores(self, evidence: Evidence) -> Matrix:
        """Square of the probability that the name means a link, 0 to 1: what is named in passing says little."""
        chance = linkability(evidence)
        return chance.multiply(chance).tocsr()

    def traces(self, evidence: Evidence) -> Any:
        return mention_traces(evidence)

    def reason(self, evidence: Evidence, source: int, target: int) -> ReasonText | None:
        item = evidence.mentions.get((source, target))
        return ReasonText(f"named here: “{clip(item.sentence, 140)}”", (f"{item.path}:{item.line}",)) if item else None


signal = _Mention()
