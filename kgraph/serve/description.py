"""The SPARQL 1.1 Service Description of the endpoint (https://www.w3.org/TR/sparql11-service-description/)."""

from __future__ import annotations

from kgraph.serve.site import Site

__all__ = ["describe_service"]

_SD = "http://www.w3.org/ns/sparql-service-description#"
_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_VOID = "http://rdfs.org/ns/void#"
_FORMATS = "http://www.w3.org/ns/formats/"
_WRITTEN = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV", "Turtle", "N-Triples", "RDF_XML", "JSON-LD",
)  # fmt: skip


def describe_service(endpoint: str, site: Site, form: str) -> str:
    """The description of the endpoint at this address, in a graph format. It has no blank nodes."""
    import pyoxigraph as ox

    from kgraph.rdf.sparql import serialize_triples

    def sd(name: str) -> ox.NamedNode:
        return ox.NamedNode(_SD + name)

    node = ox.NamedNode
    kind, service = node(_RDF_TYPE), node(endpoint)
    dataset, graph = node(endpoint + "#dataset"), node(endpoint + "#default-graph")
    count = ox.Literal(str(site.counts["triples"]), datatype=node("http://www.w3.org/2001/XMLSchema#integer"))
    triples = [
        ox.Triple(service, kind, sd("Service")),
        ox.Triple(service, sd("endpoint"), service),
        ox.Triple(service, sd("supportedLanguage"), sd("SPARQL11Query")),
        ox.Triple(service, sd("feature"), sd("UnionDefaultGraph")),
        *(ox.Triple(service, sd("resultFormat"), node(_FORMATS + name)) for name in _WRITTEN),
        ox.Triple(service, sd("defaultDataset"), dataset),
        ox.Triple(dataset, kind, sd("Dataset")),
        ox.Triple(dataset, sd("defaultGraph"), graph),
        ox.Triple(graph, kind, sd("Graph")),
        ox.Triple(graph, node(_VOID + "triples"), count),
    ]
    return serialize_triples(triples, form)
