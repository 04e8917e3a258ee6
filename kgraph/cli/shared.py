"""What the commands share: options, output, progress."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kgraph.tabular import visible

if TYPE_CHECKING:
    from kgraph.api import KnowledgeGraph
    from kgraph.workspace import Workspace

__all__ = [
    "JobsOption",
    "Progress",
    "SourceArgument",
    "WorkspaceOption",
    "open_kg",
    "place_of",
    "print_rows",
    "say",
    "terminal_width",
    "write_out",
]

SourceArgument = Annotated[Path, typer.Argument(help="Folder, repository or file that holds the pages.", show_default="the current folder")]
WorkspaceOption = Annotated[Path, typer.Option("--workspace", "-w", help="Folder of the workspace.", envvar="KGRAPH_WORKSPACE")]
JobsOption = Annotated[int | None, typer.Option("--jobs", "-j", min=1, help="Processes that read; all processors by default.")]


def open_kg(workspace: Path) -> KnowledgeGraph:
    """Open the workspace."""
    import kgraph

    return kgraph.open(workspace)


def place_of(workspace: Path) -> Workspace:
    """The workspace, which need not be there yet."""
    from kgraph.workspace import Workspace

    return Workspace(workspace)


def say(text: str) -> None:
    """Tell people something: to stderr, so that stdout holds data only."""
    sys.stderr.write(visible(text) + "\n")


def write_out(text: str | bytes) -> None:
    """Write data to stdout."""
    if isinstance(text, str):
        text = visible(text) if sys.stdout.isatty() else text
    data = text.encode("utf-8", "replace") if isinstance(text, str) else text
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def print_rows(rows: Sequence[dict[str, Any]], form: str, *, columns: Sequence[str] | None = None) -> None:
    """Print rows as a table for people, as JSON or as CSV."""
    if form == "json":
        write_out(json.dumps(list(rows), ensure_ascii=False, indent=1) + "\n")
        return
    names = list(columns or (rows[0].keys() if rows else ()))
    if form == "csv":
        import csv
        import io

        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([[_csv_cell(row.get(name)) for name in names] for row in rows])
        write_out(out.getvalue())
        return
    from kgraph.tabular import text_table

    cells = [[_cell(row.get(name)) for name in names] for row in rows]
    write_out(text_table(names, cells, terminal_width()) if rows else "nothing found\n")


def terminal_width() -> int | None:
    """Characters of a line where a terminal is written to; None elsewhere."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _csv_cell(value: Any) -> Any:
    """A cell that a spreadsheet does not run: a leading sign of a formula is led by an apostrophe."""
    if isinstance(value, list):
        value = "; ".join(value)
    return "'" + value if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


class Progress:
    """Shows what is being done: one line that is written over on a terminal, plain lines elsewhere."""

    def __init__(self) -> None:
        """Look whether stderr is a terminal."""
        self.terminal = sys.stderr.isatty()
        self.stage = ""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Show a step."""
        if self.terminal:
            bar = ""
            if total > 1:
                filled = round(24 * done / total)
                bar = f" [{'█' * filled}{'·' * (24 - filled)}] {done:,}/{total:,}"
            sys.stderr.write(f"\r\x1b[2K{stage}{bar}")
            sys.stderr.flush()
        elif stage != self.stage:
            sys.stderr.write(f"{stage}\n")
        self.stage = stage

    def end(self) -> None:
        """Clear the line."""
        if self.terminal and self.stage:
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()


def with_progress(work: Callable[[Progress], Any]) -> Any:
    """Run ``work`` with a progress display that is cleared at the end, whatever happens."""
    progress = Progress()
    try:
        return work(progress)
    finally:
        progress.end()
