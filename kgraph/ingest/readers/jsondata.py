"""JSON and JSON Lines read for their rows: plain values, each row with the lines of its keys (https://www.rfc-editor.org/rfc/rfc8259)."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from kgraph.ingest.readers.yamldata import Record
from kgraph.model.document import Problem

__all__ = ["DEEPEST", "depth_of", "plain_number", "read_json", "read_json_lines"]

DEEPEST = 100
"""Levels of nesting that data may have."""
_WALKED = 5
"""Levels of which lines are kept; what lies deeper has the line of what holds it."""
_MOST_PROBLEMS = 20
_MOST_BAD = 1_000
_SPACE = re.compile(r"[ \t\n\r]*")
_TOKENS = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[{]|[\]}]', re.S)
_KEY = re.compile(r'"(?:[^"\\]++|\\.)*+"', re.S)


def depth_of(text: str) -> tuple[int, int]:
    """How deep brackets outside strings are nested at the most, and where; stops when it is too deep.

    >>> depth_of('{"a": [1, "[[["]}')[0]
    2
    """
    depth = deepest = at = 0
    for match in _TOKENS.finditer(text):
        sign = match.group()[0]
        if sign in "[{":
            depth += 1
            if depth > deepest:
                deepest, at = depth, match.start()
                if deepest > DEEPEST:
                    break
        elif sign != '"':
            depth -= 1
    return deepest, at


def plain_number(written: str) -> int | float | str:
    """Value of a number; one that 64 bits do not hold stays text.

    >>> plain_number("12"), plain_number("1e3"), plain_number("1e999"), plain_number("9" * 20)
    (12, 1000.0, '1e999', '99999999999999999999')
    """
    digits = written.lstrip("-")
    if digits.isdigit():
        whole = int(written) if len(digits) < 20 else 2**64
        return whole if -(2**63) <= whole < 2**63 else written
    real = float(written)
    return real if real - real == 0 else written


def read_json(text: str) -> tuple[Any, list[Problem]]:
    """Data of a JSON text, mappings as :class:`Record`; None where it is no JSON, with a problem that says where."""
    depth, at = depth_of(text)
    if depth > DEEPEST:
        return None, [Problem("E104", f"nested more than {DEEPEST} levels deep", 1 + text.count("\n", 0, at))]
    reader = _Reader(text)
    try:
        return reader.whole(), reader.problems
    except json.JSONDecodeError as error:
        return None, [Problem("E104", f"no valid JSON: {error.msg}", error.lineno)]


def read_json_lines(text: str) -> tuple[Any, list[Problem]]:
    """One value for each line; a line that is no JSON is left out, with a problem."""
    rows: list[Any] = []
    problems: list[Problem] = []
    bad = 0
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        row, found = read_json(line)
        if row is None and found:
            bad += 1
            if bad > _MOST_BAD:
                problems.append(Problem("E104", f"more than {_MOST_BAD} lines are no valid JSON: the rest was left out", number))
                break
            found = [Problem("W107", f"the line was left out: {found[0].message}", number)]
        if isinstance(row, Record):
            row.line = number
            row.lines = dict.fromkeys(row.lines, number)
        if row is not None:
            rows.append(row)
        problems += [Problem(item.rule, item.message, number) for item in found][: _MOST_PROBLEMS - len(problems)]
    return rows, problems


class _Reader:
    """Goes through the upper levels by itself and leaves the rest to the library."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.problems: list[Problem] = []
        self.line = 1
        self.counted = 0
        self.line_end = -1
        self.decode = json.JSONDecoder(
            object_pairs_hook=self.record, parse_constant=self.constant, parse_int=self.number, parse_float=self.number, strict=False
        ).raw_decode

    def whole(self) -> Any:
        value, end = self.value(self.space(0), 1)
        end = self.space(end)
        if end != len(self.text):
            self.fail("text goes on after the end of the data", end)
        return value

    def fail(self, message: str, at: int) -> NoReturn:
        raise json.JSONDecodeError(message, self.text, at)

    def tell(self, rule: str, message: str) -> None:
        if len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(Problem(rule, message, self.line))

    def space(self, at: int) -> int:
        match = _SPACE.match(self.text, at)
        return match.end() if match else at

    def go_to(self, at: int) -> int:
        """Line of an offset; offsets only grow."""
        self.line += self.text.count("\n", self.counted, at)
        self.counted = at
        return self.line

    # -- values ----------------------------------------------------------------------------------

    def value(self, at: int, level: int) -> tuple[Any, int]:
        sign = self.text[at : at + 1]
        if sign not in ("{", "[") or level > _WALKED:
            return self.decoded(at)
        self.go_to(at)
        if not self.breaks_at_once(at):
            told = len(self.problems)
            value, end = self.decoded(at)
            if end <= self.line_end:
                return value, end
            del self.problems[told:]
        return self.mapping(at, level) if sign == "{" else self.items(at, level)

    def breaks_at_once(self, at: int) -> bool:
        """Whether a line ends right after an opening bracket; what stands on one line needs no walk."""
        if self.line_end < at:
            self.line_end = self.text.find("\n", at)
            if self.line_end < 0:
                self.line_end = len(self.text)
        return self.line_end < len(self.text) and not self.text[at + 1 : min(self.line_end, at + 80)].strip()

    def decoded(self, at: int) -> tuple[Any, int]:
        """A value as the library reads it."""
        try:
            value, end = self.decode(self.text, at)
        except (RecursionError, ValueError) as error:
            if isinstance(error, json.JSONDecodeError):
                raise
            self.fail(str(error).split(":")[0], at)
        return value, end

    def mapping(self, at: int, level: int) -> tuple[Record, int]:
        record = Record()
        record.line = self.go_to(at)
        record.lines = {}
        text = self.text
        at = self.space(at + 1)
        while text[at : at + 1] != "}":
            found = _KEY.match(text, at)
            if not found:
                self.fail("a key in double quotes was expected", at)
            line = self.go_to(at)
            key, _ = self.decode(text, at)
            at = self.space(found.end())
            if text[at : at + 1] != ":":
                self.fail("a colon was expected after the key", at)
            if key in record:
                self.tell("W106", f"the key {key!r} stands twice")
            value, at = self.value(self.space(at + 1), level + 1)
            record[key] = value
            record.lines[key] = line
            at = self.after(at, "}")
        return record, at + 1

    def items(self, at: int, level: int) -> tuple[list[Any], int]:
        self.go_to(at)
        found: list[Any] = []
        at = self.space(at + 1)
        while self.text[at : at + 1] != "]":
            value, at = self.value(at, level + 1)
            found.append(value)
            at = self.after(at, "]")
        return found, at + 1

    def after(self, at: int, closing: str) -> int:
        """What follows a value: a comma and something more, or the closing bracket."""
        at = self.space(at)
        sign = self.text[at : at + 1]
        if sign == ",":
            after = self.space(at + 1)
            if self.text[after : after + 1] == closing:
                self.fail("a comma stands before the closing bracket", at)
            return after
        if sign != closing:
            self.fail(f"a comma or {closing!r} was expected", at)
        return at

    # -- what the library hands over -------------------------------------------------------------

    def record(self, pairs: list[tuple[str, Any]]) -> Record:
        record = Record(pairs)
        record.line = self.line
        record.lines = {}
        if len(record) < len(pairs):
            self.tell("W106", "a key stands twice")
        return record

    def constant(self, written: str) -> str:
        self.tell("W108", f"{written} is no number: taken as text")
        return written

    def number(self, written: str) -> int | float | str:
        value = plain_number(written)
        if isinstance(value, str):
            self.tell("W108", f"{written[:40]} is too large for a number: taken as text")
        return value
