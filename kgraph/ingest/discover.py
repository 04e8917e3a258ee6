"""Finding the files: which are pages, which may be catalogs, and where the pages begin."""

from __future__ import annotations

import errno
import hashlib
import os
import posixpath
import re
from collections import Counter
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

from msgspec import Struct

from kgraph.config import Config
from kgraph.errors import SourceError
from kgraph.ingest.catalogfiles import may_be_catalog, own_outputs
from kgraph.ingest.copies import copies_of
from kgraph.ingest.dump import is_dump, site_of
from kgraph.ingest.globs import compile_globs, matches
from kgraph.ingest.layouts import Files, Layout, find_layout
from kgraph.ingest.readers import reader_names
from kgraph.ingest.redirecttables import listed_redirects
from kgraph.ingest.textfiles import is_page_text, never_page
from kgraph.model.finding import Finding, finding

__all__ = ["SourceFile", "SourceTree", "discover", "no_pages", "page_root"]

_NEVER = frozenset(("node_modules", "bower_components", "__pycache__", "_site", "site-packages", "venv"))
_OUTPUTS = frozenset(("build", "dist", "site", "public", "out", "target", "vendor", "coverage", "htmlcov"))
_PROJECT_FILES = frozenset(
    ("package.json", "pyproject.toml", "setup.py", "Cargo.toml", "go.mod", "mkdocs.yml", "mkdocs.yaml", "hugo.toml", "hugo.yaml",
     "pom.xml", "composer.json")
)  # fmt: skip
_HABIT_FILES = frozenset(
    ("readme", "changelog", "contributing", "license", "licence", "code_of_conduct", "security", "authors", "notice", "history",
     "governance", "maintainers", "support", "codeowners", "pull_request_template", "issue_template", "agents", "claude")
)  # fmt: skip
_CONTENT_FOLDERS = ("src/content/docs", "content/docs", "src/content", "content", "docs", "wiki", "pages", "notes", "src/pages")
_MADE_BY_SPHINX = frozenset(("objects.inv", "searchindex.js", "genindex.html"))
"""Files of HTML built by Sphinx, which copies the sources of the pages, and its own data, beside them."""
_ODD_NAME = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_TEST_FOLDERS = frozenset(("test", "tests", "__tests__", "testdata", "test_data", "fixtures", "__fixtures__", "sample_data"))
"""Folders beside the pages of a site whose files are made up for tests."""
_TELLING = frozenset((".obsidian", ".vitepress"))
_HTML = re.compile(r"\.x?html?$", re.I)
_TEMPLATE_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\{\{|\{%|<%|<\?php|---\s)")
_TEMPLATE_SIGN = re.compile(rb"\{\{|\{%|<%|<\?php")
_TEMPLATE_FOLDER = re.compile(
    r"/(?:_?layouts|_?includes|_?templates|overrides|partials|shortcodes|themes?|_theme|archetypes|snippets|components)/", re.I
)
_OWN_PICTURE = b'<meta name="generator" content="kgraph">'
_FOLDER = "a link to a folder"
_LARGEST_SETTINGS = 1_000_000
_SAMPLE = 40_000
_IGNORE_FILES = (".gitignore", ".ignore", ".kgraphignore")


class SourceFile(Struct, frozen=True, order=True):
    """One file of the source folder."""

    path: str
    """Relative to SOURCE, with forward slashes."""
    size: int
    stamp: tuple[int, int, int]
    """Modification time and change time in nanoseconds, and inode: changes when the file may have changed."""


class SourceTree(Struct, frozen=True):
    """What lies below SOURCE."""

    root: str
    """Absolute path of SOURCE."""
    pages: tuple[SourceFile, ...]
    catalogs: tuple[SourceFile, ...]
    dumps: tuple[SourceFile, ...]
    """Files that hold many pages each."""
    names: frozenset[str]
    """Relative paths of all files seen, pages or not."""
    layout: Layout
    """How the site is laid out."""
    assumptions: tuple[str, ...]
    left_out: tuple[Finding, ...] = ()
    """What is no plain file within SOURCE, has a name that no report can hold, or cannot be looked into."""
    redirects: tuple[tuple[str, str], ...] = ()
    """Former addresses that files of the site list, and where they lead."""
    settings: str = ""
    """SHA-256 of the layout: its name, its folders, what is wrong with it, and the files of settings that were read for it."""

    @property
    def page_root(self) -> str:
        """Folder the routes of pages start from, relative to SOURCE; empty for SOURCE itself."""
        return self.layout.root

    @property
    def files(self) -> tuple[SourceFile, ...]:
        """All files that are read, sorted."""
        return tuple(sorted((*self.pages, *self.catalogs, *self.dumps)))

    def require_pages(self) -> None:
        """Refuse a source in which there is nothing to read.

        Raises:
            SourceError: there is neither a page nor a catalog.

        """
        if not self.files:
            raise no_pages(self.root)


def no_pages(place: str | Path) -> SourceError:
    """The error for a source without pages."""
    return SourceError(f"{place}: no page found: give a folder that holds pages (.{', .'.join(reader_names())})")


def discover(source: Path, config: Config, *, leave_out: Path | None = None) -> SourceTree:
    """Look at SOURCE: a folder, a repository that holds pages somewhere below, or one file.

    Args:
        source: Folder or file.
        config: Says which files are pages where it says anything.
        leave_out: Folder that is never entered (the workspace).

    Raises:
        SourceError: there is no such folder or file.

    """
    hidden: list[str] = []
    odd: list[str] = []
    left_out: list[Finding] = []
    if source.is_file():
        root, found = source.parent, [_file(source.parent, source.name)]
    elif source.is_dir():
        root = source
        found, hidden, odd, left_out = _walk(root, leave_out)
    else:
        raise SourceError(f"{source}: no such file or folder: give the folder that holds the pages")
    endings = reader_names()
    wanted = [file for file in found if not matches(file.path, config.pages.exclude)]
    if config.pages.include:
        wanted = [file for file in wanted if matches(file.path, config.pages.include)]
    dumps = [file for file in wanted if is_dump(root, file.path)]
    readable = [file for file in wanted if _ending(file.path) in endings]
    notes: list[str] = []
    texts: list[SourceFile] = []
    open_texts = [file.path for file in readable if _ending(file.path) == "txt"]
    if not config.pages.include and source.is_dir():
        copies, notes = copies_of([file.path for file in readable])
        readable = [file for file in readable if file.path not in copies]
        texts = [file for file in readable if _ending(file.path) == "txt" and _is_page_text(root, file.path)]
        readable = [file for file in readable if _ending(file.path) != "txt" and not _is_made(root, file.path)]
        if len(texts) >= len(readable):
            readable, texts = sorted([*readable, *texts]), []
    names = frozenset(file.path for file in found)
    texts_read: dict[str, str] = {}
    files = Files(names, frozenset(hidden), partial(_text, root, texts_read), {file.path: site_of(root, file.path) for file in dumps})
    layout, assumptions = _layout(files, [file.path for file in (*readable, *dumps)], open_texts, config)
    prefix = f"{layout.root}/" if layout.root else ""
    if layout.name == "plain":
        readable = sorted([*readable, *(file for file in texts if file.path.startswith(prefix))])
    elif not config.pages.include:
        readable = [file for file in readable if _ending(file.path) != "txt"]
        readable = sorted([*readable, *(file for file in wanted if _ending(file.path) == "txt" and layout.kind(file.path))])
    pages = tuple(file for file in readable if file.path.startswith(prefix) and layout.is_page(file.path))
    left = len(readable) - len(pages)
    notes += assumptions
    left_out += [finding("W111", "its name holds control characters or undecodable bytes", ascii(path)[1:-1]) for path in odd]
    odd = [path for path in odd if _ending(path) in endings and _ending(path) != "txt"]
    if odd:
        notes.append(f"{len(odd)} file{'s' if len(odd) > 1 else ''} left out: control characters or undecodable bytes in {odd[0]!a}")
    if left:
        kept = {file.path for file in pages}
        first = next(file.path for file in readable if file.path not in kept)
        notes.append(f"{left} readable file{'s' if left > 1 else ''} outside {layout.root or 'the site'}/ left out, such as {first}")
    left_out = [item for item in left_out if _wanted(item, config)]
    own = own_outputs(names, partial(_bytes, root))
    held = {file.path for file in dumps}
    catalogs = tuple(
        file for file in found
        if may_be_catalog(file.path) and file.path not in held and file.path not in own and not _for_tests(file.path, prefix)
        and not matches(file.path, config.catalogs.ignore)
    )  # fmt: skip
    redirects = listed_redirects(files, layout)
    settings = hashlib.sha256(repr((layout.name, layout.root, layout.folder, layout.findings, sorted(texts_read.items()))).encode())
    return SourceTree(
        str(root.resolve()), pages, catalogs, tuple(dumps), names, layout, tuple(notes), tuple(sorted(left_out)), redirects,
        settings.hexdigest(),
    )  # fmt: skip


def _bytes(root: Path, path: str) -> bytes | None:
    try:
        return (root / path).read_bytes()
    except OSError:
        return None


def _for_tests(path: str, prefix: str) -> bool:
    """Whether a file lies outside the folder of the pages, in one of tests."""
    return bool(prefix) and not path.startswith(prefix) and not _TEST_FOLDERS.isdisjoint(path.lower().split("/")[:-1])


def _wanted(item: Finding, config: Config) -> bool:
    """Whether something that was left out would have been a page or a catalog, or a folder of them."""
    if matches(item.path, config.pages.exclude):
        return False
    ending = _ending(item.path)
    return item.rule == "E101" or _FOLDER in item.message or may_be_catalog(item.path) or (ending in reader_names() and ending != "txt")


def _layout(files: Files, readable: list[str], texts: list[str], config: Config) -> tuple[Layout, list[str]]:
    """The layout of a site and what was assumed: the one recognised, else files served where they lie."""
    layout = find_layout(files, readable, texts, config.pages.layout)
    if layout is None or config.pages.root is not None:
        start, notes = page_root(readable, config)
        if layout is None or not start.startswith(layout.root):
            return Layout(start), notes
        layout.root = start
        return layout, [*notes, f"the site is made with {layout.name} ({layout.evidence})"]
    return layout, [f"the site is made with {layout.name} ({layout.evidence}); its pages lie under {layout.root or '.'}/"]


def _text(root: Path, read: dict[str, str], path: str) -> str:
    """Text of a settings file, empty when it cannot be read or lies elsewhere; ``read`` keeps it."""
    if path not in read:
        try:
            place = (root / path).resolve()
            if place.is_file() and place.is_relative_to(root.resolve()):
                with place.open(encoding="utf-8", errors="replace") as stream:
                    read[path] = stream.read(_LARGEST_SETTINGS)
        except OSError:
            pass
        read.setdefault(path, "")
    return read[path]


def _is_page_text(root: Path, path: str) -> bool:
    """Whether a text file is a page, by its name and its first lines; one that cannot be read is told of later."""
    if never_page(path):
        return False
    start = _start(root, path)
    return start is None or is_page_text(start.decode("utf-16" if start[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "replace"))


def _start(root: Path, path: str) -> bytes | None:
    """First bytes of a file, or None when it cannot be read."""
    try:
        with (root / path).open("rb") as stream:
            return stream.read(_SAMPLE)
    except OSError:
        return None


def _is_made(root: Path, path: str) -> bool:
    """Whether a file of HTML is what a site generator makes pages of, or a picture that kgraph drew, and no page."""
    if not _HTML.search(path):
        return False
    start = _start(root, path)
    if start is None:
        return False
    inside = _TEMPLATE_FOLDER.search(f"/{path}")
    return bool(_TEMPLATE_START.match(start) or (inside and _TEMPLATE_SIGN.search(start)) or _OWN_PICTURE in start)


def page_root(paths: list[str], config: Config) -> tuple[str, list[str]]:
    """Folder that the routes of pages start from, and what was assumed to find it."""
    if config.pages.root is not None:
        return posixpath.normpath(f"/{config.pages.root}").strip("/"), []
    if not paths:
        return "", []
    for folder in _CONTENT_FOLDERS:
        counts: Counter[str] = Counter()
        for path in paths:
            place = f"/{path}".find(f"/{folder}/")
            while place >= 0:
                counts[path[: place + len(folder)]] += 1
                place = f"/{path}".find(f"/{folder}/", place + 1)
        fitting = [start for start, count in counts.items() if count >= 0.8 * len(paths)]
        if fitting:
            best = max(fitting, key=lambda start: (start.count("/"), start))
            return best, [f"pages lie under {best}/"]
    inner = [path for path in paths if PurePosixPath(path).stem.lower() not in _HABIT_FILES] or paths
    shared = os.path.commonpath([str(PurePosixPath(path).parent) for path in inner]) if inner else ""
    shared = "" if shared == "." else shared
    return shared, [f"pages lie under {shared}/"] if shared else []


def _ending(path: str) -> str:
    name = path.rsplit("/", 1)[-1]
    return name.rsplit(".", 1)[-1].lower() if "." in name[1:] else ""


def _file(root: Path, path: str) -> SourceFile:
    stat = (root / path).stat()
    return SourceFile(path, stat.st_size, (stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino))


def _walk(root: Path, leave_out: Path | None) -> tuple[list[SourceFile], list[str], list[str], list[Finding]]:
    """All regular files below ``root`` but hidden, ignored and built ones, sorted; links are followed to files inside only.

    The second list gives hidden folders that tell a layout, the third files whose names no line of a report and no address
    could hold, the last one tells what else was left out.
    """
    top = os.path.realpath(root)
    skip = os.path.realpath(leave_out) if leave_out else None
    found: list[SourceFile] = []
    odd: list[str] = []
    hidden: list[str] = []
    left_out: list[Finding] = []
    stack: list[tuple[str, tuple[tuple[str, Any], ...]]] = [("", ())]
    while stack:
        folder, ignores = stack.pop()
        here = f"{top}/{folder}" if folder else top
        try:
            entries = list(os.scandir(here))
        except OSError as error:
            if folder:
                left_out.append(finding("E101", f"the folder cannot be read: {error.strerror or error}", folder))
            continue
        names = {entry.name for entry in entries}
        ignores = (*ignores, *_ignore_files(here, folder, names))
        built = bool(names & _PROJECT_FILES)
        for entry in entries:
            path = f"{folder}/{entry.name}" if folder else entry.name
            is_folder = entry.is_dir(follow_symlinks=False)
            if is_folder and entry.name in _TELLING:
                hidden.append(path)
            if entry.name.startswith(".") or _ignored(path, is_folder, ignores):
                continue
            if is_folder:
                copied = entry.name in ("_sources", "_static") and not names.isdisjoint(_MADE_BY_SPHINX)
                if entry.name not in _NEVER and not copied and not (built and entry.name in _OUTPUTS) and entry.path != skip:
                    stack.append((path, ignores))
            elif _ODD_NAME.search(path):
                odd.append(path)
            elif stat := _inside(entry, top):
                found.append(SourceFile(path, stat.st_size, (stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino)))
            elif why := _why_left_out(entry, top):
                left_out.append(finding("W111", why, path))
    return sorted(found), sorted(hidden), sorted(odd), left_out


def _why_left_out(entry: os.DirEntry[str], top: str) -> str | None:
    """Why an entry was left out; None for one that is gone, and for a link to a folder inside."""
    try:
        if not entry.is_symlink():
            return "a pipe, a socket or a device, no file" if entry.stat().st_mode and not entry.is_file() else None
        within = os.path.realpath(entry.path).startswith(top.rstrip(os.sep) + os.sep) or os.path.realpath(entry.path) == top
        if not within:
            return f"{_FOLDER} out of the source folder" if entry.is_dir() else "a link that leads out of the source folder"
        return None if entry.is_dir() else "a link that leads nowhere"
    except OSError as error:
        return "a link that leads in a circle" if error.errno == errno.ELOOP else None


def _inside(entry: os.DirEntry[str], top: str) -> os.stat_result | None:
    """State of an entry that is a regular file and lies, links followed, inside the source; None for any other."""
    try:
        if not entry.is_file() or (entry.is_symlink() and not os.path.realpath(entry.path).startswith(top.rstrip(os.sep) + os.sep)):
            return None
        return entry.stat()
    except OSError:
        return None


def _ignore_files(here: str, folder: str, names: set[str]) -> list[tuple[str, Any]]:
    specs: list[tuple[str, Any]] = []
    for name in _IGNORE_FILES:
        if name in names:
            try:
                text = Path(here, name).read_text(encoding="utf-8", errors="replace")
            except OSError:
                continue
            specs.append((folder, compile_globs(text.splitlines())))
    return specs


def _ignored(path: str, is_folder: bool, ignores: tuple[tuple[str, Any], ...]) -> bool:
    """Whether the ignore files say so: of those that speak of a path, the one nearest to it counts."""
    for folder, spec in reversed(ignores):
        inner = path[len(folder) + 1 :] if folder else path
        told = spec.check_file(inner + "/" if is_folder else inner).include
        if told is not None:
            return bool(told)
    return False
