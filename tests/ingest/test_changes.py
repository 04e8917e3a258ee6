"""Days of changes from git: read without touching the repository, the same on every machine."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

import kgraph
from kgraph.config import Config, Pages
from kgraph.ingest import changes
from kgraph.ingest.changes import History, change_dates, history
from tests.ingest.wiki import corpus_of, write_wiki


def git(folder: Path, *arguments: str, day: str = "2020-01-01", committed: str = "") -> str:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
        "GIT_AUTHOR_DATE": f"{day}T23:30:00-0500", "GIT_COMMITTER_DATE": f"{committed or day}T12:00:00Z",
        "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull,
    }  # fmt: skip
    signed = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", *signed, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=True)
    return done.stdout


def commit(folder: Path, files: dict[str, str], day: str, committed: str = "") -> None:
    write_wiki(folder, files)
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "x", day=day, committed=committed)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "-q")
    commit(
        folder,
        {"docs/a.md": "# A\n", "docs/b é.md": "# B\n", "docs/moved.md": "# M, which is moved as it is\n", "x.md": "# X\n"},
        "2021-03-04",
    )
    commit(folder, {"docs/a.md": "# A\n\nMore of [B](<b é.md>).\n"}, "2022-05-06", committed="2025-01-01")
    git(folder, "mv", "docs/moved.md", "docs/there.md")
    git(folder, "commit", "-qm", "x", day="2023-07-08")
    write_wiki(folder, {"docs/new.md": "# New\n", "docs/dated.md": "---\nlastEdited: 2019-09-09\n---\n# Dated\n"})
    return folder


DAYS = {"a.md": "2022-05-06", "b é.md": "2021-03-04", "there.md": "2021-03-04"}


def test_the_day_of_the_author_of_the_last_change(repository: Path) -> None:
    paths = ["a.md", "b é.md", "there.md", "new.md", "not there.md"]
    assert change_dates(repository / "docs", paths) == DAYS
    assert change_dates(repository, ["docs/a.md", "x.md"]) == {"docs/a.md": "2022-05-06", "x.md": "2021-03-04"}


def test_pages_that_give_a_date_keep_it(repository: Path) -> None:
    pages = corpus_of(repository / "docs").pages
    assert {path: (page.date, page.date_origin) for path, page in pages.items()} == {
        **{path: (day, "git") for path, day in DAYS.items()},
        "dated.md": ("2019-09-09", "page"), "new.md": (None, ""),
    }  # fmt: skip
    without = corpus_of(repository / "docs", config=Config(pages=Pages(git_dates=False))).pages
    assert [page.date for page in without.values() if page.date] == ["2019-09-09"]
    assert corpus_of(repository / "docs" / "a.md").pages["a.md"].date == "2022-05-06"


def test_nothing_of_the_repository_is_touched(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = repository / "ran"
    for key in ("core.fsmonitor", "gpg.program", "diff.external", "core.pager", "diff.x.textconv"):
        git(repository, "config", key, f"touch {ran}; false")
    git(repository, "config", "log.showSignature", "true")
    write_wiki(repository, {".gitattributes": "*.md diff=x\n"})
    monkeypatch.setenv("GIT_DIR", "/nowhere")  # as within a hook
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    before = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in repository.rglob("*") if path.is_file()}
    assert change_dates(repository / "docs", DAYS) == DAYS
    assert {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in repository.rglob("*") if path.is_file()} == before


def test_the_commit_that_a_partial_history_begins_with_dates_nothing(repository: Path, tmp_path: Path) -> None:
    commit(repository, {"docs/b é.md": "# B\n\nMore.\n"}, "2024-01-02")
    git(tmp_path, "clone", "-q", "--depth", "2", f"file://{repository}", "part")
    assert change_dates(tmp_path / "part" / "docs", DAYS) == {"b é.md": "2024-01-02"}


def test_no_repository_no_days(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_wiki(tmp_path, {"a.md": "# A\n"})
    assert change_dates(tmp_path, ["a.md"]) == {}
    git(tmp_path, "init", "-q")
    assert change_dates(tmp_path, ["a.md"]) == {}
    monkeypatch.setenv("PATH", "")
    assert change_dates(tmp_path, ["a.md"]) == {}


def test_a_damaged_history_dates_nothing(repository: Path) -> None:
    first = git(repository, "rev-list", "HEAD").split()[-1]
    path = repository / ".git" / "objects" / first[:2] / first[2:]
    path.chmod(0o644)
    path.unlink()
    assert change_dates(repository / "docs", [*DAYS, "new.md"]) == {}


def test_a_commit_alone_changes_a_build(repository: Path, tmp_path: Path) -> None:
    text = "SELECT ?id ?date ?origin WHERE { ?p schema:mainEntity/dcterms:identifier ?id ; dcterms:modified ?date ; kg:dateOrigin ?origin }"

    def modified() -> dict[str, list[str]]:
        return {row[0].value: [term.value for term in row[1:]] for row in kgraph.open(tmp_path / "w").run(text).rows}

    def build() -> bool:
        from kgraph.pipeline import build_workspace
        from kgraph.workspace import Workspace

        return build_workspace(repository / "docs", Workspace(tmp_path / "w"), Config(), jobs=1).changed

    assert build()
    assert modified()["a"] == ["2022-05-06", "git"]
    assert modified()["dated"] == ["2019-09-09", "page"]
    assert not build()
    commit(repository, {"y.md": "# Not among the pages\n"}, "2025-02-02")  # takes new.md in as well
    assert build()
    assert modified()["new"] == ["2025-02-02", "git"]
    commit(repository, {"z.md": "# Not among the pages\n"}, "2026-02-02")
    assert not build()


def test_a_history_is_read_once_for_each_commit(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = repository / "docs"
    first = history(folder, tuple(DAYS))
    assert first.days == DAYS
    read: list[Path] = []

    def noted(folder: Path, paths: tuple[str, ...]) -> dict[str, str]:
        read.append(folder)
        return {}

    monkeypatch.setattr(changes, "change_dates", noted)
    assert history(folder, tuple(DAYS), first) == first
    assert read == []
    assert history(folder, tuple(DAYS)[:1], first).days == {}
    assert read == [folder]
    assert history(folder, (), first) == History()
