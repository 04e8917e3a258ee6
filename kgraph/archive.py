"""How a corpus and its rankings lie in a generation: a few files, so that a reader opens only what it needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Raw, Struct

from kgraph.errors import WorkspaceError
from kgraph.graph.measures import Measures
from kgraph.model.corpus import Candidate, Citation, CitedSource, Corpus, Entity, Link, Mention, Page, Relation
from kgraph.model.document import Block, Document
from kgraph.model.finding import Finding
from kgraph.rank.rankings import Learned, PackedLists, Rankings, ScoreTable
from kgraph.workspace import Generation

if TYPE_CHECKING:
    from kgraph.rank.recall import ListMemory

__all__ = [
    "EntityFile",
    "StatementFile",
    "read_corpus",
    "read_entities",
    "read_findings",
    "read_learned",
    "read_list_memory",
    "read_rankings",
    "read_scores",
    "read_statements",
    "read_texts",
    "write_corpus",
    "write_learned",
    "write_list_memory",
    "write_rankings",
]

_LEARNED = "learned.json"
_KEYS = "items.msgpack"


class EntityFile(Struct, frozen=True):
    """Entities and pages."""

    base_iri: str
    entities: dict[str, Entity]
    pages: dict[str, Page]
    settings: dict[str, Any]
    catalogs: dict[str, str]
    assumptions: tuple[str, ...]
    redirects: dict[str, str] = {}
    catalog_hashes: dict[str, str] = {}


class StatementFile(Struct, frozen=True):
    """What joins entities."""

    links: tuple[Link, ...]
    relations: tuple[Relation, ...]
    mentions: tuple[Mention, ...]
    sources: dict[str, CitedSource]
    citations: tuple[Citation, ...]
    external: dict[str, tuple[tuple[str, int], ...]]
    candidates: tuple[Candidate, ...]
    merged: dict[str, tuple[str, ...]] = {}


class _Prose(Struct, frozen=True):
    """Of a document only its text."""

    blocks: tuple[Block, ...]


class RankingsFile(Struct, frozen=True):
    """Rankings as they lie on disk: each list is decoded when it is asked for."""

    related: dict[str, Raw]
    measures: dict[str, Measures]
    signals: tuple[str, ...]


def write_corpus(generation: Generation, corpus: Corpus) -> None:
    """Write a corpus."""
    generation.write("entities.msgpack", EntityFile(
        corpus.base_iri, corpus.entities, corpus.pages, corpus.settings, corpus.catalogs, corpus.assumptions, corpus.redirects,
        corpus.catalog_hashes,
    ))  # fmt: skip
    generation.write("statements.msgpack", StatementFile(
        corpus.links, corpus.relations, corpus.mentions, corpus.sources, corpus.citations, corpus.external,
        corpus.candidates, corpus.merged,
    ))  # fmt: skip
    generation.write("findings.msgpack", corpus.findings)
    encode = msgspec.msgpack.encode
    generation.write_parts("documents.msgpack", _map(len(corpus.documents), ((p, encode(d)) for p, d in corpus.documents.items())))


def _head(size: int) -> bytes:
    """The start of a MessagePack map of this many entries."""
    return b"\xdf" + size.to_bytes(4, "big")


def _map(size: int, entries: Iterable[tuple[str, bytes | Raw]]) -> Iterator[bytes]:
    """A MessagePack map from its encoded values, entry by entry."""
    yield _head(size)
    for key, blob in entries:
        yield msgspec.msgpack.encode(key)
        yield bytes(blob)


def read_entities(generation: Generation) -> EntityFile:
    """Entities and pages of a generation."""
    return generation.read("entities.msgpack", EntityFile)


def read_statements(generation: Generation) -> StatementFile:
    """Links, relations, mentions and citations of a generation."""
    return generation.read("statements.msgpack", StatementFile)


def read_findings(generation: Generation) -> tuple[Finding, ...]:
    """Findings of a generation."""
    return generation.read("findings.msgpack", tuple[Finding, ...])


def read_texts(generation: Generation) -> dict[str, str]:
    """Text of each page of a generation by path, a line a block."""
    documents = generation.read("documents.msgpack", dict[str, _Prose])
    return {path: "\n".join(block.text for block in document.blocks) for path, document in documents.items()}


def read_corpus(generation: Generation) -> Corpus:
    """The whole corpus of a generation."""
    head, body = read_entities(generation), read_statements(generation)
    return Corpus(
        base_iri=head.base_iri, entities=head.entities, pages=head.pages, links=body.links, relations=body.relations,
        mentions=body.mentions, sources=body.sources, citations=body.citations, external=body.external,
        findings=read_findings(generation), assumptions=head.assumptions, catalogs=head.catalogs,
        documents=generation.read("documents.msgpack", dict[str, Document]), candidates=body.candidates, settings=head.settings,
        merged=body.merged, redirects=head.redirects, catalog_hashes=head.catalog_hashes,
    )  # fmt: skip


def write_rankings(generation: Generation, rankings: Rankings, table: ScoreTable) -> None:
    """Write rankings and the long ranking."""
    import numpy as np

    related = rankings.related
    encode = msgspec.msgpack.encode
    packed = related.packed.items() if isinstance(related, PackedLists) else ((key, encode(items)) for key, items in related.items())
    rest = ((name, encode(getattr(rankings, name))) for name in ("measures", "signals"))
    lists = chain((_head(3), encode("related")), _map(len(related), packed))
    generation.write_parts("rankings.msgpack", chain(lists, (encode(name) + blob for name, blob in rest)))
    np.savez(generation.folder / "scores.npz", indptr=table.indptr, indices=table.indices, scores=table.scores)


def read_rankings(generation: Generation) -> Rankings:
    """Rankings of a generation.

    Raises:
        WorkspaceError: it was ingested and not ranked.

    """
    if not (generation.folder / "rankings.msgpack").exists():
        raise WorkspaceError(f"{generation.folder}: not ranked yet: run `kgraph rank`")
    held = generation.read("rankings.msgpack", RankingsFile)
    return Rankings(PackedLists(held.related), held.measures, held.signals)


def write_list_memory(generation: Generation, memory: ListMemory) -> None:
    """Write the keys of the items of the lists, for the next build."""
    generation.write(_KEYS, memory.kept)


def read_list_memory(folder: Path) -> ListMemory:
    """The lists of a build for the next one; empty where it was not ranked, or is damaged."""
    from kgraph.rank.recall import ListMemory

    decode = msgspec.msgpack.decode
    try:
        keys = decode((folder / _KEYS).read_bytes(), type=dict[str, bytes])
        return ListMemory(decode((folder / "rankings.msgpack").read_bytes(), type=RankingsFile).related, keys)
    except (OSError, msgspec.DecodeError):
        return ListMemory()


def read_scores(generation: Generation, ids: tuple[str, ...]) -> ScoreTable:
    """The long ranking of a generation."""
    from zipfile import BadZipFile
    from zlib import error as ZlibError

    import numpy as np

    path = generation.folder / "scores.npz"
    try:
        with np.load(path) as arrays:
            indptr, indices, scores = arrays["indptr"], arrays["indices"], arrays["scores"]
    except FileNotFoundError:
        raise WorkspaceError(f"{path}: not ranked yet: run `kgraph rank`") from None
    except (OSError, ValueError, KeyError, EOFError, NotImplementedError, BadZipFile, ZlibError) as error:
        raise WorkspaceError(f"{path}: damaged ({error}): run `kgraph build --full`") from None
    if len(indptr) != len(ids) + 1 or not indptr[-1] == len(indices) == len(scores):
        raise WorkspaceError(f"{path}: damaged (it is of another build): run `kgraph build --full`")
    return ScoreTable(ids, indptr, indices, scores)


def write_learned(generation: Generation, learned: Learned) -> None:
    """Write what was learned, as JSON that a person can read."""
    text = msgspec.json.format(msgspec.json.encode(learned, order="deterministic"), indent=1)
    (generation.folder / _LEARNED).write_bytes(text + b"\n")


def read_learned(generation: Generation) -> Learned | None:
    """What was learned; None where nothing was.

    Raises:
        WorkspaceError: the file is damaged.

    """
    path = generation.folder / _LEARNED
    try:
        return msgspec.json.decode(path.read_bytes(), type=Learned)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError) as error:
        raise WorkspaceError(f"{path}: damaged ({error}): run `kgraph rank --learn`") from None
