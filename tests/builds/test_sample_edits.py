"""Edits of the sample wiki, where every signal has something to say: what is taken from the build before is what a cold build makes."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from kgraph.ingest.stage import ingest
from kgraph.pipeline import build_workspace, site_config
from kgraph.rank.explain import Explainer
from kgraph.rank.rankings import RelatedItem
from kgraph.rank.recall import ListMemory
from kgraph.rank.signals import load_signals
from kgraph.rank.stage import rank
from kgraph.workspace import Workspace
from tests.builds.wiki import outputs

SAMPLE = Path(__file__).resolve().parents[2] / "data"


def replaced(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, path
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def page(wiki: Path, name: str) -> Path:
    return next(path for path in (wiki / "wiki/content").rglob("*.md*") if path.stem == name)


def say_more(wiki: Path) -> None:
    with page(wiki, "racing-dynamics").open("a", encoding="utf-8") as stream:
        stream.write("\nZeppelins and hydrogen, said a treaty about compute and audits, race as well.\n")


def link_more(wiki: Path) -> None:
    with page(wiki, "elinor-ostrom").open("a", encoding="utf-8") as stream:
        stream.write("\nSee the [[Montreal Protocol]] and the [[EU AI Act]].\n")


def say_less(wiki: Path) -> None:
    path = page(wiki, "montreal-protocol")
    path.write_text(path.read_text(encoding="utf-8").rstrip().rsplit("\n\n", 1)[0] + "\n", encoding="utf-8")


def call_otherwise(wiki: Path) -> None:
    path = next(path for path in (wiki / "wiki/entities").glob("*.yaml") if "title: EU AI Act" in path.read_text(encoding="utf-8"))
    replaced(path, "title: EU AI Act", "title: Artificial Intelligence Act of the Union")


def take_away(wiki: Path) -> None:
    page(wiki, "collective-action-problem").unlink()


def test_edits_give_what_a_cold_build_gives(tmp_path: Path) -> None:
    wiki = tmp_path / "data"
    shutil.copytree(SAMPLE, wiki)
    config = site_config(wiki)
    space = Workspace(tmp_path / "warm")
    build_workspace(wiki, space, config, jobs=1)
    for number, edit in enumerate((say_more, link_more, say_less, call_otherwise, take_away)):
        edit(wiki)
        build_workspace(wiki, space, config, jobs=1)
        cold = Workspace(tmp_path / f"cold{number}")
        build_workspace(wiki, cold, config, jobs=1)
        assert outputs(space.folder) == outputs(cold.folder), edit.__name__


def test_items_and_pages_are_taken_from_the_build_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wiki = tmp_path / "data"
    shutil.copytree(SAMPLE, wiki)
    config = site_config(wiki)
    space = Workspace(tmp_path / "warm")
    build_workspace(wiki, space, config, jobs=1)
    before = space.get_current().folder
    made: list[str] = []
    item = Explainer._item

    def counted(self: Explainer, source: int, chosen: tuple[str, float], *rest: Any) -> RelatedItem:
        made.append(chosen[0])
        return item(self, source, chosen, *rest)

    monkeypatch.setattr(Explainer, "_item", counted)
    say_more(wiki)
    build_workspace(wiki, space, config, jobs=1)
    now = space.get_current().folder
    keys = msgspec.msgpack.decode((now / "items.msgpack").read_bytes(), type=dict[str, bytes])
    items = sum(len(found) // 8 for found in keys.values())
    assert 0 < len(made) < 0.75 * items
    files = [path.relative_to(now) for path in (now / "site/pages").rglob("*.json")]
    same = [path for path in files if (before / path).samefile(now / path)]
    assert 0 < len(same) < len(files)


def test_every_signal_has_traces_and_a_corpus_its_own_lists() -> None:
    corpus = ingest(SAMPLE, site_config(SAMPLE))[0]
    assert all(hasattr(signal, "traces") for signal in load_signals())
    memory = ListMemory()
    first = rank(corpus, site_config(SAMPLE), memory=memory)[0]
    again = ListMemory(first.packed, memory.kept)
    assert rank(corpus, site_config(SAMPLE), memory=again)[0] == first
    assert again.kept == memory.kept
    keys = np.concatenate([np.frombuffer(found, dtype="<u8") for found in memory.kept.values()])
    assert len(set(keys.tolist())) == len(keys)


def test_a_memory_that_does_not_fit_is_none() -> None:
    assert ListMemory({"a": msgspec.msgpack.encode([1, 2])}, {"a": bytes(8)}).items("a") == {}
    assert ListMemory({"a": msgspec.msgpack.encode([1])}, {}).items("a") == {}
