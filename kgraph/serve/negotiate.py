"""Content negotiation by the Accept header (RFC 9110, section 12.5.1)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from msgspec import Struct

__all__ = ["GRAPH_OFFERS", "HTML", "TABLE_OFFERS", "Offer", "choose", "content_type", "named"]


class Offer(Struct, frozen=True):
    """One representation that the server can send."""

    media: str
    """Media type without parameters."""
    form: str
    """Name of the format within kgraph."""


TABLE_OFFERS = (
    Offer("application/sparql-results+json", "json"),
    Offer("application/json", "json"),
    Offer("application/sparql-results+xml", "xml"),
    Offer("application/xml", "xml"),
    Offer("text/xml", "xml"),
    Offer("text/csv", "csv"),
    Offer("text/tab-separated-values", "tsv"),
)
"""Results of SELECT and ASK, the server's favourite first."""

GRAPH_OFFERS = (
    Offer("text/turtle", "turtle"),
    Offer("application/n-triples", "ntriples"),
    Offer("application/rdf+xml", "rdfxml"),
    Offer("application/ld+json", "jsonld"),
    Offer("application/trig", "turtle"),
    Offer("application/n-quads", "ntriples"),
    Offer("application/x-turtle", "turtle"),
    Offer("application/xml", "rdfxml"),
    Offer("application/json", "jsonld"),
    Offer("text/plain", "ntriples"),
)
"""Graphs, the server's favourite first. A document of Turtle is one of TriG too, and one of N-Triples is one of N-Quads."""

HTML = Offer("text/html", "html")
"""For people; offered beside one of the two."""

_ALSO = {
    "ttl": "turtle", "nt": "ntriples", "n-triples": "ntriples", "rdf": "rdfxml", "rdf/xml": "rdfxml", "json-ld": "jsonld",
    "n3": "turtle", "rdf+xml": "rdfxml",
    "trig": "application/trig", "nq": "application/n-quads", "nquads": "application/n-quads", "n-quads": "application/n-quads",
}  # fmt: skip
_IN_GRAPHS = {"json": "jsonld", "xml": "rdfxml"}


def content_type(offer: Offer) -> str:
    """The Content-Type header of an offer; all text is UTF-8."""
    return f"{offer.media}; charset=utf-8" if offer.media.startswith("text/") else offer.media


class _Range(Struct, frozen=True):
    kind: str
    subtype: str
    quality: float

    def specificity(self, media: str) -> int:
        """2 for the very type, 1 for ``type/*``, 0 for ``*/*``, -1 when it does not match."""
        kind, _, subtype = media.partition("/")
        if self.kind == "*" and self.subtype == "*":
            return 0
        if self.kind != kind:
            return -1
        return 1 if self.subtype == "*" else 2 if self.subtype == subtype else -1


@lru_cache(1024)
def choose(accept: str | None, offers: tuple[Offer, ...]) -> Offer | None:
    """The best offer for an Accept header, or None when none is acceptable; without a header the first one.

    Of offers with the same quality the one named most precisely wins, then the one listed first.

    >>> choose("text/*;q=0.5, text/turtle;q=0.4, application/n-triples;q=0.45", GRAPH_OFFERS).media
    'text/plain'
    >>> choose("image/png", GRAPH_OFFERS) is None
    True
    """
    if accept is None or not accept.strip():
        return offers[0] if offers else None
    ranges = [found for part in accept.split(",") if (found := _parse(part)) is not None]
    best: tuple[float, int, int] = (0.0, -1, 0)
    chosen: Offer | None = None
    for place, offer in enumerate(offers):
        matches = [(specific, item.quality) for item in ranges if (specific := item.specificity(offer.media)) >= 0]
        if not matches:
            continue
        specific, quality = max(matches)
        if quality > 0 and (quality, specific, -place) > best:
            best, chosen = (quality, specific, -place), offer
    return chosen


def named(name: str, offers: Sequence[Offer]) -> Offer | None:
    """The offer that a ``format`` parameter names, by the name of the format or a media type; None when there is none.

    >>> named("json", GRAPH_OFFERS).media, named("ttl", GRAPH_OFFERS).form, named("csv", GRAPH_OFFERS)
    ('application/ld+json', 'turtle', None)
    """
    wanted = name.strip().lower()
    wanted = _ALSO.get(wanted, wanted)
    forms = {wanted} if wanted in {offer.form for offer in offers} else {_IN_GRAPHS.get(wanted, wanted)}
    return next((offer for offer in offers if offer.form in forms or offer.media == wanted), None)


def _parse(part: str) -> _Range | None:
    """One media range with its quality; None when it is malformed."""
    media, *parameters = (piece.strip() for piece in part.split(";"))
    kind, slash, subtype = media.lower().partition("/")
    if not slash or not kind or not subtype:
        return None
    quality = 1.0
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                quality = float(value)
            except ValueError:
                return None
            if not 0.0 <= quality <= 1.0:
                return None
    return _Range(kind, subtype, quality)
