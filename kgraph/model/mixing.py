"""Numbers of 64 bits spread over all their bits: what hashes of whole arrays are made with."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["GAMMA", "mix"]

GAMMA = np.uint64(0x9E3779B97F4A7C15)
"""The golden ratio in 64 bits: what SplitMix64 adds at each step, so that 0 is not mixed to 0."""


def mix(values: Any) -> Any:
    """Numbers of 64 bits spread over all their bits, one to one: those close by are far apart afterwards.

    The finalizer of SplitMix64 (Steele et al. 2014, doi:10.1145/2714064.2660195).

    >>> mix(np.array([0, 1], dtype=np.uint64)).tolist()
    [0, 6238072747940578789]
    """
    values = values ^ (values >> np.uint64(30))
    values = values * np.uint64(0xBF58476D1CE4E5B9)
    values = values ^ (values >> np.uint64(27))
    values = values * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
