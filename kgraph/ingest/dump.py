"""Dumps of MediaWiki: one file of XML, plain or compressed, that holds many pages. Read as a stream, in memory of one page.

Format: https://www.mediawiki.org/wiki/Help:Export and the schema export-0.11. A document type, with which XML brings in entities, is
no part of it and is refused.
"""

from __future__ import annotations

import bz2
import gzip
import hashlib
import lzma
import re
import zlib
from collections.abc import Callable, Iterator
from io import BufferedIOBase
from pathlib import Path
from typing import Any
from xml.parsers import expat

import msgspec
from msgspec import Struct

from kgraph.ingest.readers.wikinames import NAMESPACES, DumpedText, is_workshop, namespace_of, redirect_target
from kgraph.model.document import Problem

__all__ = ["Dump", "DumpedPage", "is_dump", "page_path", "site_of", "title_in"]

ENDING = ".wikitext"
_NAME = re.compile(r"\.xml(?:[-.][\w.-]*)?$", re.I)
_HEAD = 16_384
_COMPRESSED_HEAD = 1_000_000
"""Bytes of a compressed file that hold its first block: bzip2 gives nothing before."""


def _lzma(stream: BufferedIOBase) -> lzma.LZMAFile:
    return lzma.LZMAFile(stream)  # type: ignore[arg-type]


_COMPRESSIONS: dict[bytes, tuple[Callable[[BufferedIOBase], Any], Callable[[bytes], bytes]]] = {
    b"BZh": (bz2.BZ2File, lambda data: bz2.BZ2Decompressor().decompress(data, _HEAD)),
    b"\x1f\x8b": (lambda stream: gzip.GzipFile(fileobj=stream), lambda data: zlib.decompressobj(31).decompress(data, _HEAD)),
    b"\xfd7zXZ": (_lzma, lambda data: lzma.LZMADecompressor().decompress(data, _HEAD)),
}
"""By the first bytes of a file: how it is opened, and how the start of it is had."""
_BROKEN = (expat.ExpatError, EOFError, OSError, zlib.error, lzma.LZMAError, UnicodeError, ValueError)
_BLOCK = 1 << 18
_LONGEST_TITLE = 255
"""Bytes of a title, as MediaWiki allows."""
_BAD_TITLE = re.compile(r"[\x00-\x1f\x7f#<>\[\]|{}]|(?:^|/)\.{1,2}(?:/|$)")
_TEXTS = frozenset(("title", "ns", "timestamp", "text", "model", "case"))


class DumpedPage(Struct, frozen=True):
    """One page of a dump."""

    path: str
    """Path of the dump, a slash, the title, and ``.wikitext``: no file, but where the page is told of."""
    data: bytes
    """A :class:`~kgraph.ingest.readers.wikinames.DumpedText` as JSON."""
    sha256: str
    """Hash of the wikitext, as hexadecimal digits."""


def page_path(dump: str, title: str) -> str:
    """Path under which a page of a dump is told of.

    >>> page_path("wiki.xml.bz2", "Water mill")
    'wiki.xml.bz2/Water mill.wikitext'
    """
    return f"{dump}/{title}{ENDING}"


def title_in(dump: str, path: str) -> str | None:
    """Title of a page by its path, or None when it is no page of the dump.

    >>> title_in("a.xml", "a.xml/AC/DC.wikitext"), title_in("a.xml", "b.md")
    ('AC/DC', None)
    """
    return path[len(dump) + 1 : -len(ENDING)] if path.startswith(f"{dump}/") and path.endswith(ENDING) else None


def is_dump(root: Path, path: str) -> bool:
    """Whether a file is a dump of MediaWiki, by its name and its first bytes."""
    return bool(_NAME.search(path)) and "<mediawiki" in _head(root / path)


def site_of(root: Path, path: str) -> str | None:
    """Address of the main page, as a dump tells it, such as ``https://en.wikipedia.org/wiki/Main_Page``."""
    found = re.search(r"<base>\s*(https?://[^<\s]{3,500})\s*</base>", _head(root / path))
    return found.group(1) if found else None


def _head(path: Path) -> str:
    """Text of the first bytes, empty when they cannot be read."""
    try:
        with path.open("rb") as raw:
            data = raw.read(_COMPRESSED_HEAD)
        for sign, (_, unpack) in _COMPRESSIONS.items():
            if data.startswith(sign):
                data = unpack(data)
                break
    except _BROKEN:
        return ""
    data = data[:_HEAD]
    return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "replace")


def _opened(raw: BufferedIOBase) -> BufferedIOBase:
    """A stream of what a file holds, decompressed."""
    start = raw.read(8)
    raw.seek(0)
    for sign, (opener, _) in _COMPRESSIONS.items():
        if start.startswith(sign):
            opened: BufferedIOBase = opener(raw)
            return opened
    return raw


class Dump:
    """The pages of one dump."""

    def __init__(self, root: str, path: str, max_page_bytes: int) -> None:
        """Keep where the dump is; ``max_page_bytes`` bounds the text of one page."""
        self.file = Path(root, path)
        self.path = path
        self.max_page_bytes = max_page_bytes
        self.problems: list[Problem] = []
        self.left_out = 0
        """Pages of the wiki's workshop, and of content that is not wikitext."""

    def sha256(self) -> str:
        """Hash of the file as it lies there.

        Raises:
            OSError: it cannot be read.

        """
        with self.file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()

    def pages(self) -> Iterator[DumpedPage]:
        """Pages of content, in the order of the dump; what is wrong with it is among :attr:`problems` afterwards."""
        seen: set[str] = set()
        reader = _Reader(self.max_page_bytes)
        try:
            with self.file.open("rb") as raw, _opened(raw) as stream:
                while block := stream.read1(_BLOCK):
                    reader.feed(block)
                    yield from self._made(reader, seen)
                reader.feed(b"", last=True)
        except _BROKEN as error:
            yield from self._made(reader, seen)
            what = " ".join(str(error).split())[:200] or type(error).__name__
            self.problems.append(Problem("E111", f"the dump is damaged ({what}); {len(seen):,} pages before that were read", 0))

    def _made(self, reader: _Reader, seen: set[str]) -> Iterator[DumpedPage]:
        for raw in reader.take():
            title = " ".join(str(raw["title"]).split())
            number = int(raw["ns"]) if re.fullmatch(r"-?\d{1,6}", str(raw["ns"])) else reader.number_of(title)
            if is_workshop(number) or raw["model"] not in ("", "wikitext"):
                self.left_out += 1
            elif not title or len(title.encode()) > _LONGEST_TITLE or _BAD_TITLE.search(title):
                self.problems.append(
                    Problem("W107", f"{title[:100]!r} is no title that MediaWiki allows; the page was left out", raw["line"])
                )
            elif raw["long"]:
                self.problems.append(Problem("E102", f"{title!r} is over the limit of {self.max_page_bytes:,} bytes", raw["line"]))
            elif title in seen:
                self.problems.append(Problem("W301", f"the title {title!r} stands twice; the first page counts", raw["line"]))
            else:
                seen.add(title)
                text = str(raw["text"])
                redirect = str(raw["redirect"]) or redirect_target(text) or ""
                page = DumpedText(title, text, redirect, str(raw["timestamp"])[:10], reader.names)
                digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
                yield DumpedPage(page_path(self.path, title), msgspec.json.encode(page), digest)


class _Reader:
    """Takes a dump apart; keeps of each page the newest revision."""

    def __init__(self, max_page_bytes: int) -> None:
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters
        self.parser.StartDoctypeDeclHandler = _refuse
        self.max_page_bytes = max_page_bytes
        self.names: dict[str, int] = {}
        self.done: list[dict[str, Any]] = []
        self.page: dict[str, Any] | None = None
        self.revision: dict[str, str] | None = None
        self.best = ""
        self.namespace: int | None = None
        self.parts: list[str] | None = None
        self.size = 0
        self.depth = 0

    def feed(self, data: bytes, *, last: bool = False) -> None:
        self.parser.Parse(data, last)

    def take(self) -> list[dict[str, Any]]:
        taken, self.done = self.done, []
        return taken

    def number_of(self, title: str) -> int:
        """Number of the namespace of a page that does not tell it."""
        return namespace_of(title, self.names) or 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self.depth == 0 and name.rpartition(":")[2] != "mediawiki":
            raise ValueError("no <mediawiki> at the top")
        self.depth += 1
        if name == "page":
            self.page = {"title": "", "ns": "", "redirect": "", "timestamp": "", "text": "", "model": "", "long": False,
                         "line": self.parser.CurrentLineNumber}  # fmt: skip
            self.best = ""
        elif name == "revision":
            self.revision = {}
        elif name == "redirect" and self.page is not None:
            self.page["redirect"] = attributes.get("title", "")
        elif name == "namespace":
            key = attributes.get("key", "")
            self.namespace = int(key) if re.fullmatch(r"-?\d{1,6}", key) else None
        if name in _TEXTS or name == "namespace":
            self.parts, self.size = [], 0

    def characters(self, data: str) -> None:
        if self.parts is None:
            return
        self.size += len(data)
        if self.size > self.max_page_bytes:
            if self.size > 20 * self.max_page_bytes:
                raise ValueError("a page without end")
            if self.page is not None:
                self.page["long"] = True
            self.parts.clear()
            return
        self.parts.append(data)

    def end(self, name: str) -> None:
        self.depth -= 1
        text = "".join(self.parts) if self.parts is not None else ""
        self.parts = None
        if name == "namespace":
            if self.namespace is not None and text and NAMESPACES.get(text.casefold()) != self.namespace:
                self.names[text.casefold()] = self.namespace
        elif self.page is None:
            return
        elif name in ("title", "ns"):
            self.page[name] = text
        elif name in _TEXTS and self.revision is not None:
            self.revision[name] = text
        elif name == "revision" and self.revision is not None:
            stamp = self.revision.get("timestamp", "")
            if stamp >= self.best:
                self.best = stamp
                self.page.update({key: self.revision.get(key, "") for key in ("timestamp", "text", "model")})
            self.revision = None
        elif name == "page":
            self.done.append(self.page)
            self.page = None


def _refuse(*_: object) -> None:
    raise ValueError("it declares a document type, which no dump does")
