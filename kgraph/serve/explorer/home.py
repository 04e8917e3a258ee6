"""The start page: what there is, and the questions that it can be asked."""

from __future__ import annotations

from starlette.requests import Request

from kgraph.graph.measures import HubMeasure
from kgraph.serve.explorer.communities import community_card
from kgraph.serve.explorer.path import path_form
from kgraph.serve.explorer.showing import Shown
from kgraph.serve.layout import address, badged, search_form, type_url
from kgraph.serve.markup import Html, tag
from kgraph.serve.site import Site

__all__ = ["home"]

_HUBS: tuple[tuple[HubMeasure, str, str], ...] = (
    ("pagerank", "Most central", "Where a reader who follows links ends up most often (PageRank)."),
    ("authority", "Authorities", "Linked from pages that link to much."),
    ("hub", "Hubs", "Link to much that others link to."),
)
_COUNTS = (
    ("pages", "pages"), ("entities", "entities"), ("links", "links"), ("relations", "relations"), ("mentions", "mentions"),
    ("triples", "triples"),
)  # fmt: skip


def home(_: Request, site: Site) -> Shown:
    """The start page."""
    counted = [tag("div", tag("dt", name), tag("dd", f"{site.counts[key]:,}")) for key, name in _COUNTS]
    large = [community for community in site.communities if len(community.members) > 2][:6]
    return Shown(
        "",
        (
            tag("section", tag("h1", "Explore the graph"), search_form(large=True), tag("dl", *counted, class_="counts"), class_="welcome"),
            _questions(),
            tag("section", tag("h2", tag("a", "Types", href="/types")), _types(site)),
            tag("div", *(_hubs(site, by, title, why) for by, title, why in _HUBS), class_="thirds"),
            tag("section", tag("h2", tag("a", "Communities", href="/communities")),
                tag("ul", *(community_card(site, community) for community in large), class_="cards"))
            if large else None,
        ),
        searching=True,
    )  # fmt: skip


def _questions() -> Html:
    return tag(
        "section",
        tag("div", tag("h2", "How are two things connected?"), path_form(), class_="card"),
        tag("div", tag("h2", tag("a", "Which pages need links?", href="/health/links")),
            tag("p", "Pages that nobody links to, pages that lead nowhere, and names in prose that could be links.")),
        tag("div", tag("h2", tag("a", "What changed?", href="/changes")),
            tag("p", "Pages, links, relations and related lists that differ from the build before.")),
        class_="questions", aria_label="Questions",
    )  # fmt: skip


def _types(site: Site) -> Html:
    most = max((len(ids) for ids in site.by_type.values()), default=1)
    rows = [
        tag("li", tag("a", site.types.plural(kind), href=type_url(kind), class_=f"type t{min(place, 12)}"),
            tag("span", f"{len(site.by_type[kind]):,}"),
            tag("meter", len(site.by_type[kind]), value=len(site.by_type[kind]), min=0, max=most, aria_hidden="true"))
        for kind, place in site.type_rank.items()
    ]  # fmt: skip
    return tag("ul", *rows, class_="types")


def _hubs(site: Site, by: HubMeasure, title: str, why: str) -> Html:
    rows = [tag("li", badged(site, row["id"])) for row in site.hubs(8, by=by)]
    return tag(
        "section", tag("h2", tag("a", title, href=address("/hubs", by=by))), tag("p", why, class_="soft"), tag("ol", *rows, class_="ranked")
    )
