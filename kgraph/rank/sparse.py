"""Sparse linear algebra that signals share: small pure functions, matrices in, matrices out."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import scipy.sparse as sp

__all__ = [
    "KEPT",
    "SMALL",
    "Matrix",
    "cosine_rows",
    "kept_of",
    "normalize_rows",
    "personalized_pagerank",
    "product",
    "top_k_rows",
    "zero_diagonal",
]

Matrix: TypeAlias = Any
"""A scipy CSR array of float64, entities by entities unless said otherwise."""


SMALL = 2_000
"""Entities up to which every pair is scored and personalised PageRank is solved exactly."""
KEPT = 500
"""Candidates that each signal keeps of each entity beyond that, at the most."""
_ENTRIES = 4_000_000
"""Entries of the scores of a signal on large sites, from which follows how many it keeps of each entity; 100 at the least."""
_BLOCK = 512
_FAINT = 3e-5
"""Steps of a walk less probable than this are not followed, beyond that."""


def kept_of(size: int) -> int:
    """How many candidates a signal keeps of each entity on a site of more than :data:`SMALL` entities.

    >>> kept_of(5_000), kept_of(20_000), kept_of(1_000_000)
    (500, 200, 100)
    """
    return min(KEPT, max(100, _ENTRIES // size))


def normalize_rows(matrix: Matrix) -> Matrix:
    """Each row divided by its sum; empty rows stay empty.

    >>> normalize_rows(sp.csr_array([[1.0, 3.0], [0.0, 0.0]])).toarray().tolist()
    [[0.25, 0.75], [0.0, 0.0]]
    """
    total = np.asarray(matrix.sum(axis=1)).ravel()
    return sp.csr_array(sp.diags_array(np.where(total > 0, 1.0 / np.where(total > 0, total, 1.0), 0.0)) @ matrix)


def cosine_rows(matrix: Matrix, *, damping: float = 0.0) -> Matrix:
    """Cosine of every pair of rows, in [0, 1] for entries that are not negative; the diagonal is 0.

    Args:
        matrix: Rows to compare.
        damping: Added to the squared length of each row, so that a match of two short rows counts less.

    """
    length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel() + damping)
    scaled = sp.csr_array(sp.diags_array(np.where(length > 0, 1.0 / np.where(length > 0, length, 1.0), 0.0)) @ matrix)
    return zero_diagonal(product(scaled, scaled.T))


def zero_diagonal(matrix: Matrix) -> Matrix:
    """The same matrix with nothing on its diagonal.

    >>> zero_diagonal(sp.csr_array([[1.0, 2.0], [0.0, 3.0]])).toarray().tolist()
    [[0.0, 2.0], [0.0, 0.0]]
    """
    matrix = sp.csr_array(matrix, copy=True)
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    matrix.data[rows == matrix.indices] = 0.0
    matrix.eliminate_zeros()
    return matrix


def top_k_rows(matrix: Matrix, k: int) -> Matrix:
    """The ``k`` largest entries of each row, ties by column.

    >>> top_k_rows(sp.csr_array([[1.0, 3.0, 3.0]]), 2).toarray().tolist()
    [[0.0, 3.0, 3.0]]
    """
    matrix = sp.csr_array(matrix)
    lengths = np.diff(matrix.indptr)
    if not (lengths > k).any():
        matrix.sort_indices()
        return matrix
    kept = np.ones(matrix.nnz, dtype=bool)
    for row in np.flatnonzero(lengths > k):
        start, end = matrix.indptr[row], matrix.indptr[row + 1]
        data = matrix.data[start:end]
        bound = np.partition(data, len(data) - k)[len(data) - k]
        chosen = data > bound
        ties = np.flatnonzero(data == bound)
        first = np.argsort(matrix.indices[start:end][ties], kind="stable")[: k - int(chosen.sum())]
        chosen[ties[first]] = True
        kept[start:end] = chosen
    indptr = np.concatenate(([0], np.cumsum(np.minimum(lengths, k))))
    best = sp.csr_array((matrix.data[kept], matrix.indices[kept], indptr), shape=matrix.shape)
    best.sort_indices()
    return best


def product(left: Matrix, right: Matrix) -> Matrix:
    """``left @ right``; on large sites only the largest entries of each row (:func:`kept_of`), so that memory grows with the rows.

    The rows are worked on in blocks; no more than one block of the whole product is there at a time.
    """
    size = left.shape[0]
    if size <= SMALL:
        return sp.csr_array(left @ right)
    left, right = sp.csr_array(left), sp.csr_array(right)
    kept = kept_of(size)
    blocks = [top_k_rows(left[start : start + _BLOCK] @ right, kept) for start in range(0, size, _BLOCK)]
    return sp.csr_array(sp.vstack(blocks, format="csr"))


def personalized_pagerank(transition: Matrix, *, follow: float, steps: int = 12) -> Matrix:
    """Personalised PageRank of every node at once: row s is where a walk from s ends.

    The walk goes on with probability ``follow`` and stops otherwise. Rows of ``transition`` sum to 1 or 0.

    Formula: (1 - f) (I - f P)^-1, which is (1 - f) times the sum of (f P)^i. Solved exactly up to :data:`SMALL` nodes; beyond, the
    sum is cut after ``steps`` steps, steps of a probability below 0.00003 are not followed, and the largest entries of each
    row (:func:`kept_of`) stay.

    >>> personalized_pagerank(sp.csr_array([[0.0, 1.0], [0.0, 0.0]]), follow=0.5).toarray().tolist()
    [[0.5, 0.25], [0.0, 0.5]]
    """
    size = transition.shape[0]
    if size <= SMALL:
        inverse = np.linalg.inv(np.eye(size) - follow * transition.toarray())
        return sp.csr_array((1.0 - follow) * np.maximum(inverse, 0.0))
    blocks: list[Matrix] = []
    for start in range(0, size, _BLOCK):
        walk = sp.eye_array(size, format="csr")[start : start + _BLOCK]
        total = walk
        for _ in range(steps):
            walk = sp.csr_array(follow * (walk @ transition))
            walk.data[walk.data < _FAINT] = 0.0
            walk.eliminate_zeros()
            if walk.nnz == 0:
                break
            total = total + walk
        blocks.append(top_k_rows((1.0 - follow) * total, kept_of(size)))
    return sp.csr_array(sp.vstack(blocks, format="csr"))
