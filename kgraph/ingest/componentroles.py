"""Which components of MDX and HTML are links, which are citations, and which of the links give ids."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from kgraph.config import Config
from kgraph.ingest.htmlnames import plain_html
from kgraph.ingest.resolve import Resolver
from kgraph.model.corpus import CitedSource
from kgraph.model.document import Document

__all__ = ["ADDRESS_ATTRIBUTES", "component_roles", "components_by_id"]

_LINK_COMPONENTS = {
    "EntityLink": "id", "PageLink": "id", "WikiLink": "to", "DocLink": "to", "XRef": "id", "a": "href", "Link": "href", "NavLink": "to",
    "Card": "href", "LinkCard": "href", "LinkButton": "href", "area": "href",
}  # fmt: skip
_CITATION_COMPONENTS = {"R": "id", "Cite": "id", "Citation": "id", "ResourceLink": "id", "ResourceCite": "id", "Reference": "id"}
_LOOKS = frozenset(("icon", "type", "variant", "color", "theme", "size", "lang", "language", "class", "className", "style"))
"""Attributes that say how something looks, whose values may happen to be ids."""
ADDRESS_ATTRIBUTES = ("href", "to")
_ADDRESS = re.compile(r"/|#|\.|\w[\w+.-]*:")
"""Start of what cannot be an id."""


def component_roles(
    documents: Mapping[str, Document], resolver: Resolver, sources: Mapping[str, CitedSource], own: Mapping[str, str], config: Config
) -> tuple[dict[str, str], dict[str, str], list[str]]:
    """Which components are links and which are citations: name to attribute, and what was assumed.

    Configuration and well-known names come first. A component that nobody knows is a link when at least half of the
    values of one of its attributes are ids of other pages and it mostly stands in prose, and a citation when they are ids of
    cited sources.
    """
    links = {**_LINK_COMPONENTS, **config.components.links}
    citations = {**_CITATION_COMPONENTS, **config.components.citations}
    told = {*config.components.ignore}
    for name in told | set(config.components.citations):
        links.pop(name, None)
    for name in told | set(config.components.links):
        citations.pop(name, None)
    total: Counter[tuple[str, str]] = Counter()
    entity_hits: Counter[tuple[str, str]] = Counter()
    source_hits: Counter[tuple[str, str]] = Counter()
    for path, document in documents.items():
        for component in document.components:
            if component.name in told or component.name in links or component.name in citations:
                continue
            for attribute, value in component.attributes.items():
                if attribute not in _LOOKS:
                    total[component.name, attribute] += 1
                    entity_hits[component.name, attribute] += component.block >= 0 and value in resolver.entities and value != own[path]
                    source_hits[component.name, attribute] += value in sources
    notes: list[str] = []
    for (name, attribute), count in sorted(total.items()):
        if plain_html(name) and attribute != "href":
            continue
        if attribute in ADDRESS_ATTRIBUTES and name not in links:
            links[name] = attribute
        elif count >= 3 and entity_hits[name, attribute] * 2 >= count and name not in links:
            links[name] = attribute
            notes.append(f"<{name} {attribute}=…> is a link ({count} uses)")
        elif count >= 3 and source_hits[name, attribute] * 2 >= count and name not in citations:
            citations[name] = attribute
            notes.append(f"<{name} {attribute}=…> is a citation ({count} uses)")
    return links, citations, notes


def components_by_id(documents: Mapping[str, Document], links: Mapping[str, str], resolver: Resolver) -> frozenset[str]:
    """Components whose addresses are ids or routes: at least half of those that begin with no slash, dot, ``#`` or scheme are some."""
    bare: Counter[str] = Counter()
    hits: Counter[str] = Counter()
    for document in documents.values():
        for component in document.components:
            written = component.attributes.get(links.get(component.name, ""), "")
            if written and links[component.name] in ADDRESS_ATTRIBUTES and not plain_html(component.name) and not _ADDRESS.match(written):
                bare[component.name] += 1
                hits[component.name] += written in resolver.entities or written.removeprefix("__index__/") in resolver.routes
    return frozenset(name for name, count in bare.items() if hits[name] * 2 >= count)
