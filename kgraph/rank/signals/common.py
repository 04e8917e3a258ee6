"""What the texts of several signals share."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from kgraph.rank.evidence import Evidence
from kgraph.rank.signals import ReasonText
from kgraph.rank.sparse import Matrix

__all__ = ["Nearby", "SharedColumns", "rows_as_dicts", "rows_as_sets", "titles"]


def titles(evidence: Evidence, places: Sequence[int], *, shown: int = 1) -> str:
    """Titles of the first entities, and how many more there are."""
    names = [evidence.titles[place] for place in places[:shown]]
    more = len(places) - len(names)
    return ", ".join(names) + (f" and {more} more" if more > 0 else "")


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
        columns = indices[indptr[second] : indptr[second + 1]]
        products = self.spread[columns] * data[indptr[second] : indptr[second + 1]]
        if len(products) > limit:
            best = np.argpartition(products, -limit)[-limit:]
            columns, products = columns[best], products[best]
        pairs = sorted(zip([-round(value, 9) for value in products.tolist()], columns.tolist(), strict=True))
        return [column for value, column in pairs if value < 0]


class Nearby:
    """Tells through which of its nearest entities one entity is joined with another."""

    def __init__(self, nearest: Matrix, joined: Matrix) -> None:
        """Keep, for each entity, the nearest ones with the best first, and those it is joined with."""
        columns, values, bounds = nearest.indices.tolist(), nearest.data.tolist(), nearest.indptr.tolist()
        self.nearest = []
        for start, end in pairwise(bounds):
            ordered = sorted(zip([-value for value in values[start:end]], columns[start:end], strict=True))
            self.nearest.append([column for _, column in ordered])
        self.joined = rows_as_sets(joined)

    def tell(self, evidence: Evidence, source: int, target: int, one: str, several: str) -> ReasonText | None:
        """Entities near ``source`` that are joined with ``target``, in words for ``one`` and for ``several``."""
        pages = [page for page in self.nearest[source] if target in self.joined[page]]
        if not pages:
            return None
        told = several if len(pages) > 1 else one
        return ReasonText(f"{told}: {titles(evidence, pages, shown=2)}", tuple(evidence.ids[page] for page in pages[:5]))


def rows_as_sets(matrix: Matrix) -> list[frozenset[int]]:
    """Columns that have an entry, for each row of a CSR matrix."""
    columns = matrix.indices.tolist()
    bounds = matrix.indptr.tolist()
    return [frozenset(columns[start:end]) for start, end in pairwise(bounds)]


def rows_as_dicts(matrix: Matrix) -> list[dict[int, float]]:
    """Entries by column, for each row of a CSR matrix."""
    columns, values, bounds = matrix.indices.tolist(), matrix.data.tolist(), matrix.indptr.tolist()
    return [dict(zip(columns[start:end], values[start:end], strict=True)) for start, end in pairwise(bounds)]
