"""Prefix: the ids begin with the same words, as those of parts of one thing do; rare beginnings count more."""

from __future__ import annotations

import re
from collections import defaultdict
from math import log
from typing import Any

from kgraph.rank.evidence import Evidence, kept
from kgraph.rank.signals import ReasonText
from kgraph.rank.sparse import Matrix, product, zero_diagonal
from kgraph.rank.traces import value_traces

__all__ = ["signal"]

_WORD = re.compile(r"[^\W_]+")
_LONGEST = 4
"""Words of a beginning at the most."""
_COMMON = 0.05
"""A beginning of more than this share of the entities (and of more than 50) says nothing."""


class _Prefix:
    name = "prefix"

    def scores(self, evidence: Evidence) -> Matrix:
        """Sum over the common beginnings of one word, two words … of ln((n + 1) / entities that begin so), halved from the second on."""
        groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for place, found in enumerate(_words(evidence)):
            for count in range(1, len(found) + 1):
                groups[found[:count]].append(place)
        most = max(50.0, _COMMON * evidence.size)
        kept = [(begin, places) for begin, places in sorted(groups.items()) if 1 < len(places) <= most]
        entries = {
            (place, column): (log((evidence.population + 1) / len(places)) * (1.0 if len(begin) == 1 else 0.5)) ** 0.5
            for column, (begin, places) in enumerate(kept) for place in places
        }  # fmt: skip
        matrix = evidence.matrix(entries, (evidence.size, max(len(kept), 1)))
        return zero_diagonal(product(matrix, matrix.T, jobs=evidence.jobs))

    def traces(self, evidence: Evidence) -> Any:
        return value_traces([""] * evidence.size)

    def reason(self, evidence: Evidence, source: int, target: int) -> ReasonText | None:
        words = _words(evidence)
        shared = []
        for one, other in zip(words[source], words[target], strict=False):
            if one != other:
                break
            shared.append(one)
        return ReasonText(f"both ids begin with “{'-'.join(shared)}”", ()) if shared else None


@kept
def _words(evidence: Evidence) -> list[tuple[str, ...]]:
    """First words of the last part of each id, in lower case."""
    return [tuple(_WORD.findall(entity_id.rsplit("/", 1)[-1].lower())[:_LONGEST]) for entity_id in evidence.ids]


signal = _Prefix()
