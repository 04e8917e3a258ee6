"""The learned fusion: what is hidden, what is learned from it, and when it is used."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest

import kgraph
from kgraph.config import Config, Ranking
from kgraph.model.corpus import Corpus
from kgraph.rank.learning.hiding import Kind, hide_within
from kgraph.rank.learning.model import KNOTS, Examples, curve, fit, ramps
from kgraph.rank.stage import explainer, learn, rank
from tests.ingest.wiki import corpus_of

KINDS: tuple[Kind, ...] = ("links", "relations")
LEARNING = Config(ranking=Ranking(learn=True))


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_joins_a_hidden_pair_and_the_rest_stays(sample: kgraph.KnowledgeGraph, kind: Kind) -> None:
    corpus = sample.corpus
    hidden = hide_within(corpus, kind, share=0.3, masked=0.5)
    gone = {*hidden.pairs, *((target, source) for source, target in hidden.pairs)}
    left = {(link.source, link.target) for link in hidden.rest.links} | {(item.source, item.target) for item in hidden.rest.relations}
    assert hidden.pairs
    assert not left & gone
    assert {(item.source, item.target) for item in corpus.links} - left <= gone
    rest, whole = hidden.rest.documents, corpus.documents
    assert {path: document.blocks for path, document in rest.items()} == {path: document.blocks for path, document in whole.items()}
    assert all(count <= whole[path].terms[term] for path, document in rest.items() for term, count in document.terms.items())
    muted = hidden.muted
    assert 0.3 < len(muted) / len(hidden.pairs) < 0.7
    assert not muted & {(item.source, item.target) for item in hidden.rest.mentions}


def test_a_hidden_link_whose_text_is_a_name_becomes_a_mention(tmp_path: Path) -> None:
    files = {"a.md": "# Anchovy\n\nTo [Basalt](b.md).\n", "b.md": "# Basalt\n", "c.md": "# Copper\n\nTo [that](b.md).\n"}
    rest = hide_within(corpus_of(tmp_path, files), "links", share=1.0, masked=0.0).rest
    assert [(item.source, item.target, item.text) for item in rest.mentions] == [("a", "b", "Basalt")]


def test_words_that_only_state_a_hidden_relation_or_name_a_muted_target_go(tmp_path: Path) -> None:
    files = {"a.md": "# Anchovy\n\nNear a quarry.\n\n## See also\n\n- [Basalt](b.md)\n", "b.md": "# Basalt\n", "c.md": "# Copper\n"}
    seen = hide_within(corpus_of(tmp_path / "1", files), "relations", share=1.0).rest
    assert "basalt" not in seen.documents["a.md"].terms
    assert "quarry" in seen.documents["a.md"].terms
    files = {"a.md": "# Anchovy\n\nA quarry. To [Basalt](b.md) by lantern.\n", "b.md": "# Basalt\n", "c.md": "# Copper\n"}
    muted, told = (hide_within(corpus_of(tmp_path / "2", files), "links", share=1.0, masked=part).rest for part in (1.0, 0.0))
    assert not {"basalt", "lantern"} & muted.documents["a.md"].terms.keys()
    assert {"basalt", "lantern"} <= told.documents["a.md"].terms.keys()
    assert "quarry" in muted.documents["a.md"].terms


def test_a_hidden_link_by_a_text_that_other_pages_link_by_becomes_a_mention(tmp_path: Path) -> None:
    pages = {f"{name}.md": f"# Page {name}\n\nTo [black stone](b.md).\n" for name in "cdefghij"}
    corpus = corpus_of(tmp_path, pages | {"b.md": "# Basalt\n"})
    hidden = hide_within(corpus, "links", share=0.5)
    told = {(item.source, item.target) for item in hidden.rest.mentions}
    assert set(hidden.pairs) == told


def test_ramps_climb_between_the_knots() -> None:
    assert ramps(np.array([0.5])).tolist() == pytest.approx(np.array([[0.15, 0.2, 0.15, 0.0, 0.0]]))
    assert ramps(np.array([2.0]))[0].sum() == pytest.approx(2.0)
    assert curve((1.0,) * len(KNOTS))(np.array([0.0, 0.4, 1.7])).tolist() == pytest.approx([0.0, 0.4, 1.7])


def _examples(rows: int) -> Examples:
    """Rows of one target, high in the first signal and low in the second, and three others."""
    dice = np.random.default_rng(3)
    values = np.concatenate([np.concatenate(([[0.9, 0.1]], dice.random((3, 2)) * [0.5, 1.0])) for _ in range(rows)])
    features = ramps(values).reshape(len(values), -1)
    return Examples(features, np.arange(0, 4 * rows + 1, 4), np.ones(rows, dtype=np.int64), np.ones(rows))


def test_fitted_slopes_follow_the_signal_that_tells_and_none_is_negative() -> None:
    found = fit(_examples(200), ("good", "bad"), {"good": 1.0, "bad": 1.0}, pull=0.5, bend=1.0)
    assert min(min(slopes) for slopes in found.values()) >= 0
    assert sum(found["good"]) > 2 * len(KNOTS) > sum(found["bad"])


def test_few_examples_stay_near_the_default() -> None:
    found = fit(_examples(1), ("good", "bad"), {"good": 1.0, "bad": 1.0}, pull=50.0, bend=50.0)
    assert [slope for slopes in found.values() for slope in slopes] == pytest.approx([1.0] * 2 * len(KNOTS), abs=0.1)


def test_too_few_pairs_teach_nothing(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path, {"a.md": "# Anchovy\n\nTo [Basalt](b.md).\n", "b.md": "# Basalt\n"})
    found = learn(corpus, Config())
    assert (found.curves, found.used) == ({}, False)
    assert "too few" in found.why
    assert rank(corpus, LEARNING)[0] == rank(corpus, Config())[0]


def test_learning_is_deterministic_and_its_shares_still_sum_to_the_score(sample: kgraph.KnowledgeGraph) -> None:
    corpus: Corpus = sample.corpus
    found = learn(corpus, Config())
    assert found == learn(corpus, Config())
    assert found.why
    assert found.gain is not None
    forced = msgspec.structs.replace(found, used=True)
    lists = rank(corpus, LEARNING, learned=forced)[0]
    for items in lists.values():
        for item in items:
            assert sum(reason.share for reason in item.reasons) == pytest.approx(item.score, abs=3e-6)
    fused = explainer(corpus, LEARNING, forced).fused
    assert abs(sum(fused.contributions) - fused.total).max() < 1e-9
    assert rank(corpus, LEARNING, jobs=2, learned=forced)[0] == lists


def test_what_was_learned_and_lost_is_not_used(sample: kgraph.KnowledgeGraph) -> None:
    lost = msgspec.structs.replace(learn(sample.corpus, Config()), used=False)
    assert rank(sample.corpus, LEARNING, learned=lost)[0] == rank(sample.corpus, Config())[0]
