"""What a layout is: where a site keeps its pages, and at which address it serves each."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeAlias

from msgspec import Struct

from kgraph.model.finding import Finding

__all__ = ["Files", "Fragments", "Layout", "is_index", "join_address", "number", "slugify", "text_setting", "without_ending"]

_HTML = re.compile(r"\.x?html?$", re.I)
_INDEX = re.compile(r"_?index|readme", re.I)

Fragments: TypeAlias = Literal["github", "toc", "vitepress"]


class Files(Struct, frozen=True):
    """The files of a source, as a layout is recognised by them."""

    names: frozenset[str]
    """Relative paths of all files, with forward slashes."""
    folders: frozenset[str]
    """Relative paths of hidden folders, which are not entered."""
    text: Callable[[str], str]
    """Text of a settings file, cut when it is very long; empty when it cannot be read."""
    dumps: Mapping[str, str | None] = {}
    """Dumps of MediaWiki by path, with the address of the main page that each tells."""

    def called(self, *names: str) -> list[str]:
        """Paths of the files with one of these names, the nearest to the top first."""
        wanted = frozenset(names)
        return sorted((path for path in self.names if path.rsplit("/", 1)[-1] in wanted), key=lambda path: (path.count("/"), path))


class Layout:
    """A site whose pages are served at their paths: what holds where nothing else is recognised."""

    name = "plain"
    strict = True
    """Whether every name that a page refers to is one of the site itself."""
    titled = False
    """Whether the text of each heading is a name to refer to."""
    text_first = False
    """Whether a wikilink is written ``[[text|page]]``."""

    by_label = False
    """Whether a Markdown link may name a label or a thing, as with MyST, in place of a file."""

    vault = False
    """Whether pages are notes, in which ``#word`` is a tag."""

    by_file = False
    """Whether the site builder knows no relative Markdown links but those to files, and warns of others."""

    falls_back = False
    """Whether what a translation links and lacks is that of the first language."""

    fragments: Fragments = "github"
    """How headings get their fragments: as on GitHub and most sites, from the table of contents of Python-Markdown, or as in VitePress."""

    by_address = False
    """Whether the site builder leaves links as they are written, so that relative ones start at the address of the page."""

    def __init__(self, root: str = "", evidence: str = "", titles: Mapping[str, str] | None = None, folder: str = "") -> None:
        """Keep what was found.

        Args:
            root: Folder of the pages, relative to SOURCE.
            evidence: Path of the file that gives the layout away.
            titles: Titles that the site's navigation gives, by path.
            folder: Folder of the site's settings.

        """
        self.root = root
        self.evidence = evidence
        self.titles = dict(titles or {})
        self.folder = folder
        self.site: str | None = None
        """Address of the site, where its files tell it."""
        self.base = ""
        """What all addresses begin with."""
        self.numbered = False
        """Whether numbers that order files and folders are no part of addresses and names."""
        self.findings: tuple[Finding, ...] = ()
        """What is wrong with the settings of the site."""

    def is_page(self, path: str) -> bool:
        """Whether a readable file is a page of the site."""
        return not self.root or path.startswith(f"{self.root}/")

    def kind(self, path: str) -> str | None:  # noqa: ARG002
        """Ending whose reader reads a file, where the settings of the site say another than its own."""
        return None

    def is_published(self, front_matter: Mapping[str, Any]) -> bool:  # noqa: ARG002
        """Whether the site builder makes a page of what has this front matter; most leave drafts out."""
        return True

    def address(self, path: str, front_matter: Mapping[str, Any]) -> str:  # noqa: ARG002
        """Address that the site serves the page at, from the root of the server, not percent-encoded."""
        ending = _HTML.search(path)
        return join_address(self.base, self.parts(path), ending.group() if ending and not is_index(path) else "/")

    def makes(self, address: str) -> bool:  # noqa: ARG002
        """Whether the site builder serves an address that no file of its own stands for: lists of posts, pages by tag."""
        return False

    def slug(self, path: str) -> str:
        """Last part of the address as a name for the page; empty for a page that stands for its folder."""
        stem = without_ending(path.rsplit("/", 1)[-1])
        return "" if _INDEX.fullmatch(stem) else number(stem) if self.numbered else stem

    def edition(self, path: str) -> tuple[str, str, str] | None:  # noqa: ARG002
        """Path that translations and versions of a page share, its language and its version; None where the layout does not know."""
        return None

    def inner(self, path: str) -> str:
        """Path below the root."""
        return path[len(self.root) + 1 :] if self.root and path.startswith(f"{self.root}/") else path

    def parts(self, path: str) -> list[str]:
        """Folders and name of a page below the root, without ending and ``index``."""
        *folders, name = self.inner(path).split("/")
        stem = without_ending(name)
        parts = folders if _INDEX.fullmatch(stem) else [*folders, stem]
        return [number(part) for part in parts] if self.numbered else parts


def is_index(path: str) -> bool:
    """Whether the file stands for its folder.

    >>> is_index("a/_index.md"), is_index("README.md"), is_index("a/indexes.md")
    (True, True, False)
    """
    return bool(_INDEX.fullmatch(without_ending(path.rsplit("/", 1)[-1])))


def without_ending(name: str) -> str:
    """File name without the last ending.

    >>> without_ending("v1.2.md"), without_ending("notes")
    ('v1.2', 'notes')
    """
    return name.rsplit(".", 1)[0] if "." in name[1:] else name


def join_address(base: str, parts: list[str], end: str = "/") -> str:
    """An address out of a base path and parts.

    >>> join_address("/docs", ["a", "b"]), join_address("", []), join_address("/d", ["a"], ".html")
    ('/docs/a/b/', '/', '/d/a.html')
    """
    path = "/".join(part for part in (base.strip("/"), *parts) if part)
    if not parts:
        return f"/{path}/" if path else "/"
    return posixpath.join("/", path) + end


def text_setting(script: str, key: str) -> str | None:
    """Text that settings written in JavaScript give for a key, as far as it is written out; None where they give none.

    >>> text_setting("defineConfig({ base: '/ropes/' })", "base"), text_setting("{ base: `/${name}` }", "base")
    ('/ropes/', None)
    """
    found = re.search(rf"(?:^|[{{,])\s*{re.escape(key)}\s*:\s*[\"'`]([^\"'`$]*)[\"'`]", script, re.MULTILINE)
    return found[1] if found else None


def slugify(part: str) -> str:
    """A part of an address as GitHub's slugger writes it: lower case, spaces to hyphens, punctuation dropped.

    >>> slugify("Who's in charge?")
    'whos-in-charge'
    """
    return re.sub(r"[^\w\- ]", "", part.strip().lower()).replace(" ", "-")


def number(part: str) -> str:
    """A file or folder name without the number that orders it; dates and versions stay.

    >>> number("01-intro"), number("2. Usage"), number("2024-05-06-talk"), number("7.0-notes")
    ('intro', 'Usage', '2024-05-06-talk', '7.0-notes')
    """
    found = re.fullmatch(r"\d+\s*[-_.]+\s*([^-_.\s\d].*)", part)
    return found.group(1) if found else part
