"""Elements of HTML itself (https://html.spec.whatwg.org/multipage/indices.html#elements-3), which are no components of a site."""

from __future__ import annotations

__all__ = ["plain_html"]

_HTML_NAMES = """
a abbr address area article aside audio b base bdi bdo blockquote body br button canvas caption center cite code col colgroup
data datalist dd del details dfn dialog div dl dt em embed fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 head
header hgroup hr html i iframe img input ins kbd label legend li link main map mark menu meta meter nav noscript object ol
optgroup option output p param picture pre progress q rp rt ruby s samp script search section select slot small source span
strong style sub summary sup svg path g rect circle line text table tbody td template textarea tfoot th thead time title tr
track tt u ul var video wbr
"""
_HTML = frozenset(_HTML_NAMES.split())


def plain_html(name: str) -> bool:
    """Whether an element is one of HTML itself: its attributes name no pages, but for an address."""
    return name in _HTML
