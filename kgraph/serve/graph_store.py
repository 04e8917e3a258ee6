"""The SPARQL 1.1 Graph Store HTTP Protocol, for reading (https://www.w3.org/TR/sparql11-http-rdf-update/)."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from kgraph.serve.answering import ask, question, respond
from kgraph.serve.answers import Service, conditional, service_of
from kgraph.serve.negotiate import GRAPH_OFFERS, Offer, choose, named
from kgraph.serve.site import Site

__all__ = ["graph_content", "routes"]

_ALL = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


async def _graph_store(request: Request) -> Response:
    """A graph that the query string names: ``?graph=IRI``, or ``?default``."""
    service = service_of(request)
    graphs, default = request.query_params.getlist("graph"), "default" in request.query_params
    if len(graphs) + default != 1:
        raise HTTPException(400, "name one graph: ?graph=IRI, or ?default for the union of all")
    return await service.query(_answer, request, service, graphs[0] if graphs else None)


def _answer(request: Request, service: Service, iri: str | None) -> Response:
    form = request.query_params.get("format")
    offer = named(form, GRAPH_OFFERS) if form else choose(request.headers.get("accept"), GRAPH_OFFERS)
    if offer is None:
        raise HTTPException(400 if form else 406, "graphs are sent as Turtle, N-Triples, RDF/XML, JSON-LD, TriG and N-Quads")
    return graph_content(request, service, service.sites.current(), iri, offer)


def graph_content(request: Request, service: Service, site: Site, iri: str | None, offer: Offer) -> Response:
    """The triples of a named graph, or of the union of all when the IRI is None. A graph is sent whole or not at all."""
    reply = ask(service, site, question(service, site, _ALL, None, offer.form, default_graphs=None if iri is None else (iri,)))
    if reply.status == "graph" and reply.empty and iri is not None:
        return PlainTextResponse(f"there is no graph {iri!r}\n", 404, {"Vary": "Accept"})
    if reply.truncated:
        said = f"the graph has more than {service.limit:,} triples: take it with `kgraph export rdf`, or ask for parts of it at /sparql"
        return PlainTextResponse(said + "\n", 403, {"Vary": "Accept"})
    return conditional(request, respond(reply, service, None, offer), site)


def routes() -> list[Route]:
    """Routes of the graph store."""
    return [Route("/graph-store", _graph_store, methods=["GET"])]
