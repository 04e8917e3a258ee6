"""What joins entities: links as written, curated relations, citations."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from operator import attrgetter
from typing import Any

from msgspec import Struct

from kgraph.config import Config
from kgraph.ingest.anchors import anchors_of, dead_anchor, is_made_up
from kgraph.ingest.catalog import TITLE_KEYS, CatalogFile, CatalogRole, Row, first_of
from kgraph.ingest.componentroles import ADDRESS_ATTRIBUTES, component_roles, components_by_id
from kgraph.ingest.fields import relation_targets
from kgraph.ingest.htmlnames import plain_html
from kgraph.ingest.identify import Identified
from kgraph.ingest.resolve import Resolution, Resolver
from kgraph.ingest.series import Series
from kgraph.model.corpus import Citation, CitedSource, Link, Position, Relation
from kgraph.model.document import Block, Component, Document, Reference
from kgraph.model.finding import Finding, finding
from kgraph.model.relations import RELATED, RelationVocabulary
from kgraph.model.text import clip, fold, sentence_at
from kgraph.model.types import type_key

__all__ = ["Connected", "connect"]

_ELSEWHERE = re.compile(r"https?://|#|\.\.?/")
"""Start of what is an address even where others are ids."""
_DAY = re.compile(r"\d{4}-\d\d(?:-\d\d)?")
_RELATED_SECTIONS = frozenset(
    ("see also", "see-also", "related", "related pages", "related articles", "related topics", "related concepts", "related entries",
     "related links", "related notes", "related content", "related wiki pages", "similar pages")
)  # fmt: skip
_NO_RELATIONS = frozenset(("id", "entityId", "entity_id", "slug", "key", "identifier", "type", "tags", "keywords", "category", "categories",
                           "subcategory", "topics", "title", "name", "label", "entityRef"))  # fmt: skip
_NAMED_FIELDS = frozenset(("relations", "relationships"))
"""Fields that hold relations by their names."""
_RELATED_FIELDS = _NAMED_FIELDS | {"see-also", "links-to", "connections", "similar", "similar-pages"}
_POSITIONS: dict[str, Position] = {"list": "list", "table": "table", "footnote": "footnote", "heading": "heading"}


class Connected(Struct, frozen=True):
    """Links, relations and citations of a site."""

    links: tuple[Link, ...]
    relations: tuple[Relation, ...]
    sources: dict[str, CitedSource]
    citations: tuple[Citation, ...]
    external: dict[str, tuple[tuple[str, int], ...]]
    findings: tuple[Finding, ...]
    assumptions: tuple[str, ...]


def connect(
    documents: Mapping[str, Document],
    identified: Identified,
    catalogs: Mapping[str, CatalogFile],
    roles: Mapping[str, CatalogRole],
    resolver: Resolver,
    series: Series,
    config: Config,
    listed: Iterable[Relation] = (),
) -> Connected:
    """Resolve all references of all pages and catalogs; ``listed`` are relations found before."""
    sources = _cited_sources(catalogs, roles)
    own = {path: page.id for path, page in identified.pages.items()}
    links, citations, notes = component_roles(documents, resolver, sources, own, config)
    walk = _Walk(resolver, series, sources, links, citations, config.relation_vocabulary())
    walk.by_id = components_by_id(documents, links, resolver)
    walk.relations += listed
    walk.listed = frozenset(row.id for file in catalogs.values() for row in file.rows)
    for path, document in documents.items():
        walk.page(path, document, own[path])
    for path, _, row in identified.rows:
        walk.row(path, row)
    return walk.finished(notes)


def _cited_sources(catalogs: Mapping[str, CatalogFile], roles: Mapping[str, CatalogRole]) -> dict[str, CitedSource]:
    sources: dict[str, CitedSource] = {}
    for path, file in catalogs.items():
        if roles.get(path) != "sources":
            continue
        for row in file.rows:
            names = _names(row.data.get("authors") or row.data.get("author"))
            sources.setdefault(row.id, CitedSource(
                row.id, first_of(row.data, TITLE_KEYS) or row.id, first_of(row.data, ("url",)), first_of(row.data, ("type",)),
                names, first_of(row.data, ("published_date", "date", "year")), path, row.line,
            ))  # fmt: skip
    return dict(sorted(sources.items()))


def _names(authors: Any) -> tuple[str, ...]:
    """Names of authors, given as text, as a mapping with a name, or as a list of these."""
    found = [
        first_of(item, TITLE_KEYS) if isinstance(item, dict) else item for item in (authors if isinstance(authors, list) else [authors])
    ]
    return tuple(" ".join(str(name).split()) for name in found if isinstance(name, (str, int, float)) and str(name).strip())


class _Walk:
    """Goes through pages and rows and collects what joins them."""

    def __init__(
        self, resolver: Resolver, series: Series, sources: Mapping[str, CitedSource], links: Mapping[str, str],
        citations: Mapping[str, str], vocabulary: RelationVocabulary,
    ) -> None:  # fmt: skip
        self.resolver = resolver
        self.series = series
        self.sources = dict(sources)
        self.link_components = links
        self.citation_components = citations
        self.by_id: frozenset[str] = frozenset()
        """Components that name their target by its id where others give an address."""
        self.vocabulary = vocabulary
        self.links: list[Link] = []
        self.relations: list[Relation] = []
        self.citations: list[Citation] = []
        self.external: dict[str, list[tuple[str, int]]] = defaultdict(list)
        self.findings: list[Finding] = []
        self.wanted: dict[str, list[tuple[str, int]]] = defaultdict(list)
        self.fragments: list[tuple[str, str, str, int, bool]] = []
        self.listed: frozenset[str] = frozenset()
        """Ids of all rows, those of catalogs that declare no entities included."""
        self.anchors: dict[str, set[str]] = {}
        self.shown: dict[str, str] = {}
        """Page whose text another one shows as its own, by the id of that."""

    # -- pages -----------------------------------------------------------------------------------

    def page(self, path: str, document: Document, own: str) -> None:
        if not (self.resolver.by_file and is_made_up(document)):
            self.anchors[own] = anchors_of(document, self.resolver.fragments)
        source = document.front_matter.get("source")
        if isinstance(source, str) and "/" in source and (shown := self.resolver.name(source)).status == "found" and not shown.moved:
            self.shown[own] = shown.target or own
        items: list[Reference | Component] = [*document.references, *document.components]
        items.sort(key=lambda item: (item.block if item.block >= 0 else len(document.blocks), item.start, item.line))
        for item in items:
            if isinstance(item, Reference):
                self.reference(path, document, own, item)
            else:
                self.component(path, document, own, item)
        self.front_matter(path, document, own)

    def reference(self, path: str, document: Document, own: str, item: Reference) -> None:
        if item.kind == "image":
            return
        if item.kind == "link":
            self.link(path, document, own, item, "markdown", item.target, self.resolver.link(item.target, path))
        elif item.kind == "title":
            self.link(path, document, own, item, "wikilink", item.target, self.resolver.title(item.target))
        elif item.kind == "crossref":
            self.link(path, document, own, item, item.kind, item.target, Resolution("found", self.series.find(item.target)))
        else:
            resolution = self.resolver.wikilink(item.target, path, item.text)
            numbered = self.series.find(item.target.partition("#")[0]) if resolution.status == "dead" else None
            self.link(path, document, own, item, item.kind, item.target, Resolution("found", numbered) if numbered else resolution)

    def component(self, path: str, document: Document, own: str, item: Component) -> None:
        attribute = self.link_components.get(item.name)
        if attribute is not None:
            written = item.attributes.get(attribute)
            if written is None and attribute in ADDRESS_ATTRIBUTES:
                written = next((item.attributes[key] for key in ADDRESS_ATTRIBUTES if key in item.attributes), None)
            if written is None:
                if attribute in item.dynamic and not plain_html(item.name):
                    self.find("N205", f"<{item.name} {attribute}={{…}}> has no literal target", path, item.line)
                return
            address = (attribute in ADDRESS_ATTRIBUTES and item.name not in self.by_id) or _ELSEWHERE.match(written)
            resolution = self.resolver.href(written, path) if address else self.resolver.name(written)
            kind = "html" if item.name in ("a", "area") else item.name
            self.link(path, document, own, item, kind, written, resolution)
            return
        cited = self.citation_components.get(item.name)
        if cited is not None and cited in item.attributes and self.sources:
            work = item.attributes[cited]
            if work in self.sources:
                self.citations.append(Citation(own, work, path, item.line, item.block, item.start, item.end))
            else:
                self.find("W207", f"<{item.name}> cites {work!r}, which no catalog of sources has", path, item.line)
            return
        for attribute in ("entityId", "entity"):
            about = item.attributes.get(attribute)
            if about and about != own and about in self.resolver.entities:
                self.relations.append(Relation(own, about, "about", about, f"<{item.name}>", path, item.line))

    def link(
        self, path: str, document: Document, own: str, item: Reference | Component, kind: str, raw: str, resolution: Resolution
    ) -> None:  # fmt: skip
        if resolution.status in ("external", "asset"):
            address = resolution.address or raw.strip()
            if resolution.status == "external" and address.lower().startswith(("http:", "https:", "//")):
                self.external[path].append((address, item.line))
            return
        if (
            self.resolver.by_address
            and kind in ("markdown", "html")
            and raw.strip()[:1] not in ("/", "#", "")
            and resolution.status != "self"
        ):
            self.find("W213", f"link to {clip(raw, 120)!r} starts at the address of the page, not at its file", path, item.line)
        target = own if resolution.status == "self" else resolution.target
        if kind == "markdown" and raw.strip() == "#":
            self.find("W202", "# names no place: the link leads to the top of its own page", path, item.line)
        if resolution.fragment and target is not None and not (isinstance(item, Reference) and item.kind == "title"):
            exact = kind in ("markdown", "html") and not self.resolver.vault and not resolution.fragment.startswith("^")
            self.fragments.append((target, resolution.fragment, path, item.line, exact))
        if resolution.status == "self":
            return
        if resolution.status == "dead" and isinstance(item, Reference) and item.kind == "title":
            self.wanted[path].append((raw, item.line))
        elif resolution.status == "dead":
            self.find("W201", f"link to {clip(raw, 120)!r} leads to no page or entity", path, item.line)
        elif resolution.status == "ambiguous":
            self.find("W203", f"link to {clip(raw, 120)!r} fits {', '.join(resolution.candidates[:4])}", path, item.line)
        elif resolution.moved:
            self.find("W206", f"link to {clip(raw, 120)!r} was taken for {resolution.target}", path, item.line)
        elif resolution.redirected:
            self.find("W210", f"link to {clip(raw, 120)!r} leads by way of a former address to {resolution.target}", path, item.line)
        block = document.blocks[item.block] if item.block >= 0 else None
        section = block.section if block else _section_of(document, item.line)
        position: Position = "none" if block is None else _POSITIONS.get(block.kind) or ("lead" if block.section < 0 else "body")
        text, sentence = self.in_words(item, block, target, resolution)
        self.links.append(
            Link(own, target, raw, kind, text, sentence, path, item.line, item.block, section, item.start, position)
        )  # fmt: skip
        listed = item.relation if isinstance(item, Reference) else ""
        if section >= 0 and fold(document.headings[section].text) in _RELATED_SECTIONS:
            listed = document.headings[section].text
        if listed and target is not None and target != own:
            self.relations.append(Relation(own, target, RELATED, raw, listed, path, item.line))
        heading = document.headings[section].text if section >= 0 else ""
        if block and own in self.series.own and target is not None and target != own and fold(heading) == "status":
            stated = self.series.said_before(block.text[: item.start])
            if stated:
                self.relations.append(Relation(own, target, stated, raw, heading, path, item.line))

    def in_words(self, item: Reference | Component, block: Block | None, target: str | None, led: Resolution) -> tuple[str, str]:
        """Anchor text and sentence of a link; one written without text reads as the title that its site shows there."""
        text = led.text if led.turned else " ".join(item.text.split()) or led.text
        if block is None:
            return text, ""
        if (item.start < item.end and not led.turned) or target is None:
            return text, sentence_at(block.text, item.start, item.end)
        text = text or self.resolver.entities[target].title
        before, after = block.text[max(0, item.start - 2000) : item.start], block.text[item.end : item.end + 2000]
        return text, sentence_at(f"{before}{text}{after}", len(before), len(before) + len(text))

    def front_matter(self, path: str, document: Document, own: str) -> None:
        for key, value in document.front_matter.items():
            line = document.lines.get(key, 1)
            self.field(own, key, value, path, [line])

    # -- catalogs --------------------------------------------------------------------------------

    def row(self, path: str, row: Row) -> None:
        for key, value in row.data.items():
            self.field(row.id, key, value, path, row.item_lines.get(key, [row.line]))
        listed = row.data.get("sources")
        for place, source in enumerate(listed if isinstance(listed, list) else []):
            if isinstance(source, dict) and first_of(source, TITLE_KEYS):
                lines = row.item_lines.get("sources", [row.line])
                self.add_source(source, row.id, path, lines[min(place, len(lines) - 1)])
        address = first_of(row.data, ("path", "href"))
        if address and address.startswith("/"):
            page = self.resolver.href(address, "").target
            if page and page != row.id:
                self.relations.append(Relation(page, row.id, "about", address, "path", path, row.line))

    def add_source(self, data: Mapping[str, Any], own: str, path: str, line: int) -> None:
        """A work that a catalog row names in place: its address, or else its title, is its id."""
        url, title = first_of(data, ("url",)), first_of(data, TITLE_KEYS) or ""
        author = first_of(data, ("author", "authors"))
        work = CitedSource(
            url or title, title, url, first_of(data, ("type",)), (author,) if author else (),
            first_of(data, ("date", "published_date", "year")), path, line,
        )  # fmt: skip
        self.sources.setdefault(work.id, work)
        self.citations.append(Citation(own, work.id, path, line))

    # -- relations -------------------------------------------------------------------------------

    def field(self, own: str, key: str, value: Any, path: str, lines: list[int]) -> None:
        """A field of front matter or of a row that states relations."""
        numbered = self.series.field(own, key, value, self.vocabulary)
        for stated, written, target in numbered:
            line = lines[0] if lines else 0
            if target is None:
                self.find("W204", f"{key}: no page is called {clip(written, 120)!r}", path, line)
            if target != own:
                self.relations.append(Relation(own, target, stated, written, key, path, line))
        if numbered:
            return
        name = self.relation_name(key)
        if name is not None:
            for place, part in enumerate([[item] for item in value] if isinstance(value, list) else [value]):
                line = lines[min(place, len(lines) - 1)] if lines else 0
                for target, told in relation_targets(part, self.vocabulary, named=type_key(key) in _NAMED_FIELDS):
                    self.relation(own, key, self.vocabulary.canonical(told) if told else name, target, path, line)
        elif isinstance(value, (str, list)) and key not in _NO_RELATIONS and self.all_ids(key, value):
            items = value if isinstance(value, list) else [value]
            for item in (item for item in items if item != own):
                self.relations.append(Relation(own, item, self.vocabulary.canonical(key), item, key, path, lines[0] if lines else 0))

    def relation_name(self, key: str) -> str | None:
        """Name of the relation that a field states by its own name, or None."""
        plain = type_key(key)
        if (plain.startswith(("related", "linked-", "connected-", "associated-")) and plain != "linked-in") or plain in _RELATED_FIELDS:
            return RELATED
        if plain in ("parent", "parents"):
            return "child-of"
        return None

    def all_ids(self, key: str, value: str | list[Any]) -> bool:
        """Whether a field holds ids of entities and nothing else.

        Where its name is not that of a known relation, one of them must look like an id (more than one word, joined), so that
        a plain word that happens to be an id is no relation; nor is a day that a note of a diary is called by.
        """
        items = value if isinstance(value, list) else [value]
        if not items or not all(isinstance(item, str) and item in self.resolver.entities and not _DAY.fullmatch(item) for item in items):
            return False
        return self.vocabulary.known(self.vocabulary.canonical(key)) or any("-" in item or "/" in item for item in items)

    def relation(self, own: str, key: str, name: str, written: str, path: str, line: int) -> None:
        numbered = self.series.find(written, own, alone=True)
        resolution = Resolution("found", numbered) if numbered else self.resolver.name(written)
        if resolution.status == "external":
            return
        if resolution.status == "ambiguous":
            self.find("W203", f"{key}: {written!r} fits {', '.join(resolution.candidates[:4])}", path, line)
        elif resolution.status != "found" and written not in self.listed:
            self.find("W204", f"{key}: no page or entity is called {clip(written, 120)!r}", path, line)
        elif resolution.moved:
            self.find("W206", f"{key}: {clip(written, 120)!r} was taken for {resolution.target}", path, line)
        if resolution.target != own:
            self.relations.append(Relation(own, resolution.target, name, written, key, path, line))

    # -- the end ---------------------------------------------------------------------------------

    def find(self, rule: str, message: str, path: str, line: int) -> None:
        self.findings.append(finding(rule, message, path, line))

    def finished(self, notes: Iterable[str]) -> Connected:
        for own, shown in self.shown.items():
            self.anchors[own] = self.anchors.get(own, set()) | self.anchors.get(shown, set())
        for target, fragment, path, line, exact in self.fragments:
            if message := dead_anchor(fragment, target, self.anchors, exact=exact):
                self.find("W202", message, path, line)
        for path, wanted in self.wanted.items():
            titles = list(dict.fromkeys(raw for raw, _ in wanted))
            told = ", ".join(repr(clip(title, 80)) for title in titles[:3]) + (" …" if len(titles) > 3 else "")
            self.find("N209", f"{len(wanted)} links lead to {len(titles)} titles without a page: {told}", path, wanted[0][1])
        external = {path: tuple(found) for path, found in sorted(self.external.items())}
        relations = dict.fromkeys(self.relations)
        ordered = sorted(relations, key=lambda item: (item.source, item.target or "", item.name, item.path, item.line, item.key))
        return Connected(
            tuple(self.links), tuple(ordered), dict(sorted(self.sources.items())),
            tuple(sorted(set(self.citations), key=attrgetter("path", "line", "work", "source", "block", "start", "end"))),
            external, tuple(self.findings), tuple(notes),
        )  # fmt: skip


def _section_of(document: Document, line: int) -> int:
    section = -1
    for place, heading in enumerate(document.headings):
        if heading.line > line:
            break
        section = place
    return section
