"""Waiting for files to change."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kgraph.errors import SourceError

__all__ = ["changes"]

_QUIET = 60
"""Milliseconds without a change that end a burst."""
_LONGEST = 1_000
"""Milliseconds after which a burst that goes on is handed on."""
_TICK = 250


def changes(source: Path, config: Path | None = None, *, leave_out: Path | None = None) -> Iterator[bool]:
    """Yield False at once, when watching has begun, and a few times a second; True after each burst of changes.

    What changes while the caller is busy is kept for the next step, so that nothing is missed.

    Args:
        source: Folder, or one file.
        config: A configuration file elsewhere.
        leave_out: Folder whose changes do not count: the workspace.

    Raises:
        SourceError: the system does not let so many folders be watched, the path is no text, or the source is gone.

    """
    from watchfiles import Change, DefaultFilter, watch

    source = source.resolve()
    single = {source} if source.is_file() else set()
    single |= {config.resolve()} if config else set()
    folder = source.parent if source.is_file() else source
    usual = DefaultFilter(ignore_paths=[str(leave_out.resolve())] if leave_out else [])

    def counts(change: Change, path: str) -> bool:
        place = Path(path)
        if place in single:
            return True
        return not source.is_file() and place.is_relative_to(folder) and usual(change, path)

    places = {folder, *(path.parent for path in single)}
    places = {place for place in places if not any(other != place and place.is_relative_to(other) for other in places)}
    try:
        for found in watch(
            *sorted(places), watch_filter=counts, debounce=_LONGEST, step=_QUIET, rust_timeout=_TICK, yield_on_timeout=True
        ):  # fmt: skip
            yield bool(found)
    except UnicodeEncodeError:
        raise SourceError(f"{source}: cannot be watched (its path is no text): rename the folder, or build without --watch") from None
    except OSError as error:
        raise SourceError(f"{source}: cannot be watched ({error}): raise fs.inotify.max_user_watches, or build without --watch") from None
