"""Hiding within a corpus: a share of what authors joined is taken out, so that what is left must tell of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from hashlib import blake2b
from typing import Literal

from msgspec import Struct, structs

from kgraph.model.corpus import Corpus, Link, Mention
from kgraph.model.text import fold
from kgraph.model.twins import twins

__all__ = ["HiddenPairs", "Kind", "hide_within"]

Kind = Literal["links", "relations"]
Pair = tuple[str, str]


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

    A hidden link whose text names its target becomes a mention, as if the author had not linked. Of ``masked`` of the pairs every
    mention goes too: else a model that learns from them takes "named" for "linked", and knows nothing of pairs that no text names.

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
    names = {key: {fold(name) for name in (item.title, *item.aliases)} for key, item in corpus.entities.items()}
    told: dict[Pair, Mention] = {}
    for item in corpus.links:
        pair = (item.source, item.target or "")
        if pair in hidden and pair not in silent and pair not in known and pair not in told and fold(item.text) in names[pair[1]]:
            told[pair] = _as_mention(item)
    mentions = [item for item in corpus.mentions if (item.source, item.target) not in silent]
    rest = structs.replace(
        corpus,
        links=tuple(item for item in corpus.links if (item.source, item.target) not in hidden),
        relations=tuple(item for item in corpus.relations if (item.source, item.target) not in hidden),
        mentions=tuple(sorted((*mentions, *told.values()), key=lambda item: (item.path, item.block, item.start, item.target))),
    )
    chosen = {ends for one, other in drawn for ends in ((one, other), (other, one))}
    pairs = tuple(sorted(stated & chosen))
    return HiddenPairs(rest, pairs, frozenset(pair for pair in pairs if pair in silent), same)


def _both_ways(pairs: Collection[Pair], same: Mapping[str, frozenset[str]]) -> set[Pair]:
    """The pairs in both directions, and those of all that stand for the same pages."""
    return {ends for first, second in pairs for one in same[first] for other in same[second] for ends in ((one, other), (other, one))}


def _as_mention(link: Link) -> Mention:
    return Mention(link.source, link.target or "", link.text, link.sentence, link.path, link.line, link.block, link.start)


def _lot(seed: int, pair: Pair) -> bytes:
    return blake2b("\0".join((str(seed), *pair)).encode("utf-8", "replace"), digest_size=16).digest()


def _part(seed: int, pair: Pair) -> float:
    """A number in [0, 1) by lot."""
    return int.from_bytes(_lot(seed + 1_000_003, pair)[:6], "big") / 2**48
