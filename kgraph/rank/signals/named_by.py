"""Named by: the other page names this one in its prose without a link; the mention seen from the page that is named."""

from __future__ import annotations

from typing import Any

from kgraph.model.text import clip
from kgraph.rank.evidence import Evidence
from kgraph.rank.linkability import linkability
from kgraph.rank.signals import ReasonText
from kgraph.rank.signals.common import mention_traces
from kgraph.rank.sparse import Matrix

__all__ = ["signal"]


class _NamedBy:
    name = "named_by"

    def scores(self, evidence: Evidence) -> Matrix:
        """Probability, 0 to 1, that t means a link by the name of s; see :mod:`kgraph.rank.linkability`."""
        return linkability(evidence).T.tocsr()

    def traces(self, evidence: Evidence) -> Any:
        return mention_traces(evidence)

    def reason(self, evidence: Evidence, source: int, target: int) -> ReasonText | None:
        item = evidence.mentions.get((target, source))
        return ReasonText(f"names this page: “{clip(item.sentence, 140)}”", (f"{item.path}:{item.line}",)) if item else None


signal = _NamedBy()
