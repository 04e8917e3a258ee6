"""Which part of an HTML page is its content, and which elements of that part are none of it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from selectolax.lexbor import LexborHTMLParser, LexborNode

from kgraph.ingest.readers.htmlsource import without_marks
from kgraph.model.text import fold

__all__ = ["is_footnotes", "is_left_out", "is_navigation", "is_related", "main_content", "related_label"]

_CONTAINERS = (
    "#mw-content-text", "main .theme-doc-markdown", ".md-content__inner", "div.document div.body",
    ".wy-nav-content [itemprop=articleBody]", ".markdown-body", "main article", "[role=main] article", "main", "[role=main]", "article",
    "[itemprop=articleBody]", ".entry-content", ".post-content", ".article-content", ".page-content", "#content", "#main-content",
    "#main", "#bodyContent", ".document", "div.content", "#page-content",
)  # fmt: skip
"""Containers of the content, the ones that hold nothing else first."""
_ENOUGH = 0.2
"""Part of the text of the page that a container must hold, when it holds little."""
_LITTLE = 200
_NEVER = frozenset(
    ("script", "style", "template", "noscript", "select", "button", "textarea", "input", "head", "svg", "math", "canvas", "audio",
     "video", "object", "applet", "embed", "dialog", "datalist", "iframe", "noembed", "noframes", "title", "progress", "meter", "rp",
     "rt")
)  # fmt: skip
_ROLES = frozenset(
    ("navigation", "banner", "contentinfo", "search", "menu", "menubar", "toolbar", "dialog", "alertdialog", "tablist", "doc-toc",
     "doc-backlink")
)  # fmt: skip
_CLASS_NAMES = """
headerlink header-anchor heading-anchor hash-link anchor-link anchorjs-link headinglink permalink sl-anchor-link editsection
mw-editsection mw-editsection-like edit-link edit-this-page edit-page-link theme-edit-this-page navbox navbox-styles
vertical-navbox navigation-not-searchable navbar navbar-nav t-navbar nav-links nav-menu navigation navmenu breadcrumb breadcrumbs
theme-doc-breadcrumbs wy-breadcrumbs pagination pagination-nav pager prev-next prevnext bottom-nav rst-footer-buttons toc toctitle
tocnumber table-of-contents tableofcontents theme-doc-toc-mobile toc-title sphinxsidebar sidebar md-sidebar side-bar printfooter
catlinks jump-to-nav mw-jump-link mw-jump mw-indicators mw-empty-elt mw-hidden-catlinks mw-authority-control noprint nomobile
metadata mw-cite-backlink footnote-backref footnote-back data-footnote-backref brackets-backlink fn-backref skip-link
skip-to-content skiplink skip-nav sr-only visually-hidden screen-reader-text screenreader-only site-footer page-footer site-header
page-header-nav masthead cookie-banner cookie-notice cookie-consent share-buttons social-share sharedaddy md-source-file
md-content__button md-footer theme-doc-footer copybtn copy-button clipboard-button linenos linenodiv lineno linenumber sub-nav
subnav top-nav topnav top-bar skipnav bottomnav nav-list-search deprecated-nav
"""
_CLASSES = frozenset(_CLASS_NAMES.split())
_IDS = frozenset(
    ("toc", "sitesub", "contentsub", "jump-to-nav", "mw-navigation", "mw-head", "mw-panel", "catlinks", "footer", "header", "sidebar",
     "nav", "navbar", "navigation", "breadcrumbs", "top-nav", "navbar-top", "navbar-bottom", "mw-js-message", "sitenotice", "colophon",
     "menu", "site-navigation", "table-of-contents")
)  # fmt: skip
_WHOLE = frozenset(("html", "body", "main", "article"))
_NAMED_AT_WILL = _WHOLE | frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "section", "span", "dt", "a", "p", "td", "tr", "li", "table"))
"""Elements whose id is more likely taken from what they say than from what they are for."""
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_NOTES = frozenset(
    ("admonition", "callout", "note", "warning", "tip", "important", "starlight-aside", "footnote", "footnote-list", "alert", "topic")
)  # fmt: skip
_RELATED = re.compile(
    r"see[ -]also|related(?: (?:pages|articles|topics|concepts|entries|links|notes|content|wiki pages|reading))?|similar pages"
    r"|further reading"
)
_FOOTNOTES = frozenset(("footnotes", "footnote-list", "references", "reflist", "endnotes"))
_LINK_SHARE = 0.8
_FEWEST_LINKS = 3

_OWN_BLOCK = "kgraph-related"
"""Class of the block that kgraph puts on built pages: what it computed is not what authors wrote."""


def main_content(tree: LexborHTMLParser) -> tuple[LexborNode | None, bool]:
    """The element that holds the content, and whether it is one that says so; the whole body where no container does."""
    body = tree.body
    if body is None:
        return None, False
    whole = -1
    for selector in _CONTAINERS:
        found = [node for node in tree.css(selector)[:50] if not _is_hidden(node.attributes)]
        if len(found) > 1:
            found = _outermost(found)
        if len(found) != 1:
            continue
        length = _length(found[0])
        if length < _LITTLE:
            whole = _length(body) if whole < 0 else whole
            if length < _ENOUGH * whole:
                continue
        return found[0], True
    return body, False


def _outermost(nodes: list[LexborNode]) -> list[LexborNode]:
    """Those that stand in none of the others."""
    ids = {node.mem_id for node in nodes}
    kept = []
    for node in nodes:
        above = node.parent
        while above is not None and above.mem_id not in ids:
            above = above.parent
        if above is None:
            kept.append(node)
    return kept


def _length(node: LexborNode) -> int:
    """Characters of text that a reader sees, roughly: white space runs are counted once, scripts left out."""
    text = node.text()
    scripts = sum(len(inner.text()) for inner in node.css("script, style, noscript"))
    return max(0, len(" ".join(text.split())) - scripts)


def _is_hidden(data: Mapping[str, str | None]) -> bool:
    return "hidden" in data or data.get("aria-hidden") == "true" or bool("style" in data and _HIDING.search(data["style"] or ""))


def is_left_out(node: LexborNode, tag: str, data: Mapping[str, str | None], in_container: bool) -> bool:
    """Whether an element and what it holds is no content."""
    classes = (data.get("class") or "").lower().split()
    if tag in _NEVER or _OWN_BLOCK in classes or _is_hidden(data):
        return True
    role = data.get("role")
    if tag in ("nav", "footer") or (role and role.lower() in _ROLES):
        return not is_related(node, data)
    if tag == "aside":
        return not (_NOTES.intersection(classes) or is_related(node, data))
    if tag == "header":
        return not in_container or node.css_first("h1, h2, h3, h4, h5, h6") is None
    if tag == "form":
        return node.css_first("h1, h2, h3, p, article, main") is None
    if classes and not _CLASSES.isdisjoint(classes) and tag not in _WHOLE:
        return not is_related(node, data)
    name = data.get("id")
    if name and name.lower() in _IDS and tag not in _NAMED_AT_WILL:
        return not is_related(node, data)
    return False


def related_label(data: Mapping[str, str | None]) -> str | None:
    """Label of an element that is a list of related pages by its label alone."""
    label = data.get("aria-label") or ""
    return " ".join(label.split()) if len(label) < 60 and _RELATED.fullmatch(fold(label)) else None


def is_related(node: LexborNode, data: Mapping[str, str | None]) -> bool:
    """Whether an element is a list of related pages, by its heading or its label."""
    if related_label(data):
        return True
    heading = node.css_first("h1, h2, h3, h4, h5, h6")
    return heading is not None and bool(_RELATED.match(_plain(heading)))


def _plain(node: LexborNode) -> str:
    return fold(without_marks(node.text())[:80])


def is_footnotes(data: Mapping[str, str | None]) -> bool:
    """Whether an element lists footnotes."""
    return data.get("role") in ("doc-endnotes", "doc-footnote") or not _FOOTNOTES.isdisjoint((data.get("class") or "").lower().split())


def is_navigation(node: LexborNode) -> tuple[bool, int]:
    """Whether the text of an element is almost all links, as that of a bar of navigation, and how many links were looked at.

    To be asked of what stands before any heading: further down such a list is content.
    """
    links = node.css("a[href]")
    if len(links) < _FEWEST_LINKS or node.css_first("h1, h2, h3, h4, h5, h6, p, pre, img") is not None:
        return False, len(links)
    total = _ink(node)
    return 0 < total * _LINK_SHARE <= sum(_ink(link) for link in links), len(links)


def _ink(node: LexborNode) -> int:
    """Characters of a node that are no white space."""
    return len("".join(without_marks(node.text()).split()))
