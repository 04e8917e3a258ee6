"""How quickly large graph pages open and move in Chromium, from a file and without a network.

    python -m benchmarks.pictures [NODES EDGES …]        (700 8000 5000 50000 100000 500000 where nothing is given)

Graphs are clusters with power-law degrees (``tests/render/pictures.py``). ``page`` is the time to lay the graph out and write the page;
``open`` the time from the request to the first drawing, ``ready`` until a search found a node and its card is shown; frames a second are
counted while the view is dragged with the mouse, and while one node is. Chromium draws without a graphics card. Medians of three runs.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from kgraph.render.page import render_page
from tests.render.pictures import whole

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_SIZES = (700, 8_000, 5_000, 50_000, 100_000, 500_000)
_RUNS = 3
_MOVES = 80
_COUNT = """() => {
  window.frames_ = 0;
  const count = () => { window.frames_ += 1; requestAnimationFrame(count); };
  requestAnimationFrame(count);
}"""


def main() -> None:
    """Run and print the table."""
    from playwright.sync_api import sync_playwright

    numbers = [int(argument) for argument in sys.argv[1:]] or list(_SIZES)
    heads = ("nodes", "edges", "page, s", "size, MB", "drawn nodes", "open, s", "ready, s", "frames/s, view", "frames/s, node")
    print(f"| {' | '.join(heads)} |\n|{' --- |' * len(heads)}", flush=True)
    path = next(found for found in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if found)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"])
        for nodes, edges in zip(numbers[::2], numbers[1::2], strict=True):
            picture = whole(nodes=nodes, edges=edges, clusters=max(10, nodes // 70))
            started = time.perf_counter()
            file = Path(folder) / f"{nodes}.html"
            file.write_text(render_page(picture), encoding="utf-8")
            made = time.perf_counter() - started
            runs = [_look(browser, file) for _ in range(_RUNS)]
            drawn, opened, ready, view, node = (statistics.median(values) for values in zip(*runs, strict=True))
            size = file.stat().st_size / 1e6
            told = (f"{nodes:,}", f"{edges:,}", f"{made:.1f}", f"{size:.1f}", f"{drawn:,.0f}", f"{opened:.2f}", f"{ready:.2f}")
            print(f"| {' | '.join(told)} | {view:.0f} | {node:.0f} |", flush=True)
        browser.close()


def _look(browser: Browser, file: Path) -> tuple[float, float, float, float, float]:
    """Nodes drawn, seconds until drawn and until a search is answered, frames a second with the view and with a node dragged."""
    context = browser.new_context(viewport={"width": 1600, "height": 900}, offline=True)
    page = context.new_page()
    started = time.perf_counter()
    page.goto(file.as_uri())
    page.wait_for_function("document.documentElement.dataset.drawn", timeout=120_000)
    opened = time.perf_counter() - started
    page.keyboard.press("/")
    page.keyboard.type("ro")
    page.keyboard.press("Enter")
    page.locator("#card").wait_for()
    ready = time.perf_counter() - started
    drawn = page.evaluate("kgraph.shown().nodes")
    page.evaluate("kgraph.clear()")
    page.locator("#zoom-fit").click()
    page.wait_for_timeout(800)
    found = page.evaluate("id => kgraph.position(id)", page.evaluate("kgraph.leading()"))
    page.evaluate(_COUNT)
    view = _frames(page, 800, 896)
    node = _frames(page, found["x"], found["y"])
    context.close()
    return drawn, opened, ready, view, node


def _frames(page: Page, x: float, y: float) -> float:
    """Frames a second while the mouse drags from a point to and fro."""
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 5, y - 5)
    before, started = page.evaluate("frames_"), time.perf_counter()
    for step in range(_MOVES):
        page.mouse.move(x + 6 * (step % 25), y - 4 * (step % 30))
    seconds = time.perf_counter() - started
    count: float = page.evaluate("frames_") - before
    page.mouse.up()
    page.wait_for_timeout(400)
    return count / seconds


if __name__ == "__main__":
    main()
