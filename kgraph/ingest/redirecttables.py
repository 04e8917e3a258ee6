"""Former addresses that a site lists in a file: what sends the reader on is the server or the site builder, not a page.

Read are ``_redirects`` (Netlify, Cloudflare), ``netlify.toml``, ``vercel.json``, ``docs.json`` and ``mint.json`` (Mintlify), the plugin
``redirects`` of MkDocs, ``redirects`` of Astro and the redirects of Docusaurus. Patterns are left out, and no settings are run.
"""

from __future__ import annotations

import json
import posixpath
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from kgraph.ingest.layouts.base import Files, Layout
from kgraph.ingest.readers.yamldata import YamlProblem, read_yaml

__all__ = ["listed_redirects"]

Pair: TypeAlias = tuple[str, str]
"""A former address, and the address it leads to."""

_SCRIPTS = ("js", "mjs", "cjs", "ts", "mts")
_FOLDERS = ("", "static", "public", "docs")
_MOST = 20_000
_PATTERN = re.compile(r"[*:({\\]")
_QUOTED = r"""["'`]([^"'`\n]{1,500})["'`]"""
_ASTRO = re.compile(rf"{_QUOTED}\s*:\s*(?:{_QUOTED}|\{{[^{{}}]{{0,500}}?\bdestination\s*:\s*{_QUOTED})")
_FROM_TO = re.compile(rf"\bfrom\s*:\s*(?:{_QUOTED}|\[([^\[\]]{{0,2000}})\])\s*,\s*to\s*:\s*{_QUOTED}")
_TO_FROM = re.compile(rf"\bto\s*:\s*{_QUOTED}\s*,\s*from\s*:\s*(?:{_QUOTED}|\[([^\[\]]{{0,2000}})\])")


def listed_redirects(files: Files, layout: Layout) -> tuple[Pair, ...]:
    """Former addresses and where they lead, in the order of the tables; the first word on an address counts."""
    found: dict[str, str] = {}
    for name, read in _TABLES.items():
        for path in files.called(name):
            if not _near(posixpath.dirname(path), layout):
                continue
            for source, target in read(files.text(path), layout):
                if len(found) < _MOST and source.startswith("/") and not _PATTERN.search(source) and source != target:
                    found.setdefault(source, target)
    return tuple(found.items())


def _near(folder: str, layout: Layout) -> bool:
    """Whether a folder is where a site keeps its settings, or the files that it serves at its root."""
    starts = {"", layout.folder, layout.root, posixpath.dirname(layout.root)}
    return any(folder == posixpath.join(start, inner).rstrip("/") for start in starts for inner in _FOLDERS)


def _lines(text: str, layout: Layout) -> Iterator[Pair]:  # noqa: ARG001
    """``/from /to 301``: https://docs.netlify.com/manage/routing/redirects/overview/."""
    for line in text.splitlines():
        parts = line.partition("#")[0].split() if line.lstrip().startswith("#") else line.split()
        if len(parts) > 1:
            yield parts[0], parts[1]


def _netlify(text: str, layout: Layout) -> Iterator[Pair]:  # noqa: ARG001
    try:
        rows = tomllib.loads(text).get("redirects")
    except tomllib.TOMLDecodeError:
        return
    yield from _pairs(rows, "from", "to")


def _json(text: str, layout: Layout) -> Iterator[Pair]:  # noqa: ARG001
    """A list ``redirects`` of source and destination, as Vercel and Mintlify have it."""
    try:
        data = json.loads(text) if len(text) - len(text.replace("[", "")) < _MOST else None
    except (ValueError, RecursionError):
        return
    yield from _pairs(data.get("redirects") if isinstance(data, Mapping) else None, "source", "destination")


def _pairs(rows: Any, source: str, target: str) -> Iterator[Pair]:
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, Mapping) and isinstance(row.get(source), str) and isinstance(row.get(target), str):
            yield row[source], row[target]


def _mkdocs(text: str, layout: Layout) -> Iterator[Pair]:
    """``redirect_maps`` of mkdocs-redirects, from file to file or address."""
    try:
        data, _ = read_yaml(text)
    except YamlProblem:
        return
    plugins = data.get("plugins") if isinstance(data, Mapping) else None
    for item in plugins if isinstance(plugins, list) else [plugins]:
        given = item.get("redirects") if isinstance(item, Mapping) else None
        maps = given.get("redirect_maps") if isinstance(given, Mapping) else None
        for source, target in maps.items() if isinstance(maps, Mapping) else ():
            if isinstance(source, str) and isinstance(target, str):
                yield _served(source, layout), _served(target, layout)


def _served(written: str, layout: Layout) -> str:
    """Address of a file of MkDocs, where a file is written."""
    path, sign, fragment = written.partition("#")
    if "://" in path or not path.lower().endswith((".md", ".markdown")):
        return written
    return f"{layout.address(posixpath.join(layout.root, path), {})}{sign}{fragment}"


def _astro(text: str, layout: Layout) -> Iterator[Pair]:  # noqa: ARG001
    """``redirects: {'/from': '/to'}``: https://docs.astro.build/en/reference/configuration-reference/#redirects."""
    for start in re.finditer(r"\bredirects\s*:\s*\{", text):
        for source, plain, told in _ASTRO.findall(_within(text, start.end())):
            yield source, plain or told


def _within(text: str, start: int) -> str:
    """What stands up to the brace that closes the one before ``start``."""
    depth = 1
    for found in re.finditer(r"[{}]", text[start : start + 500_000]):
        depth += 1 if found[0] == "{" else -1
        if depth == 0:
            return text[start : start + found.start()]
    return ""


def _docusaurus(text: str, layout: Layout) -> Iterator[Pair]:  # noqa: ARG001
    """``{from: '/from', to: '/to'}``: https://docusaurus.io/docs/api/plugins/@docusaurus/plugin-client-redirects."""
    for one, several, target in _FROM_TO.findall(text):
        yield from ((source, target) for source in _sources(one, several))
    for target, one, several in _TO_FROM.findall(text):
        yield from ((source, target) for source in _sources(one, several))


def _sources(one: str, several: str) -> Iterable[str]:
    return [one] if one else re.findall(_QUOTED, several)


_TABLES: dict[str, Callable[[str, Layout], Iterator[Pair]]] = {
    "_redirects": _lines,
    "netlify.toml": _netlify,
    **dict.fromkeys(("vercel.json", "docs.json", "mint.json"), _json),
    **dict.fromkeys(("mkdocs.yml", "mkdocs.yaml"), _mkdocs),
    **dict.fromkeys((f"astro.config.{ending}" for ending in _SCRIPTS), _astro),
    **dict.fromkeys((f"docusaurus.config.{ending}" for ending in _SCRIPTS), _docusaurus),
}
"""Reader of each file by its name."""
