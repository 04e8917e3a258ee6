"""The same thing elsewhere: identifiers that pages and catalogs give, checked and written as IRIs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote, unquote, urlsplit

from kgraph.model.types import type_key

__all__ = ["same_things", "web_address", "web_iri"]

_WIKIDATA = re.compile(
    r"(?:(?:https?://)?(?:www\.|m\.)?wikidata\.org/(?:wiki|entity)/|wd:|wikidata:)?(Q[1-9]\d{0,11})/?(?:[#?].*)?", re.IGNORECASE
)
_ORCID = re.compile(r"(?:(?:https?://)?(?:www\.)?orcid\.org/|orcid:\s*)?(\d{4}-?\d{4}-?\d{4}-?\d{3}[\dX])/?", re.IGNORECASE)
_ROR = re.compile(r"(?:(?:https?://)?(?:www\.)?ror\.org/|ror:\s*)?(0[a-hj-km-np-tv-z0-9]{6}\d{2})/?", re.IGNORECASE)
_DBPEDIA = re.compile(r"(?:https?://(?:[a-z-]+\.)?dbpedia\.org/(?:resource|page)/|dbr:|dbpedia:)([^\s<>\"{}|\\^`]+)", re.IGNORECASE)
_FIELDS = {"wikidata": "wikidata", "wikidata-id": "wikidata", "wikidata-item": "wikidata", "qid": "wikidata", "orcid": "orcid",
           "orcid-id": "orcid", "ror": "ror", "ror-id": "ror", "dbpedia": "dbpedia", "dbpedia-id": "dbpedia"}  # fmt: skip
_SAME = frozenset(("same-as", "sameas", "exact-match", "exactmatch", "identifiers", "identifier", "external-ids", "skos-exact-match",
                   "owl-same-as", "schema-same-as"))  # fmt: skip
_ADDRESS = frozenset(("url", "website", "homepage", "web", "site", "home-page", "official-website"))
_BASE_32 = "0123456789abcdefghjkmnpqrstvwxyz"


def same_things(key: str, value: str) -> Iterator[str]:
    """IRIs of what a field says the entity is in Wikidata, ORCID, ROR or DBpedia; none where the value is no such identifier.

    A field named after a register takes its bare identifier as well as its address; ``sameAs`` and its likes take addresses only.
    Checksums of ORCID and ROR are verified, so that a slip of the pen joins no strangers.

    >>> list(same_things("wikidata", "Q42")), list(same_things("orcid", "0000-0002-1825-0097"))
    (['http://www.wikidata.org/entity/Q42'], ['https://orcid.org/0000-0002-1825-0097'])
    """
    field = type_key(key).rsplit("--", 1)[-1]
    register = _FIELDS.get(field)
    if register is None and field not in _SAME:
        return
    for word in value.replace(",", " ").split() if register != "dbpedia" else [value.strip()]:
        if register is None and "://" not in word and ":" not in word:
            continue
        for name, read in _READERS.items():
            if register in (None, name) and (iri := read(word)) is not None:
                yield iri
                break


def _wikidata(text: str) -> str | None:
    match = _WIKIDATA.fullmatch(text)
    return f"http://www.wikidata.org/entity/{match[1].upper()}" if match else None


def _orcid(text: str) -> str | None:
    match = _ORCID.fullmatch(text)
    if not match:
        return None
    digits = match[1].replace("-", "").upper()
    total = 0
    for digit in digits[:-1]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    if digits[-1] != ("X" if check == 10 else str(check)):
        return None
    return "https://orcid.org/" + "-".join(digits[place : place + 4] for place in range(0, 16, 4))


def _ror(text: str) -> str | None:
    match = _ROR.fullmatch(text)
    if not match:
        return None
    name = match[1].lower()
    number = 0
    for char in name[1:7]:
        number = number * 32 + _BASE_32.index(char)
    return f"https://ror.org/{name}" if 98 - number * 100 % 97 == int(name[7:]) else None


def _dbpedia(text: str) -> str | None:
    match = _DBPEDIA.fullmatch(text)
    name = match[1] if match else None
    return f"http://dbpedia.org/resource/{quote(unquote(name), safe=_NAME)}" if name else None


_NAME = "-._~!$&'()*+,;=:@/"
_READERS = {"wikidata": _wikidata, "orcid": _orcid, "ror": _ror, "dbpedia": _dbpedia}


def web_address(key: str, value: str) -> str | None:
    """The address of the entity's own site, where a field gives one; None otherwise.

    >>> web_address("website", "https://example.org/"), web_address("website", "see below")
    ('https://example.org/', None)
    """
    if type_key(key) not in _ADDRESS:
        return None
    text = value.strip()
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return text if parts.scheme in ("http", "https") and parts.netloc and not re.search(r"\s", text) else None


def web_iri(address: str) -> str | None:
    """An address of the web as an IRI that RFC 3987 allows: what no IRI may hold is percent-encoded; None where it is none.

    >>> web_iri("https://example.org/a b?c=[d]&e=%"), web_iri("mailto:a@example.org")
    ('https://example.org/a%20b?c=%5Bd%5D&e=%25', None)
    """
    import pyoxigraph as ox

    try:
        parts = urlsplit(address.strip())
        _ = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    told = [_escaped(part) for part in (parts.path, parts.query, parts.fragment)]
    iri = f"{parts.scheme}://{parts.netloc}{told[0]}{'?' * bool(told[1])}{told[1]}{'#' * bool(told[2])}{told[2]}"
    try:
        return str(ox.NamedNode(iri).value)
    except ValueError:
        return None


def _escaped(part: str) -> str:
    return quote(re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", part), safe="%/?:@!$&'()*+,;=-._~")
