"""Link: one page links to the other, weighted by position and repetition; links back count nearly as much."""

from __future__ import annotations

from typing import Any

from kgraph.model.text import clip
from kgraph.rank.evidence import Evidence
from kgraph.rank.signals import ReasonText
from kgraph.rank.sparse import Matrix
from kgraph.rank.traces import traces_by

__all__ = ["signal"]

_BACKWARD = 0.8


class _Link:
    name = "link"

    def scores(self, evidence: Evidence) -> Matrix:
        return evidence.link_strength + _BACKWARD * evidence.link_strength.T

    def traces(self, evidence: Evidence) -> Any:
        return traces_by(evidence.ids, ((item.source, item) for item in evidence.corpus.links))

    def reason(self, evidence: Evidence, source: int, target: int) -> ReasonText | None:
        there = evidence.links.get((source, target), [])
        back = evidence.links.get((target, source), [])
        if not there and not back:
            return None
        if there and back:
            text = "the pages link to each other"
        elif there:
            text = "linked here" + (f" {len(there)} times" if len(there) > 1 else "")
        else:
            text = "links here" + (f" {len(back)} times" if len(back) > 1 else "")
        sentence = (there or back)[0].sentence
        if sentence:
            text += f": “{clip(sentence, 140)}”"
        return ReasonText(text, tuple(dict.fromkeys(f"{link.path}:{link.line}" for link in (*there[:3], *back[:3]))))


signal = _Link()
