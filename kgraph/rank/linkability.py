"""Linkability: how surely a name in prose means a link, judged by what the authors of the site link where they name it, and what not.

Link detection after Mihalcea and Csomai 2007 (Wikify!, doi:10.1145/1321440.1321475) and Milne and Witten 2008 (Learning to link with
Wikipedia, doi:10.1145/1458082.1458150): a logistic regression over a handful of features, fitted to the site's own pages. Each page and
each entity that it links or names is one case; nothing is hidden, and the coefficients start from keyphraseness alone, which a
site with few links keeps.
"""

from __future__ import annotations

from typing import Any
from zlib import crc32

import numpy as np

from kgraph.model.text import fold
from kgraph.rank.evidence import Evidence, kept
from kgraph.rank.sparse import Matrix

__all__ = ["FEATURES", "linkability"]

FEATURES = ("none", "target", "name", "page", "types", "early", "late", "in_degree", "likeness", "length", "capital")
"""What the regression looks at: a constant; ln odds of a link to the target, by the name, on the page, between the two types; how early the
name stands (twice), ln in-degree of the target, likeness of the texts, length of the name, whether it begins with a capital."""
_START = np.array([0.0, 0.0, 1.0, *[0.0] * (len(FEATURES) - 3)])
_FIRM = np.array([0.1, *[5.0] * (len(FEATURES) - 1)])
"""How firmly each coefficient is drawn to where it starts."""
_FOLDS = 5
"""Parts of the pages, by a hash of their titles: an edit of its text leaves a page where it is, and what all others learn from."""
_STEPS = 12
_CASES, _PAGE_CASES, _TYPE_CASES = 2.0, 4.0, 8.0
"""Cases of the mean that are added to those of a target or name, of a page, of a pair of types."""
_EARLY = 10.0
"""Blocks after which a name counts half as early."""
_LONG = 30
_LEAST = 1e-3


@kept
def linkability(evidence: Evidence) -> Matrix:
    """Probability in (0, 1) that the author of s means a link by the name of t, for each pair with a mention and no link.

    It is that on a page that links like the mean one: how much a page links says nothing of which of its names come first, and a new
    page has no links yet.
    """
    if not evidence.mentions:
        return evidence.square({})
    cases = _Cases(evidence)
    open_ones = np.flatnonzero(cases.linked == 0.0)
    if not len(open_ones):
        return evidence.square({})
    coefficients = _fit(cases.features(), cases.linked)
    chance = 1.0 / (1.0 + np.exp(-(cases.unseen(open_ones) @ coefficients)))
    pairs = zip(cases.sources[open_ones].tolist(), cases.targets[open_ones].tolist(), strict=True)
    return evidence.square(dict(zip(pairs, chance.tolist(), strict=True)))


class _Cases:
    """Every page with each entity that it links or names: arrays of one entry a case."""

    def __init__(self, evidence: Evidence) -> None:
        found = {pair: (1.0, _first(links)) for pair, links in evidence.links.items()}
        for pair, item in evidence.mentions.items():
            found.setdefault(pair, (0.0, (item.text, max(item.block, 0))))
        names: dict[tuple[str, int], int] = {}
        texts = [text for _, (text, _) in found.values()]
        pairs = np.array(list(found), dtype=np.int64).reshape(-1, 2)
        self.size = evidence.size
        self.sources, self.targets = pairs[:, 0], pairs[:, 1]
        self.linked = np.array([flag for flag, _ in found.values()])
        self.names = np.array(
            [names.setdefault((fold(text), pair[1]), len(names)) for text, pair in zip(texts, found, strict=True)], np.int64
        )
        kinds: dict[str, int] = {}
        of = np.array([kinds.setdefault(entity.type, len(kinds)) for entity in evidence.corpus.entities.values()], dtype=np.int64)
        self.types = of[self.sources] * len(kinds) + of[self.targets]
        self.counts = (self.size, len(names), len(kinds) ** 2)
        parts = [crc32(fold(title).encode("utf-8", "replace")) % _FOLDS for title in evidence.titles]
        self.folds = np.array(parts, dtype=np.int64)[self.sources]
        block = np.array([float(place) for _, (_, place) in found.values()])
        degree = evidence.indegree[self.targets] - self.linked
        likeness = np.asarray(evidence.similarity[self.sources, self.targets]).ravel()
        self.plain = (
            1.0 / (1.0 + block / _EARLY), np.log1p(block) / 3.0, np.log1p(degree) / 3.0, np.sqrt(np.maximum(likeness, 0.0)),
            np.array([min(len(text), _LONG) / 10.0 for text in texts]), np.array([float(text[:1].isupper()) for text in texts]),
        )  # fmt: skip
        self.mean = (self.linked.sum() + 1.0) / (len(self.linked) + 2.0)

    def features(self) -> Any:
        """What each case looks like; the shares of links are those of the other folds of pages, so that none tells of its own case."""
        shares = np.zeros((3, len(self.linked)))
        for fold_number in range(_FOLDS):
            inside = self.folds == fold_number
            shares[:, inside] = self._shares(~inside, inside)
        named = np.bincount(self.sources, minlength=self.size)[self.sources] - 1.0
        links = np.bincount(self.sources, self.linked, self.size)[self.sources] - self.linked
        page = _odds((links + _PAGE_CASES * self.mean) / (named + _PAGE_CASES)) - _odds(self.mean)
        return self._table(shares, page, slice(None))

    def unseen(self, places: Any) -> Any:
        """The same of some cases, by all pages, on a page that links like the mean one."""
        every = np.ones(len(self.linked), dtype=bool)
        return self._table(self._shares(every, places), np.zeros(len(places)), places)

    def _table(self, shares: Any, page: Any, places: Any) -> Any:
        target, name, types = map(_odds, shares)
        return np.column_stack((np.ones(len(page)), target, name, page, types, *(column[places] for column in self.plain)))

    def _shares(self, seen: Any, places: Any) -> tuple[Any, Any, Any]:
        """Share of links to the target, by the name, between the types, among the cases ``seen``, for those at ``places``."""
        target = self._share(self.targets, self.counts[0], self.mean, _CASES, seen, places)
        name = self._share(self.names, self.counts[1], target, _CASES, seen, places)
        return target, name, self._share(self.types, self.counts[2], self.mean, _TYPE_CASES, seen, places)

    def _share(self, group: Any, count: int, prior: Any, added: float, seen: Any, places: Any) -> Any:
        links = np.bincount(group[seen], self.linked[seen], count)[group[places]]
        return (links + added * prior) / (np.bincount(group[seen], minlength=count)[group[places]] + added)


def _first(links: list[Any]) -> tuple[str, int]:
    """Text and block of the first link in prose, else of the first one."""
    first = min(links, key=lambda link: (link.block < 0, link.block))
    return first.text, max(first.block, 0)


def _odds(share: Any) -> Any:
    """Logarithm of the odds of a share, bounded."""
    share = np.clip(share, _LEAST, 1.0 - _LEAST)
    return np.log(share / (1.0 - share))


def _fit(features: Any, linked: Any) -> Any:
    """Coefficients of the ridge logistic regression, by Newton steps; rounded, so that an edit of one page seldom moves them."""
    found = _START.copy()
    for _ in range(_STEPS):
        chance = 1.0 / (1.0 + np.exp(-np.clip(features @ found, -30.0, 30.0)))
        slope = features.T @ (chance - linked) + _FIRM * (found - _START)
        curvature = (features * (chance * (1.0 - chance))[:, None]).T @ features + np.diag(_FIRM)
        found = found - np.linalg.solve(curvature, slope)
    return np.round(found, 1)
