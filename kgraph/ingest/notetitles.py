"""What the notes of a vault are called: as their files are, for that is how they are linked, searched and shown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from msgspec import Struct

from kgraph.ingest.layouts.base import is_index
from kgraph.model.document import Document
from kgraph.model.text import fold, humanize

__all__ = ["NoteTitle", "note_titles"]

_NUMBER = re.compile(r"[\d\W_]+")
_SLUG = re.compile(r"[^\sA-Z]+[-_][^\sA-Z]+")
"""Name of a file that nobody would read out: small words joined by signs."""


class NoteTitle(Struct, frozen=True):
    """What one note is called."""

    title: str
    heading: bool
    """Whether its first heading is another name of it."""


def note_titles(documents: Mapping[str, Document]) -> dict[str, NoteTitle]:
    """Titles of the notes whose front matter gives none, by path.

    The name of the file is the title, as it stands but for joined words. The first heading is, where it says the same in other letters, or
    where the name is one for machines; else it is another name of the note, where no other note is headed like that.
    """
    headed = Counter(fold(document.title) for document in documents.values() if document.title)
    found: dict[str, NoteTitle] = {}
    for path, document in documents.items():
        told = document.front_matter.get("title")
        if isinstance(told, str) and told.strip():
            continue
        stem = path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
        heading = document.title
        unique = heading is not None and headed[fold(heading)] == 1 and "{{" not in heading
        if heading and unique and (fold(heading) == fold(stem) or _NUMBER.fullmatch(stem) or _SLUG.fullmatch(stem) or is_index(path)):
            continue
        found[path] = NoteTitle(humanize(stem) if _SLUG.fullmatch(stem) and not _NUMBER.fullmatch(stem) else stem, unique)
    return found
