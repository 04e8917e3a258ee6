"""Files that only send the reader on: no pages of their own, but former addresses of the pages they lead to."""

from __future__ import annotations

from collections.abc import Mapping

from kgraph.ingest.layouts.base import Layout
from kgraph.ingest.resolve import Resolver, page_route
from kgraph.model.document import Document
from kgraph.model.finding import Finding, finding

__all__ = ["follow_redirects", "without_redirects"]


def without_redirects(documents: Mapping[str, Document]) -> tuple[dict[str, Document], dict[str, Document]]:
    """The pages, and the files that send the reader on; where nothing else is there, all are pages."""
    stubs = {path: document for path, document in documents.items() if document.redirect}
    pages = {path: document for path, document in documents.items() if path not in stubs}
    return (pages, stubs) if pages else (dict(documents), {})


def follow_redirects(stubs: Mapping[str, Document], layout: Layout, resolver: Resolver) -> list[Finding]:
    """Let the path and the address of each stub lead to the page at the end of its chain.

    What leads to no page, as a loop does, is a finding; links to such a stub are dead.
    """
    waiting = dict(sorted(stubs.items()))
    while waiting:
        followed = {}
        for path, document in waiting.items():
            resolution = resolver.href(document.redirect or "", path)
            if resolution.status == "found" and resolution.target is not None:
                followed[path] = resolution.target
            elif resolution.status == "external":
                followed[path] = ""
        if not followed:
            break
        for path, target in followed.items():
            document = waiting.pop(path)
            if target:
                resolver.stub(path, (page_route(path, layout.root), layout.address(path, document.front_matter)), target)
    return [finding("W208", f"redirect to {document.redirect!r} leads to no page", path, 1) for path, document in waiting.items()]
