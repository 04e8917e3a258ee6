"""The model: for each signal a curve that never falls; the curves' values add up.

A generalised additive model with monotone piecewise-linear terms (Hastie and Tibshirani 1986, doi:10.1214/ss/1177013604), fitted
so that hidden targets stand before the other candidates of their row: the softmax loss over one target and many others (ListNet
with one relevant item: Cao et al. 2007, doi:10.1145/1273496.1273513), with slopes not below 0 and drawn towards the default weights.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from msgspec import Struct

__all__ = ["KNOTS", "Examples", "curve", "fit", "ramps"]

KNOTS = (0.0, 0.15, 0.35, 0.65, 1.0)
"""Where the slope of a curve may change: values of a scaled signal, of which 1 is strong on the site."""
_ITERATIONS = 60


class Examples(Struct, frozen=True):
    """Rows of candidates of which the first ones are hidden targets."""

    features: Any
    """Ramps of every signal for each candidate: an array of candidates by signals times knots."""
    starts: Any
    """Where each row starts, and the number of candidates at the end."""
    targets: Any
    """Hidden targets of each row; they come first in it."""
    weights: Any
    """Weight of each hidden target."""


def curve(slopes: Sequence[float]) -> Callable[[Any], Any]:
    """What scaled scores of one signal add to the total: 0 for 0, and rising by ``slopes`` between the :data:`KNOTS`.

    >>> curve((2.0, 0.0, 1.0, 1.0, 1.0))(np.array([0.0, 0.1, 0.3, 0.45])).round(6).tolist()
    [0.0, 0.2, 0.3, 0.4]
    """
    return lambda values: ramps(values) @ np.array(slopes)


def ramps(values: Any) -> Any:
    """How far each value climbs between each knot and the next: an array with one more axis."""
    knots = np.array(KNOTS)
    width = np.append(np.diff(knots), np.inf)
    return np.clip(np.asarray(values, dtype=np.float64)[..., None] - knots, 0.0, width)


def fit(
    examples: Examples, names: Sequence[str], weights: Mapping[str, float], *, pull: float, bend: float
) -> dict[str, tuple[float, ...]]:
    """Slopes of the curves under which hidden targets come first, by signal.

    Args:
        examples: What to learn from.
        names: Signals, in the order of the features.
        weights: Default weight of each signal, which the mean slope of its curve is drawn towards.
        pull: How strongly: weight of the squared distance beside that of one hidden target.
        bend: How strongly the slopes of one curve are drawn towards their mean: the larger, the straighter the curves.

    """
    from scipy.optimize import minimize

    start = np.repeat([float(weights[name]) for name in names], len(KNOTS))
    total = float(examples.weights.sum())

    def loss(slopes: Any) -> tuple[float, Any]:
        value, gradient = _softmax_loss(examples, slopes)
        table = slopes.reshape(-1, len(KNOTS))
        mean = table.mean(axis=1, keepdims=True)
        away, bent = mean - start.reshape(-1, len(KNOTS))[:, :1], table - mean
        value += pull * float((away * away).sum()) + bend * float((bent * bent).sum())
        gradient = gradient + (2.0 * pull / len(KNOTS) * away + 2.0 * bend * bent).ravel()
        return value / total, gradient / total

    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(0.0, None)] * len(start), options={"maxiter": _ITERATIONS})
    rows = np.round(found.x, 4).reshape(len(names), len(KNOTS))
    return {name: tuple(row.tolist()) for name, row in zip(names, rows, strict=True)}


def _softmax_loss(examples: Examples, slopes: Any) -> tuple[float, Any]:
    """Sum over hidden targets of minus ln of their share beside the candidates that are none, and its gradient."""
    starts, counts = examples.starts[:-1], examples.targets
    rows = np.repeat(np.arange(len(counts)), np.diff(examples.starts))
    hidden = np.arange(len(rows)) - starts[rows] < counts[rows]
    scores = examples.features @ slopes
    scores = scores - np.maximum.reduceat(scores, starts)[rows]
    power = np.exp(scores)
    others = np.add.reduceat(np.where(hidden, 0.0, power), starts)
    places = np.flatnonzero(hidden)
    of = rows[places]
    whole = others[of] + power[places]
    value = float((examples.weights * (np.log(whole) - scores[places])).sum())
    pushed = np.where(hidden, 0.0, power * np.bincount(of, weights=examples.weights / whole, minlength=len(counts))[rows])
    pushed[places] = examples.weights * (power[places] / whole - 1.0)
    return value, examples.features.T @ pushed
