"""Reading and parsing the files, in parallel where that pays, each one only when its bytes are new."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from kgraph.ingest.cache import Cache
from kgraph.ingest.catalog import CatalogFile, read_catalog
from kgraph.ingest.discover import SourceFile, SourceTree
from kgraph.ingest.readers import READER_VERSION, reader_names, reader_of
from kgraph.model.document import Document, Problem
from kgraph.model.finding import Finding, finding

__all__ = ["LoadedFiles", "load_files"]

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
    tree: SourceTree, *, max_bytes: int, jobs: int, cache: Cache | None, progress: Callable[[int, int], None] | None = None
) -> LoadedFiles:
    """Read every page and catalog of ``tree``.

    Args:
        tree: Files to read.
        max_bytes: Larger files are skipped with a finding.
        jobs: Processes to use at the most; small sites use one whatever is given.
        cache: Parsed forms by hash; None reads everything anew and keeps nothing.
        progress: Called with files done and files in all.

    """
    found: list[Finding] = []
    hashes: dict[str, str] = {}
    parsed: dict[str, Any] = {}
    wanted: list[tuple[str, str, str, bytes]] = []
    pages = {file.path for file in tree.pages}
    for file in sorted((*tree.pages, *tree.catalogs), key=lambda file: file.path):
        data = _read(tree.root, file, max_bytes, found)
        if data is None:
            continue
        digest = hashlib.sha256(data).hexdigest()
        hashes[file.path] = digest
        kind = file.path.rsplit(".", 1)[-1].lower() if file.path in pages else "catalog"
        wanted.append((file.path, kind, f"{READER_VERSION}:{kind}:{digest}", data))
    cached = cache.get_many(key for _, _, key, _ in wanted) if cache else {}
    fresh: list[tuple[str, str, str, bytes]] = []
    for item in wanted:
        path, kind, key, _ = item
        if key in cached:
            parsed[path] = _decode(kind, cached[key])
        else:
            fresh.append(item)
    keep: list[tuple[str, bytes]] = []
    total = len(wanted)
    for done, (item, blob) in enumerate(zip(fresh, _parse_all(fresh, jobs), strict=True), total - len(fresh) + 1):
        parsed[item[0]] = _decode(item[1], blob)
        keep.append((item[2], blob))
        if progress and done % 50 == 0:
            progress(done, total)
    if cache:
        cache.replace(keep, {key for _, _, key, _ in wanted})
    documents = {path: doc for path, doc in sorted(parsed.items()) if isinstance(doc, Document)}
    catalogs = {path: rows for path, rows in sorted(parsed.items()) if isinstance(rows, CatalogFile)}
    for path in sorted(parsed):
        content: Document | CatalogFile = parsed[path]
        found += [finding(problem.rule, problem.message, path, problem.line) for problem in content.problems]
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
    wanted: type[Document] | type[CatalogFile] = CatalogFile if kind == "catalog" else Document
    return msgspec.msgpack.decode(blob, type=wanted)


def _parse_all(items: list[tuple[str, str, str, bytes]], jobs: int) -> Iterable[bytes]:
    work = [(kind, data) for _, kind, _, data in items]
    size = sum(len(data) for _, data in work)
    jobs = min(jobs, os.cpu_count() or 1, 1 + size // _WORTH_A_PROCESS)
    if jobs <= 1:
        return map(_parse, work)
    return _parse_in_processes(work, jobs, size)


def _parse_in_processes(work: list[tuple[str, bytes]], jobs: int, size: int) -> Iterator[bytes]:
    """Batches of about equal size, so that no process waits for a large file at the end."""
    goal = max(100_000, size // (jobs * 8))
    batches: list[list[tuple[str, bytes]]] = []
    stream = iter(work)
    while first := next(stream, None):
        batch, weight = [first], len(first[1])
        while weight < goal and (more := next(stream, None)):
            batch.append(more)
            weight += len(more[1])
        batches.append(batch)
    with ProcessPoolExecutor(jobs) as pool:
        for blobs in pool.map(_parse_batch, batches):
            yield from blobs


def _parse_batch(batch: list[tuple[str, bytes]]) -> list[bytes]:
    return [_parse(item) for item in batch]


def _parse(item: tuple[str, bytes]) -> bytes:
    """Parsed form of one file, encoded."""
    kind, data = item
    text, problems = _text(data)
    content: Document | CatalogFile
    if kind == "catalog":
        content = read_catalog(text)
        if problems and content.rows:
            content = msgspec.structs.replace(content, problems=(*problems, *content.problems))
    else:
        content = reader_of(kind)(text)
        if problems:
            content = msgspec.structs.replace(content, problems=(*problems, *content.problems))
    return msgspec.msgpack.encode(content)


def _text(data: bytes) -> tuple[str, tuple[Problem, ...]]:
    """Text of a file: UTF-8 with or without byte order mark, UTF-16 with one; line ends as one line feed."""
    problems: tuple[Problem, ...] = ()
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = data.decode("utf-16", "replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = 1 + data.count(b"\n", 0, error.start)
            problems = (Problem("W105", "bytes that are not UTF-8 were replaced", line),)
            text = data.decode("utf-8-sig", "replace")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text, problems


def readers_used(paths: Iterable[str]) -> dict[str, str]:
    """Name of the reader of each path."""
    names = reader_names()
    return {path: names[path.rsplit(".", 1)[-1].lower()] for path in islice(paths, None)}
