"""Versions of a site that can be compared: workspaces, folders, revisions of git."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kgraph.errors import SourceError, WorkspaceError
from kgraph.pipeline import build_workspace, site_config
from kgraph.revisions import find_revision, unpack_revision
from kgraph.workspace import FORMAT, Workspace

__all__ = ["Versions"]

Progress = Callable[[str, int, int], None]


class Versions:
    """Finds the build of a version, and makes one in a folder of its own where there is none."""

    def __init__(self, source: Path, scratch: Path, *, config: Path | None = None, progress: Progress | None = None) -> None:
        """Keep where to look and where to build.

        Args:
            source: Folder whose repository knows the revisions.
            scratch: Folder to build in, which the caller removes.
            config: Configuration file; that of each version by default.
            progress: Called with what is done, how much of it, and how much there is.

        """
        self.source = source
        self.scratch = scratch
        self.config = config
        self.progress = progress
        self.made = 0

    def folder(self, name: str) -> Path:
        """Folder of the build of a version.

        A workspace or a generation in one is that build; any other folder, and a revision, is built. Two versions share one
        workspace, so that files both have are parsed once.

        Args:
            name: Path of a workspace, of a generation or of a folder of pages, or a revision of git.

        Raises:
            SourceError: it holds no page.
            WorkspaceError: it is none of these.

        """
        path = Path(name)
        if (path / f"format-{FORMAT}").is_file() or (path / "current").is_symlink():
            return path
        if name and path.is_dir():
            return self._built(path)
        if not self.source.exists():
            raise SourceError(f"{self.source}: no such file or folder: give the folder that holds the pages to --source")
        if find_revision(self.source, name) is None:
            place = f"{self.source}: neither {name!r} is a workspace or folder, nor a revision of the git repository here"
            raise WorkspaceError(f"{place}: give one of them, or the folder of the pages to --source")
        self.made += 1
        root = unpack_revision(self.source, name, self.scratch / f"version-{self.made}")
        return self._built(root / self.source.name if self.source.is_file() else root)

    def _built(self, source: Path) -> Path:
        workspace = Workspace(self.scratch / "workspace")
        build_workspace(source, workspace, site_config(source, self.config), progress=self.progress)
        return workspace.get_current().folder.resolve()
