"""The public names: pinned, each exported once, each with a docstring."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from pathlib import Path

import kgraph
from kgraph.api import KnowledgeGraph

PACKAGE = Path(kgraph.__file__).parent


def test_names_of_the_package() -> None:
    assert sorted(kgraph.__all__) == [
        "ConfigError", "ExportError", "KgraphError", "KnowledgeGraph", "PushError", "QueryError", "RenderError", "SourceError",
        "UnknownPageError", "WorkspaceError", "__version__", "build", "open",
    ]  # fmt: skip
    assert kgraph.KnowledgeGraph is KnowledgeGraph


def test_names_of_the_graph_object() -> None:
    public = sorted(name for name in dir(KnowledgeGraph) if not name.startswith("_"))
    assert public == [
        "backlinks", "candidates", "changes", "check", "communities", "community_members", "config", "construct",
            "corpus", "entities", "entity",
        "entity_id", "evaluate", "findings", "get_entity", "head", "hub_rows", "hubs", "links", "mentions", "path", "picture", "query",
        "rankings", "reasons", "related", "related_items", "relations", "render", "render_rows", "run", "scores", "search", "statements",
        "stats", "store", "stream", "table", "to_csr", "to_networkx", "to_rdflib", "types",
    ]  # fmt: skip
    for name in public:
        assert inspect.getdoc(getattr(KnowledgeGraph, name)), name


def test_each_module_says_what_it_exports() -> None:
    for path in PACKAGE.rglob("*.py"):
        if path.name == "__main__.py":
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert ast.get_docstring(tree), f"{path}: no docstring"
        has_code = any(isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_") for node in tree.body)
        told = any(isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__" for node in tree.body)
        assert told or not has_code, f"{path}: no __all__"


def test_importing_is_light() -> None:
    """Neither the package nor the help pulls in the libraries that take long to import."""
    heavy = ["docutils", "networkx", "numpy", "pandas", "pyoxigraph", "pyvis", "rdflib", "scipy", "starlette"]
    code = f"import sys, kgraph, kgraph.cli.app; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
