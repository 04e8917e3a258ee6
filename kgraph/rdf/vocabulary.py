"""The ontology of a site: the terms that ship, and the classes and properties that the site uses."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from importlib.resources import files

from kgraph.model.corpus import Corpus
from kgraph.model.relations import RELATED, RelationVocabulary
from kgraph.model.types import TypeVocabulary
from kgraph.rdf.terms import KG, Minter, literal
from kgraph.rdf.writer import TYPE, outside_term, term

__all__ = ["MADE", "ontology_quads", "share_property"]

MADE = "\n# Made by scripts/ontology_reference.py from the tables of types, relations and signals.\n"
"""Line of the ontology after which stand the types, relations and signals that are known from the start; a site has those it uses."""


@lru_cache(maxsize=256)
def share_property(signal: str) -> str:
    """IRI of the property that gives the share of a signal in a score.

    >>> share_property("co-citation")
    'https://w3id.org/kgraph/ns#coCitationShare'
    """
    head, *rest = re.split(r"[^a-zA-Z0-9]+", signal)
    return f"{KG}{head}{''.join(part.capitalize() for part in rest)}Share"


def ontology_quads(corpus: Corpus, types: TypeVocabulary, relations: RelationVocabulary) -> list[str]:
    """The shipped ontology, and the classes and properties that this site uses, in the graph of the ontology."""
    import pyoxigraph as ox

    mint = Minter(corpus.base_iri)
    graph = f"<{mint.graph('ontology')}>"
    text = files("kgraph.rdf").joinpath("ontology.ttl").read_text(encoding="utf-8").partition(MADE)[0]
    lines = [f"{quad.subject} {quad.predicate} {quad.object} {graph} ." for quad in ox.parse(text, ox.RdfFormat.TURTLE)]
    label, comment = term("rdfs:label"), term("rdfs:comment")
    sub_class, sub_property, inverse_of = term("rdfs:subClassOf"), term("rdfs:subPropertyOf"), term("owl:inverseOf")
    for key in sorted({entity.type for entity in corpus.entities.values()} | {item.type for item in corpus.candidates}):
        kind, subject = types.get_type(key), f"<{mint.type(key)}>"
        lines.append(f"{subject} {TYPE} {term('owl:Class')} {graph} .")
        lines.append(f"{subject} {label} {literal(kind.label)} {graph} .")
        lines.append(f"{subject} {sub_class} <{KG}Entity> {graph} .")
        lines += [f"{subject} {sub_class} {outside_term(parent, f'types.{key}.parents')} {graph} ." for parent in kind.classes]
    used = {item.name for item in corpus.relations} - {RELATED}
    for name in sorted(used | {inverse for name in used if (inverse := relations.inverse(name))} - {RELATED}):
        known = relations.relations.get(name)
        subject = f"<{mint.relation(name, known is not None)}>"
        lines.append(f"{subject} {TYPE} {term('owl:ObjectProperty')} {graph} .")
        lines.append(f"{subject} {label} {literal(relations.label(name))} {graph} .")
        lines.append(f"{subject} {sub_property} <{KG}relatedTo> {graph} .")
        lines += [f"{subject} {term(f'rdfs:{end}')} <{KG}Entity> {graph} ." for end in ("domain", "range")]
        if known and known.symmetric:
            lines.append(f"{subject} {TYPE} {term('owl:SymmetricProperty')} {graph} .")
        if known and known.inverse:
            lines.append(f"{subject} {inverse_of} <{mint.relation(known.inverse, True)}> {graph} .")
        if known and known.property:
            lines.append(f"{subject} {sub_property} {outside_term(known.property, f'relations.{name}.property')} {graph} .")
    keys: dict[str, set[str]] = defaultdict(set)
    for entity in corpus.entities.values():
        for fact in entity.facts:
            keys[fact.key].add(fact.path)
    for key in sorted(keys):
        subject = f"<{mint.property(key)}>"
        lines.append(f"{subject} {label} {literal(key)} {graph} .")
        lines.append(f"{subject} {comment} {literal('Field of the site, as its authors name it.')} {graph} .")
    return lines
