"""SPARQL 1.1 over the store: queries by name, parameters bound as terms; results are written by :mod:`kgraph.rdf.results`."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct

from kgraph.errors import QueryError
from kgraph.rdf.results import GRAPH_FORMATS, TABLE_FORMATS, python_value, render_result, serialize_triples
from kgraph.rdf.terms import PREFIXES

if TYPE_CHECKING:
    import pyoxigraph as ox

__all__ = ["GRAPH_FORMATS", "TABLE_FORMATS", "NamedQuery", "Parameter", "QueryResult", "QuerySyntaxError", "find_named_query",
           "has_keyword", "named_queries", "python_value", "render_result", "run_query", "serialize_triples"]  # fmt: skip

_HEADER = re.compile(r"#\s?(.*)")
_PARAMETER = re.compile(r"(\w+)\s*:\s*(entity|type|string|integer)\s*(?:=\s*(\S.*?))?\s*(?:—|--|–)\s*(.+)")


class QuerySyntaxError(QueryError):
    """A query does not parse; the message gives line and column."""


class Parameter(Struct, frozen=True):
    """One parameter of a named query, bound to the variable of the same name."""

    name: str
    kind: Literal["entity", "type", "string", "integer"]
    default: str | None
    """None when it must be given."""
    purpose: str


class NamedQuery(Struct, frozen=True):
    """A query of the ``queries`` folder."""

    name: str
    purpose: str
    parameters: tuple[Parameter, ...]
    columns: tuple[str, ...]
    """One line for each column: name and meaning."""
    text: str


class QueryResult(Struct, frozen=True):
    """Result of any query form."""

    kind: Literal["solutions", "boolean", "triples"]
    variables: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    """Terms of pyoxigraph or None: the solutions, or the triples in a fixed order."""
    answer: bool | None = None
    """Answer of ASK."""
    truncated: bool = False
    """Whether there are more rows than were asked for."""


def parse_query_file(name: str, text: str) -> NamedQuery:
    """Read the comment at the head of a query file: purpose, ``param`` lines, ``column`` lines.

    >>> query = parse_query_file("q", "# What for.\\n# param page: entity = home -- the page\\n# column id -- its id\\nSELECT ?id {}")
    >>> query.purpose, query.parameters[0].default, query.columns
    ('What for.', 'home', ('id -- its id',))
    """
    purpose: list[str] = []
    parameters: list[Parameter] = []
    columns: list[str] = []
    for line in text.splitlines():
        match = _HEADER.fullmatch(line)
        if match is None:
            break
        told = match.group(1).strip()
        if told.startswith("param "):
            parameter = _PARAMETER.fullmatch(told[6:].strip())
            if parameter is None:
                raise QueryError(f"{name}.rq: parameter line {told!r} is not of the form `param NAME: KIND [= DEFAULT] -- purpose`")
            given, kind, default, why = parameter.groups()
            parameters.append(Parameter(given, kind, default, why))  # type: ignore[arg-type]
        elif told.startswith("column "):
            columns.append(told[7:].strip())
        elif told:
            purpose.append(told)
    return NamedQuery(name, " ".join(purpose), tuple(parameters), tuple(columns), text)


def queries_folder() -> Path:
    """Folder of the named queries: in the package when installed, beside it in a checkout."""
    here = Path(__file__).resolve().parent.parent
    inside = here / "queries"
    return inside if inside.is_dir() else here.parent / "queries"


def named_queries() -> dict[str, NamedQuery]:
    """All named queries by name."""
    folder = queries_folder()
    return {path.stem: parse_query_file(path.stem, path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.rq"))}


def find_named_query(name: str) -> NamedQuery:
    """The query of this name.

    Raises:
        QueryError: there is none; the message lists the closest names.

    """
    import difflib

    known = named_queries()
    if name in known:
        return known[name]
    close = difflib.get_close_matches(name, known, n=3, cutoff=0.4)
    hint = f"; did you mean {', '.join(close)}?" if close else "; `kgraph query --list` shows them"
    raise QueryError(f"no query is called {name!r}{hint}")


def run_query(
    store: ox.Store,
    text: str,
    *,
    bindings: Mapping[str, Any] | None = None,
    prefixes: Mapping[str, str] | None = None,
    timeout: float | None = None,
    default_graphs: Sequence[str] | None = None,
    named_graphs: Sequence[str] | None = None,
    limit: int | None = None,
) -> QueryResult:
    """Run a query over the union of all named graphs, or over the dataset that its FROM clauses or the arguments describe.

    Args:
        store: Store to ask; nothing is written.
        text: SPARQL 1.1 query; the prefixes of :data:`PREFIXES` are known. An update is refused.
        bindings: Terms bound to variables before the query runs.
        prefixes: Further prefixes.
        timeout: Seconds after which to give up.
        default_graphs: IRIs of the graphs that make up the default graph, in place of the query's own FROM clauses.
        named_graphs: IRIs of the named graphs that GRAPH sees; when one of the two is given, the other one is empty by default
            (https://www.w3.org/TR/sparql11-protocol/#dataset).
        limit: Rows or triples to read at the most.

    Raises:
        QueryError: the query does not parse, fails, or runs out of time.

    """

    def work() -> QueryResult:
        import pyoxigraph as ox

        known = {**PREFIXES, **(prefixes or {})}
        dataset = _dataset(text, known, default_graphs, named_graphs)
        found = store.query(bind(text, bindings or {}), prefixes=known, **dataset)
        if isinstance(found, ox.QueryBoolean):
            return QueryResult("boolean", (), (), bool(found))
        if isinstance(found, ox.QuerySolutions):
            variables = tuple(variable.value for variable in found.variables)
            places = range(len(variables))
            rows = tuple(tuple(row[place] for place in places) for row in islice(found, limit))
            return QueryResult("solutions", variables, rows, truncated=_more(found, rows, limit))
        read = [(t.subject, t.predicate, t.object) for t in islice(found, limit)]
        triples = tuple(sorted(set(read), key=lambda triple: tuple(map(str, triple))))
        return QueryResult("triples", ("subject", "predicate", "object"), triples, truncated=_more(found, read, limit))

    return _within(work, timeout)


def _more(found: Iterator[Any], read: Sequence[Any], limit: int | None) -> bool:
    return limit is not None and len(read) == limit and next(found, None) is not None


def _dataset(text: str, prefixes: Mapping[str, str], default: Sequence[str] | None, named: Sequence[str] | None) -> dict[str, Any]:
    """The dataset of a query: the one asked for, else that of its FROM clauses, else the union of all named graphs.

    SPARQL 1.1 Protocol, section 2.1.4, and SPARQL 1.1 Query Language, section 13.2.
    """
    import pyoxigraph as ox

    if default is None and named is None:
        return {"use_default_graph_as_union": not has_keyword(text, "FROM", prefixes)}
    return {"default_graph": [ox.NamedNode(iri) for iri in default or ()], "named_graphs": [ox.NamedNode(iri) for iri in named or ()]}


def has_keyword(text: str, word: Literal["FROM", "SERVICE"], prefixes: Mapping[str, str] = PREFIXES) -> bool:
    """Whether a query uses a keyword; the word within a string, a comment, an IRI or a name does not count.

    The parser is the judge: written otherwise throughout, the query still parses only where the word is no keyword. (So a
    query that does not parse anyway may seem to use it.)

    >>> has_keyword("SELECT * FROM <http://example.org/g> { ?s ?p ?o }", "FROM")
    True
    >>> has_keyword("SELECT ?from { ?from ?p 'from' } # from", "FROM")
    False
    """
    import pyoxigraph as ox

    other, count = re.subn(word, f"zq0{word[0]}", text, flags=re.I)
    if not count:
        return False
    try:
        ox.Store().query(other, prefixes=dict(prefixes))
    except SyntaxError:
        return True
    return False


def bind(text: str, bindings: Mapping[str, Any]) -> str:
    """A query in which variables have values: a VALUES block at the start of its WHERE clause.

    The terms are written by the RDF library, escapes and all, so that no value can become a part of the query.

    Raises:
        QueryError: the query has no WHERE clause.

    """
    if not bindings:
        return text
    where = re.search(r"^(?:<[^<>\s]*>|[^#\n])*?\bWHERE\s*\{", text, re.M | re.I)
    if where is None:
        raise QueryError("the query has no WHERE { to bind its parameters in: write the keyword")
    values = " ".join(f"VALUES ?{name} {{ {term} }}" for name, term in sorted(bindings.items()))
    return f"{text[: where.end()]} {values} {text[where.end() :]}"


def _within(work: Callable[[], QueryResult], timeout: float | None) -> QueryResult:
    """Run ``work`` in a thread of its own, so that a runaway query can be left behind."""
    outcome: list[QueryResult | BaseException] = []

    def run() -> None:
        try:
            outcome.append(work())
        except BaseException as error:  # noqa: BLE001 - handed over to the caller below
            outcome.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(timeout)
    if not outcome:
        raise QueryError(f"the query was stopped after {timeout:g} s: make it more selective or raise --timeout")
    result = outcome[0]
    if isinstance(result, QueryResult):
        return result
    if isinstance(result, SyntaxError):
        raise QuerySyntaxError(f"the query does not parse: {_explain(str(result))}")
    if isinstance(result, (OSError, RuntimeError, ValueError, TypeError)):
        raise QueryError(f"the query failed: {result}")
    raise result


def _explain(message: str) -> str:
    import difflib

    message = " ".join(message.split())
    unknown = re.search(r"[Pp]refix not found|expected.*IRI|undefined prefix", message)
    name = re.search(r"\b([A-Za-z][\w-]*):", message)
    if unknown and name:
        close = difflib.get_close_matches(name.group(1), PREFIXES, n=1)
        if close:
            return f"{message} (did you mean the prefix {close[0]}:?)"
    return message
