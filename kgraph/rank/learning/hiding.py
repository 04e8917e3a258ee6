"""Hiding within a corpus: a share of what authors joined is taken out, so that what is left must tell of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from hashlib import blake2b
from typing import Literal

from msgspec import Struct, structs

from kgraph.model.corpus import Corpus, Link, Mention
from kgraph.model.document import Document, term_bag
from kgraph.model.text import fold, terms
from kgraph.model.twins import twins

__all__ = ["HiddenPairs", "Kind", "hide_within"]

Kind = Literal["links", "relations"]
Pair = tuple[str, str]
_PAGES, _MOSTLY = 2, 0.75
"""Pages that must link by a text for it to be a name, and the part of those linking by it that must mean the same."""


class HiddenPairs(Struct, frozen=True):
    """A corpus without some pairs, and these pairs."""

    rest: Corpus
    pairs: tuple[Pair, ...]
    """Hidden pairs as an author joined them, source first; sorted."""
    muted: frozenset[Pair]
    """Those that lost their mentions."""
    same: dict[str, frozenset[str]]
    """For each entity, those that stand for the same page."""


def hide_within(corpus: Corpus, kind: Kind, *, share: float, masked: float = 0.0, seed: int = 0) -> HiddenPairs:
    """Hide ``share`` of the pairs that links, or curated relations, join: everything that joins them, in both directions.

    A hidden link whose text names its target becomes a mention, as if the author had not linked; an entry of a "See also" section
    goes with its words. Of ``masked`` of the pairs every mention goes too, with its sentence: else a model that learns from them
    takes "named" for "linked", and knows nothing of pairs that no text names.

    Args:
        corpus: Corpus to hide from; it stays as it is.
        kind: Which pairs.
        share: Share of the pairs to hide, 0 to 1.
        masked: Share of the hidden pairs that lose their mentions, 0 to 1.
        seed: Seed of the draw, which goes by a hash of the ids.

    """
    same = twins(corpus)
    if kind == "links":
        stated = {(item.source, item.target) for item in corpus.links if item.target}
    else:
        stated = {(item.source, item.target) for item in corpus.relations if item.target and item.name != "about"}
    stated = {(source, target) for source, target in stated if target not in same[source]}
    once = sorted({(min(pair), max(pair)) for pair in stated}, key=lambda pair: _lot(seed, pair))
    drawn = once[: max(1, round(share * len(once)))] if once else []
    mute = {pair for pair in drawn if _part(seed, pair) < masked}
    hidden, silent = _both_ways(drawn, same), _both_ways(mute, same)
    known = {(item.source, item.target) for item in corpus.mentions}
    entries = {(item.path, item.line, item.raw) for item in corpus.relations}
    names = _Names(corpus, hidden)
    told: dict[Pair, Mention] = {}
    lost: dict[str, list[str]] = defaultdict(list)
    for item in corpus.links:
        pair = (item.source, item.target or "")
        if pair not in hidden:
            continue
        if (item.path, item.line, item.raw) in entries:
            lost[item.path].append(item.text)
        elif pair in silent:
            lost[item.path].append(item.sentence)
        elif pair not in known and pair not in told and names.fit(item):
            told[pair] = _as_mention(item)
    for mention in corpus.mentions:
        if (mention.source, mention.target) in silent:
            lost[mention.path].append(mention.sentence)
    mentions = [item for item in corpus.mentions if (item.source, item.target) not in silent]
    documents = {path: _without(document, lost[path]) if path in lost else document for path, document in corpus.documents.items()}
    rest = structs.replace(
        corpus,
        links=tuple(item for item in corpus.links if (item.source, item.target) not in hidden),
        relations=tuple(item for item in corpus.relations if (item.source, item.target) not in hidden),
        mentions=tuple(sorted((*mentions, *told.values()), key=lambda item: (item.path, item.block, item.start, item.target))),
        documents=documents,
    )
    chosen = {ends for one, other in drawn for ends in ((one, other), (other, one))}
    pairs = tuple(sorted(stated & chosen))
    return HiddenPairs(rest, pairs, frozenset(pair for pair in pairs if pair in silent), same)


def _both_ways(pairs: Collection[Pair], same: Mapping[str, frozenset[str]]) -> set[Pair]:
    """The pairs in both directions, and those of all that stand for the same pages."""
    return {ends for first, second in pairs for one in same[first] for other in same[second] for ends in ((one, other), (other, one))}


class _Names:
    """What the entities are called: by titles and aliases, and by links that are left."""

    def __init__(self, corpus: Corpus, hidden: Collection[Pair]) -> None:
        self.own = {key: {fold(name) for name in (item.title, *item.aliases)} for key, item in corpus.entities.items()}
        self.by_text: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for link in corpus.links:
            if link.target and (link.source, link.target) not in hidden:
                self.by_text[fold(link.text)][link.target].add(link.source)

    def fit(self, link: Link) -> bool:
        """Whether the text of a hidden link would be found to name its target."""
        text, target = fold(link.text), link.target or ""
        if text in self.own[target]:
            return True
        found = self.by_text[text]
        pages = len(found[target]) if target in found else 0
        return pages >= _PAGES and pages >= _MOSTLY * sum(map(len, found.values()))


def _without(document: Document, texts: Iterable[str]) -> Document:
    """The page with the words of some of its texts no longer counted."""
    gone = Counter(term for text in texts for term in terms(text))
    return structs.replace(
        document, bag=term_bag({term: count - gone[term] for term, count in document.terms.items() if count > gone[term]})
    )


def _as_mention(link: Link) -> Mention:
    return Mention(link.source, link.target or "", link.text, link.sentence, link.path, link.line, link.block, link.start)


def _lot(seed: int, pair: Pair) -> bytes:
    return blake2b("\0".join((str(seed), *pair)).encode("utf-8", "replace"), digest_size=16).digest()


def _part(seed: int, pair: Pair) -> float:
    """A number in [0, 1) by lot."""
    return int.from_bytes(_lot(seed + 1_000_003, pair)[:6], "big") / 2**48
