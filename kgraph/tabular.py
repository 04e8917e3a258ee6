"""Plain tables for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice

__all__ = ["table_lines", "text_table", "visible"]

_LOOKED_AT = 200
_WIDEST = 100
_NARROWEST = 8

_HIDDEN = dict.fromkeys(
    [*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)], "\ufffd"
)


def visible(text: str) -> str:
    """Text for a terminal: what a page may hold to move the cursor, change colours or turn lines round is replaced.

    >>> visible("a\\x1b[31mb\\u202ec").isprintable()
    True
    """
    return text if text.isascii() and text.isprintable() else text.translate(_HIDDEN)


def text_table(head: list[str], rows: list[list[str]], width: int | None = None) -> str:
    """A plain table with aligned columns, cells cut at 100 characters; in lines of ``width`` where one is given.

    >>> print(text_table(["id", "n"], [["a", "1"]]), end="")
    id  n
    --  -
    a   1
    """
    return "".join(_table(head, rows, rows, width))


def table_lines(head: list[str], rows: Iterable[list[str]], width: int | None = None) -> Iterator[str]:
    """Lines of a table as its rows come: the first 200 tell how wide the columns are.

    Args:
        head: Names of the columns.
        rows: Their cells.
        width: Characters that a line may take: the widest columns give way; None for no limit but 100 a cell.

    >>> print("".join(table_lines(["id", "text"], [["a", "a long sentence"]], 14)), end="")
    id  text
    --  ----------
    a   a long se…

    """
    coming = iter(rows)
    first = list(islice(coming, _LOOKED_AT))
    return _table(head, first, chain(first, coming), width)


def _table(head: list[str], sample: list[list[str]], rows: Iterable[list[str]], width: int | None) -> Iterator[str]:
    widths = [min(_WIDEST, max([len(name), *(len(_one_line(row[place])) for row in sample)])) for place, name in enumerate(head)]
    widths = _fitted(widths, width)

    def line(values: list[str]) -> str:
        clipped = [value if len(value) <= width else value[: width - 1] + "…" for value, width in zip(values, widths, strict=True)]
        return "  ".join(value.ljust(width) for value, width in zip(clipped, widths, strict=True)).rstrip() + "\n"

    yield line(head)
    yield line(["-" * width for width in widths])
    for row in rows:
        yield line([_one_line(cell) for cell in row])


def _one_line(cell: str) -> str:
    return visible(" ".join(cell.split()))


def _fitted(widths: list[int], total: int | None) -> list[int]:
    """Widths that fit a line: the widest columns are made narrower, none below ``_NARROWEST``."""
    widths = list(widths)
    while total is not None and widths and sum(widths) + 2 * (len(widths) - 1) > total and max(widths) > _NARROWEST:
        widths[widths.index(max(widths))] -= 1
    return widths
