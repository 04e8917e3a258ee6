"""Blocks of related pages for a site builder that knows its pages by their source files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import kgraph
from kgraph.export.block import BlockTexts, block_html
from kgraph.export.republish import read_index

__all__ = ["MARKER", "Blocks", "place"]

MARKER = "<!-- kgraph:related -->"
"""Where a page says it, the block stands before this."""


class Blocks:
    """The related lists of one site, built when the object is made."""

    def __init__(self, source: Path, workspace: Path, texts: BlockTexts | None = None) -> None:
        """Build the workspace, which takes little where little has changed, and read the lists.

        Args:
            source: Folder of the project.
            workspace: Where to build.
            texts: Words of the block.

        Raises:
            KgraphError: the source or the workspace cannot be used.

        """
        self.texts = texts
        self._index = read_index(kgraph.build(source, workspace).generation.folder / "site")
        self._heads = self._index.heads()
        self._ids = {head.path: head.id for head in self._heads.values()}

    def html(self, path: str, address: Callable[[str], str | None]) -> str:
        """The block of the page with this source path, relative to the source; empty where there is none.

        Args:
            path: Source path of the page.
            address: Gives the address of a page by its source path, as seen from this one; None for a page that the site does
                not show, which is left out.

        """
        if path not in self._ids:
            return ""

        def shown(item: Mapping[str, Any]) -> bool:
            head = self._heads.get(item["id"])
            return head is None or address(head.path) is not None

        def href(item: Mapping[str, Any]) -> str | None:
            head = self._heads.get(item["id"])
            return address(head.path) if head else item["href"]

        def summary(entity_id: str) -> str | None:
            head = self._heads.get(entity_id)
            return head.summary if head else None

        page = self._index[self._ids[path]]
        groups = ({**group, "items": _kept(group["items"], shown)} for group in page["groups"])
        page = {**page, "top": _kept(page["top"], shown), "groups": [group for group in groups if group["items"]]}
        return block_html(page, href=href, summary=summary, texts=self.texts)


def _kept(items: Iterable[dict[str, Any]], shown: Callable[[Mapping[str, Any]], bool]) -> list[dict[str, Any]]:
    return [item for item in items if shown(item)]


def place(body: str, block: str) -> str:
    """The content of a page with its block: before the marker, else at the end."""
    before, marker, after = body.rpartition(MARKER)
    return f"{before}{block}{marker}{after}" if marker else f"{body}\n{block}" if block else body
