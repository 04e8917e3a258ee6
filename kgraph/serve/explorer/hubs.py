"""Who leads by which measure."""

from __future__ import annotations

from typing import get_args

from starlette.exceptions import HTTPException
from starlette.requests import Request

from kgraph.graph.measures import HUB_MEASURES, HubMeasure
from kgraph.serve.answers import read_type
from kgraph.serve.explorer.communities import community_name, community_url
from kgraph.serve.explorer.showing import Shown
from kgraph.serve.layout import address, badged, chips, table, title_block
from kgraph.serve.markup import tag
from kgraph.serve.site import Site

__all__ = ["hubs"]

_LENGTH = 50
_MEASURES: dict[str, HubMeasure] = {name: name for name in get_args(HubMeasure)}
_TOLD: dict[HubMeasure, tuple[str, str]] = {
    "pagerank": ("PageRank", "Where a reader who follows links at random ends up most often."),
    "authority": ("Authority", "Linked from pages that link to much of what matters (HITS)."),
    "hub": ("Hub", "Links to much of what others link to (HITS)."),
    "in-degree": ("In-degree", "How many entities link or relate here."),
    "out-degree": ("Out-degree", "How many entities are linked or related from here."),
    "betweenness": ("Betweenness", "Lies on the shortest ways between others: takes it away and parts lose touch."),
}


def hubs(request: Request, site: Site) -> Shown:
    """The leading entities by one measure, of one type when one is named."""
    name = request.query_params.get("by", "") or "pagerank"
    if name not in _MEASURES:
        raise HTTPException(400, f"by must be one of {', '.join(HUB_MEASURES)}")
    by, kind = _MEASURES[name], read_type(request, site)
    rows = site.hubs(_LENGTH, by=by, kind=kind)
    most = max((float(row[by]) for row in rows), default=0.0) or 1.0
    measures = chips([(_TOLD[key][0], address("/hubs", by=key, type=kind), None, key == by) for key in HUB_MEASURES], "Measures")
    leading = list(site.type_rank)[:10] + ([kind] if kind and site.type_rank[kind] >= 10 else [])
    types = [("All types", address("/hubs", by=by), None, kind is None)]
    types += [(site.types.plural(key), address("/hubs", by=by, type=key), None, key == kind) for key in leading]
    body = [
        tag("tr", tag("td", row["rank"], class_="number"), tag("td", badged(site, row["id"])),
            tag("td", tag("meter", value=float(row[by]), min=0, max=most, aria_hidden="true"), " ", _shown(by, row[by]), class_="measured"),
            tag("td", tag("a", community_name(site, row["community"]), href=community_url(site, row["community"]))))
        for row in rows
    ]  # fmt: skip
    title = "Hubs" if kind is None else f"Hubs: {site.types.plural(kind)}"
    listed = table("Leading entities", ("Place", "Entity", _TOLD[by][0], "Community of"), body, "ranking")
    return Shown(
        title,
        (title_block(title, _TOLD[by][1], measures, chips(types, "Types")), listed),
        here="hubs",
    )  # fmt: skip


def _shown(by: HubMeasure, value: float) -> str:
    return f"{int(value):,}" if by in ("in-degree", "out-degree") else f"{value:.5f}"
