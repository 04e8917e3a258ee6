"""Reasons: from the shares of the signals to lines that a reader understands and can check."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kgraph.model.relations import RELATED
from kgraph.rank.evidence import Evidence
from kgraph.rank.fusion import Fused
from kgraph.rank.rankings import Reason, RelatedItem
from kgraph.rank.signals import Signal

__all__ = ["Explainer"]


class Explainer:
    """Makes the items of related lists, with their reasons."""

    def __init__(self, evidence: Evidence, signals: Sequence[Signal], fused: Fused, *, most: int) -> None:
        """Keep what the reasons are made of; ``most`` is how many an item gets at the most."""
        self.evidence = evidence
        self.signals = {signal.name: signal for signal in signals}
        self.fused = fused
        self.most = most
        self._spread = np.zeros(evidence.size)

    def items(self, source_id: str, chosen: Sequence[tuple[str, float]]) -> tuple[RelatedItem, ...]:
        """Items for the candidates chosen for one entity, in their order."""
        source = self.evidence.index[source_id]
        targets = [self.evidence.index[target_id] for target_id, _ in chosen]
        parts = self._parts(source, targets)
        return tuple(
            self._item(source, target, target_id, score, rank, found)
            for rank, ((target_id, score), target, found) in enumerate(zip(chosen, targets, parts, strict=True), 1)
        )

    def _parts(self, source: int, targets: Sequence[int]) -> list[list[tuple[float, str]]]:
        """Contribution and name of each signal for each target, largest first, ties by name."""
        places = np.asarray(targets, dtype=np.int64)
        values = []
        for part in self.fused.contributions:
            spread = self._spread
            start, end = part.indptr[source], part.indptr[source + 1]
            columns = part.indices[start:end]
            spread[columns] = part.data[start:end]
            values.append(spread[places].tolist())
            spread[columns] = 0.0
        names = self.fused.names
        return [
            sorted([(value, name) for value, name in zip(column, names, strict=True) if value > 0], key=lambda part: (-part[0], part[1]))
            for column in zip(*values, strict=True)
        ]

    def _item(
        self, source: int, target: int, target_id: str, score: float, rank: int, parts: list[tuple[float, str]]
    ) -> RelatedItem:  # fmt: skip
        told: list[tuple[float, str, str, tuple[str, ...]]] = []
        for value, name in parts:
            if len(told) == self.most:
                break
            found = self.signals[name].reason(self.evidence, source, target)
            if found is not None:
                told.append((value, name, found.text, found.evidence))
        if parts and not told and self.most:
            told.append((*parts[0], f"the signal “{parts[0][1]}” alone speaks for it", ()))
        whole = sum(value for value, *_ in told)
        reasons = tuple(Reason(name, round(score * value / whole, 6), text, evidence) for value, name, text, evidence in told)
        return RelatedItem(target_id, score, rank, self._label(source, target), (source, target) in self.evidence.links, reasons)

    def _label(self, source: int, target: int) -> str | None:
        """Curated relation read from the source; one that says more than "related" first."""
        relations, vocabulary = self.evidence.relations, self.evidence.vocabulary
        there = [vocabulary.label(item.name) for item in relations.get((source, target), ()) if item.name != RELATED]
        back = [vocabulary.inverse_label(item.name) for item in relations.get((target, source), ()) if item.name != RELATED]
        if there or back:
            return (there or back)[0]
        return vocabulary.label(RELATED) if (source, target) in relations or (target, source) in relations else None
