"""What the examples in docstrings of the Python interface see: ``kg``, the sample wiki."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from kgraph import KnowledgeGraph


@pytest.fixture(scope="session")
def sample_of_docstrings(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    """The sample wiki, built."""
    import kgraph

    return kgraph.build(Path(__file__).parent / "data", tmp_path_factory.mktemp("docstrings") / "workspace")


@pytest.fixture(autouse=True)
def _names_of_docstrings(request: pytest.FixtureRequest, doctest_namespace: dict[str, Any]) -> None:
    if isinstance(request.node, pytest.DoctestItem) and "/kgraph/api/" in request.node.path.as_posix():
        doctest_namespace["kg"] = request.getfixturevalue("sample_of_docstrings")
