"""Hiding: a share of the pairs that authors joined is taken out of the parsed files before any signal sees them.

Source files are never changed. A hidden body link loses its markup and keeps its text (one without text the title that the site
shows in its place), as if the author had not linked. An
entry of a "See also" section goes with its text, which only stands there to state the relation.
"""

from __future__ import annotations

import glob
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import Any, Literal

from msgspec import Struct, structs

from kgraph.config import Catalogs, Config
from kgraph.evaluate.spelled import spelled_out
from kgraph.ingest.catalog import CatalogFile, first_of
from kgraph.ingest.fields import relation_targets
from kgraph.ingest.load import LoadedFiles
from kgraph.model.corpus import Corpus, Link, Relation
from kgraph.model.document import Block, Component, Document, Reference, term_bag
from kgraph.model.relations import RelationVocabulary
from kgraph.model.text import terms
from kgraph.model.twins import twins
from kgraph.model.types import type_key

__all__ = ["HideKind", "Pair", "choose_pairs", "eligible_pairs", "hide_pairs", "pinned", "surviving"]

HideKind = Literal["relations", "links"]
Pair = tuple[str, str]
"""Source and target, ids of entities."""

_ENTRY_KEYS = frozenset(("see-also", "relations", "relationships", "links-to", "similar-pages"))
_ADDRESS_ATTRIBUTES = ("href", "to")
_VOCABULARY = RelationVocabulary()


# -- which pairs there are ---------------------------------------------------------------------------


def eligible_pairs(corpus: Corpus, kind: HideKind) -> list[Pair]:
    """Ordered pairs that a curated entry, or a link in the body of a page, joins; sorted.

    Links of "See also" sections are relations; a number in prose, as in PEP 8, goes on naming its page. Two entities that stand for
    the same page are no pair: their join is a fact of the site's layout.
    """
    same = twins(corpus)
    if kind == "links":
        entries = _entries(corpus)
        found = {
            (link.source, link.target) for link in corpus.links if link.target and _place(link) not in entries and link.kind != "crossref"
        }
    else:
        found = {(item.source, item.target) for item in corpus.relations if item.target and _is_entry(item)}
    return sorted((source, target) for source, target in found if target not in same[source])


def choose_pairs(corpus: Corpus, kind: HideKind, *, share: float, seed: int) -> list[Pair]:
    """A random share of the eligible pairs, sorted; the same for the same seed, and at least one where there is any.

    A pair counts once whatever its direction: where authors stated both directions, both are chosen. Pairs are drawn by a
    hash of seed and ids, so that a new page does not change the lot of the others.
    """
    stated = eligible_pairs(corpus, kind)
    once = sorted({(min(pair), max(pair)) for pair in stated}, key=lambda pair: _lot(seed, pair))
    drawn = set(once[: max(1, round(share * len(once)))])
    return [pair for pair in stated if (min(pair), max(pair)) in drawn]


def surviving(corpus: Corpus, pairs: Iterable[Pair]) -> frozenset[Pair]:
    """Pairs that a link or relation of ``corpus`` still joins, in either direction, or whose entities are gone."""
    joined = {(link.source, link.target) for link in corpus.links} | {(item.source, item.target) for item in corpus.relations}
    return frozenset(
        (source, target)
        for source, target in pairs
        if (source, target) in joined or (target, source) in joined or not {source, target} <= corpus.entities.keys()
    )


def _lot(seed: int, pair: Pair) -> bytes:
    return blake2b("\0".join((str(seed), *pair)).encode("utf-8", "replace"), digest_size=16).digest()


def _is_entry(item: Relation) -> bool:
    key = type_key(item.key)
    return key.startswith("related") or key in _ENTRY_KEYS


def _place(item: Link | Relation) -> tuple[str, int, str]:
    return item.path, item.line, item.raw


def _entries(corpus: Corpus) -> frozenset[tuple[str, int, str]]:
    """Places of what states relations; a link at such a place stands in a "See also" section."""
    return frozenset(map(_place, corpus.relations))


# -- hiding --------------------------------------------------------------------------------------------


class _Hidden(Struct, frozen=True):
    """What to take out of one file."""

    links: Mapping[tuple[int, str, str], str]
    """Text that a reader sees, by line, kind and target as written."""
    entries: frozenset[tuple[int, str]]
    """Line and target as written of the links whose text goes too."""
    fields: frozenset[tuple[str, str, str]]
    """Entity, field and target as written."""


def hide_pairs(loaded: LoadedFiles, corpus: Corpus, pairs: Iterable[Pair]) -> LoadedFiles:
    """The parsed files without anything that joins the pairs: links, fields, catalog rows, in either direction, or their twins."""
    plan = _plan(corpus, pairs)
    documents = {path: _page_without(document, plan[path]) if path in plan else document for path, document in loaded.documents.items()}
    catalogs = {path: _rows_without(file, plan[path].fields) if path in plan else file for path, file in loaded.catalogs.items()}
    return structs.replace(loaded, documents=documents, catalogs=catalogs)


def _plan(corpus: Corpus, pairs: Iterable[Pair]) -> dict[str, _Hidden]:
    """What to take out of each file; a plain field that holds just the id of the other goes as well."""
    same = twins(corpus)
    hidden = {ends for source, target in pairs for one in same[source] for other in same[target] for ends in ((one, other), (other, one))}
    stated = _entries(corpus)
    links: dict[str, dict[tuple[int, str, str], str]] = defaultdict(dict)
    entries: dict[str, set[tuple[int, str]]] = defaultdict(set)
    fields: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
    for link in corpus.links:
        if (link.source, link.target) in hidden:
            links[link.path][link.line, link.kind, link.raw] = link.text
            if _place(link) in stated:
                entries[link.path].add((link.line, link.raw))
    for item in corpus.relations:
        if (item.source, item.target) in hidden:
            fields[item.path].add((item.source, item.key, item.raw))
            if item.key.startswith("<"):
                links[item.path].setdefault((item.line, item.key.strip("<>"), item.raw), "")
    for source, target in hidden:
        for fact in corpus.entities[source].facts:
            if fact.value == target:
                fields[fact.path].add((source, fact.key, target))
    return {path: _Hidden(links[path], frozenset(entries[path]), frozenset(fields[path])) for path in {*links, *fields}}


def _page_without(document: Document, hidden: _Hidden) -> Document:
    fields = _by_key(hidden.fields)
    kept = [item for item in document.references if (item.line, _kind(item), item.target) not in hidden.links]
    components = [item for item in document.components if not _is_hidden(item, hidden.links)]
    gone: list[Reference | Component] = [item for item in document.references if (item.line, item.target) in hidden.entries]
    gone += [item for item in document.components if any((item.line, value) in hidden.entries for value in item.attributes.values())]
    blocks, lost = _without_entries(document.blocks, gone, {item.block for item in kept} | {item.block for item in components})
    left = structs.replace(
        document,
        front_matter={key: _prune(value, fields[key]) if key in fields else value for key, value in document.front_matter.items()},
        references=tuple(kept),
        components=tuple(components),
        blocks=blocks,
        bag=term_bag({term: count - lost[term] for term, count in document.terms.items() if count > lost[term]}) if lost else document.bag,
    )
    return spelled_out(left, _without_text(document, gone, hidden.links))


def _kind(item: Reference | Component) -> str:
    """Kind of the link that a reference or component makes, as in :attr:`Link.kind`."""
    if isinstance(item, Component):
        return "html" if item.name in ("a", "area") else item.name
    return "markdown" if item.kind == "link" else item.kind


def _is_hidden(item: Component, links: Collection[tuple[int, str, str]]) -> bool:
    return any((item.line, _kind(item), value) in links for value in item.attributes.values())


def _without_text(
    document: Document, gone: Collection[Reference | Component], links: Mapping[tuple[int, str, str], str]
) -> Iterator[tuple[int, int, str]]:  # fmt: skip
    """Block, offset and title shown of the hidden links that have no text of their own and are no entries."""
    for item in document.components:
        text = next((links[key] for value in item.attributes.values() if (key := (item.line, _kind(item), value)) in links), "")
        if text and item.start == item.end and item.block >= 0 and item not in gone:
            yield item.block, item.start, text


def _without_entries(
    blocks: tuple[Block, ...], entries: Iterable[Reference | Component], shared: Collection[int]
) -> tuple[tuple[Block, ...], Counter[str]]:
    """Blocks with spaces for the text of entries, so that offsets stay, and the words that are gone.

    The whole block goes (entry and comment on it), unless other references stand in it.
    """
    changed = list(blocks)
    lost: Counter[str] = Counter()
    for item in entries:
        if item.block < 0:
            continue
        text = changed[item.block].text
        start, end = (item.start, item.end) if item.block in shared else (0, len(text))
        lost.update(terms(text[start:end]))
        changed[item.block] = structs.replace(changed[item.block], text=text[:start] + " " * (end - start) + text[end:])
    return tuple(changed), lost


# -- fields --------------------------------------------------------------------------------------------


def _rows_without(file: CatalogFile, fields: Collection[tuple[str, str, str]]) -> CatalogFile:
    rows = []
    for row in file.rows:
        own = _by_key(item for item in fields if item[0] == row.id)
        if own:
            row = structs.replace(row, data={key: _prune(value, own[key]) if key in own else value for key, value in row.data.items()})
        rows.append(row)
    return structs.replace(file, rows=tuple(rows))


def _by_key(fields: Iterable[tuple[str, str, str]]) -> dict[str, frozenset[str]]:
    """Targets as written, by field."""
    found: dict[str, set[str]] = defaultdict(set)
    for _, key, raw in fields:
        found[key].add(raw)
    return {key: frozenset(raws) for key, raws in found.items()}


def _prune(value: Any, raws: frozenset[str]) -> Any:
    """A field without the targets to hide, at any depth; read as the ingest stage reads it.

    >>> _prune(["a", "[[b|B]]", {"id": "c", "type": "b"}, "d, b"], frozenset("b"))
    ['a', {'id': 'c', 'type': 'b'}, 'd']
    """
    if isinstance(value, str):
        return _prune_text(value, raws)
    if isinstance(value, list):
        return [pruned for item in value if (pruned := _prune_item(item, raws)) is not None]
    if isinstance(value, dict):
        if first_of(value, ("id", "path", "slug")):
            return _prune_item(value, raws)
        return {key: _prune(item, raws) if isinstance(item, (list, dict, str)) else item for key, item in value.items()}
    return value


def _prune_item(item: Any, raws: frozenset[str]) -> Any:
    """An item of a list; None when it names a target to hide."""
    if isinstance(item, dict):
        return None if any(target in raws for target, _ in relation_targets([item], _VOCABULARY, named=True)) else item
    if isinstance(item, (int, float)):
        return None if str(item) in raws else item
    return _prune(item, raws)


def _prune_text(text: str, raws: frozenset[str]) -> str | None:
    if text in raws:
        return None
    parts = text.split(",")
    kept = [part for part in parts if not any(target in raws for target, _ in relation_targets(part, _VOCABULARY))]
    return text if len(kept) == len(parts) else ",".join(kept).strip() or None


# -- what hiding must not change -----------------------------------------------------------------------


def pinned(config: Config, corpus: Corpus) -> Config:
    """Configuration that says what was guessed about the whole site, so that hiding changes no guess.

    The part each catalog plays and which components are links are guessed from how much pages refer to.
    """
    roles: dict[str, list[str]] = {"entities": [], "facts": [], "sources": []}
    for path, role in corpus.catalogs.items():
        if role in roles:
            roles[role].append(glob.escape(path))
    catalogs = Catalogs(tuple(roles["entities"]), tuple(roles["facts"]), tuple(roles["sources"]), config.catalogs.ignore)
    links = {**_link_components(corpus), **config.components.links}
    return structs.replace(config, catalogs=catalogs, components=structs.replace(config.components, links=links))


def _link_components(corpus: Corpus) -> Mapping[str, str]:
    """Attribute that names the target, for each component that is a link by an id."""
    written = {(link.path, link.line, link.kind, link.raw) for link in corpus.links}
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for path, document in corpus.documents.items():
        for item in document.components:
            for key, value in item.attributes.items():
                if key not in _ADDRESS_ATTRIBUTES and (path, item.line, item.name, value) in written:
                    found[item.name][key] += 1
    return {name: min(counts, key=lambda key: (-counts[key], key)) for name, counts in sorted(found.items())}
