"""N405: a page names an entity that it links nowhere."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from kgraph.check.site import Site
from kgraph.model.corpus import Mention
from kgraph.model.document import Document
from kgraph.model.finding import Finding, finding
from kgraph.model.text import fold, sentence_at

__all__ = ["in_table_head", "open_mentions", "unlinked_mentions", "within_name"]

_PROPER = frozenset(("event", "organization", "person", "place", "policy", "project", "publication", "tool"))
"""Types whose names are written with a capital: a lower-case word that looks like one is another word."""
_ENOUGH = 8
"""Mentions from which it can be told whether authors take a word for a name."""
_LINKED_SHARE = 0.1
"""A single word that authors link on a smaller share of the pages that use it is a common word."""

_CAPITAL_BEFORE = re.compile(r"(?<![.!?:|] )(?<!^)\b[A-Z][\w’'-]* $")
_CAPITAL_AFTER = re.compile(r" [A-Z][\w’'-]*")


def unlinked_mentions(site: Site) -> Iterator[Finding]:
    """First mention of each entity with a page on each page that links it nowhere, with the sentence.

    Left out are heads of tables, and single words that are most likely no names: a proper name in lower case, a part of a
    longer name, and a word that many pages use and hardly any links (keyphraseness, Mihalcea and Csomai 2007,
    https://doi.org/10.1145/1321440.1321475).
    """
    for _, found in open_mentions(site):
        yield found


def open_mentions(site: Site) -> Iterator[tuple[Mention, Finding]]:
    """The same findings, each with the mention that it is about."""
    mentions = [item for item in site.corpus.mentions if _open(site, item)]
    linking = Counter(target for _, target in site.linked)
    naming = Counter(item.target for item in mentions)
    for item in mentions:
        if not _another_word(site, item, naming[item.target], linking[item.target]):
            yield item, finding("N405", f"{item.text!r} could link to {item.target}", item.path, item.line, detail=_sentence(item))


def _open(site: Site, item: Mention) -> bool:
    """Whether the target has a page of its own that the source neither is nor links."""
    entity = site.corpus.entities[item.target]
    if entity.stub or item.source == item.target or (item.source, item.target) in site.linked:
        return False
    if in_table_head(site.corpus.documents[item.path], item.block):
        return False
    return fold(entity.title) != fold(site.corpus.entities[item.source].title)


def in_table_head(document: Document, place: int) -> bool:
    """Whether a block is the first row of a table: the line after it, which only parts it from the next row, is no block."""
    if place < 0 or document.blocks[place].kind != "table" or place + 1 >= len(document.blocks):
        return False
    before, own, after = document.blocks[place - 1] if place else None, document.blocks[place], document.blocks[place + 1]
    first = before is None or before.kind != "table" or before.line < own.line - 1
    return first and after.kind == "table" and after.line == own.line + 2


def _another_word(site: Site, item: Mention, naming: int, linking: int) -> bool:
    """Whether the text of a mention is most likely no name of the entity."""
    if " " in item.text or sum(map(str.isupper, item.text)) > 1:
        return False
    entity = site.corpus.entities[item.target]
    if entity.type in _PROPER:
        names = (entity.title, *entity.aliases)
        return item.text.islower() and not any(item.text.startswith(name) for name in names)
    start = item.sentence.find(item.text)
    if start >= 0 and within_name(item.sentence, start, start + len(item.text)):
        return True
    return naming >= _ENOUGH and linking < _LINKED_SHARE * (naming + linking)


def within_name(text: str, start: int, end: int) -> bool:
    """Whether a capitalised word stands beside another one.

    >>> within_name("Open Quick Settings now", 11, 19), within_name("Open the Settings now", 9, 17)
    (True, False)
    """
    if not text[start : start + 1].isupper():
        return False
    return bool(_CAPITAL_BEFORE.search(text, max(0, start - 60), start) or _CAPITAL_AFTER.match(text, end))


def _sentence(item: Mention) -> str:
    start = max(0, item.sentence.find(item.text))
    return sentence_at(item.sentence, start, start + len(item.text), limit=160)
