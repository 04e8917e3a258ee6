"""The files that a site build imports: related lists, backlinks, hubs, a manifest, and the types that describe them."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec

from kgraph.errors import ExportError
from kgraph.model.corpus import Entity, Link, Page
from kgraph.model.text import clip
from kgraph.model.types import TypeVocabulary
from kgraph.rank.rankings import Rankings, RelatedItem

__all__ = [
    "SCHEMA_VERSION",
    "backlinks_of",
    "copy_site",
    "hub_object",
    "page_file",
    "page_files",
    "page_objects",
    "site_files",
    "write_site",
]

SCHEMA_VERSION = 1
_MANIFEST = "manifest.json"
_LONGEST_NAME = 150
_LONGEST_PATH = 600
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.I)
"""Names that Windows keeps for devices, whatever the suffix."""


def page_file(entity_id: str) -> str:
    """Path of the file of one page; an id with ``/`` makes folders, and no id leads out of them.

    What a file system cannot hold (names of devices, dots at the end, names that are too long) is written otherwise; no two ids
    give the same path, nor one a folder where the other gives a file.

    >>> page_file("risks/x"), page_file("../a b"), page_file("x.json/con")
    ('pages/risks/x.json', 'pages/%2E%2E/a%20b.json', 'pages/x%2Ejson/%63on.json')
    """
    *folders, name = [_segment(part) for part in entity_id.split("/")]
    folders = [part[:-5] + "%2E" + part[-4:] if part.lower().endswith(".json") else part for part in folders]
    path = "/".join([*folders, name])
    return f"pages/{path if len(path) <= _LONGEST_PATH else _shortened(path)}.json"


def _segment(part: str) -> str:
    """Name of a file or folder that holds one part of an id, percent-encoded where needed."""
    name = quote(part.encode("utf-8", "replace"), safe="-._~!$&'()+,;=@")
    if name in (".", ".."):
        return name.replace(".", "%2E")
    if _DEVICE.fullmatch(name):
        name = f"%{ord(name[0]):02X}{name[1:]}"
    if name.endswith("."):
        name = name[:-1] + "%2E"
    return _shortened(name) if len(name) > _LONGEST_NAME else name or "%"


def _shortened(name: str) -> str:
    """The start of a name with a checksum of the whole; ``%~`` stands in no name that is not shortened."""
    return f"{name[:80].rstrip('.%/')}%~{hashlib.sha256(name.encode()).hexdigest()[:32]}"


def page_files(ids: Iterable[str]) -> dict[str, str]:
    """Path of the file of each page; where names differ in their case only, all but the first get a checksum.

    >>> page_files(["Ford", "ford"])
    {'Ford': 'pages/Ford.json', 'ford': 'pages/ford%~0f0bc4a420f11fc4.json'}
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for entity_id in sorted(ids):
        path = page_file(entity_id)
        if path.lower() in taken:
            path = f"{path[:-5]}%~{hashlib.sha256(path.encode()).hexdigest()[:16]}.json"
        taken.add(path.lower())
        found[entity_id] = path
    return found


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
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The id and the object of every page, sorted by id; each object is made when it is asked for."""
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
            "groups": _groups(items[top:], types),
            "backlinks": [
                {**brief[source], "sentence": clip(link.sentence or link.text, 240), "line": link.line, "path": link.path}
                for source, link in sorted(back.get(entity_id, {}).items(), key=lambda pair: standing[pair[0]])
            ][:backlinks],
            "hub": {
                "pagerank": measures.pagerank, "hub": measures.hub, "authority": measures.authority, "community": measures.community,
            },
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


def _groups(items: list[dict[str, Any]], types: TypeVocabulary) -> list[dict[str, Any]]:
    by_type: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for item in items:
        by_type[item["type"]].append(item)
    return [{"type": kind, "label": types.plural(kind), "items": by_type[kind]} for kind in sorted(by_type, key=types.position)]


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


def site_files(objects: Iterable[tuple[str, dict[str, Any]]], hubs: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    """Path and content of every file, the manifest last; ``objects`` are sorted by id, and taken one at a time."""
    encode = msgspec.json.Encoder(order="sorted").encode
    encoded: dict[str, bytes] = {}
    counts = {"pages": 0, "items": 0, "backlinks": 0}
    for entity_id, made in objects:
        encoded[entity_id] = encode(made)
        counts["pages"] += 1
        counts["items"] += len(made["top"]) + sum(len(group["items"]) for group in made["groups"])
        counts["backlinks"] += len(made["backlinks"])
    assets = files("kgraph.export")
    others = {
        "related.json": _index(encoded),
        "hubs.json": _json(hubs),
        "related.schema.json": assets.joinpath("related.schema.json").read_bytes(),
        "kgraph.d.ts": assets.joinpath("kgraph.d.ts").read_bytes(),
    }
    pages = ((path, msgspec.json.format(encoded[entity_id], indent=1) + b"\n") for entity_id, path in page_files(encoded).items())
    told: dict[str, dict[str, Any]] = {}
    for name, data in chain(pages, others.items()):
        told[name] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        yield name, data
    yield _MANIFEST, _json({"schemaVersion": SCHEMA_VERSION, "counts": counts, "files": dict(sorted(told.items()))})


def _json(data: Any) -> bytes:
    return msgspec.json.format(msgspec.json.encode(data, order="sorted"), indent=1) + b"\n"


def _index(encoded: Mapping[str, bytes]) -> bytes:
    """All pages in one file, one line each, so that a change of one page changes one line."""
    lines = b",\n".join(msgspec.json.encode(entity_id) + b":" + data for entity_id, data in encoded.items())
    return b'{"pages":{\n' + lines + b'\n},"schemaVersion":' + str(SCHEMA_VERSION).encode() + b"}\n"


def write_site(folder: Path, made: Iterable[tuple[str, bytes]]) -> None:
    """Write the files into ``folder``, and remove those that an earlier export wrote and this one does not.

    The manifest is the last of them. Files that no manifest names are never touched.

    Raises:
        ExportError: the folder cannot be written.

    """
    try:
        fresh = not folder.exists()
        stale = _named_files(folder)
        made_folders: set[Path] = set()
        for name, data in made:
            stale.discard(name)
            path = folder / name
            if path.parent not in made_folders:
                path.parent.mkdir(parents=True, exist_ok=True)
                made_folders.add(path.parent)
            if fresh:
                path.write_bytes(data)
            else:
                _write(path, data)
        for name in stale:
            (folder / name).unlink(missing_ok=True)
    except OSError as error:
        raise ExportError(f"{error.filename or folder}: cannot be written ({error.strerror})") from None


def _named_files(folder: Path) -> set[str]:
    """Files named by the manifest of an earlier export, if one lies there; none that lead out of the folder."""
    try:
        manifest = msgspec.json.decode((folder / _MANIFEST).read_bytes())
        files = manifest["files"].items() if manifest["schemaVersion"] else ()
        names = [name for name, told in files if told["sha256"]]
    except (OSError, msgspec.DecodeError, KeyError, TypeError, AttributeError):
        return set()
    return {name for name in names if _inside(folder, name)}


def _inside(folder: Path, name: str) -> bool:
    """Whether a name of a manifest is a file within the folder, links followed."""
    path = folder / name
    return path.is_file() and path.parent.resolve().is_relative_to(folder.resolve())


def _write(path: Path, data: bytes) -> None:
    """Write a file in one step where another one is replaced; an unchanged one keeps its times."""
    if not path.exists():
        path.write_bytes(data)
    elif path.read_bytes() != data:
        draft = path.with_name(f".{path.name}.new")
        draft.write_bytes(data)
        draft.replace(path)


def copy_site(source: Path, folder: Path) -> None:
    """Copy a written set of files to ``folder``, as :func:`write_site` would write it."""
    if not source.is_dir():
        raise ExportError(f"{source}: missing: run `kgraph rank` first")
    names = sorted(
        (path.relative_to(source).as_posix() for path in source.rglob("*") if path.is_file()), key=lambda name: (name == _MANIFEST, name)
    )
    write_site(folder, ((name, (source / name).read_bytes()) for name in names))
