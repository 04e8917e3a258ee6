"""The command that checks a site: findings, a baseline, and fixes."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kgraph.cli.shared import SourceArgument, say, with_progress, write_out

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kgraph.config import Config
    from kgraph.ingest.discover import SourceTree
    from kgraph.ingest.load import LoadedFiles
    from kgraph.model.corpus import Corpus
    from kgraph.model.finding import Finding

__all__ = ["check"]

_RULES = "Numbers, names, error, warning, note or none."


class FindingFormat(StrEnum):
    """Formats of findings."""

    text = "text"
    json = "json"
    sarif = "sarif"
    github = "github"


def check(
    source: SourceArgument = Path(),
    form: Annotated[FindingFormat, typer.Option("--format", "-f", help="How to print.")] = FindingFormat.text,
    baseline: Annotated[
        Path | None, typer.Option("--baseline", help="Findings that do not count; written with the present ones when it is not there.")
    ] = None,
    fail_on: Annotated[
        list[str] | None,
        typer.Option(
            "--fail-on",
            metavar="RULE,…",
            help=f"Exit with 1 when one of these is found. {_RULES}",
            show_default="check.fail_on: error,warning",
        ),
    ] = None,
    select: Annotated[list[str] | None, typer.Option("--select", metavar="RULE,…", help=f"Only these. {_RULES}")] = None,
    ignore: Annotated[list[str] | None, typer.Option("--ignore", metavar="RULE,…", help=f"None of these. {_RULES}")] = None,
    fix: Annotated[
        bool, typer.Option("--fix", help="Print what can be mended safely as a unified diff: unlinked mentions become links.")
    ] = False,
    write: Annotated[bool, typer.Option("--write", help="With --fix: write it into the pages as well.")] = False,
    shapes: Annotated[
        Path | None, typer.Option("--shapes", metavar="FILE", help="SHACL shapes that the RDF of the site must conform to as well.")
    ] = None,
    config: Annotated[Path | None, typer.Option("--config", "-c", help="Configuration file; kgraph.toml of SOURCE by default.")] = None,
) -> None:
    """Find dead links, orphans, duplicates and other things to mend; exit with 1 when something fails."""
    from kgraph.check import run_checks
    from kgraph.check.baseline import find_baseline, new_findings, write_baseline
    from kgraph.check.report import summary
    from kgraph.check.selection import named, read_rules, select_findings
    from kgraph.ingest.stage import ingest
    from kgraph.pipeline import site_config

    _require_fix(fix, write, form)
    settings = site_config(source, config)
    failing = read_rules(fail_on or settings.check.fail_on, "--fail-on")
    wanted, unwanted = read_rules(select, "--select") if select else None, read_rules(ignore or [], "--ignore")
    known = find_baseline(baseline) if baseline else None
    corpus, loaded, tree = with_progress(lambda progress: ingest(source, settings, jobs=os.cpu_count() or 1, progress=progress))

    def chosen(findings: Sequence[Finding]) -> tuple[Finding, ...]:
        selected = select_findings(findings, wanted, unwanted)
        return new_findings(selected, known) if known is not None else selected

    if fix:
        _fix(corpus, loaded, tree, settings, chosen, write=write)
        return
    found = run_checks(corpus, settings, tree, shapes)
    counted, selected = chosen(found), select_findings(found, wanted, unwanted)
    if baseline and known is None:
        write_baseline(baseline, selected)
        say(f"wrote {baseline}: {len(selected):,} present findings that count no more")
        counted = ()
    _print(counted, form, source)
    say(summary(counted, len(corpus.pages), known=len(selected) - len(counted)))
    if any(named(item, failing) for item in counted):
        raise typer.Exit(1)


def _require_fix(fix: bool, write: bool, form: FindingFormat) -> None:
    from kgraph.errors import ConfigError

    if write and not fix:
        raise ConfigError("--write goes with --fix: give both, or neither")
    if fix and form is not FindingFormat.text:
        raise ConfigError(f"--fix prints a diff, not {form.value}: leave --format out")


def _print(findings: Sequence[Finding], form: FindingFormat, source: Path) -> None:
    import kgraph
    from kgraph.check.report import as_github, as_json, as_sarif, as_text

    if form is FindingFormat.sarif:
        write_out(as_sarif(findings, version=kgraph.__version__, folder=_folder_below_here(source)))
    elif form is FindingFormat.github:
        write_out(as_github(findings, folder=_folder_below_here(source)))
    else:
        write_out(as_json(findings) if form is FindingFormat.json else as_text(findings))


def _folder_below_here(source: Path) -> str:
    """Path of SOURCE from the working directory, which is the root of the repository where checks run; empty when it is no part."""
    folder, here = (source if source.is_dir() else source.parent).resolve(), Path().resolve()
    return folder.relative_to(here).as_posix() if folder != here and folder.is_relative_to(here) else ""


def _fix(
    corpus: Corpus, loaded: LoadedFiles, tree: SourceTree, settings: Config,
    chosen: Callable[[Sequence[Finding]], Sequence[Finding]], *, write: bool,
) -> None:  # fmt: skip
    """Print the diff of what can be mended, and write it where that is asked for; exit with 1 where it is left to be written."""
    from kgraph.check.fix import fix_mentions
    from kgraph.check.patch import unified_diff, write_source
    from kgraph.check.selection import weigh

    fixes, left = fix_mentions(corpus, loaded, tree, settings, lambda item: bool(chosen(weigh([item], settings.check))))
    for item in fixes:
        write_out(unified_diff(item.path, item.source.text, item.text))
    count = sum(len(item.findings) for item in fixes)
    more = f"; {left:,} more cannot be linked safely" if left else ""
    pages = f"{count:,} mention{'' if count == 1 else 's'} on {len(fixes):,} page{'' if len(fixes) == 1 else 's'}"
    if write:
        for item in fixes:
            write_source(tree.root, item.path, item.source, item.text)
        say(f"linked {pages}{more}")
        return
    say(f"{pages} can be linked{more}" + (": add --write to write the links" if fixes else ""))
    if fixes:
        raise typer.Exit(1)
