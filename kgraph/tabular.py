"""Plain tables for people."""

from __future__ import annotations

__all__ = ["text_table"]


def text_table(head: list[str], rows: list[list[str]]) -> str:
    """A plain table with aligned columns, cells cut at 100 characters.

    >>> print(text_table(["id", "n"], [["a", "1"]]), end="")
    id  n
    --  -
    a   1
    """
    cells = [[" ".join(cell.split()) for cell in row] for row in rows]
    widths = [min(100, max([len(name), *(len(row[place]) for row in cells)])) for place, name in enumerate(head)]

    def line(values: list[str]) -> str:
        clipped = [value if len(value) <= width else value[: width - 1] + "…" for value, width in zip(values, widths, strict=True)]
        return "  ".join(value.ljust(width) for value, width in zip(clipped, widths, strict=True)).rstrip()

    return "\n".join([line(head), line(["-" * width for width in widths]), *map(line, cells)]) + "\n"
