"""Readers: one for each kind of page, found by the ending of the file name.

A third party adds one through the entry point group ``kgraph.readers``: the name is the ending without its dot, the value
a function from text to :class:`~kgraph.model.document.Document`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from importlib.metadata import entry_points

from kgraph.model.document import Document

__all__ = ["DUMPED", "READER_VERSION", "Reader", "reader_names", "reader_of"]

Reader = Callable[[str], Document]
"""Turns the text of a page into its parsed content; raises nothing for bad input."""

READER_VERSION = "17"
"""Changes whenever a reader of ours gives something else for the same text: it is part of the key of the cache."""

_BUILT_IN = {
    "md": ("markdown", "read_markdown", "markdown"),
    "markdown": ("markdown", "read_markdown", "markdown"),
    "mdown": ("markdown", "read_markdown", "markdown"),
    "mkd": ("markdown", "read_markdown", "markdown"),
    "mdwn": ("markdown", "read_markdown", "markdown"),
    "mdx": ("markdown", "read_mdx", "mdx"),
    "html": ("html", "read_html", "html"),
    "htm": ("html", "read_html", "html"),
    "xhtml": ("html", "read_html", "html"),
    "wiki": ("wikitext", "read_wikitext", "wikitext"),
    "wikitext": ("wikitext", "read_wikitext", "wikitext"),
    "mediawiki": ("wikitext", "read_wikitext", "wikitext"),
    "rst": ("rst", "read_rst", "rst"),
    "rest": ("rst", "read_rst", "rst"),
    "txt": ("savedtext", "read_saved_text", "text"),
}
"""For each ending: module, function, name of the reader."""


@lru_cache(maxsize=1)
def reader_names() -> dict[str, str]:
    """Name of the reader for each ending that has one."""
    names = {ending: name for ending, (_, _, name) in _BUILT_IN.items()}
    names.update({point.name.lower(): point.value for point in entry_points(group="kgraph.readers")})
    return names


DUMPED = "dumped:wikitext"
"""Stands for an ending where the text is a page of a dump."""


@lru_cache(maxsize=64)
def reader_of(ending: str) -> Reader:
    """The reader for an ending without its dot, or for :data:`DUMPED`.

    Raises:
        KeyError: there is none.

    """
    for point in entry_points(group="kgraph.readers", name=ending):
        loaded: Reader = point.load()
        return loaded
    module, function, _ = ("wikitext", "read_dumped", "") if ending == DUMPED else _BUILT_IN[ending]
    reader: Reader = getattr(import_module(f"kgraph.ingest.readers.{module}"), function)
    return reader
