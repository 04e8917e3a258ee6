"""VitePress (https://vitepress.dev/guide/routing): pages at their paths, with or without ``.html``."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import Any

from kgraph.ingest.layouts.base import Files, Layout, join_address, text_setting

__all__ = ["recognise"]

_FOLDER = ".vitepress"
_SETTINGS = tuple(f"config{index}.{ending}" for index in ("", "/index") for ending in ("mts", "ts", "mjs", "js", "cjs"))
_CLEAN = re.compile(r"(?:^|[{,])\s*cleanUrls\s*:\s*true\b", re.MULTILINE)


class VitePress(Layout):
    """A site made by VitePress."""

    name = "VitePress"
    fragments = "vitepress"

    def __init__(self, root: str, evidence: str, text: str) -> None:
        """Take the base of all addresses and whether they have endings from the text of the settings."""
        super().__init__(root, evidence, folder=posixpath.dirname(posixpath.dirname(evidence)))
        self.base = (text_setting(text, "base") or "").strip("/")
        self.end = "" if _CLEAN.search(text) else ".html"

    def address(self, path: str, front_matter: Mapping[str, Any]) -> str:  # noqa: ARG002
        parts = self.parts(path)
        return join_address(self.base, parts, self.end if self.slug(path) else "/")


def recognise(files: Files) -> Layout | None:
    """Recognise by the hidden folder of settings."""
    for folder in sorted((name for name in files.folders if posixpath.basename(name) == _FOLDER), key=lambda name: (name.count("/"), name)):
        path, text = next(
            ((path, text) for path in (posixpath.join(folder, name) for name in _SETTINGS) if (text := files.text(path))),
            (posixpath.join(folder, _SETTINGS[0]), ""),
        )
        root = posixpath.normpath(posixpath.join(posixpath.dirname(folder), text_setting(text, "srcDir") or ""))
        return VitePress("" if root == "." or root.startswith("..") else root, path, text)
    return None
