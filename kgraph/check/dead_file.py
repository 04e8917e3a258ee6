"""W211: a link or picture whose file is not there."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from kgraph.check.site import Site
from kgraph.ingest.discover import SourceTree
from kgraph.ingest.resolve import first_language
from kgraph.model.document import Document
from kgraph.model.finding import Finding, finding
from kgraph.model.text import clip

__all__ = ["dead_files"]

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,6}$")
_PAGE = re.compile(r"\.(?:mdx?|markdown|rst|rest|x?html?|php|aspx?)$", re.I)
_TEMPLATE = re.compile(r"[{}<>$]|%7B", re.I)
_SOURCES = {"img": "src", "Image": "src", "source": "src", "video": "src", "audio": "src", "a": "href", "embed": "src", "object": "data"}
"""Elements that show or name files, and the attribute that names them."""
_STATIC_FOLDERS = ("public", "static", "assets", "source", "docs/public")
"""Folders whose files builders serve from the root of the site, beside the settings of the site."""


def dead_files(site: Site) -> Iterator[Finding]:
    """Links and pictures that name a file, of which there is none beside the page, where the builder serves it or at its address.

    Left out are files of another site, names with a template in them, and, where nobody knows which folder the site serves at
    its root, addresses that start there.
    """
    if site.tree is None:
        return
    shelf = _Shelf(site.tree)
    for path, document in site.corpus.documents.items():
        if path not in site.corpus.pages or not Path(site.tree.root, path).is_file():
            continue
        page = site.corpus.pages[path]
        starts = [path, *(first_language(site.corpus.entities[page.entity], site.corpus.entities) if shelf.falls_back else ())]
        for written, line, by_name in _named_files(document):
            if shelf.by_label and "/" not in written:
                continue
            if not any(shelf.has(written, start, page.href, by_name=by_name) for start in starts):
                yield finding("W211", f"no file is at {clip(written, 120)!r}", path, line)


def _named_files(document: Document) -> Iterator[tuple[str, int, bool]]:
    """Files that a page names, as written, with the line, and whether their name alone may stand for them, as in ``![[map.png]]``."""
    for reference in document.references:
        if reference.kind in ("link", "image", "embed") and _is_file(reference.target, picture=reference.kind == "image"):
            yield reference.target, reference.line, reference.kind == "embed"
    for component in document.components:
        written = component.attributes.get(_SOURCES.get(component.name, ""), "")
        if written and _is_file(written, picture=component.name in ("img", "Image")):
            yield written, component.line, False


def _is_file(written: str, *, picture: bool) -> bool:
    target = written.strip()
    path = re.split(r"[?#]", target, maxsplit=1)[0]
    if not path or _SCHEME.match(target) or target.startswith(("@", "~", ":")) or _TEMPLATE.search(target):
        return False
    return not _PAGE.search(path) and (picture or bool(_ENDING.search(path)))


class _Shelf:
    """Knows where the files of a site lie."""

    def __init__(self, tree: SourceTree) -> None:
        self.root = Path(tree.root)
        self.page_root = tree.page_root
        self.vault = tree.layout.vault
        self.by_file = tree.layout.by_file
        self.by_label = tree.layout.by_label
        self.falls_back = tree.layout.falls_back
        self.known = tree.layout.by_file or tree.layout.by_address
        """Whether it is known what the builder serves at the root of the site, even where no folder of files is there."""
        folders = [posixpath.join(tree.layout.folder, name) for name in _STATIC_FOLDERS]
        self.static = [folder for folder in folders if (self.root / folder).is_dir()]
        self.names: dict[str, set[str]] = {}
        for name in tree.names:
            self.names.setdefault(name.rpartition("/")[2].casefold(), set()).add(name.casefold())

    def has(self, written: str, path: str, href: str, *, by_name: bool) -> bool:
        """Whether there is a file that a page names, or nobody can tell."""
        try:
            target = unquote(urlsplit(written.strip()).path)
        except ValueError:
            return True
        if "\0" in target:
            return False
        if target.startswith("/"):
            return self._served(target.lstrip("/"))
        beside = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
        if beside.startswith(".."):
            return not self.by_file
        if self._exists(beside):
            return True
        inner = posixpath.normpath(posixpath.join(unquote(href), target)).lstrip("/")
        if not self.by_file and any(self._exists(posixpath.join(folder, inner)) for folder in (self.page_root, *self.static)):
            return True
        return (self.vault or by_name) and self._in_vault(target)

    def _served(self, inner: str) -> bool:
        """Whether a file is served at the root of the site; True as well where its files are not known."""
        folders = (self.page_root, *self.static)
        return not (self.static or self.known) or any(self._exists(posixpath.join(folder, inner)) for folder in folders)

    def _in_vault(self, target: str) -> bool:
        """Whether a note can name a file by its last part, or by its path from the top, in any letter case."""
        wanted = posixpath.normpath(target).casefold()
        return any(name == wanted or name.endswith(f"/{wanted}") for name in self.names.get(wanted.rpartition("/")[2], ()))

    def _exists(self, inner: str) -> bool:
        try:
            return (self.root / inner).exists()
        except OSError:
            return False
