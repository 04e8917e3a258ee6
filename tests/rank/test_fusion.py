"""Fusion: one score out of many signals, and what weights, damping and the list of signals do to it."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import numpy as np
import pytest
import scipy.sparse as sp

from kgraph.config import Config, Lists, Signals
from kgraph.rank import signals as registry
from kgraph.rank.evidence import Evidence, Matrix
from kgraph.rank.fusion import contribution, fuse
from kgraph.rank.signals import SIGNALS, ReasonText
from kgraph.rank.stage import explainer, rank
from tests.ingest.wiki import corpus_of

STEP = 2 ** (1 / 16) - 1
"""What a contribution is rounded by, at the most, is half of this; the scale of the site is rounded too."""
NO_SIGNAL = Signals(**dict.fromkeys(SIGNALS, 0.0))
FILES = {
    "a.md": "---\ntitle: Anchovy\ntags: [sea]\n---\nTo [Basalt](b.md).\n",
    "b.md": "---\ntitle: Basalt\n---\nquarry\n",
    "c.md": "---\ntitle: Copper\ntags: [sea]\n---\nlantern\n",
}


def matrix(*rows: list[float]) -> Matrix:
    return sp.csr_array(np.array(rows, dtype=np.float64))


def order(folder: Path, config: Config) -> list[str]:
    return [item.id for item in rank(corpus_of(folder, FILES), config)[0]["a"]]


# -- the arithmetic ---------------------------------------------------------------------------------


def test_contribution_is_half_relative_to_the_site_and_half_to_the_row() -> None:
    # best of the rows 4, 2 and none: the 90th percentile of (2, 4) is 3.8
    found = contribution(matrix([0, 4, 1], [2, 0, 0], [0, 0, 0]), 1.5).toarray()
    first, second = 0.5 / 3.8 + 0.5 / 4, 0.5 / 3.8 + 0.5 / 2
    expected = [[0, 1.5 * 4 * first, 1.5 * first], [1.5 * 2 * second, 0, 0], [0, 0, 0]]
    assert found == pytest.approx(np.array(expected), rel=STEP)


def test_contribution_does_not_depend_on_the_unit_of_a_signal() -> None:
    scores = matrix([0, 4, 1], [2, 0, 0], [0, 3, 0])
    assert contribution(1024 * scores, 1.0).toarray() == pytest.approx(contribution(scores, 1.0).toarray())
    assert contribution(1000 * scores, 1.0).toarray() == pytest.approx(contribution(scores, 1.0).toarray(), rel=STEP)


def test_contribution_of_nothing_and_of_weight_zero_is_empty() -> None:
    assert contribution(matrix([0, 0], [0, 0]), 1.0).nnz == 0
    assert contribution(matrix([0, 1], [1, 0]), 0.0).nnz == 0


def test_two_middling_signals_are_worth_one_strong_one() -> None:
    none = [0.0] * 4
    fused = fuse(4, {"x": matrix([0, 1, 0.5, 0], none, none, none), "y": matrix([0, 0, 0.5, 1], none, none, none)}.items(), {})
    assert fused.total.toarray()[0].tolist() == pytest.approx([0, 1, 1, 1])


def test_contributions_add_up_to_the_total_and_follow_weights_and_damping() -> None:
    signals = {"x": matrix([0, 1], [1, 0]), "y": matrix([0, 1], [0, 0]), "off": matrix([0, 1], [1, 0])}
    fused = fuse(2, signals.items(), {"x": 2.0, "off": 0.0}, np.array([1.0, 0.5]))
    assert fused.names == ("x", "y")
    assert [part.toarray().tolist() for part in fused.contributions] == [[[0.0, 1.0], [2.0, 0.0]], [[0.0, 0.5], [0.0, 0.0]]]
    assert fused.total.toarray().tolist() == [[0.0, 1.5], [2.0, 0.0]]


def test_a_total_like_a_typical_fifth_best_scores_one_half() -> None:
    rows = [[0.0, 9, 8, 7, 6, 5, 4], [0.0, 9, 8, 7, 6, 1, 0.5], [0.0, 3, 0, 0, 0, 0, 0], *([[0.0] * 7] * 4)]
    fused = fuse(7, {"x": matrix(*rows)}.items(), {})
    totals = fused.total.toarray()
    assert fused.half == pytest.approx(np.median([totals[0, 5], totals[1, 5], totals[2, 1]]), rel=2 ** (1 / 8) - 1)  # rounded
    assert fused.score(fused.half) == 0.5
    assert 0 < fused.score(1e-9) < fused.score(1.0) < fused.score(1e9) < 1


@pytest.mark.parametrize("size", [0, 1, 3])
def test_fusion_of_no_signal_is_empty(size: int) -> None:
    fused = fuse(size, (), {})
    assert (fused.total.shape, fused.total.nnz, fused.contributions) == ((size, size), 0, ())


# -- weights, prior ---------------------------------------------------------------------------------


def test_weights_of_the_configuration_change_the_order(tmp_path: Path) -> None:
    base = msgspec.structs.replace(NO_SIGNAL, link=1.0, tags=1.0)
    assert order(tmp_path, Config(signals=msgspec.structs.replace(base, link=3.0))) == ["b", "c"]
    assert order(tmp_path, Config(signals=msgspec.structs.replace(base, tags=3.0))) == ["c", "b"]


def test_all_signals_off_leave_every_list_empty(tmp_path: Path) -> None:
    ranked, names, table = rank(corpus_of(tmp_path, FILES), Config(signals=NO_SIGNAL))
    assert (dict(ranked), names) == ({"a": (), "b": (), "c": ()}, ())
    assert list(table.candidates("a")) == []


@pytest.mark.parametrize("name", SIGNALS)
def test_items_of_a_single_signal_have_a_reason_with_the_whole_score(tmp_path: Path, name: str) -> None:
    corpus = corpus_of(tmp_path, FILES | {"d.md": "---\ntitle: Dune\n---\n[Copper](c.md) and Anchovy by the quarry.\n"})
    ranked = rank(corpus, Config(signals=msgspec.structs.replace(NO_SIGNAL, **{name: 1.0})))[0]
    for items in ranked.values():
        assert all([(reason.signal, reason.share) for reason in item.reasons] == [(name, item.score)] for item in items)


def test_no_reasons_are_given_where_none_are_wanted(tmp_path: Path) -> None:
    ranked = rank(corpus_of(tmp_path, FILES), Config(lists=Lists(reasons=0)))[0]
    assert {item.reasons for items in ranked.values() for item in items} == {()}


def test_a_page_that_lists_others_counts_less_as_a_target(tmp_path: Path) -> None:
    files = {name: f"---\ntitle: {title}\ntype: {kind}\ntags: [sea]\n---\n" for name, title, kind in
             (("a.md", "Anchovy", "concept"), ("b.md", "Basalt", "index"), ("c.md", "Copper", "concept"))}  # fmt: skip
    fused = explainer(corpus_of(tmp_path, files), Config(signals=msgspec.structs.replace(NO_SIGNAL, tags=1.0))).fused
    total = fused.total.toarray()
    assert total[0, 1] == pytest.approx(0.75 * total[0, 2])
    assert total[1, 0] == pytest.approx(total[1, 2])


# -- the list of signals ----------------------------------------------------------------------------


class _Alphabet:
    """A signal of somebody else: entities whose ids follow each other."""

    name = "alphabet"

    def scores(self, evidence: Evidence) -> Matrix:
        return sp.csr_array(np.eye(evidence.size, k=1))

    def reason(self, evidence: Evidence, source: int, target: int) -> ReasonText | None:
        return ReasonText("next in the alphabet", (evidence.ids[target],))


def test_a_name_in_the_list_adds_a_signal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module: Any = ModuleType("kgraph.rank.signals.alphabet")
    module.signal = _Alphabet()
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(registry, "SIGNALS", (*SIGNALS, "alphabet"))
    ranked, names, _ = rank(corpus_of(tmp_path, FILES), Config(signals=NO_SIGNAL))
    assert names == ("alphabet",)  # its weight is 1
    assert [[(item.id, item.reasons[0].text, item.reasons[0].evidence) for item in items] for items in ranked.values()] == [
        [("b", "next in the alphabet", ("b",))], [("c", "next in the alphabet", ("c",))], [],
    ]  # fmt: skip


def test_an_entry_point_adds_a_signal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Point:
        name = "alphabet"

        def load(self) -> _Alphabet:
            return _Alphabet()

    monkeypatch.setattr(registry, "entry_points", lambda group: [Point()] if group == "kgraph.signals" else [])
    assert rank(corpus_of(tmp_path, FILES), Config())[1] == (*SIGNALS, "alphabet")


@pytest.mark.parametrize("name", SIGNALS)
def test_a_name_less_in_the_list_removes_a_signal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(registry, "SIGNALS", tuple(other for other in SIGNALS if other != name))
    ranked, names, _ = rank(corpus_of(tmp_path, FILES), Config())
    assert names == tuple(other for other in SIGNALS if other != name)
    assert name not in {reason.signal for items in ranked.values() for item in items for reason in item.reasons}
