"""The time split, churn and the plot."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from kgraph.config import Config
from kgraph.errors import ConfigError, SourceError
from kgraph.evaluate.churn import churn, churn_as_json, churn_as_table
from kgraph.evaluate.experiment import FUSED, LEARNED, evaluate
from kgraph.evaluate.plot import check_plot, draw
from kgraph.evaluate.timesplit import added_pairs, evaluate_versions
from kgraph.ingest.stage import ingest
from tests.evaluate.joined_wiki import write_wiki

OLD = {"a.md": "# Anchovy\n\nTo [Basalt](b.md). Copper is near.\n", "b.md": "# Basalt\n\nquarry\n", "c.md": "# Copper\n\nquarry\n"}
NEW = OLD | {"a.md": "# Anchovy\n\nTo [Basalt](b.md) and [Copper](c.md).\n", "d.md": "# Dune\n\nTo [Copper](c.md).\n"}


def write(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_pairs_added_between_pages_that_both_versions_have(tmp_path: Path) -> None:
    old, new = (ingest(write(tmp_path / name, files), Config())[0] for name, files in (("old", OLD), ("new", NEW)))
    assert added_pairs(old, new, "links") == [("a", "c")]
    assert added_pairs(old, old, "links") == []


def test_versions_are_folders(tmp_path: Path) -> None:
    old, new = write(tmp_path / "old", OLD), write(tmp_path / "new", NEW)
    found = evaluate_versions(new, str(old), str(new), Config(), ("relations", "links"))
    assert [(kind.kind, kind.hidden) for kind in found.kinds] == [("links", 1)]
    assert len(found.skipped) == 1
    assert found.kinds[0].methods[0].metrics["mrr"].mean == 1.0


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_versions_are_git_revisions(tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        who = ("-c", "user.name=a", "-c", "user.email=a@b.c")
        subprocess.run(["git", "-C", str(tmp_path), *who, *arguments], check=True, capture_output=True)

    git("init", "-q")
    for files in (OLD, NEW):
        write(tmp_path, files)
        git("add", "-A")
        git("commit", "-qm", "pages")
    found = evaluate_versions(tmp_path, "HEAD~1", "HEAD", Config(), ("links",))
    assert found.kinds[0].hidden == 1
    with pytest.raises(SourceError, match="neither a folder nor a revision"):
        evaluate_versions(tmp_path, "nosuch", "HEAD", Config(), ("links",))
    with pytest.raises(SourceError, match="nothing was added"):
        evaluate_versions(tmp_path, "HEAD", "HEAD", Config(), ("links",))


def test_churn_of_an_edit_is_measured(tmp_path: Path) -> None:
    found = churn(write_wiki(tmp_path), Config(), (0,))
    assert found.edits == 5
    assert 0 <= found.items.mean <= found.lists.mean <= found.orders.mean <= 1
    assert churn_as_json(found).startswith("{")
    assert "items that are new" in churn_as_table(found)


def test_the_learned_ranking_is_measured_beside_the_default_and_drawn(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    found = evaluate(write_wiki(tmp_path / "wiki"), Config(), ("links",), seeds=(0,), learn=True)
    assert [method.name for method in found.kinds[0].methods][:2] == [FUSED, LEARNED]
    assert len(found.kinds[0].learned) == 1
    for name in ("a.svg", "b.svg"):
        draw(found, tmp_path / name)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
    with pytest.raises(ConfigError, match="ends in"):
        check_plot(tmp_path / "a.txt")
