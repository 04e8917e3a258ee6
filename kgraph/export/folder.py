"""Writing a set of files so that an importer sees the old set or the new one, and nothing of others is lost."""

from __future__ import annotations

import ctypes
import errno
import glob
import hashlib
import os
import shutil
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from mmap import mmap
from pathlib import Path
from typing import Any

import msgspec

from kgraph.errors import ExportError
from kgraph.export.site import MANIFEST, pieces

__all__ = ["publish_site", "write_site"]

_EXCHANGE = 2
"""Flag of renameat2(2): exchange both paths in one step."""
_LARGE = 1 << 20
"""Bytes from which on a file is written by a thread of its own."""
_HERE = -100
"""Paths are relative to the current folder: ``AT_FDCWD``."""


def write_site(folder: Path, made: Iterable[tuple[str, bytes | mmap | Path]]) -> None:
    """Write the files into a folder of a build that nobody reads yet; those that another build has are the same files, where they can be.

    Raises:
        OSError: the folder cannot be written.

    """
    known: set[Path] = set()
    with ThreadPoolExecutor(1) as pool:  # a large file is written while the next ones are made
        large = []
        for name, data in made:
            path = folder / name
            if path.parent not in known:
                path.parent.mkdir(parents=True, exist_ok=True)
                known.add(path.parent)
            if isinstance(data, Path):
                if not _linked(data, path):
                    shutil.copyfile(data, path)
            elif len(data) < _LARGE:
                path.write_bytes(data)
            else:
                large.append(pool.submit(_write, path, data))
        for writing in large:
            writing.result()


def _write(path: Path, data: bytes | mmap) -> None:
    with path.open("wb") as stream:
        stream.writelines(pieces(data))


def publish_site(folder: Path, made: Iterable[tuple[str, bytes | mmap | Path]]) -> None:
    """Write the files for an importer: the whole set beside ``folder``, then in one step in its place.

    Unchanged files keep their times and inodes, and where nothing has changed nothing is touched. A folder that holds files of others as
    well, or that cannot be exchanged (the root of a mount), stays where it is: the files of the new set, written beside, are then
    moved in one by one.

    What kgraph wrote is known by the manifest of the last export: the name and the SHA-256 of each file. Of files that the
    new set does not have, only those whose bytes are still those are removed; no file that the manifest does not name is overwritten.

    Raises:
        ExportError: the folder cannot be written, or a file of someone else has a name that the export needs.

    """
    try:
        (folder if folder.exists() else folder.parent).mkdir(parents=True, exist_ok=True)
        if folder.exists() and not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))
    except OSError as error:
        raise _refusal(folder, error) from None
    draft = _draft_of(folder)
    try:
        old = _named_files(folder)
        _remove_drafts(folder)
        names = _write_draft(folder, draft, made, old)
        if _same(folder, draft, old, names):
            return
        if not folder.exists():
            draft.rename(folder)
        elif _wholly_ours(folder, old) and _exchange(draft, folder):
            _keep_latecomers(draft, folder, old)
        else:
            _move_in(folder, draft, old, names)
    except OSError as error:
        raise _refusal(folder, error) from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _draft_of(folder: Path) -> Path:
    """Where the new set is written: beside the folder, or in it where nothing may be written beside it."""
    name = f"{_draft_start(folder)}{os.getpid()}"
    return folder / name if folder.exists() and not os.access(folder.parent, os.W_OK | os.X_OK) else folder.parent / name


def _draft_start(folder: Path) -> str:
    return f".{folder.name or 'site'}.kgraph-"


def _remove_drafts(folder: Path) -> None:
    """Remove what exports left that were killed."""
    for draft in chain.from_iterable(place.glob(f"{glob.escape(_draft_start(folder))}*") for place in (folder.parent, folder)):
        number = draft.name.rpartition("-")[2]
        if number.isdigit() and (int(number) == os.getpid() or not _alive(int(number))):
            shutil.rmtree(draft, ignore_errors=True)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _keep_latecomers(before: Path, folder: Path, old: Mapping[str, str]) -> None:
    """Move along what someone else put into the folder while it was being exchanged."""
    for path in list(before.rglob("*")):
        name = path.relative_to(before).as_posix()
        if name not in old and not path.is_dir():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            path.replace(folder / name)


def _refusal(folder: Path, error: OSError) -> ExportError:
    drafted = _draft_start(folder) in str(error.filename)
    return ExportError(f"{folder if drafted else error.filename or folder}: cannot be written ({error.strerror})")


def _write_draft(folder: Path, draft: Path, made: Iterable[tuple[str, bytes | mmap | Path]], old: Mapping[str, str]) -> list[str]:
    """Write the new set beside the folder; unchanged files are the same files, by a hard link where the file system has them."""
    names = []
    for name, given in made:
        data = given.read_bytes() if isinstance(given, Path) else given
        there, path = folder / name, draft / name
        path.parent.mkdir(parents=True, exist_ok=True)
        names.append(name)
        foreign = name not in old and (there.exists() or there.is_symlink())
        unchanged = there.is_file() and not there.is_symlink() and memoryview(data) == there.read_bytes()
        if foreign and not unchanged:
            raise ExportError(f"{there}: is not a file that kgraph wrote: give a folder of its own with -o, or move the file away")
        if not (unchanged and _linked(there, path)):
            path.write_bytes(data)
    return names


def _linked(there: Path, path: Path) -> bool:
    """Whether ``path`` could be made the same file as ``there``."""
    try:
        os.link(there, path)
    except OSError:
        return False
    return True


def _same(folder: Path, draft: Path, old: Mapping[str, str], names: list[str]) -> bool:
    """Whether the folder holds the new set already and nothing that is stale."""
    return set(names) == set(old) and all(
        (folder / name).is_file() and (folder / name).read_bytes() == (draft / name).read_bytes() for name in names
    )


def _named_files(folder: Path) -> dict[str, str]:
    """SHA-256 of each file by name as the manifest of the last export tells, itself included with none; those within the folder only.

    Raises:
        ExportError: there is a manifest, and it is none of ours.

    """
    path = folder / MANIFEST
    try:
        manifest: Any = msgspec.json.decode(path.read_bytes())
        told = {name: file["sha256"] for name, file in manifest["files"].items() if manifest["schemaVersion"]}
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (msgspec.DecodeError, KeyError, TypeError, AttributeError):
        raise ExportError(
            f"{path}: is not a manifest that kgraph wrote: give a folder of its own with -o, or remove the file if it was damaged"
        ) from None
    return {MANIFEST: "", **{name: sha256 for name, sha256 in told.items() if _inside(folder, name)}}


def _inside(folder: Path, name: str) -> bool:
    """Whether a name of a manifest is a file within the folder, links followed."""
    path = folder / name
    return "\0" not in name and path.is_file() and not path.is_symlink() and path.parent.resolve().is_relative_to(folder.resolve())


def _wholly_ours(folder: Path, old: Mapping[str, str]) -> bool:
    """Whether all that lies in the folder is as the last export wrote it."""
    if folder.is_symlink():
        return False
    # A draft within the folder is no file of the manifest: such a folder is never exchanged.
    there = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir()}
    return there.keys() <= old.keys() and all(_untouched(path, old[name]) for name, path in there.items() if name != MANIFEST)


def _untouched(path: Path, sha256: str) -> bool:
    return not path.is_symlink() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256


def _exchange(draft: Path, folder: Path) -> bool:
    """Exchange both folders in one step; False where the system or the place cannot (Linux has it, mounts and some others not)."""
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if renameat2 is None:
        return False
    done: int = renameat2(_HERE, os.fsencode(draft), _HERE, os.fsencode(folder), _EXCHANGE)
    if done == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.EBUSY, errno.EINVAL, errno.ENOSYS, errno.EXDEV, errno.EPERM):
        return False
    raise OSError(code, os.strerror(code), str(folder))


def _move_in(folder: Path, draft: Path, old: Mapping[str, str], names: list[str]) -> None:
    """Replace file by file. The manifest is first one of both sets, so that after a kill the next export knows what is ours."""
    new: dict[str, Any] = msgspec.json.decode((draft / MANIFEST).read_bytes())
    stale = {name: sha256 for name, sha256 in old.items() if name not in names}
    both = {**new, "files": {**{name: {"bytes": 0, "sha256": sha256} for name, sha256 in stale.items()}, **new["files"]}}
    interim = draft / f"{MANIFEST}.both"
    interim.write_bytes(msgspec.json.encode(both))
    folder.mkdir(exist_ok=True)
    interim.replace(folder / MANIFEST)
    for name in names:
        if name != MANIFEST:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if not (path.is_file() and path.samefile(draft / name)):
                (draft / name).replace(path)
    for name, sha256 in stale.items():
        if _untouched(folder / name, sha256):
            (folder / name).unlink()
            _remove_empty(folder, (folder / name).parent)
    (draft / MANIFEST).replace(folder / MANIFEST)


def _remove_empty(folder: Path, below: Path) -> None:
    """Remove folders that are empty now, up to ``folder``, which stays."""
    while below != folder and not any(below.iterdir()):
        below.rmdir()
        below = below.parent
