"""Lines of a plain text, and what their form tells: sentence, short line, item of a list."""

from __future__ import annotations

import re

from msgspec import Struct

__all__ = ["BULLET", "UNDERLINE", "Chunk", "chunks_of", "is_prose", "is_sentence", "is_short"]

BULLET = re.compile(r"\s*(?:[•‣▪◦*+–-]|\d{1,3}[.)])\s+(?=\S)")
UNDERLINE = re.compile(r"(=+|-+|~+)\s*$")
_SHORT = 100
_SHORT_WORDS = 14
_STOP = re.compile(r"[.!…:;,。！]['\"”’)\]]*$|[^\W\d_]['\"”’)\]]?[.!?]['\"”’)\]]?\d{1,3}$")
"""End of a sentence, be it with the number of a footnote."""
_BREAKS = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_ODD = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufeff\u00ad\u200b]")


class Chunk(Struct):
    """Lines without an empty one between them."""

    line: int
    lines: list[str]

    @property
    def lone(self) -> str | None:
        """The only line, or None where there are several."""
        return self.lines[0].strip() if len(self.lines) == 1 else None


def chunks_of(text: str) -> list[Chunk]:
    """The chunks of a text, without characters that nobody sees."""
    chunks: list[Chunk] = []
    going_on = False
    for number, line in enumerate(_BREAKS.sub("\n", text).split("\n"), 1):
        line = _ODD.sub("", line.replace("\xa0", " "))
        if not line.strip():
            going_on = False
        elif going_on:
            chunks[-1].lines.append(line)
        else:
            chunks.append(Chunk(number, [line]))
            going_on = True
    return chunks


def is_short(line: str) -> bool:
    """Whether a line can be a title, a heading or a name: few words, no full stop.

    >>> is_short("The old mill"), is_short("It stands."), is_short("- an item")
    (True, False, False)
    """
    if len(line) > _SHORT or _STOP.search(line[-8:]) or BULLET.match(line):
        return False
    return len(line.split()) <= _SHORT_WORDS and any(char.isalpha() for char in line) and not line[0].islower()


def is_sentence(line: str) -> bool:
    """Whether a line ends as a sentence does.

    >>> is_sentence("The mill stands by the river."), is_sentence("Mill Co.")
    (True, False)
    """
    return bool(_STOP.search(line[-8:])) and len(line.split()) >= 4


def is_prose(line: str) -> bool:
    """Whether a line is a sentence, or too long for anything else."""
    words = len(line.split())
    return is_sentence(line) or (words >= 10 and len(line) > 60) or words > _SHORT_WORDS
