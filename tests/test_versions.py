"""Versions of a site: workspaces, folders, revisions of git."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from kgraph.errors import SourceError, WorkspaceError
from kgraph.revisions import unpack_revision
from kgraph.versions import Versions
from tests.conftest import RunKgraph


def git(folder: Path, *arguments: str) -> str:
    who = {f"GIT_{role}_{part}": "a@example.org" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
    environment = {**os.environ, **who, "GIT_CONFIG_GLOBAL": os.devnull}
    done = subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True, text=True, env=environment)
    return done.stdout


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Two commits of three pages; the second adds a link. The working tree and the index hold other changes."""
    wiki = tmp_path / "repository" / "docs"
    wiki.mkdir(parents=True)
    git(tmp_path, "init", "-q", "-b", "main", "repository")
    for name in ("rope", "sail", "quay"):
        (wiki / f"{name}.md").write_text(f"# {name.title()}\n\nAbout the {name} at sea.\n")
    (wiki / "out.md").symlink_to("/etc/passwd")
    (wiki / "kgraph.toml").write_text("[pages]\nroot = ''\n")
    (tmp_path / "repository" / ".gitattributes").write_text("quay.md export-ignore\n*.md export-subst\n")
    (wiki / "subst.md").write_text("# Subst\n\n$Format:%H$\n")
    git(tmp_path / "repository", "add", "-A")
    git(tmp_path / "repository", "commit", "-qm", "one")
    (wiki / "rope.md").write_text("# Rope\n\nAbout the rope at sea, by the [sail](sail.md).\n")
    git(tmp_path / "repository", "commit", "-qam", "two")
    (wiki / "quay.md").write_text("# Quay\n\nNot committed.\n")
    (wiki / "new.md").write_text("# New\n\nNot committed, but added.\n")
    git(tmp_path / "repository", "add", "docs/new.md")
    return tmp_path / "repository"


def state(repository: Path) -> tuple[str, bytes, list[tuple[str, int]]]:
    files = sorted((str(path), path.lstat().st_mtime_ns) for path in repository.rglob("*") if ".git" not in path.parts)
    return git(repository, "status", "--porcelain"), (repository / ".git" / "index").read_bytes(), files


def test_two_revisions(repository: Path, run_kgraph: RunKgraph) -> None:
    before = state(repository)
    done = run_kgraph("diff", "HEAD~1", "main", "--source", repository / "docs", "--format", "json")
    assert done.returncode == 1, done.stderr
    found = json.loads(done.stdout)
    assert [(item["source"], item["target"], item["path"]) for item in found["links_added"]] == [("rope", "sail", "rope.md")]
    assert found["pages_added"] == found["pages_removed"] == []
    assert found["related_changed"]
    assert run_kgraph("diff", "HEAD", "main", cwd=repository / "docs").returncode == 0
    assert state(repository) == before


def test_a_revision_and_the_folder_as_it_is(repository: Path, run_kgraph: RunKgraph) -> None:
    done = run_kgraph("diff", "HEAD", "docs", "--source", "docs", "--format", "markdown", cwd=repository)
    assert done.returncode == 1
    assert "- added: new.md (New)" in done.stdout
    assert not (repository / ".kgraph").exists()


def test_files_are_written_as_they_are_stored(repository: Path, tmp_path: Path) -> None:
    folder = unpack_revision(repository / "docs", "HEAD", tmp_path / "out")
    assert sorted(path.name for path in folder.iterdir()) == ["kgraph.toml", "quay.md", "rope.md", "sail.md", "subst.md"]
    assert (folder / "subst.md").read_text() == "# Subst\n\n$Format:%H$\n"


@pytest.mark.parametrize("name", ["nosuch", "-p", "--output=x", "", "HEAD:docs", "a b", "HEAD~9"])
def test_names_that_are_no_version(name: str, repository: Path, tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="workspace or folder, nor a revision") as error:
        Versions(repository / "docs", tmp_path).folder(name)
    assert "\n" not in str(error.value)
    with pytest.raises(SourceError):
        unpack_revision(repository / "docs", name, tmp_path / "x")


def test_a_folder_that_the_revision_does_not_have(repository: Path, run_kgraph: RunKgraph) -> None:
    (repository / "later").mkdir()
    done = run_kgraph("diff", "HEAD~1", "HEAD", "--source", repository / "later")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "has nothing below" in done.stderr
