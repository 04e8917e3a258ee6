"""Builds after the first: nothing to do when nothing changed, and the bytes of a cold build when something did."""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import kgraph
from kgraph import pipeline
from kgraph.config import Config
from kgraph.errors import SourceError
from kgraph.pipeline import BuildReport, build_workspace, site_config
from kgraph.workspace import Workspace
from tests.builds.wiki import WIKI, export_all, kgraph_run, outputs, write_wiki


def build(source: Path, workspace: Path, *, full: bool = False, config: Config | None = None, strict: bool = False) -> BuildReport:
    return build_workspace(source, Workspace(workspace), config or site_config(source), full=full, jobs=1, strict=strict)


def tree_of(folder: Path) -> dict[str, tuple[int, int]]:
    return {
        str(p.relative_to(folder)): (p.stat().st_mtime_ns, p.stat().st_ino) for p in folder.rglob("*") if p.is_file() and p.name != "lock"
    }


def test_an_unchanged_wiki_is_not_built_again(tmp_path: Path) -> None:
    write_wiki(tmp_path / "wiki", WIKI)
    assert build(tmp_path / "wiki", tmp_path / "w").changed
    before, expected = tree_of(tmp_path / "w" / "generations"), outputs(tmp_path / "w")
    report = build(tmp_path / "wiki", tmp_path / "w")
    assert not report.changed
    assert report.counts["pages"] == 5
    assert tree_of(tmp_path / "w" / "generations") == before
    for path in (tmp_path / "wiki").rglob("*.md"):  # touched, not changed
        os.utime(path, (1, 1))
    report = build(tmp_path / "wiki", tmp_path / "w")
    assert report.counts["cache"] == {"files": 6, "reused": 6}
    assert outputs(tmp_path / "w") == expected


def test_the_command_says_what_came_from_the_cache(tmp_path: Path) -> None:
    write_wiki(tmp_path / "wiki", WIKI)
    first = kgraph_run("build", "wiki", cwd=tmp_path)
    assert (first.returncode, "(0 files from the cache)" in first.stderr) == (0, True)
    assert kgraph_run("build", "wiki", cwd=tmp_path).stdout == "nothing has changed: 5 pages in .kgraph\n"
    (tmp_path / "wiki/docs/people/ann.md").write_text("# Ann\n\nAnn left the [[mill]].\n")
    assert "(5 files from the cache)" in kgraph_run("build", "wiki", cwd=tmp_path).stderr
    assert json.loads(kgraph_run("stats", "--format", "json", cwd=tmp_path).stdout)["cache"] == {"files": 6, "reused": 5}
    assert "(0 files from the cache)" in kgraph_run("build", "wiki", "--full", cwd=tmp_path).stderr


def rewrite(name: str, old: str, new: str) -> Callable[[Path], None]:
    def change(wiki: Path) -> None:
        text = (wiki / name).read_text(encoding="utf-8")
        assert old in text
        (wiki / name).write_text(text.replace(old, new), encoding="utf-8")

    return change


def same_size_and_time(wiki: Path) -> None:
    path = wiki / "docs/people/ann.md"
    stamp = path.stat().st_mtime_ns
    path.write_text(path.read_text().replace("keeps", "feeds"))
    os.utime(path, ns=(stamp, stamp))


CHANGES: dict[str, Callable[[Path], object]] = {
    "page": rewrite("docs/people/ann.md", "the ferry", "the [[ferry]] and the corn mill"),
    "title": rewrite("docs/water/mill.md", "title: Water mill", "title: Stone mill"),
    "added": lambda wiki: (wiki / "docs/water/lock.md").write_text("# Lock\n\nBy the [[weir]]. The corn mill too.\n"),
    "added that a dead link waits for": lambda wiki: (wiki / "docs/gone.md").write_text("# Gone\n\nBack to [[ann]]\n"),
    "removed": lambda wiki: (wiki / "docs/people/bob.md").unlink(),
    "renamed": lambda wiki: (wiki / "docs/people/bob.md").rename(wiki / "docs/people/robert.md"),
    "moved": lambda wiki: (wiki / "docs/people/bob.md").rename(wiki / "docs/water/bob.md"),
    "suffix": lambda wiki: (wiki / "docs/people/bob.md").rename(wiki / "docs/people/bob.mdx"),
    "catalog": rewrite("data/entities/rows.yaml", "Corn mill", "Flour mill"),
    "catalog removed": lambda wiki: (wiki / "data/entities/rows.yaml").unlink(),
    "config": rewrite("kgraph.toml", "top = 3", "top = 2\nlength = 4\n[signals]\ntext = 0.0\n[rdf]\nrelated = 2"),
    "config of pages": lambda wiki: (wiki / "kgraph.toml").write_text('base_iri = "https://example.org/w/"\n[pages]\nhref = "/x/{slug}"\n'),
    "ignored": lambda wiki: (wiki / ".gitignore").write_text("people/\n"),
    "unreadable": lambda wiki: (wiki / "docs/people/bob.md").write_bytes(b"\xff\xfe\x00\xd8"),
    "same size and time": same_size_and_time,
    "a pipe": lambda wiki: os.mkfifo(wiki / "docs/pipe.md"),
    "a link out": lambda wiki: (wiki / "docs/out.md").symlink_to("/etc/hostname"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_gives_the_bytes_of_a_cold_build(change: str, tmp_path: Path) -> None:
    wiki = write_wiki(tmp_path / "wiki", WIKI)
    build(wiki, tmp_path / "warm")
    before = outputs(tmp_path / "warm")
    CHANGES[change](wiki)
    assert build(wiki, tmp_path / "warm").changed
    build(wiki, tmp_path / "cold", full=True)
    warm = outputs(tmp_path / "warm")
    assert warm == outputs(tmp_path / "cold")
    assert warm != before
    build(wiki, tmp_path / "warm", full=True)
    assert outputs(tmp_path / "warm") == warm


@pytest.mark.parametrize("name", ["mkdocs.yml", "docs/conf.py"])
def test_settings_of_the_site_builder_count(name: str, tmp_path: Path) -> None:
    wiki = write_wiki(tmp_path / "wiki", WIKI)
    build(wiki, tmp_path / "warm")
    first = (
        "site_url: https://x.example/one/\nnav: [{Start: index.mdx}]\n"
        if name == "mkdocs.yml"
        else "html_baseurl = 'https://x.example/one/'\nproject = 'x'\nroot_doc = 'index'\n"
    )
    for text in (first, first.replace("one", "two")):
        (wiki / name).write_text(text)
        before = outputs(tmp_path / "warm")
        assert build(wiki, tmp_path / "warm").changed
        assert not build(wiki, tmp_path / "warm").changed
        build(wiki, tmp_path / "cold", full=True)
        assert outputs(tmp_path / "warm") == outputs(tmp_path / "cold") != before


def test_there_and_back_gives_the_first_bytes(tmp_path: Path) -> None:
    wiki = write_wiki(tmp_path / "wiki", WIKI)
    build(wiki, tmp_path / "w")
    first = outputs(tmp_path / "w")
    for change in ("page", "added", "removed", "catalog"):
        CHANGES[change](wiki)
        build(wiki, tmp_path / "w")
        assert outputs(tmp_path / "w") != first
    shutil.rmtree(wiki)
    build(write_wiki(wiki, WIKI), tmp_path / "w")
    assert outputs(tmp_path / "w") == first
    numbers = sorted(int(path.name) for path in (tmp_path / "w/generations").iterdir())
    assert numbers == [5, 6]


def test_ingest_and_rank_are_the_two_halves_of_build(tmp_path: Path) -> None:
    wiki = write_wiki(tmp_path / "wiki", WIKI)
    build(wiki, tmp_path / "whole")
    assert kgraph_run("ingest", wiki, "-w", "halves", cwd=tmp_path).returncode == 0
    told = kgraph_run("related", "mill", "-w", "halves", cwd=tmp_path)
    assert (told.returncode, "run `kgraph rank`" in told.stderr) == (3, True)
    assert kgraph_run("export", "rdf", "-o", "x.nq", "-w", "halves", cwd=tmp_path).returncode == 0
    whole = tmp_path / "whole/current"
    stated = {line for name in ("pages.nq", "entailed.nq") for line in (whole / name).read_bytes().splitlines(keepends=True)}
    assert (tmp_path / "x.nq").read_bytes() == b"".join(sorted(stated))
    assert kgraph_run("rank", "-w", "halves", cwd=tmp_path).returncode == 0
    assert outputs(tmp_path / "halves") == outputs(tmp_path / "whole")


def _copy_shuffled(source: Path, target: Path, seed: int) -> None:
    """The same files, made in another order, so that the file system lists them otherwise."""
    files = sorted(path for path in source.rglob("*") if path.is_file())
    random.Random(seed).shuffle(files)
    for path in files:
        place = target / path.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(path.read_bytes())


def test_seed_jobs_place_and_order_change_nothing(tmp_path: Path) -> None:
    wiki = write_wiki(tmp_path / "wiki", WIKI)
    _copy_shuffled(wiki, tmp_path / "elsewhere" / "copy", 7)
    runs = [("0", "1", wiki), ("1", "2", wiki), ("42", "1", tmp_path / "elsewhere" / "copy")]
    found = []
    for number, (seed, jobs, source) in enumerate(runs):
        space = tmp_path / f"w{number}"
        done = kgraph_run(
            "build", source, "-w", space, "--jobs", jobs, cwd=tmp_path, environment={"PYTHONHASHSEED": seed, "TZ": f"UTC-{number}"}
        )
        assert done.returncode == 0, done.stderr
        found.append(export_all(space, tmp_path / f"out{number}"))
    assert len(found[0]) > 20
    assert found[0] == found[1] == found[2]


def test_the_sample_is_the_same_by_seed_and_jobs(tmp_path: Path, sample_workspace: Path) -> None:
    from tests.conftest import REPOSITORY

    _copy_shuffled(REPOSITORY / "data", tmp_path / "copy", 3)
    done = kgraph_run("build", "copy", "-w", "w", "--jobs", "2", cwd=tmp_path, environment={"PYTHONHASHSEED": "1"})
    assert done.returncode == 0, done.stderr
    assert export_all(tmp_path / "w", tmp_path / "a") == export_all(sample_workspace, tmp_path / "b")


@pytest.mark.parametrize("damage", ["truncated", "empty", "random", "swapped", "gone", "folder"])
def test_a_damaged_cache_changes_no_output(damage: str, tmp_path: Path) -> None:
    wiki = write_wiki(tmp_path / "wiki", WIKI)
    build(wiki, tmp_path / "w")
    cache = tmp_path / "w/cache/parsed.sqlite"
    data = cache.read_bytes()
    if damage == "swapped":
        with sqlite3.connect(cache) as connection:
            connection.execute("UPDATE parsed SET value = x'80'")
        connection.close()
    elif damage == "gone":
        shutil.rmtree(cache.parent)
    elif damage == "folder":
        cache.unlink()
        (cache.parent / "other").mkdir()
    else:
        cache.write_bytes({"truncated": data[: len(data) // 2], "empty": b"", "random": random.Random(1).randbytes(len(data))}[damage])
    rewrite("docs/people/ann.md", "the ferry", "the [[ferry]]")(wiki)
    assert build(wiki, tmp_path / "w").counts["cache"]["files"] == 6
    build(wiki, tmp_path / "cold")
    assert outputs(tmp_path / "w") == outputs(tmp_path / "cold")
    rewrite("docs/people/ann.md", "the [[ferry]]", "a ferry")(wiki)
    assert build(wiki, tmp_path / "w").counts["cache"]["reused"] == 5


def test_a_changed_letter_in_the_cache_changes_no_output(tmp_path: Path) -> None:
    wiki = write_wiki(tmp_path / "wiki", WIKI)
    build(wiki, tmp_path / "w")
    with sqlite3.connect(tmp_path / "w/cache/parsed.sqlite") as connection:
        for key, value in connection.execute("SELECT key, value FROM parsed").fetchall():
            connection.execute("UPDATE parsed SET value = ? WHERE key = ?", (value.replace(b"Bob", b"Rob"), key))
    connection.close()
    rewrite("docs/people/ann.md", "the ferry", "the [[ferry]]")(wiki)
    build(wiki, tmp_path / "w")
    build(wiki, tmp_path / "cold")
    assert outputs(tmp_path / "w") == outputs(tmp_path / "cold")


def test_settings_changed_before_rank_are_not_lost(tmp_path: Path) -> None:
    wiki = write_wiki(tmp_path / "wiki", WIKI)
    build(wiki, tmp_path / "w")
    CHANGES["config of pages"](wiki)
    assert kgraph_run("rank", "-w", "w", cwd=tmp_path).returncode == 0
    build(wiki, tmp_path / "w")
    build(wiki, tmp_path / "cold")
    assert outputs(tmp_path / "w") == outputs(tmp_path / "cold")


@pytest.mark.parametrize(
    ("pages", "reason"),
    [
        pytest.param(
            {"a.md": "[[b]]", "b.md": "[[a]]", "c.md": "[[a]]"}, "PageRank to 1e-10 needs more than 100 steps where links go to and fro",
            id="to and fro",
        ),
        pytest.param({f"p{n}.md": f"[[p{n + 1}]]" for n in range(30)}, "HITS of a chain: ArpackError, or values of 1e15", id="chain"),
    ],
)  # fmt: skip
def test_measures_of_small_wikis_are_shares(pages: dict[str, str], reason: str, tmp_path: Path) -> None:
    kg = kgraph.build(write_wiki(tmp_path / "wiki", pages), tmp_path / "w")
    for measures in kg.rankings.measures.values():
        assert all(0 <= value <= 1 for value in (measures.pagerank, measures.hub, measures.authority)), reason


def test_a_page_that_cannot_be_read_is_told_or_strict_stops(tmp_path: Path) -> None:
    wiki = write_wiki(tmp_path / "wiki", {**WIKI, "kgraph.toml": "[limits]\nmax_file_bytes = 2000\n"})
    (wiki / "docs/people/large.md").write_text("# Large\n\n" + "word " * 1000)
    report = build(wiki, tmp_path / "w")
    assert (report.counts["pages"], report.counts["problems"]) == (5, 3)
    before = outputs(tmp_path / "w")
    told = kgraph_run("stats", "--problems", "-w", "w", cwd=tmp_path).stdout
    assert "docs/people/large.md" in told
    for command in ("build", "ingest"):
        done = kgraph_run(command, wiki, "--strict", "--full", "-w", "w", cwd=tmp_path)
        assert done.returncode == 2
        last = done.stderr.splitlines()[-1]
        assert last.startswith("kgraph: docs/people/large.md:")
        assert "--strict" in last
    assert outputs(tmp_path / "w") == before
    with pytest.raises(SourceError, match="--strict"):
        build(wiki, tmp_path / "other", strict=True)
    assert not (tmp_path / "other/current").exists()


def test_strict_looks_again_at_an_unchanged_wiki(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "_RACY", 0)
    wiki = write_wiki(tmp_path / "wiki", {**WIKI, "docs/people/bad.md": "---\ntitle: [\n---\n# Bad\n"})
    assert build(wiki, tmp_path / "w").changed
    assert not build(wiki, tmp_path / "w").changed
    with pytest.raises(SourceError, match="--strict"):
        build(wiki, tmp_path / "w", strict=True)


def test_a_file_that_changes_within_the_same_tick_is_seen(tmp_path: Path) -> None:
    wiki = write_wiki(tmp_path / "wiki", WIKI)
    for round_ in range(3):
        (wiki / "docs/people/ann.md").write_text(f"# Ann\n\n[[mill]] {round_}\n")
        assert build(wiki, tmp_path / "w").changed
    time.sleep(0.01)
    assert not build(wiki, tmp_path / "w").changed


def test_a_build_without_rdf_has_the_same_lists_and_says_what_it_lacks(tmp_path: Path) -> None:
    wiki = write_wiki(tmp_path / "wiki", WIKI)
    assert kgraph_run("build", wiki, "-w", tmp_path / "whole", cwd=tmp_path).returncode == 0
    done = kgraph_run("build", wiki, "-w", tmp_path / "lists", "--no-rdf", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert " 0 triples" in done.stdout
    whole, lists = outputs(tmp_path / "whole"), outputs(tmp_path / "lists")
    assert {name: data for name, data in whole.items() if not name.endswith(".nq")} == lists
    for command in (("query", "most-linked"), ("export", "rdf", "-o", tmp_path / "a.nq")):
        refused = kgraph_run(*command, "-w", tmp_path / "lists", cwd=tmp_path)
        assert refused.returncode == 3
        assert "built without RDF" in refused.stderr
        assert refused.stderr.count("\n") == 1
    assert kgraph_run("build", wiki, "-w", tmp_path / "lists", cwd=tmp_path).returncode == 0
    assert outputs(tmp_path / "lists") == whole
    assert kgraph_run("query", "most-linked", "-w", tmp_path / "lists", cwd=tmp_path).returncode == 0
