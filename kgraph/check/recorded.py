"""E1xx to W3xx: what the ingest stage found while it read and resolved."""

from __future__ import annotations

from collections.abc import Iterable

from kgraph.check.site import Site
from kgraph.model.finding import Finding

__all__ = ["recorded_findings"]


def recorded_findings(site: Site) -> Iterable[Finding]:
    """Unreadable files, dead and ambiguous links, dead anchors, duplicate ids and titles, and the like."""
    return site.corpus.findings
