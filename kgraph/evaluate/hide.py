"""Hiding: a share of the pairs that authors joined is taken out of the parsed files before any signal sees them.

Source files are never changed. A hidden body link loses its markup and keeps its text, as if the author had not linked.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Literal

from msgspec import structs

from kgraph.ingest.catalog import CatalogFile
from kgraph.ingest.load import LoadedFiles
from kgraph.model.corpus import Corpus
from kgraph.model.document import Document

__all__ = ["HideKind", "Pair", "choose_pairs", "hide_pairs"]

HideKind = Literal["relations", "links"]
Pair = tuple[str, str]
"""Source and target, ids of entities."""


def choose_pairs(corpus: Corpus, kind: HideKind, *, share: float, seed: int) -> list[Pair]:
    """A random share of the pairs that links, or curated relations, join; the same for the same seed.

    A pair counts once whatever its direction, and the other direction is hidden with it, so that nothing gives it away.
    """
    if kind == "links":
        found = {(link.source, link.target) for link in corpus.links if link.target and link.target != link.source}
    else:
        found = {(item.source, item.target) for item in corpus.relations if item.target and _is_entry(item.key)}
    pairs = sorted(found)
    wanted = round(share * len(pairs))
    return sorted(random.Random(seed).sample(pairs, wanted))  # noqa: S311 - an experiment, no secret


def _is_entry(key: str) -> bool:
    return key.lower().startswith("related") or key.lower() in ("seealso", "see_also", "see also")


def hide_pairs(loaded: LoadedFiles, corpus: Corpus, pairs: Iterable[Pair]) -> LoadedFiles:
    """The parsed files without the links and relations that join the pairs, in either direction."""
    hidden = {*pairs}
    hidden |= {(target, source) for source, target in hidden}
    places: dict[str, set[tuple[int, str]]] = {}
    for link in corpus.links:
        if link.target and (link.source, link.target) in hidden:
            places.setdefault(link.path, set()).add((link.line, link.raw))
    fields: dict[str, set[tuple[str, str, str]]] = {}
    for item in corpus.relations:
        if item.target and (item.source, item.target) in hidden:
            fields.setdefault(item.path, set()).add((item.source, item.key, item.raw))
    documents = {path: _without(document, places.get(path, set()), fields.get(path, set())) for path, document in loaded.documents.items()}
    catalogs = {path: _rows_without(file, fields[path]) if path in fields else file for path, file in loaded.catalogs.items()}
    return structs.replace(loaded, documents=documents, catalogs=catalogs)


def _without(document: Document, places: set[tuple[int, str]], fields: set[tuple[str, str, str]]) -> Document:
    if not places and not fields:
        return document
    keys = {(key, raw) for _, key, raw in fields}
    front = {key: _strip(key, value, keys) for key, value in document.front_matter.items()}
    return structs.replace(
        document,
        front_matter=front,
        references=tuple(item for item in document.references if (item.line, item.target) not in places),
        components=tuple(
            item for item in document.components if not any((item.line, value) in places for value in item.attributes.values())
        ),
    )


def _rows_without(file: CatalogFile, fields: set[tuple[str, str, str]]) -> CatalogFile:
    rows = []
    for row in file.rows:
        keys = {(key, raw) for own, key, raw in fields if own == row.id}
        if keys:
            row = structs.replace(row, data={key: _strip(key, value, keys) for key, value in row.data.items()})
        rows.append(row)
    return structs.replace(file, rows=tuple(rows))


def _strip(key: str, value: object, keys: set[tuple[str, str]]) -> object:
    """A field without the targets to hide, at any depth."""
    raws = {raw for name, raw in keys if name == key}
    return _prune(value, raws) if raws else value


def _prune(value: object, raws: set[str]) -> object:
    if isinstance(value, list):
        return [_prune(item, raws) for item in value if not _names(item, raws)]
    if isinstance(value, dict) and not _names(value, raws):
        return {key: _prune(item, raws) for key, item in value.items()}
    return None if _names(value, raws) else value


def _names(item: object, raws: set[str]) -> bool:
    if isinstance(item, dict):
        return any(isinstance(value, str) and value in raws for value in item.values())
    return isinstance(item, str) and item in raws
