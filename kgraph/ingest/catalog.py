"""Entity catalogs: lists of rows, each with an id, in YAML, JSON, CSV or TOML, and what part each list plays; statements in RDF.

A list of rows declares *entities*, adds *facts* to entities declared elsewhere, or lists *sources* (cited works). Where
configuration does not say which, the rows themselves do; see :func:`catalog_roles`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from importlib import import_module
from typing import Any, Literal

from msgspec import Struct

from kgraph.config import Catalogs
from kgraph.ingest.catalogfiles import RDF_ENDINGS
from kgraph.ingest.globs import matches
from kgraph.ingest.readers.yamldata import MOST_FIELDS, Record, YamlProblem, read_yaml
from kgraph.model.document import Problem

__all__ = [
    "ID_KEYS", "TITLE_KEYS", "TYPE_KEYS", "CatalogFile", "CatalogRole", "Row", "catalog_roles", "first_of", "read_catalog",
]  # fmt: skip

CatalogRole = Literal["entities", "facts", "sources", "rdf"]
ID_KEYS = ("id", "slug", "key", "identifier")
TITLE_KEYS = ("title", "name", "label", "term", "prefLabel", "displayName", "display_name", "fullName", "full_name")
TYPE_KEYS = (
    "entityType", "entity_type", "type", "kind", "entityKind", "entity_kind", "nodeType", "node_type", "itemType", "item_type"
)  # fmt: skip
_ADDRESS_KEYS = ("url", "doi", "isbn", "arxiv")
_READERS = {
    "json": ("jsondata", "read_json"), "jsonl": ("jsondata", "read_json_lines"), "ndjson": ("jsondata", "read_json_lines"),
    "csv": ("tabulardata", "read_csv"), "tsv": ("tabulardata", "read_tsv"), "toml": ("tomldata", "read_toml"),
}  # fmt: skip
"""For each ending but those of YAML: module and function that gives plain data and problems."""


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
    statements: tuple[str, ...] = ()
    """Of a file of RDF: subject, predicate and object as in N-Triples; blank nodes are called ``_:b0``, ``_:b1`` …"""
    claims: tuple[Row, ...] = ()
    """Of a file of RDF: subjects whose notation may be the id of an entity declared elsewhere."""


def first_of(data: Mapping[str, Any], keys: tuple[str, ...]) -> str | None:
    """Text of the first of ``keys`` that holds a scalar, or None."""
    for key in keys:
        value = data.get(key)
        if isinstance(value, (str, int, float)) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip()
    return None


def read_catalog(text: str, ending: str = "yaml", base: str = "") -> CatalogFile:
    """Rows of a file: those of a list at its root, or of lists one level below.

    A mapping whose values are rows with titles is a list too, whose keys are the ids; in YAML, which much else is written in, most rows
    must have a type as well.

    Args:
        text: Text of the file.
        ending: Ending of its name, which tells the format.
        base: IRI that the relative IRIs of RDF are resolved against.

    """
    if ending in RDF_ENDINGS:
        return _read_statements(text, ending, base)
    if ending in ("yaml", "yml"):
        try:
            data, problems = read_yaml(text)
        except YamlProblem as error:
            return CatalogFile((), (Problem("E104", f"catalog: {error}", error.line),))
        lists = [data] if isinstance(data, list) else list(data.values()) if isinstance(data, dict) else []
        if not any(isinstance(items, list) for items in lists):
            lists = [items for items in _lists(data) if isinstance(items, list) and _are_typed(items)]
    else:
        module, function = _READERS[ending]
        read: Callable[[str], tuple[Any, list[Problem]]] = getattr(import_module(f"kgraph.ingest.readers.{module}"), function)
        data, problems = read(text)
        if any(problem.rule == "E104" for problem in problems) and not data:
            return CatalogFile((), tuple(problems))
        if _is_schema(data) or _is_graph(data):
            return CatalogFile((), ())
        if ending == "json" and _linked_data(data):
            return _read_statements(text, "jsonld", base)
        lists = _lists(data)
    rows: list[Row] = []
    for items in lists:
        if not isinstance(items, list):
            continue
        records = [item for item in items if isinstance(item, Record)]
        named = [item for item in records if first_of(item, ID_KEYS)]
        if not named or len(named) * 2 < len(items) or all("source" in item and "target" in item for item in named):
            continue
        problems += [Problem("W107", "row without id", item.line) for item in records if not first_of(item, ID_KEYS)]
        problems += [Problem("W107", f"row of {len(item):,} fields, beyond reason", item.line) for item in named if len(item) > MOST_FIELDS]
        rows += [_row(item) for item in named if len(item) <= MOST_FIELDS]
    return CatalogFile(tuple(rows), tuple(problems) if rows or any(problem.rule == "W107" for problem in problems) else ())


def _is_schema(data: Any) -> bool:
    """Whether plain data is a JSON Schema: it says what rows hold, and has none."""
    return isinstance(data, dict) and ("$defs" in data or ("$schema" in data and ("properties" in data or "definitions" in data)))


def _is_graph(data: Any) -> bool:
    """Whether plain data is a graph in the node-link form of NetworkX: its nodes were computed."""
    return isinstance(data, dict) and {"directed", "multigraph", "nodes"} <= data.keys()


def _linked_data(data: Any) -> bool:
    """Whether plain data is JSON-LD."""
    first = data[0] if isinstance(data, list) and data else data
    return isinstance(first, dict) and ("@context" in first or "@graph" in first)


def _lists(data: Any) -> list[list[Any]]:
    """Lists of rows in plain data: the root, a mapping of rows by id, or the same one level below."""
    if isinstance(data, list):
        return [data]
    if not isinstance(data, Record):
        return []
    by_id = _rows_by_id(data)
    if by_id:
        return [by_id]
    return [inner for value in data.values() if (inner := value if isinstance(value, list) else _rows_by_id(value))]


def _are_typed(rows: list[Any]) -> bool:
    """Whether most rows have a type."""
    return sum(bool(first_of(row, TYPE_KEYS)) for row in rows if isinstance(row, Record)) * 2 >= len(rows) > 0


def _rows_by_id(data: Any) -> list[Any]:
    """Rows of a mapping from id to row; empty when it is none: most of its values must be mappings, and these have titles."""
    if not isinstance(data, Record):
        return []
    records = [(key, value) for key, value in data.items() if isinstance(value, Record) and key.strip()]
    titled = sum(1 for _, value in records if first_of(value, TITLE_KEYS))
    if not records or len(records) * 5 < len(data) * 4 or titled * 2 < len(records):
        return []
    for key, value in records:
        if not first_of(value, ID_KEYS):
            value["id"] = key
    return [value for _, value in records]


def _read_statements(text: str, ending: str, base: str) -> CatalogFile:
    """A file of RDF: its statements, and as rows the subjects that may be entities."""
    from kgraph.ingest.readers.rdfdata import read_rdf

    found = read_rdf(text, ending, base)
    rows = [(item.own, Row(item.id, item.line, item.data, {key: [item.line] for key in item.data})) for item in found.subjects]
    return CatalogFile(
        tuple(row for own, row in rows if own), found.problems, found.lines, tuple(row for own, row in rows if not own)
    )  # fmt: skip


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
    """The catalogs of one folder, or those of them that look alike, which are taken to play one part."""

    def __init__(self) -> None:
        self.files: list[str] = []
        self.rows: list[Row] = []

    def share(self, keys: tuple[str, ...]) -> float:
        return sum(1 for row in self.rows if first_of(row.data, keys)) / len(self.rows)

    def add(self, path: str, rows: tuple[Row, ...]) -> None:
        self.files.append(path)
        self.rows += rows

    def cites(self, page_ids: frozenset[str]) -> bool:
        """Whether the rows are works to cite: most have an address and a title, few a page."""
        hits = sum(1 for row in self.rows if row.id in page_ids)
        return self.share(_ADDRESS_KEYS) >= 0.5 and hits < 0.2 * len(self.rows) and self.share(TITLE_KEYS) >= 0.5


def catalog_roles(
    catalogs: Mapping[str, CatalogFile], page_ids: frozenset[str], known: frozenset[str], config: Catalogs
) -> tuple[dict[str, CatalogRole], list[str]]:
    """Part that each catalog file plays, and what was assumed.

    The catalogs of one folder and format are looked at together, apart from those that list sources: their rows mostly have an address and
    are no page's id. Of the others, the folder that shares most ids with the pages and their links declares entities; a folder
    whose ids are mostly declared by an earlier one adds facts; a folder whose ids nothing knows is left out as long as
    another one declares entities.

    Args:
        catalogs: Parsed files by path.
        page_ids: Ids of pages.
        known: Ids of pages and whatever else pages refer to by name.
        config: Globs that settle the part of a file.

    """
    roles: dict[str, CatalogRole] = {}
    groups: dict[tuple[str, str], _Group] = {}
    citing: dict[tuple[str, str], _Group] = {}
    notes: list[str] = []
    for path in sorted(catalogs):
        rows = catalogs[path].rows
        told = _told(path, config)
        if catalogs[path].statements:
            roles[path] = "rdf"
            notes.append(f"{path} is merged as it is ({len(catalogs[path].statements)} statements)")
        elif told:
            roles[path] = told
        elif rows:
            ending = path.rsplit(".", 1)[-1].lower()
            folder = path.rsplit("/", 1)[0] if "/" in path else ""
            alone = _Group()
            alone.add(path, rows)
            kept = citing if alone.cites(page_ids) else groups
            kept.setdefault((folder, "yaml" if ending == "yml" else ending), _Group()).add(path, rows)
    for place, group in sorted(citing.items()):
        roles.update(dict.fromkeys(group.files, "sources"))
        where = ", ".join(group.files) if place in groups else _where(place, groups.keys() | citing.keys())
        notes.append(f"{where} lists cited sources ({len(group.rows)} rows)")
    candidates: list[tuple[int, tuple[str, str]]] = []
    for place, group in groups.items():
        if group.share(TITLE_KEYS) >= 0.5 or group.share(TYPE_KEYS) >= 0.5:
            typed = sum(1 for row in group.rows if row.id in known and first_of(row.data, TYPE_KEYS) and first_of(row.data, TITLE_KEYS))
            candidates.append((-typed, place))
    declared = {row.id for path, role in roles.items() if role == "entities" for row in catalogs[path].rows}
    for typed, place in sorted(candidates):
        group = groups[place]
        roles_of, text = _candidate_role(group, typed, declared, known)
        if roles_of:
            roles.update(dict.fromkeys(group.files, roles_of))
        if roles_of == "entities":
            declared.update(row.id for row in group.rows)
        notes.append(f"{_where(place, groups)} {text}")
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
        if matches(path, globs):
            return role  # type: ignore[return-value]
    return None


def _where(place: tuple[str, str], groups: Collection[tuple[str, str]]) -> str:
    """Name of a group; its format too, where the folder holds others."""
    folder, ending = place
    where = f"{folder}/" if folder else "the top folder"
    return f"{where} (.{ending})" if sum(other[0] == folder for other in groups) > 1 else where
