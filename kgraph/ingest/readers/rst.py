"""reStructuredText, as docutils and Sphinx read it, with header fields as pages of proposals (PEPs) have them.

Specifications: https://docutils.sourceforge.io/docs/ref/rst/restructuredtext.html, https://www.sphinx-doc.org/en/master/usage/restructuredtext/
and PEP 12 for the header. Cross references are handed on as ``:role:target``; :mod:`kgraph.ingest.crossrefs` says where they lead.
"""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes

from kgraph.ingest.readers.common import metrics
from kgraph.ingest.readers.frontmatter import split_front_matter
from kgraph.ingest.readers.mailheader import mail_header
from kgraph.ingest.readers.rstparse import parse_rst
from kgraph.ingest.readers.rsttargets import Targets
from kgraph.ingest.readers.rstwalk import RstWalk
from kgraph.model.document import Block, Document, Problem

__all__ = ["read_rst"]

_BEFORE_FIELDS = (nodes.comment, nodes.target, nodes.title, nodes.substitution_definition, nodes.subtitle, nodes.system_message)
_MOST_FIELDS = 200
_EMPTY = re.compile(r"\n[ \t]*\n")


def read_rst(text: str) -> Document:
    """Parse a page of reStructuredText."""
    front = split_front_matter(text) if text.startswith(("---\n", "+++\n")) else None
    if front and front.data:
        text = "\n" * (front.body_line - 1) + front.body
    fields, lines, body = (dict(front.data), dict(front.lines), text) if front and front.data else mail_header(text)
    problems = front.problems if front and front.data else ()
    tree = parse_rst(body if body.endswith("\n") else f"{body}\n")
    if tree is None:
        return _plain(body, fields, lines, (*problems, Problem("W110", "markup beyond what can be read was taken as plain text", 1)))
    walk = RstWalk(body.split("\n"), Targets(tree))
    _take_fields(tree, fields, lines, walk)
    walk.visit_all(tree)
    for name, value in walk.meta.items():
        if name in ("description", "keywords") and value:
            fields.setdefault(name, value)
    title = fields.get("title")
    if not isinstance(title, str) or not title.strip():
        title = walk.headings[0].text if walk.headings else None
    counts, bag = metrics(walk.blocks, walk.headings, walk.counts)
    return Document(
        title=" ".join(title.split()) if title else None,
        front_matter=fields,
        lines=lines,
        headings=tuple(walk.headings),
        blocks=tuple(walk.blocks),
        references=tuple(walk.references),
        components=(),
        counts=counts,
        bag=bag,
        problems=problems,
        labels=tuple(walk.labels),
        footnotes=walk.footnotes.finished(),
    )


def _take_fields(tree: nodes.document, fields: dict[str, Any], lines: dict[str, int], walk: RstWalk) -> None:
    """Take the list of fields at the top of a page, before or after its title, for its front matter."""
    for place in (tree, *(child for child in tree.children[:20] if isinstance(child, nodes.section))):
        for child in list(place.children):
            if isinstance(child, nodes.field_list):
                for field in child.children[:_MOST_FIELDS]:
                    name = " ".join(field.children[0].astext().lower().split())
                    value = " ".join(field.children[1].astext().split())
                    if name and name not in fields:
                        fields[name] = value
                        lines[name] = walk.place(field.line, f":{field.children[0].astext()}:")
                walk.read_apart(child)
                place.remove(child)
                return
            if not isinstance(child, _BEFORE_FIELDS):
                break


def _plain(text: str, fields: dict[str, Any], lines: dict[str, int], problems: tuple[Problem, ...]) -> Document:
    """The paragraphs of a text as they stand."""
    blocks = []
    place, line = 0, 1
    for gap in [*_EMPTY.finditer(text), None]:
        end = gap.end() if gap else len(text)
        piece = text[place:end]
        if piece.strip():
            blocks.append(Block("paragraph", " ".join(piece.split()), line + piece[: len(piece) - len(piece.lstrip())].count("\n"), -1))
        line += piece.count("\n")
        place = end
    counts, bag = metrics(blocks, (), {})
    title = fields.get("title")
    title = title if isinstance(title, str) and title.strip() else None
    return Document(title, fields, lines, (), tuple(blocks), (), (), counts, bag, problems)
