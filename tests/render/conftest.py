"""Pictures opened the way a reader does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kgraph.render.page import render_page
from tests.render.browsing import Opened, Opener

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

    from kgraph.render.picture import Picture


@pytest.fixture
def open_picture(chromium: Browser, tmp_path: Path) -> Iterator[Opener]:
    """Opens pictures from files, with no network: ``open_picture(picture, width=390, ...)``."""
    contexts: list[BrowserContext] = []

    def opener(picture: Picture, *, width: int = 1600, height: int = 900, fragment: str = "", **options: Any) -> Opened:
        file = tmp_path / f"picture-{len(contexts)}.html"
        file.write_text(render_page(picture), encoding="utf-8")
        context = chromium.new_context(viewport={"width": width, "height": height}, offline=True, **options)
        contexts.append(context)
        opened = Opened(context.new_page())
        opened.page.goto(file.as_uri() + fragment)
        if picture.nodes:
            opened.page.locator("html[data-drawn]").wait_for(state="attached", timeout=10_000)
        return opened

    yield opener
    for context in contexts:
        context.close()
