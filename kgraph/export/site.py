"""The files that a site build imports: related lists, backlinks, page status, hubs, a manifest, and the types that describe them."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from importlib.resources import files
from itertools import chain
from mmap import ACCESS_READ, mmap
from os import SEEK_END
from tempfile import SpooledTemporaryFile
from typing import Any, Literal

import msgspec

from kgraph.export.pagefiles import page_files
from kgraph.model.corpus import Entity, Link, Page
from kgraph.model.text import clip
from kgraph.model.types import TypeVocabulary
from kgraph.rank.rankings import Rankings, RelatedItem

__all__ = ["MANIFEST", "SCHEMA_VERSION", "SitePart", "backlinks_of", "hub_object", "page_objects", "site_files"]

SCHEMA_VERSION = 1
MANIFEST = "manifest.json"
"""Name of the file that names all others."""
_IN_MEMORY = 256_000_000
"""Bytes of an index that is held in memory, at the most."""
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


def page_objects(
    entities: Mapping[str, Entity],
    pages: Mapping[str, Page],
    links: tuple[Link, ...],
    rankings: Rankings,
    types: TypeVocabulary,
    *,
    top: int,
    backlinks: int,
    statuses: Mapping[str, Mapping[str, Any]],
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The id and the object of every page, sorted by id; each object is made when it is asked for.

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
    back = backlinks_of(links)
    brief = {entity.id: {"id": entity.id, "title": entity.title, "type": entity.type, "href": entity.href} for entity in entities.values()}
    standing = {entity_id: (-measures.pagerank, entity_id) for entity_id, measures in rankings.measures.items()}
    for entity_id in sorted(page.entity for page in pages.values()):
        entity, measures = entities[entity_id], rankings.measures[entity_id]
        items = [_item(item, brief) for item in rankings.related.get(entity_id, ())]
        made = {
            **brief[entity_id],
            "path": entity.path,
            "summary": entity.summary,
            "top": items[:top],
            "groups": _groups(items[top:], entity.type, types),
            "backlinks": [
                {**brief[source], "sentence": clip(link.sentence or link.text, 240), "line": link.line, "path": link.path}
                for source, link in sorted(back.get(entity_id, {}).items(), key=lambda pair: standing[pair[0]])
            ][:backlinks],
            "hub": {
                "pagerank": measures.pagerank, "hub": measures.hub, "authority": measures.authority, "community": measures.community,
            },
            "status": _status(statuses.get(entity_id), items, orphan=entity_id not in back and entity.type != "index"),
        }  # fmt: skip
        yield entity_id, made


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
    objects: Iterable[tuple[str, dict[str, Any]]],
    hubs: dict[str, Any],
    *,
    only: Collection[SitePart] = (),
    minify: bool = False,
    extra: Iterable[tuple[str, bytes]] = (),
    json_only: bool = False,
) -> Iterator[tuple[str, bytes | mmap]]:
    """Path and content of every file, the manifest last.

    Args:
        objects: Ids and objects of the pages, sorted by id, taken one at a time.
        hubs: What :func:`hub_object` gives.
        only: Parts that are kept of each page besides what names it; all when empty.
        minify: Whether to leave out line breaks and spaces; the index is one line for each page else.
        extra: Further files that the manifest names.
        json_only: Whether to leave out what is no JSON.

    """
    encode = msgspec.json.Encoder(order="sorted").encode
    left_out = [part for part in _PARTS if only and part not in only]
    index = _Index(minify)
    counts = {"pages": 0, "items": 0, "backlinks": 0}
    for entity_id, whole in objects:
        made = {key: value for key, value in whole.items() if key not in left_out}
        index.add(entity_id, encode(made))
        counts["pages"] += 1
        counts["items"] += len(made.get("top", ())) + sum(len(group["items"]) for group in made.get("groups", ()))
        counts["backlinks"] += len(made.get("backlinks", ()))
    others: dict[str, bytes | mmap] = {
        "related.json": index.finished(),
        "hubs.json": _laid_out(encode(hubs), minify),
        **_descriptions(left_out),
    }
    pages = ((path, _laid_out(index.page(entity_id), minify)) for entity_id, path in page_files(index.places).items())
    told: dict[str, dict[str, Any]] = {}
    for name, data in chain[tuple[str, bytes | mmap]](pages, others.items(), extra):
        if json_only and not name.endswith(".json"):
            continue
        told[name] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        yield name, data
    manifest = {"schemaVersion": SCHEMA_VERSION, "counts": counts, "files": dict(sorted(told.items()))}
    yield MANIFEST, _laid_out(encode(manifest), minify)


def _laid_out(data: bytes, minify: bool) -> bytes:
    return (data if minify else msgspec.json.format(data, indent=1)) + b"\n"


class _Index:
    """All pages in one file, one line each unless minified, so that a change of one page changes one line.

    It is held once: in memory, and that of a large site in a temporary file.
    """

    def __init__(self, minify: bool) -> None:
        self.line = b"" if minify else b"\n"
        self.content = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - given away by `finished`
        self.content.write(b'{"pages":{' + self.line)
        self.places: dict[str, tuple[int, int]] = {}

    def add(self, entity_id: str, data: bytes) -> None:
        if self.places:
            self.content.write(b"," + self.line)
        self.content.write(msgspec.json.encode(entity_id) + b":")
        self.places[entity_id] = (self.content.tell(), len(data))
        self.content.write(data)

    def page(self, entity_id: str) -> bytes:
        start, size = self.places[entity_id]
        self.content.seek(start)
        return self.content.read(size)

    def finished(self) -> bytes | mmap:
        """The whole, after which nothing is added."""
        self.content.seek(0, SEEK_END)
        self.content.write(self.line + b'},"schemaVersion":' + str(SCHEMA_VERSION).encode() + b"}\n")
        if self.content.tell() <= _IN_MEMORY:
            self.content.seek(0)
            return self.content.read()
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
