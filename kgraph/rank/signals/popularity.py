"""Popularity: much is joined with the target. A weak hint that counts only where something else speaks for the pair.

The in-degree prior of Cremonesi, Koren and Turrin 2010, doi:10.1145/1864708.1864721, damped by the logarithm.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp

from kgraph.rank.evidence import Evidence, kept
from kgraph.rank.signals import ReasonText
from kgraph.rank.sparse import Matrix
from kgraph.rank.traces import value_traces

__all__ = ["signal"]


class _Popularity:
    name = "popularity"

    def scores(self, evidence: Evidence) -> Matrix:
        """ln(1 + entities that link or relate to the target), for the pairs of :attr:`Evidence.plausible`."""
        pairs = evidence.plausible
        found = sp.csr_array((np.log1p(_degree(evidence))[pairs.indices], pairs.indices.copy(), pairs.indptr.copy()), shape=pairs.shape)
        found.eliminate_zeros()
        return found

    def traces(self, evidence: Evidence) -> Any:
        return value_traces(_told(int(count)) for count in _degree(evidence))

    def reason(self, evidence: Evidence, source: int, target: int) -> ReasonText | None:  # noqa: ARG002 - that of the protocol
        told = _told(int(_degree(evidence)[target]))
        return ReasonText(told, ()) if told else None


def _told(count: int) -> str:
    """What is told of an entity that so many link or relate to; nothing of one without."""
    if count > 1:
        return f"much linked: from {_rounded(count)}"
    return "linked from another page" if count == 1 else ""


def _rounded(count: int) -> str:
    """A number of pages, to its first digit from 10 on, so that one link more does not change the lists of the whole site.

    >>> _rounded(7), _rounded(10), _rounded(217)
    ('7 pages', '10 pages or more', '200 pages or more')
    """
    unit = 10 ** (len(str(count)) - 1)
    return f"{count // unit * unit} pages or more" if count >= 10 else f"{count} pages"


@kept
def _degree(evidence: Evidence) -> Any:
    """Entities that link or relate to each one: array of n."""
    return np.asarray(evidence.stated.sum(axis=0)).ravel()


signal = _Popularity()
