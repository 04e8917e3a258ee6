"""Title: the text of the page is much about the words of the other's title, whether or not it names it.

A query likelihood in the vector space (Salton and Buckley 1988, doi:10.1016/0306-4573(88)90021-0), with the title as the query: a title is
the shortest summary, and its words in a text say more than those that two texts share.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import scipy.sparse as sp

from kgraph.model.mixing import mix
from kgraph.model.text import terms
from kgraph.rank.evidence import Evidence, kept
from kgraph.rank.signals import ReasonText
from kgraph.rank.signals.common import telling_traces, word_traces
from kgraph.rank.sparse import Matrix, product, zero_diagonal
from kgraph.rank.traces import row_traces

__all__ = ["signal"]

_BACKWARD = 0.4
"""What counts where the text of the other is about the title of this one."""
_DAMPING = 4.0
"""Added to the squared length of a title, so that one common word is no title."""
_TERMS = 4


class _Title:
    name = "title"

    def scores(self, evidence: Evidence) -> Matrix:
        """Product of the text of s and the title of t, both weighted by tf-idf; and 0.4 of it the other way round."""
        there = zero_diagonal(product(evidence.text[0], _titles(evidence).T, jobs=evidence.jobs))
        return sp.csr_array(there + _BACKWARD * there.T)

    def traces(self, evidence: Evidence) -> Any:
        return telling_traces(evidence) + mix(row_traces(_titles(evidence), word_traces(evidence), values=False))

    def reason(self, evidence: Evidence, source: int, target: int) -> ReasonText | None:
        there = _common(evidence, source, target)
        told = there or _common(evidence, target, source)
        if not told:
            return None
        return ReasonText(f"{'this text' if there else 'its text'} uses words of {'its' if there else 'this'} title: {', '.join(told)}", ())


def _common(evidence: Evidence, source: int, target: int) -> list[str]:
    """Words of the title of ``target`` that the text of ``source`` uses, the most telling first."""
    matrix, names = evidence.texts.telling
    titles, (columns, weights) = _titles(evidence), _told(evidence)
    start, end = int(matrix.indptr[source]), int(matrix.indptr[source + 1])
    found = []
    for word in titles.indices[titles.indptr[target] : titles.indptr[target + 1]].tolist():
        place = bisect_left(columns, word, start, end)
        if place < end and columns[place] == word:
            found.append((-weights[place], word))
    return [names[word] for _, word in sorted(found)[:_TERMS]]


@kept
def _told(evidence: Evidence) -> tuple[Sequence[int], Sequence[float]]:
    """The columns and entries of how much each term tells of each text, the columns of each row sorted."""
    matrix, _ = evidence.texts.telling
    return memoryview(matrix.indices), memoryview(matrix.data)


@kept
def _titles(evidence: Evidence) -> Matrix:
    """Entities by terms: the words of each title, weighted by idf, damped to a length below 1."""
    vectors, names = evidence.text
    index = {name: place for place, name in enumerate(names)}
    rarity = np.log((1 + evidence.population) / (1.0 + np.bincount(vectors.indices, minlength=vectors.shape[1])))
    entries = {(row, place): float(rarity[place]) for row, title in enumerate(evidence.titles) for place in _places(title, index)}
    matrix = evidence.matrix(entries, vectors.shape)
    length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel() + _DAMPING)
    return sp.csr_array(sp.diags_array(1.0 / length) @ matrix)


def _places(title: str, index: Mapping[str, int]) -> list[int]:
    """Terms of a title: whole words, parts of hyphenated ones, and singulars."""
    parts = [part for word in terms(title) for part in (word, *word.split("-"))]
    forms = dict.fromkeys(form for part in parts for form in (part, part.removesuffix("s")) if form in index)
    return [index[form] for form in forms]


signal = _Title()
