"""Places within pages that links name: headings, elements with an id, blocks with a name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

from kgraph.model.document import Document, Label
from kgraph.model.text import anchor_of, clip, fold

__all__ = ["anchors_of", "dead_anchor", "is_made_up", "myst_labels"]


_MYST = re.compile(r"\(([^()\n]{1,200})\)=")
_EVERYWHERE = frozenset(("top", "_top"))
"""Fragments that lead to the start of every page, by the HTML standard and by Starlight."""


_MADE_UP = re.compile(r"::: *[\w.-]+|-{1,}8<-{2,}|\{!")
"""How a paragraph starts in whose place plugins of MkDocs put other text: mkdocstrings, mkdocs-click, snippets, includes."""


def is_made_up(document: Document) -> bool:
    """Whether plugins of MkDocs add text to a page when it is built, so that nobody can tell its headings before.

    See https://mkdocstrings.github.io/usage/ and https://facelessuser.github.io/pymdown-extensions/extensions/snippets/.
    """
    return any(block.kind == "paragraph" and _MADE_UP.match(block.text) for block in document.blocks)


def myst_labels(document: Document) -> Iterator[Label]:
    """Labels as MyST writes them, ``(name)=`` above what they name.

    See https://myst-parser.readthedocs.io/en/latest/syntax/cross-referencing.html.
    """
    for block in document.blocks:
        if block.text.startswith("(") and (found := _MYST.fullmatch(block.text)):
            yield Label(found[1], "label", found[1], "", block.line)


def anchors_of(document: Document, *, toc: bool = False) -> set[str]:
    """Fragments that lead to a place of a page, those of blocks as ``^name``.

    Args:
        document: The page.
        toc: Whether headings get their fragments from Python-Markdown's table of contents, as those of MkDocs do.

    """
    named = {value for item in document.components for key, value in item.attributes.items() if key in ("id", "name")}
    labels = {label.anchor for label in (*document.labels, *myst_labels(document))}
    headings = _toc_anchors(document) if toc else {heading.anchor for heading in document.headings}
    return headings | labels | named | {f"^{name}" for name in document.block_names}


def _toc_anchors(document: Document) -> set[str]:
    """Fragments as the ``toc`` extension of Python-Markdown makes them: ASCII, single hyphens, ``_1`` for the second of a kind.

    See https://python-markdown.github.io/extensions/toc/. A fragment that is declared stays.
    """
    found: set[str] = set()
    for heading in document.headings:
        anchor = heading.anchor
        if re.sub(r"-\d+$", "", anchor) == re.sub(r"-\d+$", "", anchor_of(heading.text)):
            plain = unicodedata.normalize("NFKD", heading.text).encode("ascii", "ignore").decode("ascii")
            anchor = wanted = re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", plain).strip().lower())
            count = 0
            while anchor in found or not anchor:
                count += 1
                anchor = f"{wanted}_{count}"
        found.add(anchor)
    return found


def dead_anchor(fragment: str, target: str, anchors: Mapping[str, set[str]], *, exact: bool) -> str | None:
    """What is wrong with a fragment of a link to ``target``; None where it leads to a place, or nobody knows the places.

    ``exact`` as for browsers; else the heading may be meant by its text, in any letter case, as in vaults and wikis.
    """
    known = anchors.get(target)
    if known is None or fragment in known or fragment.lower() in _EVERYWHERE or fragment.startswith(":~:"):
        return None
    last = fragment.rsplit("#", 1)[-1].strip()
    if exact:
        return f"#{clip(fragment, 80)} is no heading of {target}"
    if fold(fragment) in (folded := {fold(anchor) for anchor in known}) or fold(last) in folded or anchor_of(last) in known:
        return None
    if last.startswith("^"):
        return f"#{clip(fragment, 80)} is the name of no block of {target}"
    return f"#{clip(fragment, 80)} is no heading of {target}"
