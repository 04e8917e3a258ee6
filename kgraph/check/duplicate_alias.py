"""W304: an alias that is a name of another page too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from kgraph.check.site import Site
from kgraph.model.corpus import Entity
from kgraph.model.finding import Finding, finding
from kgraph.model.text import fold

__all__ = ["duplicate_aliases"]


def duplicate_aliases(site: Site) -> Iterator[Finding]:
    """Aliases that another entity has as its title or alias; translations and versions of one page count as one.

    One finding for each entity and alias, at the entity that has it as an alias; of two that do, at the later one by id. Two that
    share their titles have W302 for it, and a row that a page shows, or that bears the name of its page, is no other thing.
    """
    titles: dict[str, list[Entity]] = defaultdict(list)
    aliased: dict[str, list[tuple[Entity, str]]] = defaultdict(list)
    for entity in site.corpus.entities.values():
        titles[fold(entity.title)].append(entity)
        for alias in entity.aliases:
            aliased[fold(alias)].append((entity, alias))
    for name, owners in aliased.items():
        for place, (entity, alias) in enumerate(owners):
            others = titles.get(name, []) + [other for other, _ in owners[:place]]
            other = next((other for other in others if not _same(site, entity, other)), None)
            if other is not None:
                path, line = _place(entity)
                told = f"{alias!r} is a name of {entity.id} and of {other.id}"
                yield finding("W304", told, path, line, level="" if site.by_name else "note")


def _same(site: Site, one: Entity, other: Entity) -> bool:
    works = [site.page_of.get(entity.variant_of or entity.id, entity.variant_of or entity.id) for entity in (one, other)]
    return works[0] == works[1] or fold(one.title) == fold(other.title)


def _place(entity: Entity) -> tuple[str, int]:
    if entity.path is not None:
        return entity.path, 1
    path, _, line = entity.declared_in[0].rpartition(":") if entity.declared_in else ("", "", "0")
    return path, int(line)
