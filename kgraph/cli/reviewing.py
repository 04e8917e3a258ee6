"""Commands that review what was built: diff, evaluate, serve."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kgraph.cli.shared import Progress, SourceArgument, WorkspaceOption, say, with_progress, write_out

if TYPE_CHECKING:
    from kgraph.config import Config
    from kgraph.evaluate.experiment import Evaluation

__all__ = ["diff", "evaluate", "serve"]


class DifferenceFormat(StrEnum):
    """Formats of differences."""

    text = "text"
    json = "json"
    markdown = "markdown"


def diff(
    old: Annotated[str, typer.Argument(help="Workspace before, a generation in one, a folder of pages, or a git revision.")],
    new: Annotated[str, typer.Argument(help="The same after.")],
    source: Annotated[Path, typer.Option("--source", "-s", help="Folder of the pages whose repository knows the revisions.")] = Path(),
    form: Annotated[DifferenceFormat, typer.Option("--format", "-f", help="How to print.")] = DifferenceFormat.text,
    k: Annotated[int, typer.Option("-k", min=1, help="Length of the related lists that are compared.")] = 10,
    config: Annotated[Path | None, typer.Option("--config", "-c", help="Configuration file for both; that of each by default.")] = None,
) -> None:
    """Show what changed between two versions of a site; exit with 1 when something did."""
    import tempfile

    from kgraph.diff import Difference, as_json, as_markdown, as_text, compare
    from kgraph.versions import Versions

    def work(progress: Progress) -> Difference:
        with tempfile.TemporaryDirectory(prefix="kgraph-") as scratch:
            versions = Versions(source, Path(scratch), config=config, progress=progress)
            return compare(versions.folder(old), versions.folder(new), k=k)

    found = with_progress(work)
    if not found.related_compared:
        say("related lists were not compared: rank both workspaces first (`kgraph rank`)")
    printed = {DifferenceFormat.text: as_text, DifferenceFormat.json: as_json, DifferenceFormat.markdown: as_markdown}
    write_out(printed[form](found))
    say("differences found" if found else "nothing differs")
    if found:
        raise typer.Exit(1)


class HiddenKind(StrEnum):
    """What an experiment hides."""

    relations = "relations"
    links = "links"
    all = "all"
    types = "types"
    churn = "churn"


class EvaluationFormat(StrEnum):
    """Formats of the results of an experiment."""

    table = "table"
    json = "json"


def evaluate(
    source: SourceArgument = Path(),
    share: Annotated[float, typer.Option("--share", help="Share of the pairs to hide, above 0 and below 1.")] = 0.2,
    seed: Annotated[list[int] | None, typer.Option("--seed", help="Seed; repeat it for more.", show_default="0, 1, 2")] = None,
    kind: Annotated[
        HiddenKind,
        typer.Option("--kind", help="Curated relations, links in the body of pages, both; declared types; or what an edit changes."),
    ] = HiddenKind.all,
    baseline: Annotated[
        list[str] | None,
        typer.Option("--baseline", metavar="NAME", help="Compare with this one only; repeat it for more.", show_default="all"),
    ] = None,
    ablation: Annotated[bool, typer.Option("--ablation", help="Measure the ranking without each signal in turn as well.")] = False,
    learn: Annotated[bool, typer.Option("--learn", help="Measure the learned ranking as well.")] = False,
    before: Annotated[
        str | None, typer.Option("--before", metavar="OLD", help="An older version of SOURCE, a folder or a git revision, to rank by.")
    ] = None,
    after: Annotated[
        str | None, typer.Option("--after", metavar="NEW", help="The newer one, whose added links and relations are to be foretold.")
    ] = None,
    plot: Annotated[
        Path | None, typer.Option("--plot", metavar="FILE", help="Draw nDCG@10 as .png, .svg or .pdf; needs matplotlib.")
    ] = None,
    form: Annotated[EvaluationFormat, typer.Option("--format", "-f", help="How to print.")] = EvaluationFormat.table,
    config: Annotated[Path | None, typer.Option("--config", "-c", help="Configuration file; kgraph.toml of SOURCE by default.")] = None,
) -> None:
    """Hide links or types, rank or infer without them, and measure how well they come back."""
    import os

    from kgraph.errors import ConfigError
    from kgraph.evaluate.choosing import ALL
    from kgraph.evaluate.churn import churn, churn_as_json, churn_as_table
    from kgraph.evaluate.experiment import KINDS
    from kgraph.evaluate.experiment import evaluate as run
    from kgraph.evaluate.plot import check_plot, draw
    from kgraph.evaluate.report import as_json, as_table
    from kgraph.evaluate.timesplit import evaluate_versions
    from kgraph.pipeline import site_config

    settings, jobs = site_config(source, config), os.cpu_count() or 1
    seeds = (0, 1, 2) if seed is None else tuple(seed)
    names = tuple(baseline or (ALL,))
    if (before is None) != (after is None):
        raise ConfigError("--before and --after go together: give both, or neither")
    if kind is HiddenKind.types:
        _evaluate_types(source, settings, share, seed, form)
        return
    if kind is HiddenKind.churn:
        moved = with_progress(lambda progress: churn(source, settings, seeds, jobs=jobs, progress=progress))
        write_out(churn_as_json(moved) if form is EvaluationFormat.json else churn_as_table(moved))
        return
    kinds = tuple(name for name in KINDS if kind in (HiddenKind.all, name))
    if plot is not None:
        check_plot(plot)

    def work(progress: Progress) -> Evaluation:
        if before is not None and after is not None:
            return evaluate_versions(
                source, before, after, settings, kinds, baselines=names, learn=learn, ablation=ablation, jobs=jobs, progress=progress
            )
        return run(source, settings, kinds, share, seeds, baselines=names, ablation=ablation, learn=learn, jobs=jobs, progress=progress)

    found = with_progress(work)
    for note in found.skipped:
        say(note)
    if plot is not None:
        draw(found, plot)
        say(f"wrote {plot}")
    write_out(as_json(found) if form is EvaluationFormat.json else as_table(found))


def _evaluate_types(source: Path, settings: Config, share: float, seed: list[int] | None, form: EvaluationFormat) -> None:
    import os

    from kgraph.evaluate.inferring import evaluate_types, types_as_json, types_as_table
    from kgraph.ingest.stage import ingest

    corpus, _, tree = with_progress(lambda progress: ingest(source, settings, jobs=os.cpu_count() or 1, progress=progress))
    found = evaluate_types(corpus, settings, tree.page_root, share, (0, 1, 2) if seed is None else tuple(seed))
    write_out(types_as_json(found) if form is EvaluationFormat.json else types_as_table(found))


def serve(
    workspace: WorkspaceOption = Path(".kgraph"),
    host: Annotated[str, typer.Option("--host", help="Address to listen at; 0.0.0.0 for all of this machine.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port to listen at; 0 for any that is free.")] = 7878,
    timeout: Annotated[float, typer.Option("--timeout", min=0.001, metavar="S", help="Seconds that a query may take.")] = 30.0,
    limit: Annotated[int, typer.Option("--limit", min=1, metavar="ROWS", help="Rows or triples that a query gives at the most.")] = 100_000,
    root_path: Annotated[str, typer.Option("--root-path", metavar="PATH", help="Path that a proxy serves it below, such as /graph.")] = "",
    allow_host: Annotated[
        list[str] | None, typer.Option("--allow-host", metavar="NAME", help="Host name to answer to besides those of this machine.")
    ] = None,
    rate: Annotated[
        float, typer.Option("--rate", min=0.0, metavar="N", help="Requests a second that a client of another machine may make; 0 for any.")
    ] = 20.0,
    memory: Annotated[
        int, typer.Option("--memory", min=0, metavar="MB", help="Memory of each query process; 0 for a share of half the machine's.")
    ] = 0,
    allow_service: Annotated[
        list[str] | None, typer.Option("--allow-service", metavar="IRI", help="SPARQL endpoint that queries may ask with SERVICE.")
    ] = None,
) -> None:
    """Serve the explorer, the JSON API and the SPARQL endpoint."""
    from kgraph.serve.run import run_server

    run_server(
        workspace, host, port, timeout=timeout, limit=limit, say=say, root=root_path, allowed=allow_host or (), rate=rate,
        memory=memory * 1_000_000, services=allow_service or (),
    )  # fmt: skip
