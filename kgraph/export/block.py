"""The block of related pages as HTML: top cards, then groups by type, reasons on demand; no JavaScript."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

__all__ = ["BlockTexts", "block_css", "block_html"]

Item = Mapping[str, Any]
"""A related item, or another entity, as ``related.json`` holds it."""


class BlockTexts(Struct, frozen=True):
    """Words of the block, for sites in other languages."""

    heading: str = "Related pages"
    why: str = "Why?"
    about: str = "how {title} is related"
    """What a screen reader says after ``why``."""


def block_css() -> str:
    """Style of the block; it takes the colours of the page it stands on."""
    return files("kgraph.export").joinpath("related.css").read_text(encoding="utf-8")


def block_html(
    page: Mapping[str, Any],
    *,
    href: Callable[[Item], str | None] | None = None,
    summary: Callable[[str], str | None] | None = None,
    texts: BlockTexts | None = None,
) -> str:
    """The block of one page, as one line of HTML; empty when nothing is related.

    Args:
        page: Object of the page as ``related.json`` holds it.
        href: Gives the address of an item as seen from the page; what the item says itself when None. Items without an address are
            shown without a link.
        summary: Gives the summary of an entity by id, for the cards.
        texts: Words of the block.

    """
    said = texts or BlockTexts()
    address = href or (lambda item: item["href"])
    top, groups = page.get("top", ()), page.get("groups", ())
    if not top and not groups:
        return ""
    cards = "".join(f"<li>{_card(item, address, summary, said)}</li>" for item in top)
    lists = "".join(
        f"<div><h3>{escape(group['label'])}</h3><ul>"
        + "".join(f"<li>{_line(item, address)}{_why(item, said)}</li>" for item in group["items"])
        + "</ul></div>"
        for group in groups
    )
    return (
        '<nav class="kgraph-related" aria-labelledby="kgraph-related">'
        f'<h2 id="kgraph-related">{escape(said.heading)}</h2>'
        + (f'<ul class="kg-top">{cards}</ul>' if cards else "")
        + (f'<div class="kg-groups">{lists}</div>' if lists else "")
        + "</nav>"
    )


def _card(item: Item, href: Callable[[Item], str | None], summary: Callable[[str], str | None] | None, said: BlockTexts) -> str:
    label = item["label"]
    about = summary(item["id"]) if summary else None
    return (
        _title(item, href)
        + (f'<span class="kg-kind">{escape(label)}</span>' if label else "")
        + (f"<p>{escape(about)}</p>" if about else "")
        + _why(item, said)
    )


def _line(item: Item, href: Callable[[Item], str | None]) -> str:
    label = item["label"]
    return _title(item, href) + (f' <span class="kg-kind">({escape(label)})</span>' if label else "")


def _title(item: Item, href: Callable[[Item], str | None]) -> str:
    address, title = href(item), escape(item["title"])
    if not address or not _harmless(address):
        return f'<span class="kg-title">{title}</span>'
    return f'<a class="kg-title" href="{escape(address)}">{title}</a>'


def _harmless(address: str) -> bool:
    """Whether an address leads to a page and runs nothing."""
    try:
        return urlsplit("".join(address.split())).scheme.lower() in ("", "http", "https", "file")
    except ValueError:
        return False


def _why(item: Item, said: BlockTexts) -> str:
    reasons = "".join(f"<li>{escape(reason['text'])}</li>" for reason in item["reasons"])
    about = escape(said.about.replace("{title}", item["title"]))
    return (
        f'<details><summary>{escape(said.why)}<span class="kg-hidden"> {about}</span></summary><ul>{reasons}</ul></details>'
        if reasons
        else ""
    )
