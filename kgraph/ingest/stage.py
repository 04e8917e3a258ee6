"""The ingest stage: a source folder in, a corpus out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Literal

import msgspec

from kgraph.config import Config
from kgraph.ingest.boilerplate import without_boilerplate
from kgraph.ingest.cache import Cache
from kgraph.ingest.candidates import find_candidates
from kgraph.ingest.canonical import site_address
from kgraph.ingest.catalog import CatalogFile, catalog_roles, first_of
from kgraph.ingest.changes import DATE_KEYS
from kgraph.ingest.connect import Connected, connect
from kgraph.ingest.crossrefs import CrossReferences, with_contents
from kgraph.ingest.discover import SourceTree, discover, no_pages
from kgraph.ingest.htmlnames import plain_html
from kgraph.ingest.identify import Identified, identify
from kgraph.ingest.inference import infer_types
from kgraph.ingest.layouts.base import Layout
from kgraph.ingest.load import LoadedFiles, load_files, readers_used
from kgraph.ingest.mentions import find_mentions
from kgraph.ingest.redirects import follow_redirects, follow_table, name_redirected, without_redirects
from kgraph.ingest.relatedblock import read_related
from kgraph.ingest.resolve import Resolver, page_route
from kgraph.ingest.series import find_series, with_names, with_references, without_names
from kgraph.ingest.servedat import served_at
from kgraph.memory import Memory
from kgraph.model.corpus import Corpus, Entity, Link, Page
from kgraph.model.document import Document
from kgraph.model.finding import Finding, Severity, finding
from kgraph.model.text import fold

__all__ = ["Identification", "build_corpus", "ingest"]

_IDENTIFYING = frozenset(("id", "to", "ref", "slug", "page", "pageId", "entity", "entityId", "target"))
"""Attributes by which components name pages; the others say how something is shown."""
Progress = Callable[[str, int, int], None]
Identification = Callable[[Mapping[str, Entity], Mapping[str, Document]], None]


def ingest(
    source: Path,
    config: Config,
    *,
    jobs: int = 1,
    cache: Cache | None = None,
    leave_out: Path | None = None,
    progress: Progress | None = None,
) -> tuple[Corpus, LoadedFiles, SourceTree]:
    """Read the pages and catalogs of SOURCE and find out what joins them.

    Args:
        source: Folder, repository or file.
        config: Settings; all have defaults.
        jobs: Processes that parse.
        cache: Parsed forms of earlier builds.
        leave_out: Folder not to enter (the workspace).
        progress: Called with what is done, how much of it, and how much there is.

    Raises:
        SourceError: there is no such folder, or no page in it.

    """
    tree = discover(source, config, leave_out=leave_out)
    tree.require_pages()
    step = None if progress is None else (lambda done, total: progress("reading", done, total))
    loaded = load_files(tree, config, jobs=jobs, cache=cache, progress=step)
    return build_corpus(tree, loaded, config, progress=progress, jobs=jobs), loaded, tree


def build_corpus(
    tree: SourceTree,
    loaded: LoadedFiles,
    config: Config,
    *,
    progress: Progress | None = None,
    identified_as: Identification | None = None,
    mentioned: Memory | None = None,
    jobs: int = 1,
) -> Corpus:
    """Make the corpus of parsed files; depends on nothing but its arguments.

    ``identified_as`` is called as soon as it is known which entities there are and what they and their documents say, which is the
    longer half before the end; of the entities only the types may change after. ``mentioned`` remembers the mentions of each page; ``jobs``
    processes at the most search for them.
    """
    documents, stubs = without_redirects(without_boilerplate(loaded.documents))
    documents, drafts = _without_drafts(documents, tree.layout, config)
    layout, notes = served_at(tree.layout, documents)
    tree = msgspec.structs.replace(tree, layout=layout)
    documents = with_contents(documents, tree.page_root)
    parsed = loaded.documents
    loaded = msgspec.structs.replace(loaded, documents=documents)
    if progress:
        progress("resolving", 0, 1)
    page_ids, named, referred = _known_ids(documents, tree.page_root, config)
    roles, more = catalog_roles(loaded.catalogs, page_ids, page_ids | named, config.catalogs)
    notes += more
    identified = identify(documents, tree.layout, loaded.catalogs, roles, config, referred)
    if not identified.entities:
        raise no_pages(tree.root)
    ids = {path: page.id for path, page in identified.pages.items()}
    blocks = read_related(documents, ids, identified.entities, config.type_vocabulary())
    if blocks.entities:
        identified = msgspec.structs.replace(identified, entities=dict(sorted({**identified.entities, **blocks.entities}.items())))
    series = find_series(documents, ids, identified.entities, config)
    documents = with_references(documents, series, ids)
    identified = msgspec.structs.replace(identified, entities=with_names(identified.entities, series))
    routes = {page.route: page.id for page in identified.pages.values()}
    addresses = {page.path: page.href for page in identified.pages.values()}
    site = config.pages.site_url or tree.layout.site or site_address(documents, tree.page_root)
    resolver = Resolver(identified.entities, routes, tree.page_root, site, addresses, tree.layout.folder, tree.layout.by_file)
    resolver.by_address, resolver.vault, resolver.fragments = layout.by_address, layout.vault, layout.fragments
    resolver.falls_back, resolver.by_label = tree.layout.falls_back, tree.layout.by_label
    for route, entity_id in identified.redirects.items():
        resolver.redirect(route, entity_id)
    follow_table(tree.redirects, resolver)
    if layout.numbered:
        for path, entity_id in ids.items():
            resolver.serve("/".join(layout.parts(path)), entity_id)
    cross = CrossReferences(documents, ids, tree.page_root, strict=layout.strict, titled=layout.titled, numbered=series.page)
    resolver.cross = cross.resolve
    resolver.text_first, resolver.made = layout.text_first, layout.makes
    led, lost = follow_redirects(stubs, tree.layout, resolver)
    name_redirected(identified.entities, stubs, led, tree.layout.titles)
    if identified_as:
        identified_as(identified.entities, documents)
    connected = connect(documents, identified, loaded.catalogs, roles, resolver, series, config, blocks.relations)
    _infer(identified, documents, connected, tree.page_root, config)
    if progress:
        progress("finding mentions", 0, 1)
    as_parsed = {path: loaded.keys[path] for path, document in documents.items() if document is parsed[path] and path in loaded.keys}
    mentions = find_mentions(documents, ids, without_names(identified.entities, series), connected.links, mentioned, as_parsed, jobs)
    curated = any(role == "entities" for role in roles.values())
    wanted = config.entities.candidates == "on" or (config.entities.candidates == "auto" and not curated)
    candidates = find_candidates(documents, ids, identified.entities.values(), loaded.named) if wanted else ()
    notes += [f"{name.upper()} with a number names one of {len(found)} pages" for name, found in sorted(series.pages.items())]
    if drafts:
        notes.append(f"{drafts} draft{'s' if drafts > 1 else ''} left out, as {tree.layout.name} does")
    if stubs:
        notes.append(f"{len(stubs)} files only send the reader on; they count as addresses of the pages they lead to")
    if loaded.history.days:
        notes.append(f"{len(loaded.history.days)} pages without a date have the day of the last commit that changed them")
    if loaded.left_out:
        notes.append(f"{loaded.left_out:,} talk, user, file, template and like pages of the dump left out")
    findings = {*tree.left_out, *tree.layout.findings, *loaded.findings}
    findings |= {*identified.findings, *lost, *blocks.findings, *connected.findings}
    findings |= {*_title_findings(identified.entities, connected.links), *_address_findings(identified)}
    assumptions = (*tree.assumptions, *notes, *connected.assumptions, *_id_assumptions(identified))
    types, relations = config.type_vocabulary(), config.relation_vocabulary()
    used_types = sorted({entity.type for entity in identified.entities.values()}, key=types.position)
    used_relations = sorted({relation.name for relation in connected.relations})
    return Corpus(
        base_iri=config.base_iri,
        entities=identified.entities,
        pages=_pages(identified, loaded, connected),
        links=connected.links,
        relations=connected.relations,
        mentions=tuple(mentions),
        sources=connected.sources,
        citations=connected.citations,
        external=connected.external,
        findings=tuple(sorted(findings)),
        assumptions=assumptions,
        catalogs=dict(sorted(roles.items())),
        catalog_hashes={path: loaded.hashes[path] for path in sorted(roles)},
        merged=_merged(loaded.catalogs, config.base_iri),
        documents=documents,
        candidates=candidates,
        redirects={path: led.get(path, "") for path in sorted(stubs)},
        settings={
            "types": {key: msgspec.structs.asdict(types.get_type(key)) for key in used_types},
            "relations": {name: msgspec.structs.asdict(relations.relations[name]) for name in used_relations if relations.known(name)},
        },
    )


def _without_drafts(documents: dict[str, Document], layout: Layout, config: Config) -> tuple[dict[str, Document], int]:
    """The pages that the site builder would publish, and how many others there are; where all are drafts, all are pages."""
    if config.pages.drafts:
        return documents, 0
    found = {path: document for path, document in documents.items() if layout.is_published(document.front_matter)}
    return (found, len(documents) - len(found)) if found else (documents, 0)


def _merged(catalogs: Mapping[str, CatalogFile], base: str) -> dict[str, tuple[str, ...]]:
    """Statements of the files of RDF, by path."""
    from kgraph.ingest.readers.rdfdata import skolemised

    return {path: skolemised(file.statements, path, base) for path, file in sorted(catalogs.items()) if file.statements}


def _infer(identified: Identified, documents: Mapping[str, Document], connected: Connected, root: str, config: Config) -> None:
    """Give entities without a declared type the one that the site suggests."""
    found = infer_types(identified.entities, documents, connected.links, connected.relations, root, config.type_vocabulary())
    for entity_id, told in found.items():
        identified.entities[entity_id] = msgspec.structs.replace(
            identified.entities[entity_id],
            type=told.type,
            type_origin=told.origin,
            type_confidence=told.confidence,
            type_evidence=told.evidence,
        )


def _known_ids(documents: Mapping[str, Document], page_root: str, config: Config) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Ids that pages claim, what pages may refer to by name, and what they do refer to by the id of a page."""
    page_ids: set[str] = set()
    named: set[str] = set()
    referred: set[str] = set()
    for path, document in documents.items():
        page_ids.add(page_route(path, page_root).rsplit("/", 1)[-1])
        declared = first_of(document.front_matter, config.pages.id_keys)
        if declared:
            page_ids.add(declared)
        for item in document.components:
            named.update(item.attributes.values())
            if not plain_html(item.name):
                referred.update(value for key, value in item.attributes.items() if key in _IDENTIFYING)
        referred.update(item.target.partition("#")[0] for item in document.references if item.kind in ("wikilink", "embed"))
    return frozenset(page_ids), frozenset(named | referred), frozenset(referred)


def _pages(identified: Identified, loaded: LoadedFiles, connected: Connected) -> dict[str, Page]:
    internal = Counter(link.path for link in connected.links if link.target and link.target != link.source)
    cited = Counter(citation.path for citation in connected.citations)
    readers = readers_used(loaded.documents)
    pages: dict[str, Page] = {}
    for path, identity in sorted(identified.pages.items()):
        document = loaded.documents[path]
        quality = document.front_matter.get("quality")
        told = first_of(document.front_matter, DATE_KEYS)
        date = told or loaded.history.days.get(path)
        pages[path] = Page(
            entity=identity.id, path=path, sha256=loaded.hashes[path], reader=readers[path], href=identity.href,
            date=date, date_origin="page" if told else "git" if date else "",
            quality=float(quality) if isinstance(quality, (int, float)) and not isinstance(quality, bool) else None,
            counts=document.counts, internal_links=internal[path], external_links=len(connected.external.get(path, ())),
            citations=cited[path],
        )  # fmt: skip
    return pages


def _title_findings(entities: Mapping[str, Entity], links: Iterable[Link]) -> list[Finding]:
    """Entities with pages that share a title, those of one language and version; a note only, where no link goes by a name."""
    titles: dict[tuple[str, str, str], list[Entity]] = defaultdict(list)
    for entity in entities.values():
        if entity.path and entity.variant_of is None:
            titles[fold(entity.title), entity.language, entity.version].append(entity)
    level: Severity | Literal[""] = "" if any(link.by_name for link in links) else "note"
    return [
        finding("W302", f"{entity.id} and {group[0].id} are both called {entity.title!r}", entity.path or "", 1, level=level)
        for group in titles.values() for entity in group[1:]
    ]  # fmt: skip


def _address_findings(identified: Identified) -> list[Finding]:
    """Pages that are served at the address of another one."""
    served: dict[str, str] = {}
    found = []
    for path, identity in sorted(identified.pages.items()):
        first = served.setdefault(identity.href, path)
        if first != path:
            found.append(finding("W305", f"is served at {identity.href}, as {first} is", path, 1))
    return found


def _id_assumptions(identified: Identified) -> list[str]:
    pages = len(identified.pages)
    by_route = sum(1 for page in identified.pages.values() if page.id == page.route and "/" in page.id)
    notes = [f"{pages - by_route} of {pages} pages go by their file name or declared id, {by_route} by their route"] if pages else []
    origins = Counter(entity.type_origin for entity in identified.entities.values())
    if origins["folder"]:
        notes.append(f"{origins['folder']} pages without a type got one from their folder")
    if origins["inferred"]:
        notes.append(f"{origins['inferred']} entities without a type got one from what typed ones have in common, or from their words")
    return notes
