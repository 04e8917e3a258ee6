"""The build in use, changed for a newer one as soon as there is one."""

from __future__ import annotations

import threading
import time
from contextlib import suppress

from kgraph.api import KnowledgeGraph
from kgraph.errors import WorkspaceError
from kgraph.serve.site import Site, identity_of
from kgraph.workspace import Generation, Workspace

__all__ = ["Sites"]

_PATIENCE = 2.0
"""Seconds that the request which notices a new build waits for it; later ones are answered from the old build until it is read."""
_NEWS = 900.0
"""Seconds for which pages tell that there is a new build."""


class Sites:
    """The current build of a workspace. One that cannot be read is passed over."""

    def __init__(self, workspace: Workspace, *, warm: bool = False) -> None:
        """Open the current build.

        Args:
            workspace: Where builds appear.
            warm: Whether to compute ahead what takes long, in a thread.

        Raises:
            WorkspaceError: there is none, or it is damaged.

        """
        self.workspace = workspace
        self._current = workspace.folder / "current"
        self._warm = warm
        self._lock = threading.Lock()
        generation = workspace.get_current()
        self._key = identity_of(generation)
        self._site = Site(KnowledgeGraph(generation))
        self._changed: float | None = None
        if warm:
            threading.Thread(target=_warm, args=(self._site,), daemon=True).start()

    def current(self) -> Site:
        """The site to answer from."""
        generation = self.workspace.find_current()
        if generation is None or identity_of(generation) == self._key or not self._lock.acquire(blocking=False):
            return self._site
        try:
            if identity_of(generation) != self._key:
                self._key = identity_of(generation)
                opening = threading.Thread(target=self._open, args=(generation,), daemon=True)
                opening.start()
                opening.join(_PATIENCE)
        finally:
            self._lock.release()
        return self._site

    def at_hand(self) -> Site | None:
        """The site to answer from, or None when there may be a new build to be read first, which takes its time."""
        site, key = self._site, self._key
        try:
            status = self._current.stat()
        except OSError:
            return None
        return site if (status.st_ino, status.st_mtime_ns) == key[1:] else None

    def _open(self, generation: Generation) -> None:
        try:
            site = Site(KnowledgeGraph(generation))
        except WorkspaceError:
            return  # ingested and not ranked yet, or replaced meanwhile: the old one stays in use
        self._site, self._changed = site, time.monotonic()
        if self._warm:
            _warm(site)

    @property
    def news(self) -> bool:
        """Whether the build in use took the place of another one a short while ago."""
        return self._changed is not None and time.monotonic() - self._changed < _NEWS


def _warm(site: Site) -> None:
    with suppress(WorkspaceError):  # removed meanwhile
        site.warm()
