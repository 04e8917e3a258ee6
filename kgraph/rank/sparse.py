"""Sparse linear algebra that signals share: small pure functions, matrices in, matrices out."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import scipy.sparse as sp

__all__ = ["Matrix", "cosine_rows", "normalize_rows", "personalized_pagerank", "top_k_rows", "zero_diagonal"]

Matrix: TypeAlias = Any
"""A scipy CSR array of float64, entities by entities unless said otherwise."""


_SOLVED = 2_000
"""Nodes up to which personalised PageRank is solved exactly."""


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
    return zero_diagonal(scaled @ scaled.T)


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
    matrix.sort_indices()
    rows: list[Any] = []
    columns: list[Any] = []
    values: list[Any] = []
    for row in range(matrix.shape[0]):
        start, end = matrix.indptr[row], matrix.indptr[row + 1]
        data, indices = matrix.data[start:end], matrix.indices[start:end]
        if len(data) > k:
            kept = np.sort(np.argsort(-data, kind="stable")[:k])
            data, indices = data[kept], indices[kept]
        rows.append(np.full(len(data), row))
        columns.append(indices)
        values.append(data)
    if not rows:
        return matrix
    return sp.csr_array((np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))), shape=matrix.shape)


def personalized_pagerank(transition: Matrix, *, follow: float, steps: int = 12) -> Matrix:
    """Personalised PageRank of every node at once: row s is where a walk from s ends.

    The walk goes on with probability ``follow`` and stops otherwise. Rows of ``transition`` sum to 1 or 0.

    Formula: (1 - f) (I - f P)^-1, which is (1 - f) times the sum of (f P)^i. Solved exactly up to 2,000 nodes; beyond, the
    sum is cut after ``steps`` steps, which leaves out ``follow**(steps + 1)`` of each walk (0.0001 for the defaults).

    >>> personalized_pagerank(sp.csr_array([[0.0, 1.0], [0.0, 0.0]]), follow=0.5).toarray().tolist()
    [[0.5, 0.25], [0.0, 0.5]]
    """
    size = transition.shape[0]
    if size <= _SOLVED:
        inverse = np.linalg.inv(np.eye(size) - follow * transition.toarray())
        return sp.csr_array((1.0 - follow) * np.maximum(inverse, 0.0))
    walk = sp.eye_array(size, format="csr")
    total = walk
    for _ in range(steps):
        walk = sp.csr_array(follow * (walk @ transition))
        total = total + walk
    return sp.csr_array((1.0 - follow) * total)
