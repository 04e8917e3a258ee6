"""Reading and parsing the files, in parallel where that pays, each one only when its bytes are new."""

from __future__ import annotations

import codecs
import hashlib
import os
import re
from collections.abc import Callable, Iterable
from functools import partial
from itertools import accumulate, islice
from pathlib import Path
from typing import Any, TypeAlias

import msgspec
from msgspec import Struct

from kgraph.config import Config
from kgraph.ingest.cache import Cache
from kgraph.ingest.catalog import CatalogFile, read_catalog
from kgraph.ingest.discover import SourceFile, SourceTree
from kgraph.ingest.readers import READER_VERSION, reader_names, reader_of
from kgraph.ingest.timelimit import time_limit
from kgraph.model.document import Counts, Document, Problem
from kgraph.model.finding import Finding, finding
from kgraph.parallel import share_out

__all__ = ["LoadedFiles", "load_files"]

_Item: TypeAlias = tuple[str, str, str, bytes]
"""Path, kind, key of the cache, bytes."""
_Parsed: TypeAlias = tuple[Document | CatalogFile, bytes]
"""Parsed form, as such and encoded."""
_CATALOG = "catalog:"
"""Start of the kind of a catalog; its ending follows, and the base of its IRIs where they may be relative."""
_SLOW = "E109"
_HTML = frozenset(("html", "htm", "xhtml"))
_DECLARED = re.compile(rb"""<(?:meta\b[^>]{0,200}?\bcharset|\?xml\b[^>]{0,100}?\bencoding)\s*=\s*["']?\s*([\w:.-]{2,30})""", re.I)
_DECLARED_WITHIN = 4096
_WEB_ENCODING = re.compile(
    r"windows-\d{3,4}|cp\d{3,4}|iso-?8859-\d{1,2}|latin-?\d|l1|koi8-[ru]|macintosh|mac-cyrillic|gbk|gb2312|gb18030|big5|big5-hkscs|euc-jp|euc-kr"
    r"|shift[-_]jis|sjis|tis-620|us-ascii|ascii"
)
"""Names of the encodings of the WHATWG standard as Python knows them; none of them is more than a way to write text."""
_WORTH_A_PROCESS = 1_500_000
"""Bytes of new pages from which a second process pays for itself."""


class LoadedFiles(Struct, frozen=True):
    """Parsed pages and catalogs of a source tree."""

    documents: dict[str, Document]
    """By path, sorted."""
    catalogs: dict[str, CatalogFile]
    hashes: dict[str, str]
    """SHA-256 of each file read, as hexadecimal digits."""
    findings: tuple[Finding, ...]
    reused: int
    """Files whose parsed form came from the cache."""


def load_files(
    tree: SourceTree, config: Config, *, jobs: int, cache: Cache | None, progress: Callable[[int, int], None] | None = None
) -> LoadedFiles:
    """Read every page and catalog of ``tree``.

    Args:
        tree: Files to read.
        config: Settings: the limits on a file, and the base that the relative IRIs of RDF are resolved against.
        jobs: Processes to use at the most; small sites use one whatever is given.
        cache: Parsed forms by hash; None reads everything anew and keeps nothing.
        progress: Called with files done and files in all.

    """
    found: list[Finding] = []
    hashes: dict[str, str] = {}
    parsed: dict[str, Any] = {}
    wanted: list[_Item] = []
    pages = {file.path for file in tree.pages}
    for file in sorted((*tree.pages, *tree.catalogs), key=lambda file: file.path):
        data = _read(tree.root, file, config.limits.max_file_bytes, found)
        if data is None:
            continue
        digest = hashlib.sha256(data).hexdigest()
        hashes[file.path] = digest
        ending = file.path.rsplit(".", 1)[-1].lower()
        kind = ending
        if file.path not in pages:
            kind = f"{_CATALOG}{ending}" if ending in ("yaml", "yml") else f"{_CATALOG}{ending}:{config.base_iri}"
        wanted.append((file.path, kind, f"{READER_VERSION}:{kind}:{digest}", data))
    cached = cache.get_many(key for _, _, key, _ in wanted) if cache else {}
    fresh: list[_Item] = []
    for item in wanted:
        path, kind, key, _ = item
        content = _decoded(kind, cached[key]) if key in cached else None
        if content is None:
            fresh.append(item)
        else:
            parsed[path] = content
    keep: list[tuple[str, bytes]] = []
    total = len(wanted)
    step = (lambda done: progress(total - len(fresh) + done, total)) if progress else None
    for item, (made, blob) in zip(fresh, _parse_all(fresh, jobs, config.limits.seconds_per_file, step), strict=True):
        parsed[item[0]] = made
        if not any(problem.rule == _SLOW for problem in made.problems):
            keep.append((item[2], blob))
    if cache:
        cache.replace(keep, {key for _, _, key, _ in wanted})
    documents = {path: doc for path, doc in sorted(parsed.items()) if isinstance(doc, Document)}
    catalogs = {path: rows for path, rows in sorted(parsed.items()) if isinstance(rows, CatalogFile)}
    for path in sorted(parsed):
        found += [finding(problem.rule, problem.message, path, problem.line) for problem in parsed[path].problems]
    return LoadedFiles(documents, catalogs, hashes, tuple(sorted(found)), total - len(fresh))


def _read(root: str, file: SourceFile, max_bytes: int, found: list[Finding]) -> bytes | None:
    if file.size > max_bytes:
        found.append(finding("E102", f"{file.size:,} bytes are over the limit of {max_bytes:,}", file.path))
        return None
    try:
        with Path(root, file.path).open("rb") as stream:
            return stream.read(max_bytes + 1)[:max_bytes]
    except OSError as error:
        found.append(finding("E101", f"cannot be read: {error.strerror or error}", file.path))
        return None


def _decode(kind: str, blob: bytes) -> Document | CatalogFile:
    wanted: type[Document] | type[CatalogFile] = CatalogFile if kind.startswith(_CATALOG) else Document
    return msgspec.msgpack.decode(blob, type=wanted)


def _decoded(kind: str, blob: bytes) -> Document | CatalogFile | None:
    """Parsed form out of the cache, or None when it is damaged."""
    try:
        return _decode(kind, blob)
    except msgspec.MsgspecError:
        return None


def _parse_all(items: list[_Item], jobs: int, seconds: float, progress: Callable[[int], None] | None) -> list[_Parsed]:
    """Parsed form of each file, as such and encoded, in order."""
    size = sum(len(data) for *_, data in items)
    jobs = max(1, min(jobs, os.cpu_count() or 1, 1 + size // _WORTH_A_PROCESS))
    batches = _batches(items, max(_WORTH_A_PROCESS // 32, size // (jobs * 16)))
    done = list(accumulate(len(batch) for batch in batches))
    step = (lambda count: progress(done[count - 1])) if progress else None
    parsed = share_out(partial(_parse_batch, seconds=seconds), batches, jobs=jobs, pack=_pack, unpack=_unpack, progress=step)
    return [made for batch in parsed for made in batch]


def _batches(items: list[_Item], goal: int) -> list[list[_Item]]:
    batches: list[list[_Item]] = []
    weight = goal
    for item in items:
        if weight >= goal:
            batches.append([])
            weight = 0
        batches[-1].append(item)
        weight += len(item[3])
    return batches


def _parse_batch(batch: list[_Item], seconds: float) -> list[_Parsed]:
    return [_both(_parse_within(seconds, kind, data)) for _, kind, _, data in batch]


def _parse_within(seconds: float, kind: str, data: bytes) -> Document | CatalogFile:
    """Parsed form of a file, or an empty one with a problem when it takes too long."""
    try:
        with time_limit(seconds):
            return _parse_content(kind, data)
    except TimeoutError:
        problems = (Problem(_SLOW, f"reading took longer than {seconds:g} s; its content was left out", 0),)
        return CatalogFile((), problems) if kind.startswith(_CATALOG) else Document(None, {}, {}, (), (), (), (), Counts(), {}, problems)


def _pack(parsed: list[_Parsed]) -> bytes:
    return msgspec.msgpack.encode([blob for _, blob in parsed])


def _unpack(batch: list[_Item], packed: bytes) -> list[_Parsed]:
    blobs = msgspec.msgpack.decode(packed, type=list[bytes])
    return [(_decode(kind, blob), blob) for (_, kind, _, _), blob in zip(batch, blobs, strict=True)]


def _both(content: Document | CatalogFile) -> _Parsed:
    try:
        return content, msgspec.msgpack.encode(content)
    except UnicodeEncodeError:
        problem = Problem("W105", "halves of characters, which escapes such as \\ud800 name, were replaced", 0)
        whole = msgspec.convert(_encodable(msgspec.to_builtins(content)), type(content))
        made = msgspec.structs.replace(whole, problems=(problem, *whole.problems))
        return made, msgspec.msgpack.encode(made)


def _encodable(value: Any) -> Any:
    """Plain data whose text can be written as UTF-8."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, (list, tuple)):
        return [_encodable(item) for item in value]
    return {_encodable(key): _encodable(item) for key, item in value.items()} if isinstance(value, dict) else value


def _parse_content(kind: str, data: bytes) -> Document | CatalogFile:
    """Parsed form of the bytes of one file."""
    text, problems = _text(data, kind)
    content: Document | CatalogFile
    if kind.startswith(_CATALOG):
        ending, _, base = kind[len(_CATALOG) :].partition(":")
        content = read_catalog(text, ending, base)
        if problems and (content.rows or content.statements):
            content = msgspec.structs.replace(content, problems=(*problems, *content.problems))
    else:
        content = reader_of(kind)(text)
        if problems:
            content = msgspec.structs.replace(content, problems=(*problems, *content.problems))
    return content


def _text(data: bytes, kind: str) -> tuple[str, tuple[Problem, ...]]:
    """Text of a file: UTF-8 with or without byte order mark, UTF-16 with one; line ends as one line feed.

    HTML that is not UTF-8 is read in the encoding that it declares.
    """
    problems: tuple[Problem, ...] = ()
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = data.decode("utf-16", "replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            encoding = _declared_encoding(data) if kind in _HTML else None
            if encoding is None:
                line = 1 + data.count(b"\n", 0, error.start)
                problems = (Problem("W105", "bytes that are not UTF-8 were replaced", line),)
            text = data.decode(encoding or "utf-8-sig", "replace")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text, problems


def _declared_encoding(data: bytes) -> str | None:
    """Encoding that a page of HTML declares, where it is one of those that the web knows."""
    found = _DECLARED.search(data, 0, _DECLARED_WITHIN)
    name = found.group(1).decode("ascii").lower() if found else ""
    if not _WEB_ENCODING.fullmatch(name):
        return None
    if name in ("iso-8859-1", "iso8859-1", "latin1", "latin-1", "l1", "us-ascii", "ascii"):
        return "cp1252"
    try:
        return codecs.lookup(name).name
    except LookupError:
        return None


def readers_used(paths: Iterable[str]) -> dict[str, str]:
    """Name of the reader of each path."""
    names = reader_names()
    return {path: names[path.rsplit(".", 1)[-1].lower()] for path in islice(paths, None)}
