"""The Typer application: every command in one list."""

from __future__ import annotations

from typing import Annotated

import typer

import kgraph
from kgraph.cli import ask, building, exporting, reviewing

__all__ = ["app"]

app = typer.Typer(
    name="kgraph",
    help="Turn the pages of a wiki, documentation site or note vault into a knowledge graph.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
export = typer.Typer(no_args_is_help=True, help="Write files for site builds, triple stores, graph tools and notebooks.")


def _version(value: bool) -> None:
    if value:
        typer.echo(f"kgraph {kgraph.__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")] = False,
) -> None:
    """Turn the pages of a wiki, documentation site or note vault into a knowledge graph."""


for command in (building.init, building.build, building.ingest, building.rank):
    app.command()(command)
for command in (ask.related, ask.hubs, ask.query, ask.render, ask.stats):
    app.command()(command)
for command in (reviewing.check, reviewing.diff, reviewing.evaluate, reviewing.serve):
    app.command()(command)
app.add_typer(export, name="export")
for command in (exporting.site, exporting.rdf, exporting.rankings, exporting.graph, exporting.tables):
    export.command()(command)
