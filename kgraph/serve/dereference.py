"""IRIs of the dataset that lead here: entities, pages, named graphs and all else, as pages for people and as RDF for programs.

An entity is no document, so a program that asks for RDF is sent on (303) to the document that describes it, which is at the same
address with a ``format``. A named graph is one, and comes at once (direct identification of the Graph Store HTTP Protocol). What has no
page of its own, such as a sentence or a cited work, is shown to people as the result of a query.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from kgraph.serve.answering import ask, question, respond
from kgraph.serve.answers import Service, conditional, service_of, unknown_entity
from kgraph.serve.graph_store import graph_content
from kgraph.serve.guard import CORS
from kgraph.serve.markup import ROOT
from kgraph.serve.negotiate import GRAPH_OFFERS, HTML, Offer, choose, named
from kgraph.serve.site import entity_url

__all__ = ["about", "graph", "thing"]

_ALTERNATES = tuple(GRAPH_OFFERS[:4])
_IRI = re.compile(r"[!#-;=?-\[\]_a-z~]+")
"""The characters of the IRIs that are minted here, and some more; none that ends an IRI in SPARQL."""
_ASCII = "".join(map(chr, range(0x21, 0x7F)))

ForPeople = Callable[[Request], Response]


def about(kind: str, page: ForPeople) -> Callable[[Request], object]:
    """An endpoint for the entities, or for the pages, of the site; ``page`` makes what people see."""

    async def endpoint(request: Request) -> Response:
        service = service_of(request)
        run = service.in_turn if _offer(request)[0] is HTML else service.query
        return await run(_about, request, service, kind, page)

    return endpoint


def graph(page: ForPeople) -> Callable[[Request], object]:
    """An endpoint for the named graphs of the site; ``page`` makes what people see."""

    async def endpoint(request: Request) -> Response:
        service = service_of(request)
        return await service.query(_graph, request, service, page)

    return endpoint


def thing(missing: ForPeople, page: Callable[[Request], Awaitable[Response]] | None = None) -> Callable[[Request], object]:
    """An endpoint for things of one kind: people see ``page``, else a query, or ``missing`` where nothing is said of a thing."""

    async def endpoint(request: Request) -> Response:
        if page is not None and _offer(request)[0] is HTML:
            return await page(request)
        service = service_of(request)
        return await service.query(_thing, request, service, missing)

    return endpoint


def _thing(request: Request, service: Service, missing: ForPeople) -> Response:
    site = service.sites.current()
    offer, form = _offer(request)
    if offer is None:
        return _opened(_unacceptable(form))
    written = bytes(request.scope.get("raw_path") or b"").decode("latin-1").removeprefix(request.scope.get("root_path", ""))
    iri = site.minter.base + written.lstrip("/")
    text = f"DESCRIBE <{iri}>"
    known = _IRI.fullmatch(iri) is not None
    reply = ask(service, site, question(service, site, text, None, "ntriples" if offer is HTML else offer.form)) if known else None
    if reply is None or reply.empty or (offer is HTML and reply.status == "unavailable"):  # a page of the site may be there all the same
        said = f"nothing is said here of {written[:200]}\n"
        return missing(request) if offer is HTML else _opened(PlainTextResponse(said, 404, {"Vary": "Accept"}))
    if offer is HTML:
        return RedirectResponse(f"/sparql?{urlencode({'query': text, 'format': 'html'})}", 303, {"Vary": "Accept"})
    return _opened(conditional(request, respond(reply, service, None, offer), site))


def _about(request: Request, service: Service, kind: str, page: ForPeople) -> Response:
    site, name = service.sites.current(), request.path_params["id"]
    offer, form = _offer(request)
    if offer is None:
        return _opened(_unacceptable(form))
    entity = site.find(name)
    name = entity.id if entity is not None else name
    iri = site.minter.entity(name) if kind == "entity" else site.minter.page(name)
    if offer is HTML:
        response = page(request)
        if response.status_code in (200, 304) and kind == "entity":
            response.headers["Link"] = _links(kind, name, iri, offer)
        return response
    if entity is None or (kind == "page" and entity.stub):
        closest = [site.entities[entity_id] for entity_id in site.closest(name)]
        return _opened(PlainTextResponse(unknown_entity(name, closest) + "\n", 404, {"Vary": "Accept"}))
    if form is None:
        return _opened(RedirectResponse(_document(kind, name, offer), 303, {"Vary": "Accept", "Link": _links(kind, name, iri, offer)}))
    reply = ask(service, site, question(service, site, f"DESCRIBE <{iri}>", None, offer.form))
    response = conditional(request, respond(reply, service, None, offer), site)
    if response.status_code in (200, 304):
        response.headers["Link"] = _links(kind, name, iri, offer)
    return _opened(response)


def _graph(request: Request, service: Service, page: ForPeople) -> Response:
    site, name = service.sites.current(), request.path_params["id"]
    offer, form = _offer(request)
    if offer is None:
        return _opened(_unacceptable(form))
    kind, _, rest = name.partition("/")
    if offer is not HTML:
        return _opened(graph_content(request, service, site, site.minter.graph(kind, rest), offer))
    entity = site.find(rest) if kind == "page" and site.find(name) is None else None
    if entity is not None:
        return RedirectResponse(entity_url("entity", entity.id), 303, {"Vary": "Accept"})
    if site.find(name) is None:
        iri = site.minter.graph(kind, rest)
        there = ask(service, site, question(service, site, f"ASK {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}", "csv", None))
        if there.body.strip() == b"true":  # a graph of no page, such as that of the ontology
            query = urlencode({"query": f"SELECT ?s ?p ?o\nWHERE {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}\nORDER BY ?s ?p ?o", "format": "html"})
            return RedirectResponse(f"/sparql?{query}", 303, {"Vary": "Accept"})
    return page(request)


def _offer(request: Request) -> tuple[Offer | None, str | None]:
    """What to send, and the format asked for by name."""
    form, offers = request.query_params.get("format") or None, (HTML, *GRAPH_OFFERS)
    return named(form, offers) if form else choose(request.headers.get("accept"), offers), form


def _unacceptable(form: str | None) -> Response:
    said = "this is sent as HTML, Turtle, N-Triples, RDF/XML, JSON-LD, TriG and N-Quads"
    return PlainTextResponse(said + "\n", 400 if form else 406, {"Vary": "Accept"})


def _document(kind: str, name: str, offer: Offer) -> str:
    """Address of the document that describes a thing."""
    return f"{entity_url(kind, name)}?format={quote(offer.media if offer.media[-4:] in ('trig', 'uads') else offer.form, safe='')}"


def _links(kind: str, name: str, iri: str, sent: Offer) -> str:
    """The Link header: what the document describes, and the other forms that it comes in."""
    root = ROOT.get()
    links = [f'<{quote(iri, safe=_ASCII)}>; rel="describes"']
    links += [f'<{root}{_document(kind, name, offer)}>; rel="alternate"; type="{offer.media}"' for offer in _ALTERNATES if offer != sent]
    if sent is not HTML:
        links.append(f'<{root}{entity_url("entity", name)}?format=html>; rel="alternate"; type="text/html"')
    return ", ".join(links)


def _opened(response: Response) -> Response:
    """Data that pages of any origin may read."""
    response.headers.update(CORS)
    return response
