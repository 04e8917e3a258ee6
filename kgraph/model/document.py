"""What a reader gets out of one source file, before anything is resolved.

A document knows nothing of other pages and nothing of the configuration, so that it can be cached by the hash of the
file alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec
from msgspec import Struct, structs

__all__ = [
    "Block",
    "BlockKind",
    "Component",
    "Counts",
    "Document",
    "Footnote",
    "Heading",
    "Label",
    "Listed",
    "Problem",
    "Reference",
    "ReferenceKind",
    "term_bag",
]

BlockKind = Literal["paragraph", "list", "table", "quote", "footnote", "heading"]
"""Kind of a run of prose; ``table`` is one row, its cells joined by `` | ``."""

ReferenceKind = Literal["link", "wikilink", "embed", "image", "crossref", "title"]
"""How an author wrote a reference: ``[a](b)``, ``[[b]]``, ``![[b]]``, ``![a](b)``, ``PEP 8``; and ``[[b]]`` of wikitext, a title."""


class Block(Struct, frozen=True, array_like=True, gc=False):
    """A run of prose: a paragraph, a list item, a table row, a footnote, a heading."""

    kind: BlockKind
    text: str
    """Plain text, without markup."""
    line: int
    """Line of the source on which the block starts, from 1."""
    section: int
    """Index into :attr:`Document.headings` of the heading it stands under; -1 before the first one."""
    code: tuple[int, ...] = ()
    """Flat list of character offsets start, end, start, end … of inline code within ``text``."""
    breaks: tuple[int, ...] = ()
    """Character offsets from which on the text stands one line further down, where the reader says so."""


class Heading(Struct, frozen=True, array_like=True, gc=False):
    """A heading of the page."""

    level: int
    """1 to 6."""
    text: str
    anchor: str
    """Fragment a link can name, without ``#``."""
    line: int


class Reference(Struct, frozen=True, array_like=True, gc=False):
    """A link, wikilink, embed or image as written."""

    kind: ReferenceKind
    target: str
    """Destination as written, with fragment and query."""
    text: str
    """Anchor text, plain."""
    line: int
    block: int
    """Index into :attr:`Document.blocks`, or -1 when it stands in no prose."""
    start: int
    """Character offset of the anchor text within the block."""
    end: int
    relation: str = ""
    """Name of the relation that its place states, as a box of pages to see does; empty for none."""


class Component(Struct, frozen=True, array_like=True, gc=False):
    """A JSX or HTML element that carries attributes: configuration says which ones are links."""

    name: str
    """Tag name as written; HTML ones in lower case."""
    attributes: dict[str, str]
    """String attributes; expressions are never evaluated and left out."""
    dynamic: tuple[str, ...]
    """Names of the attributes whose value is an expression."""
    text: str
    """Text between the opening and the closing tag."""
    line: int
    block: int
    start: int
    end: int


class Label(Struct, frozen=True, array_like=True, gc=False):
    """A name within a page that other pages of its site may refer to, as those of reStructuredText do."""

    name: str
    kind: str
    """``label`` for a place, ``term`` for an entry of a glossary, ``code`` for a thing of a programming language; else what it is, such as
    ``option``."""
    anchor: str
    """Fragment a link can name, without ``#``."""
    text: str
    """How a reference without text of its own reads; empty where it needs one."""
    line: int


class Footnote(Struct, frozen=True, array_like=True, gc=False):
    """A footnote of the page, and where the page refers to it."""

    label: str
    """Its name within the page, as written."""
    first: int
    """Index of its first block."""
    end: int
    """Index after that of its last block."""
    marks: tuple[int, ...] = ()
    """Flat list block, offset, block, offset … of the places that refer to it."""


class Counts(Struct, frozen=True):
    """How many of each a page has: the page metrics that need no resolving."""

    words: int = 0
    headings: int = 0
    tables: int = 0
    diagrams: int = 0
    images: int = 0
    code_blocks: int = 0
    footnotes: int = 0
    footnote_references: int = 0
    tasks: int = 0


class Problem(Struct, frozen=True, array_like=True, gc=False):
    """Something wrong within one file; becomes a finding with the path."""

    rule: str
    """Number of the rule, such as ``E103``."""
    message: str
    line: int


class Listed(Struct, frozen=True, array_like=True, gc=False):
    """A line of a block of related pages that gives no addresses, such as a page saved as text has."""

    group: str
    """Label of the group it stands under, such as ``Organizations``; the heading of the block before the first one."""
    text: str
    """One name or several run together, as written."""
    line: int


class Document(Struct, frozen=True):
    """Parsed content of one source file."""

    title: str | None
    """Title from the front matter or the first top-level heading, or None."""
    front_matter: dict[str, Any]
    """Front matter as plain JSON values; dates are ISO 8601 strings."""
    lines: dict[str, int]
    """Line of each top-level front matter key."""
    headings: tuple[Heading, ...]
    blocks: tuple[Block, ...]
    references: tuple[Reference, ...]
    components: tuple[Component, ...]
    counts: Counts
    bag: bytes
    """How often each word of the prose occurs, encoded by :func:`term_bag`: a dictionary takes ten times the memory."""
    problems: tuple[Problem, ...] = ()
    redirect: str | None = None
    """Target as written when the file is no page of its own but sends the reader on to another."""
    related: tuple[Listed, ...] = ()
    """Lines of blocks of related pages that name them without an address."""
    labels: tuple[Label, ...] = ()
    """Names that other pages may refer to."""
    tags: tuple[str, ...] = ()
    """Tags in the text, without ``#``, in the order of the page; they count where the site is a vault of notes."""
    block_names: tuple[str, ...] = ()
    """Names of blocks that a link can name as ``#^name``."""
    footnotes: tuple[Footnote, ...] = ()
    """Footnotes that have a text."""

    @property
    def terms(self) -> dict[str, int]:
        """How often each word of the prose occurs, in lower case; decoded at each call."""
        return _BAG.decode(self.bag)

    def outline(self) -> Document:
        """What is left without the text and what stands in it: front matter, counts, lines."""
        return structs.replace(self, blocks=(), references=(), components=(), related=(), labels=(), bag=term_bag({}))


def term_bag(counts: Mapping[str, int]) -> bytes:
    """Words and how often each occurs, for :attr:`Document.bag`."""
    return msgspec.msgpack.encode(counts)


_BAG = msgspec.msgpack.Decoder(dict[str, int])
