"""Take the pictures of docs/explorer.md: python scripts/explorer_pictures.py writes docs/pictures/explorer-*.png, by Chromium."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile

from scripts.pictures import PICTURES, REPOSITORY, with_few_colours

VIEWS = {
    "explorer-entity": ("/entity/racing-dynamics", 1240, 1180, "light"),
    "explorer-path": ("/path?from=openai&to=racing-dynamics", 1240, 1000, "light"),
    "explorer-dark": ("/communities", 1240, 760, "dark"),
}
"""Address, width, height and colours of each picture."""


def main() -> None:
    """Build the sample wiki, serve it, take the pictures."""
    from playwright.sync_api import sync_playwright

    found = next(path for path in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if path)
    kgraph = [sys.executable, "-m", "kgraph"]
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([*kgraph, "build", str(REPOSITORY / "data"), "-w", folder], check=True, stderr=subprocess.DEVNULL)
        with subprocess.Popen([*kgraph, "serve", "-w", folder, "--port", "0"], stderr=subprocess.PIPE, text=True) as server:
            assert server.stderr is not None
            address = server.stderr.readline().strip().rsplit(" ", 1)[-1]
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
                for name, (path, width, height, scheme) in VIEWS.items():
                    size = {"width": width, "height": height}
                    tab = browser.new_context(viewport=size, color_scheme=scheme).new_page()  # type: ignore[arg-type]
                    tab.goto(address + path)
                    (PICTURES / f"{name}.png").write_bytes(with_few_colours(tab.screenshot()))
                browser.close()
            server.terminate()


if __name__ == "__main__":
    main()
