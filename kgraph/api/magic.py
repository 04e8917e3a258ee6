"""The cell magic ``%%sparql``: a query in a cell of its own, its answer as a DataFrame or a graph."""

from __future__ import annotations

import argparse
import shlex
from typing import TYPE_CHECKING, Any, NoReturn

from kgraph.api.graph import KnowledgeGraph, open_workspace
from kgraph.errors import QueryError

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

__all__ = ["register"]


class _Line(argparse.ArgumentParser):
    """What stands behind ``%%sparql``."""

    def error(self, message: str) -> NoReturn:
        raise QueryError(f"%%sparql: {message}; it takes [NAME] [--kg VARIABLE] [--workspace DIR] [--timeout S] [-p name=value]")


def register(shell: Any) -> None:
    """Register the magic with a shell of IPython."""

    def sparql(line: str, cell: str) -> Any:
        """Ask SPARQL: ``%%sparql [NAME] [--kg VARIABLE] [--workspace DIR] [--timeout S] [-p name=value]``.

        The answer is shown; with NAME it is kept in that variable instead. Asked is the build in VARIABLE, else the one in
        DIR, else the one that the variable ``kg`` holds, else ``.kgraph``. Values go with ``param`` lines at the head of the cell.
        """
        return _ask(shell, line, cell)

    shell.register_magic_function(sparql, magic_kind="cell", magic_name="sparql")


def _ask(shell: InteractiveShell, line: str, cell: str) -> Any:
    from kgraph.rdf.queries import parse_query_file

    given = _options(line)
    kg = _graph(shell, given)
    parameters: dict[str, Any] = dict(_pair(text) for text in given.param)
    query = parse_query_file("cell", cell)
    answer: Any = (
        kg.construct(query, timeout=given.timeout, **parameters)
        if _gives_graph(cell)
        else kg.query(query, timeout=given.timeout, **parameters)
    )
    if given.name is None:
        return answer
    shell.user_ns[given.name] = answer
    return None


def _gives_graph(cell: str) -> bool:
    """Whether the query is a CONSTRUCT or DESCRIBE: whether it parses without a store as one that gives triples."""
    import pyoxigraph as ox

    from kgraph.rdf.terms import PREFIXES

    try:
        return isinstance(ox.Store().query(cell, prefixes=PREFIXES), ox.QueryTriples)
    except SyntaxError:
        return False


def _options(line: str) -> argparse.Namespace:
    parser = _Line(prog="%%sparql", add_help=False)
    parser.add_argument("name", nargs="?")
    parser.add_argument("--kg")
    parser.add_argument("--workspace", "-w")
    parser.add_argument("--timeout", type=float)
    parser.add_argument("--param", "-p", action="append", default=[])
    given = parser.parse_args(shlex.split(line))
    if given.name is not None and not given.name.isidentifier():
        raise QueryError(f"%%sparql: {given.name!r} is no name of a variable")
    return given


def _graph(shell: InteractiveShell, given: argparse.Namespace) -> KnowledgeGraph:
    if given.kg is not None:
        found = shell.user_ns.get(given.kg)
        if not isinstance(found, KnowledgeGraph):
            raise QueryError(f"%%sparql: the variable {given.kg!r} holds no graph: {given.kg} = kgraph.open(…)")
        return found
    known = shell.user_ns.get("kg")
    if given.workspace is None and isinstance(known, KnowledgeGraph):
        return known
    return open_workspace(given.workspace or ".kgraph")


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise QueryError(f"%%sparql: -p {text!r}: write it as name=value")
    return name, value
