"""The interactive graph: a page of its own that needs scripts, under a policy that names them by hash."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

from starlette.requests import Request
from starlette.responses import Response

from kgraph.picturing import picture_of
from kgraph.render.page import render_page
from kgraph.serve.answers import conditional, read_number
from kgraph.serve.layout import html_response
from kgraph.serve.markup import ROOT
from kgraph.serve.proxy import route_of
from kgraph.serve.site import Site, entity_url

__all__ = ["graph_page"]

_MOST_NODES = 400
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)"')


def graph_page(request: Request, site: Site, entity_id: str | None) -> Response:
    """The graph round an entity, or of the most central entities; its nodes lead to the pages of the explorer."""
    depth = read_number(request, "depth", 1, least=1, most=3)
    root = ROOT.get()

    def drawn() -> bytes:
        picture = picture_of(site.kg, entity_id, depth=depth, max_nodes=None if entity_id else min(_MOST_NODES, len(site.entities)))
        nodes = tuple(replace(node, href=root + entity_url("entity", node.id)) for node in picture.nodes)
        return render_page(replace(picture, nodes=nodes)).encode("utf-8", "replace")

    page = site.cache.get((root, route_of(request), depth), drawn)
    found = _POLICY.search(page[:4000].decode("utf-8", "replace"))
    assert found is not None
    policy = f"{unescape(found.group(1))}; frame-ancestors 'none'"
    return conditional(request, html_response(page, headers={"Content-Security-Policy": policy}), site)
