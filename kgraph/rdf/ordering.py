"""ORDER BY over values of several kinds.

The library compares two numbers by value and a number with another literal by text, which is no order: 9 < 10, 10 < "1a" and "1a" < 9.
Sorting such values ends the process, and so does sorting times of day, with a zone and without. SPARQL leaves open how they are sorted
(https://www.w3.org/TR/sparql11-query/#modOrderBy), so numbers are put behind the others, and times of day are sorted by their text.

A query whose head declares what each column holds, as those of the ``queries`` folder do, stays as it is unless one holds anything: the
test costs up to half of the time of sorting. So does a call that gives values of one kind, whatever it is given.
"""

from __future__ import annotations

import re

__all__ = ["order_safely"]

_TIME = "http://www.w3.org/2001/XMLSchema#time"
_HEAD = re.compile(r"\A(?:\s*#[^\n]*\n)+")
_COLUMN = re.compile(r"^\s*#\s*column\s+\w+\s*:\s*(\w+)", re.M)
_IRI_OR_STRING = (
    r"""<[^<>"{}|^`\\\s]*>|\"{3}(?:[^"\\]|\\.|"(?!""))*\"{3}|'{3}(?:[^'\\]|\\.|'(?!''))*'{3}|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'"""
)
_SPACE = r"(?:\s|\#[^\n]*)"
_ORDER = re.compile(rf"(?P<order>(?<![\w?$:.-])ORDER{_SPACE}+BY(?!\w))|{_IRI_OR_STRING}|\#[^\n]*", re.I | re.S)
_CONDITION = re.compile(
    rf"{_SPACE}*(?:(?P<bare>[?$]\w+)|(?P<way>ASC|DESC)?{_SPACE}*(?P<bracket>\()|(?P<call>(?:<[^<>\s]*>|[\w:.-]+){_SPACE}*\())", re.I
)
_ONE_KIND = re.compile(
    rf"""{_SPACE}*(?:STR|LANG|LCASE|UCASE|CONCAT|SUBSTR|REPLACE|ENCODE_FOR_URI|STRBEFORE|STRAFTER|STRUUID|MD5|SHA1|SHA256|SHA384|SHA512
    |TZ|GROUP_CONCAT|DATATYPE|IRI|URI|BNODE|UUID|COUNT|SUM|AVG|STRLEN|ABS|CEIL|FLOOR|ROUND|RAND|YEAR|MONTH|DAY|HOURS|MINUTES|SECONDS
    |NOW|BOUND|REGEX|CONTAINS|STRSTARTS|STRENDS|LANGMATCHES|SAMETERM|ISIRI|ISURI|ISBLANK|ISLITERAL|ISNUMERIC
    |xsd:(?:string|boolean|integer|decimal|float|double)){_SPACE}*\(""",
    re.I | re.X,
)  # fmt: skip
"""A call of a function that gives one kind of value (section 17.4 of the specification)."""
_INNER = re.compile(rf"{_IRI_OR_STRING}|\#[^\n]*|[()]", re.S)


def order_safely(text: str) -> str:
    """A query that sorts by whether a value is a number before it sorts by the value.

    >>> order_safely("SELECT ?a { ?a ?b ?c } ORDER BY STR(?a) DESC(?a) LIMIT 1")[23:71]
    'ORDER BY STR(?a) DESC(isNumeric(?a)) DESC(IF(COA'
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
        end = found.end() if found["bare"] else _closing(text, found.end())
        if end is None:
            break
        start = found.end() if found["bracket"] else found.start("bare" if found["bare"] else "call")
        value = text[start : end - 1 if found["bracket"] else end]
        before = text[place : found.start("way") if found["way"] else found.start("bracket") if found["bracket"] else start]
        pieces.append(text[place:end] if _is_of_one_kind(value) else before + _safe(value, found["way"] or "ASC"))
        place = end
    return "".join(pieces), place


def _is_of_one_kind(value: str) -> bool:
    call = _ONE_KIND.match(value)
    end = _closing(value, call.end()) if call else None
    return end is not None and not value[end:].strip()


def _safe(value: str, way: str) -> str:
    return f"{way}(isNumeric({value})) {way}(IF(COALESCE(DATATYPE({value}) = <{_TIME}>, false), STR({value}), {value}))"


def _closing(text: str, place: int) -> int | None:
    """Behind the bracket that closes the one opened before a place; None where nothing does."""
    depth = 1
    for found in _INNER.finditer(text, place):
        depth += {"(": 1, ")": -1}.get(found[0], 0)
        if depth == 0:
            return found.end()
    return None
