"""Which files may hold catalogs: by their ending, unless their name says that they are settings of some tool."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

import msgspec
from msgspec import Struct

__all__ = ["RDF_ENDINGS", "ROW_ENDINGS", "may_be_catalog", "own_outputs"]

ROW_ENDINGS = frozenset(("yaml", "yml", "json", "jsonl", "ndjson", "csv", "tsv", "toml"))
"""Endings of files of rows."""
RDF_ENDINGS = frozenset(("ttl", "nt", "nq", "trig", "jsonld", "rdf", "owl"))
"""Endings of files of statements."""

_SETTINGS = re.compile(
    r"package(?:-lock)?\.json|npm-shrinkwrap\.json|composer\.(?:json|lock)|bower\.json|lerna\.json|nx\.json|turbo\.json|rush\.json|deno\.jsonc?"
    r"|(?:ts|js)config(?:[.-][\w.-]+)?\.json|angular\.json|vercel\.json|netlify\.toml|now\.json|firebase\.json|renovate\.json|biome\.json"
    r"|manifest\.(?:json|webmanifest)|asset-manifest\.json|search[-_]?index\.json|versions\.json|sidebars?\.json|vale\.json|cspell\.json"
    r"|[\w.-]*\.config\.json|[\w.-]*\.schema\.json|schema\.json|[\w.-]*\.code-workspace|launch\.json|tasks\.json|settings\.json"
    r"|[\w.-]*[-.]lock\.(?:json|ya?ml|toml)|pnpm-(?:lock|workspace)\.ya?ml|yarn\.lock|poetry\.toml|uv\.toml|ruff\.toml|cargo\.toml"
    r"|pyproject\.toml|kgraph\.toml|hugo\.(?:toml|ya?ml|json)|book\.toml|gopkg\.toml|pipfile\.toml|rustfmt\.toml|clippy\.toml|taplo\.toml"
    r"|mkdocs\.ya?ml|_config\.(?:ya?ml|toml|json)|_category_\.(?:json|ya?ml)|_toc\.ya?ml|docker-compose[\w.-]*\.ya?ml|compose\.ya?ml"
    r"|action\.ya?ml|azure-pipelines\.ya?ml|appveyor\.ya?ml|codecov\.ya?ml|environment\.ya?ml|meta\.ya?ml|openapi\.(?:json|ya?ml)"
    r"|swagger\.(?:json|ya?ml)|pubspec\.ya?ml|chart\.ya?ml|values\.ya?ml|requirements\.ya?ml|site-options\.json|codemeta\.json|tslint\.json|jest\.json",
    re.I,
)
"""Files that tools are set up with, which look like rows now and then."""
_MANIFEST, _INDEX, _MARK = "manifest.json", "related.json", "kgraph.d.ts"
"""Files of a site export of kgraph: the first names the others, the last may be left out."""
_EXPORTED = ("related.json", "hubs.json", "blocks.json")
_TABLES = tuple(f"{name}.csv" for name in ("entities", "links", "relations", "mentions", "related", "hubs", "candidates"))
"""Files that every export of tables holds, in CSV."""


def may_be_catalog(path: str) -> bool:
    """Whether a file can hold rows or statements.

    >>> may_be_catalog("data/people.json"), may_be_catalog("web/package.json"), may_be_catalog("a/b.md"), may_be_catalog("x.ttl")
    (True, False, False, True)
    """
    name = path.rsplit("/", 1)[-1]
    ending = name.rpartition(".")[2].lower()
    return ending in RDF_ENDINGS or (ending in ROW_ENDINGS and not _SETTINGS.fullmatch(name))


class _Manifest(Struct):
    """Of a manifest what tells that kgraph wrote it."""

    schemaVersion: int
    counts: dict[str, int]
    files: dict[str, dict[str, Any]]


def own_outputs(paths: Iterable[str], read: Callable[[str], bytes | None]) -> frozenset[str]:
    """The files that are an export of kgraph: what was computed is no source. Other files of the same folder are not among them.

    Args:
        paths: All files.
        read: Gives what a file holds, or None where it cannot be read.

    """
    names = frozenset(paths)
    found: set[str] = set()
    for path in names:
        start, name = path[: path.rfind("/") + 1], path[path.rfind("/") + 1 :]
        if name in (_INDEX, _MARK):
            named = _named(read(f"{start}{_MANIFEST}")) if f"{start}{_MANIFEST}" in names else ()
            if not named and f"{start}{_MARK}" in names:  # the manifest is lost or damaged
                named = (
                    *_EXPORTED,
                    *(other[len(start) :] for other in names if other.startswith(f"{start}pages/") and other.endswith(".json")),
                )
            found.update(f"{start}{other}" for other in named)
        elif name == _TABLES[0] and names.issuperset(f"{start}{table}" for table in _TABLES):
            found.update(f"{start}{table}" for table in _TABLES)
    return names & found


def _named(manifest: bytes | None) -> Iterable[str]:
    """The files that a manifest of kgraph names; none where it is one of others."""
    try:
        told = msgspec.json.decode(manifest or b"", type=_Manifest)
    except msgspec.MsgspecError:
        return ()
    return told.files if _INDEX in told.files and "backlinks" in told.counts else ()
