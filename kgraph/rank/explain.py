"""Reasons: from the shares of the signals to lines that a reader understands and can check."""

from __future__ import annotations

from collections.abc import Sequence

from kgraph.model.relations import RELATED, RelationVocabulary
from kgraph.rank.evidence import Evidence
from kgraph.rank.fusion import Fused
from kgraph.rank.rankings import Reason, RelatedItem
from kgraph.rank.signals import Signal

__all__ = ["Explainer"]


class Explainer:
    """Makes the items of related lists, with their reasons."""

    def __init__(self, evidence: Evidence, signals: Sequence[Signal], fused: Fused, relations: RelationVocabulary, *, most: int) -> None:
        """Keep what the reasons are made of; ``most`` is how many an item gets at the most."""
        self.evidence = evidence
        self.signals = {signal.name: signal for signal in signals}
        self.fused = fused
        self.relations = relations
        self.most = most
        for part in fused.contributions:
            part.sort_indices()

    def items(self, source_id: str, chosen: Sequence[tuple[str, float]]) -> tuple[RelatedItem, ...]:
        """Items for the candidates chosen for one entity, in their order."""
        source = self.evidence.index[source_id]
        rows = [
            dict(zip(part.indices[part.indptr[source] : part.indptr[source + 1]].tolist(),
                     part.data[part.indptr[source] : part.indptr[source + 1]].tolist(), strict=True))
            for part in self.fused.contributions
        ]  # fmt: skip
        return tuple(self._item(source, target_id, score, rank, rows) for rank, (target_id, score) in enumerate(chosen, 1))

    def _item(self, source: int, target_id: str, score: float, rank: int, rows: list[dict[int, float]]) -> RelatedItem:
        target = self.evidence.index[target_id]
        parts = [(rows[place].get(target, 0.0), name) for place, name in enumerate(self.fused.names)]
        parts = sorted((part for part in parts if part[0] > 0), key=lambda part: (-part[0], part[1]))
        told: list[tuple[float, str, str, tuple[str, ...]]] = []
        for value, name in parts:
            if len(told) == self.most:
                break
            found = self.signals[name].reason(self.evidence, source, target)
            if found is not None:
                told.append((value, name, found.text, found.evidence))
        sum_told = sum(value for value, *_ in told)
        reasons = tuple(
            Reason(name, round(score * value / sum_told, 6), text, evidence) for value, name, text, evidence in told
        )  # fmt: skip
        return RelatedItem(target_id, score, rank, self._label(source, target), (source, target) in self.evidence.links, reasons)

    def _label(self, source: int, target: int) -> str | None:
        """Curated relation read from the source; one that says more than "related" first."""
        there = [self.relations.label(item.name) for item in self.evidence.relations.get((source, target), ()) if item.name != RELATED]
        back = [
            self.relations.inverse_label(item.name) for item in self.evidence.relations.get((target, source), ()) if item.name != RELATED
        ]
        if there or back:
            return (there or back)[0]
        joined = (source, target) in self.evidence.relations or (target, source) in self.evidence.relations
        return self.relations.label(RELATED) if joined else None
