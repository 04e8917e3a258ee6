"""Small wikis for tests of the ingest stage."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kgraph.config import Config
from kgraph.ingest.cache import Cache
from kgraph.ingest.readers import reader_of
from kgraph.ingest.stage import ingest
from kgraph.model.corpus import Corpus, Entity, Fact
from kgraph.model.document import Document

__all__ = ["corpus_of", "document_of", "entity_of", "found_of", "write_wiki"]

DEFAULTS = Config()


def write_wiki(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write ``files`` below ``folder``."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return folder


def corpus_of(
    folder: Path, files: Mapping[str, str | bytes] | None = None, config: Config = DEFAULTS, *, jobs: int = 1, cache: Cache | None = None
) -> Corpus:
    """Corpus of the wiki in ``folder``, after ``files`` are written to it."""
    return ingest(write_wiki(folder, files or {}), config, jobs=jobs, cache=cache)[0]


def found_of(corpus: Corpus, rule: str) -> list[tuple[str, int, str]]:
    """Path, line and message of each finding of a rule."""
    return [(item.path, item.line, item.message) for item in corpus.findings if item.rule == rule]


def document_of(text: str, *, mdx: bool = False) -> Document:
    """The document that a text is read as."""
    return reader_of("mdx" if mdx else "md")(text)


def entity_of(
    name: str, *, title: str = "", path: str | None = None, aliases: tuple[str, ...] = (), number: str = "", kind: str = "page"
) -> Entity:
    """An entity with nothing but names."""
    facts = (Fact("numericId", number, path or "", 1),) if number else ()
    return Entity(name, title or name, kind, "default", (), aliases, (), None, path, None, (), facts)
