"""Source files as text that can be written back as it was, and changes to them as unified diffs."""

from __future__ import annotations

import difflib
import hashlib
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from kgraph.check.error import CheckError

__all__ = ["SourceText", "read_source", "unified_diff", "write_source"]

_MARK = b"\xef\xbb\xbf"


class SourceText(Struct, frozen=True):
    """The text of a file, and what it takes to write it back with the same bytes."""

    text: str
    """With line feeds as line ends, without byte order mark."""
    newline: str
    """Line end of the file."""
    mark: bool
    """Whether it starts with a byte order mark."""
    sha256: str
    """Of the bytes."""

    def encoded(self, text: str) -> bytes:
        """A text as the bytes of this file."""
        return (_MARK if self.mark else b"") + text.replace("\n", self.newline).encode("utf-8")


def read_source(root: str, path: str, hashes: Mapping[str, str]) -> SourceText | None:
    """The text of a file; None where it has changed since it was parsed, is not UTF-8, or mixes line ends."""
    try:
        data = Path(root, path).read_bytes()
        text = data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None
    newline = "\r\n" if "\r" in text else "\n"
    plain = text.replace("\r\n", "\n") if "\r" in text else text
    source = SourceText(plain, newline, data.startswith(_MARK), hashlib.sha256(data).hexdigest())
    return source if source.sha256 == hashes.get(path) and source.encoded(plain) == data else None


def unified_diff(path: str, before: str, after: str) -> str:
    """The change of one file as ``git apply`` and ``patch -p1`` read it; empty when there is none."""
    one, other = (_lines(text) for text in (before, after))
    found = []
    for line in difflib.unified_diff(one, other, f"a/{path}", f"b/{path}", n=2):
        found.append(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n")
    return "".join(found)


def _lines(text: str) -> list[str]:
    """Lines with their ends; only a line feed ends one."""
    lines = text.split("\n")
    return [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def write_source(root: str, path: str, source: SourceText, text: str) -> None:
    """Replace a file in one step, with its permissions, where it is still as it was read.

    Raises:
        CheckError: it has changed, or cannot be written.

    """
    place = Path(root, path)
    try:
        if hashlib.sha256(place.read_bytes()).hexdigest() != source.sha256:
            raise CheckError(f"{path}: has changed since it was read: run `kgraph check --fix` again")
        handle, made = tempfile.mkstemp(dir=place.parent, prefix=".kgraph-")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(source.encoded(text))
            Path(made).chmod(place.stat().st_mode & 0o7777)
            Path(made).replace(place)
        except BaseException:
            with suppress(OSError):
                Path(made).unlink()
            raise
    except OSError as error:
        raise CheckError(f"{path}: cannot be written ({error.strerror}): check its permissions") from None
