"""A browser page that notes everything that should not happen, and what axe finds on it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page, Route

AXE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kgraph" / "axe-core-4.14.1.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class Watched:
    """A browser page that notes everything that should not happen; requests to others than the server are turned away."""

    def __init__(self, browser: Browser, address: str, *, width: int = 1600, scheme: Any = "light", scripts: bool = True) -> None:
        self.address = address
        self.complaints: list[str] = []
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=scripts, reduced_motion="reduce"
        )
        self.context.route("**/*", self._pass)
        self.page: Page = self.context.new_page()
        self.page.on(
            "console", lambda said: self.complaints.append(f"{said.type}: {said.text}") if said.type in ("error", "warning") else None
        )
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("dialog", lambda dialog: self._dialog(dialog))

    def _pass(self, route: Route) -> None:
        if route.request.url.startswith(f"{self.address}/"):
            route.continue_()
        else:
            self.complaints.append(f"request: {route.request.url}")
            route.abort()

    def _said(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text}")

    def _dialog(self, dialog: Any) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def open(self, path: str) -> Page:
        answer = self.page.goto(self.address + path)
        assert answer is not None
        if answer.status == 404:  # the browser says so in the console, and may
            self.complaints = [said for said in self.complaints if "status of 404" not in said]
        return self.page


def violations(page: Page, axe: str) -> list[str]:
    """What axe finds, one line each."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe)
    found = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", TAGS)
    return [
        f"{item['impact']} {item['id']}: {item['nodes'][0]['html'][:160]} {item['nodes'][0].get('failureSummary', '')[:300]}"
        for item in found["violations"]
    ]


def follow(page: Page, link: Locator) -> None:
    """Click what leads to another page, and wait until that is there."""
    with page.expect_navigation():
        link.click()
