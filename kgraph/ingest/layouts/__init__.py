"""Site layouts, recognised by looking: where the pages lie and at which address the site serves each.

One layout is one class and one function that recognises it, listed in :data:`LAYOUTS`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from kgraph.ingest.layouts import docusaurus, hugo, jekyll, mediawiki, mkdocs, sphinx, vaults, vitepress
from kgraph.ingest.layouts.base import Files, Layout

__all__ = ["LAYOUTS", "Files", "Layout", "find_layout"]

Recogniser: TypeAlias = Callable[[Files], Layout | None]

LAYOUTS: dict[str, Recogniser] = {
    "mkdocs": mkdocs.recognise,
    "docusaurus": docusaurus.recognise,
    "starlight": vaults.recognise_starlight,
    "vitepress": vitepress.recognise,
    "quartz": vaults.recognise_quartz,
    "hugo": hugo.recognise,
    "jekyll": jekyll.recognise,
    "sphinx": sphinx.recognise,
    "obsidian": vaults.recognise_obsidian,
    "github-wiki": vaults.recognise_github_wiki,
    "mediawiki": mediawiki.recognise,
}
"""Every layout, the ones with the clearest marks first."""

_SHARE = 0.5
"""A layout is in force when it holds at least this part of the readable files."""


def find_layout(files: Files, readable: Sequence[str], texts: Sequence[str] = (), told: str | None = None) -> Layout | None:
    """The first layout that is recognised and holds most of the readable files, or None.

    Args:
        files: Files of the source.
        readable: Those that a reader reads.
        texts: Files of text, which are pages where the settings of the site say so.
        told: Key of :data:`LAYOUTS`, where settings name the layout; ``plain`` for none.

    """
    for key, recognise in LAYOUTS.items():
        if told not in (None, key):
            continue
        layout = recognise(files)
        if layout is None:
            continue
        seen = {*readable, *filter(layout.kind, texts)}
        if seen and (told or sum(map(layout.is_page, seen)) >= _SHARE * len(seen)):
            return layout
    return None
