"""A page in a browser, as the tests handle it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Dialog, Page

Opener = Callable[..., "Opened"]


class Opened:
    """A page in the browser, with everything it complained about and everything it asked for."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.requests: list[str] = []
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", self._asked)
        page.on("request", lambda request: self.requests.append(request.url))

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def _asked(self, dialog: Dialog) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def shown(self) -> dict[str, Any]:
        """Return the numbers of visible nodes and edges, and the selected node."""
        found: dict[str, Any] = self.page.evaluate("kgraph.shown()")
        return found

    def until(self, holds: Callable[[dict[str, Any]], bool]) -> None:
        """Wait until what is shown is so, 10 seconds at the most."""
        for _ in range(100):
            if holds(self.shown()):
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"not within 10 seconds: {self.shown()}")

    def spot(self, node: str) -> tuple[float, float]:
        """Return where a node is on the screen."""
        at = self.page.evaluate("id => kgraph.position(id)", node)
        return at["x"], at["y"]

    def settle(self) -> None:
        """Wait until a movement of the view is over."""
        self.page.wait_for_timeout(700)
