"""The head of a plain text: what stands above the body, and what the page tells of itself there."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

from msgspec import Struct, field

from kgraph.ingest.readers import savedlabels as labels
from kgraph.ingest.readers.savedlines import UNDERLINE, Chunk, is_prose, is_short
from kgraph.model.text import fold

__all__ = ["Head", "is_saved", "read_head"]

_HEAD_LINES = 60
_LABEL_LENGTH = 400


class Head(Struct):
    """What was found; grows while it is read."""

    title: str | None = None
    front: dict[str, Any] = field(default_factory=dict)
    """What the page tells of itself."""
    lines: dict[str, int] = field(default_factory=dict)
    """Line of each key of it."""
    used: set[int] = field(default_factory=set)
    """Lines that are no part of the body."""
    start: int = 0
    """Chunk that the body starts with."""

    def state(self, key: str, value: Any, line: int) -> None:
        """Keep what the page tells of itself; the first time counts."""
        if key not in self.front:
            self.front[key] = value
            self.lines[key] = line


def read_head(chunks: list[Chunk], end: int) -> Head:
    """Read the head of a page.

    Args:
        chunks: The text.
        end: Chunk that the block of related pages starts with.

    """
    head = Head()
    if _find_marks(head, chunks):
        _read_saved(head, chunks, end)
    else:
        _read_first_line(head, chunks)
    return head


def is_saved(chunks: list[Chunk]) -> bool:
    """Whether a text is a page saved from a browser: its first lines tell a date, a word count, metrics, or navigation."""
    return _find_marks(Head(), chunks)


def _find_marks(head: Head, chunks: list[Chunk]) -> bool:
    """Find date, word count and metrics above and just below the title; whether the text is a page saved from a browser."""
    saved = False
    for chunk in chunks:
        if chunk.line > _HEAD_LINES:
            break
        for number, line in enumerate(chunk.lines[:_HEAD_LINES], chunk.line):
            line = line.strip()
            if len(line) <= _LABEL_LENGTH and not is_prose(line):
                marked = _read_mark(head, line, number)
                if marked and len(chunk.lines) == 1:
                    head.used.add(number)
                saved = saved or marked or (fold(line) in labels.CHROME and " " in line)
    return saved


def _read_mark(head: Head, line: str, number: int) -> bool:
    """Keep the date, word count or metrics that a line tells; whether it tells any."""
    metrics = labels.metrics_of(line)
    date, words = labels.date_of(line), labels.word_count_of(line)
    for key, told in zip(("metrics", "expectedMetrics"), metrics or (), strict=False):
        if told:
            head.state(key, {}, number)
            head.front[key] = {**told, **head.front[key]}
    if date:
        head.state("lastUpdated", date, number)
    if words is not None and not metrics:
        head.state("wordCount", words, number)
    return bool(metrics or date or words is not None)


def _read_saved(head: Head, chunks: list[Chunk], end: int) -> None:
    """Title, type and summary of a saved page.

    The title is the short line that stands twice, else the one before the name of a type, else the first one that stands alone.
    """
    places: list[tuple[int, str, int, bool]] = []
    for place, chunk in enumerate(chunks[:end]):
        if chunk.line > _HEAD_LINES:
            break
        places += [(place, line.strip(), number, len(chunk.lines) == 1)
                   for number, line in enumerate(chunk.lines[:_HEAD_LINES], chunk.line) if number not in head.used]  # fmt: skip
    named = [item for item in places if _nameable(item[1])]
    if not named:
        return
    repeated = Counter(fold(item[1]) for item in named)
    twice = [item for item in named if repeated[fold(item[1])] > 1]
    typed = [item for item, after in pairwise(places) if item in named and labels.type_label(after[1])]
    chosen = twice[-1] if twice else (typed or [item for item in named if item[3]] or named[-1:])[0]
    same = [at for at, item in enumerate(places) if fold(item[1]) == fold(chosen[1])]
    head.title = chosen[1]
    last = same[-1]
    for at in range(same[0] + 1, min(last + 2, len(places))):
        told = labels.TYPE_FIELD.fullmatch(places[at][1])
        if told or labels.type_label(places[at][1]):
            head.state("type", told.group(1).strip() if told else places[at][1], places[at][2])
            last = max(last, at)
            break
    head.start = places[last][0]
    head.used.update(item[2] for item in places[: last + 1])
    for chunk in chunks[head.start : end]:
        text = " ".join(line.strip() for number, line in enumerate(chunk.lines, chunk.line) if number not in head.used)
        if text:
            if is_prose(text):
                head.state("summary", text, chunk.line)
            return


def _nameable(line: str) -> bool:
    """Whether a line of the head can be the title."""
    if not is_short(line) or fold(line) in labels.CHROME or labels.type_label(line):
        return False
    return labels.metrics_of(line) is None and labels.date_of(line) is None and not labels.TYPE_FIELD.fullmatch(line)


def _read_first_line(head: Head, chunks: list[Chunk]) -> None:
    """The title of a note: its first line, where that is short and the text does not just go on from it."""
    if not chunks:
        return
    chunk = chunks[0]
    line = chunk.lines[0].strip().lstrip("#").strip("= ")
    after = chunk.lines[1].strip() if len(chunk.lines) > 1 else ""
    underlined = bool(UNDERLINE.match(after))
    if not line or not is_short(line) or (after and not underlined and (after[0].islower() or len(line) > 60)):
        return
    head.title = " ".join(line.split())
    head.used.update((chunk.line, chunk.line + 1) if underlined else (chunk.line,))
