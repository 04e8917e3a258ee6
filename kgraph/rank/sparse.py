"""Sparse linear algebra that signals share: small pure functions, matrices in, matrices out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import msgspec
import numpy as np
import scipy.sparse as sp

from kgraph.parallel import Jobs, share_out

__all__ = [
    "KEPT",
    "SMALL",
    "Matrix",
    "Parts",
    "cosine_rows",
    "is_small",
    "joined_blocks",
    "kept_of",
    "matrix_of",
    "normalize_rows",
    "pack",
    "parts_of",
    "product",
    "stepped",
    "top_k_rows",
    "two_digits",
    "unpack",
    "zero_diagonal",
]

Matrix: TypeAlias = Any
"""A scipy CSR array of float64, entities by entities unless said otherwise."""
Parts: TypeAlias = tuple[tuple[int, int], memoryview, memoryview, memoryview]
"""Shape, row pointers (int64), columns (int32) and entries (float64) of a matrix."""


SMALL = 2_000
"""Entities up to which every pair is scored and personalised PageRank is solved exactly."""
KEPT = 500
"""Candidates that each signal keeps of each entity beyond that, at the most."""
_ENTRIES = 4_000_000
"""Entries of the scores of a signal on large sites, from which follows how many it keeps of each entity."""
_LEAST = 150
"""The same at the least: with 100, the ten best would be those of the exact ranking but for 3 in 100, with 150 but for 13 in 1,000."""
_BLOCK, _LEAST_BLOCK = 512, 128
"""Rows that are worked on at a time, at the most and at the least."""
_CELLS = 10_000_000
"""Cells of these rows within these bounds: of a product they may be full."""
_COMMON = 1_000
"""What more entities than this share tells nothing of a pair of them, on large sites."""


def is_small(size: int) -> bool:
    """Whether every pair of this many entities is scored, and exactly."""
    return size <= SMALL


def kept_of(size: int) -> int:
    """How many candidates a signal keeps of each entity on a site of more than :data:`SMALL` entities.

    >>> kept_of(5_000), kept_of(20_000), kept_of(1_000_000)
    (500, 200, 150)
    """
    return min(KEPT, max(_LEAST, _ENTRIES // size))


def normalize_rows(matrix: Matrix) -> Matrix:
    """Each row divided by its sum; empty rows stay empty.

    >>> normalize_rows(sp.csr_array([[1.0, 3.0], [0.0, 0.0]])).toarray().tolist()
    [[0.25, 0.75], [0.0, 0.0]]
    """
    total = np.asarray(matrix.sum(axis=1)).ravel()
    return sp.csr_array(sp.diags_array(np.where(total > 0, 1.0 / np.where(total > 0, total, 1.0), 0.0)) @ matrix)


def cosine_rows(matrix: Matrix, *, damping: float = 0.0, jobs: Jobs = 1) -> Matrix:
    """Cosine of every pair of rows, in [0, 1] for entries that are not negative; the diagonal is 0.

    Args:
        matrix: Rows to compare.
        damping: Added to the squared length of each row, so that a match of two short rows counts less.
        jobs: Processes at the most.

    """
    length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel() + damping)
    scaled = sp.csr_array(sp.diags_array(np.where(length > 0, 1.0 / np.where(length > 0, length, 1.0), 0.0)) @ matrix)
    return zero_diagonal(product(scaled, scaled.T, jobs=jobs))


def stepped(values: Any, *, per_doubling: int = 16) -> Any:
    """Values rounded to a geometric scale, by default of 16 steps for each doubling, 4 % each; what is not positive becomes 0.

    >>> stepped(np.array([0.0, 1.0, 1.01, 1.04, 1.99])).round(3).tolist()
    [0.0, 1.0, 1.0, 1.044, 2.0]
    """
    values = np.asarray(values, dtype=np.float64)
    positive = values > 0
    steps = np.round(np.log2(np.where(positive, values, 1.0)) * per_doubling).astype(np.int64)
    lowest, highest = int(steps.min(initial=0)), int(steps.max(initial=0))
    scale = 2.0 ** (np.arange(lowest, highest + 1) / per_doubling)
    return np.where(positive, scale[steps - lowest], 0.0)


def two_digits(count: int) -> int:
    """A number rounded to its first two digits: how large a site is, so that a page more or less changes nothing on most others.

    >>> two_digits(7), two_digits(99), two_digits(147), two_digits(20_123)
    (7, 99, 150, 20000)
    """
    return round(count, 2 - len(str(count)))


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


def product(left: Matrix, right: Matrix, *, jobs: Jobs = 1) -> Matrix:
    """``left @ right``; on large sites only the largest entries of each row (:func:`kept_of`), so that memory grows with the rows.

    What more than 1,000 rows of the one side and columns of the other have in common tells nothing there, and is left out: the cost of it
    is the square of their number. The rows are worked on in blocks, by ``jobs`` processes at the most; of the whole product each has no
    more than one block at a time.
    """
    size = left.shape[0]
    if is_small(size):
        return sp.csr_array(left @ right)
    left, right = sp.csr_array(left), sp.csr_array(right)
    shared = np.minimum(np.bincount(left.indices, minlength=left.shape[1]), np.diff(right.indptr))
    if (shared > _COMMON).any():
        left = sp.csr_array(left @ sp.diags_array((shared <= _COMMON).astype(np.float64)))
        left.eliminate_zeros()
    kept = kept_of(size)
    return joined_blocks(lambda start, end: top_k_rows(left[start:end] @ right, kept), size, jobs)


def parts_of(matrix: Matrix) -> Parts:
    """Shape and arrays of a matrix, as :func:`msgspec.msgpack.encode` takes them without a copy."""
    rows, columns = matrix.shape
    kinds: tuple[tuple[Any, Any], ...] = ((matrix.indptr, np.int64), (matrix.indices, np.int32), (matrix.data, np.float64))
    indptr, indices, data = (memoryview(array.astype(kind, copy=False)).cast("B") for array, kind in kinds)
    return (rows, columns), indptr, indices, data


def matrix_of(parts: Parts) -> Matrix:
    """The matrix of :func:`parts_of`, entry for entry."""
    shape, indptr, indices, data = parts
    arrays = (np.frombuffer(data).copy(), np.frombuffer(indices, dtype=np.int32).copy(), np.frombuffer(indptr, dtype=np.int64).copy())
    return sp.csr_array(arrays, shape=shape)


def pack(matrix: Matrix) -> bytes:
    """A matrix as bytes, for another process."""
    return msgspec.msgpack.encode(parts_of(matrix))


def unpack(packed: bytes) -> Matrix:
    """The matrix of :func:`pack`, entry for entry."""
    return matrix_of(msgspec.msgpack.decode(packed, type=Parts))


def joined_blocks(rows: Callable[[int, int], Matrix], size: int, jobs: Jobs) -> Matrix:
    """A matrix of ``size`` rows from its blocks: ``rows(start, end)`` gives those from ``start`` on and before ``end``."""
    at_once = min(_BLOCK, max(_LEAST_BLOCK, _CELLS // max(size, 1)))
    tasks = [(start, min(start + at_once, size)) for start in range(0, size, at_once)]
    blocks = share_out(lambda task: rows(*task), tasks, jobs=jobs, pack=pack, unpack=lambda _, packed: unpack(packed))
    return sp.csr_array(sp.vstack(blocks, format="csr"))
