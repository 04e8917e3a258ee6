"""What the documents show is what happens: commands and examples of the README, notebooks, the reference of the commands."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY, RunKgraph

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.S)


def test_commands_of_the_readme_run(tmp_path: Path, run_kgraph: RunKgraph) -> None:
    """Each `$ kgraph …` line, and each script, runs in order in a copy of the repository's data, queries and scripts."""
    shutil.copytree(REPOSITORY / "data", tmp_path / "data", ignore=shutil.ignore_patterns(".kgraph"))
    shutil.copytree(REPOSITORY / "queries", tmp_path / "queries")
    shutil.copytree(REPOSITORY / "scripts", tmp_path / "scripts")
    lines = [line for kind, text in BLOCKS if kind == "console" for line in text.splitlines()]
    commands = [line[2:] for line in lines if line.startswith(("$ kgraph ", "$ python scripts/"))]
    assert len(commands) >= 10
    for command in commands:
        if command.startswith("python "):
            subprocess.run([sys.executable, *shlex.split(command, comments=True)[1:]], cwd=tmp_path, check=True, timeout=300)
            continue
        if " serve" in command or "--watch" in command:
            continue
        done = run_kgraph(*shlex.split(command, comments=True)[1:], cwd=tmp_path)
        expected = (0, 1) if " check" in command or " diff" in command else (0,)
        assert done.returncode in expected, f"{command}: {done.stderr}"


def test_python_of_the_readme_runs(tmp_path: Path) -> None:
    shutil.copytree(REPOSITORY / "data", tmp_path / "data", ignore=shutil.ignore_patterns(".kgraph"))
    code = "\n".join(text for kind, text in BLOCKS if kind == "python")
    assert "kgraph.build" in code
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr


def test_files_that_the_documents_name_exist() -> None:
    for document in [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").glob("*.md")), REPOSITORY / "CONTRIBUTING.md"]:
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_the_reference_of_the_commands_is_up_to_date() -> None:
    done = subprocess.run([sys.executable, "scripts/cli_reference.py"], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    shown = (REPOSITORY / "docs" / "cli.md").read_text(encoding="utf-8")
    assert done.stdout == shown, "run: .venv/bin/python scripts/cli_reference.py > docs/cli.md"


def test_the_page_of_named_queries_is_current() -> None:
    from scripts.query_reference import reference

    shown = (REPOSITORY / "docs/queries.md").read_text(encoding="utf-8")
    assert shown == reference(), "run: .venv/bin/python scripts/query_reference.py > docs/queries.md"


def test_the_reference_of_the_rules_is_up_to_date() -> None:
    done = subprocess.run([sys.executable, "scripts/findings_reference.py"], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    shown = (REPOSITORY / "docs" / "findings.md").read_text(encoding="utf-8")
    assert done.stdout == shown, "run: .venv/bin/python scripts/findings_reference.py > docs/findings.md"


@pytest.mark.parametrize("path", sorted((REPOSITORY / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
@pytest.mark.xdist_group("notebooks")
def test_notebooks_run(path: Path, tmp_path: Path) -> None:
    import nbformat
    from nbclient import NotebookClient

    shutil.copytree(REPOSITORY / "data", tmp_path / "data", ignore=shutil.ignore_patterns(".kgraph"))
    (tmp_path / "notebooks").mkdir()
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(tmp_path / "notebooks")}}).execute()
    printed = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert any("text/html" in output.get("data", {}) for output in printed)
    assert any("image/png" in output.get("data", {}) or "<iframe" in output.get("data", {}).get("text/html", "") for output in printed)
    assert not [output for output in printed if output.get("name") == "stderr"], printed
