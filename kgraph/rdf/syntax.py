"""What is wrong in a query that does not parse, where, and how to mend it."""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Collection, Iterator

from kgraph.errors import QueryError

__all__ = ["QuerySyntaxError", "explain_syntax_error"]

_TOKEN = re.compile(
    r"""(?P<space>\s+|\#[^\n]*)
    |(?P<iri><[^<>"{}|^`\\\s]*>)
    |(?P<string>\"{3}(?:[^\"\\]|\\.|\"(?!\"\"))*\"{3}|'{3}(?:[^'\\]|\\.|'(?!''))*'{3}|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*')
    |(?P<variable>[?$]\w+)
    |(?P<blank>_:\w+)
    |(?P<name>[^\W\d_][\w.-]*:[\w.:%-]*|:[\w.:%-]*)
    |(?P<word>[^\W\d]\w*)
    |(?P<other>.)""",
    re.X | re.S,
)
_WORDS = """
SELECT CONSTRUCT DESCRIBE ASK WHERE FROM NAMED PREFIX BASE DISTINCT REDUCED GROUP ORDER BY HAVING LIMIT OFFSET VALUES OPTIONAL
UNION MINUS GRAPH FILTER BIND EXISTS NOT IN AS ASC DESC UNDEF COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT SEPARATOR STR LANG
LANGMATCHES DATATYPE BOUND IRI URI BNODE RAND ABS CEIL FLOOR ROUND CONCAT STRLEN UCASE LCASE ENCODE_FOR_URI CONTAINS STRSTARTS
STRENDS STRBEFORE STRAFTER YEAR MONTH DAY HOURS MINUTES SECONDS NOW UUID STRUUID MD5 SHA1 SHA256 COALESCE IF STRLANG STRDT
SAMETERM ISIRI ISURI ISBLANK ISLITERAL ISNUMERIC REGEX SUBSTR REPLACE SERVICE SILENT TRUE FALSE A
""".split()  # noqa: SIM905
_AGGREGATES = {"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"}
_UPDATES = {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD", "WITH"}
_PAIRS = {")": "(", "]": "[", "}": "{"}


class QuerySyntaxError(QueryError):
    """A query does not parse; the message gives line and column."""

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        """Say what is wrong; ``line`` and ``column`` count from 1."""
        super().__init__(message)
        self.line = line
        self.column = column


class _Token:
    __slots__ = ("column", "kind", "line", "text")

    def __init__(self, kind: str, text: str, line: int, column: int) -> None:
        self.kind, self.text, self.line, self.column = kind, text, line, column


def explain_syntax_error(text: str, message: str, prefixes: Collection[str]) -> QuerySyntaxError:
    """An error that points at the place and says what to do.

    Args:
        text: The query.
        message: What the parser said: ``error at LINE:COLUMN: expected …``.
        prefixes: Prefixes that need no declaration.

    >>> str(explain_syntax_error("SELECT * { ?s kgr:rank ?o }", "error at 1:23: expected one of Prefix not found", ["kg"]))
    'the query does not parse: line 1, column 15: unknown prefix `kgr`, did you mean `kg`?'

    """
    message = " ".join(message.split())
    place = re.match(r"error at (\d+):(\d+): ", message)
    line, column = (int(place[1]), int(place[2])) if place else (1, 1)
    tokens = [token for token in _tokens(text) if token.kind != "space"]
    found = _cause(tokens, message, line, column, prefixes)
    if found is None:
        near = next((token for token in tokens if (token.line, token.column + len(token.text)) >= (line, column)), None)
        found = (line, column, _expected(message, near))
    line, column, reason = found
    return QuerySyntaxError(f"the query does not parse: line {line}, column {column}: {reason}", line, column)


def _tokens(text: str) -> Iterator[_Token]:
    line, start = 1, 0
    for match in _TOKEN.finditer(text):
        found = match.group()
        yield _Token(str(match.lastgroup), found, line, match.start() - start + 1)
        if "\n" in found:
            line += found.count("\n")
            start = match.start() + found.rindex("\n") + 1


def _cause(
    tokens: list[_Token], message: str, line: int, column: int, prefixes: Collection[str]
) -> tuple[int, int, str] | None:  # fmt: skip
    """Line, column and reason, where the cause is a common one."""
    if not tokens:
        return 1, 1, "the query is empty"
    first = next((token for token in tokens if token.kind == "word" and token.text.upper() not in ("PREFIX", "BASE")), None)
    if first is not None and first.text.upper() in _UPDATES:
        return first.line, first.column, f"{first.text} is an update: only queries are answered"
    if "Prefix not found" in message:
        unknown = _unknown_prefix(tokens, prefixes)
        if unknown is not None:
            return unknown
    if "variable that is unbound" in message:
        return line, column, "SELECT names a variable that is neither in GROUP BY nor within COUNT, MAX or the like"
    return _misspelt(tokens, line, column) or _unbalanced(tokens) or _misplaced(tokens, message)


def _misplaced(tokens: list[_Token], message: str) -> tuple[int, int, str] | None:
    """Words that are right, where they may not stand."""
    head = next((number for number, token in enumerate(tokens) if token.text == "{"), len(tokens))
    opened = [""]
    for number, (token, after) in enumerate(itertools.pairwise(tokens)):
        word, before = token.text.upper(), tokens[number - 1].text if number else ""
        if word == "(":
            opened.append(before.upper())
        elif word == ")" and len(opened) > 1:
            opened.pop()
        if token.text == "=" and after.text == ">" and (token.line, token.column + 1) == (after.line, after.column):
            return token.line, token.column, "`=>` is no operator: write `>=`"
        if number < head and word in _AGGREGATES and after.text == "(" and before.upper() in ("SELECT", "DISTINCT", "REDUCED"):
            return token.line, token.column, f"SELECT takes a name for what is computed: write ({word}(…) AS ?name)"
        bound = number > head and opened[-1] == "BIND" and message.endswith("expected [_]")
        if word == "AS" and after.kind == "variable" and (bound or "overrides an existing variable" in message):
            others = tokens[head:number] if bound else tokens[head:]
            if any(other.text[1:] == after.text[1:] for other in others if other.kind == "variable"):
                return after.line, after.column, f"`{after.text}` has a value already: call what is computed here by another name"
    return _shared_label(tokens) if "unreported" in message else None


def _shared_label(tokens: list[_Token]) -> tuple[int, int, str] | None:
    """A label of a blank node that stands in two groups."""
    groups: dict[str, int] = {}
    group = 0
    for token in tokens:
        group += token.text in ("{", "}")
        if token.kind == "blank" and groups.setdefault(token.text, group) != group:
            return token.line, token.column, f"`{token.text}` stands in another group already: write a variable, such as ?{token.text[2:]}"
    return None


def _unknown_prefix(tokens: list[_Token], prefixes: Collection[str]) -> tuple[int, int, str] | None:
    known = set(prefixes)
    declared = False
    for token in tokens:
        if token.kind == "word" and token.text.upper() == "PREFIX":
            declared = True
        elif token.kind == "name":
            prefix = token.text.partition(":")[0]
            if declared:
                known.add(prefix)
            elif prefix not in known:
                close = difflib.get_close_matches(prefix, known, n=1, cutoff=0.5)
                mend = f"did you mean `{close[0]}`?" if close else f"declare it: PREFIX {prefix}: <IRI>"
                return token.line, token.column, f"unknown prefix `{prefix}`, {mend}"
            declared = False
    return None


def _misspelt(tokens: list[_Token], line: int, column: int) -> tuple[int, int, str] | None:
    """The first thing up to the place, or just behind it, that cannot stand anywhere in a query."""
    based = False
    for number, token in enumerate(tokens):
        if token.kind == "other" and token.text in "\"'":
            return token.line, token.column, f"the string that starts here has no closing {token.text}"
        if token.kind == "other" and token.text == "<" and number + 1 < len(tokens) and tokens[number + 1].kind in ("word", "name"):
            return token.line, token.column, "no valid IRI starts here: within < and > there is no space, quote or brace"
        if token.kind == "iri" and not based and not re.match(r"<[A-Za-z][A-Za-z0-9+.-]*:", token.text):
            return token.line, token.column, f"{token.text} is a relative IRI: write it in full, or declare BASE"
        if token.kind == "other" and token.text == "," and all(other.text != "{" for other in tokens[:number]):
            return token.line, token.column, "the variables of SELECT are separated by spaces, not by commas"
        if token.kind == "word" and token.text.upper() not in _WORDS:
            close = difflib.get_close_matches(token.text.upper(), _WORDS, n=1, cutoff=0.6)
            mend = f"did you mean {close[0]}?" if close else "write variables as ?name and names as prefix:name"
            return token.line, token.column, f"`{token.text}` is no word of SPARQL, {mend}"
        based = based or token.text.upper() == "BASE"
        if (token.line, token.column) > (line, column):
            break
    return None


def _unbalanced(tokens: list[_Token]) -> tuple[int, int, str] | None:
    """A bracket without its other half."""
    opened: list[_Token] = []
    for token in tokens:
        if token.kind != "other":
            continue
        if token.text in "([{":
            opened.append(token)
        elif token.text in _PAIRS:
            if not opened or opened[-1].text != _PAIRS[token.text]:
                return token.line, token.column, f"`{token.text}` closes nothing"
            opened.pop()
    if opened:
        return opened[-1].line, opened[-1].column, f"the `{opened[-1].text}` here is not closed"
    return None


def _expected(message: str, near: _Token | None) -> str:
    """What does not fit, and what the parser expected where it names a single word that does."""
    if "IRI parsing failed" in message:
        return f"{near.text if near else 'this'} is no valid IRI"
    wanted = re.search(r"expected (AS|BY|WHERE)$", message)
    here = f"`{near.text.splitlines()[0]}` does not go here" if near is not None else "the query ends too early"
    return f"{here}, expected {wanted[1]}" if wanted else here
