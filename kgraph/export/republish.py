"""The files of a build for one importer: all of them or a part, laid out as asked, with or without the blocks as HTML."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Raw, Struct

from kgraph.errors import ExportError
from kgraph.export.block import block_css, block_html
from kgraph.export.folder import publish_site
from kgraph.export.site import MANIFEST, SCHEMA_VERSION, SitePart, manifest_bytes, site_files, told_of

__all__ = ["SiteIndex", "export_site", "read_index"]


class SiteIndex(Mapping[str, dict[str, Any]]):
    """The pages of ``related.json`` by id, each decoded when it is asked for."""

    def __init__(self, pages: Mapping[str, Raw]) -> None:
        """Keep the pages, encoded."""
        self._pages = pages

    def __getitem__(self, entity_id: str) -> dict[str, Any]:
        """Object of a page."""
        found: dict[str, Any] = msgspec.json.decode(self._pages[entity_id])
        return found

    def __iter__(self) -> Iterator[str]:
        """Ids of the pages, sorted."""
        return iter(self._pages)

    def __len__(self) -> int:
        """How many pages there are."""
        return len(self._pages)

    def heads(self) -> dict[str, PageHead]:
        """What names each page, by id."""
        decoder = msgspec.json.Decoder(PageHead)
        return {entity_id: decoder.decode(page) for entity_id, page in self._pages.items()}


class PageHead(Struct, frozen=True):
    """What names a page."""

    id: str
    title: str
    type: str
    path: str
    href: str | None
    summary: str | None


class _Manifest(Struct, frozen=True):
    """Of a manifest what names the files."""

    counts: dict[str, int]
    files: dict[str, Any]


class _Index(Struct, frozen=True):
    pages: dict[str, Raw]


def read_index(site: Path) -> SiteIndex:
    """The pages of a folder of site files.

    Raises:
        ExportError: there are none.

    """
    path = site / "related.json"
    try:
        return SiteIndex(msgspec.json.decode(path.read_bytes(), type=_Index).pages)
    except FileNotFoundError:
        raise ExportError(f"{path}: missing: run `kgraph build`, or `kgraph rank` after `kgraph ingest`") from None
    except (OSError, msgspec.MsgspecError) as error:
        raise ExportError(f"{path}: cannot be read ({error}): write it anew") from None


def export_site(
    source: Path,
    folder: Path,
    *,
    only: Collection[SitePart] = (),
    pages: Collection[str] = (),
    minify: bool = False,
    html: bool = False,
    json_only: bool = False,
) -> int:
    """Write the site files of a build to ``folder``; gives the number of pages.

    Args:
        source: Folder of the site files of the build.
        folder: Where to write; see :func:`~kgraph.export.folder.publish_site`.
        only: Parts of each page that are kept; all when empty.
        pages: Globs, as in ``.gitignore``, of the source paths of the pages that are written; all when empty.
        minify: Whether to leave out line breaks and spaces.
        html: Whether to write the blocks as HTML as well: ``blocks.json``, by source path, and ``related.css``.
        json_only: Whether to leave out what is no JSON, for a data folder that takes nothing else, as that of Hugo.

    Raises:
        ExportError: there is no build, the folder cannot be written, or no page fits the globs.

    """
    from pathspec import GitIgnoreSpec

    index = read_index(source) if html or only or pages or minify else None
    if index is None or not (only or pages or minify):
        extra = _blocks(index, index.heads(), index, (), minify=False) if index is not None else ()
        return _export_as_built(source, folder, extra, json_only=json_only)
    heads = index.heads()
    try:
        spec = GitIgnoreSpec.from_lines(pages)
    except ValueError as error:
        raise ExportError(f"--pages: not a glob: {error}") from None
    chosen = [head.id for head in heads.values() if not pages or spec.match_file(head.path)]
    if not chosen:
        raise ExportError(f"--pages {' '.join(pages)}: no page has such a source path: give a glob such as **/people/*")
    hubs = msgspec.json.decode((source / "hubs.json").read_bytes())
    extra = _blocks(index, heads, chosen, only, minify) if html else ()
    objects = ((name, index[name]) for name in chosen)
    publish_site(folder, site_files(objects, hubs, only=only, minify=minify, extra=extra, json_only=json_only))
    return len(chosen)


def _export_as_built(source: Path, folder: Path, extra: Iterable[tuple[str, bytes]], *, json_only: bool) -> int:
    """Write the whole set as the build has it, byte for byte, and further files."""
    try:
        manifest = msgspec.json.decode((source / MANIFEST).read_bytes(), type=_Manifest)
        publish_site(folder, _as_built(source, manifest, extra, json_only=json_only))
    except FileNotFoundError as error:
        raise ExportError(f"{error.filename}: missing: run `kgraph build`, or `kgraph rank` after `kgraph ingest`") from None
    except msgspec.MsgspecError as error:
        raise ExportError(f"{source / MANIFEST}: cannot be read ({error}): run `kgraph build --full`") from None
    return manifest.counts["pages"]


def _as_built(source: Path, manifest: _Manifest, extra: Iterable[tuple[str, bytes]], *, json_only: bool) -> Iterator[tuple[str, bytes]]:
    told = {name: file for name, file in manifest.files.items() if not json_only or name.endswith(".json")}
    yield from ((name, (source / name).read_bytes()) for name in tuple(told))
    for name, content in extra:
        if not json_only or name.endswith(".json"):
            told[name] = told_of(content)
            yield name, content
    yield MANIFEST, manifest_bytes(manifest.counts, told)


def _blocks(
    index: SiteIndex, heads: Mapping[str, PageHead], chosen: Iterable[str], only: Collection[SitePart], minify: bool
) -> Iterator[tuple[str, bytes]]:  # fmt: skip
    def summary(entity_id: str) -> str | None:
        return heads[entity_id].summary if entity_id in heads else None

    made = {}
    for entity_id in chosen:
        page = {key: value for key, value in index[entity_id].items() if not only or key not in ("top", "groups") or key in only}
        made[page["path"]] = block_html(page, summary=summary)
    line = b"" if minify else b"\n"
    lines = (b"," + line).join(msgspec.json.encode(path) + b":" + msgspec.json.encode(made[path]) for path in sorted(made))
    tail = b'},"css":' + msgspec.json.encode(block_css()) + b',"schemaVersion":' + str(SCHEMA_VERSION).encode() + b"}\n"
    yield "blocks.json", b'{"blocks":{' + line + lines + line + tail
    yield "related.css", block_css().encode()
