"""Commands that make a workspace."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kgraph.cli.shared import JobsOption, Progress, SourceArgument, WorkspaceOption, place_of, say, with_progress, write_out

if TYPE_CHECKING:
    from kgraph.config import Config
    from kgraph.rank.engine import Engine

__all__ = ["build", "ingest", "init", "rank"]

ConfigOption = Annotated[Path | None, typer.Option("--config", "-c", help="Configuration file; kgraph.toml of SOURCE by default.")]
FullOption = Annotated[bool, typer.Option("--full", help="Read everything anew, whatever the cache holds.")]
StrictOption = Annotated[bool, typer.Option("--strict", help="Stop at a file that cannot be read.")]
LearnOption = Annotated[
    bool,
    typer.Option("--learn", help="Learn from the site's own links how much each signal counts; used where that beats the default."),
]


class EngineName(StrEnum):
    """What does the work."""

    LOCAL = "local"
    SPARK = "spark"


EngineOption = Annotated[EngineName, typer.Option("--engine", help="What does the work: this machine, or Spark (kgraph-wiki[spark]).")]
MasterOption = Annotated[str, typer.Option("--master", help="Where Spark runs: local[2], spark://HOST:7077, yarn.")]
_MASTER = "local[*]"
_HERE = Path()
_WORKSPACE = Path(".kgraph")
_SHOWN = 5
"""New findings that are told after a build of --watch."""
_RETRY = 8
"""Steps of waiting, four a second, after which a build that found the workspace locked is tried again."""


def init(
    source: SourceArgument = _HERE,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="File to write; SOURCE/kgraph.toml by default.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Look at a folder and write a commented kgraph.toml that says what `build` would have guessed."""
    from kgraph.errors import ConfigError
    from kgraph.initial import initial_config

    path = output or (source if source.is_dir() else source.parent) / "kgraph.toml"
    if path.exists() and not force:
        raise ConfigError(f"{path}: is there already: use --force to replace it, or -o to write another file")
    text, notes = initial_config(source)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written ({error.strerror}): use -o to write another file") from None
    say("\n".join(f"found: {note}" for note in notes))
    say(f"wrote {path}")


def build(
    source: SourceArgument = _HERE,
    workspace: WorkspaceOption = _WORKSPACE,
    jobs: JobsOption = None,
    full: FullOption = False,
    watch: Annotated[bool, typer.Option("--watch", help="Go on building whenever a file changes, until interrupted.")] = False,
    strict: StrictOption = False,
    learn: LearnOption = False,
    rdf: Annotated[
        bool, typer.Option("--rdf/--no-rdf", help="With the RDF dataset and its SPARQL store, or without: sooner, for a site build.")
    ] = True,
    config: ConfigOption = None,
) -> None:
    """Read the pages, rank them and write the site lists: the main job."""

    def work(full: bool, told: _Told | None = None) -> None:
        _build(source, workspace, jobs, full, strict, config, ranked=True, learn=learn, rdf=rdf, told=told)

    if watch:
        _watch(source, workspace, config, work, full)
    else:
        work(full)


def ingest(
    source: SourceArgument = _HERE,
    workspace: WorkspaceOption = _WORKSPACE,
    jobs: JobsOption = None,
    full: FullOption = False,
    strict: StrictOption = False,
    engine: EngineOption = EngineName.LOCAL,
    master: MasterOption = _MASTER,
    config: ConfigOption = None,
) -> None:
    """Read the pages and write RDF: the first stage on its own."""
    with _engine(engine, master, workspace) as started:
        _build(source, workspace, jobs, full, strict, config, ranked=False, engine=started)


def rank(
    workspace: WorkspaceOption = _WORKSPACE,
    learn: LearnOption = False,
    engine: EngineOption = EngineName.LOCAL,
    master: MasterOption = _MASTER,
    config: ConfigOption = None,
) -> None:
    """Rank what was ingested: the second stage on its own."""
    from kgraph.config import read_config
    from kgraph.pipeline import Inputs, rank_workspace, site_config

    place = place_of(workspace)
    settings = read_config(config) if config else site_config(Path(place.get_current().read("inputs.msgpack", Inputs).source))
    with _engine(engine, master, workspace) as started:
        report = with_progress(lambda progress: rank_workspace(place, _learning(settings, learn), engine=started, progress=progress))
    _summarize(report, workspace)


def _build(
    source: Path, workspace: Path, jobs: int | None, full: bool, strict: bool, config: Path | None, *, ranked: bool, learn: bool = False,
    rdf: bool = True, engine: Engine | None = None, told: _Told | None = None,
) -> None:  # fmt: skip
    from kgraph.pipeline import build_workspace, site_config

    settings = _without_rdf(_learning(site_config(source, config), learn), rdf=rdf)

    def work(progress: Progress) -> Any:
        return build_workspace(
            source, place_of(workspace), settings, jobs=jobs, full=full, ranked=ranked, strict=strict, engine=engine, progress=progress
        )  # fmt: skip

    _summarize(with_progress(work), workspace, told)


@contextmanager
def _engine(name: EngineName, master: str, workspace: Path) -> Iterator[Engine | None]:
    """The engine that was asked for; None is this machine."""
    if name is EngineName.LOCAL:
        yield None
        return
    from kgraph.spark import SparkEngine

    with SparkEngine.started(master, workspace.absolute() / "spark") as started:
        yield started


def _learning(settings: Config, learn: bool) -> Config:
    """The settings, with learning switched on when an option asks for it."""
    from msgspec import structs

    return structs.replace(settings, ranking=structs.replace(settings.ranking, learn=True)) if learn else settings


def _without_rdf(settings: Config, *, rdf: bool) -> Config:
    """The settings, without the dataset when an option says so."""
    from msgspec import structs

    return settings if rdf else structs.replace(settings, rdf=structs.replace(settings.rdf, dataset=False))


class _Told:
    """What was told of the builds before: of the next one what is new is told."""

    def __init__(self) -> None:
        self.assumptions: tuple[str, ...] = ()
        self.findings: frozenset[str] | None = None

    def news(self, report: Any, workspace: Path) -> list[str]:
        """Lines about what was assumed or found since."""
        from kgraph.archive import read_findings

        found = {f"{item.rule} {item.path}:{item.line}: {item.message}" for item in read_findings(place_of(workspace).get_current())}
        fresh = sorted(found - self.findings) if self.findings is not None else []
        lines = [f"assumed: {note}" for note in report.assumptions if note not in self.assumptions]
        lines += [f"new: {line}" for line in fresh[:_SHOWN]]
        lines += [f"new: {len(fresh) - _SHOWN:,} more findings"] if len(fresh) > _SHOWN else []
        self.assumptions, self.findings = report.assumptions, frozenset(found)
        return lines


def _summarize(report: Any, workspace: Path, told: _Told | None = None) -> None:
    counts = report.counts
    news = told.news(report, workspace) if told else [f"assumed: {note}" for note in report.assumptions]
    if not report.changed:
        write_out(f"nothing has changed: {counts['pages']} pages in {workspace}\n")
        return
    for line in news:
        say(line)
    seconds = counts["seconds"]
    reused = counts.get("cache", {}).get("reused", 0)
    write_out(
        f"{counts['pages']:,} pages, {counts['entities']:,} entities, {counts['links']:,} links ({counts['dead_links']:,} dead), "
        f"{counts['relations']:,} relations, {counts['mentions']:,} mentions, {counts['triples']:,} triples\n"
    )
    if "ranking" in counts:
        say(f"ranking: {counts['ranking']}")
    say(f"{seconds['total']:.1f} s ({reused:,} files from the cache), {counts['problems']:,} findings, see `kgraph stats --problems`")


def _watch(source: Path, workspace: Path, config: Path | None, work: Callable[[bool, _Told], None], full: bool) -> None:
    """Build, and again after each burst of changes, until interrupted; what is broken is told and waits for its mend."""
    from kgraph.errors import KgraphError, SourceError, WorkspaceError
    from kgraph.watching import changes

    if not source.exists():
        raise SourceError(f"{source}: no such file or folder: give the folder that holds the pages")
    steps = changes(source, config, leave_out=workspace)
    next(steps)
    told = _Told()
    work(full, told)
    say("watching for changes (Ctrl-C ends)")
    again = 0
    for changed in steps:
        again = max(0, again - 1)
        if not changed and again != 1:
            continue
        try:
            work(False, told)
        except WorkspaceError as error:
            say(f"kgraph: {error}")
            again = _RETRY
        except KgraphError as error:
            say(f"kgraph: {error}")
