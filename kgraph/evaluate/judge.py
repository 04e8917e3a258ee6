"""Judging: where the hidden targets of each source come back in a ranking of all that could be suggested."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from msgspec import Struct

from kgraph.evaluate.hide import Pair
from kgraph.evaluate.metrics import ndcg, recall, reciprocal_rank
from kgraph.rank.evidence import Evidence, Matrix

__all__ = ["METRICS", "Query", "judge", "make_queries"]

METRICS = ("mrr", "ndcg_10", "recall_10", "recall_25", "ndcg_10_named", "ndcg_10_unnamed", "coverage")
"""Names of the measures of one ranking; ``coverage`` is the share of the targets that the method gives any score."""


class Query(Struct, frozen=True):
    """One source and what was hidden of it."""

    source: int
    targets: tuple[int, ...]
    """Entities that should come back, sorted."""
    named: tuple[bool, ...]
    """For each target, whether the page of the source still names it."""
    barred: tuple[int, ...]
    """Entities that are no candidates: the source, what it is still joined to, and all that stand for the same page."""


def make_queries(evidence: Evidence, pairs: Iterable[Pair], same: Mapping[str, frozenset[str]]) -> list[Query]:
    """One query for each source of the hidden ``pairs``, in the order of ids.

    Args:
        evidence: What is left after hiding.
        pairs: Hidden pairs.
        same: For each entity, those that stand for the same page. Twins of a target are no candidates: they are neither
            right nor wrong.

    """
    index = evidence.index
    targets: dict[int, set[int]] = defaultdict(set)
    for pair in pairs:
        targets[index[pair[0]]].add(index[pair[1]])
    joined: dict[int, set[int]] = defaultdict(set)
    for one, other in (*evidence.links, *evidence.relations):
        joined[one].add(other)
        joined[other].add(one)
    queries = []
    for source in sorted(targets):
        wanted = targets[source]
        near = {twin for place in (source, *joined[source], *wanted) for twin in same[evidence.ids[place]]}
        queries.append(
            Query(
                source, tuple(sorted(wanted)), tuple((source, target) in evidence.mentions for target in sorted(wanted)),
                tuple(sorted({index[entity_id] for entity_id in near} - wanted)),
            )
        )  # fmt: skip
    return queries


def judge(scores: Matrix, query: Query, lots: Any) -> dict[str, float]:
    """Measures of the ranking that a method gives a source; those that nothing speaks of are left out.

    Args:
        scores: Scores of the method, n by n.
        query: Source and hidden targets.
        lots: Random order of the entities: ties are broken by lot, so that no method gains by the order of ids.

    """
    row = _row(scores, query.source)
    coverage = sum(1 for target in query.targets if row[target] > 0) / len(query.targets)
    ranks = _ranks(row, query, lots)
    count = len(ranks)
    found = {"mrr": reciprocal_rank(ranks), "ndcg_10": ndcg(ranks, count, 10)}
    found |= {"recall_10": recall(ranks, count, 10), "recall_25": recall(ranks, count, 25)}
    for name, wanted in (("ndcg_10_named", True), ("ndcg_10_unnamed", False)):
        half = _half(ranks, query.named, wanted)
        if half:
            found[name] = ndcg(half, len(half), 10)
    return found | {"coverage": coverage}


def _row(scores: Matrix, place: int) -> Any:
    """One row, dense, rounded to nine digits of its largest entry so that the order never hangs on the last bit."""
    if hasattr(scores, "indptr"):
        row = np.zeros(scores.shape[1])
        start, end = scores.indptr[place], scores.indptr[place + 1]
        row[scores.indices[start:end]] = scores.data[start:end]
    else:
        row = np.array(scores[place], dtype=np.float64)
    largest = row.max(initial=0.0)
    return np.round(row / largest, 9) if largest > 0 else row


def _ranks(row: Any, query: Query, lots: Any) -> list[int]:
    """Rank of each target among the candidates, in the order of the targets."""
    row[list(query.barred)] = -np.inf
    return [
        1 + int(np.count_nonzero(row > row[target])) + int(np.count_nonzero((row == row[target]) & (lots < lots[target])))
        for target in query.targets
    ]


def _half(ranks: list[int], named: tuple[bool, ...], wanted: bool) -> list[int]:
    """Ranks of the targets that are named, or those that are not, in the ranking without the others."""
    others = [rank for rank, flag in zip(ranks, named, strict=True) if flag is not wanted]
    kept = [rank for rank, flag in zip(ranks, named, strict=True) if flag is wanted]
    return [rank - sum(1 for other in others if other < rank) for rank in kept]
