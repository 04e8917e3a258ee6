from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from kgraph.config import Config
from kgraph.errors import ConfigError, SourceError
from kgraph.evaluate.baselines import BASELINES
from kgraph.evaluate.experiment import FUSED, Evaluation, evaluate
from kgraph.evaluate.judge import METRICS
from tests.evaluate.joined_wiki import write_wiki


@pytest.fixture(scope="module")
def wiki(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_wiki(tmp_path_factory.mktemp("wiki"))


def timeless(evaluation: Evaluation) -> Evaluation:
    return structs.replace(
        evaluation,
        kinds=tuple(
            structs.replace(kind, methods=tuple(structs.replace(method, seconds=None) for method in kind.methods))
            for kind in evaluation.kinds
        ),
    )


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kgraph", "evaluate", *arguments], capture_output=True, text=True, check=False, timeout=120
    )


def test_every_method_is_measured(wiki: Path) -> None:
    found = evaluate(wiki, Config(), seeds=(0, 1), baselines=tuple(BASELINES))
    assert [kind.kind for kind in found.kinds] == ["relations", "links"]
    for kind in found.kinds:
        assert [method.name for method in kind.methods] == [FUSED, *BASELINES]
        assert (kind.named + kind.unnamed, kind.kept) == (kind.hidden, 0)
        assert 0 < kind.sources <= kind.rankings <= kind.hidden
        for method in kind.methods:
            assert set(method.metrics) <= set(METRICS)
            for estimate in method.metrics.values():
                assert 0.0 <= estimate.low <= estimate.mean <= estimate.high <= 1.0
            assert (set(method.difference) == set(method.metrics)) == (method.name != FUSED)


def test_difference_is_that_of_the_means(wiki: Path) -> None:
    fused, *others = evaluate(wiki, Config(), ("links",), seeds=(0,)).kinds[0].methods
    for method in others:
        for name, difference in method.difference.items():
            assert difference.mean == pytest.approx(method.metrics[name].mean - fused.metrics[name].mean)


def test_same_seeds_same_numbers(wiki: Path) -> None:
    first, again, other = (timeless(evaluate(wiki, Config(), seeds=seeds, ablation=True)) for seeds in ((0, 1), (0, 1), (2, 3)))
    assert first == again
    assert first != other


def test_sources_are_not_changed(wiki: Path) -> None:
    def state() -> dict[str, str]:
        return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(wiki.rglob("*")) if path.is_file()}

    before = state()
    evaluate(wiki, Config(), seeds=(0,))
    assert state() == before


def test_ablation_leaves_out_each_signal(wiki: Path) -> None:
    config = Config(signals=structs.replace(Config().signals, tags=0))
    methods = evaluate(wiki, config, ("links",), seeds=(0,), ablation=True).kinds[0].methods
    names = {method.name for method in methods}
    assert {f"{FUSED} without text", f"{FUSED} without mention"} <= names
    assert f"{FUSED} without tags" not in names


def test_a_kind_without_pairs_is_skipped_and_said(tmp_path: Path) -> None:
    for name, other in (("one", "two"), ("two", "three"), ("three", "one")):
        (tmp_path / f"{name}.md").write_text(f"# {name}\n\nRead [{other}]({other}.md).\n", encoding="utf-8")
    found = evaluate(tmp_path, Config(), seeds=(0,))
    assert [kind.kind for kind in found.kinds] == ["links"]
    assert found.kinds[0].hidden == 1
    assert "relations" in found.skipped[0]
    with pytest.raises(SourceError, match="no relations to hide"):
        evaluate(tmp_path, Config(), ("relations",))


@pytest.mark.parametrize("share", [0.0, 1.0, -1.0, 2.0, float("nan")])
def test_a_share_that_hides_nothing_or_all_is_refused(wiki: Path, share: float) -> None:
    with pytest.raises(ConfigError, match="share"):
        evaluate(wiki, Config(), share=share)


def test_seeds_that_make_no_experiment_are_refused(wiki: Path) -> None:
    for seeds in ((), (-1,)):
        with pytest.raises(ConfigError):
            evaluate(wiki, Config(), seeds=seeds)


def test_command_prints_json(wiki: Path) -> None:
    done = run(str(wiki), "--format", "json", "--seed", "4", "--seed", "5", "--share", "0.3", "--kind", "links")
    assert done.returncode == 0, done.stderr
    data: dict[str, Any] = json.loads(done.stdout)
    assert set(data) == {"share", "seeds", "entities", "kinds", "skipped"}
    assert (data["share"], data["seeds"]) == (0.3, [4, 5])
    (kind,) = data["kinds"]
    assert set(kind) == {"kind", "pairs", "hidden", "kept", "rankings", "sources", "named", "unnamed", "methods", "learned"}
    for method in kind["methods"]:
        assert set(method) == {"name", "metrics", "difference", "seconds"}
        for estimate in method["metrics"].values():
            assert set(estimate) == {"mean", "low", "high"}
    assert str(wiki) not in done.stdout
    assert "hiding links" in done.stderr


def test_command_prints_a_table(wiki: Path) -> None:
    done = run(str(wiki), "--seed", "0", "--ablation", "--kind", "relations")
    assert done.returncode == 0, done.stderr
    for word in ("relations:", "nDCG@10", "popularity", "without text"):
        assert word in done.stdout


@pytest.mark.parametrize("arguments", [("--share", "2"), ("--seed", "-3"), ("--config", "absent.toml")])
def test_bad_usage_is_one_line(wiki: Path, arguments: tuple[str, str]) -> None:
    done = run(str(wiki), *arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_folder_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    done = run(str(tmp_path / "absent"))
    assert (done.returncode, len(done.stderr.strip().splitlines())) == (2, 1)
