"""TOML read for its rows: arrays of tables and tables of tables, with the line of each (https://toml.io/en/v1.0.0)."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from kgraph.ingest.readers.jsondata import DEEPEST, depth_of, plain_number
from kgraph.ingest.readers.yamldata import Record
from kgraph.model.document import Problem

__all__ = ["read_toml"]

_LARGEST = 4_000_000
"""Characters that are read at the most: the library is slow."""
_HEADER = re.compile(r"[ \t]*(\[\[?)[ \t]*([^\[\]\n]+?)[ \t]*\]\]?[ \t]*(?:#.*)?$")
_PAIR = re.compile(r"[ \t]*[\"']?([\w-]+)[\"']?[ \t]*=")
_NOT_KEY = re.compile(r"[^\w.\- \t\"']+")
_AT = re.compile(r"at line (\d+)")


def read_toml(text: str) -> tuple[Any, list[Problem]]:
    """Data of a TOML text, mappings as :class:`Record`; None where it is no TOML, with a problem that says where."""
    if len(text) > _LARGEST:
        return None, [Problem("E104", f"more than {_LARGEST:,} characters of TOML: split the file", 1)]
    for number, line in enumerate(text.split("\n"), 1):
        if line.count(".") > DEEPEST and any(part.count(".") > DEEPEST for part in _NOT_KEY.split(line)):
            return None, [Problem("E104", f"nested more than {DEEPEST} levels deep", number)]
    depth, at = depth_of(text)
    if depth > DEEPEST:
        return None, [Problem("E104", f"nested more than {DEEPEST} levels deep", 1 + text.count("\n", 0, at))]
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        place = _AT.search(str(error))
        what = "nested too deeply" if isinstance(error, RecursionError) else str(error).split(" (at ")[0]
        return None, [Problem("E104", f"no valid TOML: {what}", int(place.group(1)) if place else 1)]
    builder = _Builder(text)
    return builder.convert(data, ()), builder.problems


class _Builder:
    """Puts lines to parsed data: by the headers of its tables, in their order."""

    def __init__(self, text: str) -> None:
        self.problems: list[Problem] = []
        self.headers: dict[tuple[str, ...], list[int]] = {}
        self.keys: dict[int, dict[str, int]] = {}
        at = 0
        self.keys[0] = {}
        for number, line in enumerate(text.split("\n"), 1):
            header = _HEADER.match(line) if "[" in line else None
            pair = _PAIR.match(line) if header is None else None
            if header:
                path = tuple(part.strip(" \t\"'") for part in header.group(2).split("."))
                self.headers.setdefault(path, []).append(number)
                self.keys[number] = {}
                at = number
            elif pair:
                self.keys[at].setdefault(pair.group(1), number)

    def convert(self, value: Any, path: tuple[str, ...], place: int = 0, line: int = 0) -> Any:
        """A value with lines; what is no number, text or truth value as text."""
        if isinstance(value, dict):
            lines = self.headers.get(path, [])
            own = lines[place] if place < len(lines) else 0
            record = Record()
            known = self.keys.get(own, {}) if own or not path else {}
            record.line = own or line or 1
            record.lines = {}
            for key, inner in value.items():
                at = known.get(key, record.line)
                record[key] = self.convert(inner, (*path, key), 0, at)
                record.lines[key] = record[key].line if isinstance(record[key], Record) else at
            return record
        if isinstance(value, list):
            tables = bool(value) and len(self.headers.get(path, ())) == len(value)
            return [self.convert(item, path if isinstance(item, dict) else (*path, ""), place if tables else len(value), line)
                    for place, item in enumerate(value)]  # fmt: skip
        if isinstance(value, (bool, str)):
            return value
        if isinstance(value, (int, float)):
            number = plain_number(str(value)) if abs(value) < 2**64 else str(value)[:40]
            if isinstance(number, str) or number - number != 0:
                self.problems += [Problem("W108", f"{number} is no number that 64 bits hold: taken as text", line or 1)][
                    : 20 - len(self.problems)
                ]
                return str(number)
            return number
        return value.isoformat()
