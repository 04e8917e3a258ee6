"""Prints what ``mkdocs build --strict`` finds in a folder of pages; run by a Python that has MkDocs, without kgraph."""

import importlib
import importlib.util
import io
import json
import logging
import posixpath
import sys
import tempfile
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

EXTENSIONS = ["abbr", "attr_list", "footnotes", "md_in_html", "tables", "toc", "admonition", "def_list"]
MORE = ["pymdownx.superfences", "pymdownx.blocks.tab", "pymdownx.blocks.details", "pymdownx.blocks.admonition"]


class Links(HTMLParser):
    """Targets of the links in the main part of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = 0
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "div":
            self.depth += bool(self.depth or told.get("role") == "main")
        href = told.get("href")
        if tag == "a" and self.depth and href:
            self.found.append(href)

    def handle_endtag(self, tag: str) -> None:
        self.depth -= bool(tag == "div" and self.depth)


class Warnings(logging.Handler):
    """Keeps what MkDocs warns of."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.found += [record.getMessage()] if "Doc file" in record.getMessage() else []


def main() -> None:
    """Print one JSON object."""
    docs = Path(sys.argv[1])
    more = MORE if importlib.util.find_spec("pymdownx") else []
    warnings = Warnings()
    logging.getLogger("mkdocs").addHandler(warnings)
    logging.getLogger("mkdocs").setLevel(logging.INFO)
    with tempfile.TemporaryDirectory() as folder:
        config = importlib.import_module("mkdocs.config").load_config(
            plugins=[], config_file=io.BytesIO(b"site_name: x\n"), site_name="x", docs_dir=str(docs), site_dir=folder,
            theme={"name": "mkdocs"},
            markdown_extensions=EXTENSIONS + more, validation={"links": {"anchors": "warn", "unrecognized_links": "warn"}},
        )  # fmt: skip
        importlib.import_module("mkdocs.commands.build").build(config)
        places = {}
        for path in sorted(docs.rglob("*.md")):
            inner = path.relative_to(docs).as_posix()
            stem = inner[:-3]
            route = posixpath.dirname(stem) if posixpath.basename(stem).lower() in ("index", "readme") else stem
            places[route] = inner
        links = []
        for route, inner in places.items():
            page = Links()
            page.feed(Path(folder, route, "index.html").read_text(encoding="utf-8"))
            for href in page.found:
                parts = urlsplit(href)
                if parts.scheme or parts.netloc or not parts.path:
                    continue
                target = posixpath.normpath(posixpath.join("/", route, unquote(parts.path))).strip("/")
                links.append([inner, places.get(target), target])
    print(json.dumps({"pages": sorted(places.values()), "links": links, "warnings": warnings.found}))


main()
