"""What changed between two builds: entities, pages, links, relations, related lists.

Links and relations are compared as statements, not by line, so that text that moved is no change.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TypeAlias

from msgspec import Struct, to_builtins

from kgraph.archive import EntityFile, StatementFile, read_entities, read_rankings, read_statements
from kgraph.model.corpus import Entity, Link, Page, Relation
from kgraph.model.text import clip
from kgraph.rank.rankings import Rankings, RelatedItem
from kgraph.workspace import FORMAT, Generation, Workspace

__all__ = [
    "Difference", "Field", "ListChange", "ListItem", "Named", "SignalMove", "Statement", "as_json", "as_markdown", "as_text", "change_rows",
    "compare", "find_generation",
]  # fmt: skip

_ENTITY_FIELDS = ("title", "type", "href", "path", "summary", "aliases", "tags")
_PAGE_FIELDS = ("entity", "href", "date", "quality")
_SAME = 5e-4
"""Shares closer than this are the same."""
_MARKDOWN_LINES = 50
"""Lines that one section of the Markdown report has at the most: comments of code hosts are limited."""

_Key: TypeAlias = tuple[str, str, str, str]


class Named(Struct, frozen=True, order=True):
    """An entity or page that came or went."""

    id: str
    """Id of the entity, or source path of the page."""
    title: str


class Field(Struct, frozen=True, order=True):
    """A field of an entity or page that changed."""

    id: str
    """Id of the entity, or source path of the page as it is now."""
    field: str
    """Such as ``title`` or ``type``; for a page also ``path`` (it moved) and ``content``."""
    old: str
    new: str


class Statement(Struct, frozen=True, order=True):
    """A link or relation that came or went."""

    source: str
    target: str
    """Id of the target; of a dead one, what is written."""
    name: str
    """Name of the relation; ``link`` or ``dead link``."""
    count: int
    """How many times."""
    path: str
    """File that states it."""
    line: int


class SignalMove(Struct, frozen=True):
    """The signal whose share of a score moved most."""

    signal: str
    old: float | None
    """Share before; None when the item was too far down to know."""
    new: float | None


class ListItem(Struct, frozen=True):
    """An item that entered, left or moved within a list."""

    id: str
    old_rank: int | None
    """None when it was not in the stored list at all."""
    new_rank: int | None
    signal: SignalMove | None
    """None when its own score stayed: others moved past it."""


class ListChange(Struct, frozen=True):
    """How the top of one related list changed."""

    id: str
    entered: tuple[ListItem, ...]
    left: tuple[ListItem, ...]
    moved: tuple[ListItem, ...]


class Difference(Struct, frozen=True):
    """Everything that differs; each part sorted."""

    entities_added: tuple[Named, ...]
    entities_removed: tuple[Named, ...]
    entities_changed: tuple[Field, ...]
    pages_added: tuple[Named, ...]
    pages_removed: tuple[Named, ...]
    pages_changed: tuple[Field, ...]
    links_added: tuple[Statement, ...]
    links_removed: tuple[Statement, ...]
    relations_added: tuple[Statement, ...]
    relations_removed: tuple[Statement, ...]
    related_changed: tuple[ListChange, ...]
    related_compared: bool
    """Whether both builds are ranked; the related lists are left out otherwise."""

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return any(bool(getattr(self, name)) for name in self.__struct_fields__ if name != "related_compared")


# -- comparing -----------------------------------------------------------------------------------


def find_generation(folder: Path) -> Generation:
    """The build in ``folder``: the current one of a workspace, or the folder itself when it is a generation.

    Raises:
        WorkspaceError: there is none.

    """
    if (folder / f"format-{FORMAT}").is_file():
        return Generation(folder)
    return Workspace(folder).get_current()


def compare(old: Path, new: Path, *, k: int = 10) -> Difference:
    """Compare two builds.

    Args:
        old: Workspace, or a generation in one.
        new: Workspace, or a generation in one.
        k: Length of the top of the related lists that is compared.

    Raises:
        WorkspaceError: one of them is missing or damaged.

    """
    first, second = find_generation(old), find_generation(new)
    heads = read_entities(first), read_entities(second)
    bodies = read_statements(first), read_statements(second)
    ranked = all((generation.folder / "rankings.msgpack").exists() for generation in (first, second))
    lists = _lists_changed(read_rankings(first), read_rankings(second), k) if ranked else ()
    return Difference(*_entities(*heads), *_pages(*heads), *_links(*bodies), *_relations(*bodies), lists, ranked)


def _entities(old: EntityFile, new: EntityFile) -> tuple[tuple[Named, ...], tuple[Named, ...], tuple[Field, ...]]:
    changed = [
        change for entity_id, entity in new.entities.items() if entity_id in old.entities
        for change in _entity_fields(old.entities[entity_id], entity)
    ]  # fmt: skip
    return _missing(new.entities, old.entities), _missing(old.entities, new.entities), tuple(sorted(changed))


def _missing(here: Mapping[str, Entity], there: Mapping[str, Entity]) -> tuple[Named, ...]:
    return tuple(sorted(Named(entity.id, entity.title) for entity in here.values() if entity.id not in there))


def _entity_fields(old: Entity, new: Entity) -> Iterator[Field]:
    for name in _ENTITY_FIELDS:
        if getattr(old, name) != getattr(new, name):
            yield Field(new.id, name, _shown(getattr(old, name)), _shown(getattr(new, name)))
    before, after = ({(fact.key, fact.value) for fact in entity.facts} for entity in (old, new))
    for key in sorted({key for key, _ in before ^ after}):
        values = [", ".join(sorted(value for name, value in side if name == key)) for side in (before, after)]
        yield Field(new.id, key, *values)


def _shown(value: Any) -> str:
    return ", ".join(value) if isinstance(value, tuple) else "" if value is None else str(value)


def _pages(old: EntityFile, new: EntityFile) -> tuple[tuple[Named, ...], tuple[Named, ...], tuple[Field, ...]]:
    """Pages that came, went, moved or changed; a page moved when its entity, or else its very text, is at another path now."""
    gone, come = old.pages.keys() - new.pages.keys(), new.pages.keys() - old.pages.keys()
    moved: dict[str, str] = {}
    for kind in ("entity", "sha256"):
        open_paths = [path for path in sorted(gone) if path not in moved.values()]
        places = {getattr(old.pages[path], kind): path for path in reversed(open_paths)}
        for path in sorted(come - moved.keys()):
            former = places.pop(getattr(new.pages[path], kind), None)
            if former is not None:
                moved[path] = former
    changed = [Field(path, "path", former, path) for path, former in moved.items()]
    for path in new.pages.keys() - (come - moved.keys()):
        changed += _page_fields(path, old.pages[moved.get(path, path)], new.pages[path])
    added = sorted(Named(path, new.entities[new.pages[path].entity].title) for path in come - moved.keys())
    removed = sorted(Named(path, old.entities[old.pages[path].entity].title) for path in gone - set(moved.values()))
    return tuple(added), tuple(removed), tuple(sorted(changed))


def _page_fields(path: str, old: Page, new: Page) -> Iterator[Field]:
    for name in _PAGE_FIELDS:
        if getattr(old, name) != getattr(new, name):
            yield Field(path, name, _shown(getattr(old, name)), _shown(getattr(new, name)))
    if old.sha256 != new.sha256:
        yield Field(path, "content", f"{old.counts.words} words", f"{new.counts.words} words")


def _links(old: StatementFile, new: StatementFile) -> tuple[tuple[Statement, ...], tuple[Statement, ...]]:
    def key(link: Link) -> _Key:
        return (link.source, *((link.raw, "dead link") if link.target is None else (link.target, "link")), "")

    return _statements(old.links, new.links, key)


def _relations(old: StatementFile, new: StatementFile) -> tuple[tuple[Statement, ...], tuple[Statement, ...]]:
    def key(item: Relation) -> _Key:
        return item.source, item.raw if item.target is None else item.target, item.name, "" if item.target else "dead"

    return _statements(old.relations, new.relations, key)


def _statements(
    old: Iterable[Any], new: Iterable[Any], key: Callable[[Any], _Key]
) -> tuple[tuple[Statement, ...], tuple[Statement, ...]]:  # fmt: skip
    """Statements added and removed, counted by key; the place told is that of the last ones."""
    before, after = _by_key(old, key), _by_key(new, key)
    return _surplus(after, before), _surplus(before, after)


def _by_key(items: Iterable[Any], key: Callable[[Any], _Key]) -> dict[_Key, list[Any]]:
    found: dict[_Key, list[Any]] = defaultdict(list)
    for item in items:
        found[key(item)].append(item)
    return found


def _surplus(here: Mapping[_Key, list[Any]], there: Mapping[_Key, list[Any]]) -> tuple[Statement, ...]:
    found: list[Statement] = []
    for key, items in here.items():
        more = len(items) - len(there.get(key, ()))
        if more > 0:
            place = items[-more]
            found.append(Statement(key[0], key[1], key[2], more, place.path, place.line))
    return tuple(sorted(found))


def _lists_changed(old: Rankings, new: Rankings, k: int) -> tuple[ListChange, ...]:
    """Changes of the first ``k`` of each list, of the entities that both builds have."""
    changes = (_list_change(source, old.related[source], new.related[source], k) for source in sorted(old.related.keys() & new.related))
    return tuple(change for change in changes if change is not None)


def _list_change(source: str, old: Sequence[RelatedItem], new: Sequence[RelatedItem], k: int) -> ListChange | None:
    before, after = {item.id: item for item in old}, {item.id: item for item in new}
    was, now = [item.id for item in old[:k]], [item.id for item in new[:k]]
    if was == now:
        return None

    def item(entity_id: str) -> ListItem:
        one, other = before.get(entity_id), after.get(entity_id)
        return ListItem(entity_id, one.rank if one else None, other.rank if other else None, _signal_move(one, other))

    return ListChange(
        source, tuple(item(name) for name in now if name not in was), tuple(item(name) for name in was if name not in now),
        tuple(item(name) for name in now if name in was and before[name].rank != after[name].rank),
    )  # fmt: skip


def _signal_move(old: RelatedItem | None, new: RelatedItem | None) -> SignalMove | None:
    """The signal whose share moved most, ties by name; where only one side is known, its strongest."""
    before, after = _shares(old), _shares(new)
    moves = {name: abs(after[name] - before[name]) for name in before | after}
    best = min(moves, key=lambda name: (-round(moves[name], 6), name), default=None)
    if best is None or moves[best] < _SAME:
        return None
    return SignalMove(best, round(before[best], 6) if old else None, round(after[best], 6) if new else None)


def _shares(item: RelatedItem | None) -> Counter[str]:
    found: Counter[str] = Counter()
    for reason in item.reasons if item else ():
        found[reason.signal] += reason.share  # type: ignore[assignment]
    return found


def change_rows(difference: Difference) -> list[tuple[str, str, str, str | None, str | None, str | None, int | None]]:
    """Every change as a row: what (entity, page, link, relation, related), added, removed or changed, id, target, detail, path, line."""
    d = difference
    rows: list[tuple[str, str, str, str | None, str | None, str | None, int | None]] = []
    for what, named, change in (
        ("entity", d.entities_added, "added"), ("entity", d.entities_removed, "removed"),
        ("page", d.pages_added, "added"), ("page", d.pages_removed, "removed"),
    ):  # fmt: skip
        rows += [(what, change, item.id, None, item.title, None, None) for item in named]
    for what, fields in (("entity", d.entities_changed), ("page", d.pages_changed)):
        rows += [(what, "changed", item.id, None, f"{item.field}: {item.old} → {item.new}", None, None) for item in fields]
    for what, stated, change in (
        ("link", d.links_added, "added"), ("link", d.links_removed, "removed"),
        ("relation", d.relations_added, "added"), ("relation", d.relations_removed, "removed"),
    ):  # fmt: skip
        rows += [(what, change, item.source, item.target, item.name, item.path, item.line) for item in stated]
    for one in d.related_changed:
        for items, change in ((one.entered, "added"), (one.left, "removed"), (one.moved, "changed")):
            rows += [
                ("related", change, one.id, item.id, f"rank {item.old_rank or 'none'} → {item.new_rank or 'none'}", None, None)
                for item in items
            ]
    return rows


# -- showing -------------------------------------------------------------------------------------

Section: TypeAlias = tuple[str, list[tuple[Literal["+", "-", "~"], str]]]
"""Heading and lines, each with its sign."""


def _sections(difference: Difference) -> list[Section]:
    """Everything that differs as lines of plain text; empty sections are left out."""
    d = difference
    sections: list[Section] = [
        ("Entities", [*_named(d.entities_added, "+"), *_named(d.entities_removed, "-"), *_fields(d.entities_changed)]),
        ("Pages", [*_named(d.pages_added, "+"), *_named(d.pages_removed, "-"), *_fields(d.pages_changed)]),
        ("Links", [*_stated(d.links_added, "+"), *_stated(d.links_removed, "-")]),
        ("Relations", [*_stated(d.relations_added, "+"), *_stated(d.relations_removed, "-")]),
        ("Related lists", [line for change in d.related_changed for line in _listed(change)]),
    ]
    return [section for section in sections if section[1]]


def _named(items: Iterable[Named], sign: Literal["+", "-"]) -> Iterator[tuple[Literal["+", "-", "~"], str]]:
    for item in items:
        yield sign, f"{item.id} ({item.title})"


def _fields(items: Iterable[Field]) -> Iterator[tuple[Literal["+", "-", "~"], str]]:
    for item in items:
        yield "~", f"{item.id}: {item.field}: {clip(item.old, 80) or 'none'} → {clip(item.new, 80) or 'none'}"


def _stated(items: Iterable[Statement], sign: Literal["+", "-"]) -> Iterator[tuple[Literal["+", "-", "~"], str]]:
    for item in items:
        times = f" ({item.count} times)" if item.count > 1 else ""
        yield sign, f"{item.source} → {item.target}: {item.name}{times}, {item.path}:{item.line}"


def _listed(change: ListChange) -> Iterator[tuple[Literal["+", "-", "~"], str]]:
    for item in change.entered:
        yield "+", f"{change.id}: {item.id} entered at {item.new_rank}{_ranked(item.old_rank, 'was')}{_moved_by(item)}"
    for item in change.left:
        yield "-", f"{change.id}: {item.id} left {item.old_rank}{_ranked(item.new_rank, 'now')}{_moved_by(item)}"
    if change.moved:
        moves = (f"{item.id} {item.old_rank} → {item.new_rank}{_moved_by(item, ', ') if item.signal else ''}" for item in change.moved)
        yield "~", f"{change.id}: {'; '.join(moves)}"


def _ranked(rank: int | None, word: str) -> str:
    return "" if rank is None else f" ({word} {rank})"


def _moved_by(item: ListItem, before: str = "; ") -> str:
    if item.signal is None:
        return f"{before}its own score stayed"
    shares = ["not listed" if share is None else f"{share:.3f}" for share in (item.signal.old, item.signal.new)]
    return f"{before}{item.signal.signal} {shares[0]} → {shares[1]}"


def as_text(difference: Difference) -> str:
    """A heading and one line a change, with ``+``, ``-`` or ``~``; empty when nothing differs."""
    blocks = [f"{heading}\n" + "".join(f"  {sign} {_one_line(line)}\n" for sign, line in lines) for heading, lines in _sections(difference)]
    return "\n".join(blocks)


def as_markdown(difference: Difference) -> str:
    """The same for a comment on a pull request: long sections are cut, with a line that says how much is left out."""
    sections = _sections(difference)
    if not sections:
        return "Nothing differs.\n"
    blocks = []
    for heading, lines in sections:
        shown = "".join(f"- {_SIGNS[sign]} {_markdown(line)}\n" for sign, line in lines[:_MARKDOWN_LINES])
        more = f"- … and {len(lines) - _MARKDOWN_LINES:,} more\n" if len(lines) > _MARKDOWN_LINES else ""
        blocks.append(f"### {heading} ({len(lines):,})\n\n{shown}{more}")
    return "\n".join(blocks)


_SIGNS = {"+": "added:", "-": "removed:", "~": "changed:"}


def _one_line(text: str) -> str:
    return "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in " ".join(text.split()))


def _markdown(text: str) -> str:
    return "".join(f"\\{char}" if char in "\\`*_[]<>#|~@&" else char for char in _one_line(text))


def as_json(difference: Difference) -> str:
    """The fields of :class:`Difference` as one object, with ``differs`` first."""
    return json.dumps({"differs": bool(difference), **to_builtins(difference)}, ensure_ascii=False, indent=1) + "\n"
