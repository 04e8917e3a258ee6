"""The learned fusion: what is hidden, what is learned from it, and when it is used."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest

import kgraph
from kgraph.config import Config, Ranking
from kgraph.model.corpus import Corpus
from kgraph.rank.evidence import Evidence
from kgraph.rank.learning.hiding import Kind, hide_within
from kgraph.rank.learning.model import reordered
from kgraph.rank.learning.trees import Forest, Tree, grow
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


def _examples(rows: int) -> tuple[np.ndarray, np.ndarray]:
    """Examples of three features, wanted where the first is high and the second low; the third tells nothing."""
    features = np.random.default_rng(3).random((rows, 3))
    return features, ((features[:, 0] > 0.6) & (features[:, 1] < 0.5)).astype(np.float64)


def test_trees_learn_what_two_features_tell_together() -> None:
    features, wanted = _examples(2_000)
    forest = grow(features, wanted)
    chance = forest.chance(np.array([[0.9, 0.1, 0.5], [0.9, 0.9, 0.5], [0.1, 0.1, 0.5], [0.1, 0.9, 0.5]]))
    assert chance[0] > 0.9
    assert max(chance[1:]) < 0.1
    assert grow(features, wanted) == forest


def test_what_the_features_add_sums_to_the_value() -> None:
    features, wanted = _examples(500)
    forest = grow(features, wanted)
    chance = forest.chance(features)
    told = forest.told(features, (0, 1, 2), 3)
    roots = forest.base + sum(tree.values[0] for tree in forest.trees)
    assert told.sum(axis=1) + roots == pytest.approx(np.log(chance / (1 - chance)), abs=1e-6)
    assert np.abs(told[:, 2]).mean() < 0.2 * np.abs(told[:, 0]).mean()
    assert forest.told(features, (0, -1, 0), 1)[:, 0] == pytest.approx(told[:, 0] + told[:, 2])


def test_trees_of_constant_features_or_one_outcome_give_the_share() -> None:
    assert grow(np.ones((40, 2)), np.repeat([0.0, 1.0], [30, 10])).chance(np.ones((1, 2)))[0] == pytest.approx(0.25, abs=1e-3)
    assert grow(np.eye(4), np.zeros(4)).chance(np.eye(4)).max() < 0.01


def test_a_tree_goes_right_above_its_bounds() -> None:
    tree = Tree((0, 1, 1, 0, 0, 0, 0), (0.5, 0.5, 1e300, 1e300, 1e300, 1e300, 1e300), (0, -1, 1, -3, -2, 1, 0, -3, 0, -2, 0, 1, 0, 0, 0))
    chance = Forest(0.0, (tree,)).chance(np.array([[0.5, 0.5], [0.5, 0.6], [0.6, 0.9]]))
    assert np.log(chance / (1 - chance)).round(6).tolist() == [-3.0, -2.0, 1.0]


def test_too_few_pairs_teach_nothing(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path, {"a.md": "# Anchovy\n\nTo [Basalt](b.md).\n", "b.md": "# Basalt\n"})
    found = learn(corpus, Config())
    assert (found.forests, found.used) == ({}, False)
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


def test_another_order_leaves_what_is_joined_and_the_scores(sample: kgraph.KnowledgeGraph) -> None:
    corpus = sample.corpus
    found = learn(corpus, Config())
    before = explainer(corpus, Config()).fused
    evidence = Evidence(corpus)
    after = reordered(evidence, before, found.forests)
    joined = evidence.joined.toarray() > 0
    one, other = before.total.toarray(), after.total.toarray()
    assert (one[joined] == other[joined]).all()
    assert (np.sort(one, axis=1) == np.sort(other, axis=1)).all()
    assert (one != other).any()
    assert all(
        ((old.toarray() > 0) >= (new.toarray() > 0)).all() for old, new in zip(before.contributions, after.contributions, strict=True)
    )
    assert abs(sum(after.contributions) - after.total).max() < 1e-9


def test_what_was_learned_with_other_signals_is_not_used(sample: kgraph.KnowledgeGraph) -> None:
    forced = msgspec.structs.replace(learn(sample.corpus, Config()), used=True)
    fewer = msgspec.structs.replace(Config(), signals=msgspec.structs.replace(Config().signals, tags=0.0))
    assert rank(sample.corpus, fewer, learned=forced)[0] == rank(sample.corpus, fewer)[0]
    assert rank(sample.corpus, Config(), learned=forced)[0] != rank(sample.corpus, Config())[0]


def test_what_was_learned_can_be_read_and_comes_back(sample: kgraph.KnowledgeGraph) -> None:
    found = learn(sample.corpus, Config())
    assert msgspec.json.decode(msgspec.json.encode(found), type=type(found)) == found
    for kind in KINDS:
        shares = [share for _, share in found.telling[kind]]
        assert shares == sorted(shares, reverse=True)
        assert sum(shares) == pytest.approx(1.0, abs=0.01)
