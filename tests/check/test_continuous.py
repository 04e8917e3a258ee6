"""What runs on every commit: the hook, the action, the workflow; read-only checkouts."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.check.wiki import write_wiki
from tests.conftest import REPOSITORY

PAGES = {"index.md": "# Home\n\nRead [one](one.md) and [gone](gone.md).\n", "one.md": "# One\n\nTo [home](index.md).\n"}
OFFLINE = """\
import socket, sys
def refuse(*_, **__):
    raise AssertionError("no network")
socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse
sys.argv = ["kgraph", *sys.argv[1:]]
import os
assert not os.access(".", os.W_OK), "the folder can be written"
from kgraph.cli import main
main()
"""


def files_of(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["check", "."], 1),
        (["check", ".", "--format", "sarif"], 1),
        (["check", ".", "--fail-on", "none"], 0),
        (["check", ".", "--fix"], 0),
        (["diff", ".", "."], 0),
    ],
)
def test_a_checkout_that_cannot_be_written(arguments: list[str], code: int, tmp_path: Path) -> None:
    """Nothing is written where the pages lie, nor into the home folder; nothing is fetched."""
    wiki = write_wiki(tmp_path / "wiki", PAGES)
    home = tmp_path / "home"
    home.mkdir()
    before = files_of(wiki)
    for folder in (wiki, home):
        folder.chmod(0o555)
    environment = {**os.environ, "HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"), "PYTHONPATH": str(REPOSITORY)}
    command = [sys.executable, "-c", OFFLINE, *arguments]
    if os.geteuid() == 0:
        if not shutil.which("setpriv"):
            pytest.skip("the superuser may write everything")
        command = ["setpriv", "--inh-caps=-dac_override", "--bounding-set=-dac_override", *command]
    try:
        done = subprocess.run(command, cwd=wiki, env=environment, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == code, done.stderr
        assert files_of(wiki) == before
        assert list(home.iterdir()) == []
    finally:
        for folder in (wiki, home):
            folder.chmod(0o755)


def test_check_writes_no_file_but_the_baseline(tmp_path: Path) -> None:
    wiki = write_wiki(tmp_path / "wiki", PAGES)
    before = files_of(wiki)
    command = [sys.executable, "-m", "kgraph", "check", str(wiki), "--baseline", "known.json"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 0
    assert files_of(wiki) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["known.json", "wiki"]


def test_the_hook_and_what_it_runs() -> None:
    command = [sys.executable, "-m", "pre_commit", "validate-manifest", ".pre-commit-hooks.yaml"]
    assert subprocess.run(command, cwd=REPOSITORY, capture_output=True, check=False).returncode == 0
    hooks = {hook["id"]: hook for hook in yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text())}
    assert hooks["kgraph-check"]["entry"] == "kgraph check"
    assert not any(hook["pass_filenames"] for hook in hooks.values())


def scripts_of(steps: list[dict[str, object]]) -> list[str]:
    return [str(step["run"]) for step in steps if "run" in step]


def test_the_action_takes_its_inputs_as_data_only() -> None:
    action = yaml.safe_load((REPOSITORY / "action.yml").read_text())
    for script in scripts_of(action["runs"]["steps"]):
        assert "${{" not in script
        assert subprocess.run(["bash", "-n"], input=script, text=True, check=False).returncode == 0


@pytest.mark.parametrize(("fail_on", "code"), [("", 1), ("error", 0)])
def test_the_last_step_of_the_action(fail_on: str, code: int, tmp_path: Path) -> None:
    write_wiki(tmp_path / "docs $(touch x)", PAGES)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "kgraph").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m kgraph "$@"\n')
    (tmp_path / "bin" / "kgraph").chmod(0o755)
    steps = scripts_of(yaml.safe_load((REPOSITORY / "action.yml").read_text())["runs"]["steps"])
    environment = {**os.environ, "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}", "PYTHONPATH": str(REPOSITORY)}
    environment |= {"SOURCE": "docs $(touch x)", "BASELINE": "", "FAIL_ON": fail_on}
    done = subprocess.run(["bash", "-e", "-c", steps[-1]], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    assert done.stdout.startswith("::warning file=docs $(touch x)/index.md,line=3,title=W201 dead-link::")
    assert not (tmp_path / "x").exists()


def test_the_workflow() -> None:
    workflow = yaml.safe_load((REPOSITORY / "docs" / "workflows" / "kgraph.yml").read_text())
    steps = workflow["jobs"]["check"]["steps"]
    assert workflow["permissions"]["contents"] == "read"
    assert not any("${{" in script for script in scripts_of(steps))
    assert [script.split()[:2] for script in scripts_of(steps)[1:]] == [["kgraph", "check"], ["kgraph", "diff"], ["kgraph", "check"]]
