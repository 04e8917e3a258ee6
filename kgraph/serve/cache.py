"""Pages that were made already, kept for one build within a bound of memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

__all__ = ["PageCache"]


_KEPT_BESIDE = 400
"""Bytes that a page takes besides its own: key and place."""


class PageCache:
    """The pages that were asked for last, by key."""

    def __init__(self, most_bytes: int = 48_000_000) -> None:
        """Keep pages of ``most_bytes`` together."""
        self._most = most_bytes
        self._size = 0
        self._pages: OrderedDict[object, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: object, make: Callable[[], bytes]) -> bytes:
        """The page with a key; ``make`` makes it when it is not kept, and what that raises is not kept either."""
        page = self.find(key)
        if page is None:
            page = make()
            self.keep(key, page)
        return page

    def find(self, key: object) -> bytes | None:
        """The page with a key, or None when it is not kept."""
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def keep(self, key: object, page: bytes) -> None:
        """Keep a page, unless it takes more than an eighth of the room."""
        with self._lock:
            if key not in self._pages and len(page) <= self._most // 8:
                self._pages[key] = page
                self._size += len(page) + _KEPT_BESIDE
                while self._size > self._most:
                    self._size -= len(self._pages.popitem(last=False)[1]) + _KEPT_BESIDE
