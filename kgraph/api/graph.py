"""The object that scripts and notebooks hold."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from kgraph.api.asking import Asking
from kgraph.api.drawing import Drawing
from kgraph.api.tables import Tables
from kgraph.workspace import Workspace

__all__ = ["KnowledgeGraph", "build_and_open", "open_workspace"]


class KnowledgeGraph(Drawing, Tables, Asking):
    """What one build made, read when it is asked for: DataFrames, graphs and pictures out.

    It goes on reading the build it was opened on, also when a newer one takes its place. In the examples of the methods ``kg`` is
    the sample wiki: ``kg = kgraph.build("data")``.
    """

    def __repr__(self) -> str:
        counts = self.stats()
        return f"<KnowledgeGraph of {counts['pages']} pages, {counts['entities']} entities, {counts['links']} links>"


def open_workspace(workspace: str | PathLike[str]) -> KnowledgeGraph:
    """See :func:`kgraph.open`."""
    return KnowledgeGraph(Workspace(Path(workspace)).get_current())


def build_and_open(
    source: str | PathLike[str], workspace: str | PathLike[str] | None, *, config: str | PathLike[str] | None, jobs: int | None, full: bool
) -> KnowledgeGraph:
    """See :func:`kgraph.build`."""
    from kgraph.pipeline import build_workspace, site_config

    folder = Path(source)
    place = Workspace(Path(workspace) if workspace is not None else (folder if folder.is_dir() else folder.parent) / ".kgraph")
    settings = site_config(folder, Path(config) if config is not None else None)
    build_workspace(folder, place, settings, jobs=jobs, full=full)
    return KnowledgeGraph(place.get_current())
