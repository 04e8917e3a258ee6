"""Files that only send the reader on: no pages of their own, but former addresses of the pages they lead to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, MutableMapping

from msgspec import structs

from kgraph.ingest.layouts.base import Layout
from kgraph.ingest.resolve import Resolution, Resolver, page_route
from kgraph.model.corpus import Entity
from kgraph.model.document import Document
from kgraph.model.finding import Finding, finding
from kgraph.model.text import fold

__all__ = ["follow_redirects", "follow_table", "name_redirected", "without_redirects"]


def without_redirects(documents: Mapping[str, Document]) -> tuple[dict[str, Document], dict[str, Document]]:
    """The pages, and the files that send the reader on; where nothing else is there, all are pages."""
    stubs = {path: document for path, document in documents.items() if document.redirect}
    pages = {path: document for path, document in documents.items() if path not in stubs}
    return (pages, stubs) if pages else (dict(documents), {})


def follow_redirects(stubs: Mapping[str, Document], layout: Layout, resolver: Resolver) -> tuple[dict[str, str], list[Finding]]:
    """Let the path, the address and the title of each stub lead to the page at the end of its chain.

    Returns:
        Id of that page by the path of the stub, and findings: what leads to no page, as a loop does; links to such a stub are dead.

    """
    waiting = dict(sorted(stubs.items()))
    led: dict[str, str] = {}
    while waiting:
        followed = {}
        for path, document in waiting.items():
            resolution = _target(document.redirect or "", path, resolver)
            if resolution.status == "found" and resolution.target is not None:
                followed[path] = resolution.target
            elif resolution.status == "external":
                followed[path] = ""
        if not followed:
            break
        for path, target in followed.items():
            document = waiting.pop(path)
            if target:
                led[path] = target
                routes = (page_route(path, layout.root), layout.address(path, document.front_matter))
                resolver.stub(path, routes, target, document.title or layout.titles.get(path))
    lost = [finding("W208", f"redirect to {document.redirect!r} leads to no page", path, 1) for path, document in waiting.items()]
    return led, lost


def follow_table(table: Iterable[tuple[str, str]], resolver: Resolver) -> None:
    """Let each former address of a table lead to the page, or the other site, at the end of its chain."""
    waiting = dict(table)
    while waiting:
        led = {source: found for source, target in waiting.items() if (found := resolver.href(target, "")).status in ("found", "external")}
        for source, found in led.items():
            if found.target is not None:
                resolver.redirect(source, found.target)
            else:
                resolver.send_away(source, found.address or waiting[source])
            del waiting[source]
        if not led:
            return


def _target(written: str, path: str, resolver: Resolver) -> Resolution:
    """What a stub leads to: the title that wikitext names in brackets, or an address."""
    return resolver.title(written[2:-2]) if written.startswith("[[") and written.endswith("]]") else resolver.href(written, path)


def name_redirected(
    entities: MutableMapping[str, Entity], stubs: Mapping[str, Document], led: Mapping[str, str], titles: Mapping[str, str]
) -> None:
    """Make the title of each stub of wikitext another name of the entity it leads to, unless it leads to a section of its page."""
    names: dict[str, list[str]] = {}
    for path, target in sorted(led.items()):
        written = stubs[path].redirect or ""
        title = stubs[path].title or titles.get(path)
        if title and written.startswith("[[") and "#" not in written:
            names.setdefault(target, []).append(title)
    for target, found in names.items():
        entity = entities[target]
        known = {fold(entity.title), *map(fold, entity.aliases)}
        new = [name for place, name in enumerate(found) if fold(name) not in known and fold(name) not in map(fold, found[:place])]
        entities[target] = structs.replace(entity, aliases=(*entity.aliases, *new))
