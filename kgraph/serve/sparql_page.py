"""The SPARQL endpoint for people: a form with the named queries, and results as a table."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import msgspec
from starlette.responses import Response

from kgraph.errors import KgraphError
from kgraph.model.text import clip
from kgraph.rdf.parameters import bind_parameters
from kgraph.rdf.sparql import NamedQuery, bind, named_queries
from kgraph.rdf.terms import PREFIXES, shorten
from kgraph.serve.answering import STATUS, ask, failure_headers, question
from kgraph.serve.answers import Service
from kgraph.serve.layout import count, frame, html_response, search_form
from kgraph.serve.markup import ROOT, Html, join, tag
from kgraph.serve.protocol import Asked
from kgraph.serve.site import Site, entity_url

__all__ = ["form_page", "result_page"]

_SHOWN_ROWS = 1000
_ASSETS = ("yasgui.min.css", "sparql.css", "yasgui.min.js", "sparql.js")
_EXAMPLE = "SELECT ?entity ?title\nWHERE { ?entity a kg:Concept ; skos:prefLabel ?title }\nORDER BY ?title\nLIMIT 20"
_DOWNLOADS = {"table": ("json", "xml", "csv", "tsv"), "graph": ("turtle", "ntriples", "jsonld", "rdfxml")}


def form_page(service: Service, site: Site, asked: Asked) -> Response:
    """The form, with a named query in it when one is asked for."""
    queries = named_queries()
    chosen = queries.get(asked.named_query or "")
    shown = _example_of(site, chosen) if chosen else _EXAMPLE
    rows = [
        tag("li", tag("a", query.name, href=f"/sparql?{urlencode({'named': query.name})}"), " ", query.purpose,
            tag("span", " For ", ", ".join(f"?{parameter.name}" for parameter in query.parameters), ".", class_="soft")
            if query.parameters else None)
        for query in queries.values()
    ]  # fmt: skip
    note = (
        tag("p", "The values after WHERE { are examples: put others in their place.", class_="soft")
        if chosen and chosen.parameters
        else None
    )
    page = frame(
        "SPARQL", tag("h1", "SPARQL"), _picker(site, queries, asked.named_query), _editor(site, shown, chosen), note,
        tag("div", _form(shown), id="plain"), _about(service, site),
        tag("section", tag("h2", "Named queries"), tag("ul", *rows, class_="named")), search=search_form(), here="sparql", assets=_ASSETS,
    )  # fmt: skip
    return html_response(page)


def _picker(site: Site, queries: dict[str, NamedQuery], chosen: str | None) -> Html:
    """A list of the named queries; one that is picked comes into the editor."""
    options = [
        tag("option", f"{query.name}: {clip(query.purpose, 90)}", value=query.name, data_query=_example_of(site, query),
            selected=query.name == chosen)
        for query in queries.values()
    ]  # fmt: skip
    first = tag("option", "Choose a saved query …", value="", selected=chosen not in queries)
    return tag("div", tag("label", "Saved queries", for_="pick"), tag("select", first, *options, id="pick"), class_="pick", hidden=True)


def _editor(site: Site, text: str, chosen: NamedQuery | None) -> Html:
    """Where the query editor comes, with what it has to know; it takes the place of the form."""
    prefixes = msgspec.json.encode(PREFIXES).decode()
    return tag(
        "div", id="yasgui", hidden=True, data_root=ROOT.get(), data_base=site.minter.base, data_prefixes=prefixes, data_query=text,
        data_chosen=chosen.name if chosen else None,
    )  # fmt: skip


def _example_of(site: Site, query: NamedQuery) -> str:
    """Text of a query with its parameters bound, those without default to the most central entities and the commonest type."""
    entities = iter(site.order)
    common = max(site.by_type, key=lambda key: (len(site.by_type[key]), key), default="page")
    values: dict[str, str] = {}
    for parameter in query.parameters:
        example = next(entities, None) if parameter.kind == "entity" else common if parameter.kind == "type" else None
        if parameter.default is None and example is not None:
            values[parameter.name] = example
    try:
        return bind(query.text, bind_parameters(query, values, site.minter, site.kg.entity_id, site.types))
    except KgraphError:
        return query.text


def _form(text: str) -> Html:
    lines = min(24, max(8, text.count("\n") + 2))
    area = tag("textarea", "\n", text, name="query", rows=lines, spellcheck="false", aria_label="Query", required=True)
    return tag("form", area, tag("div", tag("button", "Run"), class_="row"), action="/sparql", method="get", class_="query")


def _about(service: Service, site: Site) -> Html:
    return tag(
        "p", f"{count(site.counts['triples'], 'triple', 'triples')}; the default graph is the union of all named graphs. A query may take "
        f"{service.workers.timeout:g} s and gives {count(service.limit, 'row', 'rows')} at the most.", class_="soft",
    )  # fmt: skip


def result_page(service: Service, site: Site, asked: Asked, text: str) -> Response:
    """The form with the result below it, or with the reason why there is none."""
    wanted = question(
        service, site, text, "json", "turtle", default_graphs=asked.default_graphs, named_graphs=asked.named_graphs, limit=_SHOWN_ROWS
    )
    reply = ask(service, site, wanted)
    status = STATUS[reply.status]
    if status != 200:
        shown = tag("p", reply.body.decode(), class_="error", role="alert")
    elif reply.status == "graph":
        shown = tag("pre", reply.body.decode(), tabindex=0, class_="graph")
    else:
        shown = _table(site, msgspec.json.decode(reply.body))
    links: list[Html] = []
    for form in _DOWNLOADS.get(reply.status, ()):
        graphs = [("default-graph-uri", iri) for iri in asked.default_graphs or ()]
        graphs += [("named-graph-uri", iri) for iri in asked.named_graphs or ()]
        address = "/sparql?" + urlencode([("query", text), *graphs, ("format", form)])
        links.append(join(" · " if links else None, tag("a", form, href=address)))
    kept = tag("p", "Get it as ", *links, class_="soft") if links else None
    cut = tag("p", f"Cut after {min(_SHOWN_ROWS, service.limit):,}; the files hold more.", class_="soft") if reply.truncated else None
    edit = tag("p", tag("a", "Open it in the editor", href="/sparql#" + urlencode({"query": text})), class_="soft")
    page = frame("SPARQL", tag("h1", "SPARQL"), _form(text), edit, kept, cut, shown, search=search_form(), here="sparql")
    return html_response(page, status, failure_headers(reply, service))


def _table(site: Site, result: dict[str, Any]) -> Html:
    if "boolean" in result:
        return tag("p", "yes" if result["boolean"] else "no", class_="answer")
    names, rows = result["head"]["vars"], result["results"]["bindings"]
    head = tag("tr", *(tag("th", name, scope="col") for name in names))
    body = [tag("tr", *(tag("td", _cell(site, row.get(name))) for name in names)) for row in rows]
    table = tag("table", tag("thead", head), tag("tbody", *body))
    summary = tag("p", count(len(rows), "row", "rows"), class_="soft")
    return tag("section", summary, tag("div", table, class_="wide", tabindex=0, role="region", aria_label="Result"))


def _cell(site: Site, term: dict[str, str] | None) -> Html | str:
    """A term: entities lead to their page in the explorer, other addresses to themselves."""
    if term is None:
        return ""
    value = term["value"]
    if term["type"] != "uri":
        return value
    entity_id = site.minter.entity_id(value)
    if entity_id in site.entities:
        return tag("a", entity_id, href=entity_url("entity", entity_id))
    return tag("a", shorten(value), href=value, rel="noreferrer")
