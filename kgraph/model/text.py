"""Small operations on text that several stages share."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = ["anchor_of", "clip", "fold", "humanize", "sentence_at", "terms", "words"]

_SENTENCE_END = re.compile(r"[.!?…。！？]['\"”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9À-ÞА-ЯΑ-Ω\u4e00-\u9fff])|\n")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|cf|vs|etc|al|Dr|Mr|Mrs|Ms|Prof|Sr|Jr|St|No|Fig|Eq|Sec|Art|Vol|pp|approx|U\.S|U\.K|Inc|Ltd|Co|Gen|Sen|Rep)"
    r"|\b[A-Z])\.$"
)
_NOT_ANCHOR = re.compile(r"[^\w\- ]")
_MARKS = "—–‒“”„‘’‚…•·→←↔≈×÷≤≥«»§†‡、。，（）「」"
_SPACED = bytes(byte if byte > 127 or chr(byte).isalnum() or byte in b"-_" else 32 for byte in range(256))
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")


@lru_cache(maxsize=1 << 16)
def fold(text: str) -> str:
    """Reduce a name to what two ways of writing it share: Unicode NFKC, case, white space, underscores.

    >>> fold("  EU_AI  Act ") == fold("Eu ai act")
    True
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().replace("_", " ").split())


def words(text: str) -> list[str]:
    """Words of a text, as written.

    >>> words("The EU's AI-Act, 2nd draft")
    ['The', "EU's", 'AI-Act', '2nd', 'draft']
    """
    return _WORD.findall(text)


def terms(text: str) -> list[str]:
    """Words of a text for counting: lower case, split at everything but letters, digits, hyphens and underscores.

    >>> terms("The EU's AI-Act — 2nd draft")
    ['the', 'eu', 's', 'ai-act', '2nd', 'draft']
    """
    text = text.lower()
    if not text.isascii():
        for mark in _MARKS:
            if mark in text:
                text = text.replace(mark, " ")
    return text.encode("utf-8", "replace").translate(_SPACED).decode("utf-8").split()


def clip(text: str, length: int) -> str:
    """Text cut at a word so that it has at most ``length`` characters, with an ellipsis when cut.

    >>> clip("one two three", 9)
    'one two…'
    """
    if len(text) > length + 200:
        text = text[: length + 200]
    text = " ".join(text.split())
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > length // 2 else cut).rstrip(" ,;:") + "…"


def sentence_at(text: str, start: int, end: int, *, limit: int = 400) -> str:
    """The sentence of ``text`` that holds the characters ``start`` to ``end``, at most ``limit`` long.

    >>> sentence_at("One here. Two, e.g. this. Three.", 15, 19)
    'Two, e.g. this.'
    """
    first, last = max(0, start - 4 * limit), min(len(text), end + 4 * limit)
    for match in _SENTENCE_END.finditer(text, first, last):
        if _ABBREVIATION.search(text, max(0, match.start() - 12), match.start() + 1):
            continue
        if match.end() <= start:
            first = match.end()
        elif match.start() >= end - 1:
            last = match.end()
            break
    first += len(text[first:last]) - len(text[first:last].lstrip())
    sentence = text[first:last].rstrip()
    if len(sentence) <= limit:
        return sentence
    middle = start - first
    left = max(0, middle - limit // 2)
    piece = text[first + left : first + left + limit]
    return ("…" if left else "") + piece.strip() + ("…" if first + left + limit < last else "")


def anchor_of(text: str) -> str:
    """Fragment that GitHub and most site builders give a heading.

    >>> anchor_of("Who's in charge? (2024)")
    'whos-in-charge-2024'
    """
    return _NOT_ANCHOR.sub("", text.strip().lower()).replace(" ", "-")


def humanize(name: str) -> str:
    """A readable title out of a file name or an id; a name with spaces is one that people read already.

    >>> humanize("eu-ai_act"), humanize("Two-level game")
    ('Eu ai act', 'Two-level game')
    """
    text = " ".join(re.split(r"[_\s]+" if " " in name.strip() else r"[-_\s]+", name.strip("-_ ")))
    return text[:1].upper() + text[1:]
