"""Traces: hashes of all that a reason is told from, one for each entity, by which a build knows the reasons that are the same as before.

A trace is a number of 64 bits. Traces of rows are sums of mixed numbers (multiset hashes: Clarke et al. 2003,
doi:10.1007/978-3-540-40061-5_12), so that they are computed on whole arrays and do not hang on the places of entities.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Any
from zlib import adler32, crc32

import numpy as np

from kgraph.memory import key_of
from kgraph.model.mixing import mix
from kgraph.rank.sparse import Matrix

__all__ = ["order_traces", "row_traces", "term_traces", "traces_by", "value_traces"]


def value_traces(values: Iterable[object]) -> Any:
    """One trace for each value, which MessagePack can hold."""
    return np.array([key_of(value) for value in values], dtype=np.uint64)


def term_traces(terms: Sequence[str]) -> Any:
    """The same of many short texts, by their checksums."""
    blobs = [term.encode("utf-8", "replace") for term in terms]
    return mix(np.array([crc32(blob) << 32 | adler32(blob) for blob in blobs], dtype=np.uint64))


def traces_by(keys: Sequence[Hashable], pairs: Iterable[tuple[Hashable, object]]) -> Any:
    """For each key, in order, a trace of the values that come with it, in their order."""
    found: dict[Hashable, list[object]] = {key: [] for key in keys}
    for key, value in pairs:
        found[key].append(value)
    return np.array([key_of(values) if values else 0 for values in found.values()], dtype=np.uint64)


def row_traces(matrix: Matrix, columns: Any, *, values: bool = True) -> Any:
    """A trace of each row of a CSR matrix: of the columns that have an entry, by their traces, and of the entries unless told not to."""
    entries = columns[matrix.indices]
    if values:
        entries = entries ^ mix(np.asarray(matrix.data, dtype=np.float64).view(np.uint64))
    return _sums(mix(entries), matrix.indptr)


def order_traces(matrix: Matrix, columns: Any) -> Any:
    """A trace of each row: of the columns that have an entry, in the order of the entries, largest first, ties by column."""
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    order = np.lexsort((matrix.indices, -matrix.data, rows))
    place = (np.arange(len(rows)) - matrix.indptr[rows]).astype(np.uint64)
    return _sums(mix(columns[matrix.indices[order]] ^ mix(place + np.uint64(1))), matrix.indptr)


def _sums(values: Any, indptr: Any) -> Any:
    total = np.concatenate((np.zeros(1, dtype=np.uint64), np.cumsum(values, dtype=np.uint64)))
    return total[indptr[1:]] - total[indptr[:-1]]
