"""Writes what of the ontology follows from the tables of types, relations and signals, and docs/ontology.md.

python scripts/ontology_reference.py          writes kgraph/rdf/ontology.ttl and docs/ontology.md
"""

from __future__ import annotations

from pathlib import Path

import rdflib
from rdflib import OWL, RDF, RDFS, Namespace, URIRef

from kgraph.model.relations import RELATIONS
from kgraph.model.types import TYPES
from kgraph.rank.signals import OPTIONAL, SIGNALS
from kgraph.rdf.terms import KG, PREFIXES, Minter, shorten
from kgraph.rdf.vocabulary import MADE, share_property

ROOT = Path(__file__).parents[1]
ONTOLOGY, PAGE = ROOT / "kgraph/rdf/ontology.ttl", ROOT / "docs/ontology.md"
SCHEMA = Namespace("https://schema.org/")


def ontology(core: str) -> str:
    """The ontology: its written part, and what follows from the tables."""
    core = core.partition(MADE)[0]
    mint, made = Minter("https://kgraph.example/"), [""]
    made += [_type(shorten(mint.type(key)), kind.label, kind.plural, kind.classes) for key, kind in TYPES.items()]
    made += [_relation(name, mint) for name in sorted(RELATIONS) if mint.relation(name, True) != f"{KG}relatedTo"]
    made += [_share(signal) for signal in sorted((*SIGNALS, *OPTIONAL))]
    return core + MADE + "\n".join(made) + "\n" + _declarations(core + "\n".join(made))


def _type(term: str, label: str, plural: str, parents: tuple[str, ...]) -> str:
    above = ", ".join(("kg:Entity", *parents))
    return (f'{term} a owl:Class ; rdfs:label "{label}"@en ; rdfs:subClassOf {above} ;\n'
            f'  rdfs:comment "Type of an entity; a group of them is headed {plural}."@en .')  # fmt: skip


def _relation(name: str, mint: Minter) -> str:
    known = RELATIONS[name]
    parts = ["a owl:ObjectProperty" + (", owl:SymmetricProperty" if known.symmetric else ""), f'rdfs:label "{known.label}"@en']
    parts.append("rdfs:subPropertyOf kg:relatedTo" + (f", {known.property}" if known.property else ""))
    parts.append("rdfs:domain kg:Entity ; rdfs:range kg:Entity")
    if known.symmetric:
        parts.append(f'rdfs:comment "Curated relation, the same from both ends: {known.label}."@en')
    elif known.inverse:
        parts.append(f"owl:inverseOf {shorten(mint.relation(known.inverse, True))}")
        parts.append(f'rdfs:comment "Curated relation; from the other end: {RELATIONS[known.inverse].label}."@en')
    return f"{shorten(mint.relation(name, True))} {' ; '.join(parts)} ."


def _share(signal: str) -> str:
    return (f'{shorten(share_property(signal))} a owl:DatatypeProperty ; rdfs:label "share of the signal {signal}"@en ; '
            f'rdfs:subPropertyOf kg:share ;\n  rdfs:comment "Part of the score of a relatedness that the signal {signal} makes."@en ; '
            f'rdfs:domain kg:Relatedness ; rdfs:range xsd:decimal ; schema:unitText "share of 1"@en .')  # fmt: skip


def _declarations(text: str) -> str:
    """Declarations of the terms of other vocabularies, as OWL 2 asks for."""
    graph = rdflib.Graph().parse(data=text, format="turtle")
    kinds: dict[str, str] = {}
    for predicate in (RDFS.subClassOf, RDFS.domain):
        kinds |= {str(term): "owl:Class" for term in graph.objects(None, predicate) if _foreign(term)}
    for subject, term in graph.subject_objects(RDFS.range):
        if _foreign(term) and (subject, RDF.type, OWL.ObjectProperty) in graph:
            kinds[str(term)] = "owl:Class"
    for subject, term in graph.subject_objects(RDFS.subPropertyOf):
        if _foreign(term):
            kinds[str(term)] = "owl:DatatypeProperty" if (subject, RDF.type, OWL.DatatypeProperty) in graph else "owl:ObjectProperty"
    kinds |= {PREFIXES["dcterms"] + name: "owl:AnnotationProperty" for name in ("title", "description", "license")}
    kinds[str(SCHEMA.unitText)] = "owl:AnnotationProperty"
    return "".join(f"{shorten(term)} a {kind} .\n" for term, kind in sorted(kinds.items()))


def _foreign(term: rdflib.term.Node) -> bool:
    return isinstance(term, URIRef) and not str(term).startswith((KG, str(OWL), str(rdflib.XSD)))


def page(turtle: str) -> str:
    """The ontology as a page."""
    graph = rdflib.Graph().parse(data=turtle, format="turtle")
    lines = [
        "# The kgraph vocabulary", "",
        "Made by `scripts/ontology_reference.py` from [ontology.ttl](../kgraph/rdf/ontology.ttl), which is in the",
        "OWL 2 RL profile. `kg:` is `https://w3id.org/kgraph/ns#`. A dataset made of these terms: [rdf.md](rdf.md).", "",
    ]  # fmt: skip
    for title, kind, columns in (
        ("Classes", OWL.Class, ("subclass of",)),
        ("Object properties", OWL.ObjectProperty, ("sub-property of", "inverse", "domain", "range")),
        ("Datatype properties", OWL.DatatypeProperty, ("sub-property of", "domain", "range", "unit")),
    ):
        head = ("term", "label", "meaning", *columns)
        lines += [f"## {title}", "", f"| {' | '.join(head)} |", f"| {' | '.join('---' for _ in head)} |"]
        for term in sorted((term for term in graph.subjects(RDF.type, kind) if str(term).startswith(KG)), key=str):
            cells = [
                f'<a id="{str(term)[len(KG) :]}"></a>`{shorten(str(term))}`',
                str(graph.value(term, RDFS.label)),
                str(graph.value(term, RDFS.comment)),
            ]
            lines.append(f"| {' | '.join(cells + [_cell(graph, term, column) for column in columns])} |")
        lines.append("")
    return "\n".join(lines)


_COLUMNS = {"subclass of": RDFS.subClassOf, "sub-property of": RDFS.subPropertyOf, "inverse": OWL.inverseOf, "domain": RDFS.domain,
            "range": RDFS.range, "unit": SCHEMA.unitText}  # fmt: skip


def _cell(graph: rdflib.Graph, term: rdflib.term.Node, column: str) -> str:
    if column == "inverse" and (term, RDF.type, OWL.SymmetricProperty) in graph:
        return "symmetric"
    found = sorted(graph.objects(term, _COLUMNS[column]), key=str)
    return ", ".join(str(item) if isinstance(item, rdflib.Literal) else f"`{shorten(str(item))}`" for item in found)


if __name__ == "__main__":
    made = ontology(ONTOLOGY.read_text(encoding="utf-8"))
    ONTOLOGY.write_text(made, encoding="utf-8")
    PAGE.write_text(page(made), encoding="utf-8")
