"""Draw the pictures of the README: python scripts/pictures.py [NAME …] writes docs/pictures/NAME.png, by Chromium."""

from __future__ import annotations

import io
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
PICTURES = REPOSITORY / "docs" / "pictures"
VIEWS = {
    "plain": '"Montreal Protocol" --max-nodes 18',
    "obsidian": '"Elinor Ostrom"',
    "quartz": '"Collective action problem" --max-nodes 22',
    "mkdocs": '"EU AI Act" --max-nodes 20',
    "docusaurus": '"Compute governance" --depth 2 --max-nodes 26',
    "starlight": '"Racing dynamics" --max-nodes 24',
    "hugo": "--type policy",
    "jekyll": '"Comparing AI laws" --max-nodes 18',
    "github-wiki": "--max-nodes 28",
    "sphinx": '"Risks" --max-nodes 16',
    "mediawiki": '"International Atomic Energy Agency" --max-nodes 16',
    "html": "--type organization",
    "text": '"Coalition building" --max-nodes 18',
}
"""What ``kgraph render`` is asked for, by the name of the site."""
KINDS = {
    "kind-site": "",
    "kind-path": '"Montreal Protocol" --to "Racing dynamics"',
}
"""The same for the kinds of pictures, all of the sample wiki as it is."""
SIZE = {"width": 1000, "height": 620}
COLOURS = 160


def draw(name: str, folder: Path) -> bytes:
    """Build a site, render it, and take its picture."""
    from playwright.sync_api import sync_playwright

    plain = name == "plain" or name in KINDS
    source, page = REPOSITORY / "data" if plain else folder / name, folder / f"{name}.html"
    kgraph = [sys.executable, "-m", "kgraph"]
    workspace = ["--workspace", str(folder / f"{name}.kgraph")]
    if not plain:
        subprocess.run([sys.executable, str(REPOSITORY / "scripts" / "layouts.py"), str(folder), name], check=True)
    subprocess.run([*kgraph, "build", str(source), *workspace], check=True, stderr=subprocess.DEVNULL)
    subprocess.run([*kgraph, "render", *shlex.split((VIEWS | KINDS)[name]), "-o", str(page), *workspace], check=True)
    found = next(path for path in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if path)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        tab = browser.new_context(viewport=SIZE, color_scheme="light", offline=True).new_page()  # type: ignore[arg-type]
        tab.goto(page.as_uri())
        tab.wait_for_function("document.documentElement.dataset.drawn")
        tab.wait_for_timeout(800)
        shown = tab.screenshot()
        browser.close()
    return shown


def with_few_colours(picture: bytes, *, many: bool = False) -> bytes:
    """The picture with its most frequent colours alone, so that each type keeps its colour; thin edges need many shades."""
    from PIL import Image

    whole = Image.open(io.BytesIO(picture)).convert("RGB")
    written = io.BytesIO()
    if many:
        whole.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(written, "PNG", optimize=True)
        return written.getvalue()
    count = Counter(zip(*[iter(whole.tobytes())] * 3, strict=True))
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for colour, _ in sorted(count.items(), key=lambda item: (-item[1], item[0]))[:COLOURS] for part in colour])
    whole.quantize(palette=palette, dither=Image.Dither.NONE).save(written, "PNG", optimize=True)
    return written.getvalue()


def main(names: list[str]) -> None:
    """Draw the pictures named, or all."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for name in names or VIEWS | KINDS:
            (PICTURES / f"{name}.png").write_bytes(with_few_colours(draw(name, Path(folder)), many=name in KINDS))


if __name__ == "__main__":
    main(sys.argv[1:])
