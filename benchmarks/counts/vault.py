"""Links of a vault as obsidiantools sees them (https://github.com/mfarragher/obsidiantools)."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from benchmarks.counts.base import Count, ask_peer

__all__ = ["count"]


def count(folder: Path) -> Count | None:
    """The graph of wikilinks, names taken in any letter case and by their path, as Obsidian takes them."""
    told = ask_peer("obsidiantools", "peer_obsidiantools.py", str(folder))
    if told is None:
        return None
    paths: dict[str, str] = told["paths"]
    exact = dict(paths)
    folded: dict[str, str] = {}
    for name, path in paths.items():
        for key in (name, path.removesuffix(".md")):
            folded.setdefault(key.casefold(), path)
    stems = Counter(Path(path).stem.casefold() for path in paths.values())
    pairs: set[tuple[str, str]] = set()
    seen: Counter[str] = Counter()
    links = 0
    for name, targets in told["wikilinks"].items():
        for written in targets:
            bare = written.split("#")[0].split("|")[0].strip().rstrip("\\")
            if not bare:
                seen["to a heading of the page itself"] += 1
                continue
            if "." in bare and bare.rsplit(".", 1)[1].lower() in ("png", "jpg", "svg", "gif", "pdf", "canvas", "base"):
                seen["to an attachment"] += 1
                continue
            links += 1
            target = exact.get(bare)
            if target is None:
                target = folded.get(bare.removesuffix(".md").casefold())
                reason = "in other letter case or with the path" if target else "dead"
                if target is None and stems[bare.casefold()] > 1:
                    reason = "by a name that several notes have (obsidiantools takes it for dead)"
                seen[reason] += 1
            if target and target != paths[name]:
                pairs.add((paths[name], target))
    notes = tuple(f"{number} wikilinks {reason}" for reason, number in sorted(seen.items()))
    return Count(
        "obsidiantools, names compared in any letter case", pages=len(paths), links=links, pairs=frozenset(pairs), dead=seen["dead"],
        aliases=sum(len(found) for found in told["aliases"].values()), redirects=0, notes=notes,
    )  # fmt: skip
