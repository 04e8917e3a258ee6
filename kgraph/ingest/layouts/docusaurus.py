"""Docusaurus: docs with number prefixes, versions and translations (https://docusaurus.io/docs/create-doc)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import Any

from kgraph.ingest.layouts.base import Files, Layout, join_address, number

__all__ = ["recognise"]

_SETTINGS = tuple(f"docusaurus.config.{ending}" for ending in ("js", "ts", "mjs", "cjs", "mts"))
_BASE = re.compile(r"\bbaseUrl\s*:\s*[\"'`]([^\"'`]*)")
_ROUTE = re.compile(r"\brouteBasePath\s*:\s*[\"'`]([^\"'`]*)")
_PATH = re.compile(r"\bdocs\s*:\s*\{[^{}]*?\bpath\s*:\s*[\"'`]([^\"'`]*)", re.S)
_VERSION = re.compile(r"version-([^/]+)/")
_TRANSLATED = re.compile(r"i18n/([^/]+)/docusaurus-plugin-content-(docs|pages|blog)/(?:current/|version-([^/]+)/)?")
_POST = re.compile(r"(\d{4})[-/](\d{2})[-/](\d{2})[-/](.+)")


class Docusaurus(Layout):
    """A Docusaurus site; its root is the folder of its settings, as docs, versions, translations and posts lie apart."""

    name = "Docusaurus"
    falls_back = True

    def __init__(self, folder: str, evidence: str, docs: str, route: str, base: str) -> None:
        """Keep the folder of the docs, their part of the address, and the base of all addresses."""
        super().__init__(folder, evidence, folder=folder)
        self.docs, self.route, self.base = docs, route, base

    def is_page(self, path: str) -> bool:
        return super().is_page(path) and self._place(path) is not None and not path.rsplit("/", 1)[-1].startswith("_")

    def is_published(self, front_matter: Mapping[str, Any]) -> bool:
        return front_matter.get("draft") is not True

    def address(self, path: str, front_matter: Mapping[str, Any]) -> str:
        base, inner, kind = self._place(path) or (self.base, self.inner(path), "pages")
        slug = front_matter.get("slug")
        slug = slug.strip() if isinstance(slug, str) else ""
        if slug.startswith("/"):
            return join_address(base, [part for part in slug.split("/") if part], "")
        parts = Layout().parts(inner)
        if kind == "blog":
            post = _POST.fullmatch("/".join(parts))
            parts = [*post.groups()[:3], post.group(4)] if post else parts
        elif kind == "docs":
            parts = [number(part) for part in parts]
            if len(parts) > 1 and parts[-1] == parts[-2]:
                parts = parts[:-1]
        declared = slug or (front_matter.get("id") if kind == "docs" else "")
        if isinstance(declared, str) and declared and parts and self.slug(path):
            parts[-1:] = [part for part in declared.split("/") if part]
        return join_address(base, parts, "")

    def edition(self, path: str) -> tuple[str, str, str] | None:
        inner = self.inner(path)
        if inner.startswith("versioned_docs/") and (version := _VERSION.match(inner, 15)):
            return f"docs/{inner[version.end() :]}", "", version.group(1)
        if translated := _TRANSLATED.match(inner):
            language, kind, name = translated.groups()
            return f"{kind}/{inner[translated.end() :]}", language, name or ""
        for folder, kind in ((self.docs, "docs"), ("blog", "blog"), ("src/pages", "pages")):
            if inner.startswith(f"{folder}/"):
                return f"{kind}/{inner[len(folder) + 1 :]}", "", ""
        return None

    def slug(self, path: str) -> str:
        found = number(super().slug(path))
        parent = number(path.rsplit("/", 2)[-2]) if path.count("/") else ""
        return "" if found == parent else found

    def _place(self, path: str) -> tuple[str, str, str] | None:
        """Base of the address, path below the folder of its kind, and the kind; None for a file of no kind."""
        inner = self.inner(path)
        docs = "/".join(part for part in (self.base.strip("/"), self.route) if part)
        if inner.startswith(f"{self.docs}/"):
            return docs, inner[len(self.docs) + 1 :], "docs"
        if inner.startswith("versioned_docs/") and (version := _VERSION.match(inner, 15)):
            return f"{docs}/{version.group(1)}", inner[version.end() :], "docs"
        if translated := _TRANSLATED.match(inner):
            language, kind, version_name = translated.groups()
            base = "/".join(part for part in (self.base.strip("/"), language, self.route if kind == "docs" else "", version_name) if part)
            return base, inner[translated.end() :], kind
        if inner.startswith("blog/"):
            return f"{self.base.strip('/')}/blog", inner[5:], "blog"
        if inner.startswith("src/pages/"):
            return self.base, inner[10:], "pages"
        return None


def recognise(files: Files) -> Layout | None:
    """Recognise by its settings, which are JavaScript and only searched, never run."""
    for path in files.called(*_SETTINGS):
        text, folder = files.text(path), posixpath.dirname(path)
        base, route, told = _BASE.search(text), _ROUTE.search(text), _PATH.search(text)
        docs = posixpath.normpath(told.group(1) if told else "docs").strip("/")
        prefix = f"{folder}/" if folder else ""
        if any(name.startswith((f"{prefix}{docs}/", f"{prefix}src/pages/", f"{prefix}blog/")) for name in files.names):
            return Docusaurus(folder, path, docs, route.group(1).strip("/") if route else "docs", base.group(1) if base else "/")
    return None
