"""A passage of a text round words that were searched for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

__all__ = ["CJK", "MARK_END", "MARK_START", "passage_of"]

MARK_START, MARK_END = "\ue000", "\ue001"
"""What stands before and after a word that was searched for: characters of no script."""
CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
"""Characters of scripts that are written without spaces."""
_LENGTH, _BEFORE = 240, 60
_MOST_SPOTS = 20


class _Folded(dict[int, int]):
    """Each character without case and accents, one for one, so that places stay what they are."""

    def __missing__(self, code: int) -> int:
        char = unicodedata.normalize("NFKD", chr(code))[:1].casefold()
        self[code] = ord(char) if len(char) == 1 else code
        return self[code]


_FOLDED = _Folded()


def passage_of(text: str, lower: str, words: Sequence[str]) -> str | None:
    """The passage with most of the words, these within :data:`MARK_START` and :data:`MARK_END`; None where there are none.

    Args:
        text: Any text, without marks.
        lower: The same in lower case.
        words: Words without case and accents, each the beginning of a word of the text.

    >>> passage_of("Of a café, and of tea.", "of a café, and of tea.", ["caf"]) == f"Of a {MARK_START}café{MARK_END}, and of tea."
    True

    """
    folded = lower
    spots = _all_spots(folded, words) if len(folded) == len(text) else []
    if not spots and not text.isascii():
        folded = text.translate(_FOLDED)
        spots = _all_spots(folded, words)
    if not spots:
        return None
    best = max(range(len(spots)), key=lambda place: (_worth(spots, place), -place))
    start = _word_start(text, max(0, spots[best][0] - _BEFORE))
    end = _word_end(folded, min(len(text), start + _LENGTH))
    made, at = ["…" if start else ""], start
    for begin, stop, _ in spots:
        if begin >= at and stop <= end:
            made += [text[at:begin], MARK_START, text[begin:stop], MARK_END]
            at = stop
    return "".join([*made, text[at:end], "…" if end < len(text) else ""])


def _all_spots(folded: str, words: Sequence[str]) -> list[tuple[int, int, str]]:
    return sorted(spot for word in dict.fromkeys(words) for spot in _spots(folded, word))


def _spots(folded: str, word: str) -> list[tuple[int, int, str]]:
    """Where words of the text begin with a word: start, end of the word of the text, word; the first ones."""
    found: list[tuple[int, int, str]] = []
    inside = CJK.match(word) is not None
    at = folded.find(word)
    while at >= 0 and len(found) < _MOST_SPOTS:
        end = at + len(word)
        if inside or not at or not folded[at - 1].isalnum():
            found.append((at, end if inside else _word_end(folded, end), word))
        at = folded.find(word, end)
    return found


def _worth(spots: list[tuple[int, int, str]], place: int) -> int:
    """How many different words stand in the passage that begins at a spot."""
    reach = spots[place][0] + _LENGTH - _BEFORE
    return len({word for begin, _, word in spots[place : place + 2 * _MOST_SPOTS] if begin < reach})


def _word_start(text: str, at: int) -> int:
    """The start of the next word, or the place itself where a word begins there or none does soon."""
    if not at or not text[at - 1].isalnum():
        return at
    space = text.find(" ", at, at + 40)
    return space + 1 if space >= 0 else at


def _word_end(text: str, at: int) -> int:
    """The end of a word that a place stands within, at most 40 characters further."""
    end = at
    while end < len(text) and end < at + 40 and text[end].isalnum() and not CJK.match(text[end]):
        end += 1
    return end
