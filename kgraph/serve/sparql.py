"""The SPARQL endpoint: the protocol for programs, a form with results for people."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kgraph.serve.answering import ask, respond
from kgraph.serve.answers import Service, service_of
from kgraph.serve.description import describe_service
from kgraph.serve.negotiate import GRAPH_OFFERS, HTML, TABLE_OFFERS, Offer, choose, content_type, named
from kgraph.serve.protocol import Asked, read_asked
from kgraph.serve.sparql_page import form_page, result_page

__all__ = ["routes"]


async def _sparql(request: Request) -> Response:
    service = service_of(request)
    asked = await read_asked(request)
    return await service.query(_answer, request, service, asked)


def _answer(request: Request, service: Service, asked: Asked) -> Response:
    site = service.sites.current()
    if asked.query is None:
        offer = _choose(request, asked.form, GRAPH_OFFERS)
        if offer is None:
            raise HTTPException(406, "the description of the service is sent as RDF, the form for people as HTML")
        if offer is HTML:
            return form_page(service, site, asked)
        endpoint = str(request.url.replace(query="", fragment=""))
        description = describe_service(endpoint, site, service, offer.form)
        return Response(description, headers={"Content-Type": content_type(offer), "Vary": "Accept"})
    table, graph = _choose(request, asked.form, TABLE_OFFERS), _choose(request, asked.form, GRAPH_OFFERS)
    if table is HTML or graph is HTML:
        return result_page(service, site, asked, asked.query)
    if table is None and graph is None:
        raise HTTPException(
            406, "results are sent as JSON, XML, CSV and TSV, graphs as Turtle, N-Triples, RDF/XML, JSON-LD, TriG and N-Quads"
        )
    reply = ask(
        service, site, asked.query, table.form if table else None, graph.form if graph else None,
        default_graphs=asked.default_graphs, named_graphs=asked.named_graphs,
    )  # fmt: skip
    return respond(reply, service, table, graph)


def _choose(request: Request, form: str | None, offers: tuple[Offer, ...]) -> Offer | None:
    """The offer named by the ``format`` parameter, else the one that the Accept header asks for.

    Raises:
        HTTPException: there is no such format at all.

    """
    if form is None:
        return choose(request.headers.get("accept"), (*offers, HTML))
    if named(form, (*TABLE_OFFERS, *GRAPH_OFFERS, HTML)) is None:
        names = sorted({offer.form for offer in (*TABLE_OFFERS, *GRAPH_OFFERS)})
        raise HTTPException(400, f"format must be one of {', '.join(names)}")
    return named(form, (*offers, HTML))


def routes() -> list[Route]:
    """Routes of the endpoint."""
    return [Route("/sparql", _sparql, methods=["GET", "POST"])]
