"""Plain tables for people."""

from __future__ import annotations

__all__ = ["text_table", "visible"]

_HIDDEN = dict.fromkeys(
    [*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)], "\ufffd"
)


def visible(text: str) -> str:
    """Text for a terminal: what a page may hold to move the cursor, change colours or turn lines round is replaced.

    >>> visible("a\\x1b[31mb\\u202ec").isprintable()
    True
    """
    return text if text.isascii() and text.isprintable() else text.translate(_HIDDEN)


def text_table(head: list[str], rows: list[list[str]]) -> str:
    """A plain table with aligned columns, cells cut at 100 characters.

    >>> print(text_table(["id", "n"], [["a", "1"]]), end="")
    id  n
    --  -
    a   1
    """
    cells = [[visible(" ".join(cell.split())) for cell in row] for row in rows]
    widths = [min(100, max([len(name), *(len(row[place]) for row in cells)])) for place, name in enumerate(head)]

    def line(values: list[str]) -> str:
        clipped = [value if len(value) <= width else value[: width - 1] + "…" for value, width in zip(values, widths, strict=True)]
        return "  ".join(value.ljust(width) for value, width in zip(clipped, widths, strict=True)).rstrip()

    return "\n".join([line(head), line(["-" * width for width in widths]), *map(line, cells)]) + "\n"
