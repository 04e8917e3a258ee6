"""``python -m benchmarks.corpora``: what kgraph finds in real corpora, without configuration, beside counts that owe it nothing.

The corpora lie in ``../shared/corpora``, or where the environment variable ``CORPORA`` says; what is absent is left out. obsidiantools
and MkDocs are asked where this Python has them, or the one that ``PEERS`` names.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import kgraph
from benchmarks.counts import mdx, mediawiki, mkdocs, savedhtml, text, vault
from benchmarks.counts.base import Count

__all__ = ["main"]

REPOSITORY = Path(__file__).resolve().parent.parent
COUNTS: dict[str, Callable[[Path], Count | None]] = {
    "obsidian-help": vault.count,
    "fastapi-docs": mkdocs.count,
    "cppreference-c-html": savedhtml.count,
    "longterm-wiki-2026-02": mdx.count,
    "seed-page": text.count,
    "mediawiki-dumps": mediawiki.count,
}
FIGURES = ("pages", "links", "pairs", "dead", "aliases", "redirects")


def main() -> None:
    """Print the table, then the differences link by link."""
    root = Path(os.environ.get("CORPORA") or REPOSITORY.parent / "shared" / "corpora")
    rows, details = [], []
    for name, count in COUNTS.items():
        if not (root / name).is_dir():
            print(f"{name}: not at {root}", file=sys.stderr)
            continue
        ours, peer = _ours(root / name), count(root / name)
        rows.append((name, ours))
        if peer is None:
            rows.append((name, Count("peer not installed")))
            continue
        rows.append((name, peer))
        details += [f"{name}: {note}" for note in peer.notes]
        if ours.pairs is not None and peer.pairs is not None:
            details += [f"{name}: + {source} -> {target}" for source, target in sorted(ours.pairs - peer.pairs)]
            details += [f"{name}: - {source} -> {target}" for source, target in sorted(peer.pairs - ours.pairs)]
    print("| corpus | counted by | pages | links | distinct pairs | dead | aliases | redirects |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for name, found in rows:
        figures = [getattr(found, figure) for figure in FIGURES]
        cells = ["–" if value is None else f"{value if isinstance(value, int) else len(value):,}" for value in figures]
        print(f"| {name} | {found.how} | {' | '.join(cells)} |")
    print("\nDifferences of distinct pairs (+ kgraph alone, - the count alone) and notes:\n")
    print("\n".join(details))


def _ours(folder: Path) -> Count:
    """What kgraph finds."""
    with tempfile.TemporaryDirectory() as space:
        graph = kgraph.build(folder, Path(space))
        entities = graph.head.entities
        links = graph.statements.links
        pairs = {
            (link.path, path) for link in links
            if link.target and (path := entities[link.target].path) and path != link.path
        }  # fmt: skip
        moved = [int(found.group(1)) for note in graph.head.assumptions if (found := re.match(r"(\d+) files only send", note))]
        return Count(
            "kgraph", pages=len(graph.head.pages), links=len(links), pairs=frozenset(pairs),
            dead=sum(1 for link in links if link.target is None), aliases=sum(len(entity.aliases) for entity in entities.values()),
            redirects=sum(moved),
        )  # fmt: skip


if __name__ == "__main__":
    main()
