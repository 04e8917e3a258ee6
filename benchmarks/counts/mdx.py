"""Links of a wiki of MDX pages and YAML catalogs, by PyYAML and regular expressions."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

import yaml

from benchmarks.counts.base import Count

__all__ = ["count"]

_FENCE = re.compile(r"^[ \t>]*(`{3,}|~{3,}).*?(?:^[ \t>]*\1[`~]*[ \t]*$|\Z)", re.S | re.M)
_OTHER = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)|\{/\*.*?\*/\}|<!--.*?-->", re.S)
_COMPONENT = re.compile(r"<EntityLink\s[^>]*?\bid=(?:\"([^\"]*)\"|'([^']*)'|\{[\"']([^\"']*)[\"']\})")
_LINK = re.compile(r"(?<!!)\[[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*\]\(\s*<?([^\s()<>]+)>?[^()]*\)")
_HREF = re.compile(r"<(?:a|Link|Card|LinkCard|LinkButton)\s[^>]*?\b(?:href|to)=[\"']([^\"']+)[\"']")
_FRONT = re.compile(r"\A---\n(.*?)^---", re.S | re.M)


def count(folder: Path) -> Count:
    """Links by component, by Markdown and by address; aliases of front matter and catalogs."""
    content = folder / "content" / "docs"
    pages = {path.relative_to(content).as_posix(): path for path in sorted(content.rglob("*.md*"))}
    routes = {_route(inner): inner for inner in pages}
    rows = [row for path in sorted((folder / "data" / "entities").glob("*.yaml")) for row in yaml.safe_load(path.read_text()) or []]
    stems: dict[str, list[str]] = {}
    for route, inner in routes.items():
        stems.setdefault(posixpath.basename(route), []).append(inner)
    known = {row["id"] for row in rows}
    aliases = sum(len(row.get("aliases") or []) for row in rows)
    uses = dead = others = dead_others = redirects = 0
    for inner, path in pages.items():
        text = path.read_text(encoding="utf-8")
        front: Any = yaml.safe_load(match.group(1)) if (match := _FRONT.match(text)) else {}
        aliases += len(front.get("aliases") or [])
        redirects += "redirect" in front or "redirect_to" in front
        text = _OTHER.sub(" ", _FENCE.sub("\n", text))
        for found in _COMPONENT.finditer(text):
            name = next(part for part in found.groups() if part is not None)
            uses += 1
            dead += not _is_known(name, known, routes, stems)
        for target in (*_LINK.findall(text), *_HREF.findall(text)):
            bare = re.split("[?#]", target)[0]
            if re.match(r"[a-z][a-z0-9+.-]*:|//", target, re.I) or not bare or "{" in bare:
                continue
            if re.search(r"\.[a-z][a-z0-9]{0,5}$", bare, re.I) and not re.search(r"\.(?:mdx?|html?)$", bare, re.I):
                continue
            route = bare.strip("/") if bare.startswith("/") else posixpath.normpath(posixpath.join(_route(inner), bare))
            others += 1
            dead_others += _route(route) not in routes
    return Count(
        "PyYAML, and regular expressions over the MDX without code and comments", pages=len(pages), links=uses + others,
        dead=dead + dead_others, aliases=aliases, redirects=redirects,
        notes=(f"{uses} <EntityLink>, {dead} dead; {others} links by address, {dead_others} dead",),
    )  # fmt: skip


def _route(path: str) -> str:
    stem = re.sub(r"\.(?:mdx?|html?)$", "", path.strip("/"))
    return re.sub(r"(?:^|/)index$", "", stem)


def _is_known(name: str, ids: set[str], routes: dict[str, str], stems: dict[str, list[str]]) -> bool:
    """Whether an id is that of a row, a route, or ends in the name of a row or page: pages move, and links keep the former path."""
    bare = name.removeprefix("__index__/").strip("/")
    last = posixpath.basename(bare)
    return bare in ids or bare in routes or (not name.startswith("__index__") and (last in ids or last in stems))
