"""Where a site becomes large: what is bounded then finds what is exact below, on the same pages."""

from __future__ import annotations

import statistics

import pytest

import kgraph
from kgraph.config import Config
from kgraph.rank import sparse
from kgraph.rank.rankings import RelatedItem
from kgraph.rank.stage import rank


def _recall(exact: tuple[RelatedItem, ...], found: tuple[RelatedItem, ...]) -> float:
    best = [item.id for item in exact[:10]]
    return len({*best} & {item.id for item in found[:10]}) / len(best) if best else 1.0


@pytest.mark.parametrize(("kept", "least"), [(500, 0.99), (150, 0.98), (100, 0.98)])
def test_large_sites_find_the_ten_best_of_the_exact_ranking(
    kept: int, least: float, sample: kgraph.KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    exact, _, _ = rank(sample.corpus, Config())
    monkeypatch.setattr(sparse, "SMALL", 0)
    monkeypatch.setattr(sparse, "KEPT", kept)
    found, _, _ = rank(sample.corpus, Config())
    assert list(found) == list(exact)
    assert statistics.mean(_recall(items, found[source]) for source, items in exact.items()) > least
    scores = {(source, item.id): item.score for source, items in exact.items() for item in items}
    shifts = [abs(scores[source, item.id] - item.score) for source, items in found.items() for item in items if (source, item.id) in scores]
    assert statistics.median(shifts) < 0.01


def test_bounded_lists_are_the_same_by_one_process_and_by_two(sample: kgraph.KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sparse, "SMALL", 0)
    monkeypatch.setattr(sparse, "_BLOCK", 32)
    assert dict(rank(sample.corpus, Config(), jobs=2)[0]) == dict(rank(sample.corpus, Config(), jobs=1)[0])
