"""From a build to a picture: which entities and connections a graph page shows."""

from __future__ import annotations

from kgraph.picturing.answers import picture_of_rows
from kgraph.picturing.changes import picture_of_changes
from kgraph.picturing.routes import picture_of_paths
from kgraph.picturing.views import picture_of

__all__ = ["picture_of", "picture_of_changes", "picture_of_paths", "picture_of_rows"]
