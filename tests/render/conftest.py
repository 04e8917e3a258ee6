"""A Chromium for the tests that look at pages the way a reader does."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from kgraph.render.page import render_page
from tests.render.browsing import Opened, Opener

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

    from kgraph.render.picture import Picture

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ARGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]


def _missing(reason: str) -> NoReturn:
    if os.environ.get("KGRAPH_REQUIRE_CHROMIUM") == "1":
        pytest.fail(f"KGRAPH_REQUIRE_CHROMIUM=1, but {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A running Chromium of this machine; without one, tests are skipped or, on demand, fail."""
    path = next((found for name in _NAMES if (found := shutil.which(name))), None)
    if path is None:
        _missing("no Chromium is installed")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _missing("Playwright is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_ARGS)
        yield browser
        browser.close()


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
            opened.page.wait_for_function("document.documentElement.dataset.drawn", timeout=10_000)
        return opened

    yield opener
    for context in contexts:
        context.close()
