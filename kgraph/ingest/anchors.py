"""Places within pages that links name: headings, elements with an id, blocks with a name."""

from __future__ import annotations

from collections.abc import Mapping

from kgraph.model.document import Document
from kgraph.model.text import anchor_of, clip, fold

__all__ = ["anchors_of", "dead_anchor"]


def anchors_of(document: Document) -> set[str]:
    """Fragments that lead to a place of a page, those of blocks as ``^name``."""
    named = {value for item in document.components for key, value in item.attributes.items() if key in ("id", "name")}
    labels = {label.anchor for label in document.labels}
    return {heading.anchor for heading in document.headings} | labels | named | {f"^{name}" for name in document.block_names}


def dead_anchor(fragment: str, target: str, anchors: Mapping[str, set[str]]) -> str | None:
    """What is wrong with a fragment of a link to ``target``; None where it leads to a place, or nobody knows the places."""
    known = anchors.get(target)
    if known is None or fragment in known:
        return None
    last = fragment.rsplit("#", 1)[-1].strip()
    if fold(fragment) in (folded := {fold(anchor) for anchor in known}) or fold(last) in folded or anchor_of(last) in known:
        return None
    if last.startswith("^"):
        return f"#{clip(fragment, 80)} is the name of no block of {target}"
    return f"#{clip(fragment, 80)} is no heading of {target}"
