"""Search results."""

from __future__ import annotations

import re
from collections import Counter

from starlette.requests import Request

from kgraph.search import MARK_END, MARK_START, Found
from kgraph.serve.answers import read_number, read_type
from kgraph.serve.explorer.showing import Shown, pager
from kgraph.serve.layout import chips, commas, count, entity_list, search_form, search_url, title_block
from kgraph.serve.markup import Html, join, tag
from kgraph.serve.site import Site

__all__ = ["find", "passages_of"]

_PAGE_LENGTH = 25
_SHOWN_TYPES = 12


def find(request: Request, site: Site) -> Shown:
    """Entities that have the words asked for, those of one type when one is named."""
    words, kind = request.query_params.get("q", "").strip()[:200], read_type(request, site)
    offset = read_number(request, "offset", 0, least=0, most=100_000_000)
    found = site.search.find(words)
    ids = [entity_id for entity_id in found.ids if kind is None or site.entities[entity_id].type == kind]
    shown = ids[offset : offset + _PAGE_LENGTH]
    told = count(len(ids), "entity", "entities") + (f", {offset + 1:,} to {offset + len(shown):,}" if 0 < len(shown) < len(ids) else "")
    hidden = tag("input", type="hidden", name="type", value=kind) if kind else Html()
    return Shown(
        f"Search: {words}" if words else "Search",
        (
            title_block("Search"), search_form(words, hidden, large=True), _types(site, found, words, kind),
            tag("p", told, _told(found, words), class_="soft", role="status"), entity_list(site, shown, passages_of(site, found, shown)),
            _closest(site, words) if not ids else None,
            pager(offset, _PAGE_LENGTH, len(ids), lambda to: search_url(words, kind, to)),
        ),
        searching=True,
    )  # fmt: skip


def _types(site: Site, found: Found, words: str, kind: str | None) -> Html | None:
    counted = Counter(site.entities[entity_id].type for entity_id in found.ids)
    leading = sorted(counted, key=lambda key: (-counted[key], key))[:_SHOWN_TYPES]
    if kind is not None and kind not in leading:
        leading.append(kind)
    if len(leading) < 2 and kind is None:
        return None
    rows = [("All", search_url(words), len(found.ids), kind is None)]
    rows += [(site.types.plural(key), search_url(words, key), counted[key], key == kind) for key in leading]
    return chips(rows, "Types")


def _told(found: Found, words: str) -> Html | None:
    if found.corrected:
        others = commas(tag("a", other, href=search_url(other)) for other in found.others)
        return join(" for ", tag("b", found.words), "; nothing has ", tag("q", words), join(". Or ", others, "?") if others else None)
    return join("; none has all the words, these have some of them") if found.partly else None


def _closest(site: Site, name: str) -> Html | None:
    close = site.closest(name)
    return tag("section", tag("h2", "Closest names"), entity_list(site, close)) if close else None


def passages_of(site: Site, found: Found, ids: list[str]) -> dict[str, Html]:
    """Passages of text for those found by their text, with the words marked."""
    by_text = set(found.ids[found.named :])
    passages = site.search.excerpts(found, [entity_id for entity_id in ids if entity_id in by_text])
    return {entity_id: _marked(passage) for entity_id, passage in passages.items()}


def _marked(passage: str) -> Html:
    """A passage with its marks as elements; marks come in pairs, and one that does not is dropped."""
    parts = re.split(f"{MARK_START}([^{MARK_START}{MARK_END}]*){MARK_END}", " ".join(passage.split()))
    plain = [part.replace(MARK_START, "").replace(MARK_END, "") for part in parts]
    return join(*(tag("mark", part) if place % 2 else part for place, part in enumerate(plain)))
