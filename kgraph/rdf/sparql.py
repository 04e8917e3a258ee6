"""SPARQL 1.1 over the store: results at once or as a stream; they are written by :mod:`kgraph.rdf.results`."""

from __future__ import annotations

import queue
import re
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from traceback import clear_frames
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct

from kgraph.errors import QueryError
from kgraph.rdf.ordering import order_safely
from kgraph.rdf.queries import NamedQuery, Parameter, find_named_query, named_queries, parse_query_file
from kgraph.rdf.results import GRAPH_FORMATS, TABLE_FORMATS, python_value, render_result, serialize_triples
from kgraph.rdf.syntax import QuerySyntaxError, explain_syntax_error
from kgraph.rdf.terms import PREFIXES
from kgraph.rdf.waiting import TooLateError, run_within

if TYPE_CHECKING:
    import pyoxigraph as ox

__all__ = ["GRAPH_FORMATS", "TABLE_FORMATS", "NamedQuery", "Parameter", "QueryResult", "QueryStream", "QuerySyntaxError",
           "evaluate", "failure", "find_named_query", "has_keyword", "named_queries", "parse_query_file", "python_value", "render_result",
           "run_query", "serialize_triples", "stream_query"]  # fmt: skip

_BATCH = 500
"""Rows of a stream that are handed over at a time."""
_KEPT = 10_000
"""Characters of a query up to which is kept what was understood of it."""
_AHEAD = 4
"""Batches that a stream reads ahead."""


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


class QueryStream(Struct, frozen=True):
    """Solutions that are read while the query still runs."""

    variables: tuple[str, ...]
    rows: Iterator[tuple[Any, ...]]
    """Terms of pyoxigraph or None; reading on raises QueryError where the query fails or runs out of time."""


def run_query(
    store: ox.Store,
    text: str,
    *,
    bindings: Mapping[str, Any] | None = None,
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

        found = evaluate(store, text, bindings, default_graphs, named_graphs)
        if isinstance(found, ox.QueryBoolean):
            return QueryResult("boolean", (), (), bool(found))
        if isinstance(found, ox.QuerySolutions):
            variables = tuple(variable.value for variable in found.variables)
            rows = tuple(map(tuple, islice(found, limit)))
            return QueryResult("solutions", variables, rows, truncated=_more(found, rows, limit))
        read = list(islice(found, limit))
        distinct = {str(triple): (triple.subject, triple.predicate, triple.object) for triple in read}
        triples = tuple(distinct[text] for text in sorted(distinct))
        return QueryResult("triples", ("subject", "predicate", "object"), triples, truncated=_more(found, read, limit))

    graphs = tuple(tuple(found) if found is not None else None for found in (default_graphs, named_graphs))
    key = (id(store), text, limit, graphs, tuple(sorted((name, str(term)) for name, term in (bindings or {}).items())))
    try:
        return run_within(timeout, work, key=key)
    except TooLateError:
        raise _late(timeout) from None
    except Exception as error:  # noqa: BLE001 - told by its kind
        raise failure(error, text) from None


def stream_query(
    store: ox.Store, text: str, *, bindings: Mapping[str, Any] | None = None, timeout: float | None = None
) -> QueryStream | QueryResult:
    """Run a query and read its solutions while it runs; other forms than SELECT give a whole result. See :func:`run_query`.

    A few thousand rows are held at a time, however many there are. ``timeout`` counts until the last row.
    """
    import pyoxigraph as ox

    handed: queue.Queue[Any] = queue.Queue(_AHEAD)
    left = threading.Event()

    def hand(item: Any) -> bool:
        while not left.is_set():
            try:
                handed.put(item, timeout=1)
            except queue.Full:
                continue
            return True
        return False

    def run() -> None:
        try:
            found = evaluate(store, text, bindings, None, None)
            if not isinstance(found, ox.QuerySolutions):
                hand(None)
                return
            hand(tuple(variable.value for variable in found.variables))
            while batch := [tuple(row) for row in islice(found, _BATCH)]:
                if not hand(batch):
                    return
            hand(None)
        except Exception as error:  # noqa: BLE001 - handed over to the reader
            found = None
            clear_frames(error.__traceback__)  # a result may be let go in this thread only
            hand(error)

    until = None if timeout is None else time.monotonic() + timeout

    def take() -> Any:
        try:
            item = handed.get(timeout=None if until is None else max(0.0, until - time.monotonic()))
        except queue.Empty:
            raise _late(timeout) from None
        if isinstance(item, Exception):
            raise failure(item, text)
        return item

    def rows() -> Iterator[tuple[Any, ...]]:
        try:
            while (batch := take()) is not None:
                yield from batch
        finally:
            left.set()

    threading.Thread(target=run, daemon=True).start()
    variables = take()
    if variables is None:
        return run_query(store, text, bindings=bindings, timeout=timeout)
    return QueryStream(variables, rows())


def evaluate(
    store: ox.Store, text: str, bindings: Mapping[str, Any] | None, default: Sequence[str] | None, named: Sequence[str] | None
) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:  # fmt: skip
    """What the library gives for a query, read as it is used; raises the errors of the library, which :func:`failure` explains."""
    bound = bind(text, bindings) if bindings else text
    safe, chosen = _understood(bound) if len(bound) <= _KEPT else _understood.__wrapped__(bound)
    return store.query(safe, prefixes=PREFIXES, **_dataset(chosen, default, named))


@lru_cache(maxsize=256)
def _understood(text: str) -> tuple[str, bool]:
    """A query that sorts safely, and whether it says which graphs it asks."""
    return order_safely(text), has_keyword(text, "FROM")


def _late(timeout: float | None) -> QueryError:
    return QueryError(f"the query was stopped after {timeout or 0:g} s: make it more selective or raise --timeout")


def failure(error: Exception, text: str) -> Exception:
    """The error to raise for one of the library's; places are those of the query before its parameters were bound."""
    if isinstance(error, SyntaxError):
        import pyoxigraph as ox

        message = str(error)
        try:
            ox.Store().query(text, prefixes=PREFIXES)
        except SyntaxError as unbound:
            message = str(unbound)
        return explain_syntax_error(text, message, PREFIXES)
    if isinstance(error, (OSError, RuntimeError, ValueError, TypeError)):
        return QueryError(f"the query failed: {error}")
    return error


def _more(found: Iterator[Any], read: Sequence[Any], limit: int | None) -> bool:
    return limit is not None and len(read) == limit and next(found, None) is not None


def _dataset(chosen: bool, default: Sequence[str] | None, named: Sequence[str] | None) -> dict[str, Any]:
    """The dataset of a query: the one asked for, else that of its FROM clauses, else the union of all named graphs.

    SPARQL 1.1 Protocol, section 2.1.4, and SPARQL 1.1 Query Language, section 13.2.
    """
    import pyoxigraph as ox

    if default is None and named is None:
        return {"use_default_graph_as_union": not chosen}
    return {"default_graph": [ox.NamedNode(iri) for iri in default or ()], "named_graphs": [ox.NamedNode(iri) for iri in named or ()]}


_MAY_BE = {"FROM": r"(?<![\w:?$])FROM", "SERVICE": "SERVICE"}
"""Where a keyword may stand: before FROM nothing that goes on with a name; SERVICE may follow a number at once."""
_HEAD = re.compile(r"\A(?:\s*#[^\n]*\n)+")
"""Lines of comment before a query."""


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

    if word not in text.upper():  # quicker by far than the pattern
        return False
    other, count = re.subn(_MAY_BE[word], f"zq0{word[0]}", _HEAD.sub("", text), flags=re.I)
    if not count:
        return False
    try:
        ox.Store().query(other, prefixes=dict(prefixes))
    except SyntaxError:
        return True
    return False


_WHERE = re.compile(
    r"""(?P<where>\bWHERE\s*\{)|<[^<>"{}|^`\\\s]*>|\#[^\n]*|\"{3}(?:[^"\\]|\\.|"(?!""))*\"{3}|'{3}(?:[^'\\]|\\.|'(?!''))*'{3}"""
    r"""|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'""",
    re.I | re.S,
)
"""WHERE clauses; and what may hold the word without being one: IRIs, comments and strings, which it passes over."""


def bind(text: str, bindings: Mapping[str, Any]) -> str:
    """A query in which variables have values: a VALUES block at the start of its WHERE clause, and of those of its subqueries.

    The terms are written by the RDF library, escapes and all, so that no value can become a part of the query.

    >>> bind("SELECT ?b WHERE { ?a ?b 'WHERE {' }", {"a": "<x:a>"})
    "SELECT ?b WHERE { VALUES ?a { <x:a> }  ?a ?b 'WHERE {' }"

    Raises:
        QueryError: the query has no WHERE clause.

    """
    if not bindings:
        return text
    values = " ".join(f"VALUES ?{name} {{ {term} }}" for name, term in sorted(bindings.items()))
    bound = _WHERE.sub(lambda found: f"{found[0]} {values} " if found["where"] else found[0], text)
    if bound == text:
        raise QueryError("the query has no WHERE { to bind its parameters in: write the keyword")
    return bound
