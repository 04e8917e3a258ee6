"""What the ranking stage gives: lists with reasons, measures, and the long ranking of every entity."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from kgraph.graph.measures import Measures
from kgraph.rank.learning.trees import Forest

__all__ = ["Gain", "Learned", "PackedLists", "Rankings", "Reason", "RelatedItem", "ScoreTable"]


class Reason(Struct, frozen=True):
    """Share of one signal in one score."""

    signal: str
    share: float
    """Part of the score; the shares of all reasons of an item sum to its score."""
    text: str
    evidence: tuple[str, ...]
    """Ids of entities, or ``path:line``."""


class RelatedItem(Struct, frozen=True):
    """One related entity."""

    id: str
    score: float
    """In [0, 1), comparable across the pages of one build."""
    rank: int
    """From 1, over the whole list."""
    label: str | None
    """Curated relation as read from the source, or None."""
    linked: bool
    """Whether the page of the source links there already."""
    reasons: tuple[Reason, ...]
    """Strongest first."""


class Rankings(Struct, frozen=True):
    """Results of the ranking stage."""

    related: Mapping[str, tuple[RelatedItem, ...]]
    """The list of each entity, best first."""
    measures: dict[str, Measures]
    signals: tuple[str, ...]
    """Names of the signals in force."""


class Gain(Struct, frozen=True):
    """Mean of nDCG@10 of the learned ranking minus that of the default, over pages, and its 95 % interval."""

    mean: float
    low: float
    high: float


class Learned(Struct, frozen=True):
    """What was learned of what authors of a site join, and whether it is used."""

    features: tuple[str, ...]
    """What the trees look at, by name; empty when there was too little to learn from."""
    forests: dict[str, Forest]
    """For links, and for curated relations: trees that give the chance that an author joins a page with a candidate."""
    telling: dict[str, tuple[tuple[str, float], ...]]
    """For each of them the part of each feature in what moves the chances, largest first."""
    used: bool
    why: str
    """One line for a reader."""
    pairs: int
    """Hidden pairs that it was learned from."""
    gain: Gain | None
    """On pages that the trees had not seen."""
    gain_unnamed: Gain | None
    """The same for pairs that the text of the page does not name."""


class PackedLists(Mapping[str, tuple[RelatedItem, ...]]):
    """Lists that are kept as bytes and decoded when they are asked for: a tenth of the memory on large sites."""

    def __init__(self, packed: Mapping[str, bytes | msgspec.Raw]) -> None:
        """Keep the lists by entity, each encoded as MessagePack."""
        self.packed = packed
        self._decoder = msgspec.msgpack.Decoder(tuple[RelatedItem, ...])

    def __getitem__(self, entity_id: str) -> tuple[RelatedItem, ...]:
        """The list of an entity."""
        return self._decoder.decode(self.packed[entity_id])

    def __iter__(self) -> Iterator[str]:
        """Ids of the entities."""
        return iter(self.packed)

    def __len__(self) -> int:
        """How many entities there are."""
        return len(self.packed)


class ScoreTable:
    """The long ranking of every entity: the candidates of each, best first, in three flat arrays."""

    def __init__(self, ids: tuple[str, ...], indptr: Any, indices: Any, scores: Any) -> None:
        """Keep the arrays of a CSR table whose rows are sorted by score, ties by id."""
        self.ids = ids
        self.indptr = indptr
        self.indices = indices
        self.scores = scores
        self._index = {entity_id: row for row, entity_id in enumerate(ids)}

    def candidates(self, entity_id: str) -> Iterator[tuple[str, float]]:
        """Ids and scores of the candidates of an entity, best first.

        Raises:
            KeyError: there is no such entity.

        """
        row = self._index[entity_id]
        start, end = int(self.indptr[row]), int(self.indptr[row + 1])
        return zip(map(self.ids.__getitem__, self.indices[start:end].tolist()), self.scores[start:end].tolist(), strict=True)
