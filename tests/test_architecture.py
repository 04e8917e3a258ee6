"""Which part of the package may import which: imports point one way."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "kgraph"

ALLOWED: dict[str, set[str]] = {
    "errors": set(),
    "model": set(),
    "config": {"configtext", "errors", "model"},
    "configtext": set(),
    "workspace": {"errors"},
    "parallel": {"errors"},
    "memory": set(),
    "sparseimport": set(),
    "graph": {"model"},
    "spark": {"errors", "graph"},
    "tabular": set(),
    "passages": set(),
    "search": {"model", "passages"},
    "rdf": {"memory", "errors", "model", "rank.rankings", "graph.measures", "tabular"},
    "ingest": {"memory", "config", "errors", "model", "parallel"},
    "rank": {"memory", "sparseimport", "config", "errors", "model", "graph", "parallel"},
    "export": {"memory", "errors", "model", "rank.rankings", "rdf", "api"},
    "render": {"errors"},
    "archive": {"errors", "model", "graph", "rank.rankings", "rank.recall", "workspace"},
    "check": {"config", "errors", "ingest", "model", "rdf"},
    "revisions": {"errors"},
    "watching": {"errors"},
    "versions": {"errors", "pipeline", "revisions", "workspace"},
    "evaluate": {"revisions", "config", "errors", "model", "ingest", "rank", "tabular"},
    "initial": {"config", "errors", "ingest", "model"},
    "generation": {"memory", "config", "workspace", "parallel", "model", "rank", "rdf", "graph", "export", "archive", ""},
    "pipeline": {"generation", "memory", "config", "errors", "workspace", "parallel", "model", "ingest", "rank", "archive", ""},
    "picturing": {"errors", "model", "rank.rankings", "diff", "render", "api"},
    "api": {
        "config",
        "errors",
        "workspace",
        "archive",
        "model",
        "graph",
        "rank",
        "rdf",
        "export",
        "ingest",
        "pipeline",
        "picturing",
        "render",
        "check",
        "diff",
        "evaluate",
        "search",
    },
    "diff": {"archive", "errors", "model", "rank.rankings", "workspace", "config"},
    "serve": {
        "search",
        "api",
        "archive",
        "check",
        "config",
        "diff",
        "errors",
        "export",
        "graph",
        "model",
        "picturing",
        "rank.rankings",
        "rdf",
        "render",
        "workspace",
        "pipeline",
        "",
    },
    "integrations": {"errors", "export", ""},
    "cli": {"*"},
    "": {"errors", "api", "pipeline"},
    "__main__": {"cli"},
}
"""For each part, the parts it may import; a part with a dot is that one module. ``api`` in ``export`` is for type checking."""


def part_of(path: Path) -> str:
    inner = path.relative_to(PACKAGE).with_suffix("")
    name = inner.parts[0]
    return "" if name == "__init__" else name


def imports_of(path: Path) -> list[tuple[int, str]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "kgraph":
            found.append((node.lineno, node.module.removeprefix("kgraph").lstrip(".")))
        elif isinstance(node, ast.Import):
            found += [(node.lineno, a.name.removeprefix("kgraph").lstrip(".")) for a in node.names if a.name.split(".")[0] == "kgraph"]
    return found


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_one_way(path: Path) -> None:
    part = part_of(path)
    allowed = ALLOWED[part]
    for line, module in imports_of(path):
        target = module.split(".")[0]
        fits = "*" in allowed or target == part or target in allowed or any(module == name for name in allowed)
        assert fits, f"{path.relative_to(PACKAGE.parent)}:{line}: {part or 'kgraph'} must not import kgraph.{module}"


def test_nothing_imports_the_command_line() -> None:
    for path in PACKAGE.rglob("*.py"):
        if part_of(path) not in ("cli", "__main__"):
            assert not [module for _, module in imports_of(path) if module.split(".")[0] == "cli"], path


def test_stages_do_not_import_each_other() -> None:
    for stage, others in {
        "ingest": {"rank", "export", "render"},
        "rank": {"ingest", "export", "render"},
        "render": {"ingest", "rank"},
    }.items():
        for path in (PACKAGE / stage).rglob("*.py"):
            assert not {module.split(".")[0] for _, module in imports_of(path)} & others, path


def test_modules_are_small() -> None:
    for path in PACKAGE.rglob("*.py"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 420, f"{path}: split it"
