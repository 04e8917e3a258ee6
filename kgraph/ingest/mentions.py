"""Mentions: titles, aliases, and what other pages call an entity where they link to it, found in prose that is no link."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING

import msgspec

from kgraph.ingest.anchornames import anchor_names, sure_ones
from kgraph.memory import Memory, key_of
from kgraph.model.corpus import Entity, Link, Mention
from kgraph.model.document import Component, Document, Reference
from kgraph.model.text import sentence_at
from kgraph.parallel import share_out

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick

__all__ = ["find_mentions", "names_of"]

_BRACKETED = re.compile(r"^(.{3,}?)\s*\(([^()]{2,40})\)$")
_COMMON_SHARE = 0.15
"""A single word that stands in lower case on more than this share of the pages is a common word."""
_SURELY_COMMON = 9
"""Pages beyond which a common word is no name of what is written in lower case too."""
_SENTENCE_BEGINS = re.compile(r"(?:^|[.!?:;•–—\n])[\s\"'“‘(\[]*\Z")

_MENTIONS = msgspec.msgpack.Decoder(list[Mention])
_PAGES = msgspec.msgpack.Decoder(list[list[Mention]])
_AT_ONCE, _MOST_TASKS = 64, 1_000
"""Pages that are searched as one task, at the least, and tasks."""


def names_of(entity: Entity) -> list[str]:
    """Names under which prose may speak of an entity: title, aliases, and the two halves of ``Title (ABBR)``.

    >>> entity = Entity("x", "Security Institutes (SIs)", "concept", "", (), (), (), None, None, None, (), ())
    >>> names_of(entity)
    ['Security Institutes (SIs)', 'Security Institutes', 'SIs']
    """
    names: list[str] = []
    for name in (entity.title, *entity.aliases):
        names.append(name)
        split = _BRACKETED.match(name)
        if split:
            names.append(split.group(1))
            inner = split.group(2)
            if inner.isupper() or (inner[:1].isupper() and sum(map(str.isupper, inner)) >= 2 and " " not in inner):
                names.append(inner)
    return list(dict.fromkeys(name.strip() for name in names if len(name.strip()) >= 2))


class _Gazetteer:
    """All names of all entities, ready to be searched for."""

    def __init__(self, entities: Iterable[Entity], common: Mapping[str, int], anchors: Mapping[str, Sequence[str]]) -> None:
        entities = list(entities)
        self.entities = {entity.id: entity for entity in entities}
        self.editions = {
            (entity.variant_of or entity.id, entity.language, entity.version): entity.id
            for entity in entities if entity.variant_of or entity.language or entity.version
        }  # fmt: skip
        owners: dict[str, dict[str, tuple[int, bool]]] = defaultdict(dict)
        written: dict[str, set[str]] = defaultdict(set)
        for entity in entities:
            if entity.type == "index":
                continue
            for name in (*names_of(entity), *anchors.get(entity.id, ())):
                key = _lower(name)
                if name == key and common.get(key, 0) > _SURELY_COMMON:
                    continue
                owners[key].setdefault(entity.id, _claim(entity, name))
                written[key].add(name)
        self.names = sorted(owners)
        self.owners = [_first_claims(owners[key]) for key in self.names]
        self.numbers = {key: number for number, key in enumerate(self.names)}
        self.lengths = sorted({len(key) for key in self.names}, reverse=True)
        self.exact = [written[key] if _needs_case(key, written[key], common) else None for key in self.names]
        self.common = [key in common for key in self.names]

    @cached_property
    def search(self) -> AhoCorasick:
        """What finds the names in a text."""
        from ahocorasick_rs import AhoCorasick, MatchKind

        return AhoCorasick(self.names, matchkind=MatchKind.LeftmostLongest)

    def key(self) -> int:
        """What tells these names apart from others."""
        exact = [sorted(found) if found else None for found in self.exact]
        return key_of(self.names, self.owners, exact, self.common, sorted(self.editions.items()))

    def owner(self, name: int, source: str) -> str | None:
        """The one entity that a name means on the page of ``source``, in the same language and version where there is one.

        None when the name fits several, or the page itself.
        """
        owners = self.owners[name]
        works = {self.entities[one].variant_of or one for one in owners} if self.editions or len(owners) > 1 else set(owners)
        if len(works) != 1:
            return None
        target = works.pop()
        if not self.editions:
            return None if target == source else target
        own = self.entities[source]
        if target == (own.variant_of or own.id):
            return None
        return self.editions.get((target, own.language, own.version), target)


def _claim(entity: Entity, name: str) -> tuple[int, bool]:
    """How well an entity goes by a name, best first: its title, an alias, a half of either; what has a page before what has none."""
    order = 0 if name == entity.title.strip() else 1 if name in entity.aliases else 2
    return order, entity.path is None


def _first_claims(claims: Mapping[str, tuple[int, bool]]) -> tuple[str, ...]:
    """The entities with the best claim to a name, sorted: "Rivers" is the page of that title, and not "Trust (Rivers)"."""
    best = min(claims.values())
    return tuple(sorted(entity for entity, claim in claims.items() if claim == best))


def _needs_case(key: str, written: set[str], common: Mapping[str, int]) -> bool:
    """Short names, abbreviations and common words count only as they are written."""
    return len(key) <= 4 or any(name.isupper() for name in written) or key in common


def _lower(text: str) -> str:
    """Lower case without change of length, so that offsets stay."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


def find_mentions(
    documents: Mapping[str, Document],
    ids: Mapping[str, str],
    entities: Mapping[str, Entity],
    links: Iterable[Link] = (),
    memory: Memory | None = None,
    as_parsed: Mapping[str, str] = MappingProxyType({}),
    jobs: int = 1,
) -> list[Mention]:
    """First mention of each entity on each page, outside links, code and headings of its own.

    Names match whole words, longest first, with a plural ``s`` allowed; abbreviations, names of up to four letters and
    single words that are common in lower case match only as written, and not where a capital only begins a sentence; a common
    word that is no more than that is no name. A name that several entities share means the one that has it as
    its title, else as an alias, else as a half of either, pages first; where several are left, none.

    Args:
        documents: Parsed pages by path.
        ids: Id of the entity of each page.
        entities: All entities.
        links: Links of all pages: an entity goes by the texts of those that lead to it as well (:mod:`kgraph.ingest.anchornames`).
        memory: What was found before on the same page with the same names.
        as_parsed: For documents that are as a reader made them, what tells them apart: cheaper to compare than all that they hold.
        jobs: Processes at the most that search pages not found before.

    """
    frequency: Counter[str] = Counter()
    for document in documents.values():
        frequency.update(document.terms.keys())
    limit = max(2, _COMMON_SHARE * len(documents))
    common = {word: count for word, count in frequency.items() if count > limit and " " not in word}
    anchors = anchor_names(links, {name.lower() for entity in entities.values() for name in names_of(entity)})
    gazetteer = _Gazetteer(entities.values(), common, anchors.written)
    if not gazetteer.names:
        return []
    memory = memory or Memory(None, "mentions")
    names = gazetteer.key()
    keys = {
        path: key_of(names, path, ids[path], as_parsed.get(path, (document.blocks, document.references, document.components)))
        for path, document in documents.items()
    }
    new = [path for path, key in keys.items() if key not in memory.found]
    made = dict(zip(new, _search(new, documents, ids, gazetteer, jobs), strict=True))
    found: list[Mention] = []
    for path, key in keys.items():
        there = made[path] if path in made else _MENTIONS.decode(memory.found[key])
        memory.keep([(key, msgspec.msgpack.encode(there) if path in made else memory.found[key])])
        found += there
    return sure_ones(found, anchors)


def _search(
    paths: Sequence[str], documents: Mapping[str, Document], ids: Mapping[str, str], gazetteer: _Gazetteer, jobs: int
) -> Iterator[list[Mention]]:  # fmt: skip
    """The mentions on each of these pages."""
    at_once = max(_AT_ONCE, len(paths) // _MOST_TASKS)
    tasks = [paths[place : place + at_once] for place in range(0, len(paths), at_once)]
    if len(tasks) > 1:
        _ = gazetteer.search  # made before there are further processes, and once

    def work(some: Sequence[str]) -> list[list[Mention]]:
        return [_on_page(path, documents[path], ids[path], gazetteer) for path in some]

    return chain.from_iterable(
        share_out(work, tasks, jobs=jobs, pack=msgspec.msgpack.encode, unpack=lambda _, packed: _PAGES.decode(packed))
    )


def _on_page(path: str, document: Document, own: str, gazetteer: _Gazetteer) -> list[Mention]:
    covered: dict[int, list[tuple[int, int]]] = defaultdict(list)
    spans: list[Reference | Component] = [*document.references, *document.components]
    for item in spans:
        if item.block >= 0:
            covered[item.block].append((item.start, item.end))
    starts: list[int] = []
    length = 0
    for block in document.blocks:
        starts.append(length)
        length += len(block.text) + 1
    text = "\n".join(block.text for block in document.blocks)
    lowered = _lower(text)
    found: dict[str, Mention] = {}
    place = 0
    for name, start, end in _matches(gazetteer, text, lowered):
        target = gazetteer.owner(name, own)
        if target is None or target in found:
            continue
        exact = gazetteer.exact[name]
        if exact is not None and (text[start:end] not in exact or (gazetteer.common[name] and _only_begins(text, start, end))):
            continue
        while place + 1 < len(starts) and starts[place + 1] <= start:
            place += 1
        block = document.blocks[place]
        first, last = start - starts[place], end - starts[place]
        if last > len(block.text) or block.kind == "heading" or _inside(first, last, covered.get(place), block.code):
            continue
        sentence = sentence_at(block.text, first, last)
        found[target] = Mention(own, target, block.text[first:last], sentence, path, block.line, place, first)
    return [found[target] for target in sorted(found)]


def _matches(gazetteer: _Gazetteer, text: str, lowered: str) -> Iterator[tuple[int, int, int]]:
    """Names in the text as whole words, longest first: number of the name, start, end."""
    for name, start, end in gazetteer.search.find_matches_as_indexes(lowered):
        if _whole(text, start, end):
            yield name, start, end
        elif not lowered[start:end].isalnum():
            yield from _shorter(gazetteer, text, lowered, start, end)


def _shorter(gazetteer: _Gazetteer, text: str, lowered: str, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Names that a longer one hides which is no whole word there: "deep learn" hides "deep" in "deep learning"."""
    begins = [start, *(place + 1 for place in range(start, end - 1) if not lowered[place].isalnum())]
    free = start
    for begin in begins:
        for length in gazetteer.lengths if begin >= free else ():
            name = gazetteer.numbers.get(lowered[begin : begin + length])
            if name is not None and _whole(text, begin, begin + length):
                free = begin + length
                yield name, begin, free
                break


def _whole(text: str, start: int, end: int) -> bool:
    if start and (text[start - 1].isalnum() or text[start - 1] in "_/@"):
        return False
    if end < len(text) and text[end] in "sS" and text[start:end][-1:].isalpha():
        end += 1
    return end >= len(text) or not (text[end].isalnum() or text[end] == "_")


def _only_begins(text: str, start: int, end: int) -> bool:
    """Whether the one capital of a word may be that of its sentence."""
    return text[start + 1 : end].islower() and bool(_SENTENCE_BEGINS.search(text, max(0, start - 6), start))


def _inside(start: int, end: int, covered: list[tuple[int, int]] | None, code: tuple[int, ...]) -> bool:
    if covered and any(first < end and start < last for first, last in covered):
        return True
    return any(code[place] < end and start < code[place + 1] for place in range(0, len(code), 2))
