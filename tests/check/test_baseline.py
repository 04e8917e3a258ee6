"""Baselines and the choice of rules."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from kgraph.check.baseline import find_baseline, new_findings, write_baseline
from kgraph.check.error import CheckError
from kgraph.check.selection import read_rules, select_findings
from kgraph.model.finding import RULES, find_rules, finding

ONE = finding("W201", "link to 'x' leads nowhere", "a.md", 3)
AGAIN = replace(ONE, line=9)
OTHER = finding("N401", "no page links to b", "b.md")


def test_moved_lines_do_not_come_back_and_counts_count(tmp_path: Path) -> None:
    path = tmp_path / "known.json"
    assert find_baseline(path) is None
    write_baseline(path, [ONE, OTHER])
    known = find_baseline(path)
    assert known is not None
    assert new_findings([replace(ONE, line=40), OTHER], known) == ()
    assert new_findings([ONE, AGAIN, OTHER], known) == (AGAIN,)
    assert new_findings([replace(ONE, path="c.md")], known) == (replace(ONE, path="c.md"),)


def test_the_same_findings_give_the_same_bytes(tmp_path: Path) -> None:
    write_baseline(tmp_path / "one.json", [ONE, OTHER, AGAIN])
    write_baseline(tmp_path / "two.json", [OTHER, AGAIN, ONE])
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()


@pytest.mark.parametrize(
    "text", ["", "[]", '{"version": 1}', '{"version": 2, "findings": []}', '{"version": 1, "findings": [{"a": 1}]}', "\xff"]
)
def test_what_is_no_baseline_is_said_in_one_line(text: str, tmp_path: Path) -> None:
    path = tmp_path / "known.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(CheckError, match="remove it to have it written anew") as error:
        find_baseline(path)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)


def test_a_baseline_that_cannot_be_read_or_written(tmp_path: Path) -> None:
    with pytest.raises(CheckError, match="cannot be read"):
        find_baseline(tmp_path)
    with pytest.raises(CheckError, match="cannot be written"):
        write_baseline(tmp_path / "missing" / "known.json", [ONE])


def test_rules_by_number_name_and_severity() -> None:
    assert read_rules(["w201,Orphan", " dead-anchor "], "--select") == {"w201", "orphan", "dead-anchor"}
    assert find_rules("error") == {number for number in RULES if number.startswith("E")}
    assert read_rules(["none"], "--fail-on") == read_rules([""], "--fail-on") == frozenset()
    assert select_findings([ONE, OTHER], None, frozenset({"n401"})) == (ONE,)
    assert select_findings([ONE, OTHER], frozenset({"orphan"}), frozenset()) == (OTHER,)


@pytest.mark.parametrize(
    ("written", "words"),
    [("dead-lnk", "dead-link"), ("W2O1", "W201"), ("relation", "dead-relation"), ("warnings", "warning"), ("??", "W201")],
)
def test_unknown_rules_get_the_closest_names(written: str, words: str) -> None:
    with pytest.raises(CheckError, match="--ignore: no rule is called") as error:
        read_rules([f"W202,{written}"], "--ignore")
    assert words in str(error.value)
