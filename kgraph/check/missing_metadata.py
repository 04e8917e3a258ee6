"""N409: a field that the front matter lacks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Set

from kgraph.check.site import Site
from kgraph.model.document import Document
from kgraph.model.finding import Finding, finding

__all__ = ["missing_metadata"]

_LEAST = 10
"""Pages of a type from which it can be told what they have."""
_SHARE = 0.9
"""Part of the pages of a type that have a field, from which the others lack it."""
_OWN = frozenset(
    ("draft", "template", "slug", "permalink", "redirect_from", "aliases", "sidebar", "hide", "layout", "weight", "toc", "type")
)
"""Fields that steer the site builder or are one page's own."""


def missing_metadata(site: Site) -> Iterator[Finding]:
    """Pages without a field that the settings require; where they require none of a type, without one that nearly all its pages have.

    Index pages lack what the settings require of ``all`` only.
    """
    required = site.config.check.metadata
    grouped: dict[str, dict[str, Document]] = defaultdict(dict)
    for path, page in site.corpus.pages.items():
        grouped[site.corpus.entities[page.entity].type][path] = site.corpus.documents[path]
    for kind, documents in grouped.items():
        usual = {} if kind in required else _usual(site, documents)
        for path, document in documents.items():
            index = site.is_index(site.corpus.entities[site.corpus.pages[path].entity])
            has = {key for key, value in document.front_matter.items() if value not in (None, "", [], {})}
            for key in sorted({*required.get("all", ()), *required.get(kind, ())} - has - _given(document)):
                yield finding("N409", f"the field {key!r} is missing", path, detail="the settings require it")
            for key in sorted(usual.keys() - has - {*required.get("all", ())}) if not index else ():
                detail = f"{usual[key]} of the {len(documents)} pages of type {kind} have it"
                yield finding("N409", f"the field {key!r} is missing", path, detail=detail)


def _given(document: Document) -> Set[str]:
    """Fields that a page has without front matter: its title may be its first heading."""
    return {"title"} if document.title else set()


def _usual(site: Site, documents: Mapping[str, Document]) -> dict[str, int]:
    """Fields that nearly all pages of a type have, and how many."""
    counts = Counter(
        key for document in documents.values() for key, value in document.front_matter.items() if value not in (None, "", [], {})
    )
    known = {*_OWN, *site.config.pages.id_keys, "title"}
    return {
        key: count for key, count in counts.items() if key not in known and count >= _LEAST and count >= _SHARE * len(documents)
    }  # fmt: skip
