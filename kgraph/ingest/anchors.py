"""Places within pages that links name: headings, elements with an id, blocks with a name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping

from kgraph.ingest.layouts.base import Fragments
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


def anchors_of(document: Document, fragments: Fragments = "github") -> set[str]:
    """Fragments that lead to a place of a page, those of blocks as ``^name``; ``fragments`` says how those of headings are made."""
    named = {value for item in document.components for key, value in item.attributes.items() if key in ("id", "name")}
    labels = {label.anchor for label in (*document.labels, *myst_labels(document))}
    style = _STYLES.get(fragments)
    headings = _made(document, *style) if style else {heading.anchor for heading in document.headings}
    return headings | labels | named | {f"^{name}" for name in document.block_names}


def _made(document: Document, style: Callable[[str], str], sign: str) -> set[str]:
    """Fragments of headings as ``style`` makes them of their texts, with a number behind ``sign`` for the second of a kind.

    A fragment that is declared stays.
    """
    found: set[str] = set()
    for heading in document.headings:
        anchor = heading.anchor
        if re.sub(r"-\d+$", "", anchor) == re.sub(r"-\d+$", "", anchor_of(heading.text)):
            anchor = wanted = style(heading.text)
            count = 0
            while anchor in found or not anchor:
                count += 1
                anchor = f"{wanted}{sign}{count}"
        found.add(anchor)
    return found


def _by_toc(text: str) -> str:
    """As the ``toc`` extension of Python-Markdown does: ASCII, single hyphens (https://python-markdown.github.io/extensions/toc/).

    >>> _by_toc("Crème  brûlée: what's it?")
    'creme-brulee-whats-it'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", plain).strip().lower())


def _by_vitepress(text: str) -> str:
    """As VitePress does (https://github.com/mdit-vue/mdit-vue): no accents, signs to hyphens, ``_`` before a digit at the start.

    >>> _by_vitepress("1.0 Release: what's new?"), _by_vitepress("Crème brûlée")
    ('_1-0-release-what-s-new', 'creme-brulee')
    """
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not "\u0300" <= sign <= "\u036f" and sign >= " ")
    return re.sub(r"^(?=\d)", "_", _SIGNS.sub("-", plain).strip("-")).lower()


_SIGNS = re.compile(r"[\s~`!@#$%^&*()\-_+=\[\]{}|\\;:\"'“”‘’<>,.?/]+")
_STYLES: dict[str, tuple[Callable[[str], str], str]] = {"toc": (_by_toc, "_"), "vitepress": (_by_vitepress, "-")}


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
