"""Reasons: from the shares of the signals to lines that a reader understands and can check."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import msgspec
import numpy as np

from kgraph.model.relations import RELATED
from kgraph.rank.evidence import Evidence
from kgraph.rank.fusion import Fused
from kgraph.rank.rankings import Reason, RelatedItem
from kgraph.rank.recall import ItemKeys, ListMemory
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
        source, targets = self._places(source_id, chosen)
        values = self._values(source, targets)
        return tuple(self._item(source, chosen, place, values[:, place].tolist()) for place in range(len(chosen)))

    def packed(self, source_id: str, chosen: Sequence[tuple[str, float]], memory: ListMemory) -> tuple[bytes, bytes]:
        """The same, each item as MessagePack, those that are in ``memory`` from there; and the keys of the items, 8 bytes each."""
        source, targets = self._places(source_id, chosen)
        values = self._values(source, targets)
        keys = self._keys_of(source, targets, chosen, values) if self._keys.known else None
        before = memory.items(source_id) if keys is not None else {}
        encode = msgspec.msgpack.encode
        made = [
            bytes(before[key]) if key in before else encode(self._item(source, chosen, place, values[:, place].tolist()))
            for place, key in enumerate(keys.tolist() if keys is not None else [None] * len(chosen))
        ]
        return _array(made), b"" if keys is None else keys.astype("<u8").tobytes()

    def _places(self, source_id: str, chosen: Sequence[tuple[str, float]]) -> tuple[int, Any]:
        index = self.evidence.index
        return index[source_id], np.array([index[target_id] for target_id, _ in chosen], dtype=np.int64)

    def _values(self, source: int, targets: Any) -> Any:
        """Contribution of each signal for each target: an array of signals by targets."""
        values = np.zeros((len(self.fused.contributions), len(targets)))
        spread = self._spread
        for row, part in enumerate(self.fused.contributions):
            start, end = part.indptr[source], part.indptr[source + 1]
            columns = part.indices[start:end]
            spread[columns] = part.data[start:end]
            values[row] = spread[targets]
            spread[columns] = 0.0
        return values

    @cached_property
    def _keys(self) -> ItemKeys:
        return ItemKeys(self.evidence, list(self.signals.values()), most=self.most)

    def _keys_of(self, source: int, targets: Any, chosen: Sequence[tuple[str, float]], values: Any) -> Any:
        links = self.evidence.links
        linked = np.array([(source, target) in links for target in targets.tolist()], dtype=np.uint64)
        return self._keys.of(source, targets, [score for _, score in chosen], linked, values)

    def _item(self, source: int, chosen: Sequence[tuple[str, float]], place: int, values: Sequence[float]) -> RelatedItem:
        """One item; ``values`` are the contributions of the signals."""
        target_id, score = chosen[place]
        target = self.evidence.index[target_id]
        parts = sorted([(value, name) for value, name in zip(values, self.fused.names, strict=True) if value > 0], key=_largest_first)
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
        return RelatedItem(target_id, score, place + 1, self._label(source, target), (source, target) in self.evidence.links, reasons)

    def _label(self, source: int, target: int) -> str | None:
        """Curated relation read from the source; one that says more than "related" first."""
        relations, vocabulary = self.evidence.relations, self.evidence.vocabulary
        there = [vocabulary.label(item.name) for item in relations.get((source, target), ()) if item.name != RELATED]
        back = [vocabulary.inverse_label(item.name) for item in relations.get((target, source), ()) if item.name != RELATED]
        if there or back:
            return (there or back)[0]
        return vocabulary.label(RELATED) if (source, target) in relations or (target, source) in relations else None


def _largest_first(part: tuple[float, str]) -> tuple[float, str]:
    """Order of contributions: largest first, ties by name."""
    return -part[0], part[1]


def _array(items: Sequence[bytes]) -> bytes:
    """A MessagePack array of encoded items."""
    return b"\xdd" + len(items).to_bytes(4, "big") + b"".join(items)
