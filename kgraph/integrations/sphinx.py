"""Extension of Sphinx: ``extensions = ["kgraph.integrations.sphinx"]`` puts the block of related pages on each page of HTML."""

from __future__ import annotations

import hashlib
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx.errors import ExtensionError

import kgraph
from kgraph.errors import KgraphError
from kgraph.export.block import BlockTexts, block_css
from kgraph.integrations.blocks import Blocks, place

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

__all__ = ["setup"]

_STYLE = "kgraph-related.css"


class _Related:
    """The blocks of the pages of one run of Sphinx."""

    def __init__(self, app: Sphinx, blocks: Blocks) -> None:
        self.app = app
        self.blocks = blocks

    @cached_property
    def names(self) -> dict[str, str]:
        """Names of the documents by source path; asked for when all are known."""
        source, env = Path(self.app.srcdir), self.app.env
        return {Path(env.doc2path(name)).relative_to(source).as_posix(): name for name in sorted(env.found_docs)}

    @cached_property
    def paths(self) -> dict[str, str]:
        """Source paths of the documents by name."""
        return {name: path for path, name in self.names.items()}

    def block(self, name: str) -> str:
        """The block of a document; empty for a page that Sphinx makes itself."""

        def address(path: str) -> str | None:
            return self.app.builder.get_relative_uri(name, self.names[path]) if path in self.names else None

        return self.blocks.html(self.paths[name], address) if name in self.paths else ""


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.add_config_value("kgraph_workspace", ".kgraph", "html", [str])
    app.add_config_value("kgraph_texts", {}, "html", [dict])
    app.connect("builder-inited", _build)
    return {"version": kgraph.__version__, "parallel_read_safe": True, "parallel_write_safe": True}


def _build(app: Sphinx) -> None:
    """Build the graph of the sources; the workspace lies beside ``conf.py`` unless the settings say otherwise."""
    if app.builder.format != "html":
        return
    try:
        texts = BlockTexts(**app.config.kgraph_texts)
    except TypeError as error:
        raise ExtensionError(f"kgraph_texts: {error}: the keys are {', '.join(BlockTexts.__struct_fields__)}") from None
    try:
        blocks = Blocks(Path(app.srcdir), Path(app.confdir) / app.config.kgraph_workspace, texts)
    except KgraphError as error:
        raise ExtensionError(f"kgraph: {error}") from None
    static = Path(app.outdir) / "_static"
    static.mkdir(parents=True, exist_ok=True)
    (static / _STYLE).write_text(block_css(), encoding="utf-8")
    app.add_css_file(_STYLE)
    related = _Related(app, blocks)
    app.connect("env-updated", lambda _, env: _changed(related, env))
    app.connect("html-page-context", lambda _, name, template, context, tree: _show(related, name, context))  # noqa: ARG005


def _changed(related: _Related, env: BuildEnvironment) -> list[str]:
    """Documents whose block is another one than when they were written: Sphinx writes them again."""
    before: dict[str, str] = getattr(env, "kgraph_written", {})
    now = {name: hashlib.sha256(related.block(name).encode()).hexdigest() for name in sorted(env.found_docs)}
    env.kgraph_written = now  # type: ignore[attr-defined]
    return [name for name, sha256 in now.items() if before.get(name) != sha256]


def _show(related: _Related, name: str, context: dict[str, Any]) -> None:
    if "body" in context:
        context["body"] = place(context["body"], related.block(name))
