"""Entity catalogs: lists of rows in YAML, each with an id, and what part each list plays.

A list of rows declares *entities*, adds *facts* to entities declared elsewhere, or lists *sources* (cited works). Where
configuration does not say which, the rows themselves do; see :func:`catalog_roles`.
"""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any, Literal

from msgspec import Struct

from kgraph.config import Catalogs
from kgraph.ingest.readers.yamldata import Record, YamlProblem, read_yaml
from kgraph.model.document import Problem

__all__ = ["ID_KEYS", "TITLE_KEYS", "CatalogFile", "CatalogRole", "Row", "catalog_roles", "first_of", "read_catalog"]

CatalogRole = Literal["entities", "facts", "sources"]
ID_KEYS = ("id", "slug", "key", "identifier")
TITLE_KEYS = ("title", "name", "label", "term", "prefLabel")
_ADDRESS_KEYS = ("url", "doi", "isbn", "arxiv")


class Row(Struct, frozen=True, array_like=True):
    """One row of a catalog."""

    id: str
    line: int
    data: dict[str, Any]
    """The row as plain values."""
    item_lines: dict[str, list[int]]
    """For each field whose value is a list, the line of each item; for the others, one line."""


class CatalogFile(Struct, frozen=True, array_like=True):
    """The rows of one file."""

    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]


def first_of(data: Mapping[str, Any], keys: tuple[str, ...]) -> str | None:
    """Text of the first of ``keys`` that holds a scalar, or None."""
    for key in keys:
        value = data.get(key)
        if isinstance(value, (str, int, float)) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip()
    return None


def read_catalog(text: str) -> CatalogFile:
    """Rows of a YAML file: those of a list at its root, or of lists one level below."""
    try:
        data, problems = read_yaml(text)
    except YamlProblem as error:
        return CatalogFile((), (Problem("E104", f"catalog: {error}", error.line),))
    lists = [data] if isinstance(data, list) else list(data.values()) if isinstance(data, dict) else []
    rows: list[Row] = []
    for items in lists:
        if not isinstance(items, list):
            continue
        records = [item for item in items if isinstance(item, Record)]
        named = [item for item in records if first_of(item, ID_KEYS)]
        if not named or len(named) * 2 < len(items) or all("source" in item and "target" in item for item in named):
            continue
        problems += [Problem("W107", "row without id", item.line) for item in records if not first_of(item, ID_KEYS)]
        rows += [_row(item) for item in named]
    return CatalogFile(tuple(rows), tuple(problems) if rows else ())


def _row(record: Record) -> Row:
    lines: dict[str, list[int]] = {}
    for key, value in record.items():
        line = record.lines.get(key, record.line)
        if isinstance(value, list):
            lines[key] = [item.line if isinstance(item, Record) else line for item in value]
        else:
            lines[key] = [line]
    return Row(first_of(record, ID_KEYS) or "", record.line, dict(record), lines)


class _Group:
    """The catalogs of one folder, which are taken to play one part."""

    def __init__(self) -> None:
        self.files: list[str] = []
        self.rows: list[Row] = []

    def share(self, keys: tuple[str, ...]) -> float:
        return sum(1 for row in self.rows if first_of(row.data, keys)) / len(self.rows)


def catalog_roles(
    catalogs: Mapping[str, CatalogFile], page_ids: frozenset[str], known: frozenset[str], config: Catalogs
) -> tuple[dict[str, CatalogRole], list[str]]:
    """Part that each catalog file plays, and what was assumed.

    The catalogs of one folder are looked at together. A folder whose rows mostly have an address and are no page's id lists
    sources. Of the others, the folder that shares most ids with the pages and their links declares entities; a folder
    whose ids are mostly declared by an earlier one adds facts; a folder whose ids nothing knows is left out as long as
    another one declares entities.

    Args:
        catalogs: Parsed files by path.
        page_ids: Ids of pages.
        known: Ids of pages and whatever else pages refer to by name.
        config: Globs that settle the part of a file.

    """
    roles: dict[str, CatalogRole] = {}
    groups: dict[str, _Group] = {}
    for path in sorted(catalogs):
        rows = catalogs[path].rows
        told = _told(path, config)
        if told:
            roles[path] = told
        elif rows:
            group = groups.setdefault(path.rsplit("/", 1)[0] if "/" in path else "", _Group())
            group.files.append(path)
            group.rows += rows
    notes: list[str] = []
    candidates: list[tuple[int, str]] = []
    for folder, group in groups.items():
        hits = sum(1 for row in group.rows if row.id in page_ids)
        if group.share(_ADDRESS_KEYS) >= 0.5 and hits < 0.2 * len(group.rows) and group.share(TITLE_KEYS) >= 0.5:
            roles.update(dict.fromkeys(group.files, "sources"))
            notes.append(f"{_where(folder)} lists cited sources ({len(group.rows)} rows)")
        elif group.share(TITLE_KEYS) >= 0.5 or group.share(("type",)) >= 0.5:
            typed = sum(1 for row in group.rows if row.id in known and row.data.get("type") and first_of(row.data, TITLE_KEYS))
            candidates.append((-typed, folder))
    declared = {row.id for path, role in roles.items() if role == "entities" for row in catalogs[path].rows}
    for typed, folder in sorted(candidates):
        group = groups[folder]
        roles_of, text = _candidate_role(group, typed, declared, known)
        if roles_of:
            roles.update(dict.fromkeys(group.files, roles_of))
        if roles_of == "entities":
            declared.update(row.id for row in group.rows)
        notes.append(f"{_where(folder)} {text}")
    return roles, notes


def _candidate_role(group: _Group, typed: int, declared: set[str], known: frozenset[str]) -> tuple[CatalogRole | None, str]:
    ids = {row.id for row in group.rows}
    if declared:
        overlap = len(ids & declared)
        if overlap * 2 >= len(ids & (declared | known)) and overlap:
            return "facts", f"adds facts to {overlap} entities declared elsewhere; its other {len(ids - declared)} rows are left out"
        if not typed or len(ids & known) < 0.2 * len(ids):
            return None, f"left out: pages know {len(ids & known)} of its {len(ids)} ids (say so under [catalogs] if it declares entities)"
    elif group.share(TITLE_KEYS) < 0.5 and not typed:
        return None, "left out: its rows have no title and no page knows them"
    return "entities", f"declares entities ({len(ids)} rows)"


def _told(path: str, config: Catalogs) -> CatalogRole | None:
    for role, globs in (("entities", config.entities), ("facts", config.facts), ("sources", config.sources)):
        if any(fnmatchcase(path, glob) for glob in globs):
            return role  # type: ignore[return-value]
    return None


def _where(folder: str) -> str:
    return f"{folder}/" if folder else "the top folder"
