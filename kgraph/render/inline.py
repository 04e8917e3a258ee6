"""A graph page that shows itself in a notebook."""

from __future__ import annotations

from html import escape
from os import PathLike
from pathlib import Path

__all__ = ["GraphPage"]


class GraphPage(str):
    """HTML of a graph page; a notebook shows it in a frame of its own.

    >>> GraphPage("<p>hi</p>")._repr_html_().startswith('<iframe srcdoc="&lt;p&gt;hi&lt;/p&gt;"')
    True
    """

    __slots__ = ()

    def _repr_html_(self) -> str:
        return (
            f'<iframe srcdoc="{escape(self, quote=True)}" sandbox="allow-scripts allow-popups allow-downloads" title="Graph" '
            'style="width:100%;height:640px;border:1px solid #8884;border-radius:8px"></iframe>'
        )

    def __repr__(self) -> str:
        return f"<GraphPage of {len(self):,} characters>"

    def save(self, path: str | PathLike[str]) -> Path:
        """Write the page to a file; gives its path."""
        file = Path(path)
        file.write_text(self, encoding="utf-8", errors="replace")
        return file
