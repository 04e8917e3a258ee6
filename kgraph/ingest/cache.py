"""Parsed forms of files, kept by the hash of their bytes in one SQLite file of the workspace."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from zlib import crc32

__all__ = ["Cache"]

_PAGE = 16_384
"""Bytes of a page of the file: most values take a few of them."""


class Cache:
    """A table from key to bytes. A damaged file is thrown away and begun anew, and a full disk keeps nothing: it can only cost time."""

    def __init__(self, path: Path, *, empty: bool = False) -> None:
        """Open the cache at ``path``, making it when it is not there, or making it anew when it is to be ``empty``."""
        self.path = path
        if empty:
            self._remove()
        self.connection = self._open()

    def __enter__(self) -> Cache:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

    def _open(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            return _connect(str(self.path))
        except sqlite3.DatabaseError:
            self._remove()
        try:
            return _connect(str(self.path))
        except sqlite3.DatabaseError:
            return _connect(":memory:")

    def get_many(self, keys: Iterable[str]) -> dict[str, bytes]:
        """Values of those ``keys`` that are there."""
        found: dict[str, bytes] = {}
        select = "SELECT value, checksum FROM parsed WHERE key = ?"
        try:
            for key in keys:
                row = self.connection.execute(select, (key,)).fetchone()
                if row and row[1] == crc32(row[0]):
                    found[key] = bytes(row[0])
        except sqlite3.DatabaseError:
            return {}
        return found

    def add(self, new: list[tuple[str, bytes]]) -> None:
        """Add entries."""
        self._write("INSERT OR REPLACE INTO parsed VALUES (?, ?, ?)", [(key, value, crc32(value)) for key, value in new])

    def keep_only(self, used: set[str]) -> None:
        """Drop the entries whose key is not ``used`` any more."""
        try:
            old = [(key,) for (key,) in self.connection.execute("SELECT key FROM parsed") if key not in used]
        except sqlite3.DatabaseError:
            old = []
        self._write("DELETE FROM parsed WHERE key = ?", old)

    def _write(self, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
        """Run a statement for each row in one transaction; a cache that cannot be written is thrown away."""
        if not rows:
            return
        try:
            self.connection.execute("BEGIN")
            self.connection.executemany(statement, rows)
            self.connection.execute("COMMIT")
        except sqlite3.DatabaseError:
            self.connection.close()
            self._remove()
            self.connection = _connect(":memory:")

    def _remove(self) -> None:
        for ending in ("", "-wal", "-shm"):
            self.path.with_name(self.path.name + ending).unlink(missing_ok=True)


def _connect(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute(f"PRAGMA page_size={_PAGE}")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("DROP TABLE IF EXISTS documents")  # of earlier versions
        connection.execute("CREATE TABLE IF NOT EXISTS parsed (key TEXT PRIMARY KEY, value BLOB NOT NULL, checksum INTEGER NOT NULL)")
        connection.execute("SELECT count(*) FROM parsed").fetchone()  # reads the index, not the values
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection
