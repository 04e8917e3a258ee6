"""The SPARQL endpoint: the protocol for programs, a form with results for people."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kgraph.serve.answering import Question, ask, ask_soon, question, respond
from kgraph.serve.answers import Service, conditional, service_of
from kgraph.serve.description import describe_service
from kgraph.serve.negotiate import GRAPH_OFFERS, HTML, TABLE_OFFERS, Offer, choose, content_type, named
from kgraph.serve.protocol import Asked, read_asked
from kgraph.serve.site import Site
from kgraph.serve.sparql_page import form_page, result_page

__all__ = ["routes"]

_IN_TAG = str.maketrans("/+", "..")


async def _sparql(request: Request) -> Response:
    service = service_of(request)
    asked = await read_asked(request)
    site = service.sites.at_hand()
    if asked.query is not None and site is not None:
        table, graph = _offers(request, asked.form)
        if table is not HTML and graph is not HTML:
            wanted = _question_of(service, site, asked, asked.query, table, graph)
            reply = await ask_soon(service, site, wanted)
            if reply is not None:
                return _tagged(request, site, wanted, respond(reply, service, table, graph), graph if reply.status == "graph" else table)
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
    table, graph = _offers(request, asked.form)
    if table is HTML or graph is HTML:
        return result_page(service, site, asked, asked.query)
    wanted = _question_of(service, site, asked, asked.query, table, graph)
    reply = ask(service, site, wanted)
    return _tagged(request, site, wanted, respond(reply, service, table, graph), graph if reply.status == "graph" else table)


def _offers(request: Request, form: str | None) -> tuple[Offer | None, Offer | None]:
    """What to send a table and a graph as."""
    table, graph = _choose(request, form, TABLE_OFFERS), _choose(request, form, GRAPH_OFFERS)
    if table is None and graph is None:
        raise HTTPException(
            406, "results are sent as JSON, XML, CSV and TSV, graphs as Turtle, N-Triples, RDF/XML, JSON-LD, TriG and N-Quads"
        )
    return table, graph


def _question_of(service: Service, site: Site, asked: Asked, text: str, table: Offer | None, graph: Offer | None) -> Question:
    return question(
        service, site, text, table.form if table else None, graph.form if graph else None,
        default_graphs=asked.default_graphs, named_graphs=asked.named_graphs,
    )  # fmt: skip


def _tagged(request: Request, site: Site, asked: Question, response: Response, offer: Offer | None) -> Response:
    """An answer that stays the same as long as the build does: with an entity tag, by which it need not be sent again."""
    if asked.key is None or offer is None or request.method not in ("GET", "HEAD"):
        return response
    return conditional(request, response, site, part=f"{asked.key}-{offer.media.translate(_IN_TAG)}")


def _choose(request: Request, form: str | None, offers: tuple[Offer, ...]) -> Offer | None:
    """The offer named by the ``format`` parameter, else the one that the Accept header asks for.

    Raises:
        HTTPException: there is no such format at all.

    """
    if form is None:
        return choose(request.headers.get("accept"), (*offers, HTML))
    if named(form, (*TABLE_OFFERS, *GRAPH_OFFERS, HTML)) is None:
        names = sorted({offer.form for offer in (*TABLE_OFFERS, *GRAPH_OFFERS)} | {"trig", "nquads"})
        raise HTTPException(400, f"format must be one of {', '.join(names)}")
    return named(form, (*offers, HTML))


def routes() -> list[Route]:
    """Routes of the endpoint."""
    return [Route("/sparql", _sparql, methods=["GET", "POST"])]
