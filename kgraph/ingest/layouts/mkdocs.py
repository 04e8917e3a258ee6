"""MkDocs: ``mkdocs.yml`` with its navigation (https://www.mkdocs.org/user-guide/configuration/), or ``zensical.toml`` with the same."""

from __future__ import annotations

import posixpath
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from kgraph.ingest.layouts.base import Files, Layout, is_index, join_address
from kgraph.ingest.readers.yamldata import YamlProblem, read_yaml
from kgraph.model.finding import Finding, finding
from kgraph.model.text import clip

__all__ = ["recognise"]

_PAGE = re.compile(r"\.(?:md|markdown|html?|ipynb|rst)$", re.I)


class MkDocs(Layout):
    """One site, or one site for each language."""

    name = "MkDocs"
    by_file = True

    def __init__(self, sites: dict[str, tuple[str, str, bool]], evidence: str, titles: Mapping[str, str], folder: str) -> None:
        """Keep the sites: folder of the pages to the base of the addresses, the language, and whether pages are folders."""
        super().__init__(posixpath.commonpath(sites) if all(sites) else "", evidence, titles, folder)
        self.sites = sites

    def is_page(self, path: str) -> bool:
        return any(path.startswith(f"{root}/") if root else True for root in self.sites)

    def address(self, path: str, front_matter: Mapping[str, Any]) -> str:  # noqa: ARG002
        root = max((root for root in self.sites if path.startswith(f"{root}/") or not root), key=len, default=self.root)
        base, language, folders = self.sites.get(root, ("", "", True))
        if language:
            base = f"{base.rstrip('/')}/{language}"
        parts = Layout(root).parts(path)
        return join_address(base, parts, "/" if folders or is_index(path) else ".html")

    def edition(self, path: str) -> tuple[str, str, str] | None:
        root = max((root for root in self.sites if path.startswith(f"{root}/") or not root), key=len, default=None)
        if root is None or len(self.sites) < 2:
            return None
        return f"*/{path[len(root) + 1 :]}", self.sites[root][1], ""


def recognise(files: Files) -> Layout | None:
    """Recognise by ``mkdocs.yml``; several beside one another are the languages of one site."""
    found: list[tuple[str, Mapping[str, Any]]] = []
    for path in files.called("mkdocs.yml", "mkdocs.yaml", "zensical.yml", "zensical.yaml", "zensical.toml"):
        data = _settings(path, files.text(path))
        if isinstance(data, Mapping) and {"site_name", "nav", "docs_dir", "theme", "plugins", "INHERIT"} & data.keys():
            found.append((path, data))
    sites: dict[str, tuple[str, str, bool]] = {}
    titles: dict[str, str] = {}
    missing: list[Finding] = []
    main = next((path for path, data in found if "INHERIT" not in data), found[0][0] if found else "")
    settings = dict(next((data for path, data in found if path == main), {}))
    address = settings.get("site_url")
    base = urlsplit(address).path if isinstance(address, str) else ""
    for path, data in found:
        folder = posixpath.dirname(path)
        inner = data.get("docs_dir", settings.get("docs_dir", "docs"))
        root = posixpath.normpath(posixpath.join(folder, inner if isinstance(inner, str) else "docs")).removeprefix("./")
        if root.startswith("..") or not any(name.startswith(f"{root}/") for name in files.names):
            continue
        language = "" if path == main or len(found) == 1 else posixpath.basename(folder)
        sites[root] = (base, language, data.get("use_directory_urls", settings.get("use_directory_urls", True)) is not False)
        entries = list(_entries(data.get("nav")))
        titles.update({f"{root}/{page}": title for title, page in entries if title})
        missing += _missing(path, files, [page for _, page in entries if f"{root}/{page}" not in files.names])
    if not sites:
        return None
    layout = MkDocs(sites, main, titles, posixpath.dirname(main))
    layout.findings = tuple(missing)
    layout.fragments = "github" if "slugify" in files.text(main) else "toc"
    layout.falls_back = _falls_back(settings.get("plugins"))
    return layout


def _falls_back(plugins: Any) -> bool:
    """Whether mkdocs-static-i18n builds a site of which pages without translation are those of the first language."""
    for item in plugins if isinstance(plugins, list) else [plugins]:
        if item == "i18n" or (isinstance(item, Mapping) and "i18n" in item):
            given = item["i18n"] if isinstance(item, Mapping) else None
            return not (isinstance(given, Mapping) and given.get("fallback_to_default") is False)
    return False


def _settings(path: str, text: str) -> Any:
    """What a file of settings says; None where it cannot be read. Zensical has the names of MkDocs, below ``project``."""
    try:
        return tomllib.loads(text).get("project") if path.endswith(".toml") else read_yaml(text)[0]
    except (YamlProblem, tomllib.TOMLDecodeError, RecursionError):
        return None


def _missing(path: str, files: Files, pages: list[str]) -> list[Finding]:
    """Pages that a navigation names and that are not there, at their lines; folders and addresses are left out."""
    gone = [page for page in pages if _PAGE.search(page)]
    lines = files.text(path).splitlines() if gone else []
    return [
        finding("W212", f"the navigation names {clip(page, 120)!r}, which is not there", path,
                next((number for number, line in enumerate(lines, 1) if page in line), 0))
        for page in gone
    ]  # fmt: skip


def _entries(nav: Any, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Title and page of each entry of a navigation; an entry without title has an empty one."""
    for item in nav if isinstance(nav, list) and depth < 20 else ():
        if isinstance(item, str):
            yield "", item
        elif isinstance(item, Mapping):
            for title, inner in item.items():
                if isinstance(inner, str) and "://" not in inner:
                    yield " ".join(str(title).split()), posixpath.normpath(inner)
                else:
                    yield from _entries(inner, depth + 1)
