"""A page saved from a browser as text: it has no links, and what its block of related pages lists is counted by its labels."""

from __future__ import annotations

import re
from pathlib import Path

from benchmarks.counts.base import Count

__all__ = ["count"]


def count(folder: Path) -> Count:
    """Files, and targets of links, of which a saved text has none."""
    files = sorted(folder.rglob("*.txt"))
    links = sum(len(re.findall(r"\]\(|\[\[|href=", path.read_text(encoding="utf-8"))) for path in files)
    return Count("files and signs of links in the text", pages=len(files), links=links, pairs=frozenset(), dead=0, aliases=0, redirects=0)
