"""N405: a page names an entity that it links nowhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from kgraph.check.site import Site
from kgraph.model.corpus import Mention
from kgraph.model.finding import Finding, finding
from kgraph.model.text import fold, sentence_at

__all__ = ["unlinked_mentions"]

_PROPER = frozenset(("event", "organization", "person", "place", "policy", "project", "publication", "tool"))
"""Types whose names are written with a capital: a lower-case word that looks like one is another word."""
_ENOUGH = 8
"""Mentions from which it can be told whether authors take a word for a name."""
_LINKED_SHARE = 0.1
"""A single word that authors link on a smaller share of the pages that use it is a common word."""


def unlinked_mentions(site: Site) -> Iterator[Finding]:
    """First mention of each entity with a page on each page that links it nowhere, with the sentence.

    Left out are words that are most likely no names: a proper name in lower case, and a single word that many pages use and
    hardly any links (keyphraseness, Mihalcea and Csomai 2007, https://doi.org/10.1145/1321440.1321475).
    """
    open_mentions = [item for item in site.corpus.mentions if _open(site, item)]
    linking = Counter(target for _, target in site.linked)
    naming = Counter(item.target for item in open_mentions)
    for item in open_mentions:
        if not _another_word(site, item, naming[item.target], linking[item.target]):
            yield finding("N405", f"{item.text!r} could link to {item.target}: {_sentence(item)}", item.path, item.line)


def _open(site: Site, item: Mention) -> bool:
    """Whether the target has a page of its own that the source neither is nor links."""
    entity = site.corpus.entities[item.target]
    if entity.stub or item.source == item.target or (item.source, item.target) in site.linked:
        return False
    return fold(entity.title) != fold(site.corpus.entities[item.source].title)


def _another_word(site: Site, item: Mention, naming: int, linking: int) -> bool:
    """Whether the text of a mention is most likely no name of the entity."""
    if " " in item.text or sum(map(str.isupper, item.text)) > 1:
        return False
    entity = site.corpus.entities[item.target]
    if entity.type in _PROPER:
        names = (entity.title, *entity.aliases)
        return item.text.islower() and not any(item.text.startswith(name) for name in names)
    return naming >= _ENOUGH and linking < _LINKED_SHARE * (naming + linking)


def _sentence(item: Mention) -> str:
    start = max(0, item.sentence.find(item.text))
    return sentence_at(item.sentence, start, start + len(item.text), limit=160)
