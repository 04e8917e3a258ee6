"""What holds of the ranking of every wiki, tried on invented ones."""

from __future__ import annotations

import random
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kgraph
from kgraph.config import Config
from kgraph.model.corpus import Corpus
from kgraph.model.document import Counts, Document, term_bag
from kgraph.rank.evidence import Evidence
from kgraph.rank.rankings import RelatedItem
from kgraph.rank.signals import load_signals
from kgraph.rank.stage import rank
from tests.ingest.wiki import entity_of
from tests.rank.invented import Plan, corpus_of_plan, plans

quick = settings(max_examples=60, deadline=None, derandomize=True)
SYMMETRIC = ("relation", "co_citation", "bibliographic_coupling", "text", "neighbour_links", "tags", "sources")
LAST_DIGIT = 3e-6


def lists_of(corpus: Corpus) -> dict[str, tuple[RelatedItem, ...]]:
    return dict(rank(corpus, Config())[0])


def scores_of(corpus: Corpus) -> dict[str, dict[str, float]]:
    return {source: {item.id: item.score for item in items} for source, items in lists_of(corpus).items()}


def matrices(corpus: Corpus) -> dict[str, Any]:
    evidence = Evidence(corpus)
    return {signal.name: signal.scores(evidence).toarray() for signal in load_signals()}


@quick
@given(plans())
def test_signals_are_finite_and_not_negative_and_say_nothing_of_a_page_and_itself(plan: Plan) -> None:
    for name, matrix in matrices(corpus_of_plan(plan)).items():
        assert matrix.shape == (plan.size, plan.size), name
        assert np.isfinite(matrix).all(), name
        assert (matrix >= 0).all(), name
        assert not np.diagonal(matrix).any(), name


@quick
@given(plans())
def test_lists_are_well_formed(plan: Plan) -> None:
    corpus = corpus_of_plan(plan)
    linked = {(link.source, link.target) for link in corpus.links}
    lists = lists_of(corpus)
    assert list(lists) == list(corpus.entities)
    for source, items in lists.items():
        ids = [item.id for item in items]
        assert source not in ids
        assert len(set(ids)) == len(ids)
        assert [item.rank for item in items] == list(range(1, len(items) + 1))
        assert [(-item.score, item.id) for item in items] == sorted((-item.score, item.id) for item in items)
        for item in items:
            assert 0 < item.score < 1
            assert 1 <= len(item.reasons) <= 3
            assert sum(reason.share for reason in item.reasons) == pytest.approx(item.score, abs=LAST_DIGIT)
            assert item.linked is ((source, item.id) in linked)
            assert all(reason.text and "None" not in reason.text for reason in item.reasons)
            assert all(place in corpus.entities or place[:-2] in corpus.pages for reason in item.reasons for place in reason.evidence)


@quick
@given(plans())
def test_every_signal_above_zero_has_a_reason_unless_it_is_proximity_of_two_that_are_joined(plan: Plan) -> None:
    evidence = Evidence(corpus_of_plan(plan))
    for signal in load_signals():
        if signal.name != "proximity":
            for source, target in np.argwhere(signal.scores(evidence).toarray() > 0):
                assert signal.reason(evidence, source, target) is not None, signal.name


@quick
@given(plans(), st.randoms(use_true_random=False))
def test_new_ids_keep_the_scores(plan: Plan, dice: random.Random) -> None:
    names = [f"p{number}" for number in range(plan.size)]
    turned = [f"q{number}" for number in range(plan.size)]
    dice.shuffle(turned)
    new = dict(zip(names, turned, strict=True))
    before, after = scores_of(corpus_of_plan(plan, names)), scores_of(corpus_of_plan(plan, turned))
    for source, scores in before.items():
        assert {new[target]: score for target, score in scores.items()} == pytest.approx(after[new[source]], abs=LAST_DIGIT)


@quick
@given(plans())
def test_evidence_that_is_symmetric_gives_symmetric_values(plan: Plan) -> None:
    there, mirrored = matrices(corpus_of_plan(plan)), matrices(corpus_of_plan(plan.mirrored()))
    for name in SYMMETRIC:
        assert there[name] == pytest.approx(there[name].T), name
    for name in (*SYMMETRIC, "link"):
        assert mirrored[name] == pytest.approx(mirrored[name].T), name


@quick
@given(plans())
def test_an_isolated_page_joins_no_list_and_takes_no_candidate_away(plan: Plan) -> None:
    before, after = scores_of(corpus_of_plan(plan)), scores_of(corpus_of_plan(msgspec.structs.replace(plan, size=plan.size + 1)))
    assert after.pop(f"p{plan.size}") == {}
    assert {source: set(scores) - set(after[source]) for source, scores in before.items()} == {source: set() for source in before}
    assert all(f"p{plan.size}" not in scores for scores in after.values())


def isolated(corpus: Corpus) -> Corpus:
    """The corpus and a page that nothing joins, last in the order of ids."""
    entity = entity_of("zz-alone", title="Zzyzxwq", path="zz-alone.md")
    empty = Document(None, {}, {}, (), (), (), (), Counts(), term_bag({"zzyzxwq": 1}))
    return msgspec.structs.replace(
        corpus, entities={**corpus.entities, entity.id: entity}, documents={**corpus.documents, "zz-alone.md": empty}
    )


def test_an_isolated_page_hardly_changes_the_lists_of_the_sample(sample: kgraph.KnowledgeGraph) -> None:
    before, after = scores_of(sample.corpus), scores_of(isolated(sample.corpus))
    assert after.pop("zz-alone") == {}
    changes = [abs(score - after[source].get(target, score)) for source, scores in before.items() for target, score in scores.items()]
    assert max(changes) < 0.04
    assert sum(change > 0.005 for change in changes) < 0.03 * len(changes)
    assert sum(list(before[source])[:5] != list(after[source])[:5] for source in before) < 0.04 * len(before)


def said_otherwise(corpus: Corpus, path: str) -> Corpus:
    """The corpus with another sentence on one page: six words less, twelve of its words once more."""
    document = corpus.documents[path]
    counts = document.terms
    words = random.Random(2).sample(sorted(counts), min(18, len(counts)))
    for place, word in enumerate(words):
        counts[word] += 1 if place < 12 else -1
    edited = msgspec.structs.replace(document, bag=term_bag({word: count for word, count in counts.items() if count > 0}))
    return msgspec.structs.replace(corpus, documents={**corpus.documents, path: edited})


def test_an_edited_sentence_hardly_changes_the_lists_of_other_pages(sample: kgraph.KnowledgeGraph) -> None:
    corpus = sample.corpus
    before = {source: list(scores)[:5] for source, scores in scores_of(corpus).items()}
    items, orders, count = 0, 0, 0
    for path in random.Random(4).sample(sorted(corpus.documents), 4):
        own = corpus.pages[path].entity
        after = {source: list(scores)[:5] for source, scores in scores_of(said_otherwise(corpus, path)).items()}
        others = [source for source in before if source != own]
        items += sum(set(before[source]) != set(after[source]) for source in others)
        orders += sum(before[source] != after[source] for source in others)
        count += len(others)
    assert items < 0.02 * count
    assert orders < 0.04 * count


def test_the_order_within_a_corpus_does_not_change_the_lists_of_the_sample(sample: kgraph.KnowledgeGraph) -> None:
    corpus, dice = sample.corpus, random.Random(5)

    def mixed(values: Any) -> Any:
        some = list(values.items() if isinstance(values, dict) else values)
        dice.shuffle(some)
        return type(values)(some)

    fields = ("links", "relations", "mentions", "citations", "documents", "pages", "external", "sources")
    shuffled = msgspec.structs.replace(corpus, **{field: mixed(getattr(corpus, field)) for field in fields})
    assert shuffled.links != corpus.links
    assert scores_of(shuffled) == scores_of(corpus)


def test_lists_of_the_sample_are_those_of_the_build(sample: kgraph.KnowledgeGraph) -> None:
    assert lists_of(sample.corpus) == sample.rankings.related
