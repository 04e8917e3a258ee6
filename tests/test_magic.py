"""The cell magic in a shell of IPython."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import rdflib
from IPython.core.interactiveshell import InteractiveShell

import kgraph
from kgraph.errors import QueryError


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    make: Any = InteractiveShell
    shell = make()
    shell.run_line_magic("load_ext", "kgraph")
    yield shell
    shell.history_manager.end_session()
    InteractiveShell.clear_instance()


RISKS = "SELECT ?risk WHERE { ?risk a kg:Risk } ORDER BY ?risk"


def test_cells_of_sparql(shell: Any, sample: kgraph.KnowledgeGraph, sample_workspace: Path) -> None:
    shell.user_ns["kg"] = sample
    frame = shell.run_cell_magic("sparql", "", RISKS)
    assert frame["risk_label"].tolist()[0] == "Algorithmic bias"
    assert shell.run_cell_magic("sparql", "risks", RISKS) is None
    assert shell.user_ns["risks"].equals(frame)
    del shell.user_ns["kg"]
    assert shell.run_cell_magic("sparql", f"-w '{sample_workspace}'", RISKS).equals(frame)
    shell.user_ns["wiki"] = sample
    graph = shell.run_cell_magic("sparql", "--kg wiki", "CONSTRUCT { ?r a kg:Risk } WHERE { ?r a kg:Risk }")
    assert isinstance(graph, rdflib.Graph)
    assert len(graph) == len(frame)
    asked = "# Echo.\n# param text: string -- any text\nSELECT ?text WHERE { }"
    assert shell.run_cell_magic("sparql", "--kg wiki -p text='}; a\"b'", asked)["text"].tolist() == ['}; a"b']


@pytest.mark.parametrize("line", ["--kg nothing", "1a", "--odd", "-p x"])
def test_what_is_wrong_is_said(line: str, shell: Any, sample: kgraph.KnowledgeGraph) -> None:
    shell.user_ns["kg"] = sample
    with pytest.raises(QueryError, match="%%sparql: "):
        shell.run_cell_magic("sparql", line, RISKS)
