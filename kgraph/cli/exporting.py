"""Commands that write files."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kgraph.cli.shared import WorkspaceOption, open_kg, place_of, say, write_out

if TYPE_CHECKING:
    from kgraph.export.site import SitePart

__all__ = ["graph", "rankings", "rdf", "site", "tables"]

_WORKSPACE = Path(".kgraph")


def _folder(name: str) -> Path:
    """A folder to write; no name is what a variable that is not set leaves, and not the current folder."""
    if not name.strip():
        raise typer.BadParameter("give the name of a folder; . is the current one")
    return Path(name)


FolderOption = Annotated[Path, typer.Option("--output", "-o", parser=_folder, metavar="<path>", help="Folder to write.")]


class RdfFormat(StrEnum):
    """Formats of RDF files."""

    nquads = "nquads"
    trig = "trig"
    turtle = "turtle"
    ntriples = "ntriples"
    jsonld = "jsonld"
    rdfxml = "rdfxml"


class TableFormat(StrEnum):
    """Formats of tables."""

    parquet = "parquet"
    csv = "csv"


class Part(StrEnum):
    """Parts of what is said of a page."""

    top = "top"
    groups = "groups"
    backlinks = "backlinks"


def site(
    output: FolderOption,
    only: Annotated[list[Part] | None, typer.Option("--only", help="Keep this part of each page only; may be given several times.")] = None,
    pages: Annotated[list[str] | None, typer.Option("--pages", metavar="GLOB", help="Source paths of the pages to write.")] = None,
    minify: Annotated[bool, typer.Option("--minify", help="Leave out line breaks and spaces.")] = False,
    html: Annotated[bool, typer.Option("--html", help="Write the blocks as HTML too: blocks.json and related.css.")] = False,
    json_only: Annotated[bool, typer.Option("--json-only", help="Leave out types and style: a data folder may take JSON only.")] = False,
    workspace: WorkspaceOption = _WORKSPACE,
) -> None:
    """Write the files that a site build imports: related lists, backlinks, page status, hubs, types."""
    from kgraph.errors import ExportError
    from kgraph.export.republish import export_site

    folder = place_of(workspace).get_current().folder / "site"
    if output.resolve().is_relative_to(workspace.resolve()):
        raise ExportError(f"{output}: is within the workspace, which holds the files already: give a folder of its own with -o")
    parts: list[SitePart] = [part.value for part in only or ()]
    count = export_site(folder, output, only=parts, pages=pages or (), minify=minify, html=html, json_only=json_only)
    say(f"wrote {output} ({count:,} pages)")


def rdf(
    output: Annotated[Path, typer.Option("--output", "-o", help="File to write; its suffix names the format.")],
    form: Annotated[RdfFormat | None, typer.Option("--format", "-f", help="Format, whatever the suffix.")] = None,
    entailed: Annotated[
        bool, typer.Option("--entailed/--no-entailed", help="With the graph of inverse and more general statements, or without.")
    ] = True,
    rdf12: Annotated[
        bool, typer.Option("--rdf12", help="With the statement that each relatedness is about, as a triple term of RDF 1.2.")
    ] = False,
    describe: Annotated[
        bool, typer.Option("--describe/--no-describe", help="Write FILE.void.ttl (VoID, licence) and FILE.sha256 beside it.")
    ] = True,
    workspace: WorkspaceOption = _WORKSPACE,
) -> None:
    """Write the RDF dataset, with its description and checksum."""
    from kgraph.export.rdf import read_dataset, write_rdf
    from kgraph.export.void import describe_dump, take_census

    kg = open_kg(workspace)
    folder = kg.generation.folder
    form_used = write_rdf(folder, output, form.value if form else None, entailed=entailed, rdf12=rdf12)
    say(f"wrote {output} ({form_used})")
    if describe:
        census = take_census(read_dataset(folder, entailed=entailed, rdf12=rdf12))
        settings = kg.config
        for path in describe_dump(
            output, census, form=form_used, base=settings.base_iri, title=settings.rdf.title, license=settings.rdf.license
        ):  # fmt: skip
            say(f"wrote {path}")


def rankings(
    output: Annotated[Path, typer.Option("--output", "-o", help="JSON Lines file to write, or - for standard output.")],
    k: Annotated[int, typer.Option("-k", min=1, help="Candidates for each entity.")] = 25,
    unlinked: Annotated[bool, typer.Option("--unlinked", help="Leave out what the page links to already.")] = False,
    pages_only: Annotated[bool, typer.Option("--pages-only", help="Leave out what has no page.")] = False,
    workspace: WorkspaceOption = _WORKSPACE,
) -> None:
    """Write the ranking of every entity, one JSON line each."""
    from kgraph.export.rankings import ranking_lines

    lines = ranking_lines(open_kg(workspace), k, unlinked=unlinked, pages_only=pages_only)
    if str(output) == "-":
        for line in lines:
            write_out(line)
        return
    with output.open("wb") as stream:
        stream.writelines(lines)
    say(f"wrote {output}")


def graph(
    output: Annotated[Path, typer.Option("--output", "-o", help="File to write: .graphml, .gexf or .json (node-link).")],
    workspace: WorkspaceOption = _WORKSPACE,
) -> None:
    """Write the NetworkX graph for other graph tools."""
    from kgraph.export.graph import write_graph

    write_graph(open_kg(workspace).to_networkx(), output)
    say(f"wrote {output}")


def tables(
    output: FolderOption,
    form: Annotated[TableFormat, typer.Option("--format", "-f", help="Format of the files.")] = TableFormat.parquet,
    workspace: WorkspaceOption = _WORKSPACE,
) -> None:
    """Write the tables entities, links, relations, mentions, related, hubs and candidates."""
    from kgraph.export.tables import write_tables

    for path in write_tables(open_kg(workspace), output, form.value):
        say(f"wrote {path}")
