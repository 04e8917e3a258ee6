"""RDF read by two libraries that know nothing of each other, as sets of plain tuples."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeAlias

import pyoxigraph as ox
import rdflib

__all__ = ["GRAPH_OF", "RDFLIB_FORMATS", "Quads", "by_oxigraph", "by_rdflib", "rdflib_quads", "store_quads", "without_graphs"]

Node: TypeAlias = tuple[str, ...]
Quads: TypeAlias = set[tuple[Node, Node, Node, str]]

RDFLIB_FORMATS = {"nquads": "nquads", "trig": "trig", "turtle": "turtle", "ntriples": "nt", "jsonld": "json-ld", "rdfxml": "xml"}
GRAPH_OF = {
    "nquads": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}
_STRING = "http://www.w3.org/2001/XMLSchema#string"
_LANG = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"


def _ox_node(term: Any) -> Node:
    if isinstance(term, ox.NamedNode):
        return ("iri", term.value)
    if isinstance(term, ox.Literal):
        return ("literal", term.value, term.datatype.value, term.language or "")
    raise AssertionError(f"blank node or other term: {term}")


def _rdflib_node(term: Any) -> Node:
    if isinstance(term, rdflib.URIRef):
        return ("iri", str(term))
    if isinstance(term, rdflib.Literal):
        return ("literal", str(term), _LANG if term.language else str(term.datatype or _STRING), term.language or "")
    raise AssertionError(f"blank node or other term: {term!r}")


def _ox_quads(quads: Any) -> Quads:
    found: Quads = set()
    for quad in quads:
        graph = quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""
        found.add((_ox_node(quad.subject), _ox_node(quad.predicate), _ox_node(quad.object), graph))
    return found


def store_quads(store: ox.Store) -> Quads:
    return _ox_quads(store)


def by_oxigraph(path: Path, form: str) -> Quads:
    return _ox_quads(ox.parse(path=str(path), format=GRAPH_OF[form]))


def rdflib_quads(dataset: rdflib.Dataset) -> Quads:
    default = str(rdflib.graph.DATASET_DEFAULT_GRAPH_ID)
    found: Quads = set()
    for s, p, o, graph in dataset.quads((None, None, None, None)):
        name = "" if graph is None else str(getattr(graph, "identifier", graph))
        found.add((_rdflib_node(s), _rdflib_node(p), _rdflib_node(o), "" if name == default else name))
    return found


def by_rdflib(path: Path, form: str) -> Quads:
    """What rdflib reads, with literals as written: it would write numbers its own way otherwise."""
    before, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
    try:
        dataset = rdflib.Dataset()
        dataset.parse(path, format=RDFLIB_FORMATS[form])
        return rdflib_quads(dataset)
    finally:
        rdflib.NORMALIZE_LITERALS = before


def without_graphs(quads: Quads) -> Quads:
    return {(s, p, o, "") for s, p, o, _ in quads}
