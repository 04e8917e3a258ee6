"""The command that puts the lists on built pages."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kgraph.cli.shared import WorkspaceOption, open_kg, say

__all__ = ["inject"]


def inject(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the built HTML.")],
    base: Annotated[str | None, typer.Option("--base", help="Address at which DIR is served.", show_default="found by looking")] = None,
    before: Annotated[
        str | None,
        typer.Option("--before", metavar="TEXT", help="Text before which the block stands.",
                     show_default="a comment kgraph:related, else the end of the main content"),
    ] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Take the blocks away again.")] = False,
    workspace: WorkspaceOption = Path(".kgraph"),
) -> None:  # fmt: skip
    """Put the block of related pages on each page of a built site; running it again changes nothing."""
    from kgraph.errors import ExportError
    from kgraph.integrations.inject import inject_site

    done = inject_site(open_kg(workspace).generation.folder / "site", folder, base=base, before=before, remove=remove)
    for name in done.without_place:
        say(f"{folder / name}: has no {before!r}: left as it is")
    if done.without_place and not done.changed and not done.unchanged:
        raise ExportError(f"--before {before!r}: stands on none of the {len(done.without_place):,} pages")
    left = f", {len(done.missing):,} pages of the build are not there" if done.missing else ""
    say(f"wrote {len(done.changed):,} pages in {folder}, {done.unchanged:,} were up to date{left}")
