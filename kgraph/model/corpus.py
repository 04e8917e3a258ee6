"""What the ingest stage hands to all that follow: entities and what joins them.

Direction, once and for all: a link, relation or mention runs from the page that holds it (``source``) to the entity it
names (``target``).
"""

from __future__ import annotations

import re
from typing import Any, Literal

from msgspec import Struct

from kgraph.model.document import Counts, Document
from kgraph.model.finding import Finding

__all__ = ["Citation", "CitedSource", "Corpus", "Entity", "Fact", "Link", "Mention", "Page", "Position", "Relation"]

Position = Literal["lead", "body", "list", "table", "footnote", "heading", "none"]
"""Where on its page a link stands; ``lead`` is the prose before the first heading, ``none`` outside all prose."""

_ADDRESS = re.compile(r"[/.#]|[A-Za-z][A-Za-z0-9+.-]*:")
"""How an address or a relative path starts."""
_BY_ADDRESS = frozenset(("markdown", "html", "crossref", "Card", "LinkCard", "LinkButton", "Link", "NavLink", "Button", "Tile"))
"""Kinds of links that give an address."""


class Fact(Struct, frozen=True, array_like=True, order=True):
    """One plain statement about an entity: a front matter field, a custom field of a catalog row."""

    key: str
    value: str
    path: str
    """File that states it."""
    line: int


class Entity(Struct, frozen=True):
    """What a page is about, or what a catalog row declares."""

    id: str
    title: str
    type: str
    """Key of the one type, such as ``organization``."""
    type_origin: str
    """Where the type comes from: ``front matter``, ``catalog``, ``folder``, ``related block``, ``inferred`` or
    ``default``."""
    declared_types: tuple[str, ...]
    """Types as authors wrote them, in the order front matter, catalogs."""
    aliases: tuple[str, ...]
    tags: tuple[str, ...]
    summary: str | None
    path: str | None
    """Source path of the page, relative to SOURCE, or None."""
    href: str | None
    """Address of the page on its site, or None."""
    declared_in: tuple[str, ...]
    """``path:line`` of each catalog row that declares it."""
    facts: tuple[Fact, ...]
    language: str = ""
    """Code of the language of its page where the site tells its translations apart; empty for the first language."""
    version: str = ""
    """Version that its page describes where the site keeps several; empty for the one without a name."""
    variant_of: str | None = None
    """Id of the entity whose page this one translates or is a version of, or None."""
    type_confidence: float = 1.0
    """How sure the type is, 0 to 1; 1 where an author declared it."""
    type_evidence: tuple[str, ...] = ()
    """What speaks for a type that nobody declared."""
    stated: tuple[Fact, ...] = ()
    """What of the fields above only a catalog row states: the name of the field, what it holds, and where; of an entity without a page,
    only what the file of its first row does not state."""

    @property
    def stub(self) -> bool:
        """Whether the entity has no page of its own."""
        return self.path is None


class Link(Struct, frozen=True):
    """A reference from a page to another page, as its author wrote it."""

    source: str
    """Id of the entity whose page links."""
    target: str | None
    """Id of the entity linked to, or None when the target is dead or ambiguous."""
    raw: str
    """Target as written."""
    kind: str
    """``markdown``, ``wikilink``, ``embed``, ``html``, ``crossref`` or the name of the component."""
    text: str
    sentence: str
    path: str
    line: int
    block: int
    """Index of the block on its page; -1 outside all prose."""
    section: int
    """Index of the heading it stands under; -1 before the first one."""
    start: int
    """Character offset within the block."""
    position: Position

    @property
    def by_name(self) -> bool:
        """Whether it names what it leads to, and leads there; others give its address or path."""
        return self.target is not None and self.kind not in _BY_ADDRESS and "/" not in self.raw and not _ADDRESS.match(self.raw.strip())


class Relation(Struct, frozen=True):
    """A curated statement between two entities."""

    source: str
    target: str | None
    """Id of the target, or None when nothing goes by that name."""
    name: str
    """Name as written, in kebab-case, such as ``mitigated-by``; ``related`` where none was given."""
    raw: str
    """Target as written."""
    key: str
    """Field or section that states it, such as ``relatedEntries`` or ``See also``."""
    path: str
    line: int


class Mention(Struct, frozen=True):
    """Title or alias of an entity found in prose that is not a link."""

    source: str
    target: str
    text: str
    sentence: str
    path: str
    line: int
    block: int
    start: int


class Candidate(Struct, frozen=True):
    """A thing that prose names and nobody declared."""

    id: str
    """Id among the candidates."""
    title: str
    type: str
    confidence: float
    """How sure it is that there is such a thing of this type, 0 to 1."""
    aliases: tuple[str, ...]
    evidence: tuple[str, ...]
    """``rule: path:line`` for what speaks for it."""
    mentions: tuple[Mention, ...]
    """First mention on each page; their target is empty."""


class CitedSource(Struct, frozen=True):
    """A work that pages cite: a row of a catalog of sources."""

    id: str
    title: str
    url: str | None
    kind: str | None
    authors: tuple[str, ...]
    date: str | None
    path: str
    line: int


class Citation(Struct, frozen=True, array_like=True):
    """A page cites a work."""

    source: str
    """Id of the entity whose page cites."""
    work: str
    """Id of the cited source."""
    path: str
    line: int
    block: int = -1
    """Index of the block on its page that it stands in; -1 outside all prose."""
    start: int = 0
    """Character offset within the block."""
    end: int = 0


class Page(Struct, frozen=True):
    """One source file and what is measured on it."""

    entity: str
    """Id of its primary entity."""
    path: str
    sha256: str
    reader: str
    """Name of the reader that parsed it."""
    href: str
    date: str | None
    """Date of the last edit as the page gives it, else the day of the last commit that changed it, or None."""
    quality: float | None
    """Quality as the page gives it, or None."""
    counts: Counts
    internal_links: int
    external_links: int
    citations: int
    date_origin: str = ""
    """Where the date comes from: ``page`` or ``git``; empty where there is none."""


class Corpus(Struct, frozen=True):
    """Everything that the ingest stage found, sorted, ready to be ranked and written."""

    base_iri: str
    entities: dict[str, Entity]
    """By id, sorted by id."""
    pages: dict[str, Page]
    """By source path, sorted by path."""
    links: tuple[Link, ...]
    """As written, sorted by path and position; dead ones included."""
    relations: tuple[Relation, ...]
    mentions: tuple[Mention, ...]
    sources: dict[str, CitedSource]
    citations: tuple[Citation, ...]
    external: dict[str, tuple[tuple[str, int], ...]]
    """By source path: each external address linked to, with its line."""
    findings: tuple[Finding, ...]
    assumptions: tuple[str, ...]
    """What was guessed where configuration says nothing, one sentence each."""
    catalogs: dict[str, str]
    """Role of each catalog file by path: ``entities``, ``facts``, ``sources`` or ``rdf``."""
    documents: dict[str, Document]
    """Parsed content by source path."""
    candidates: tuple[Candidate, ...] = ()
    """Things that prose names and nobody declared, sorted by id."""
    settings: dict[str, Any] = {}
    """Vocabulary of types and relations in force, as plain values."""
    merged: dict[str, tuple[str, ...]] = {}
    """Statements of each file of RDF by path: subject, predicate and object as in N-Triples, without blank nodes."""
    redirects: dict[str, str] = {}
    """Files that only send the reader on, by path: id of the entity they lead to, empty where they lead to none."""
    catalog_hashes: dict[str, str] = {}
    """SHA-256 of each catalog file by path."""
