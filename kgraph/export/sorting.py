"""Lines sorted in bounded memory: what does not fit is sorted in runs on disk, which are then merged."""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from typing import BinaryIO

__all__ = ["sorted_lines"]

_HELD = 32_000_000
"""Bytes of lines that are held at a time."""
_BUFFER = 1 << 16
_MOST_OPEN = 200
"""Runs merged at a time."""


def sorted_lines(lines: Iterable[bytes], *, held: int = _HELD) -> Iterator[bytes]:
    """The lines in the order of their bytes, each once.

    Up to ``held`` bytes are kept in memory; more goes to a temporary folder, which is gone at the end.

    >>> list(sorted_lines([b"b", b"a", b"b"]))
    [b'a', b'b']
    """
    with ExitStack() as stack:
        folder: Path | None = None
        runs: list[Path] = []
        piece: list[bytes] = []
        size = 0
        for line in lines:
            piece.append(line)
            size += len(line)
            if size >= held:
                if folder is None:
                    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kgraph-sort-")))
                runs.append(_write(folder / str(len(runs)), sorted(piece)))
                piece, size = [], 0
        piece.sort()
        level = 0
        while folder is not None and len(runs) > _MOST_OPEN:
            level += 1
            runs = [
                _write(folder / f"{level}-{start}", _merged(runs[start : start + _MOST_OPEN])) for start in range(0, len(runs), _MOST_OPEN)
            ]
        yield from (line for line, _ in groupby(_merged(runs, piece)))


def _merged(runs: list[Path], *more: list[bytes]) -> Iterator[bytes]:
    with ExitStack() as stack:
        files: list[BinaryIO] = [stack.enter_context(path.open("rb", buffering=_BUFFER)) for path in runs]
        yield from heapq.merge(*files, *more)


def _write(path: Path, lines: Iterable[bytes]) -> Path:
    with path.open("wb") as stream:
        stream.writelines(lines)
    return path
