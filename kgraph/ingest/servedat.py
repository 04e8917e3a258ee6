"""Where a site of no known builder serves its pages, as the links from the root of the site tell.

Files of a site often come without its settings: ``01-guides/02-install.md`` is linked as ``/docs/guides/install``. Links that hold under
another base, or without the numbers that order files, tell so themselves.
"""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from kgraph.ingest.layouts.base import Layout, number
from kgraph.model.document import Document

__all__ = ["served_at"]

_FEWEST = 5
"""Addresses that must be linked before they tell anything."""
_ENDING = re.compile(r"\.(?:mdx?|markdown|x?html?)$", re.I)
_FILE = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,6}$")
_INDEX = re.compile(r"(?:^|/)(?:_?index|readme)$", re.I)


def served_at(layout: Layout, documents: Mapping[str, Document]) -> tuple[Layout, list[str]]:
    """The layout with the base of its addresses, and whether numbers are no part of them; and what was assumed.

    Nothing is changed where at least half of the addresses linked are those of files, or where no base makes more than half of them,
    and more than twice as many as there are without it, addresses of pages.
    """
    if layout.name != "plain":
        return layout, []
    linked = set(_addresses(documents))
    stems = ["/".join(layout.parts(path)) for path in documents]
    plain = linked & set(stems)
    if len(linked) < _FEWEST or len(plain) * 2 >= len(linked):
        return layout, []
    without = {"/".join(map(number, stem.split("/"))) for stem in stems}
    bases = Counter("/".join(address.split("/")[:length]) for address in linked for length in (1, 2, 3) if address.count("/") >= length)
    best, base, numbered = len(plain), "", False
    for tried in ("", *(name for name, count in sorted(bases.items()) if count * 2 >= len(linked))):
        inner = {address[len(tried) :].lstrip("/") for address in linked if f"{address}/".startswith(f"{tried}/" if tried else "")}
        for routes, names in ((set(stems), False), (without, True)):
            if (hits := len(inner & routes)) > best:
                best, base, numbered = hits, tried, names
    if best * 2 < len(linked) or best <= 2 * len(plain):
        return layout, []
    found = copy.copy(layout)
    found.base, found.numbered = base, numbered
    told = f"pages are served under /{base}" if base else "pages are served at the root"
    return found, [f"{told}{', without the numbers that order their files' if numbered else ''}: {best} of {len(linked)} addresses linked"]


def _addresses(documents: Mapping[str, Document]) -> Iterator[str]:
    """Addresses from the root of the site that pages link to, as routes."""
    for document in documents.values():
        written = [item.target for item in document.references if item.kind == "link"]
        written += [item.attributes[key] for item in document.components for key in ("href", "to") if key in item.attributes]
        for target in written:
            path = _ENDING.sub("", unquote(re.split(r"[?#]", target.strip(), maxsplit=1)[0]))
            if path.startswith("/") and not path.startswith("//") and not _FILE.search(path):
                route = _INDEX.sub("", re.sub(r"/{2,}", "/", path).strip("/"))
                if route:
                    yield route
