"""The files that a site build imports: related lists, backlinks, page status, hubs, a manifest, and the types that describe them."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from importlib.resources import files
from io import BytesIO
from itertools import chain
from mmap import ACCESS_READ, MADV_DONTNEED, mmap
from os import SEEK_END
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, cast
from zlib import crc32

import msgspec
from msgspec import Struct

from kgraph.export.pagefiles import page_files
from kgraph.export.remembered import KeptPage, PageMemory
from kgraph.memory import key_of
from kgraph.model.corpus import Entity, Link, Page
from kgraph.model.text import clip
from kgraph.model.types import TypeVocabulary

if TYPE_CHECKING:
    from kgraph.rank.rankings import Rankings, RelatedItem

__all__ = [
    "MANIFEST",
    "SCHEMA_VERSION",
    "PageObjects",
    "SitePart",
    "backlinks_of",
    "hub_object",
    "manifest_bytes",
    "pieces",
    "site_files",
    "told_of",
]

SCHEMA_VERSION = 1
MANIFEST = "manifest.json"
"""Name of the file that names all others."""
_INDEX = "related.json"
"""Name of the file with all pages."""
_IN_MEMORY = 256_000_000
"""Bytes of an index that is held in memory, at the most."""
_PIECE = 1 << 24
"""Bytes of a mapped file that are read at a time."""
_SIMILAR = 5
"""Similar pages told of a page at the most."""

SitePart = Literal["top", "groups", "backlinks"]
"""A part of what is said of a page that can be asked for alone."""
_PARTS = ("top", "groups", "backlinks", "hub", "status")


def backlinks_of(links: Iterable[Link]) -> dict[str, dict[str, Link]]:
    """The first link of each page that links to an entity, by target and source; self links and dead ones are left out."""
    found: dict[str, dict[str, Link]] = defaultdict(dict)
    for link in links:
        if link.target is not None and link.target != link.source:
            found[link.target].setdefault(link.source, link)
    return found


class _Told(Struct, frozen=True, array_like=True):
    """What is told of a page besides its list and what names it."""

    backlinks: list[tuple[str, str, int, str]]
    """Source, sentence, line and path of each."""
    status: Mapping[str, Any] | None
    orphan: bool


class PageObjects:
    """The id and the object of every page, sorted by id; each object is made when it is asked for."""

    def __init__(
        self,
        entities: Mapping[str, Entity],
        pages: Mapping[str, Page],
        links: tuple[Link, ...],
        rankings: Rankings,
        types: TypeVocabulary,
        *,
        top: int,
        backlinks: int,
        statuses: Mapping[str, Mapping[str, Any]],
    ) -> None:
        """Take what the objects are made from.

        Args:
            entities: Entities by id.
            pages: Pages by source path.
            links: All links, as written.
            rankings: Lists and measures.
            types: Types in force: labels and order of the groups.
            top: Items that stand first.
            backlinks: Backlinks of one page at the most.
            statuses: What :func:`~kgraph.export.status.page_statuses` tells of each page, by id; null is told of a page it has not.

        """
        self.entities, self.pages, self.rankings, self.types = entities, pages, rankings, types
        self.top, self.backlinks, self.statuses = top, backlinks, statuses
        self.back = backlinks_of(links)
        self.brief = {item.id: {"id": item.id, "title": item.title, "type": item.type, "href": item.href} for item in entities.values()}
        self.standing = {entity_id: (-measures.pagerank, entity_id) for entity_id, measures in rankings.measures.items()}

    def __iter__(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Ids and objects."""
        for entity_id in self._ids():
            yield entity_id, self._made(entity_id, self._told(entity_id))

    def remembered(self, memory: PageMemory) -> Iterator[tuple[str, dict[str, Any] | KeptPage]]:
        """The same, but pages that are as in the build before are taken from ``memory``, which is told of all."""
        for entity_id in self._ids():
            told = self._told(entity_id)
            key = self._key(entity_id, told)
            kept = memory.find(entity_id, key)
            if kept is None:
                made = self._made(entity_id, told)
                memory.keep(entity_id, key, *_counts(made))
                yield entity_id, made
            else:
                memory.keep(entity_id, key, kept.items, kept.backlinks)
                yield entity_id, kept

    def _ids(self) -> list[str]:
        return sorted(page.entity for page in self.pages.values())

    @cached_property
    def _lists(self) -> Mapping[str, object]:
        """The lists by id, as they are held: encoded, on large sites."""
        from kgraph.rank.rankings import PackedLists

        related = self.rankings.related
        return related.packed if isinstance(related, PackedLists) else related

    @cached_property
    def _common(self) -> int:
        """What tells this site apart from others, as far as it concerns every page."""
        return key_of(self.brief, self.types.settings(), self.top)

    def _told(self, entity_id: str) -> _Told:
        linking = sorted(self.back.get(entity_id, {}).items(), key=lambda pair: self.standing[pair[0]])[: self.backlinks]
        backlinks = [(source, link.sentence or link.text, link.line, link.path) for source, link in linking]
        orphan = entity_id not in self.back and self.entities[entity_id].type != "index"
        return _Told(backlinks, self.statuses.get(entity_id), orphan)

    def _key(self, entity_id: str, told: _Told) -> int:
        """What tells the object of a page apart from others."""
        entity, items = self.entities[entity_id], self._lists.get(entity_id)
        return key_of(self._common, entity_id, entity.path, entity.summary, items, self.rankings.measures[entity_id], told)

    def _made(self, entity_id: str, told: _Told) -> dict[str, Any]:
        """The object of a page."""
        entity, measures = self.entities[entity_id], self.rankings.measures[entity_id]
        items = [_item(item, self.brief) for item in self.rankings.related.get(entity_id, ())]
        return {
            **self.brief[entity_id],
            "path": entity.path,
            "summary": entity.summary,
            "top": items[: self.top],
            "groups": _groups(items[self.top :], entity.type, self.types),
            "backlinks": [
                {**self.brief[source], "sentence": clip(sentence, 240), "line": line, "path": path}
                for source, sentence, line, path in told.backlinks
            ],
            "hub": {
                "pagerank": measures.pagerank, "hub": measures.hub, "authority": measures.authority, "community": measures.community,
            },
            "status": _status(told.status, items, orphan=told.orphan),
        }  # fmt: skip


def _counts(made: Mapping[str, Any]) -> tuple[int, int]:
    """Items and backlinks of the object of a page."""
    return len(made.get("top", ())) + sum(len(group["items"]) for group in made.get("groups", ())), len(made.get("backlinks", ()))


def _item(item: RelatedItem, brief: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    return {
        **brief[item.id],
        "score": item.score,
        "rank": item.rank,
        "label": item.label,
        "linked": item.linked,
        "reasons": [
            {"signal": reason.signal, "share": reason.share, "text": reason.text, "evidence": list(reason.evidence)}
            for reason in item.reasons
        ],
    }


def _groups(items: list[dict[str, Any]], own: str, types: TypeVocabulary) -> list[dict[str, Any]]:
    by_type: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for item in items:
        by_type[item["type"]].append(item)
    ordered = sorted(by_type, key=lambda kind: types.group_position(own, kind))
    return [{"type": kind, "label": types.group_label(own, kind), "items": by_type[kind]} for kind in ordered]


def _status(told: Mapping[str, Any] | None, items: Iterable[dict[str, Any]], *, orphan: bool) -> dict[str, Any] | None:
    return {**told, "orphan": orphan, "similar": _similar(items)} if told else None


def _similar(items: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Items that are related by their text, those with the largest share of it first."""
    shares = {item["id"]: (reason["share"], item) for item in items for reason in item["reasons"] if reason["signal"] == "text"}
    best = sorted(shares.values(), key=lambda pair: (-pair[0], pair[1]["id"]))[:_SIMILAR]
    return [{key: item[key] for key in ("id", "title", "type", "href")} | {"share": share} for share, item in best]


def hub_object(entities: Mapping[str, Entity], rankings: Rankings, *, k: int = 50) -> dict[str, Any]:
    """The leading entities by each measure."""
    lists: dict[str, Any] = {}
    for field in ("pagerank", "hub", "authority"):
        ordered = sorted(rankings.measures.items(), key=lambda pair: (-getattr(pair[1], field), pair[0]))[:k]
        lists[field] = [
            {"id": entity_id, "title": entities[entity_id].title, "type": entities[entity_id].type, "href": entities[entity_id].href,
             "value": getattr(measures, field)}
            for entity_id, measures in ordered
        ]  # fmt: skip
    return {"schemaVersion": SCHEMA_VERSION, **lists}


def site_files(
    objects: Iterable[tuple[str, dict[str, Any] | KeptPage]],
    hubs: dict[str, Any],
    *,
    only: Collection[SitePart] = (),
    minify: bool = False,
    extra: Iterable[tuple[str, bytes]] = (),
    json_only: bool = False,
    memory: PageMemory | None = None,
) -> Iterator[tuple[str, bytes | mmap | Path]]:
    """Path and content of every file, or the file of the build before that has this content; the manifest last.

    Args:
        objects: Ids and objects of the pages, sorted by id, taken one at a time.
        hubs: What :func:`hub_object` gives.
        only: Parts that are kept of each page besides what names it; all when empty.
        minify: Whether to leave out line breaks and spaces; the index is one line for each page else.
        extra: Further files that the manifest names.
        json_only: Whether to leave out what is no JSON.
        memory: Where the pages come from that are as they were; with all their parts, and not minified.

    """
    encode = msgspec.json.Encoder(order="sorted").encode
    left_out = [part for part in _PARTS if only and part not in only]
    index = _Index(minify)
    counts = {"pages": 0, "items": 0, "backlinks": 0}
    kept: set[str] = set()
    for entity_id, whole in objects:
        if isinstance(whole, KeptPage):
            kept.add(entity_id)
            data, found = whole.data, (whole.items, whole.backlinks)
        else:
            made = {key: value for key, value in whole.items() if key not in left_out}
            data, found = encode(made), _counts(made)
        index.add(entity_id, data)
        for name, count in zip(counts, (1, *found), strict=True):
            counts[name] += count
    if memory:
        memory.place(index.places)
    all_pages = index.finished()
    told: dict[str, Mapping[str, Any]] = {_INDEX: told_of(all_pages)}
    yield _INDEX, all_pages  # first, as it is the largest: it can be written while the others are made
    others = {"hubs.json": _laid_out(encode(hubs), minify), **_descriptions(left_out)}
    for entity_id, name in page_files(index.places).items():
        held = memory.file(name) if memory and entity_id in kept else None
        if held is not None:
            path, told[name] = held
            yield name, path
        else:
            data = _laid_out(index.page(entity_id), minify)
            told[name] = told_of(data)
            yield name, data
    for name, content in chain(others.items(), extra):
        if not json_only or name.endswith(".json"):
            told[name] = told_of(content)
            yield name, content
    yield MANIFEST, manifest_bytes(counts, told, minify=minify)


def manifest_bytes(counts: Mapping[str, int], told: Mapping[str, Mapping[str, Any]], *, minify: bool = False) -> bytes:
    """The manifest of a set of files.

    Args:
        counts: How many pages, items and backlinks there are.
        told: What :func:`told_of` tells of each other file, by name.
        minify: Whether to leave out line breaks and spaces.

    """
    manifest = {"schemaVersion": SCHEMA_VERSION, "counts": counts, "files": dict(sorted(told.items()))}
    return _laid_out(msgspec.json.encode(manifest, order="sorted"), minify)


def pieces(data: bytes | mmap) -> Iterator[bytes]:
    """The content of a file piece by piece; of one that is mapped into memory, what was read is let go of."""
    if isinstance(data, bytes):
        yield data
        return
    for start in range(0, len(data), _PIECE):
        yield data[start : start + _PIECE]
        data.madvise(MADV_DONTNEED, start, min(_PIECE, len(data) - start))


def told_of(data: bytes | mmap) -> dict[str, Any]:
    """What the manifest tells of a file."""
    found = hashlib.sha256()
    for piece in pieces(data):
        found.update(piece)
    return {"bytes": len(data), "sha256": found.hexdigest()}


def _laid_out(data: bytes, minify: bool) -> bytes:
    return (data if minify else msgspec.json.format(data, indent=1)) + b"\n"


class _Index:
    """All pages in one file, one line each unless minified, so that a change of one page changes one line.

    It is held once: in memory, and that of a large site in a temporary file.
    """

    def __init__(self, minify: bool) -> None:
        self.line = b"" if minify else b"\n"
        self.content: BinaryIO = BytesIO()
        self.content.write(b'{"pages":{' + self.line)
        self.places: dict[str, tuple[int, int, int]] = {}
        """Start, size and CRC-32 of each page."""

    def add(self, entity_id: str, data: bytes) -> None:
        if self.places:
            self.content.write(b"," + self.line)
        self.content.write(msgspec.json.encode(entity_id) + b":")
        self.places[entity_id] = (self.content.tell(), len(data), crc32(data))
        self.content.write(data)
        if isinstance(self.content, BytesIO) and self.content.tell() > _IN_MEMORY:
            held, self.content = self.content, cast(BinaryIO, TemporaryFile())  # noqa: SIM115 - given away by `finished`
            self.content.write(held.getbuffer())

    def page(self, entity_id: str) -> bytes:
        start, size, _ = self.places[entity_id]
        self.content.seek(start)
        return self.content.read(size)

    def finished(self) -> bytes | mmap:
        """The whole, after which nothing is added."""
        self.content.seek(0, SEEK_END)
        self.content.write(self.line + b'},"schemaVersion":' + str(SCHEMA_VERSION).encode() + b"}\n")
        if isinstance(self.content, BytesIO):
            return self.content.getvalue()
        self.content.flush()
        return mmap(self.content.fileno(), 0, access=ACCESS_READ)


def _descriptions(left_out: Iterable[str]) -> dict[str, bytes]:
    """JSON Schema and TypeScript types, without the parts that are left out of each page."""
    assets = files("kgraph.export")
    schema = assets.joinpath("related.schema.json").read_bytes()
    types = assets.joinpath("kgraph.d.ts").read_text(encoding="utf-8")
    missing = list(left_out)
    if missing:
        described = msgspec.json.decode(schema)
        page = described["$defs"]["RelatedPage"]
        page["required"] = [key for key in page["required"] if key not in missing]
        page["properties"] = {key: value for key, value in page["properties"].items() if key not in missing}
        schema = msgspec.json.format(msgspec.json.encode(described), indent=1) + b"\n"
        before, opening, rest = types.partition("export interface RelatedPage ")
        body, closing, after = rest.partition("\n}\n")
        for part in missing:
            body = re.sub(rf"\n(?:  /\*\*[^\n]*\*/\n)?  {part}: [^\n]*;", "", body)
        types = before + opening + body + closing + after
    imports = {"related": "RelatedIndex", "hubs": "Hubs", "manifest": "Manifest"}
    told = {
        f"{name}.json.d.ts": f'import type {{ {kind} }} from "./kgraph";\ndeclare const data: {kind};\nexport default data;\n'.encode()
        for name, kind in imports.items()
    }
    return {"related.schema.json": schema, "kgraph.d.ts": types.encode(), **told}
