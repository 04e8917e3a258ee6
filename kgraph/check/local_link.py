"""N214: a link to a server on the reader's own machine."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from kgraph.check.site import Site
from kgraph.model.finding import Finding, finding
from kgraph.model.text import clip

__all__ = ["local_links"]

_LOCAL = frozenset(("localhost", "127.0.0.1", "0.0.0.0", "::1"))  # noqa: S104 - names, not an address to listen at


def local_links(site: Site) -> Iterator[Finding]:
    """Links to ``localhost`` and the like."""
    for path, addresses in site.corpus.external.items():
        for address, line in addresses:
            if _host(address) in _LOCAL:
                yield finding("N214", f"link to {clip(address, 120)!r}", path, line)


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
