"""The error of the checks."""

from __future__ import annotations

from kgraph.errors import KgraphError

__all__ = ["CheckError"]


class CheckError(KgraphError):
    """A rule is called by a name that no rule has, or a baseline cannot be read or written."""
