"""What the texts of several signals share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

import numpy as np

from kgraph.rank.evidence import Evidence, kept
from kgraph.rank.signals import ReasonText
from kgraph.rank.sparse import Matrix
from kgraph.rank.traces import row_traces, term_traces, traces_by

__all__ = [
    "Nearby", "Rows", "SharedColumns", "mention_traces", "relation_traces", "rows_as_dicts", "rows_as_sets", "telling_traces", "titles",
    "word_traces",
]  # fmt: skip

Row = TypeVar("Row")
_ROWS_KEPT = 4_096


def titles(evidence: Evidence, places: Sequence[int], *, shown: int = 1) -> str:
    """Titles of the first entities, and how many more there are."""
    names = [evidence.titles[place] for place in places[:shown]]
    more = len(places) - len(names)
    return ", ".join(names) + (f" and {more} more" if more > 0 else "")


@kept
def mention_traces(evidence: Evidence) -> Any:
    """A trace of each entity: of the mentions on its page."""
    return traces_by(evidence.ids, ((item.source, item) for item in evidence.corpus.mentions))


@kept
def relation_traces(evidence: Evidence) -> Any:
    """A trace of each entity: of the curated relations that it states."""
    return traces_by(evidence.ids, ((item.source, item) for item in evidence.corpus.relations))


@kept
def telling_traces(evidence: Evidence) -> Any:
    """A trace of each entity: of the terms that tell of its text, and how much."""
    telling, _ = evidence.texts.telling
    return row_traces(telling, word_traces(evidence))


@kept
def word_traces(evidence: Evidence) -> Any:
    """A trace of each term of the texts."""
    return term_traces(evidence.texts.telling[1])


class SharedColumns:
    """Finds the columns in which two rows of a CSR matrix both have an entry; quick when one row is asked about often."""

    def __init__(self, matrix: Matrix) -> None:
        """Keep the matrix and one of its rows spread out."""
        self.matrix = matrix
        self.row = -1
        self.spread = np.zeros(matrix.shape[1])

    def find(self, first: int, second: int, *, limit: int) -> list[int]:
        """Columns of both rows, largest product of the two entries first, ties by column."""
        indptr, indices, data = self.matrix.indptr, self.matrix.indices, self.matrix.data
        if first != self.row:
            if self.row >= 0:
                self.spread[indices[indptr[self.row] : indptr[self.row + 1]]] = 0.0
            self.spread[indices[indptr[first] : indptr[first + 1]]] = data[indptr[first] : indptr[first + 1]]
            self.row = first
        start, end = indptr[second], indptr[second + 1]
        weights = self.spread[indices[start:end]]
        common = np.flatnonzero(weights)
        products = np.round(weights[common] * data[start:end][common], 9)
        shared, products = indices[start:end][common[products > 0]], products[products > 0]
        found: list[int] = shared[np.lexsort((shared, -products))[:limit]].tolist()
        return found


class Rows(Generic[Row]):
    """Rows of a CSR matrix as Python objects, each made when it is asked for and the last some thousand kept: all would fill the memory."""

    def __init__(self, matrix: Matrix, make: Callable[[list[int], list[float]], Row]) -> None:
        """Keep the matrix; ``make`` gets the columns and the entries of a row."""
        self.indptr, self.indices, self.data = matrix.indptr.tolist(), matrix.indices, matrix.data
        self.make = make
        self._made: dict[int, Row] = {}

    def __getitem__(self, row: int) -> Row:
        """The row of this number."""
        made = self._made.get(row)
        if made is None:
            start, end = self.indptr[row], self.indptr[row + 1]
            made = self.make(self.indices[start:end].tolist(), self.data[start:end].tolist())
            if len(self._made) >= _ROWS_KEPT:
                self._made.clear()
            self._made[row] = made
        return made


def rows_as_sets(matrix: Matrix) -> Rows[frozenset[int]]:
    """Columns that have an entry, for each row of a CSR matrix."""
    return Rows(matrix, lambda columns, _: frozenset(columns))


def rows_as_dicts(matrix: Matrix) -> Rows[dict[int, float]]:
    """Entries by column, for each row of a CSR matrix."""
    return Rows(matrix, lambda columns, values: dict(zip(columns, values, strict=True)))


def _best_first(columns: list[int], values: list[float]) -> dict[int, int]:
    """Place of each column in the order of the entries, largest first, ties by column."""
    return {column: place for place, (_, column) in enumerate(sorted(zip([-value for value in values], columns, strict=True)))}


class Nearby:
    """Tells through which of its nearest entities one entity is joined with another."""

    def __init__(self, nearest: Matrix, joined: Matrix) -> None:
        """Keep, for each entity, the nearest ones with their place, best first, and those it is joined with; ``joined`` is symmetric."""
        self.nearest = Rows(nearest, _best_first)
        self.joined = rows_as_sets(joined)

    def tell(self, evidence: Evidence, source: int, target: int, one: str, several: str) -> ReasonText | None:
        """Entities near ``source`` that are joined with ``target``, in words for ``one`` and for ``several``."""
        nearest = self.nearest[source]
        pages = sorted(nearest.keys() & self.joined[target], key=nearest.__getitem__)
        if not pages:
            return None
        told = several if len(pages) > 1 else one
        return ReasonText(f"{told}: {titles(evidence, pages, shown=2)}", tuple(evidence.ids[page] for page in pages[:5]))
