"""Commands that review a site: check, diff, evaluate, serve."""

from __future__ import annotations

__all__ = ["check", "diff", "evaluate", "serve"]


def check() -> None:
    """Find dead links, orphans, duplicates and other things to mend."""


def diff() -> None:
    """Show what changed between two workspaces."""


def evaluate() -> None:
    """Hide links, rank without them, and measure how well they come back."""


def serve() -> None:
    """Serve the explorer, the JSON API and the SPARQL endpoint."""
