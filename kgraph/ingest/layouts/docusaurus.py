"""Docusaurus: docs with number prefixes, versions and translations (https://docusaurus.io/docs/create-doc)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import Any

import msgspec

from kgraph.ingest.layouts.base import Files, Layout, join_address, number

__all__ = ["recognise"]

_SETTINGS = tuple(f"docusaurus.config.{ending}" for ending in ("js", "ts", "mjs", "cjs", "mts"))
_BASE = re.compile(r"\bbaseUrl\s*:\s*[\"'`]([^\"'`]*)")
_ROUTE = re.compile(r"\brouteBasePath\s*:\s*[\"'`]([^\"'`]*)")
_PATH = re.compile(r"\bdocs\s*:\s*\{[^{}]*?\bpath\s*:\s*[\"'`]([^\"'`]*)", re.S)
_URL = re.compile(r"\burl\s*:\s*[\"'`](https?://[^\"'`/]+)")
_LAST = re.compile(r"\blastVersion\s*:\s*[\"'`]([^\"'`]*)")
_CURRENT_AT = re.compile(r"\bcurrent[\"']?\s*:\s*\{[^{}]*?\bpath\s*:\s*[\"'`]([^\"'`]*)", re.S)
_VERSION = re.compile(r"version-([^/]+)/")
_TRANSLATED = re.compile(r"i18n/([^/]+)/docusaurus-plugin-content-(docs|pages|blog)/(?:current/|version-([^/]+)/)?")
_MADE = re.compile(r"blog(?:/(?:tags|authors|archive|page)(?:/.+)?)?|(?:[^/]+/)?(?:category|tags)(?:/.+)?")
"""Addresses of what it makes of many pages: https://docusaurus.io/docs/sidebar/items#generated-index-page."""
_SCRIPT = re.compile(r"((?:[^/]+/)*?[^/]+)\.(?:jsx?|tsx?)")
_POST = re.compile(r"(\d{4})[-/](\d{2})[-/](\d{2})[-/](.+)")


class Docusaurus(Layout):
    """A Docusaurus site; its root is the folder of its settings, as docs, versions, translations and posts lie apart."""

    name = "Docusaurus"
    falls_back = True

    def __init__(self, folder: str, evidence: str, docs: str, route: str, base: str, *, last: str, current: str) -> None:
        """Keep the folder of the docs, their part of the address, and the base of all addresses.

        ``last`` is the version that is served without its name in the address, empty for the current docs; ``current`` is
        the part of the address of these.
        """
        super().__init__(folder, evidence, folder=folder)
        self.docs, self.route, self.base, self.last, self.current = docs, route, base, last, current
        self.scripts: frozenset[str] = frozenset()
        """Addresses of pages that are written as programs."""

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
            if slug:
                return join_address(base, [part for part in slug.split("/") if part], "")
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

    def makes(self, address: str) -> bool:
        base = f"/{self.base.strip('/')}".rstrip("/")
        inner = (address[len(base) :] if address == base or address.startswith(f"{base}/") else address).strip("/")
        return inner in self.scripts or bool(_MADE.fullmatch(inner.removeprefix(f"{self.route}/") if self.route else inner))

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
            return posixpath.join(docs, self.current).rstrip("/"), inner[len(self.docs) + 1 :], "docs"
        if inner.startswith("versioned_docs/") and (version := _VERSION.match(inner, 15)):
            name = "" if version.group(1) == self.last else version.group(1)
            return posixpath.join(docs, name).rstrip("/"), inner[version.end() :], "docs"
        if translated := _TRANSLATED.match(inner):
            language, kind, version_name = translated.groups()
            name = self.current if version_name is None else "" if version_name == self.last else version_name
            own = (self.route, name) if kind == "docs" else ("blog",) if kind == "blog" else ()
            base = "/".join(part for part in (self.base.strip("/"), language, *own) if part)
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
        places = (f"{prefix}{docs}/", f"{prefix}versioned_docs/", f"{prefix}src/pages/", f"{prefix}blog/")
        if any(name.startswith(places) for name in files.names):
            last, current = _versions(files, prefix, text)
            address = route.group(1).strip("/") if route else "docs"
            layout = Docusaurus(folder, path, docs, address, base.group(1) if base else "/", last=last, current=current)
            site = _URL.search(text)
            if layout.base.strip("/"):
                layout.site = f"{site[1] if site else ''}/{layout.base.strip('/')}"
            own = f"{prefix}src/pages/"
            found = (_SCRIPT.fullmatch(name[len(own) :]) for name in files.names if name.startswith(own))
            layout.scripts = frozenset(re.sub(r"(?:^|/)index$", "", script[1]) for script in found if script)
            return layout
    return None


def _versions(files: Files, prefix: str, settings: str) -> tuple[str, str]:
    """The version served without its name, and the part of the address of the current docs.

    See https://docusaurus.io/docs/versioning: it is the newest, and the current docs are ``next``, where the settings say nothing else.
    """
    try:
        names = msgspec.json.decode(files.text(f"{prefix}versions.json"), type=list[str]) if f"{prefix}versions.json" in files.names else []
    except msgspec.DecodeError:
        names = []
    told = _LAST.search(settings)
    last = told.group(1) if told else names[0] if names else ""
    last = "" if last == "current" else last
    at = _CURRENT_AT.search(settings)
    return last, at.group(1).strip("/") if at else "next" if last else ""
