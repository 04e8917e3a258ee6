"""Note vaults and small wikis: Obsidian, Quartz, GitHub wikis; and Starlight, whose addresses are slugs."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from typing import Any

from kgraph.ingest.layouts.base import Files, Layout, join_address, slugify, text_setting

__all__ = ["recognise_github_wiki", "recognise_obsidian", "recognise_quartz", "recognise_starlight"]


class Obsidian(Layout):
    """An Obsidian vault (https://help.obsidian.md/): notes link to one another by name."""

    name = "Obsidian"
    vault = True


class Quartz(Layout):
    """A vault published by Quartz (https://quartz.jzhao.xyz/features/): addresses without spaces, folders with a slash."""

    name = "Quartz"
    vault = True

    def is_published(self, front_matter: Mapping[str, Any]) -> bool:
        return front_matter.get("draft") is not True

    def address(self, path: str, front_matter: Mapping[str, Any]) -> str:
        told = front_matter.get("permalink")
        if isinstance(told, str) and told.strip():
            return posixpath.join("/", told.strip())
        parts = [_plain(part) for part in self.parts(path)]
        return join_address("", parts, "" if self.slug(path) else "/")


class GitHubWiki(Layout):
    """A GitHub wiki: one flat list of pages, whatever their folders (https://docs.github.com/communities/documenting-your-project-with-wikis)."""

    name = "GitHub wiki"
    text_first = True

    def is_page(self, path: str) -> bool:
        return super().is_page(path) and not path.rsplit("/", 1)[-1].startswith("_")

    def address(self, path: str, front_matter: Mapping[str, Any]) -> str:  # noqa: ARG002
        stem = self.slug(path).replace(" ", "-")
        return "/" if stem.lower() == "home" else f"/{stem}"


class Starlight(Layout):
    """Documentation made by Astro Starlight (https://starlight.astro.build/guides/pages/): addresses are slugs of the paths."""

    name = "Starlight"
    by_address = True

    def __init__(self, root: str, evidence: str, base: str) -> None:
        """Keep the base of all addresses."""
        super().__init__(root, evidence, folder=posixpath.dirname(evidence))
        self.base = base.strip("/")

    def is_published(self, front_matter: Mapping[str, Any]) -> bool:
        return front_matter.get("draft") is not True

    def address(self, path: str, front_matter: Mapping[str, Any]) -> str:
        told = front_matter.get("slug")
        if isinstance(told, str):
            return join_address(self.base, [part for part in told.strip("/ ").split("/") if part])
        return join_address(self.base, [slugify(part) for part in self.parts(path)])


def recognise_obsidian(files: Files) -> Layout | None:
    """Recognise by the hidden folder of settings."""
    found = sorted((folder for folder in files.folders if folder.rsplit("/", 1)[-1] == ".obsidian"), key=lambda folder: folder.count("/"))
    return Obsidian(posixpath.dirname(found[0]), found[0]) if found else None


def recognise_quartz(files: Files) -> Layout | None:
    """Recognise by its settings beside a folder of content."""
    for path in files.called("quartz.config.ts", "quartz.config.js"):
        root = posixpath.join(posixpath.dirname(path), "content")
        if any(name.startswith(f"{root}/") for name in files.names):
            return Quartz(root, path, folder=posixpath.dirname(path))
    return None


def recognise_github_wiki(files: Files) -> Layout | None:
    """Recognise by ``Home.md`` beside a side bar or footer."""
    for path in files.called("Home.md"):
        folder = posixpath.dirname(path)
        if {posixpath.join(folder, "_Sidebar.md"), posixpath.join(folder, "_Footer.md")} & files.names:
            return GitHubWiki(folder, path, folder=folder)
    return None


def recognise_starlight(files: Files) -> Layout | None:
    """Recognise by Astro's settings that name Starlight, beside a folder of docs."""
    for path in files.called(*(f"astro.config.{ending}" for ending in ("mjs", "js", "ts", "mts", "cjs"))):
        folder = posixpath.dirname(path)
        root = posixpath.join(folder, "src/content/docs")
        text = files.text(path)
        if "starlight" in text and any(name.startswith(f"{root}/") for name in files.names):
            return Starlight(root, path, text_setting(text, "base") or "")
    return None


def _plain(part: str) -> str:
    for mark, instead in ((" ", "-"), ("&", "-and-"), ("%", "-percent"), ("?", ""), ("#", "")):
        part = part.replace(mark, instead)
    return part
