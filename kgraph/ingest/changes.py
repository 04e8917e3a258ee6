"""When pages were changed last, from the history of the git repository they lie in: read without touching anything of it.

The day is that of the author, as Hugo's ``:git`` has it, in the time zone of the author: no clock and no zone of this machine has a say.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from threading import Timer
from typing import IO

from msgspec import Struct

__all__ = ["DATE_KEYS", "History", "change_dates", "head_commit", "history"]

DATE_KEYS = (
    "lastEdited", "last_edited", "lastUpdated", "last_updated", "lastModified", "last_modified", "lastmod", "updated", "modified", "date",
    "updatedAt", "updated_at",
)  # fmt: skip
"""Fields of front matter that give the day of the last change, first one found."""

_COMMITS = 20_000
"""Commits that are looked at, the newest ones."""
_SECONDS = 60.0
"""Seconds after which the history counts as too long to read, and no page gets a date from it."""
_QUIET = {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
"""Git locks nothing, fetches nothing and asks nothing."""
_ELSEWHERE = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_PREFIX")
"""Variables by which git would look into another repository than that of the pages; hooks set them."""
_START = b"\x01"
_LOG = ("log", f"--max-count={_COMMITS}", "--format=%x01%as%x01%P", "--name-status", "-z", "-M100%", "--diff-filter=AMRT", "--relative",
        "--no-ext-diff", "--no-textconv", "HEAD", "--", ".")  # fmt: skip
_PIECE = 1 << 16


class History(Struct, frozen=True):
    """What the history tells of some files."""

    commit: str = ""
    """Commit that is checked out; empty where there is none, or nothing is asked."""
    paths: tuple[str, ...] = ()
    """Files that were asked for."""
    days: dict[str, str] = {}
    """Day of the last change of each of them that git knows."""


def history(folder: Path, paths: tuple[str, ...], before: History | None = None) -> History:
    """What git knows of files; what was found ``before`` of the same ones at the same commit is taken, for a history may be long."""
    if not paths:
        return History()
    commit = head_commit(folder)
    if before is not None and (before.commit, before.paths) == (commit, paths):
        return before
    return History(commit, paths, change_dates(folder, paths))


def head_commit(folder: Path) -> str:
    """Name of the commit that is checked out where the pages lie; empty where there is none."""
    return _told(folder, "rev-parse", "--verify", "--quiet", "HEAD")


def change_dates(folder: Path, paths: Iterable[str]) -> dict[str, str]:
    """Day of the last commit that changed each file, as ``YYYY-MM-DD``; only of those that git knows.

    A file that was moved and not changed keeps its day. Of a history that was fetched in part, the commit it begins with is left out:
    it seems to change every file. Commits beyond the newest 20,000 are not looked at. Where git fails, or takes longer than a minute,
    no file has a day: half of them would be another answer each time.

    Args:
        folder: Folder of the pages, within a repository or not.
        paths: Files below it, with ``/`` between folders.

    """
    wanted = {os.fsencode(path): path for path in paths}
    if not wanted or not head_commit(folder):
        return {}
    partial = _told(folder, "rev-parse", "--is-shallow-repository") == "true"
    found: dict[str, str] = {}
    with subprocess.Popen(_git(folder, *_LOG), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_environment()) as running:
        assert running.stdout is not None
        timer = Timer(_SECONDS, running.kill)
        timer.start()
        try:
            for day, first, changed in _commits(running.stdout):
                for now, before in changed:
                    if now in wanted:
                        path = wanted.pop(now)
                        if before is not None:
                            wanted[before] = path
                        elif not (partial and first):
                            found[path] = day
                if not wanted:
                    running.kill()
                    return found
        finally:
            timer.cancel()
    return found if running.returncode == 0 else {}


def _git(folder: Path, *arguments: str) -> list[str]:
    return ["git", "-C", str(folder), "-c", "log.showSignature=false", *arguments]


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in _ELSEWHERE} | _QUIET


def _told(folder: Path, *arguments: str) -> str:
    """What git prints; nothing where it fails or is not there."""
    try:
        done = subprocess.run(_git(folder, *arguments), capture_output=True, env=_environment(), check=False)
    except OSError:
        return ""
    return done.stdout.decode("ascii", "replace").strip() if done.returncode == 0 else ""


def _commits(stream: IO[bytes]) -> Iterator[tuple[str, bool, list[tuple[bytes, bytes | None]]]]:
    """Of each commit, newest first: its day, whether it has no parents, and each file, with the name it had before where it was moved."""
    day, first = "", False
    changed: list[tuple[bytes, bytes | None]] = []
    fields = _fields(stream)
    for field in fields:
        told = field.lstrip(b"\n")
        if told.startswith(_START):
            if changed:
                yield day, first, changed
            _, written, parents = told.split(_START)
            day, first, changed = written.decode("ascii"), not parents, []
        elif told.startswith(b"R"):
            before = next(fields, b"")
            changed.append((next(fields, b""), before))
        elif told:
            changed.append((next(fields, b""), None))
    if changed:
        yield day, first, changed


def _fields(stream: IO[bytes]) -> Iterator[bytes]:
    """What git separates by zero bytes."""
    rest = b""
    while piece := stream.read(_PIECE):
        *whole, rest = (rest + piece).split(b"\0")
        yield from whole
    if rest:
        yield rest
