"""Writes a picture as one HTML file that needs nothing else, not even a network."""

from __future__ import annotations

import base64
import hashlib
import re
from importlib import resources

from kgraph.render.drawing import drawing_data
from kgraph.render.escape import embed_json, escape_script, text_html
from kgraph.render.layout import layout_positions
from kgraph.render.overview import overview
from kgraph.render.picture import Picture

__all__ = ["MOST_NODES", "render_page"]

MOST_NODES = 8_000
"""Nodes that a page draws one by one; a larger picture is drawn as an overview by community."""

_SCRIPTS = (
    "data.js",
    "theme.js",
    "graph.js",
    "camera.js",
    "labels.js",
    "spots.js",
    "trail.js",
    "card.js",
    "tooltip.js",
    "legend.js",
    "search.js",
    "keyboard.js",
    "export.js",
    "main.js",
)
"""The page's own scripts in order; they share one scope."""
_VIS_NETWORK = "templates/lib/vis-9.1.2/vis-network.min.js"
"""The drawing library inside the pyvis package."""


def render_page(picture: Picture) -> str:
    """Return the page as the text of a complete HTML file.

    The same picture gives the same text, byte for byte. All texts of the picture are shown as plain
    text, and links lead to ``http``, ``https`` and addresses within the site only. The page loads
    nothing and sends nothing, which its Content-Security-Policy enforces. A picture of more than :data:`MOST_NODES` nodes is
    drawn as an overview of its communities.

    Args:
        picture: Any picture, also one without nodes.

    Raises:
        ValueError: A number of the picture is NaN or infinite.

    """
    if len(picture.nodes) > MOST_NODES:
        picture = overview(picture, "community")
    data = drawing_data(picture, layout_positions(picture))
    edges = sum(2 if edge.get("both") else 1 for edge in data["edges"])
    library = _library()
    script = "(() => {\n'use strict';\n" + "\n".join(_asset(name) for name in _SCRIPTS) + "\n})();\n"
    style = _asset("page.css")
    return _fill(
        _asset("page.html"),
        {
            "policy": _policy(scripts=(library, script), style=style),
            "title": text_html(picture.title),
            "counts": f"{_count(len(picture.nodes), 'node')} · {_count(edges, 'edge')}",
            "note": "" if picture.note is None else text_html(picture.note),
            "style": style,
            "data": embed_json(data),
            "library": library,
            "script": script,
        },
    )


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def _asset(name: str) -> str:
    return _text("kgraph.render", f"assets/{name}")


def _library() -> str:
    """Return vis-network without the reference to its source map, which nobody ships, and fit to stand in a document."""
    return escape_script(re.sub(r"\n//# sourceMappingURL=\S*\s*$", "\n", _text("pyvis", _VIS_NETWORK)))


def _text(package: str, path: str) -> str:
    text = resources.files(package).joinpath(path).read_text(encoding="utf-8")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _policy(*, scripts: tuple[str, ...], style: str) -> str:
    """Return a Content-Security-Policy that allows exactly these inline texts and nothing else."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(_digest(script) for script in scripts)}",
            f"style-src {_digest(style)}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
        )
    )


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _fill(template: str, values: dict[str, str]) -> str:
    """Return the template with each ``{{name}}`` replaced once; what is filled in is not looked at."""
    return re.sub(r"\{\{(\w+)\}\}", lambda found: values[found[1]], template)
