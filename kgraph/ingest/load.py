"""Reading and parsing the files, in parallel where that pays, each one only when its bytes are new."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import accumulate, islice
from pathlib import Path
from typing import Any, TypeAlias

import msgspec
from msgspec import Struct

from kgraph.config import Config
from kgraph.ingest.cache import Cache
from kgraph.ingest.catalog import CatalogFile, first_of, read_catalog
from kgraph.ingest.changes import DATE_KEYS, History, history
from kgraph.ingest.characters import text_of
from kgraph.ingest.discover import SourceFile, SourceTree
from kgraph.ingest.dump import Dump
from kgraph.ingest.readers import DUMPED, READER_VERSION, reader_names, reader_of
from kgraph.ingest.spacynames import Spans, find_names
from kgraph.ingest.timelimit import time_limit
from kgraph.model.document import Counts, Document, Problem, term_bag
from kgraph.model.finding import Finding, finding
from kgraph.parallel import Jobs, Killed, can_fork, share_out, within

__all__ = ["LoadedFiles", "load_files"]

_Item: TypeAlias = tuple[str, str, str, bytes]
"""Path, kind, key of the cache, bytes."""
_Parsed: TypeAlias = tuple[Document | CatalogFile, bytes]
"""Parsed form, as such and encoded."""
_CATALOG = "catalog:"
"""Start of the kind of a catalog; its ending follows, and the base of its IRIs where they may be relative."""
_SLOW = "E109"
_WORTH_A_PROCESS = 1_500_000
"""Bytes of new pages from which a second process pays for itself."""
_APART = 300_000
"""Bytes from which a file is read in a process of its own."""
_MOST_MEMORY = 2_000_000_000
"""Bytes by which that process may grow."""
_AT_ONCE = 16_000_000
"""Bytes of files that are held at a time; while they are parsed they take some ten times as much."""


class LoadedFiles(Struct, frozen=True):
    """Parsed pages and catalogs of a source tree."""

    documents: dict[str, Document]
    """By path, sorted."""
    catalogs: dict[str, CatalogFile]
    hashes: dict[str, str]
    """SHA-256 of each file read, as hexadecimal digits."""
    keys: dict[str, str]
    """What tells the parsed form of each file apart from others, its reader included; files that took too long have none."""
    findings: tuple[Finding, ...]
    reused: int
    """Files whose parsed form came from the cache."""
    left_out: int = 0
    """Pages of dumps that hold no content of the wiki: talk, users, files, templates."""
    history: History = History()
    """What git knows of the pages that give no day of their last change."""
    named: Spans = {}
    """What a pipeline of spaCy found in the prose, where one is asked for."""


def load_files(
    tree: SourceTree,
    config: Config,
    *,
    jobs: Jobs,
    cache: Cache | None,
    before: History | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> LoadedFiles:
    """Read every page and catalog of ``tree``.

    Args:
        tree: Files to read.
        config: Settings: the limits on a file, and the base that the relative IRIs of RDF are resolved against.
        jobs: Processes to use at the most; small sites use one whatever is given.
        cache: Parsed forms by hash; None reads everything anew and keeps nothing.
        before: What git knew at an earlier time.
        progress: Called with files done and files in all.

    """
    load = _Load(tree, config, jobs, cache, progress)
    held: list[_Item] = []
    size = 0
    for item in load.items():
        held.append(item)
        size += len(item[3])
        if size >= _AT_ONCE:
            load.take(held)
            held, size = [], 0
    load.take(held)
    return load.finished(before)


class _Load:
    """What was read so far."""

    def __init__(
        self, tree: SourceTree, config: Config, jobs: Jobs, cache: Cache | None, progress: Callable[[int, int], None] | None
    ) -> None:  # fmt: skip
        self.tree = tree
        self.config = config
        self.jobs = jobs
        self.cache = cache
        self.progress = progress
        self.found: list[Finding] = []
        self.hashes: dict[str, str] = {}
        self.keys: dict[str, str] = {}
        self.parsed: dict[str, Document | CatalogFile] = {}
        self.used: set[str] = set()
        self.reused = 0
        self.left_out = 0
        self.expected = len(tree.files)

    def items(self) -> Iterator[_Item]:
        """Every file in the order of their paths, and in the place of a dump its pages."""
        pages = {file.path for file in self.tree.pages}
        dumps = {file.path for file in self.tree.dumps}
        for file in self.tree.files:
            if file.path in dumps:
                yield from self.dumped(file.path)
                continue
            data = _read(self.tree.root, file, self.config.limits.max_file_bytes, self.found)
            if data is None:
                continue
            digest = hashlib.sha256(data).hexdigest()
            self.hashes[file.path] = digest
            kind = ending = file.path.rsplit(".", 1)[-1].lower()
            if file.path in pages:
                kind = self.tree.layout.kind(file.path) or ending
            else:
                kind = f"{_CATALOG}{ending}" if ending in ("yaml", "yml") else f"{_CATALOG}{ending}:{self.config.base_iri}"
            yield file.path, kind, f"{READER_VERSION}:{kind}:{digest}", data

    def dumped(self, path: str) -> Iterator[_Item]:
        """Pages of a dump: from the cache where nothing of it has changed, else those that are new."""
        dump = Dump(self.tree.root, path, self.config.limits.max_file_bytes)
        try:
            self.hashes[path] = dump.sha256()
        except OSError as error:
            self.found.append(finding("E101", f"cannot be read: {error.strerror or error}", path))
            return
        key = f"{READER_VERSION}:dump:{self.config.limits.max_file_bytes}:{self.hashes[path]}"
        self.used.add(key)
        if self.known(path, key):
            return
        index: list[tuple[str, str, str]] = []
        for page in dump.pages():
            of_page = f"{READER_VERSION}:{DUMPED}:{hashlib.sha256(page.data).hexdigest()}"
            self.hashes[page.path] = page.sha256
            index.append((page.path[len(path) :], page.sha256, of_page))
            yield page.path, DUMPED, of_page, page.data
        contents = _DumpIndex(index, tuple(dump.problems), dump.left_out)
        self.tell(path, contents)
        if self.cache:
            self.cache.add([(key, msgspec.msgpack.encode(contents))])

    def known(self, path: str, key: str) -> bool:
        """Take the pages of a dump out of the cache; False when they are not all there."""
        blob = self.cache.get_many([key]).get(key) if self.cache else None
        if blob is None or self.cache is None:
            return False
        try:
            contents = msgspec.msgpack.decode(blob, type=_DumpIndex)
        except msgspec.MsgspecError:
            return False
        made: dict[str, Document | CatalogFile] = {}
        for start in range(0, len(contents.pages), 1000):
            part = contents.pages[start : start + 1000]
            blobs = self.cache.get_many(of_page for _, _, of_page in part)
            for rest, _, of_page in part:
                content = _decoded(DUMPED, blobs[of_page]) if of_page in blobs else None
                if content is None:
                    return False
                made[path + rest] = content
        self.parsed.update(made)
        self.hashes.update((path + rest, digest) for rest, digest, _ in contents.pages)
        self.keys.update((path + rest, of_page) for rest, _, of_page in contents.pages)
        self.used.update(of_page for _, _, of_page in contents.pages)
        self.reused += len(made)
        self.tell(path, contents)
        return True

    def tell(self, path: str, contents: _DumpIndex) -> None:
        self.found += [finding(problem.rule, problem.message, path, problem.line) for problem in contents.problems]
        self.left_out += contents.left_out

    def take(self, items: list[_Item]) -> None:
        """Parse some files, those apart whose parsed form is in the cache."""
        cached = self.cache.get_many(key for _, _, key, _ in items) if self.cache else {}
        fresh: list[_Item] = []
        for item in items:
            path, kind, key, _ = item
            self.used.add(key)
            content = _decoded(kind, cached[key]) if key in cached else None
            if content is None:
                fresh.append(item)
            else:
                self.parsed[path], self.keys[path] = content, key
        self.reused += len(items) - len(fresh)
        self.expected = max(self.expected, len(self.parsed) + len(fresh))
        before, progress, total = len(self.parsed), self.progress, self.expected
        step = (lambda done: progress(before + done, total)) if progress else None
        keep: list[tuple[str, bytes]] = []
        for item, (made, blob) in zip(fresh, _parse_all(fresh, self.jobs, self.config.limits.seconds_per_file, step), strict=True):
            self.parsed[item[0]] = made
            if not any(problem.rule == _SLOW for problem in made.problems):
                self.keys[item[0]] = item[2]
                keep.append((item[2], blob))
        if self.cache:
            self.cache.add(keep)

    def finished(self, before: History | None) -> LoadedFiles:
        documents = {path: doc for path, doc in sorted(self.parsed.items()) if isinstance(doc, Document)}
        named: Spans = {}
        if self.config.entities.spacy and self.config.entities.candidates != "off":
            named, keys = find_names(self.config.entities.spacy, documents, self.cache)
            self.used |= keys
        if self.cache:
            self.cache.keep_only(self.used)
        catalogs = {path: rows for path, rows in sorted(self.parsed.items()) if isinstance(rows, CatalogFile)}
        for path, content in self.parsed.items():
            self.found += [finding(problem.rule, problem.message, path, problem.line) for problem in content.problems]
        undated = self.undated(documents) if self.config.pages.git_dates else ()
        found = history(Path(self.tree.root), undated, before)
        return LoadedFiles(
            documents, catalogs, self.hashes, self.keys, tuple(sorted(self.found)), self.reused, self.left_out, found, named
        )  # fmt: skip

    def undated(self, documents: Mapping[str, Document]) -> tuple[str, ...]:
        """Files of their own that are pages and give no date."""
        return tuple(path for path in self.hashes if path in documents and first_of(documents[path].front_matter, DATE_KEYS) is None)


class _DumpIndex(Struct, frozen=True):
    """What a dump was found to hold."""

    pages: list[tuple[str, str, str]]
    """Path below the dump, hash, key of the cache."""
    problems: tuple[Problem, ...]
    left_out: int


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


def _parse_all(items: list[_Item], jobs: Jobs, seconds: float, progress: Callable[[int], None] | None) -> list[_Parsed]:
    """Parsed form of each file, as such and encoded, in order."""
    size = sum(len(data) for *_, data in items)
    if isinstance(jobs, int):
        jobs = max(1, min(jobs, os.cpu_count() or 1, 1 + size // _WORTH_A_PROCESS))
    batches = _batches(items, max(_WORTH_A_PROCESS // 32, size // (16 * (jobs if isinstance(jobs, int) else 16))))
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
    return [_parse_apart(seconds, kind, data) or _both(_parse_within(seconds, kind, data)) for _, kind, _, data in batch]


def _parse_apart(seconds: float, kind: str, data: bytes) -> _Parsed | None:
    """Parsed form of a large file, made where the system ends it at a limit even within a library; None for others."""
    if len(data) < _APART or not can_fork():
        return None
    try:
        blob = within(lambda: _both(_parse_content(kind, data))[1], seconds=seconds, memory=_MOST_MEMORY)
    except Killed as error:
        return _both(_without_content(kind, error.why))
    return _decode(kind, blob), blob


def _parse_within(seconds: float, kind: str, data: bytes) -> Document | CatalogFile:
    """Parsed form of a file, or an empty one with a problem when it takes too long."""
    try:
        with time_limit(seconds):
            return _parse_content(kind, data)
    except TimeoutError:
        return _without_content(kind, f"took longer than {seconds:g} s")


def _without_content(kind: str, why: str) -> Document | CatalogFile:
    """What is kept of a file that could not be read within the limits: the problem."""
    problems = (Problem(_SLOW, f"reading {why}; its content was left out", 0),)
    if kind.startswith(_CATALOG):
        return CatalogFile((), problems)
    return Document(None, {}, {}, (), (), (), (), Counts(), term_bag({}), problems)


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
    text, problems = text_of(data, kind)
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


def readers_used(paths: Iterable[str]) -> dict[str, str]:
    """Name of the reader of each path."""
    names = reader_names()
    return {path: names[path.rsplit(".", 1)[-1].lower()] for path in islice(paths, None)}
