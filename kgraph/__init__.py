"""kgraph: pages of a wiki in; a knowledge graph, related pages with reasons, hubs, SPARQL and pictures out.

Three lines in a notebook::

    import kgraph
    kg = kgraph.build("docs")        # or kgraph.open(".kgraph")
    kg.related("anthropic", k=10)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kgraph.errors import (
    ConfigError,
    ExportError,
    KgraphError,
    PushError,
    QueryError,
    RenderError,
    SourceError,
    UnknownPageError,
    WorkspaceError,
)

if TYPE_CHECKING:
    from os import PathLike

    from kgraph.api import KnowledgeGraph

__all__ = [
    "ConfigError",
    "ExportError",
    "KgraphError",
    "KnowledgeGraph",
    "PushError",
    "QueryError",
    "RenderError",
    "SourceError",
    "UnknownPageError",
    "WorkspaceError",
    "__version__",
    "build",
    "open",
]

__version__ = "0.1.0"


def open(workspace: str | PathLike[str] = ".kgraph") -> KnowledgeGraph:
    """Open what a build made.

    Args:
        workspace: Folder that `kgraph build` wrote.

    Raises:
        WorkspaceError: nothing was built there, or it is damaged.

    """
    from kgraph.api import open_workspace

    return open_workspace(workspace)


def build(
    source: str | PathLike[str] = ".",
    workspace: str | PathLike[str] | None = None,
    *,
    config: str | PathLike[str] | None = None,
    jobs: int | None = None,
    full: bool = False,
) -> KnowledgeGraph:
    """Build the graph of a folder of pages and open it; what has not changed since the last build is not done again.

    Args:
        source: Folder, repository or file that holds the pages.
        workspace: Folder to write; ``.kgraph`` beside the pages when None.
        config: Configuration file; ``kgraph.toml`` of the folder when None.
        jobs: Processes that parse; all processors when None.
        full: Read everything anew.

    Raises:
        SourceError: there is no page.
        ConfigError: the configuration cannot be used.
        WorkspaceError: the workspace is locked or cannot be written.

    """
    from kgraph.api import build_and_open

    return build_and_open(source, workspace, config=config, jobs=jobs, full=full)


def __getattr__(name: str) -> object:
    if name == "KnowledgeGraph":
        from kgraph.api import KnowledgeGraph

        return KnowledgeGraph
    raise AttributeError(f"module 'kgraph' has no attribute {name!r}")


def load_ipython_extension(shell: object) -> None:
    """Register the cell magic ``%%sparql``: what ``%load_ext kgraph`` does."""
    from kgraph.api.magic import register

    register(shell)
