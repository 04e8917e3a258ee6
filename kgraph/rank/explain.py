"""Reasons: from the shares of the signals to lines that a reader understands and can check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import msgspec
import numpy as np

from kgraph.model.relations import RELATED
from kgraph.rank.evidence import Evidence
from kgraph.rank.fusion import Fused
from kgraph.rank.rankings import Reason, RelatedItem
from kgraph.rank.recall import ItemKeys, ListMemory
from kgraph.rank.signals import RowSignal, Signal, Teller

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
        return tuple(self._items(source, targets, chosen, range(len(chosen)), self._values(source, targets)))

    def packed(self, source_id: str, chosen: Sequence[tuple[str, float]], memory: ListMemory) -> tuple[bytes, bytes]:
        """The same, each item as MessagePack, those that are in ``memory`` from there; and the keys of the items, 8 bytes each."""
        source, targets = self._places(source_id, chosen)
        values = self._values(source, targets)
        keys = self._keys_of(source, targets, chosen, values) if self._keys.known else None
        before = memory.items(source_id) if keys is not None else {}
        held: list[bytes | msgspec.Raw | None] = [before.get(key) for key in keys.tolist()] if keys is not None else [None] * len(chosen)
        new = [place for place, item in enumerate(held) if item is None]
        for place, item in zip(new, self._items(source, targets, chosen, new, values), strict=True):
            held[place] = msgspec.msgpack.encode(item)
        return _array([bytes(item) for item in held if item is not None]), b"" if keys is None else keys.astype("<u8").tobytes()

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

    def _items(
        self, source: int, targets: Any, chosen: Sequence[tuple[str, float]], places: Sequence[int], values: Any
    ) -> Iterator[RelatedItem]:  # fmt: skip
        """The items at some places of a list; ``values`` are the contributions of the signals to all of the list."""
        if not places:
            return
        wanted, ordered = targets[places], values[self._by_name][:, places]
        order = np.argsort(-ordered, axis=0, kind="stable")  # largest first, ties by name
        largest = np.take_along_axis(ordered, order, axis=0)
        tell = {name: signal.teller(self.evidence, source, wanted) for name, signal in self._row_signals.items()}
        for number, (place, some, rows) in enumerate(zip(places, largest.T.tolist(), order.T.tolist(), strict=True)):
            parts = [(value, self._names[row]) for value, row in zip(some, rows, strict=True) if value > 0]
            yield self._item(source, chosen[place], place + 1, parts, tell, number)

    @cached_property
    def _names(self) -> list[str]:
        return sorted(self.fused.names)

    @cached_property
    def _by_name(self) -> list[int]:
        """The signals as the contributions have them, in the order of their names."""
        return sorted(range(len(self.fused.names)), key=self.fused.names.__getitem__)

    @cached_property
    def _row_signals(self) -> dict[str, RowSignal]:
        return {name: signal for name in self._names if isinstance(signal := self.signals[name], RowSignal)}

    def _item(
        self, source: int, chosen: tuple[str, float], rank: int, parts: Sequence[tuple[float, str]], tell: Mapping[str, Teller], number: int
    ) -> RelatedItem:  # fmt: skip
        """One item: ``parts`` are the contributions of the signals, largest first; ``tell`` asks some of them of the target by number."""
        target_id, score = chosen
        target = self.evidence.index[target_id]
        told: list[tuple[float, str, str, tuple[str, ...]]] = []
        for value, name in parts:
            if len(told) == self.most:
                break
            found = tell[name](number) if name in tell else self.signals[name].reason(self.evidence, source, target)
            if found is not None:
                told.append((value, name, found.text, found.evidence))
        if parts and not told and self.most:
            told.append((*parts[0], f"the signal “{parts[0][1]}” alone speaks for it", ()))
        whole = sum([value for value, *_ in told])
        reasons = tuple([Reason(name, round(score * value / whole, 6), text, evidence) for value, name, text, evidence in told])
        return RelatedItem(target_id, score, rank, self._label(source, target), (source, target) in self.evidence.links, reasons)

    def _label(self, source: int, target: int) -> str | None:
        """Curated relation read from the source; one that says more than "related" first."""
        relations, vocabulary = self.evidence.relations, self.evidence.vocabulary
        there = [vocabulary.label(item.name) for item in relations.get((source, target), ()) if item.name != RELATED]
        back = [vocabulary.inverse_label(item.name) for item in relations.get((target, source), ()) if item.name != RELATED]
        if there or back:
            return (there or back)[0]
        return vocabulary.label(RELATED) if (source, target) in relations or (target, source) in relations else None


def _array(items: Sequence[bytes]) -> bytes:
    """A MessagePack array of encoded items."""
    return b"\xdd" + len(items).to_bytes(4, "big") + b"".join(items)
