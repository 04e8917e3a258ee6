"""Mention: one page names the other in its prose without a link."""

from __future__ import annotations

from kgraph.model.text import clip
from kgraph.rank.evidence import Evidence
from kgraph.rank.signals import ReasonText
from kgraph.rank.sparse import Matrix

__all__ = ["signal"]

_BACKWARD = 0.7


class _Mention:
    name = "mention"

    def scores(self, evidence: Evidence) -> Matrix:
        """Both directions, less for entities that very many pages name."""
        import numpy as np
        import scipy.sparse as sp

        named = evidence.mention_matrix
        frequency = np.asarray(named.sum(axis=0)).ravel()
        rarity = np.where(frequency > 0, np.log(1.0 + evidence.size / np.maximum(frequency, 1.0)), 0.0)
        weighted = sp.csr_array(named @ sp.diags_array(rarity / np.log(1.0 + max(evidence.size, 1))))
        return weighted + _BACKWARD * weighted.T

    def reason(self, evidence: Evidence, source: int, target: int) -> ReasonText | None:
        there = evidence.mentions.get((source, target))
        back = evidence.mentions.get((target, source))
        item = there or back
        if item is None:
            return None
        places = tuple(f"{found.path}:{found.line}" for found in (there, back) if found)
        verb = "named here" if there else "names this page"
        return ReasonText(f"{verb}: “{clip(item.sentence, 140)}”", places)


signal = _Mention()
