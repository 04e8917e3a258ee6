"""RDF files, merged as they are: statements as text, and the subjects that may be entities.

Turtle, TriG, N-Triples, N-Quads, JSON-LD and RDF/XML are parsed by Oxigraph. Nothing is fetched: a context or an entity that lies
elsewhere is a problem.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from msgspec import Struct

from kgraph.ingest.readers.jsondata import DEEPEST, depth_of
from kgraph.model.document import Problem
from kgraph.model.types import TYPES, TypeVocabulary

if TYPE_CHECKING:
    import pyoxigraph as ox

__all__ = ["Statements", "Subject", "read_rdf", "skolemised"]

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_DCTERMS = "http://purl.org/dc/terms/"
_SCHEMA = ("https://schema.org/", "http://schema.org/")
_TITLES = (f"{_SKOS}prefLabel", f"{_RDFS}label", *(f"{start}name" for start in _SCHEMA), f"{_DCTERMS}title")
_ALIASES = (f"{_SKOS}altLabel", *(f"{start}alternateName" for start in _SCHEMA))
_DESCRIPTIONS = (f"{_DCTERMS}description", f"{_SKOS}definition", f"{_RDFS}comment", *(f"{start}description" for start in _SCHEMA))
_IDS = (f"{_SKOS}notation", f"{_DCTERMS}identifier")
_KEPT = frozenset((*_TITLES, *_ALIASES, *_DESCRIPTIONS, *_IDS, f"{_RDF}type"))
_OWN_FILE = "https://w3id.org/kgraph/ns#SourceFile"
_FORMATS = {"ttl": "TURTLE", "nt": "N_TRIPLES", "nq": "N_QUADS", "trig": "TRIG", "jsonld": "JSON_LD", "json": "JSON_LD", "rdf": "RDF_XML",
            "owl": "RDF_XML"}  # fmt: skip
_TAG = re.compile(r"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<(/?)[^\W\d](?:[^<>\"'/]++|\"[^\"<]*+\"|'[^'<]*+'|/(?!>))*+(/?)>", re.S)
_ENTITY = re.compile(r"<!ENTITY\s+(%\s*)?[\w.:-]+\s+(?:\"([^\"]*)\"|'([^']*)'|(SYSTEM|PUBLIC))")
_ENTITIES = 200
_LONGEST_ENTITY = 300
_TOKEN = re.compile(r"[\w~.%-]+")


class Subject(Struct, frozen=True):
    """Something with a label that a file speaks of."""

    id: str
    """Id, where its IRI is that of an entity; else the first of its notations."""
    own: bool
    """Whether the id is in its IRI."""
    line: int
    data: dict[str, Any]


class Statements(Struct, frozen=True):
    """What one file states."""

    lines: tuple[str, ...]
    """Subject, predicate and object as in N-Triples; blank nodes are called ``_:b0``, ``_:b1`` … in their order."""
    subjects: tuple[Subject, ...]
    problems: tuple[Problem, ...]


def read_rdf(text: str, ending: str, base: str) -> Statements:
    """Read an RDF file.

    Args:
        text: Its text.
        ending: Ending of its name, which tells the format.
        base: IRI that relative IRIs are resolved against, and that those of entities start with.

    """
    import pyoxigraph as ox

    guard = _guard_xml(text) if ending in ("rdf", "owl") else _guard_json(text) if ending in ("json", "jsonld") else _guard_terms(text)
    if guard:
        return Statements((), (), (guard,))
    form = getattr(ox.RdfFormat, _FORMATS[ending])
    lines: dict[str, None] = {}
    about: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    blank: dict[str, str] = {}
    odd = 0
    try:
        for quad in ox.parse(text.encode("utf-8", "replace"), format=form, base_iri=base or None):
            if not isinstance(quad.object, (ox.NamedNode, ox.BlankNode, ox.Literal)):
                odd += 1
                continue
            if getattr(quad.object, "value", "") == _OWN_FILE:
                return Statements((), (), (Problem("W109", "an export of kgraph is no source", 1),))
            lines[f"{_name(quad.subject, blank)} {quad.predicate} {_name(quad.object, blank)}"] = None
            if quad.predicate.value in _KEPT and isinstance(quad.subject, ox.NamedNode):
                about[quad.subject.value][quad.predicate.value].append(quad.object)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        message = str(error).split(" (line")[0]
        if "LoadDocumentCallback" in message:
            message = "its context lies elsewhere, and nothing is fetched: write the context into the file"
        return Statements((), (), (Problem("E104", f"no valid {form.name}: {message}", line),))
    problems = [Problem("W107", f"{odd} statements about statements were left out", 1)] if odd else []
    subjects = [made for iri, values in about.items() if (made := _subject(iri, values, base)) is not None]
    return Statements(tuple(lines), tuple(_with_lines(subjects, text)), tuple(problems))


def _name(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple, blank: dict[str, str]) -> str:
    written = str(term)
    return blank.setdefault(written, f"_:b{len(blank)}") if written.startswith("_:") else written


def skolemised(lines: Iterable[str], path: str, base: str) -> tuple[str, ...]:
    """Statements whose blank nodes have IRIs of their own, the same ones each time.

    >>> skolemised(["_:b0 <http://e/p> _:b1"], "a b.ttl", "https://e/")
    ('<https://e/.well-known/genid/a%20b.ttl/b0> <http://e/p> <https://e/.well-known/genid/a%20b.ttl/b1>',)
    """
    start = f"{base}.well-known/genid/{quote(path.encode('utf-8', 'replace'), safe='/-._~')}/b"
    made: list[str] = []
    for line in lines:
        if "_:b" in line:
            if line.startswith("_:b"):
                number, _, rest = line[3:].partition(" ")
                line = f"<{start}{number}> {rest}"
            head, _, last = line.rpartition(" ")
            if re.fullmatch(r"_:b\d+", last):
                line = f"{head} <{start}{last[3:]}>"
        made.append(line)
    return tuple(made)


# -- subjects --------------------------------------------------------------------------------------


def _subject(iri: str, values: dict[str, list[Any]], base: str) -> Subject | None:
    title = next((text for key in _TITLES if (text := _text(values.get(key, ())))), None)
    start = f"{base}entity/"
    own = bool(base) and iri.startswith(start) and len(iri) > len(start)
    told = unquote(iri[len(start) :]) if own else _text([value for key in _IDS for value in values.get(key, ())])
    if title is None or not told:
        return None
    data: dict[str, Any] = {"id": told, "title": title}
    kinds = Counter(kind for value in values.get(f"{_RDF}type", ()) if (kind := _kind(value.value)))
    if kinds:
        data["type"] = min(kinds, key=lambda kind: (list(TYPES).index(kind), kind))
    aliases = [value.value for key in (*_TITLES, *_ALIASES) for value in values.get(key, ()) if hasattr(value, "datatype")]
    names = [" ".join(name.split()) for name in dict.fromkeys(aliases) if name.strip() and name != title]
    if names:
        data["aliases"] = names
    summary = next((text for key in _DESCRIPTIONS if (text := _text(values.get(key, ())))), None)
    if summary:
        data["description"] = summary
    return Subject(told, own, 0, data)


def _text(values: Iterable[Any]) -> str | None:
    """The literal without a language, else the English one, else the first."""
    literals = [value for value in values if hasattr(value, "datatype") and value.value.strip()]
    ranked = sorted(literals, key=lambda value: (value.language is not None, not (value.language or "").startswith("en")))
    return " ".join(ranked[0].value.split()) if ranked else None


def _kind(iri: str) -> str | None:
    """The known type that a class of any vocabulary is called like."""
    local = re.split(r"[#/]", iri)[-1]
    kind = TypeVocabulary().canonical(local) if local else ""
    return kind if kind in TYPES and kind != "page" else None


def _with_lines(subjects: list[Subject], text: str) -> list[Subject]:
    """Subjects with the line on which the last part of their IRI, or their id, stands first."""
    wanted = {quote(subject.id.rsplit("/", 1)[-1]) for subject in subjects} | {subject.id for subject in subjects}
    found: dict[str, int] = {}
    for number, line in enumerate(text.split("\n") if subjects else (), 1):
        for token in _TOKEN.findall(line):
            for name in (token, token.rstrip(".")):
                if name in wanted:
                    found.setdefault(name, number)
    return [
        Subject(item.id, item.own, found.get(quote(item.id.rsplit("/", 1)[-1])) or found.get(item.id) or 1, item.data) for item in subjects
    ]  # fmt: skip


# -- what no file may do ---------------------------------------------------------------------------


def _guard_json(text: str) -> Problem | None:
    depth, at = depth_of(text)
    return Problem("E104", f"nested more than {DEEPEST} levels deep", 1 + text.count("\n", 0, at)) if depth > DEEPEST else None


def _guard_terms(text: str) -> Problem | None:
    """Statements within statements, nested without end."""
    depth = 0
    for match in re.finditer(r"<<|>>", text) if text.count("<<") > DEEPEST else ():
        depth = depth + 1 if match.group() == "<<" else max(0, depth - 1)
        if depth > DEEPEST:
            return Problem("E104", f"nested more than {DEEPEST} levels deep", 1 + text.count("\n", 0, match.start()))
    return None


def _guard_xml(text: str) -> Problem | None:
    """Entities that unfold to much or lie elsewhere, and elements nested without end."""
    for count, match in enumerate(_ENTITY.finditer(text), 1):
        value = match.group(2) or match.group(3) or ""
        if match.group(1) or match.group(4) or "&" in value or len(value) > _LONGEST_ENTITY or count > _ENTITIES:
            return Problem("E104", "an entity that unfolds or lies elsewhere is not read", 1 + text.count("\n", 0, match.start()))
    depth = 0
    for match in _TAG.finditer(text):
        if match.group(1) == "/":
            depth -= 1
        elif match.group(1) is not None and not match.group(2):
            depth += 1
            if depth > DEEPEST:
                return Problem("E104", f"nested more than {DEEPEST} levels deep", 1 + text.count("\n", 0, match.start()))
    return None
