"""Which paths the globs of the settings and the lines of ignore files name, both in the notation of ``.gitignore``.

See https://git-scm.com/docs/gitignore#_pattern_format: ``*`` stays within one folder, ``**`` does not, a glob without a slash fits at any
depth, and what names a folder names all in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

__all__ = ["compile_globs", "literal_glob", "matches"]

_EMPTY = re.compile(r"!?/*")
_WILD = re.compile(r"(?<!\\)(?:\*\*+(?:/\*\*+)*|\*)")
_MOST_WILD = 4
_LONGEST = 4096
"""Characters of a glob; no path is longer."""


def compile_globs(lines: Iterable[str]) -> GitIgnoreSpec:
    """Globs ready to be asked; lines that name nothing, are not valid or would take for ever are left out."""
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines([line for line in lines if line.strip() and not _EMPTY.fullmatch(line.strip()) and _usable(line)])


def _usable(line: str) -> bool:
    """Whether a glob can be asked: each ``*`` in it multiplies the ways in which it may fit a name."""
    from pathspec import GitIgnoreSpec

    wild = _WILD.findall(line)
    if len(line) > _LONGEST or len(wild) - wild.count("*") > _MOST_WILD or wild.count("*") > _MOST_WILD:
        return False
    try:
        GitIgnoreSpec.from_lines([line])
    except (ValueError, re.error, RecursionError):
        return False
    return True


_compiled = lru_cache(maxsize=64)(compile_globs)


def matches(path: str, globs: tuple[str, ...]) -> bool:
    """Whether one of the globs names a path relative to SOURCE.

    >>> matches("data/a.yaml", ("data/*.yaml",)), matches("data/sub/a.yaml", ("data/*.yaml",)), matches("data/sub/a.yaml", ("data/**",))
    (True, False, True)
    """
    return bool(globs) and _compiled(globs).match_file(path)


def literal_glob(path: str) -> str:
    """Glob that names this one path, or what lies in this one folder.

    >>> literal_glob("a[1].yaml")
    '/a\\\\[1\\\\].yaml'
    """
    return "/" + re.sub(r"([\[\]*?\\])", r"\\\1", path)
