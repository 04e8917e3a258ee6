"""Boosted trees of logistic loss: small, deterministic, and each of their values told by the features that it came by.

Gradient boosting (Friedman 2001, doi:10.1214/aos/1013203451) with Newton steps and histograms of binned features as in XGBoost (Chen and
Guestrin 2016, doi:10.1145/2939672.2939785). What a feature adds to a value is the sum of the steps that the value takes at its splits on
the way from the root to the leaf, so that the parts, the roots and the base sum to the value.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from msgspec import Struct

__all__ = ["Forest", "Tree", "grow"]

_DEPTH = 3
_TREES = 80
_RATE = 0.09
_SEEN = 0.5
"""Part of the features that each tree looks at, by lot, so that no feature hides what others like it tell."""
_FIRM = 5.0
"""Added to the curvature of each leaf, so that a leaf of few examples steps little."""
_LEAST = 1.0
"""Curvature of a leaf at the least."""
_BINS = 32
_NODES = 2**_DEPTH - 1
_DIGITS = 4
_NONE = 1e300
"""Bound of a node that is not split."""
_FIRST = 1e-3
"""Share of what is wanted at the least, so that its logarithm is bounded."""


class Tree(Struct, frozen=True, array_like=True):
    """A tree of three levels, its nodes from the top down, those of one level from left to right."""

    features: tuple[int, ...]
    """The feature that each of the seven splits looks at; of a node that is not split the first one, with no value above its bound."""
    bounds: tuple[float, ...]
    """Values above it go right."""
    values: tuple[float, ...]
    """What each of the fifteen nodes adds, the eight leaves last."""


class Forest(Struct, frozen=True):
    """Trees whose values add up to the logarithm of odds."""

    base: float
    trees: tuple[Tree, ...]

    def chance(self, features: Any) -> Any:
        """Probability of each example, rows of ``features``."""
        columns = np.ascontiguousarray(features.T)
        total = np.full(len(features), self.base)
        for tree in self.trees:
            total += np.array(tree.values)[_walk(tree, columns)[-1]]
        return 1.0 / (1.0 + np.exp(-total))

    def told(self, features: Any, group: Sequence[int], count: int) -> Any:
        """What each group of features adds to each example: examples by groups; ``group`` has the group of each feature, -1 for none."""
        columns = np.ascontiguousarray(features.T)
        found = np.zeros((count + 1, len(features)))
        for tree in self.trees:
            values = np.array(tree.values)
            nodes = _walk(tree, columns)
            for level, (before, after) in enumerate(pairwise(nodes)):
                first = 2**level - 1
                steps = values[after] - values[before]
                for node in range(first, 2 * first + 1):
                    if tree.bounds[node] < _NONE:
                        found[group[tree.features[node]]] += steps if first == 0 else np.where(before == node, steps, 0.0)
        return found[:count].T


def grow(features: Any, wanted: Any) -> Forest:
    """Fit a forest to examples by features, of which ``wanted`` has 1 for what is wanted and 0 for others."""
    share = min(max(float(wanted.sum()) / max(len(wanted), 1), _FIRST), 1.0 - _FIRST)
    base = round(float(np.log(share / (1.0 - share))), _DIGITS)
    binned = _Binned(features)
    total = np.full(len(features), base)
    trees = []
    for number in range(_TREES):
        seen = np.sort(np.random.default_rng(number).permutation(features.shape[1])[: max(1, round(_SEEN * features.shape[1]))])
        chance = 1.0 / (1.0 + np.exp(-total))
        tree, leaves = binned.tree(chance - wanted, chance * (1.0 - chance), seen)
        total += np.array(tree.values)[leaves]
        trees.append(tree)
    return Forest(base, tuple(trees))


def _walk(tree: Tree, columns: Any) -> list[Any]:
    """The nodes that each example comes by, from the root to the leaf; ``columns`` are features by examples."""
    right = [columns[feature] > bound for feature, bound in zip(tree.features, tree.bounds, strict=True)]
    nodes = [np.zeros(columns.shape[1], dtype=np.int8)]
    for level in range(_DEPTH):
        first = 2**level - 1
        goes = right[first]
        for node in range(first + 1, 2 * first + 1):
            goes = np.where(nodes[-1] == node, right[node], goes)
        nodes.append(2 * nodes[-1] + 1 + goes.astype(np.int8))
    return nodes


class _Binned:
    """Examples with the bin of each feature; the lowest bin of a feature, in which most examples are, is left out and told by the sums."""

    def __init__(self, features: Any) -> None:
        self.size, self.count = features.shape
        self.bounds = np.full((self.count, _BINS), _NONE)
        self.codes = np.zeros(features.shape, dtype=np.int64)
        for column in range(self.count):
            values = features[:, column]
            lowest = values.min(initial=np.inf)
            above = values[values > lowest]
            if not len(above):
                continue
            cuts = np.unique(np.append(lowest, np.quantile(above, np.arange(1, _BINS - 1) / (_BINS - 1))).round(_DIGITS + 1))[: _BINS - 1]
            self.bounds[column, : len(cuts)] = cuts
            self.codes[:, column] = np.searchsorted(cuts, values, side="left")
        self.above = [np.flatnonzero(self.codes[:, column]) for column in range(self.count)]

    def tree(self, slope: Any, curvature: Any, seen: Any) -> tuple[Tree, Any]:
        """The tree over the features ``seen`` that lowers the loss most, level by level, and the leaf of each example."""
        node = np.zeros(self.size, dtype=np.int64)
        features, bounds = np.zeros(_NODES, dtype=np.int64), np.full(_NODES, _NONE)
        values = np.zeros(2 * _NODES + 1)
        for level in range(_DEPTH):
            first, nodes = 2**level - 1, 2**level
            at = node - first
            sums = [np.bincount(at, part, nodes) for part in (slope, curvature)]
            values[first : first + nodes] = -_RATE * sums[0] / (sums[1] + _FIRM)
            feature, place = self._splits(at, nodes, (slope, curvature), sums, seen)
            cut = feature >= 0
            features[first : first + nodes] = np.where(cut, feature, 0)
            bounds[first : first + nodes] = np.where(cut, self.bounds[feature, place], _NONE)
            right = np.zeros(self.size, dtype=bool)
            held = cut[at]
            right[held] = self.codes[held, feature[at[held]]] > place[at[held]]
            node = 2 * node + 1 + right
        at = node - _NODES
        values[_NODES:] = -_RATE * np.bincount(at, slope, _NODES + 1) / (np.bincount(at, curvature, _NODES + 1) + _FIRM)
        return Tree(tuple(features.tolist()), tuple(bounds.tolist()), tuple(values.round(_DIGITS).tolist())), node

    def _splits(self, at: Any, nodes: int, parts: Sequence[Any], sums: Sequence[Any], seen: Any) -> tuple[Any, Any]:
        """For each node the feature that splits it best and the last bin of its left side; -1 where no split helps."""
        bins = np.zeros((2, nodes, len(seen), _BINS + 1))
        for place, column in enumerate(seen.tolist()):
            rows = self.above[column]
            keys = at[rows] * (_BINS + 1) + self.codes[rows, column]
            for number, part in enumerate(parts):
                bins[number, :, place] = np.bincount(keys, part[rows], nodes * (_BINS + 1)).reshape(nodes, -1)
        right = bins[..., ::-1].cumsum(axis=3)[..., ::-1][..., 1:]  # from each bin but the lowest up
        whole = [part[:, None, None] for part in sums]
        left = [total - part for total, part in zip(whole, right, strict=True)]
        gain = sum(part[0] ** 2 / (part[1] + _FIRM) for part in (left, right)) - whole[0] ** 2 / (whole[1] + _FIRM)
        gain = np.where((left[1] >= _LEAST) & (right[1] >= _LEAST), gain, 0.0).round(9).reshape(nodes, -1)
        best = gain.argmax(axis=1)
        found = gain[np.arange(nodes), best] > 0
        return np.where(found, seen[best // _BINS], -1), best % _BINS
