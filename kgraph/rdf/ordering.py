"""ORDER BY over values of several kinds.

The library compares two numbers by value and a number with another literal by text, which is no order: 9 < 10, 10 < "1a" and "1a" < 9.
Sorting such values ends the process. SPARQL leaves open how they are sorted
(https://www.w3.org/TR/sparql11-query/#modOrderBy), so numbers are put behind the others.

A query whose head declares what each column holds, as those of the ``queries`` folder do, stays as it is unless one holds anything: the
test costs up to half of the time of sorting.
"""

from __future__ import annotations

import re

__all__ = ["order_safely"]

_HEAD = re.compile(r"\A(?:\s*#[^\n]*\n)+")
_COLUMN = re.compile(r"^\s*#\s*column\s+\w+\s*:\s*(\w+)", re.M)
_IRI_OR_STRING = (
    r"""<[^<>"{}|^`\\\s]*>|\"{3}(?:[^"\\]|\\.|"(?!""))*\"{3}|'{3}(?:[^'\\]|\\.|'(?!''))*'{3}|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'"""
)
_SPACE = r"(?:\s|\#[^\n]*)"
_ORDER = re.compile(rf"(?P<order>(?<![\w?$:.-])ORDER{_SPACE}+BY(?!\w))|{_IRI_OR_STRING}|\#[^\n]*", re.I | re.S)
_CONDITION = re.compile(
    rf"(?P<space>{_SPACE}*)(?:(?P<bare>[?$]\w+)|(?P<way>ASC|DESC)?{_SPACE}*\({_SPACE}*(?P<named>[?$]\w+){_SPACE}*\)|(?P<other>[\w:.-]*{_SPACE}*\())",
    re.I,
)
_INNER = re.compile(rf"{_IRI_OR_STRING}|\#[^\n]*|[()]", re.S)


def order_safely(text: str) -> str:
    """A query that sorts by whether a variable is a number before it sorts by the variable.

    >>> order_safely("SELECT ?a { ?a ?b ?c } ORDER BY DESC(?a) ?b LIMIT 1")
    'SELECT ?a { ?a ?b ?c } ORDER BY DESC(isNumeric(?a)) DESC(?a) ASC(isNumeric(?b)) ASC(?b) LIMIT 1'
    >>> order_safely("SELECT ('ORDER BY ?a' AS ?b) {} # ORDER BY ?b")
    "SELECT ('ORDER BY ?a' AS ?b) {} # ORDER BY ?b"
    """
    head = _HEAD.match(text)
    kinds = set(_COLUMN.findall(head[0])) if head else set()
    if "ORDER" not in text.upper() or (kinds and "any" not in kinds):
        return text
    pieces, place = [], 0
    for found in _ORDER.finditer(text):
        if found["order"] and found.start() >= place:
            pieces.append(text[place : found.end()])
            conditions, place = _conditions(text, found.end())
            pieces.append(conditions)
    return "".join(pieces) + text[place:]


def _conditions(text: str, place: int) -> tuple[str, int]:
    """The conditions that start at a place, made safe, and where they end."""
    pieces = []
    while (found := _CONDITION.match(text, place)) is not None:
        name = found["bare"] or found["named"]
        if name:
            way = found["way"] or "ASC"
            pieces.append(f"{found['space']}{way}(isNumeric({name})) {way}({name})")
            place = found.end()
        else:
            end = _closing(text, found.end())
            pieces.append(text[place:end])
            place = end
    return "".join(pieces), place


def _closing(text: str, place: int) -> int:
    """Where the bracket that was opened before a place is closed."""
    depth = 1
    for found in _INNER.finditer(text, place):
        depth += {"(": 1, ")": -1}.get(found[0], 0)
        if depth == 0:
            return found.end()
    return len(text)
