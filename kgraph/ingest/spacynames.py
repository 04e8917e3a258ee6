"""Names in prose as a pipeline of spaCy finds them, where a person has one installed: it speaks beside the rules for candidates.

What is found in a page is kept by the text of the page and the files of the pipeline: a page that did not change is not read again,
and, as each page goes through the pipeline on its own, an incremental build finds what a full one does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from kgraph.errors import ConfigError
from kgraph.ingest.cache import Cache
from kgraph.model.document import Document

__all__ = ["TYPES_OF_LABELS", "Spans", "find_names"]

Spans = dict[str, tuple[tuple[int, int, str], ...]]
"""For the text of a block that holds names: where each begins and ends, in characters, and its type."""

TYPES_OF_LABELS = {
    "ORG": "organization", "PERSON": "person", "PER": "person", "LAW": "policy", "EVENT": "event", "WORK_OF_ART": "publication",
    "GPE": "place", "LOC": "place", "FAC": "place", "ORGANIZATION": "organization", "POLICY": "policy", "PUBLICATION": "publication",
    "PROJECT": "project", "TOOL": "tool", "PLACE": "place",
}  # fmt: skip
"""Label of an entity, as spaCy's own pipelines give it or a type of ours in capitals, to the type; other labels do not count."""
_LONGEST = 100_000
"""Characters of a block; a longer one is not read, as pipelines take memory by length, and refuse a million."""
_VERSION = "1"


def find_names(model: str, documents: Mapping[str, Document], cache: Cache | None) -> tuple[Spans, set[str]]:
    """Names in the prose of all pages, and the keys of the cache that hold them.

    Args:
        model: Name of an installed pipeline, such as ``en_core_web_sm``, or the folder of one.
        documents: Parsed pages by path.
        cache: What earlier builds found; None finds everything anew and keeps nothing.

    Raises:
        ConfigError: spaCy or the pipeline is not installed.

    """
    nlp = _loaded(model)
    identity = _identity(nlp)
    keys = {path: _key(identity, document) for path, document in documents.items()}
    known = cache.get_many(dict.fromkeys(keys.values())) if cache else {}
    found: Spans = {}
    fresh: dict[str, bytes] = {}
    for path, key in keys.items():
        if key in known:
            found.update(msgspec.msgpack.decode(known[key], type=Spans))
        elif key not in fresh:
            spans = dict(_read(nlp, documents[path]))
            found.update(spans)
            fresh[key] = msgspec.msgpack.encode(spans)
    if cache:
        cache.add(sorted(fresh.items()))
    return found, set(keys.values())


def _loaded(model: str) -> Any:
    try:
        import spacy
    except ImportError:
        raise ConfigError("[entities] spacy needs spaCy: install kgraph-wiki[spacy], or take the key out") from None
    try:
        return spacy.load(model)
    except OSError:
        raise ConfigError(
            f"[entities] spacy = {model!r} is no pipeline that is installed: run `python -m spacy download {model}`, or name its folder"
        ) from None


def _identity(nlp: Any) -> bytes:
    """Hash of the files of a pipeline and of the version of spaCy that reads them."""
    import spacy

    digest = hashlib.sha256(f"{_VERSION} {spacy.__version__}".encode())
    folder = Path(nlp.path)
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(f"\n{path.relative_to(folder).as_posix()}\n".encode())
            with path.open("rb") as stream:
                digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.digest()


def _key(identity: bytes, document: Document) -> str:
    digest = hashlib.sha256(identity)
    for text in _texts(document):
        digest.update(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())
    return f"spacy:{digest.hexdigest()}"


def _texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks if block.kind != "heading" and len(block.text) <= _LONGEST]


def _read(nlp: Any, document: Document) -> Iterator[tuple[str, tuple[tuple[int, int, str], ...]]]:
    texts = _texts(document)
    for text, read in zip(texts, nlp.pipe(texts, batch_size=64), strict=True):
        spans = tuple(
            (entity.start_char, entity.end_char, TYPES_OF_LABELS[entity.label_.upper()])
            for entity in read.ents
            if entity.label_.upper() in TYPES_OF_LABELS
        )
        if spans:
            yield text, spans
