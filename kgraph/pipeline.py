"""The main job: source folder in, a new generation of the workspace out."""

from __future__ import annotations

import gc
import hashlib
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct, structs

import kgraph
from kgraph.config import Config, find_config, read_config
from kgraph.errors import SourceError, WorkspaceError
from kgraph.generation import Progress, write_generation
from kgraph.ingest.changes import History, history
from kgraph.memory import Memory
from kgraph.model.finding import Finding
from kgraph.parallel import held_memory
from kgraph.workspace import Generation, Workspace

if TYPE_CHECKING:
    from kgraph.rank.engine import Engine

__all__ = ["BuildReport", "Inputs", "build_workspace", "rank_workspace", "site_config"]

_RACY = 2_000_000_000
"""Nanoseconds: a file changed so shortly before a build may have changed again without its stamp telling."""
_SMALL, _LARGEST_ARRAY = 50_000_000, 1 << 28
"""Bytes of the files of a small site, and of the largest arrays of one."""


class Inputs(Struct, frozen=True):
    """What a generation was made from: when nothing of it has changed, there is nothing to do."""

    version: str
    source: str
    config: str
    """SHA-256 of the settings."""
    files: dict[str, tuple[int, tuple[int, int, int]]]
    """Size and stamp of each page and catalog."""
    hashes: dict[str, str]
    read_at: int
    """When the files were read, in nanoseconds."""
    ranked: str
    """SHA-256 of the settings it was ranked with; empty when it was not."""
    left_out: tuple[Finding, ...] = ()
    """What was no plain file."""
    settings: str = ""
    """SHA-256 of the layout of the site and of the files of settings that tell it."""
    history: History = History()
    """What git knew of the pages that give no date."""


class BuildReport(Struct, frozen=True):
    """What a build did."""

    changed: bool
    """False when everything was up to date."""
    counts: dict[str, Any]
    """Keys of ``kgraph stats``."""
    assumptions: tuple[str, ...]


def site_config(source: Path, override: Path | None = None) -> Config:
    """Configuration of a source folder: the file given, else the one that lies in the folder, else the defaults."""
    return read_config(override or find_config(source if source.is_dir() else source.parent))


def _fingerprint(config: Config) -> str:
    return hashlib.sha256(msgspec.json.encode(config, order="deterministic")).hexdigest()


def build_workspace(
    source: Path,
    workspace: Workspace,
    config: Config,
    *,
    jobs: int | None = None,
    full: bool = False,
    ranked: bool = True,
    strict: bool = False,
    engine: Engine | None = None,
    progress: Progress | None = None,
) -> BuildReport:
    """Ingest, rank and write; or find that nothing has changed.

    Args:
        source: Folder, repository or file.
        workspace: Where to write.
        config: Settings.
        jobs: Processes that parse; as many as there are processors when None.
        full: Read everything anew.
        ranked: Whether to rank and write the site lists as well.
        strict: Whether a file that cannot be read stops the build.
        engine: What does the work that it can take over, in place of processes of this machine.
        progress: Called with what is done, how much of it, and how much there is.

    Raises:
        SourceError: there is no such folder, or no page in it, or it is the workspace, or ``strict`` and a file cannot be read.
        WorkspaceError: the workspace is locked or cannot be written.

    """
    if not source.exists():
        raise SourceError(f"{source}: no such file or folder: give the folder that holds the pages")
    if source.is_dir() and source.resolve() == workspace.folder.resolve():
        raise SourceError(f"{source}: is the folder of the pages: choose another --workspace")
    with workspace.writing(), _without_collector():
        from kgraph.ingest.discover import discover

        started = time.perf_counter()
        fingerprint = _fingerprint(config)
        tree = discover(source, config, leave_out=workspace.folder)
        before = None if full else _find_before(workspace)
        if before is not None:
            current, inputs = before
            if _unchanged(inputs, tree, fingerprint, ranked):
                if strict:
                    from kgraph.archive import read_findings  # which imports NumPy

                    _refuse_errors(read_findings(current))
                workspace.link_site()
                return BuildReport(False, current.read("stats.msgpack", dict), tuple(current.read("assumptions.msgpack", tuple)))
        jobs = jobs or os.cpu_count() or 1
        small = sum(file.size for file in tree.files) <= _SMALL
        with held_memory(most=_LARGEST_ARRAY) if small else nullcontext():
            return _build(tree, workspace, config, fingerprint, jobs, before, full, ranked, strict, progress, started, engine)


def _refuse_errors(findings: Sequence[Finding]) -> None:
    """Stop a strict build that found an error.

    Raises:
        SourceError: there is one.

    """
    errors = [item for item in findings if item.severity == "error"]
    if errors:
        first = errors[0]
        place = f"{first.path}:{first.line}" if first.line else first.path
        raise SourceError(f"{place}: {first.rule} {first.message} (--strict; {len(errors)} such findings)")


def _read_inputs(generation: Generation) -> Inputs | None:
    try:
        return generation.read("inputs.msgpack", Inputs)
    except WorkspaceError:
        return None


def _spelled(folder: str) -> str:
    """A path as text that can be written as UTF-8: bytes that are no text, which a name can hold, as escapes."""
    return folder.encode("utf-8", "backslashreplace").decode("utf-8")


def _unchanged(inputs: Inputs, tree: Any, fingerprint: str, ranked: bool) -> bool:
    """Whether nothing has changed since, by size and stamp; files changed shortly before they were read are hashed."""
    if (inputs.source, inputs.config) != (_spelled(tree.root), fingerprint):
        return False
    if ranked and inputs.ranked != fingerprint:
        return False
    files = {file.path: (file.size, file.stamp) for file in tree.files}
    if files != inputs.files or (tree.left_out, tree.settings) != (inputs.left_out, inputs.settings):
        return False
    for path, (_, stamp) in files.items():
        if max(stamp[0], stamp[1]) > inputs.read_at - _RACY:
            try:
                data = Path(tree.root, path).read_bytes()
            except OSError:
                return False
            if hashlib.sha256(data).hexdigest() != inputs.hashes.get(path):
                return False
    return history(Path(tree.root), inputs.history.paths, inputs.history).days == inputs.history.days


def _build(
    tree: Any, workspace: Workspace, config: Config, fingerprint: str, jobs: int, before: tuple[Generation, Inputs] | None, full: bool,
    ranked: bool, strict: bool, progress: Progress | None, started: float, engine: Engine | None,
) -> BuildReport:  # fmt: skip
    from kgraph.ingest.cache import Cache
    from kgraph.ingest.load import load_files
    from kgraph.ingest.stage import build_corpus
    from kgraph.rank.ahead import TextsAhead

    tree.require_pages()
    marks = {"start": started}
    read_at = time.time_ns()
    step = None if progress is None else (lambda done, total: progress("reading", done, total))
    with Cache(workspace.cache, empty=full) as cache:
        loaded = load_files(tree, config, jobs=engine or jobs, cache=cache, before=before[1].history if before else None, progress=step)
    if strict:
        _refuse_errors(sorted((*tree.left_out, *loaded.findings)))
    marks["read"] = time.perf_counter()
    folder = before[0].folder if before else None
    mentioned = Memory(folder, "mentions")
    with TextsAhead(jobs) as ahead:
        corpus = build_corpus(
            tree, loaded, config, progress=progress, identified_as=ahead.begin if ranked else None, mentioned=mentioned,
            jobs=jobs,
        )  # fmt: skip
        marks["connect"] = time.perf_counter()
        files = {file.path: (file.size, file.stamp) for file in tree.files}
        inputs = Inputs(
            kgraph.__version__, _spelled(tree.root), fingerprint, files, loaded.hashes, read_at, fingerprint if ranked else "",
            tree.left_out, tree.settings, loaded.history,
        )  # fmt: skip
        reused = loaded.reused
        del loaded  # its documents take most of the memory
        with workspace.new_generation() as generation:
            mentioned.write(generation.folder)
            generation.write("inputs.msgpack", inputs)
            counts = write_generation(
                generation, corpus, config, ranked=ranked, before=folder, ahead=ahead, jobs=jobs, marks=marks, progress=progress,
                engine=engine,
            )  # fmt: skip
            counts["cache"] = {"files": len(inputs.hashes), "reused": reused}
            generation.write("stats.msgpack", counts)
    return BuildReport(True, counts, corpus.assumptions)


def _find_before(workspace: Workspace) -> tuple[Generation, Inputs] | None:
    """The build before and what it was made from, if it is whole and this version of kgraph made it."""
    current = workspace.find_current()
    inputs = _read_inputs(current) if current is not None else None
    return (current, inputs) if current and inputs and inputs.version == kgraph.__version__ and current.intact() else None


def rank_workspace(
    workspace: Workspace, config: Config, *, jobs: int | None = None, engine: Engine | None = None, progress: Progress | None = None
) -> BuildReport:  # fmt: skip
    """Rank the current generation anew, with the present settings; ``engine`` does the work that it can take over.

    Raises:
        WorkspaceError: nothing was ingested here yet.

    """
    from kgraph.archive import read_corpus

    with workspace.writing(), _without_collector():
        current = workspace.get_current()
        corpus = read_corpus(current)
        inputs = structs.replace(current.read("inputs.msgpack", Inputs), ranked=_fingerprint(config))
        old = current.read("stats.msgpack", dict)
        jobs = jobs or os.cpu_count() or 1
        found = _find_before(workspace)
        before = found[0].folder if found else None
        mentioned = Memory(before, "mentions")
        mentioned.keep(mentioned.found.items())
        with workspace.new_generation() as generation:
            mentioned.write(generation.folder)
            marks = {"start": time.perf_counter(), "read": time.perf_counter(), "connect": time.perf_counter()}
            generation.write("inputs.msgpack", inputs)
            counts = write_generation(
                generation, corpus, config, ranked=True, before=before, ahead=None, jobs=jobs, marks=marks, progress=progress,
                engine=engine,
            )  # fmt: skip
            counts["cache"] = old.get("cache", {})
            generation.write("stats.msgpack", counts)
        return BuildReport(True, counts, corpus.assumptions)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Hold the cyclic garbage collector back: a build makes millions of objects, few of them garbage and none in cycles."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
