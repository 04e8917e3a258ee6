"""What is wrong in a configuration file: the line, the key and the mend."""

from __future__ import annotations

import difflib
import re
from typing import Any, get_args

import msgspec
from msgspec import Struct

__all__ = ["explain", "keys_at", "line_of"]


def explain(message: str, name: str, text: str, prefix: tuple[str, ...], root: type[Struct]) -> str:
    """Turn a message of msgspec into one line that names the place and the mend.

    Args:
        message: What msgspec said.
        name: Name of the file.
        text: Text of the file.
        prefix: Keys of the table that holds the configuration.
        root: What the configuration is read as.

    """
    at = re.search(r" - at `\$?\.?([^`]*)`", message)
    path = re.sub(r"\[\d+\]", "", at.group(1).replace("[...]", ".*")) if at else ""
    place = [part for part in path.split(".") if part and (part[0].isalpha() or part == "*")]
    what = message[: at.start()] if at else message
    if unknown := re.search(r"unknown field `([^`]*)`", what):
        place.append(unknown.group(1))
        close = difflib.get_close_matches(unknown.group(1), keys_at(tuple(place[:-1]), root), n=2)
        mend = f"did you mean {' or '.join(close)}?" if close else "`kgraph init` writes a file with every key"
        return f"{name}:{line_of(text, (*prefix, *place))}: unknown key {'.'.join(place)!r}: {mend}"
    if wrong := re.fullmatch(r"Invalid enum value '?([^']*)'?", what):
        allowed = ", ".join(map(str, get_args(_kind_at(tuple(place), root))))
        line = line_of(text, (*prefix, *place), value=wrong.group(1))
        written = text.splitlines()[line - 1].partition("=")[0].strip(" \t\"'") if text else ""
        named = [*place[:-1], written] if place[-1:] == ["*"] else place
        return f"{name}:{line}: {'.'.join(named)}: {wrong.group(1)!r} is none of {allowed}"
    return f"{name}:{line_of(text, (*prefix, *place))}: {'.'.join(place)}: {what}"


def _kind_at(place: tuple[str, ...], root: type[Struct]) -> Any:
    """What a value at a place is read as; None where nothing is."""
    kind: Any = root
    for part in place:
        if isinstance(kind, type) and issubclass(kind, Struct):
            kind = next((item.type for item in msgspec.structs.fields(kind) if item.encode_name == part), None)
        else:
            kind = (get_args(kind) or (None,))[-1]
    return kind


def keys_at(place: tuple[str, ...], root: type[Struct]) -> tuple[str, ...]:
    """Keys that the table at a place can have; none where the place is no table.

    >>> from kgraph.config import Config
    >>> keys_at(("check",), Config)[:2], keys_at(("types", "river"), Config)[:2], keys_at(("base_iri",), Config)
    (('fail_on', 'rules'), ('label', 'plural'), ())
    """
    kind = _kind_at(place, root)
    return tuple(item.encode_name for item in msgspec.structs.fields(kind)) if isinstance(kind, type) and issubclass(kind, Struct) else ()


def line_of(text: str, place: tuple[str, ...], *, value: str = "") -> int:
    """Line on which a dotted key is set, to what holds ``value``, or that of the longest part of it that is there; 1 when nothing is.

    ``*`` is any key.
    """
    best, depth = 1, 0
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*\[\[?([^\]]+)\]\]?", line)
        key = re.match(r"\s*([\w.\"'-]+)\s*=", line)
        if header:
            table = tuple(part.strip(" \"'") for part in header.group(1).split("."))
            path = table
        elif key:
            path = (*table, *(part.strip("\"'") for part in key.group(1).split("."))) if value in line[key.end() :] else table
        else:
            continue
        shared = 0
        while shared < min(len(path), len(place)) and place[shared] in (path[shared], "*"):
            shared += 1
        if shared > depth or (shared == depth and shared == len(path) == len(place)):
            best, depth = number, shared
    return best
