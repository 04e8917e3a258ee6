"""Links of a documentation site as MkDocs builds it (https://www.mkdocs.org/)."""

from __future__ import annotations

from pathlib import Path

from benchmarks.counts.base import Count, ask_peer

__all__ = ["count"]


def count(folder: Path) -> Count | None:
    """Links in the main part of each built page, and what ``mkdocs build --strict`` warns of."""
    docs = folder / "docs" / "en" / "docs"
    told = ask_peer("mkdocs", "peer_mkdocs.py", str(docs))
    if told is None:
        return None
    prefix = docs.relative_to(folder).as_posix()
    to_pages = [(source, target) for source, target, written in told["links"] if target or "." not in written]
    pairs = {(f"{prefix}/{source}", f"{prefix}/{target}") for source, target in to_pages if target and target != source}
    return Count(
        "mkdocs build --strict; links in the built pages", pages=len(told["pages"]), links=len(to_pages), pairs=frozenset(pairs),
        dead=sum(1 for _, target in to_pages if target is None), aliases=0, redirects=0, notes=tuple(sorted(told["warnings"])),
    )  # fmt: skip
