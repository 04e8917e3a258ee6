"""The workspace: generations side by side, one of them current, one writer at a time.

::

    .kgraph/
      current -> generations/7      the generation readers open; switched in one atomic step
      site    -> current/site       what a site build imports
      generations/7/…               everything one build made; never changed afterwards
      cache/parsed.sqlite           parsed forms of files by hash
      lock                          held by the build that is running
"""

from __future__ import annotations

import fcntl
import os
import shutil
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from kgraph.errors import WorkspaceError

__all__ = ["FORMAT", "Generation", "Workspace"]

FORMAT = 2
"""Layout of a generation; another one is built anew."""

_MARK = f"format-{FORMAT}"
_SEAL = "sums.msgpack"
_MOST_SUMMED = 1_000_000
"""Bytes of a file up to which it has a checksum."""
_SITE = "current/site"
_OURS = frozenset(("current", "site", "generations", "cache", "lock"))
"""What lies in a workspace."""
T = TypeVar("T")


class Generation:
    """The files of one build."""

    def __init__(self, folder: Path) -> None:
        """Point at ``folder``."""
        self.folder = folder

    @property
    def number(self) -> int:
        """Number of the build."""
        return int(self.folder.name)

    def read(self, name: str, kind: type[T]) -> T:
        """Decode one file.

        Raises:
            WorkspaceError: it is missing or damaged.

        """
        path = self.folder / name
        try:
            return msgspec.msgpack.decode(path.read_bytes(), type=kind)
        except FileNotFoundError:
            raise WorkspaceError(f"{path}: missing: run `kgraph build --full`") from None
        except (OSError, msgspec.DecodeError) as error:
            raise WorkspaceError(f"{path}: damaged ({error}): run `kgraph build --full`") from None

    def write(self, name: str, value: Any) -> None:
        """Encode one file."""
        (self.folder / name).write_bytes(msgspec.msgpack.encode(value))

    def write_parts(self, name: str, parts: Iterable[bytes]) -> None:
        """Write one file from its parts, which together are MessagePack; for what would take too much memory in one piece."""
        with (self.folder / name).open("wb") as stream:
            stream.writelines(parts)

    def seal(self) -> None:
        """Note size and checksum of every file, so that one that is lost, cut short or overwritten is noticed."""
        self.write(_SEAL, self._sums())

    def intact(self) -> bool:
        """Whether every file is there with the size it was written with; small ones but those of single pages with the same bytes."""
        try:
            return self.read(_SEAL, dict[str, tuple[int, int]]) == self._sums()
        except (OSError, WorkspaceError):
            return False

    def _sums(self) -> dict[str, tuple[int, int]]:
        """Size of each file by its path, and its checksum where it is a small one and not that of a single page, else 0."""
        sums: dict[str, tuple[int, int]] = {}
        stack = [""]
        while stack:
            inner = stack.pop()
            with os.scandir(self.folder / inner) as entries:
                for entry in entries:
                    name = f"{inner}{entry.name}"
                    if entry.is_dir(follow_symlinks=False):
                        stack.append(f"{name}/")
                    elif name not in (_SEAL, _MARK) and entry.is_file():
                        size = entry.stat().st_size
                        summed = inner in ("", "site/") and size <= _MOST_SUMMED
                        sums[name] = (size, zlib.crc32(Path(entry.path).read_bytes()) if summed else 0)
        return sums


class Workspace:
    """A folder of generations."""

    def __init__(self, folder: Path) -> None:
        """Point at ``folder``, which need not be there yet."""
        self.folder = folder
        self.cache = folder / "cache" / "parsed.sqlite"

    def find_current(self) -> Generation | None:
        """The current generation, or None when nothing was built yet or its layout is another one."""
        link = self.folder / "current"
        try:
            target = link.readlink()
        except OSError:
            return None
        generation = Generation(self.folder / target)
        return generation if (generation.folder / _MARK).is_file() else None

    def get_current(self) -> Generation:
        """The current generation.

        Raises:
            WorkspaceError: nothing was built here yet, or what was built is damaged or of another version.

        """
        generation = self.find_current()
        if generation is not None:
            return generation
        if (self.folder / "current").is_symlink():
            raise WorkspaceError(f"{self.folder}: damaged, or built by another version of kgraph: run `kgraph build --full`")
        raise WorkspaceError(f"{self.folder}: no workspace here: run `kgraph build SOURCE` first")

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the lock of the one writer.

        Raises:
            WorkspaceError: another build holds it, and the message names its process; or the disk is full; or its path is no text.

        """
        try:
            str(self.folder).encode()
        except UnicodeEncodeError:
            raise WorkspaceError(f"{self.folder}: cannot be written (its path is no text): choose another --workspace") from None
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = (self.folder / "lock").open("a+", encoding="utf-8")
        except OSError as error:
            raise WorkspaceError(f"{self.folder}: cannot be written ({error.strerror}): choose another --workspace") from None
        with lock, _not_for_forks(lock.fileno()):
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                lock.seek(0)
                holder = lock.read().strip() or "unknown"
                raise WorkspaceError(f"{self.folder}: locked by another build (process {holder}): wait for it to end") from None
            try:
                os.ftruncate(lock.fileno(), 0)
                with suppress(OSError):  # on a full disk nobody is named
                    os.write(lock.fileno(), f"{os.getpid()}\n".encode())
                self._ignore_itself()
                yield
                os.ftruncate(lock.fileno(), 0)
            except BrokenPipeError:
                raise
            except OSError as error:
                why = error.strerror or " ".join(str(error).split())
                raise WorkspaceError(
                    f"{error.filename or self.folder}: cannot be written ({why}): free some space; the last build is kept"
                ) from None

    def _ignore_itself(self) -> None:
        """Keep the workspace out of a repository it lies in; a folder that holds what is not ours stays in."""
        note = self.folder / ".gitignore"
        if not note.exists() and _OURS.issuperset(entry.name for entry in self.folder.iterdir()):
            note.write_text("*\n", encoding="utf-8")

    @contextmanager
    def new_generation(self) -> Iterator[Generation]:
        """A folder for a new generation: becomes current when the block ends well, and is removed when it does not."""
        generations = self.folder / "generations"
        generations.mkdir(exist_ok=True)
        self._sweep(generations)
        number = 1 + max([int(entry.name) for entry in generations.iterdir() if entry.name.isdigit()], default=0)
        draft = generations / f".draft-{number}"
        try:
            draft.mkdir()
            generation = Generation(draft)
            yield generation
            generation.seal()
            (draft / _MARK).touch()
            final = generations / str(number)
            draft.rename(final)
            self._switch(final)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        self._sweep(generations)

    def _switch(self, final: Path) -> None:
        _replace_link(self.folder / "current", f"generations/{final.name}")
        self.link_site()

    def link_site(self) -> None:
        """Let ``site`` lead to the site lists of the current generation, where it does not yet."""
        link = self.folder / "site"
        if not link.is_symlink() or str(link.readlink()) != _SITE:
            _replace_link(link, _SITE)

    def _sweep(self, generations: Path) -> None:
        """Remove drafts of builds that were killed, and all generations but the current one and the one before it."""
        current = self.find_current()
        kept = {current.number} if current else set()
        numbers = sorted(int(entry.name) for entry in generations.iterdir() if entry.name.isdigit())
        kept |= set([number for number in numbers if current and number < current.number][-1:])
        for entry in generations.iterdir():
            if entry.name.startswith(".draft-") or (entry.name.isdigit() and int(entry.name) not in kept):
                shutil.rmtree(entry, ignore_errors=True)


_locks: set[int] = set()


def _close_locks() -> None:
    for number in _locks:
        with suppress(OSError):
            os.close(number)
    _locks.clear()


os.register_at_fork(after_in_child=_close_locks)


@contextmanager
def _not_for_forks(number: int) -> Iterator[None]:
    """Close an open lock in processes forked meanwhile: one that outlives a killed build would go on holding it."""
    _locks.add(number)
    try:
        yield
    finally:
        _locks.discard(number)


def _replace_link(link: Path, target: str) -> None:
    """Let ``link`` lead to ``target`` in one atomic step; a folder in its place, as copying without links makes, is removed."""
    if link.is_dir() and not link.is_symlink():
        shutil.rmtree(link)
    draft = link.with_name(f".{link.name}.new")
    with suppress(FileNotFoundError):
        draft.unlink()
    draft.symlink_to(target)
    draft.replace(link)
