"""CSV and TSV read for their rows: the first row names the columns (https://www.rfc-editor.org/rfc/rfc4180)."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from typing import Any

from kgraph.ingest.readers.yamldata import Record
from kgraph.model.document import Problem
from kgraph.model.types import type_key

__all__ = ["read_csv", "read_tsv"]

_DELIMITERS = ",;\t|"
_MOST_PROBLEMS = 20
_LARGEST_CELL = 1_000_000
_FORMULA = re.compile(r"\s*(?:=|[@+-]\s?[A-Za-z]+\()")
_NAMED_LISTS = re.compile(
    r"(?:aliases|alias|alt-labels?|tags?|keywords|categories|topics|authors?|sources|see-also|parents?|members|related.*)"
)
_PLAIN_COLUMNS = frozenset(
    ("id", "slug", "key", "identifier", "title", "name", "label", "term", "description", "summary", "url", "path", "href")
)
_ID_COLUMNS = frozenset(("id", "slug", "key", "identifier"))
_LONGEST_ITEM = 60


def read_csv(text: str) -> tuple[Any, list[Problem]]:
    """Rows of a table, each a :class:`Record`; the sign between cells is the one that the first row holds most often."""
    head = text.lstrip("\n").split("\n", 1)[0]
    bare = re.sub(r'"(?:[^"]|"")*+"', "", head)
    return _read(text, max(_DELIMITERS, key=lambda sign: (bare.count(sign), -_DELIMITERS.index(sign))))


def read_tsv(text: str) -> tuple[Any, list[Problem]]:
    """Rows of a table whose cells are parted by tabs."""
    return _read(text, "\t")


def _read(text: str, delimiter: str) -> tuple[Any, list[Problem]]:
    problems: list[Problem] = []

    def tell(rule: str, message: str, line: int) -> None:
        if len(problems) < _MOST_PROBLEMS:
            problems.append(Problem(rule, message, line))

    limit = csv.field_size_limit(_LARGEST_CELL)
    names: list[str] = []
    rows: list[tuple[int, list[str]]] = []
    line = 1
    try:
        reader = csv.reader(io.StringIO(text.replace("\x00", ""), newline=""), delimiter=delimiter, strict=True)
        for cells in reader:
            started, line = line, reader.line_num + 1
            if not any(cells) or not any(map(str.strip, cells)):
                continue
            if not names:
                names = [_column(cell, place) for place, cell in enumerate(cells)]
                for name in [name for name, count in Counter(names).items() if count > 1]:
                    tell("W106", f"two columns are called {name!r}", started)
                continue
            if len(cells) > len(names):
                tell("W108", f"the row has {len(cells)} cells and the table {len(names)} columns", started)
            rows.append((started, cells))
    except csv.Error as error:
        problems = [Problem("E104", f"no valid table: {error}", line)] if _ID_COLUMNS & set(names) else []
        rows = []
    finally:
        csv.field_size_limit(limit)
    lists = _list_columns(names, rows, ";|".replace(delimiter, ""))
    columns = [(name, lists.get(name)) for name in names]
    records: list[Record] = []
    for started, cells in rows:
        record = Record()
        record.line = started
        record.lines = {}
        for (name, pattern), cell in zip(columns, cells, strict=False):
            cell = cell.strip()
            if not cell:
                continue
            if cell[0] in "=@+-" and _FORMULA.match(cell):
                tell("W108", f"the cell {cell[:40]!r} reads like a formula: taken as text", started)
            record[name] = cell if pattern is None else [part.strip() for part in re.split(pattern, cell) if part.strip()]
        if record:
            records.append(record)
    return records, problems


def _column(cell: str, place: int) -> str:
    """Name of a column: as written, but for the letter case of the names that have a meaning."""
    written = " ".join(cell.split())
    lowered = written.lower()
    return (
        lowered if lowered in _PLAIN_COLUMNS or _NAMED_LISTS.fullmatch(lowered) or lowered == "type" else written or f"column {place + 1}"
    )


def _list_columns(names: list[str], rows: list[tuple[int, list[str]]], signs: str) -> dict[str, str]:
    """Columns whose cells hold lists, with the pattern to split them at.

    One that is called as lists are; or any other but titles and prose, when whatever stands between the signs is short.
    """
    found: dict[str, str] = {}
    for place, name in enumerate(names):
        cells = [cells[place] for _, cells in rows if place < len(cells)]
        used = [sign for sign in signs if any(sign in cell for cell in cells)]
        if name in _PLAIN_COLUMNS or not used:
            continue
        pattern = f"[{re.escape(''.join(used))}]"
        if _NAMED_LISTS.fullmatch(type_key(name)) or all(_short_parts(pattern, cell) for cell in cells):
            found[name] = pattern
    return found


def _short_parts(pattern: str, cell: str) -> bool:
    return len(cell) < 10_000 and all(
        len(part) <= _LONGEST_ITEM and not part.rstrip().endswith((".", "!", "?")) for part in re.split(pattern, cell)
    )
