"""The related block of a saved page: names by group, with no address; each is found among the entities or becomes one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping

from msgspec import Struct, structs

from kgraph.ingest.mentions import names_of
from kgraph.ingest.runtogether import mixed_words, split_names
from kgraph.model.corpus import Entity, Relation
from kgraph.model.document import Document
from kgraph.model.finding import Finding, finding
from kgraph.model.relations import RELATED
from kgraph.model.text import anchor_of, clip, fold
from kgraph.model.types import DEFAULT_TYPE, TypeVocabulary, type_key

__all__ = ["ORIGIN", "RelatedBlocks", "group_type", "read_related"]

_LONGEST_NAME = 150
ORIGIN = "related block"
"""Origin of a type that only the group of a related block tells; a group of others tells that it is none of the types."""


class RelatedBlocks(Struct, frozen=True):
    """What the related blocks of a site state."""

    entities: dict[str, Entity]
    """Entities that no page declares, and those whose type only a block tells."""
    relations: tuple[Relation, ...]
    findings: tuple[Finding, ...]


class _Item(Struct, frozen=True):
    """One name in one block."""

    source: str
    name: str
    group: str
    kind: str | None
    path: str
    line: int


def group_type(label: str, types: TypeVocabulary) -> str | None:
    """Type of the entities that a group lists, or None when its label names none.

    >>> group_type("Key Questions", TypeVocabulary()), group_type("Policies", TypeVocabulary()), group_type("Other", TypeVocabulary())
    ('crux', 'policy', None)
    """
    for key, kind in types.types.items():
        if fold(label) in (fold(kind.plural), fold(kind.label)):
            return key
    key = types.canonical(label)
    return key if key in types.types and type_key(label) else None


def read_related(
    documents: Mapping[str, Document], ids: Mapping[str, str], entities: Mapping[str, Entity], types: TypeVocabulary
) -> RelatedBlocks:
    """Find the entities that related blocks name, and make those that nobody declares.

    Args:
        documents: Parsed pages by path.
        ids: Id of the entity of each page.
        entities: Entities that pages and catalogs declare.
        types: Types in force.

    """
    listing = {path: document for path, document in documents.items() if document.related}
    if not listing:
        return RelatedBlocks({}, (), ())
    index = _index(entities)
    words = mixed_words(block.text for document in listing.values() for block in document.blocks)
    words |= mixed_words(name for entity in entities.values() for name in (entity.title, *entity.aliases))
    items = [
        item for path, document in listing.items() for item in _items(path, document, ids[path], lambda x: fold(x) in index, words, types)
    ]
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for item in items:
        if item.kind:
            votes[fold(item.name)][item.kind] += 1
    made: dict[str, Entity] = {}
    relations: dict[Relation, None] = {}
    found: list[Finding] = []
    for item in items:
        told = max(votes[fold(item.name)].items(), key=lambda vote: (vote[1], vote[0]), default=(None, 0))[0]
        fitting = index.get(fold(item.name), ())
        if len(fitting) > 1:
            fitting = tuple(one for one in fitting if entities[one].type == told) or fitting
        target: str | None = None
        if len(fitting) == 1:
            target = fitting[0]
            entity = made.get(target) or entities[target]
            if told and entity.type_origin == "default":
                made[target] = structs.replace(entity, type=told, type_origin=ORIGIN, declared_types=(*entity.declared_types, item.group))
        elif fitting:
            found.append(finding("W203", f"{item.group}: {item.name!r} fits {', '.join(fitting[:4])}", item.path, item.line))
        else:
            target = _id_of(item.name)
            if target in entities:
                pass
            elif target in made:
                labels = dict.fromkeys((*made[target].declared_types, *([item.group] if item.kind else [])))
                made[target] = structs.replace(made[target], declared_types=tuple(labels))
            else:
                made[target] = _stub(target, item, told)
        if target != item.source:
            relations[Relation(item.source, target, RELATED, item.name, item.group, item.path, item.line)] = None
    return RelatedBlocks(made, tuple(relations), tuple(found))


def _items(
    path: str, document: Document, own: str, known: Callable[[str], bool], words: frozenset[str], types: TypeVocabulary
) -> list[_Item]:  # fmt: skip
    plurals = {fold(kind.plural): kind.plural for kind in types.types.values()}
    items: list[_Item] = []
    group: str | None = None
    before = ""
    for listed in document.related:
        if listed.group != before:
            before, group = listed.group, None
        if fold(listed.text) in plurals and not known(listed.text):
            group = plurals[fold(listed.text)]
            continue
        label = group or listed.group
        kind = group_type(label, types)
        items += [
            _Item(own, name, label, kind, path, listed.line)
            for name in split_names(listed.text, known, words)
            if len(name) <= _LONGEST_NAME
        ]
    return items


def _index(entities: Mapping[str, Entity]) -> dict[str, tuple[str, ...]]:
    """Ids of the entities that go by each name; a title counts before an alias or a half of a title."""
    tiers: list[dict[str, set[str]]] = [defaultdict(set), defaultdict(set)]
    for entity in entities.values():
        work = entity.variant_of or entity.id
        tiers[0][fold(entity.title)].add(work)
        for name in names_of(entity)[1:]:
            tiers[1][fold(name)].add(work)
    return {name: tuple(sorted(owners)) for tier in reversed(tiers) for name, owners in tier.items()}


def _id_of(name: str) -> str:
    """Id of an entity that has nothing but a name.

    >>> _id_of("Weir Keepers (WK)"), _id_of("C++ & Rust")
    ('weir-keepers-wk', 'c-rust')
    """
    parts = [part for part in anchor_of(clip(fold(name), 120).rstrip("…")).split("-") if part]
    return "-".join(parts) or fold(name)


def _stub(entity_id: str, item: _Item, kind: str | None) -> Entity:
    return Entity(
        id=entity_id, title=" ".join(item.name.split()), type=kind or DEFAULT_TYPE, type_origin=ORIGIN,
        declared_types=(item.group,) if item.kind else (), aliases=(), tags=(), summary=None, path=None, href=None,
        declared_in=(f"{item.path}:{item.line}",), facts=(),
    )  # fmt: skip
