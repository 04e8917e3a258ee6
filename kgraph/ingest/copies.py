"""Files that say once more what others of the source say: pages built from others, and the sources that a builder left beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["copies_of"]

_HTML = re.compile(r"\.x?html?$", re.I)
_SOURCE = re.compile(r"\.(?:md|mdx|markdown|rst|rest)$", re.I)
_KEPT = re.compile(r"(?:^|/)_sources/")
_STANDS_FOR_FOLDER = re.compile(r"/(?:_?index|readme)$", re.I)
_NOBODY_WROTE = re.compile(r"(?:^|/)_modules/|(?:^|/)(?:genindex(?:-\w+)?|search|py-modindex|404|tags|sitemap)\.x?html?$", re.I)
_SHARE = 0.8
_LEAST = 5


def copies_of(paths: Iterable[str]) -> tuple[frozenset[str], list[str]]:
    """Paths that are copies of others, and what was assumed of them.

    Pages of HTML go where nearly each is named as a page of Markdown or reStructuredText is: they were built from those. Else the HTML is
    what readers see, and what goes is the ``_sources`` of Sphinx, and the text beside a page of the same name.

    >>> sorted(copies_of(["a.html", "a.txt", "b.txt", "_sources/a.rst.txt"])[0])
    ['_sources/a.rst.txt', 'a.txt']
    """
    every = list(paths)
    html = [path for path in every if _HTML.search(path)]
    written = {_name(path) for path in every if _SOURCE.search(path) and not _KEPT.search(path)}
    counted = [path for path in html if not _NOBODY_WROTE.search(path)]
    if len(counted) >= _LEAST and sum(_name(path) in written for path in counted) >= _SHARE * len(counted):
        kept = [path for path in every if _KEPT.search(path)]
        return frozenset((*html, *kept)), [
            f"{len(html)} pages of HTML such as {html[0]} left out: others of the same names are their sources"
        ]
    beside = {_HTML.sub("", path) for path in html}
    copies = frozenset(
        path for path in every
        if not _HTML.search(path) and html and (_KEPT.search(path) or (path.lower().endswith(".txt") and path[:-4] in beside))
    )  # fmt: skip
    return copies, [f"{len(copies)} files such as {min(copies)} left out: sources of pages of HTML"] if copies else []


def _name(path: str) -> str:
    """Last part of the path without ending, that of the folder where a page stands for it."""
    whole = re.sub(r"\.\w+$", "", f"/{path}")
    return (_STANDS_FOR_FOLDER.sub("", whole) or whole).rsplit("/", 1)[-1].lower()
