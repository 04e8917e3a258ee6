"""From pages and catalog rows to entities: one id, one type, one title each."""

from __future__ import annotations

import posixpath
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Set
from typing import Any, TypeAlias
from urllib.parse import quote

from msgspec import Struct, structs

from kgraph.config import Config
from kgraph.ingest.catalog import ID_KEYS, TITLE_KEYS, TYPE_KEYS, CatalogFile, CatalogRole, Row, first_of
from kgraph.ingest.layouts.base import Layout, is_index
from kgraph.ingest.notetitles import note_titles
from kgraph.ingest.resolve import page_route
from kgraph.ingest.stated import ALIAS_KEYS, SUMMARY_KEYS, TAG_KEYS, plain_tags, stated_by_rows, texts
from kgraph.ingest.variants import Variant, find_variants
from kgraph.model.corpus import Entity, Fact
from kgraph.model.document import Document
from kgraph.model.finding import Finding, finding
from kgraph.model.text import clip, fold, humanize
from kgraph.model.types import DEFAULT_TYPE, TypeVocabulary

__all__ = ["Identified", "PageIdentity", "identify", "page_identities"]

_NOT_FACTS = frozenset((*ID_KEYS, *TITLE_KEYS, *TYPE_KEYS, *SUMMARY_KEYS, *ALIAS_KEYS, *TAG_KEYS, "content", "sources"))
_TYPE_PROPER = ("entityType", "entity_type", "type")
_LONGEST_FACT = 500
_SAFE = "/~!$&'()*+,;=:@-._"
_SourcedRow: TypeAlias = tuple[str, CatalogRole, Row]


class PageIdentity(Struct, frozen=True):
    """Id and addresses of one page."""

    id: str
    path: str
    route: str
    href: str


class Identified(Struct, frozen=True):
    """All entities of a site."""

    entities: dict[str, Entity]
    pages: dict[str, PageIdentity]
    """By source path."""
    rows: tuple[tuple[str, CatalogRole, Row], ...]
    """Rows of catalogs of entities and facts, with path and role, each with a known entity."""
    findings: tuple[Finding, ...]
    redirects: dict[str, str]
    """Former routes of pages, to the id of the page."""


def page_identities(
    documents: Mapping[str, Document], layout: Layout, variants: Mapping[str, Variant], rows: Mapping[str, Row], config: Config,
    named: Set[str] = frozenset(),
) -> tuple[dict[str, PageIdentity], list[Finding]]:  # fmt: skip
    """Give each page its id: the declared one, else its slug where that is its own, else its route.

    A slug that several pages share is a duplicate id where a row or a reference goes by it (``named``); else the pages only share a
    name. Of translations and versions only the one that stands for all may go by its slug.
    """
    routes = {path: page_route(path, layout.root) for path in documents}
    minor = {path for path, variant in variants.items() if variant.main != path}
    slugs = {path: "" if path in minor else layout.slug(path) for path in documents}
    sharing: dict[str, list[str]] = defaultdict(list)
    for path, slug in slugs.items():
        sharing[slug].append(path)
    taken: dict[str, str] = {}
    found: list[Finding] = []
    for path, document in documents.items():
        declared = first_of(document.front_matter, config.pages.id_keys)
        if declared and path in minor:
            continue
        if declared and declared not in taken:
            taken[declared] = path
        elif declared:
            found.append(finding("W301", f"id {declared!r} is already declared by {taken[declared]}", path))
    given = {path: entity_id for entity_id, path in taken.items()}
    for slug, paths in sharing.items():
        open_paths = [path for path in paths if path not in given]
        owner = _owner(open_paths, rows.get(slug))
        if slug and owner and slug not in taken:
            taken[slug], given[owner] = owner, slug
        if slug and len(open_paths) > 1:
            first = owner or open_paths[0]
            rule = "W301" if slug in rows or slug in named else "N305"
            found += [finding(rule, f"the id {slug!r} fits {first} too; this page goes by its route", path)
                      for path in open_paths if path != first]  # fmt: skip
    identities: dict[str, PageIdentity] = {}
    for path in documents:
        entity_id = given.get(path) or routes[path] or "index"
        while path not in given and entity_id in taken and taken[entity_id] != path:
            entity_id = f"{entity_id}/index" if is_index(path) else f"{entity_id}~"
        taken.setdefault(entity_id, path)
        if config.pages.href is None:
            href = quote(layout.address(path, documents[path].front_matter), safe=_SAFE)
        else:
            href = _href(config.pages.href, routes[path], path, entity_id)
        identities[path] = PageIdentity(entity_id, path, routes[path], href)
    return identities, found


def _owner(paths: list[str], row: Row | None) -> str | None:
    """The page that a shared slug belongs to: the only one, or the one that stands where rows of that type stand."""
    if len(paths) == 1:
        return paths[0]
    if row is None or not paths:
        return None
    vocabulary = TypeVocabulary()
    kind = vocabulary.canonical(first_of(row.data, TYPE_KEYS) or "")
    fitting = [path for path in paths if any(vocabulary.of_folder(part) == kind for part in path.split("/")[:-1])]
    return min(fitting or paths, key=lambda path: (path.count("/"), path))


def _href(template: str, route: str, path: str, entity_id: str) -> str:
    values = {"route": route, "path": path, "slug": route.rsplit("/", 1)[-1], "id": entity_id}
    href = template
    for key, value in values.items():
        href = href.replace("{" + key + "}", quote(value, safe=_SAFE))
    return href.replace("//", "/") if href.startswith("/") else href


def identify(
    documents: Mapping[str, Document],
    layout: Layout,
    catalogs: Mapping[str, CatalogFile],
    roles: Mapping[str, CatalogRole],
    config: Config,
    named: Set[str] = frozenset(),
) -> Identified:
    """Make the entities of a site out of its pages and catalog rows; ``named`` is what pages refer to by name."""
    types = config.type_vocabulary()
    found: list[Finding] = []
    primary: dict[str, Row] = {}
    used: list[_SourcedRow] = []
    for role in ("entities", "facts"):
        for path, file in catalogs.items():
            if roles.get(path) == "rdf" and role == "facts":
                used += [(path, "facts", row) for row in file.claims]
                used += [(path, "entities" if primary.setdefault(row.id, row) is row else "facts", row) for row in file.rows]
            if roles.get(path) != role:
                continue
            for row in file.rows:
                if role == "entities" and row.id in primary:
                    found.append(finding("W301", f"the id {row.id!r} stands twice; the first row counts", path, row.line))
                elif role == "entities":
                    primary[row.id] = row
                    used.append((path, "entities", row))
                else:
                    used.append((path, "facts", row))
    variants = find_variants(documents, layout)
    pages, more = page_identities(documents, layout, variants, primary, config, named)
    found += more
    of_page = {identity.id: path for path, identity in pages.items()}
    known = primary.keys() | of_page.keys()
    used = [item for item in used if item[2].id in known]
    rows_of: dict[str, list[_SourcedRow]] = defaultdict(list)
    for item in used:
        rows_of[item[2].id].append(item)
    vault = _is_vault(layout, documents)
    noted_as = note_titles(documents) if layout.vault else {}
    drafts: dict[str, Entity] = {}
    redirects: dict[str, str] = {}
    for entity_id in sorted(known):
        place = of_page.get(entity_id, "")
        shown = layout.titles.get(place)
        document = documents.get(place)
        if document and place in noted_as:
            shown = noted_as[place].title
            document = document if noted_as[place].heading else structs.replace(document, title=None)
        drafts[entity_id] = draft = _draft(entity_id, pages.get(place), document, shown, rows_of[entity_id], types, found, redirects)
        if vault and place and (noted := documents[place].tags):
            drafts[entity_id] = structs.replace(draft, tags=tuple(sorted({*draft.tags, *plain_tags(noted)})))
    for path, variant in variants.items():
        entity_id, main = pages[path].id, pages[variant.main].id
        drafts[entity_id] = structs.replace(
            drafts[entity_id], language=variant.language, version=variant.version, variant_of=None if main == entity_id else main
        )
    return Identified(drafts, pages, tuple(used), tuple(found), redirects)


def _draft(
    entity_id: str,
    identity: PageIdentity | None,
    document: Document | None,
    shown: str | None,
    rows: list[_SourcedRow],
    types: TypeVocabulary,
    found: list[Finding],
    redirects: dict[str, str],
) -> Entity:
    """One entity as declared; where nobody declared a type it is the default one. ``shown`` is its title in the navigation."""
    front = document.front_matter if document else {}
    titles = [shown] if shown else []
    titles += [document.title] if document and document.title else []
    own_titles = len(titles)
    titles += [" ".join(title.split()) for _, _, row in rows if (title := first_of(row.data, TITLE_KEYS))]
    title = " ".join((titles[0] if titles else humanize(entity_id.rsplit("/", 1)[-1])).split()) or entity_id
    aliases = list(titles[1:])
    for written in texts(front, ALIAS_KEYS):
        if written.startswith(("/", "../", "./")) and identity:
            redirects[posixpath.normpath(posixpath.join("/", posixpath.dirname(identity.href.rstrip("/")), written)).strip("/")] = (
                identity.id
            )
        else:
            aliases.append(written)
    aliases += [alias for _, _, row in rows for alias in texts(row.data, ALIAS_KEYS)]
    declared = _declared_types(front, rows, types)
    kinds = [(types.canonical(written), origin) for written, origin in declared]
    stated = [kind for kind in kinds if kind[0] != DEFAULT_TYPE]
    if identity and stated and len({kind for kind, _ in stated[:2]}) > 1 and stated[0][1] == "front matter":
        found.append(finding("W303", f"the page says {declared[0][0]!r}, the catalog {stated[1][0]!r}", identity.path, 1))
    summary = first_of(front, SUMMARY_KEYS) or next((text for _, _, row in rows if (text := first_of(row.data, SUMMARY_KEYS))), None)
    if summary is None and document is not None:
        summary = next((clip(block.text, 280) for block in document.blocks if block.kind == "paragraph"), None)
    href = identity.href if identity else next((p for _, _, row in rows if (p := first_of(row.data, ("path", "href")))), None)
    facts = _page_facts(document, identity) + [fact for path, _, row in rows for fact in _row_facts(path, row)]
    entity = Entity(
        id=entity_id,
        title=title,
        type=stated[0][0] if stated else DEFAULT_TYPE,
        type_origin=stated[0][1] if stated else "default",
        declared_types=tuple(dict.fromkeys(written for written, _ in declared)),
        aliases=_distinct(aliases, title),
        tags=_tags(front, rows),
        summary=" ".join(summary.split()) if summary else None,
        path=identity.path if identity else None,
        href=href if href and href.startswith(("/", "http://", "https://")) else None,
        declared_in=tuple(f"{path}:{row.line}" for path, _, row in rows),
        facts=tuple(dict.fromkeys(facts)),
    )
    told = stated_by_rows(entity, front, titles[:own_titles], [(path, row) for path, _, row in rows], types.canonical) if rows else ()
    return structs.replace(entity, stated=told) if told else entity


def _declared_types(front: Mapping[str, Any], rows: list[_SourcedRow], types: TypeVocabulary) -> list[tuple[str, str]]:
    """Types as written and who wrote them; a catalog of facts, and a field that is not called a type, have a say only with a known type."""
    page = [(str(front[key]), "front matter") for key in TYPE_KEYS if isinstance(front.get(key), str) and front[key].strip()
            and (key in _TYPE_PROPER or types.canonical(front[key]) in types.types)][:1]  # fmt: skip
    told = [(role, first_of(row.data, TYPE_KEYS) or "") for _, role, row in rows]
    entities = [(kind, "catalog") for role, kind in told if role == "entities" and kind]
    facts = [(kind, "catalog") for role, kind in told if role == "facts" and kind and types.canonical(kind) in types.types]
    return page + entities + facts


def _distinct(names: Iterable[str], title: str) -> tuple[str, ...]:
    seen, kept = {fold(title)}, []
    for name in names:
        if fold(name) and fold(name) not in seen:
            seen.add(fold(name))
            kept.append(name)
    return tuple(kept)


def _tags(front: Mapping[str, Any], rows: list[_SourcedRow]) -> tuple[str, ...]:
    written = texts(front, TAG_KEYS) + [tag for _, _, row in rows for tag in texts(row.data, TAG_KEYS)]
    return tuple(sorted(plain_tags(written)))


def _is_vault(layout: Layout, documents: Mapping[str, Document]) -> bool:
    """Whether the pages are notes, by their layout; or, where none is recognised, because most of their links are wikilinks."""
    if layout.vault or layout.name != Layout.name:
        return layout.vault
    kinds = Counter(
        item.kind for document in documents.values() for item in document.references
        if item.kind == "wikilink" or (item.kind == "link" and "://" not in item.target)
    )  # fmt: skip
    return kinds["wikilink"] > kinds["link"]


def _page_facts(document: Document | None, identity: PageIdentity | None) -> list[Fact]:
    if document is None or identity is None:
        return []
    facts: list[Fact] = []
    for key, value in document.front_matter.items():
        facts += _facts(key, value, identity.path, document.lines.get(key, 1))
    return facts


def _row_facts(path: str, row: Row) -> list[Fact]:
    facts: list[Fact] = []
    for key, value in row.data.items():
        line = row.item_lines.get(key, [row.line])
        if key == "customFields" and isinstance(value, list):
            for field, at in zip(value, line, strict=False):
                if isinstance(field, dict) and isinstance(field.get("label"), str):
                    facts += _facts(field["label"], field.get("value"), path, at)
        else:
            facts += _facts(key, value, path, line[0] if line else row.line)
    return facts


def _facts(key: str, value: Any, path: str, line: int, *, depth: int = 0) -> list[Fact]:
    if key in _NOT_FACTS and depth == 0:
        return []
    if isinstance(value, (str, int, float)):
        text = ("true" if value else "false") if isinstance(value, bool) else " ".join(str(value).split())
        return [Fact(key, text, path, line)] if text and len(text) <= _LONGEST_FACT else []
    if isinstance(value, list):
        return [fact for item in value if not isinstance(item, (list, dict)) for fact in _facts(key, item, path, line, depth=1)]
    if isinstance(value, dict) and depth == 0:
        return [fact for inner, item in value.items() if not isinstance(item, (list, dict))
                for fact in _facts(f"{key}.{inner}", item, path, line, depth=1)]  # fmt: skip
    return []
