"""Series of numbered pages, such as ``PEP 8`` or ``ADR-7``: which page has which number, and where prose and fields name them.

A series is found where at least three pages have numbers with one name before them, written in capitals, in their declared ids, file names
or header fields, or in numbers alone in a folder that is known to hold such pages. Words that order pages (chapter, part, step) make none.
Configuration adds series and says how prose writes them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import structs

from kgraph.config import Config
from kgraph.ingest.catalog import first_of
from kgraph.model.corpus import Entity
from kgraph.model.document import Component, Document, Reference
from kgraph.model.relations import RELATIONS, RelationVocabulary
from kgraph.model.text import fold

__all__ = ["Series", "find_series", "with_names", "with_references", "without_names"]

_FEWEST = 3
_ID = re.compile(r"([A-Za-z]{2,12}(?:-[A-Za-z]{1,12}){0,2})[-_ ]?0*(\d{1,6})")
_STEM = re.compile(rf"{_ID.pattern}(?=$|[-_. ](?!\d))")
_NUMBER_FIRST = re.compile(r"0*(\d{1,6})(?=$|[-_. ](?!\d))")
_KNOWN_WORDS = """
adr bep bip cep cip dip eip erc glep gep jep kep kip madr mep msc nep nip pep rfc rfd sep sip slep srfi tep uip xep
"""
_KNOWN = frozenset(_KNOWN_WORDS.split())
"""Names of series that are so common that file names in small letters tell them."""
_FOLDERS = {
    "adr": "adr", "adrs": "adr", "decisions": "adr", "rfc": "rfc", "rfcs": "rfc", "pep": "pep", "peps": "pep", "kep": "kep", "keps": "kep",
    "eip": "eip", "eips": "eip", "bip": "bip", "bips": "bip", "nep": "nep", "neps": "nep", "rfd": "rfd", "rfds": "rfd", "sep": "sep",
    "seps": "sep", "tep": "tep", "teps": "tep", "dep": "dep", "deps": "dep",
}  # fmt: skip
_NO_SERIES_WORDS = """
act annex app appendix article book ch chap chapter class cve day episode ex example exercise fig figure file fy grade group image img
item iso lab lecture lesson level line md mod module month no note number page part phase pic point quarter quiz release room round
scene season section session sha sheet slide stage step table task test topic unit utf ver version vol volume week year
"""
_NO_SERIES = frozenset(_NO_SERIES_WORDS.split())
_FIELDS_WORDS = """
requires required-by supersedes superseded-by replaces replaced-by obsoletes obsoleted-by updates updated-by depends-on dependency-of
blocks blocked-by amends amended-by extends extended-by implements implemented-by refines refined-by conflicts-with succeeded-by
preceded-by builds-on basis-of
"""
_FIELDS = frozenset(_FIELDS_WORDS.split())
"""Relations that a field of a numbered page may state by numbers."""
_SAID = re.compile(
    r"\b(?P<name>super[sc]ede[sd]?|replace[sd]?|obsolete[sd]?|amend(?:s|ed)?|update[sd]?|extend(?:s|ed)?|depends|block(?:s|ed)?|require[sd]?)"
    r"(?P<by>\s+(?:by|on))?:?\s+",
    re.I,
)
_PART = re.compile(r"\s*(?:,|;|\band\b|&|\n)\s*")
_NOTE = re.compile(r"\s*\([^()]*\)\s*$")
_MORE = re.compile(r"(?:\s*,\s*(?:and\s+|or\s+)?|\s+(?:and|or)\s+|\s*&\s*|/)0*(\d{1,6})(?![\w]|[.,-]\d|\s*%)")
_MOST_PARTS = 500


class Series:
    """The numbered pages of a site."""

    def __init__(self, pages: Mapping[str, Mapping[int, str]], ids: Mapping[str, str], names: Mapping[str, tuple[str, ...]]) -> None:
        """Keep the pages.

        Args:
            pages: For each series, path of the page with each number.
            ids: Id of each page.
            names: How each series is written in prose.

        """
        self.pages = pages
        self.ids = ids
        self.names = names
        self.own = {ids[path]: (name, number) for name, found in sorted(pages.items()) for number, path in found.items()}
        self.by_name = {written: name for name, told in sorted(names.items()) for written in told}
        self.by_folded = {written.lower(): name for written, name in sorted(self.by_name.items())}
        self.by_folded.update({name: name for name in pages})
        longest = sorted(self.by_name, key=lambda name: (-len(name), name))
        either = "|".join(map(re.escape, longest))
        self.prose = (
            re.compile(
                rf"(?<![\w/.#-])(?P<whole>(?:@(?P<any>[A-Za-z]{{2,12}}(?:-[A-Za-z]{{1,12}}){{0,2}})|(?P<name>{either}))"
                r"(?P<plural>s(?=\s))?(?P<gap>[-_\s\u00a0]?#?)0*(?P<number>\d{1,6}))(?!\w|[.,-]\d|/\d|\s*%)"
            )
            if pages
            else None
        )

    def alias(self, entity_id: str) -> str:
        """Name and number of a page."""
        name, number = self.own[entity_id]
        return f"{self.names[name][0]} {number}"

    def page(self, name: str, number: int) -> str | None:
        """Path of the page with a number in a series."""
        return self.pages.get(name, {}).get(number)

    def find(self, written: str, own: str | None = None, *, alone: bool = False) -> str | None:
        """Id of the page that a name and number mean; a number alone means one of the series of ``own`` where that is asked for."""
        numbered = self.numbered(written, own if alone else None)
        path = self.page(*numbered) if numbered else None
        return self.ids[path] if path else None

    def numbered(self, written: str, own: str | None) -> tuple[str, int] | None:
        """Series and number that a text means, whether there is such a page or not."""
        text = written.strip().strip("[]`").removeprefix("@").strip()
        if own in self.own and text.isdecimal() and len(text) <= 6:
            return self.own[own][0], int(text)
        found = re.fullmatch(r"(.*?[A-Za-z])[-_\s\u00a0]?#?0*(\d{1,6})", text)
        name = self.by_folded.get(found[1].strip().lower()) if found else None
        return (name, int(found[2])) if found and name else None

    def field(self, own: str, key: str, value: Any, vocabulary: RelationVocabulary) -> list[tuple[str, str, str | None]]:
        """Relations that a field of a page or row states by numbers and typed ids: relation, target as written, id or None.

        A field that holds anything else states nothing here.
        """
        if not self.pages:
            return []
        name = vocabulary.canonical(key)
        if name == "status" and isinstance(value, str):
            return self.said(own, value)
        if name not in _FIELDS and (name in RELATIONS or not vocabulary.known(name)):
            return []
        items = list(_items(value))
        numbered = [(item, self.numbered(_NOTE.sub("", item), own)) for item in items[:_MOST_PARTS]]
        if not numbered or any(found is None for _, found in numbered):
            return []
        return [(name, item, self._id(found)) for item, found in numbered if found]

    def said(self, own: str, text: str) -> list[tuple[str, str, str | None]]:
        """Relations that a status states, such as ``superseded by ADR-0007``."""
        found = []
        for match in _SAID.finditer(text[:2000]):
            name = relation_said(match)
            for item in list(_items(re.split(r"[.;](?:\s|$)", text[match.end() :], maxsplit=1)[0]))[:20]:
                numbered = self.numbered(_NOTE.sub("", item), own)
                if name is None or numbered is None:
                    break
                found.append((name, item, self._id(numbered)))
        return found

    def _id(self, numbered: tuple[str, int]) -> str | None:
        path = self.page(*numbered)
        return self.ids[path] if path else None

    def said_before(self, text: str) -> str | None:
        """Relation that the words right before a link state, such as ``superseded by``."""
        last = next((match for match in _SAID.finditer(text[-80:] + " ") if match.end() >= len(text[-80:])), None)
        return relation_said(last) if last else None

    def in_prose(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Places where a text names a page of a series: start, end, and the name with the number."""
        if self.prose is None:
            return
        for match in self.prose.finditer(text):
            name = self.by_name.get(match["name"] or "") or self.by_folded.get((match["any"] or "").lower())
            if name is None or (not match["gap"] and match["name"] and len(match["name"]) < 3):
                continue
            if self.page(name, int(match["number"])):
                written = f"{match['name'] or match['any']} {match['number']}" if match["plural"] else match["whole"]
                yield match.start("whole"), match.end("whole"), written
            place = match.end()
            while match["plural"] and (more := _MORE.match(text, place)):
                place = more.end()
                if self.page(name, int(more[1])):
                    yield more.start(1), more.end(1), f"{match['name'] or match['any']} {more[1]}"


def relation_said(match: re.Match[str]) -> str | None:
    """Name of the relation that the words of a status mean."""
    stem = match["name"].lower().replace("superc", "supers")
    by = (match["by"] or "").strip().lower()
    if stem == "depends":
        return "depends-on" if by == "on" else None
    root = re.sub(r"(?:ed|es|s|d)$", "", stem)
    past = {"supersed": "superseded-by", "supersede": "superseded-by", "replac": "replaced-by", "replace": "replaced-by",
            "obsolet": "obsoleted-by", "obsolete": "obsoleted-by", "amend": "amended-by", "updat": "updated-by", "update": "updated-by",
            "extend": "extended-by", "block": "blocked-by", "requir": "required-by", "require": "required-by"}[root]  # fmt: skip
    if by == "by":
        return past
    if by or not stem.endswith("s"):
        return None
    return next(name for name in _FIELDS if RELATIONS.get(name) and RELATIONS[name].inverse == past)


def find_series(documents: Mapping[str, Document], ids: Mapping[str, str], entities: Mapping[str, Entity], config: Config) -> Series:
    """The series of a site."""
    told = {name.lower(): tuple(dict.fromkeys((*written, name.upper()))) for name, written in config.series.names.items()}
    pages: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    shown: dict[str, int] = defaultdict(int)
    for path, document in documents.items():
        for name, number, capital in _numbers(path, document, told, config.pages.id_keys):
            pages[name][number].append(path)
            shown[name] += capital
    kept: dict[str, dict[int, str]] = {}
    for name, numbers in sorted(pages.items()):
        enough = len(numbers) >= _FEWEST and name not in _NO_SERIES and (name in _KNOWN or shown[name] * 2 >= len(numbers))
        if name in told or (config.series.detect == "auto" and enough):
            kept[name] = {number: _main(paths, ids, entities) for number, paths in sorted(numbers.items())}
    return Series(kept, ids, {name: told.get(name, (name.upper(),)) for name in kept})


def _numbers(path: str, document: Document, told: Mapping[str, Any], id_keys: tuple[str, ...]) -> Iterator[tuple[str, int, bool]]:
    """Series and number of a page, and whether its name is written in capitals; the first way that tells them."""
    declared = first_of(document.front_matter, id_keys)
    folders, _, name = path.rpartition("/")
    stem = name.rsplit(".", 1)[0]
    for text, pattern in ((declared or "", _ID), (stem, _STEM)):
        found = pattern.fullmatch(text) if pattern is _ID else pattern.match(text)
        if found:
            yield found[1].lower(), int(found[2]), found[1].isupper() or _titled(found[1], document)
            return
    for key, value in document.front_matter.items():
        if (key.lower() in _KNOWN or key.lower() in told) and str(value).strip().isdecimal() and len(str(value).strip()) <= 6:
            yield key.lower(), int(value), True
            return
    number = _NUMBER_FIRST.match(stem)
    folder = folders.rpartition("/")[2].lower()
    series = folder if folder in told else _FOLDERS.get(folder)
    if number and series:
        yield series, int(number[1]), True


def _titled(name: str, document: Document) -> bool:
    """Whether the title of a page begins with the name in capitals and a number."""
    return bool(document.title and re.match(rf"{re.escape(name.upper())}[-\s:#]{{0,2}}\d", document.title))


def _main(paths: Iterable[str], ids: Mapping[str, str], entities: Mapping[str, Entity]) -> str:
    """Of several pages with one number, the one that stands for the others."""
    return min(paths, key=lambda path: (entities[ids[path]].variant_of is not None, path.count("/"), path))


def _items(value: Any) -> Iterator[str]:
    """Parts of a field, one by one."""
    if isinstance(value, (str, int)) and not isinstance(value, bool):
        yield from (part.strip() for part in _PART.split(str(value)) if part.strip())
    elif isinstance(value, list):
        for item in value:
            yield from _items(item) if not isinstance(item, list) else ()


def with_names(entities: Mapping[str, Entity], series: Series) -> dict[str, Entity]:
    """The entities, those with numbers known by them too: ``ADR 7``."""
    changed = dict(entities)
    for entity_id in series.own:
        entity, alias = entities[entity_id], series.alias(entity_id)
        if fold(alias) not in map(fold, (entity.id, entity.title, *entity.aliases)):
            changed[entity_id] = structs.replace(entity, aliases=(*entity.aliases, alias))
    return changed


def without_names(entities: Mapping[str, Entity], series: Series) -> dict[str, Entity]:
    """The entities without the names that :func:`with_names` gives: prose was searched for these with more care."""
    changed = dict(entities)
    for entity_id in series.own:
        entity, alias = entities[entity_id], series.alias(entity_id)
        if alias in entity.aliases:
            changed[entity_id] = structs.replace(entity, aliases=tuple(name for name in entity.aliases if name != alias))
    return changed


def with_references(documents: Mapping[str, Document], series: Series, ids: Mapping[str, str]) -> dict[str, Document]:
    """The pages, with what their prose names of the series as references; nothing in code, headings and links."""
    if not series.pages:
        return dict(documents)
    return {path: _with_references(document, series, ids[path]) for path, document in documents.items()}


def _with_references(document: Document, series: Series, own: str) -> Document:
    covered: dict[int, list[tuple[int, int]]] = defaultdict(list)
    items: list[Reference | Component] = [*document.references, *document.components]
    for item in items:
        if item.block >= 0:
            covered[item.block].append((item.start, item.end))
    found: list[Reference] = []
    for place, block in enumerate(document.blocks):
        if block.kind == "heading":
            continue
        for start, end, name in series.in_prose(block.text):
            taken = any(first < end and start < last for first, last in covered[place])
            taken = taken or any(block.code[at] < end and start < block.code[at + 1] for at in range(0, len(block.code), 2))
            if not taken and series.find(name) != own:
                line = block.line + bisect_right(block.breaks, start)
                found.append(Reference("crossref", name, block.text[start:end], line, place, start, end))
    return structs.replace(document, references=(*document.references, *found)) if found else document
