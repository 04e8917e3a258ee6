"""The command: exit codes, streams, formats, baseline."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.check.wiki import write_wiki
from tests.conftest import RunKgraph


@pytest.fixture
def wiki(tmp_path: Path) -> Path:
    return write_wiki(tmp_path / "my wiki", {
        "index.md": "# Home\n\nRead [one](one.md) and [two](two,100%25.md).\n",
        "one.md": "# One\n\nTo [home](index.md) and [gone](gone.md).\n",
        "two,100%.md": "# Two\n\nWords alone.\n",
    })  # fmt: skip


def test_findings_fail_by_severity(wiki: Path, run_kgraph: RunKgraph) -> None:
    done = run_kgraph("check", wiki)
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "one.md:3: W201 dead-link: link to 'gone.md' leads to no page or entity",
        "two,100%.md: N402 dead-end: two,100% links to no other page",
    ]  # fmt: skip
    assert done.stderr.splitlines()[-1] == "2 findings in 3 pages (0 errors, 1 warning, 1 note)"
    assert not (wiki / ".kgraph").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "count"),
    [
        (["--fail-on", "none"], 0, 2),
        (["--fail-on", "error"], 0, 2),
        (["--fail-on", "N402,error"], 1, 2),
        (["--ignore", "dead-link"], 0, 1),
        (["--select", "note"], 0, 1),
        (["--select", "note", "--fail-on", "note"], 1, 1),
        (["--select", "W202,orphan"], 0, 0),
        (["--select", "W201", "--select", "N402"], 1, 2),
    ],
)
def test_choice_of_rules(arguments: list[str], code: int, count: int, wiki: Path, run_kgraph: RunKgraph) -> None:
    done = run_kgraph("check", wiki, "--format", "json", *arguments)
    assert done.returncode == code, done.stderr
    assert len(json.loads(done.stdout)) == count


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--fail-on", "dead-lnk"], "did you mean dead-link"),
        (["--select", "orphans"], "orphan"),
        (["--format", "xml"], "'xml' is not one of"),
        (["--config", "missing.toml"], "missing.toml"),
        (["--baseline", "."], "cannot be read"),
    ],
)
def test_bad_usage(arguments: list[str], words: str, wiki: Path, run_kgraph: RunKgraph) -> None:
    done = run_kgraph("check", wiki, *arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_missing_source(run_kgraph: RunKgraph) -> None:
    assert run_kgraph("check", "missing").returncode == 2


def test_addresses_start_at_the_working_directory(wiki: Path, run_kgraph: RunKgraph) -> None:
    log = json.loads(run_kgraph("check", wiki, "--format", "sarif").stdout)
    uris = [result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in log["runs"][0]["results"]]
    assert uris == ["my%20wiki/one.md", "my%20wiki/two%2C100%25.md"]
    inside = run_kgraph("check", ".", "--format", "github", cwd=wiki)
    assert inside.returncode == 1
    assert inside.stdout.splitlines()[1] == "::notice file=two%2C100%25.md,title=N402 dead-end::two,100%25 links to no other page"


def test_only_what_is_not_in_the_baseline_counts(wiki: Path, run_kgraph: RunKgraph) -> None:
    first = run_kgraph("check", wiki, "--baseline", "known.json")
    assert (first.returncode, first.stdout) == (0, "")
    assert "wrote known.json: 2 present findings" in first.stderr
    second = run_kgraph("check", wiki, "--baseline", "known.json", "--fail-on", "note,warning")
    assert (second.returncode, second.stdout) == (0, "")
    assert "2 more are in the baseline" in second.stderr
    page = wiki / "one.md"
    page.write_text("# One\n\nA new line.\n\nTo [home](index.md), [gone](gone.md) and [lost](lost.md).\n", encoding="utf-8")
    third = run_kgraph("check", wiki, "--baseline", "known.json")
    assert third.returncode == 1
    assert third.stdout == "one.md:5: W201 dead-link: link to 'lost.md' leads to no page or entity\n"
