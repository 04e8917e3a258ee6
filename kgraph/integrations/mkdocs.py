"""Plugin of MkDocs: ``plugins: [kgraph]`` puts the block of related pages on each page."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.config import base, config_options
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import File, Files

from kgraph.errors import KgraphError
from kgraph.export.block import BlockTexts, block_css
from kgraph.integrations.blocks import Blocks, place

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.pages import Page

__all__ = ["KgraphConfig", "KgraphPlugin"]

_STYLE = "assets/kgraph-related.css"


class KgraphConfig(base.Config):  # type: ignore[no-untyped-call]
    """Settings of the plugin."""

    workspace = config_options.Type(str, default=".kgraph")
    """Folder of the workspace, relative to ``mkdocs.yml``."""
    heading = config_options.Type(str, default=BlockTexts().heading)
    why = config_options.Type(str, default=BlockTexts().why)
    about = config_options.Type(str, default=BlockTexts().about)


class KgraphPlugin(BasePlugin[KgraphConfig]):  # type: ignore[no-untyped-call]
    """Builds the graph of the project, and renders the block below each page or before ``<!-- kgraph:related -->``."""

    def on_files(self, files: Files, /, *, config: MkDocsConfig) -> Files:
        """Build, and add the style."""
        root = Path(config.config_file_path).parent if config.config_file_path else Path.cwd()
        texts = BlockTexts(self.config.heading, self.config.why, self.config.about)
        try:
            self._blocks = Blocks(root, root / self.config.workspace, texts)
        except KgraphError as error:
            raise PluginError(f"kgraph: {error}") from None
        files.append(File.generated(config, _STYLE, content=block_css()))
        if _STYLE not in config.extra_css:
            config.extra_css.append(_STYLE)
        self._files = {_relative(file, root): file for file in files.documentation_pages()}
        self._root = root
        return files

    def on_page_content(self, html: str, /, *, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG002
        """Put the block on a page."""

        def address(path: str) -> str | None:
            target = self._files.get(path)
            return target.url_relative_to(page.file) if target else None

        return place(html, self._blocks.html(_relative(page.file, self._root), address))


def _relative(file: File, root: Path) -> str:
    """Source path of a file, relative to the project; what another plugin made has none."""
    return Path(os.path.relpath(file.abs_src_path, root)).as_posix() if file.abs_src_path else ""
