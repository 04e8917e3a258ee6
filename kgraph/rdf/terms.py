"""IRIs and literals, written as N-Quads terms (https://www.w3.org/TR/n-quads/)."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, unquote
from zlib import crc32

from kgraph.model.types import TYPES, class_name

__all__ = ["KG", "PREFIXES", "Minter", "date_literal", "expand", "expand_or_none", "literal", "number", "shorten"]

KG = "https://w3id.org/kgraph/ns#"
"""Namespace of kgraph's own terms."""

PREFIXES: dict[str, str] = {
    "kg": KG,
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "org": "http://www.w3.org/ns/org#",
    "prov": "http://www.w3.org/ns/prov#",
    "schema": "https://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
    "void": "http://rdfs.org/ns/void#",
    "bibo": "http://purl.org/ontology/bibo/",
    "fabio": "http://purl.org/spar/fabio/",
    "cito": "http://purl.org/spar/cito/",
    "doco": "http://purl.org/spar/doco/",
    "c4o": "http://purl.org/spar/c4o/",
    "nif": "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#",
    "itsrdf": "http://www.w3.org/2005/11/its/rdf#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "spdx": "http://spdx.org/rdf/terms#",
}
"""Prefixes that queries know without a PREFIX line."""

_INTEGER, _DECIMAL = f"^^<{PREFIXES['xsd']}integer>", f"^^<{PREFIXES['xsd']}decimal>"
_OWN_PROPERTIES = frozenset((
    "authorityRank", "authorityScore", "citationCount", "closeTo", "codeBlockCount", "community", "confidence", "dateOrigin",
    "declaredType", "diagramCount", "evidence", "externalLinkCount", "footnote", "footnoteCount", "footnoteReferenceCount",
    "headingCount", "href", "hubScore", "imageCount", "inDegree", "internalLinkCount", "line", "linksTo", "outDegree", "pageRank",
    "pageRankRank", "path", "quality", "rank", "reader", "reason", "score", "sha256", "share", "source", "stub", "supportsSentence",
    "tableCount", "tag", "target", "taskCount", "typeConfidence", "typeEvidence", "typeOrigin", "wordCount",
))  # fmt: skip
_KEPT = 1 << 16
"""Encoded names that are kept: most are asked for many times."""
_SAFE = "-._~!$&'()*+,;=:@"
_DATES = (
    (re.compile(r"\d{4}-\d{2}-\d{2}"), "date"),
    (re.compile(r"\d{4}-\d{2}"), "gYearMonth"),
    (re.compile(r"\d{4}"), "gYear"),
)


def literal(text: str) -> str:
    r"""A string literal.

    >>> literal('say "hi"\n')
    '"say \\"hi\\"\\n"'
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'


def number(value: float) -> str:
    """An integer or decimal literal in canonical form.

    >>> number(3), number(0.25)
    ('"3"^^<http://www.w3.org/2001/XMLSchema#integer>', '"0.25"^^<http://www.w3.org/2001/XMLSchema#decimal>')
    """
    if isinstance(value, int):
        return f'"{value}"{_INTEGER}'
    text = f"{value:.9f}".rstrip("0").rstrip(".")
    return f'"{text or "0"}"{_DECIMAL}'


def date_literal(text: str) -> str:
    """A date, month or year where the text is one, else a string."""
    match = re.match(r"\d{4}(?:-\d{2}){0,2}(?=$|[T ])", text)
    told = match.group() if match else text
    for pattern, kind in _DATES:
        if pattern.fullmatch(told) and _real(told):
            return f'"{told}"^^<{PREFIXES["xsd"]}{kind}>'
    return literal(text)


def _real(date: str) -> bool:
    from datetime import date as day

    parts = [int(part) for part in date.split("-")]
    try:
        day(*[*parts, 1, 1][:3])
    except ValueError:
        return False
    return True


def expand(name: str) -> str:
    """IRI of a prefixed name.

    >>> expand("skos:Concept")
    'http://www.w3.org/2004/02/skos/core#Concept'
    """
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


def expand_or_none(name: str) -> str | None:
    """IRI of a prefixed name with a known prefix, or of an IRI written in full; None when the text is neither.

    >>> expand_or_none("https://example.org/Device"), expand_or_none("ex:Device"), expand_or_none("Device")
    ('https://example.org/Device', None, None)
    """
    prefix, _, local = name.partition(":")
    iri = PREFIXES[prefix] + local if prefix in PREFIXES else name
    return iri if re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:/?/?[^\s<>\"{}|\\^`\[\]%]+", iri) and (prefix in PREFIXES or "//" in iri) else None


def shorten(iri: str, base: str = "") -> str:
    """An IRI as people read it: the id of an entity, else a prefixed name, else the IRI."""
    if base and iri.startswith(base + "entity/"):
        return unquote(iri[len(base) + 7 :])
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and re.fullmatch(r"[\w-]+", iri[len(namespace) :]):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


def _segment(part: str) -> str:
    return part.replace(".", "%2E") if part in (".", "..") else quote(part, safe=_SAFE)


@lru_cache(maxsize=_KEPT)
def _single(text: str) -> str:
    """Text as one segment of a path."""
    return text.replace(".", "%2E") if text in (".", "..") else quote(text.encode("utf-8", "replace"), safe="-._~")


@lru_cache(maxsize=_KEPT)
def _path(text: str) -> str:
    """A path of an IRI: percent-encoded, with segments of dots encoded so that no one resolves them."""
    return "/".join(_segment(part) for part in text.encode("utf-8", "replace").decode("utf-8").split("/"))


@lru_cache(maxsize=_KEPT)
def _local_name(key: str) -> str:
    """Local name of the property of a field."""
    spaced = "_".join(key.split())
    name = "".join(char for char in spaced if char.isalpha() or char in "0123456789_-.")
    if name != spaced or not name:
        name = f"{name}-{crc32(spaced.encode('utf-8', 'replace')):08x}"
    return name if name[0].isalpha() or name[0] == "_" else f"_{name}"


class Minter:
    """Makes the IRIs of one site; every id gives a valid IRI and no two give the same.

    >>> Minter("https://example.org/").entity("a b/../é")
    'https://example.org/entity/a%20b/%2E%2E/%C3%A9'
    """

    def __init__(self, base: str) -> None:
        """Mint below ``base``, which ends in ``/`` or ``#``."""
        self.base = base

    def entity(self, entity_id: str) -> str:
        """IRI of an entity."""
        return f"{self.base}entity/{_path(entity_id)}"

    def entity_id(self, iri: str) -> str | None:
        """Id of the entity that an IRI of this site names, or None."""
        start = f"{self.base}entity/"
        return unquote(iri[len(start) :]) if iri.startswith(start) else None

    def page(self, entity_id: str) -> str:
        """IRI of the page of an entity."""
        return f"{self.base}page/{_path(entity_id)}"

    def file(self, path: str) -> str:
        """IRI of a source file."""
        return f"{self.base}file/{_path(path)}"

    def graph(self, kind: str, name: str = "") -> str:
        """IRI of a named graph: of a page, a catalog, the rankings or the ontology."""
        return f"{self.base}graph/{kind}/{_path(name)}" if name else f"{self.base}graph/{kind}"

    def source(self, source_id: str) -> str:
        """IRI of a cited work."""
        return f"{self.base}source/{_single(source_id)}"

    def related(self, source_id: str, target_id: str) -> str:
        """IRI of the computed relatedness of an ordered pair."""
        return f"{self.base}related/{_single(source_id)}/{_path(target_id)}"

    def hub(self, entity_id: str) -> str:
        """IRI of the computed standing of an entity among the hubs."""
        return f"{self.base}hub/{_path(entity_id)}"

    def sentence(self, entity_id: str, digest: str) -> str:
        """IRI of a sentence of a page, by the digest of its text."""
        return f"{self.base}sentence/{_single(entity_id)}/{digest}"

    def citation(self, entity_id: str, source_id: str) -> str:
        """IRI below which the citations of one work on one page are numbered."""
        return f"{self.base}citation/{_single(entity_id)}/{_single(source_id)}"

    def footnote(self, entity_id: str, label: str) -> str:
        """IRI of a footnote of a page."""
        return f"{self.base}footnote/{_single(entity_id)}/{_single(label)}"

    def candidate(self, name: str) -> str:
        """IRI of a thing that prose names and nobody declared."""
        return f"{self.base}candidate/{_path(name)}"

    def tag(self, name: str) -> str:
        """IRI of a tag."""
        return f"{self.base}tag/{_path(name)}"

    def property(self, key: str) -> str:
        """IRI of a property of the site's own namespace.

        The local name is one that RDF/XML and prefixed names can write: white space becomes an underscore, so that a field written
        either way is one property, and where anything else is left out, a checksum of the key keeps it apart from its likes.

        >>> Minter("https://example.org/").property("Most active states")
        'https://example.org/property/Most_active_states'
        """
        return f"{self.base}property/{_local_name(key)}"

    def type(self, key: str) -> str:
        """IRI of the class of a type: ours when its meaning is known, else the site's own.

        >>> Minter("https://example.org/").type("policy"), Minter("https://example.org/").type("c#")
        ('https://w3id.org/kgraph/ns#Policy', 'https://example.org/type/c%23')
        """
        return f"{KG}{class_name(key)}" if key in TYPES else f"{self.base}type/{_path(key)}"

    def relation(self, name: str, known: bool) -> str:
        """IRI of the property of a curated relation: ours when its meaning is known, else the site's own."""
        if not known:
            return self.property(name)
        head, *rest = name.split("-")
        local = "relatedTo" if name == "related" else head + "".join(part.capitalize() for part in rest)
        return KG + local if re.fullmatch(r"[^\W\d]\w*", local) and local not in _OWN_PROPERTIES else self.property(name)
