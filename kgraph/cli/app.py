"""The Typer application: every command in one list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

import kgraph
from kgraph.cli import ask, building, checking, drawing, exporting, placing, reviewing, sending

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


_COMMANDS: tuple[Callable[..., None], ...] = (
    building.init, building.build, building.ingest, building.rank, ask.related, ask.hubs, ask.query, drawing.render, ask.stats,
    checking.check, reviewing.diff, reviewing.evaluate, reviewing.serve, sending.push, placing.inject,
)  # fmt: skip
_EXPORTS: tuple[Callable[..., None], ...] = (exporting.site, exporting.rdf, exporting.rankings, exporting.graph, exporting.tables)
for command in _COMMANDS:
    app.command()(command)
app.add_typer(export, name="export")
for command in _EXPORTS:
    export.command()(command)
