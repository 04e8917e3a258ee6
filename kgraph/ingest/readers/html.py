"""HTML and XHTML: the content of a page without what the site puts around it, by selectolax (lexbor).

Specification: the HTML standard (https://html.spec.whatwg.org/). Conventions of MediaWiki, Sphinx, MkDocs, Docusaurus, Javadoc and
GitHub for what is content are in :mod:`kgraph.ingest.readers.htmlmain`.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from kgraph.ingest.readers.common import metrics
from kgraph.ingest.readers.htmlhead import Head, read_head, title_among
from kgraph.ingest.readers.htmlmain import main_content
from kgraph.ingest.readers.htmlprose import address_of
from kgraph.ingest.readers.htmlsource import Lines, marked_source, without_marks
from kgraph.ingest.readers.htmlwalk import Walk
from kgraph.model.document import Document, Problem

__all__ = ["read_html"]

_MOVED = re.compile(
    r"(?:you (?:are|will be) (?:now )?(?:being )?|automatically )?redirect(?:ing|ed|s)?\b|#redirect\b"
    r"|(?:this |the )?(?:page|document|site|content|article|file|resource|url)s? (?:you requested )?"
    r"(?:has |have |was |is |are )?(?:been |now )?"
    r"(?:permanently |temporarily )?(?:moved|renamed|relocated)\b|(?:moved|301 moved|302 found) ?(?:permanently|temporarily|here|to)?\b",
    re.I,
)
_STUB_WORDS = 40


def read_html(text: str) -> Document:
    """Parse an HTML page."""
    source, excess = marked_source(text)
    tree = LexborHTMLParser(source.encode("utf-8", "replace").decode("utf-8"), scripting=True)
    lines = Lines(text)
    head = read_head(tree, lines)
    builder = Walk(lines, head.base)
    main, contained = main_content(tree)
    if main is not None:
        builder.run(main, contained)
        if not builder.begun and builder.bars:
            builder = Walk(lines, head.base)
            builder.begun = True
            builder.run(main, contained)
    builder.read_frames(tree)
    builder.read_anchors(tree)
    problems = list(head.problems)
    if excess:
        problems.append(Problem("W110", "elements nested or attributes repeated beyond reason were left out", 1))
    redirect = _redirect(head, builder, tree)
    counts, bag = metrics(builder.blocks, builder.headings, builder.counts)
    return Document(
        title=_title(head, tree, builder),
        front_matter=head.fields,
        lines=head.lines,
        headings=tuple(builder.headings),
        blocks=tuple(builder.blocks),
        references=tuple(builder.references),
        components=tuple(builder.components),
        counts=counts,
        bag=bag,
        problems=tuple(problems),
        redirect=redirect,
    )


def _title(head: Head, tree: LexborHTMLParser, builder: Walk) -> str | None:
    """Title of the page: the first heading of the content tells which part of the title in the head it is.

    A heading outside the content is as often the name of the site: it counts where there is nothing else.
    """
    own = sorted(builder.headings, key=lambda heading: heading.level)[:1] or builder.headings[:1]
    named = tree.css_first("#firstHeading")
    heading = " ".join(without_marks(named.text()).split()) if named is not None else own[0].text if own else None
    title = title_among(head, heading)
    if title and title != head.title:
        return title
    first = builder.headings[0].text if builder.headings else None
    title = title_among(head, first) if first != heading else title
    if title:
        return title
    outside = [" ".join(without_marks(node.text()).split()) for node in tree.css("h1")[:2]]
    return outside[0] if len(outside) == 1 and outside[0] else None


def _redirect(head: Head, builder: Walk, tree: LexborHTMLParser) -> str | None:
    """Target of a page that only sends the reader on."""
    if head.refresh:
        return address_of(head.base, head.refresh) or None
    moved = tree.css_first(".redirectMsg a[href], .redirectText a[href]")
    if moved is not None:
        return address_of(head.base, moved.attributes.get("href")) or None
    targets = {item.target for item in builder.references}
    if len(targets) != 1 or sum(len(block.text.split()) for block in builder.blocks) > _STUB_WORDS:
        return None
    said = [block.text for block in builder.blocks] + ([head.title] if head.title else [])
    return next(iter(targets)) if any(_MOVED.match(text) for text in said) else None
