"""Parsed forms of files, kept by the hash of their bytes in one SQLite file of the workspace."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path

__all__ = ["Cache"]


class Cache:
    """A table from key to bytes. A damaged file is thrown away and begun anew: it can only cost time."""

    def __init__(self, path: Path) -> None:
        """Open the cache at ``path``, making it when it is not there."""
        self.path = path
        try:
            self._open()
        except sqlite3.DatabaseError:
            path.unlink(missing_ok=True)
            self._open()

    def _open(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.connection = sqlite3.connect(self.path, isolation_level=None)
        self.connection.execute("PRAGMA journal_mode=WAL")
        self.connection.execute("PRAGMA synchronous=OFF")
        self.connection.execute("CREATE TABLE IF NOT EXISTS parsed (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID")
        self.connection.execute("SELECT count(*) FROM parsed").fetchone()

    def get_many(self, keys: Iterable[str]) -> dict[str, bytes]:
        """Values of those ``keys`` that are there."""
        found: dict[str, bytes] = {}
        select = "SELECT value FROM parsed WHERE key = ?"
        try:
            for key in keys:
                row = self.connection.execute(select, (key,)).fetchone()
                if row:
                    found[key] = bytes(row[0])
        except sqlite3.DatabaseError:
            return {}
        return found

    def replace(self, new: list[tuple[str, bytes]], used: set[str]) -> None:
        """Add ``new`` entries and drop those whose key is not ``used`` any more."""
        try:
            self.connection.execute("BEGIN")
            self.connection.executemany("INSERT OR REPLACE INTO parsed VALUES (?, ?)", new)
            old = [(key,) for (key,) in self.connection.execute("SELECT key FROM parsed") if key not in used]
            self.connection.executemany("DELETE FROM parsed WHERE key = ?", old)
            self.connection.execute("COMMIT")
        except sqlite3.DatabaseError:
            self.close()
            self.path.unlink(missing_ok=True)

    def close(self) -> None:
        """Close the file."""
        self.connection.close()
