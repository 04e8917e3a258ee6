"""Commands that ask a workspace."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kgraph.cli.drawing import draw_result
from kgraph.cli.shared import WorkspaceOption, open_kg, print_rows, terminal_width, write_out
from kgraph.rdf.syntax import QuerySyntaxError

if TYPE_CHECKING:
    from kgraph.api import KnowledgeGraph
    from kgraph.rdf.queries import NamedQuery
    from kgraph.rdf.sparql import QueryResult, QueryStream

__all__ = ["hubs", "query", "related", "stats"]

_WORKSPACE = Path(".kgraph")
_SUFFIXES = (".rq", ".sparql")


class RowFormat(StrEnum):
    """Formats of lists."""

    table = "table"
    json = "json"
    csv = "csv"


class StatsFormat(StrEnum):
    """Formats of statistics."""

    table = "table"
    json = "json"


class Measure(StrEnum):
    """Measures of nodes."""

    hub = "hub"
    authority = "authority"
    pagerank = "pagerank"
    in_degree = "in-degree"
    out_degree = "out-degree"
    betweenness = "betweenness"


class QueryFormat(StrEnum):
    """Formats of query results."""

    table = "table"
    json = "json"
    csv = "csv"
    tsv = "tsv"
    xml = "xml"
    turtle = "turtle"
    ntriples = "ntriples"
    jsonld = "jsonld"
    rdfxml = "rdfxml"


FormatOption = Annotated[RowFormat, typer.Option("--format", "-f", help="How to print.")]
CountOption = Annotated[int, typer.Option("-k", min=1, help="How many.")]


def related(
    page: Annotated[str, typer.Argument(help="Id, title, alias or source path.")],
    k: CountOption = 10,
    explain: Annotated[bool, typer.Option("--explain", help="Show every reason with its evidence.")] = False,
    unlinked: Annotated[bool, typer.Option("--unlinked", help="Only pages that PAGE does not link yet.")] = False,
    form: FormatOption = RowFormat.table,
    workspace: WorkspaceOption = _WORKSPACE,
) -> None:
    """Show which pages are most related to PAGE, and why."""
    kg = open_kg(workspace)
    items = kg.related_items(page, k, unlinked=unlinked)
    entities = kg.head.entities
    if form is RowFormat.table and explain:
        write_out("".join(_explained(item, entities[item.id]) for item in items) or "nothing found\n")
        return
    rows: list[dict[str, Any]] = []
    for item in items:
        entity = entities[item.id]
        row: dict[str, Any] = {
            "rank": item.rank, "id": item.id, "title": entity.title, "type": entity.type, "score": item.score, "label": item.label,
            "linked": item.linked, "href": entity.href, "path": entity.path,
        }  # fmt: skip
        if form is RowFormat.json:
            row["reasons"] = [
                {"signal": reason.signal, "share": reason.share, "text": reason.text, "evidence": list(reason.evidence)}
                for reason in item.reasons
            ]
        elif explain:
            row["reasons"] = " | ".join(f"{reason.signal} {reason.share:.3f}: {reason.text}" for reason in item.reasons)
        else:
            row["why"] = item.reasons[0].text if item.reasons else ""
        rows.append(row)
    columns = ("rank", "score", "title", "type", "label", "linked", "why") if form is RowFormat.table else None
    print_rows(rows, form, columns=columns)


def _explained(item: Any, entity: Any) -> str:
    head = f"{item.rank:>3}. {entity.title} ({entity.type})  {item.score:.3f}"
    head += f"  [{item.label}]" if item.label else ""
    head += "" if item.linked else "  not linked"
    lines = [head]
    for reason in item.reasons:
        lines.append(f"       {reason.share:.3f} {reason.signal}: {' '.join(reason.text.split())}")
        if reason.evidence:
            lines.append(f"             {', '.join(reason.evidence)}")
    return "\n".join(lines) + "\n"


def hubs(
    k: CountOption = 20,
    by: Annotated[Measure, typer.Option("--by", help="Measure to order by.")] = Measure.pagerank,
    type: Annotated[str | None, typer.Option("--type", help="Only entities of this type.")] = None,
    form: FormatOption = RowFormat.table,
    workspace: WorkspaceOption = _WORKSPACE,
) -> None:
    """Show the leading entities by PageRank, HITS, degree or betweenness."""
    rows = open_kg(workspace).hub_rows(k, by=by.value, type=type)
    columns = ("rank", "title", "type", by.value, "community", "id") if form is RowFormat.table else None
    print_rows(rows, form, columns=columns)


def query(
    query: Annotated[str | None, typer.Argument(help="Name of a query, a file that ends in .rq, or - for standard input.")] = None,
    show: Annotated[bool, typer.Option("--list", help="Show the named queries with their purpose.")] = False,
    param: Annotated[list[str] | None, typer.Option("--param", "-p", metavar="NAME=VALUE", help="Value of a parameter.")] = None,
    form: Annotated[QueryFormat, typer.Option("--format", "-f", help="Format of the result.")] = QueryFormat.table,
    timeout: Annotated[float | None, typer.Option("--timeout", min=0.001, metavar="S", help="Seconds after which to give up.")] = None,
    picture: Annotated[
        Path | None, typer.Option("--render", metavar="FILE", help="Draw the entities found as an HTML file instead.")
    ] = None,
    workspace: WorkspaceOption = _WORKSPACE,
) -> None:
    """Ask a SPARQL question: a named query, a file, or standard input. Rows are printed as they are found."""
    from kgraph.errors import QueryError

    if show:
        _list_queries(form)
        return
    if query is None:
        raise QueryError("give the name of a query, a file that ends in .rq, or -; `kgraph query --list` shows the names")
    kg = open_kg(workspace)
    named = _read_query(query)
    parameters = _parameters(param or [])
    try:
        if picture is not None:
            draw_result(kg, kg.run(named, timeout=timeout, **parameters), picture, question=named, about=parameters.get("entity"))
        else:
            _print_result(kg, kg.stream(named, timeout=timeout, **parameters), form.value)
    except QuerySyntaxError as error:
        raise QueryError(f"{query}:{error.line}:{error.column}: {error}" if query.endswith(_SUFFIXES) else str(error)) from None


def _print_result(kg: KnowledgeGraph, result: QueryStream | QueryResult, form: str) -> None:
    from kgraph.rdf.labels import Labels
    from kgraph.rdf.results import write_result

    labels = Labels(kg.store) if form == "table" else None
    for piece in write_result(result, form, base=kg.head.base_iri, labels=labels, width=terminal_width()):
        write_out(piece)


def _read_query(query: str) -> NamedQuery:
    """The query of this name, or that of a file or of standard input."""
    from kgraph.errors import QueryError
    from kgraph.rdf.queries import find_named_query, parse_query_file

    if query == "-":
        try:
            return parse_query_file("-", sys.stdin.buffer.read().decode("utf-8"))
        except UnicodeDecodeError:
            raise QueryError("the query is not UTF-8") from None
    if not query.endswith(_SUFFIXES) and "/" not in query:
        return find_named_query(query)
    try:
        return parse_query_file(Path(query).stem, Path(query).read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise QueryError(f"{query}: not UTF-8: save it as UTF-8") from None
    except OSError as error:
        raise QueryError(f"{query}: cannot be read ({error.strerror})") from None


def _parameters(given: list[str]) -> dict[str, str]:
    from kgraph.errors import QueryError

    parameters = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise QueryError(f"--param {text!r}: write it as name=value")
        parameters[name] = value
    return parameters


def _list_queries(form: QueryFormat) -> None:
    from kgraph.rdf.queries import ANY, named_queries

    rows = [
        {
            "name": found.name, "purpose": found.purpose,
            "parameters": ", ".join(
                f"[{p.name}]" if p.default == ANY else p.name if p.default is None else f"{p.name}={p.default}" for p in found.parameters
            ),
        }
        for found in named_queries().values()
    ]  # fmt: skip
    print_rows(rows, form.value if form.value in ("json", "csv") else "table", columns=("name", "parameters", "purpose"))


def stats(
    problems: Annotated[bool, typer.Option("--problems", help="List the findings instead.")] = False,
    form: Annotated[StatsFormat, typer.Option("--format", "-f", help="How to print.")] = StatsFormat.table,
    workspace: WorkspaceOption = _WORKSPACE,
) -> None:
    """Show counts of the last build, its time and what it took from the cache."""
    kg = open_kg(workspace)
    if problems:
        rows = [
            {"rule": item.rule, "severity": item.severity, "name": item.name, "path": item.path, "line": item.line,
             "place": f"{item.path}:{item.line}", "message": item.message}
            for item in kg.findings()
        ]  # fmt: skip
        if form is StatsFormat.table:
            print_rows(rows, "table", columns=("rule", "place", "message"))
        else:
            print_rows([{key: value for key, value in row.items() if key != "place"} for row in rows], "json")
        return
    counts = kg.stats()
    if form is StatsFormat.json:
        import json

        write_out(json.dumps(counts, ensure_ascii=False, indent=1) + "\n")
        return
    flat = {key: value for key, value in counts.items() if not isinstance(value, dict) and key != "format"}
    print_rows([{"what": key.replace("_", " "), "count": f"{value:,}"} for key, value in flat.items()], "table")
    write_out("\n")
    print_rows(
        [
            {"type": kg.types.plural(key), "entities": str(count)}
            for key, count in sorted(counts["types"].items(), key=lambda i: (-i[1], i[0]))
        ],
        "table",
    )
    write_out("\n")
    timing = [{"stage": key, "seconds": f"{value:.2f}"} for key, value in counts["seconds"].items()]
    print_rows(timing, "table")
    cache = counts.get("cache", {})
    write_out(f"\n{cache.get('reused', 0):,} of {cache.get('files', 0):,} files came from the cache\n")
