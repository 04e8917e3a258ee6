"""Commands that review a site: check, diff, evaluate, serve."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kgraph.cli.shared import SourceArgument, say, with_progress, write_out

__all__ = ["check", "diff", "evaluate", "serve"]


def check() -> None:
    """Find dead links, orphans, duplicates and other things to mend."""


def diff() -> None:
    """Show what changed between two workspaces."""


class HiddenKind(StrEnum):
    """Kinds of links that an experiment hides."""

    relations = "relations"
    links = "links"
    all = "all"


class EvaluationFormat(StrEnum):
    """Formats of the results of an experiment."""

    table = "table"
    json = "json"


def evaluate(
    source: SourceArgument = Path(),
    share: Annotated[float, typer.Option("--share", help="Share of the pairs to hide, above 0 and below 1.")] = 0.2,
    seed: Annotated[list[int] | None, typer.Option("--seed", help="Seed; repeat it for more.", show_default="0, 1, 2")] = None,
    kind: Annotated[HiddenKind, typer.Option("--kind", help="Curated relations, links in the body of pages, or both.")] = HiddenKind.all,
    ablation: Annotated[bool, typer.Option("--ablation", help="Measure the ranking without each signal in turn as well.")] = False,
    form: Annotated[EvaluationFormat, typer.Option("--format", "-f", help="How to print.")] = EvaluationFormat.table,
    config: Annotated[Path | None, typer.Option("--config", "-c", help="Configuration file; kgraph.toml of SOURCE by default.")] = None,
) -> None:
    """Hide links, rank without them, and measure how well they come back."""
    import os

    from kgraph.evaluate.experiment import KINDS
    from kgraph.evaluate.experiment import evaluate as run
    from kgraph.evaluate.report import as_json, as_table
    from kgraph.pipeline import site_config

    settings = site_config(source, config)
    kinds = tuple(name for name in KINDS if kind in (HiddenKind.all, name))
    seeds = (0, 1, 2) if seed is None else tuple(seed)
    found = with_progress(
        lambda progress: run(source, settings, kinds, share, seeds, ablation=ablation, jobs=os.cpu_count() or 1, progress=progress)
    )
    for note in found.skipped:
        say(note)
    write_out(as_json(found) if form is EvaluationFormat.json else as_table(found))


def serve() -> None:
    """Serve the explorer, the JSON API and the SPARQL endpoint."""
