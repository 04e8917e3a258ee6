"""The lists of the build before: an item of them whose key is the same is taken as it is, with its reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import numpy as np
from msgspec import Raw

from kgraph.model.mixing import GAMMA, mix
from kgraph.rank.evidence import Evidence
from kgraph.rank.signals import Signal, TracedSignal
from kgraph.rank.signals.common import relation_traces
from kgraph.rank.traces import traces_by, value_traces

__all__ = ["ItemKeys", "ListMemory"]


class ListMemory:
    """Lists item by item: those of the build before, and the keys of the items of this one."""

    def __init__(self, lists: Mapping[str, bytes | Raw] | None = None, keys: Mapping[str, bytes] | None = None) -> None:
        """Recall encoded lists of the build before by entity, and the keys of their items, 8 bytes each."""
        self._lists = lists or {}
        self._keys = keys or {}
        self._decoder = msgspec.msgpack.Decoder(list[Raw])
        self.kept: dict[str, bytes] = {}
        """Keys of the items of this build, by entity."""

    def items(self, source: str) -> dict[int, Raw]:
        """Encoded items of the list of an entity in the build before, by their keys."""
        packed, keys = self._lists.get(source), self._keys.get(source, b"")
        items = self._decoder.decode(packed) if packed is not None and keys else []
        return dict(zip(np.frombuffer(keys, dtype="<u8").tolist(), items, strict=True)) if len(keys) == 8 * len(items) else {}


class ItemKeys:
    """Keys of items: an item is the same where its key is."""

    def __init__(self, evidence: Evidence, signals: Sequence[Signal], *, most: int) -> None:
        """Take the traces of all signals; without those of one that has none, there are no keys."""
        traced = [signal for signal in signals if isinstance(signal, TracedSignal)]
        self.known = len(traced) == len(signals)
        if not self.known:
            return
        site = value_traces([(most, [signal.name for signal in signals], evidence.vocabulary.relations)])
        always = [
            np.repeat(site, evidence.size),
            traces_by(evidence.ids, ((entity_id, entity_id) for entity_id in evidence.ids)),
            relation_traces(evidence),
        ]
        told = [signal.traces(evidence) for signal in traced]
        self.always = len(always)
        traces = np.stack([*always, *told]) ^ mix(np.arange(len(always) + len(told), dtype=np.uint64))[:, None]
        self.sources, self.targets = mix(traces), mix(traces + GAMMA)  # a pair is not its reverse

    def of(self, source: int, targets: Any, scores: Any, linked: Any, values: Any) -> Any:
        """The keys of a list, in the order of the list.

        Args:
            source: Place of the entity.
            targets: Places of the items, in the order of the list.
            scores: Score of each.
            linked: Whether the entity links to each.
            values: Contributions: an array of signals by items.

        """
        pairs = self.sources[:, source, None] ^ self.targets[:, targets]
        told = pairs[self.always :]
        pairs[self.always :] = np.where(values > 0, mix(told ^ values.view(np.uint64)), np.uint64(0))
        rank = np.arange(1, len(targets) + 1, dtype=np.uint64)
        own = mix(np.asarray(scores, dtype=np.float64).view(np.uint64) ^ mix(rank * np.uint64(2) + linked))
        return mix(pairs.sum(axis=0, dtype=np.uint64) ^ own)
