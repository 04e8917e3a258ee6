"""Names and cells that a browser saved without anything between them, told apart."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator

__all__ = ["junctions", "mixed_words", "split_names"]

_CLOSING = frozenset(')]}"”’?!%')
_PREFIXES = frozenset(("Mc", "Mac", "Fitz", "De", "Di", "Du", "La", "Le", "Van", "O’", "O'"))
"""Beginnings of names after which a capital letter goes on within one word."""
_MIXED = re.compile(r"(?<![^\W_])[^\W\d_]*[a-z][A-Z][A-Za-z0-9]*")
_SHORT = re.compile(r"\(([A-Z][A-Za-z &-]{1,12})\)")
_NUMBERED = re.compile(r"(?<=[^\W_][\s-])(?:\d{1,9}(?=[A-Z][a-z])|\d{3,9}(?=[A-Z]))")
"""A number at the end of a name, with the next name behind it."""
_ACRONYM = re.compile(r"(?<![\w&-])[A-Z]{3,12}(?![\w&-])")
_TOKEN = re.compile(r"[^\W_]+")
_BETWEEN = re.compile(r"\t+|\s{2,}|\s[•·|]\s")
_LONGEST_WORD = 60
_LONGEST_NAME = 200
_LONGEST_LINE = 5_000


def mixed_words(texts: Iterable[str]) -> frozenset[str]:
    """Words with a capital letter after a small one, which are no two words run together; and abbreviations.

    >>> sorted(mixed_words(["The McAdam road on OpenStreetMap, by OSM"]))
    ['McAdam', 'OSM', 'OpenStreetMap']
    """
    return frozenset(word for text in texts for word in (*_MIXED.findall(text), *_ACRONYM.findall(text)) if len(word) <= _LONGEST_WORD)


def junctions(text: str, words: frozenset[str] = frozenset(), *, opening: str = "") -> list[int]:
    """Offsets at which one text ends and the next begins: where a small letter or a closing bracket meets a capital letter.

    A capital within one of ``words``, or after the beginning of a name such as Mc, is none. One behind a number at the end of a name is.

    Args:
        text: One line.
        words: Words of the site that hold a capital letter.
        opening: Further characters that a text can begin with.

    Examples:
        >>> junctions("Weir (W)Lock keeper"), junctions("McAdam roadsMill"), junctions("OpenWeir (OW)Lock")
        ([8], [12], [13])
        >>> junctions("Act of 2005Weir"), junctions("Order 14110EU rules"), junctions("The 3M mill")
        ([11], [11], [])
        >>> junctions("OSMWeir", frozenset(["OSM"])), junctions("USAIDWeir", frozenset(["USA"]))
        ([3], [])

    """
    found = []
    spelled = _spelled(text)
    for place in range(1, len(text)):
        left, right = text[place - 1], text[place]
        opens = right.isupper() or right in opening
        if opens and (left.islower() or left in _CLOSING) and place not in spelled and not _within(text, place, words):
            found.append(place)
    found = sorted({*found, *(number.end() for number in _NUMBERED.finditer(text))})
    if not words:
        return found
    for token in _TOKEN.finditer(text):
        found += [
            end for start, end in _known_words(token.group(), token.start(), words)
            if end < token.end() and text[end].isupper() and (start == token.start() or start in found)
            and (not text[start:end].isupper() or text[end + 1 : end + 2].islower())
        ]  # fmt: skip
    return sorted(set(found))


def _spelled(text: str) -> frozenset[int]:
    """Capitals within a name that an abbreviation behind it spells out, but for the first, at which the name may begin."""
    capitals = [place for place, sign in enumerate(text) if sign.isupper()]
    found: set[int] = set()
    for short in _SHORT.finditer(text):
        letters = [sign for sign in short[1] if sign.isupper()]
        before = capitals[: bisect_left(capitals, short.start())][-len(letters) :]
        if len(letters) > 1 and [text[place] for place in before] == letters:
            found.update(before[1:])
    return frozenset(found)


def _known_words(token: str, offset: int, words: frozenset[str]) -> list[tuple[int, int]]:
    """Start and end of each known word that a run of letters holds at a capital letter."""
    if len(token) > 4 * _LONGEST_WORD:
        return []
    return [
        (offset + start, offset + end)
        for start in range(len(token)) for end in range(start + 2, min(len(token), start + _LONGEST_WORD) + 1)
        if token[start:end] in words
    ]  # fmt: skip


def _within(text: str, place: int, words: frozenset[str]) -> bool:
    first = place
    while first > 0 and place - first < _LONGEST_WORD and text[first - 1].isalnum():
        first -= 1
    inner = [start for start in (place - 2, place - 3) if start > first and text[start - 1].islower()]
    if any(text[start:place] in _PREFIXES for start in (first, *inner)):
        return True
    if not words:
        return False
    last = place
    while last < len(text) and last - place < _LONGEST_WORD and text[last].isalnum():
        last += 1
    return any(text[start:end] in words for start in range(first, place) for end in range(place + 1, last + 1))


def split_names(line: str, known: Callable[[str], bool], words: frozenset[str] = frozenset()) -> list[str]:
    """The names that one line of a list holds.

    Names that the site knows are found first, the longest one; what is left is split at :func:`junctions`. A single word
    stays whole.

    Args:
        line: Line as saved.
        known: Whether the site knows a name.
        words: Words of the site that hold a capital letter.

    Examples:
        >>> split_names("Weir keepers (WK)Harbour Act", lambda name: False)
        ['Weir keepers (WK)', 'Harbour Act']
        >>> split_names("Weir of DeepMillLock", lambda name: name == "Weir of DeepMill")
        ['Weir of DeepMill', 'Lock']

    """
    found: list[str] = []
    for part in _BETWEEN.split(line.strip()[:_LONGEST_LINE]):
        found += _split(part.strip(), known, words)
    return [name for name in found if any(char.isalnum() for char in name)]


def _split(text: str, known: Callable[[str], bool], words: frozenset[str]) -> list[str]:
    if known(text):
        return [text]
    places = junctions(text, words)
    alone = len(places) == 1 and not any(char.isspace() or char in _CLOSING for char in text)
    if alone and not known(text[: places[0]]) and not known(text[places[0] :]):
        return [text]
    starts = {0, *places}
    found: list[str] = []
    begun = 0
    place = 0
    while place < len(text):
        end = _known_end(text, place, known) if place in starts else None
        if end is None:
            place += 1
            if place in starts:
                found.append(text[begun:place])
                begun = place
            continue
        found.append(text[place:end])
        begun = place = end
        starts.add(end)
    if begun < len(text):
        found.append(text[begun:])
    return [name.strip() for name in found]


def _known_end(text: str, start: int, known: Callable[[str], bool]) -> int | None:
    """End of the longest known name that begins at ``start`` and does not end within a word."""
    for end in _ends(text, start):
        if not known(text[start:end]):
            continue
        left = text[end - 1]
        if end == len(text) or left.islower() or left in _CLOSING or any(known(text[end:after]) for after in _ends(text, end)):
            return end
    return None


def _ends(text: str, start: int) -> Iterator[int]:
    """Places where a name that begins at ``start`` can end, the farthest first: no space beside, no small letter after."""
    for end in range(min(len(text), start + _LONGEST_NAME), start + 1, -1):
        if end < len(text):
            right = text[end]
            if text[end - 1].isspace() or right.isspace() or right.islower() or not (right.isalnum() or right in '“"('):
                continue
        yield end
