"""Mention: the page names the other in its prose without a link.

A name counts by how surely it means a link: of the pages that name the other or link to it, the part that links
(keyphraseness: Mihalcea and Csomai 2007, Wikify!, doi:10.1145/1321440.1321475), and by how early it stands on the page.
"""

from __future__ import annotations

from kgraph.model.text import clip
from kgraph.rank.evidence import Evidence
from kgraph.rank.signals import ReasonText
from kgraph.rank.sparse import Matrix

__all__ = ["signal"]

_EARLY = 10.0
"""Blocks after which the first mention counts half as early."""


class _Mention:
    name = "mention"

    def scores(self, evidence: Evidence) -> Matrix:
        """Keyphraseness of the name, 0 to 1, half of it for any mention and half for an early one: k (1/2 + 1/2 / (1 + block / 10))."""
        return evidence.square({
            pair: sureness * (0.5 + 0.5 / (1.0 + max(evidence.mentions[pair].block, 0) / _EARLY))
            for pair, sureness in evidence.keyphraseness.items()
        })  # fmt: skip

    def reason(self, evidence: Evidence, source: int, target: int) -> ReasonText | None:
        item = evidence.mentions.get((source, target))
        return ReasonText(f"named here: “{clip(item.sentence, 140)}”", (f"{item.path}:{item.line}",)) if item else None


signal = _Mention()
