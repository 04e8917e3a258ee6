"""The command that draws, and drawing what a query found."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kgraph.cli.shared import WorkspaceOption, open_kg, say

if TYPE_CHECKING:
    from kgraph.api import KnowledgeGraph
    from kgraph.rdf.queries import NamedQuery
    from kgraph.rdf.sparql import QueryResult

__all__ = ["draw_result", "render"]

_WORKSPACE = Path(".kgraph")


class Grouping(StrEnum):
    """What the nodes of an overview stand for."""

    type = "type"
    community = "community"


def render(
    page: Annotated[str | None, typer.Argument(help="Show its neighbourhood; the whole graph without.")] = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="HTML file to write.")] = Path("graph.html"),
    to: Annotated[str | None, typer.Option("--to", metavar="PAGE", help="Show the paths from PAGE to this one.")] = None,
    depth: Annotated[int, typer.Option("--depth", min=0, help="Steps from PAGE.")] = 1,
    max_nodes: Annotated[int | None, typer.Option("--max-nodes", min=1, help="Nodes at the most.")] = None,
    type: Annotated[str | None, typer.Option("--type", help="Only entities of this type.")] = None,
    tag: Annotated[str | None, typer.Option("--tag", help="Only entities with this tag.")] = None,
    community: Annotated[
        int | None, typer.Option("--community", min=0, metavar="N", help="Only this community; `kgraph hubs` tells the numbers.")
    ] = None,
    by: Annotated[Grouping | None, typer.Option("--by", help="An overview: one node for each type or community.")] = None,
    since: Annotated[
        Path | None, typer.Option("--since", metavar="OLD", help="Show what changed since the build in this workspace.")
    ] = None,
    workspace: WorkspaceOption = _WORKSPACE,
) -> None:
    """Draw the graph, or a part of it, as one HTML file that needs no network."""
    kg = open_kg(workspace)
    page_text = kg.render(
        page, to=to, depth=depth, max_nodes=max_nodes, type=type, tag=tag, community=community, by=by.value if by else None, since=since
    )
    _write(page_text, output)


def draw_result(kg: KnowledgeGraph, result: QueryResult, output: Path, *, question: NamedQuery, about: str | None) -> None:
    """Write the picture of what a query found.

    Args:
        kg: Build that was asked.
        result: What it answered.
        output: File to write.
        question: What was asked, for the heading.
        about: Entity that the question is about, by any of its names, or None.

    Raises:
        RenderError: it found no entity.
        ExportError: the file cannot be written.

    """
    from kgraph.picturing import picture_of_rows
    from kgraph.rdf.sparql import python_value
    from kgraph.render.page import render_page

    base = kg.head.base_iri
    # Of a triple the subject and object are joined, and the predicate names the edge.
    columns = ("subject", "predicate", "object") if result.kind == "triples" else result.variables
    rows = [[python_value(term, base) for term in row] for row in result.rows]
    focus = kg.entity_id(about) if about else None
    # A query from standard input has no name.
    asked = question.name.replace("-", " ").strip().capitalize() or "Result of a query"
    title = f"{asked}: {kg.head.entities[focus].title}" if focus else asked
    _write(render_page(picture_of_rows(kg, columns, rows, title=title, focus=focus, note=question.purpose or None)), output)


def _write(html: str, output: Path) -> None:
    from kgraph.errors import ExportError

    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(html, encoding="utf-8", errors="replace")
    except OSError as error:
        raise ExportError(f"{output}: cannot be written ({error.strerror})") from None
    say(f"wrote {output}")
