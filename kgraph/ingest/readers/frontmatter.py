"""Front matter: what stands before the first line of a page, in YAML (``---``), TOML (``+++``) or JSON (``{``)."""

from __future__ import annotations

import datetime
import json
import re
import tomllib
from typing import Any

from msgspec import Struct

from kgraph.ingest.readers.yamldata import MOST_FIELDS, Record, YamlProblem, read_yaml
from kgraph.model.document import Problem

__all__ = ["FrontMatter", "split_front_matter"]

_YAML = re.compile(r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S | re.M)
_TOML = re.compile(r"\A\+\+\+[ \t]*\n(.*?)^\+\+\+[ \t]*(?:\n|\Z)", re.S | re.M)
_TOML_KEY = re.compile(r"[ \t]*(?:\[\[?[ \t]*)?[\"']?([\w-]+)")
_JSON_START = re.compile(r"\A\{\s*\"")
_LARGEST_JSON = 200_000
_PAIR = re.compile(r"(?P<key>[ \t]*(?:-[ \t]+)*[\w][\w .-]*:[ \t]+)(?P<value>[^\s\"'\[{|>&*!#].*?|[@`%&*!].*?)[ \t]*$")
_ITEM = re.compile(r"(?P<key>[ \t]*-[ \t]+)(?P<value>[@`%&*!\w].*?)[ \t]*$")
_MENDED_AT_MOST = 20


class FrontMatter(Struct, frozen=True):
    """Front matter taken off a page."""

    data: dict[str, Any]
    """Plain JSON values; dates are ISO 8601 text."""
    lines: dict[str, int]
    """Line of each top-level key."""
    body: str
    """Text after it."""
    body_line: int
    """Line on which the body starts."""
    problems: tuple[Problem, ...] = ()


def split_front_matter(text: str) -> FrontMatter:
    """Take the front matter off a page.

    >>> found = split_front_matter("---\\ntitle: A\\n---\\nText")
    >>> found.data, found.lines, found.body, found.body_line
    ({'title': 'A'}, {'title': 2}, 'Text', 4)
    """
    found = None
    if block := _YAML.match(text):
        found = _from_yaml(block.group(1), text, block.end())
    elif block := _TOML.match(text):
        found = _from_toml(block.group(1), text, block.end())
    elif _JSON_START.match(text):
        found = _from_json(text)
    if found and len(found.data) > MOST_FIELDS:
        problem = Problem("E103", f"front matter: {len(found.data):,} keys are beyond reason", 2)
        return FrontMatter({}, {}, found.body, found.body_line, (*found.problems, problem))
    return found or FrontMatter({}, {}, text, 1)


def _rest(text: str, end: int) -> tuple[str, int]:
    return text[end:], 1 + text.count("\n", 0, end)


def _from_yaml(block: str, text: str, end: int) -> FrontMatter:
    body, body_line = _rest(text, end)
    mended: list[Problem] = []
    while True:
        try:
            data, problems = read_yaml(block, first_line=2)
        except YamlProblem as error:
            again = _quoted(block, error.line - 2) if len(mended) < _MENDED_AT_MOST else None
            if again is None:
                return FrontMatter({}, {}, body, body_line, (Problem("E103", f"front matter: {error}", error.line),))
            block = again
            mended.append(Problem("W108", f"front matter: {error}; the value was taken as plain text", error.line))
        else:
            break
    found = (*mended, *problems)
    if data is None:
        return FrontMatter({}, {}, body, body_line, found)
    if not isinstance(data, Record):
        return FrontMatter({}, {}, body, body_line, (*found, Problem("E103", "front matter is no mapping of keys to values", 2)))
    return FrontMatter(data, data.lines, body, body_line, found)


def _quoted(block: str, place: int) -> str | None:
    """The block with the value on one of its lines in quotes, or None when there is nothing to mend."""
    lines = block.split("\n")
    for number in (place, place - 1):
        pair = (_PAIR.match(lines[number]) or _ITEM.match(lines[number])) if 0 <= number < len(lines) else None
        if pair:
            lines[number] = pair["key"] + json.dumps(pair["value"], ensure_ascii=False)
            return "\n".join(lines)
    return None


def _from_toml(block: str, text: str, end: int) -> FrontMatter:
    body, body_line = _rest(text, end)
    try:
        data = tomllib.loads(block)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        at = re.search(r"line (\d+)", str(error))
        line = int(at.group(1)) + 1 if at else 2
        return FrontMatter({}, {}, body, body_line, (Problem("E103", f"front matter: {error}", line),))
    lines: dict[str, int] = {}
    for number, line_text in enumerate(block.split("\n"), 2):
        key = _TOML_KEY.match(line_text)
        if key and key.group(1) in data:
            lines.setdefault(key.group(1), number)
    return FrontMatter(_plain(data), lines, body, body_line)


def _from_json(text: str) -> FrontMatter | None:
    """JSON front matter; None when the text only looks like it, as a code sample does."""
    try:
        data, end = json.JSONDecoder(parse_constant=str).raw_decode(text[:_LARGEST_JSON])
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict) or not (text[end:].startswith("\n") or not text[end:].strip()):
        return None
    lines: dict[str, int] = {}
    for key in data:
        place = text.find(json.dumps(key, ensure_ascii=False), 0, end)
        lines[key] = 1 + text.count("\n", 0, max(place, 0))
    body, body_line = _rest(text, end)
    return FrontMatter(_plain(data), lines, body, body_line)


def _plain(value: Any) -> Any:
    """JSON values, dates as text, text without lone surrogates."""
    if isinstance(value, dict):
        return {_plain(str(key)): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return str(value)
    return str(value) if isinstance(value, int) and abs(value) >= 2**63 else value
