"""The SPARQL 1.1 Service Description of the endpoint (https://www.w3.org/TR/sparql11-service-description/), with VoID and prefixes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kgraph.rdf.terms import PREFIXES
from kgraph.serve.answers import Service
from kgraph.serve.site import Site

if TYPE_CHECKING:
    import pyoxigraph as ox

__all__ = ["describe_service"]

_SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = "http://www.w3.org/ns/formats/"
_WRITTEN = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV", "Turtle", "N-Triples", "RDF_XML", "JSON-LD",
    "TriG", "N-Quads",
)  # fmt: skip
_MOST_GRAPHS = 1000
"""Graphs of pages up to which each is listed; of more only the pattern of their IRIs is told."""


def describe_service(endpoint: str, site: Site, service: Service, form: str) -> str:
    """The description of the endpoint at this address, in a graph format. It has no blank nodes."""
    from kgraph.rdf.sparql import serialize_triples

    told = _Told()
    _service(told, endpoint, service)
    _dataset(told, endpoint, site)
    _graphs(told, endpoint, site)
    _prefixes(told, endpoint)
    return serialize_triples(told.triples, form)


class _Told:
    """Triples by prefixed names."""

    def __init__(self) -> None:
        self.triples: list[ox.Triple] = []

    def add(self, subject: str, predicate: str, value: str | int) -> None:
        """A triple; the value is an IRI, or a number."""
        import pyoxigraph as ox

        term: ox.NamedNode | ox.Literal
        if isinstance(value, int):
            term = ox.Literal(str(value), datatype=ox.NamedNode(PREFIXES["xsd"] + "integer"))
        else:
            term = ox.NamedNode(_iri(value))
        self.triples.append(ox.Triple(ox.NamedNode(subject), ox.NamedNode(_iri(predicate)), term))

    def say(self, subject: str, predicate: str, text: str, datatype: str = "xsd:string") -> None:
        """A triple with a literal."""
        import pyoxigraph as ox

        literal = ox.Literal(text, datatype=ox.NamedNode(_iri(datatype)))
        self.triples.append(ox.Triple(ox.NamedNode(subject), ox.NamedNode(_iri(predicate)), literal))


def _iri(name: str) -> str:
    prefix, _, local = name.partition(":")
    if prefix == "sd":
        return _SD + local
    return PREFIXES[prefix] + local if prefix in PREFIXES and not local.startswith("//") else name


def _service(told: _Told, endpoint: str, service: Service) -> None:
    add = told.add
    add(endpoint, "rdf:type", "sd:Service")
    add(endpoint, "sd:endpoint", endpoint)
    add(endpoint, "sd:supportedLanguage", "sd:SPARQL10Query")
    add(endpoint, "sd:supportedLanguage", "sd:SPARQL11Query")
    add(endpoint, "sd:feature", "sd:UnionDefaultGraph")
    if service.services:
        add(endpoint, "sd:feature", "sd:BasicFederatedQuery")
    for name in _WRITTEN:
        add(endpoint, "sd:resultFormat", _FORMATS + name)
    add(endpoint, "sd:defaultEntailmentRegime", "http://www.w3.org/ns/entailment/Simple")
    add(endpoint, "sd:defaultDataset", endpoint + "#dataset")
    add(endpoint, "sd:availableGraphs", endpoint + "#dataset")


def _dataset(told: _Told, endpoint: str, site: Site) -> None:
    """The dataset by VoID: how large it is, how its IRIs begin, what classes it has."""
    add, dataset = told.add, endpoint + "#dataset"
    for kind in ("sd:Dataset", "sd:GraphCollection", "void:Dataset"):
        add(dataset, "rdf:type", kind)
    add(dataset, "sd:defaultGraph", endpoint + "#default-graph")
    add(dataset, "void:sparqlEndpoint", endpoint)
    add(dataset, "void:triples", site.counts["triples"])
    add(dataset, "void:entities", len(site.entities))
    add(dataset, "void:documents", site.counts["pages"])
    told.say(dataset, "void:uriSpace", site.minter.base)
    if site.order:
        add(dataset, "void:exampleResource", site.minter.entity(site.order[0]))
    for prefix in ("kg", "skos", "dcterms", "foaf", "org", "prov", "schema"):
        add(dataset, "void:vocabulary", PREFIXES[prefix])
    for place, kind in enumerate(sorted(site.by_type), 1):
        partition = f"{endpoint}#class-{place}"
        add(dataset, "void:classPartition", partition)
        add(partition, "void:class", site.minter.type(kind))
        add(partition, "void:entities", len(site.by_type[kind]))
    add(endpoint + "#default-graph", "rdf:type", "sd:Graph")
    add(endpoint + "#default-graph", "void:triples", site.counts["triples"])


def _graphs(told: _Told, endpoint: str, site: Site) -> None:
    names = [site.minter.graph("ontology"), site.minter.graph("rankings")]
    pages = [site.minter.graph("page", page.entity) for page in site.pages.values()]
    if len(pages) <= _MOST_GRAPHS:
        names += sorted(pages)
    else:
        subset = endpoint + "#pages"
        told.add(endpoint + "#dataset", "void:subset", subset)
        told.say(subset, "void:uriSpace", site.minter.graph("page") + "/")
    for place, name in enumerate(names, 1):
        node = f"{endpoint}#graph-{place}"
        told.add(endpoint + "#dataset", "sd:namedGraph", node)
        told.add(node, "rdf:type", "sd:NamedGraph")
        told.add(node, "sd:name", name)


def _prefixes(told: _Told, endpoint: str) -> None:
    """The prefixes that queries know without a PREFIX line, declared as SHACL does (https://www.w3.org/TR/shacl/#sparql-prefixes)."""
    for prefix, namespace in sorted(PREFIXES.items()):
        node = f"{endpoint}#prefix-{prefix}"
        told.add(endpoint, "sh:declare", node)
        told.add(node, "rdf:type", "sh:PrefixDeclaration")
        told.say(node, "sh:prefix", prefix)
        told.say(node, "sh:namespace", namespace, "xsd:anyURI")
