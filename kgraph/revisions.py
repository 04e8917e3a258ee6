"""Revisions of git as folders, read without touching the working tree, the index or anything else of the repository."""

from __future__ import annotations

import os
import posixpath
import subprocess
from collections.abc import Iterator
from pathlib import Path

from kgraph.errors import SourceError

__all__ = ["find_revision", "unpack_revision"]

_QUIET = {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
"""Git locks nothing, fetches nothing and asks nothing."""


def find_revision(source: Path, name: str) -> str | None:
    """Name of the commit that a revision of the repository around ``source`` stands for; None where there is none."""
    place = source if source.is_dir() else source.parent
    found = _git(place, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    return found.decode("ascii", "replace").strip() if found else None


def unpack_revision(source: Path, name: str, folder: Path) -> Path:
    """What git has below the folder ``source`` at a revision, written into ``folder``, which is made.

    The files are written as they are stored: no filter, no attribute and no hook of the repository is heeded. Submodules, and links
    that lead out of the folder, are left out.

    Args:
        source: Folder within a repository, or a file in it.
        name: Revision as git writes it: a commit, branch, tag, ``HEAD~1`` …
        folder: Where to write.

    Raises:
        SourceError: there is no repository, no such revision, or nothing below ``source`` at it.

    """
    place = source if source.is_dir() else source.parent
    commit = find_revision(source, name)
    if commit is None:
        raise SourceError(f"{name}: neither a folder nor a revision of the git repository at {place}: give one or the other")
    listed = _git(place, "ls-tree", "-r", "-z", commit)
    if not listed:
        raise SourceError(f"{name}: has nothing below {place}: give a revision that has it")
    entries = [(mode, blob, path) for mode, blob, path in _entries(listed) if mode in ("100644", "100755", "120000")]
    folder.mkdir(parents=True, exist_ok=True)
    for (mode, _, path), data in zip(entries, _contents(place, [blob for _, blob, _ in entries]), strict=True):
        _write(folder, path, data, link=mode == "120000")
    return folder


def _git(place: Path, *arguments: str) -> bytes | None:
    """What git prints; None where it fails or is not there."""
    try:
        done = subprocess.run(["git", "-C", str(place), *arguments], capture_output=True, env={**os.environ, **_QUIET}, check=False)
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None


def _entries(listed: bytes) -> Iterator[tuple[str, str, str]]:
    """Mode, name of the blob and path of each file."""
    for line in listed.split(b"\0"):
        head, _, path = line.partition(b"\t")
        if path:
            mode, _, blob = head.decode("ascii").split(" ")
            yield mode, blob, os.fsdecode(path)


def _contents(place: Path, blobs: list[str]) -> Iterator[bytes]:
    """The bytes of blobs, in order."""
    asked = "".join(f"{blob}\n" for blob in blobs).encode("ascii")
    command = ["git", "-C", str(place), "cat-file", "--batch"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, **_QUIET}) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        for start in range(0, len(blobs), 100):
            running.stdin.write(b"".join(asked.splitlines(keepends=True)[start : start + 100]))
            running.stdin.flush()
            for blob in blobs[start : start + 100]:
                head = running.stdout.readline().split()
                if len(head) != 3 or head[1] != b"blob":
                    raise SourceError(f"{place}: git has no content of {blob}: fetch the whole repository")
                data = running.stdout.read(int(head[2]))
                running.stdout.read(1)
                yield data
        running.stdin.close()


def _write(folder: Path, path: str, data: bytes, *, link: bool) -> None:
    parts = path.split("/")
    if path.startswith("/") or ".." in parts or ".git" in (part.casefold() for part in parts):
        return
    place = folder / path
    place.parent.mkdir(parents=True, exist_ok=True)
    if not link:
        place.write_bytes(data)
        return
    target = os.fsdecode(data)
    if not posixpath.normpath(posixpath.join(posixpath.dirname(path), target)).startswith(("/", "..")):
        place.symlink_to(target)
