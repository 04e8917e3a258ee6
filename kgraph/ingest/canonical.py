"""The address of a site, as its pages tell it: a saved or built page names its own address, and links to others by theirs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

from kgraph.ingest.resolve import page_route
from kgraph.model.document import Document

__all__ = ["site_address"]

_FEWEST = 2
_SHARE = 0.5
_ENDING = re.compile(r"\.(?:x?html?|php|aspx?)$|/(?:index(?:\.\w{2,5})?)?$", re.I)


def site_address(documents: Mapping[str, Document], page_root: str) -> str | None:
    """What the canonical addresses of most pages have before the route of the page; None where they agree on nothing.

    >>> from kgraph.ingest.readers.html import read_html
    >>> page = "<link rel=canonical href='https://birds.example/book/{}.html'>"
    >>> site_address({f"{name}.html": read_html(page.format(name)) for name in ("owl", "wren/nest")}, "")
    'https://birds.example/book'
    """
    found: Counter[str] = Counter()
    told = 0
    for path, document in documents.items():
        address = document.front_matter.get("canonical")
        if not isinstance(address, str) or not address.startswith(("http://", "https://")):
            continue
        told += 1
        try:
            parts = urlsplit(address)
        except ValueError:
            continue
        place = _ENDING.sub("", unquote(parts.path))
        route = page_route(path, page_root)
        if not route:
            found[f"{parts.scheme}://{parts.netloc}{place}"] += 1
        elif place.endswith(f"/{route}"):
            found[f"{parts.scheme}://{parts.netloc}{place[: -len(route) - 1]}"] += 1
    best, count = max(found.items(), key=lambda item: (item[1], item[0]), default=("", 0))
    return best if count >= _FEWEST and count > _SHARE * told else None
