"""Blocks of related pages for HTML that any builder has made."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from kgraph.errors import ExportError
from kgraph.export.block import BlockTexts, block_css, block_html
from kgraph.export.republish import PageHead, read_index

__all__ = ["Injected", "inject", "inject_site"]

_START, _END = "<!-- kgraph:related:start -->", "<!-- kgraph:related:end -->"
_OLD = re.compile(f"{re.escape(_START)}.*?{re.escape(_END)}", re.S)
_TOKEN = re.compile(
    r"(?P<comment><!--(?:.*?-->|.*))|<(?P<raw>script|style|textarea|title|template|xmp|iframe|noscript)\b(?:.*?</(?P=raw)\s*>|.*)"
    r"""|<(?P<tag>/?[a-z][^\s/>]*+)(?:[^>"']|"[^"]*+"|'[^']*+')*+>?""",
    re.S | re.I,
)
"""Comments, elements whose content is no markup, and tags."""
_PLACES = ("/main", "/article", "/body", "/html")
"""Where the block stands on a page that says nothing: before the last of the first of these that it has."""


class Injected(Struct, frozen=True):
    """What was done to the pages in a folder."""

    changed: tuple[str, ...]
    """Files that were written, relative to the folder, sorted."""
    unchanged: int
    """Files that had their block already."""
    missing: tuple[str, ...]
    """Source paths of pages of which no file lies in the folder."""
    without_place: tuple[str, ...]
    """Files that do not have the text that the block shall stand before."""


def inject(html: str, block: str, *, before: str | None = None) -> str | None:
    """A page with its block in place of an earlier one; an empty block takes it away.

    Args:
        html: The page.
        block: The block.
        before: Text that the block stands before, the last one on the page. When None, a comment ``<!-- kgraph:related -->``, else the
            end of the main content.

    Returns:
        The page, or None where it does not have the text asked for.

    """
    html = _OLD.sub("", html)
    at = _place(html) if before is None else html.rfind(before)
    if at < 0:
        return None
    return f"{html[:at]}{_START}{block}{_END}{html[at:]}" if block else html


def _place(html: str) -> int:
    places: dict[str, int] = {}
    for token in _TOKEN.finditer(html):
        comment = token["comment"]
        if comment and comment[4:-3].strip() == "kgraph:related":
            return token.start()
        if token["tag"]:
            places[token["tag"].lower()] = token.start()
    return next((places[name] for name in _PLACES if name in places), len(html))


def inject_site(
    site: Path,
    folder: Path,
    *,
    base: str | None = None,
    before: str | None = None,
    remove: bool = False,
    texts: BlockTexts | None = None,
) -> Injected:
    """Put the block of related pages on each page of a built site, or take it away; no other file is touched.

    Args:
        site: Folder of the site files of a build.
        folder: Folder of the built HTML.
        base: Address at which the folder is served, such as ``/wiki/``; found by looking when None.
        before: See :func:`inject`.
        remove: Whether to take the blocks away.
        texts: Words of the block.

    Raises:
        ExportError: there is no such folder, no page of the build lies in it, or a page cannot be read or written.

    """
    index = read_index(site)
    heads = index.heads()
    if not folder.is_dir():
        raise ExportError(f"{folder}: no such folder: give the folder of the built HTML")
    found = _files(folder, heads, base)
    style = f"<style>{block_css()}</style>"
    changed, without, unchanged = [], [], 0
    first = {name: entity_id for entity_id, name in sorted(found.items(), key=lambda pair: heads[pair[0]].path, reverse=True)}
    for name, entity_id in sorted(first.items()):  # of pages at one address the first has its block there
        block = (
            ""
            if remove
            else block_html(index[entity_id], summary=lambda other: heads[other].summary if other in heads else None, texts=texts)
        )
        try:
            data = (folder / name).read_bytes()
            # Bytes are kept as they are, whatever the encoding says; the block is plain ASCII.
            text = block.encode("ascii", "xmlcharrefreplace").decode("ascii")
            made = inject(data.decode("latin-1"), style + text if text else "", before=before)
            if made is None:
                without.append(name)
            elif made.encode("latin-1") == data:
                unchanged += 1
            else:
                _write(folder / name, made.encode("latin-1"))
                changed.append(name)
        except OSError as error:
            raise ExportError(f"{error.filename or folder / name}: cannot be written ({error.strerror})") from None
    missing = sorted(head.path for head in heads.values() if head.id not in found)
    return Injected(tuple(sorted(changed)), unchanged, tuple(missing), tuple(sorted(without)))


def _files(folder: Path, heads: Mapping[str, PageHead], base: str | None) -> dict[str, str]:
    """The file of each page that has one, by id."""
    routes = {head.id: unquote(urlsplit(head.href).path) for head in heads.values() if head.href}
    bases = [base] if base is not None else _bases(list(routes.values()))
    best: dict[str, str] = {}
    for prefix in bases:
        stripped = "/" + prefix.strip("/") + "/" if prefix.strip("/") else "/"
        found = {
            entity_id: name
            for entity_id, route in routes.items()
            if f"/{route.strip('/')}/".startswith(stripped) and (name := _file(folder, f"/{route.lstrip('/')}".removeprefix(stripped[:-1])))
        }
        best = found if len(found) > len(best) else best
    if not best:
        raise ExportError(f"{folder}: no page of the build lies there: say with --base at which address the folder is served")
    return best


def _bases(routes: list[str]) -> list[str]:
    """Folders that all addresses have in common, the shortest first."""
    shared = [
        part for part in os.path.commonpath([f"/{route.strip('/')}" for route in routes if route.strip("/")] or ["/"]).split("/") if part
    ]
    return ["/".join(shared[:end]) for end in range(len(shared) + 1)]


def _file(folder: Path, route: str) -> str | None:
    """Name of the file that a server shows at an address; None where it is not in the folder itself."""
    plain = route.strip("/")
    names = [f"{plain}/index.html".lstrip("/"), f"{plain}.html", plain] if not route.endswith((".html", ".htm")) else [plain]
    for name in names:
        path = folder / name
        if name.endswith((".html", ".htm")) and "\0" not in name and path.is_file() and path.resolve().is_relative_to(folder.resolve()):
            return name
    return None


def _write(path: Path, data: bytes) -> None:
    """Write a page in one step, with the permissions that it had."""
    draft = path.with_name(f".{path.name}.kgraph")
    draft.write_bytes(data)
    draft.chmod(path.stat().st_mode)
    draft.replace(path.resolve())
