"""Hugo: ``content`` with sections and bundles (https://gohugo.io/content-management/urls/)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import Any

from kgraph.ingest.layouts.base import Files, Layout, join_address, without_ending

__all__ = ["recognise"]

_SETTINGS = ("hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json")
_OLD_SETTINGS = ("config.toml", "config.yaml", "config.yml", "config.json")
_MARKS = re.compile(
    r"^\s*[\"']?(?:baseURL|contentDir|languageCode|defaultContentLanguage|disableKinds|enableGitInfo)[\"']?\s*[:=]", re.I | re.M
)
_CONTENT = re.compile(r"^\s*[\"']?contentDir[\"']?\s*[:=]\s*[\"']?([^\"'\n,]+)", re.M)
_LANGUAGE_ENDING = re.compile(r"\.[a-z]{2}(?:-[a-z]{2,4})?$", re.I)


class Hugo(Layout):
    """A Hugo site: addresses in lower case, ``slug`` and ``url`` of the front matter in force."""

    name = "Hugo"

    def slug(self, path: str) -> str:
        folder, name = posixpath.split(self.inner(path))
        return posixpath.basename(folder) if without_ending(name) == "index" else super().slug(path)

    def address(self, path: str, front_matter: Mapping[str, Any]) -> str:
        told = front_matter.get("url")
        if isinstance(told, str) and told.strip():
            return posixpath.join("/", told.strip())
        parts = [_urlize(part) for part in self.parts(path)]
        slug = front_matter.get("slug")
        if isinstance(slug, str) and slug.strip() and parts and self.slug(path):
            parts[-1] = _urlize(slug.strip("/ "))
        language = _LANGUAGE_ENDING.search(without_ending(path))
        if language and parts:
            parts[-1] = parts[-1].removesuffix(language.group().lower())
            parts = [*([language.group()[1:].lower()]), *(part for part in parts if part not in ("index", "_index"))]
        return join_address("", parts)


def recognise(files: Files) -> Layout | None:
    """Recognise by its settings beside a folder of content."""
    for path in files.called(*_SETTINGS, *_OLD_SETTINGS):
        folder, name = posixpath.split(path)
        text = files.text(path)
        if name in _OLD_SETTINGS and not _MARKS.search(text):
            continue
        site = posixpath.dirname(posixpath.dirname(folder)) if folder.endswith("config/_default") else folder
        told = _CONTENT.search(text)
        root = posixpath.normpath(posixpath.join(site, told.group(1).strip() if told else "content")).removeprefix("./")
        if any(name.startswith(f"{root}/") for name in files.names):
            return Hugo(root, path, folder=site)
    return None


def _urlize(part: str) -> str:
    return re.sub(r"[^\w\-.~+%/]", "", re.sub(r"\s+", "-", part.strip())).lower()
