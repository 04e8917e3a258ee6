"""Terms that two texts share: what is found in arrays is what one finds pair by pair."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp

from kgraph.rank.signals.common import SharedColumns
from kgraph.rank.signals.text import Leading

LIMIT = 4


def rows_of(seed: int) -> Any:
    """Texts by terms: many entries are equal, some rows are empty."""
    draw = np.random.default_rng(seed)
    dense = np.round(draw.random((30, 40)), 1) * (draw.random((30, 40)) < 0.3)
    dense[[0, 7]] = 0.0
    return sp.csr_array(dense)


def shared(matrix: Any, source: int, target: int) -> list[int]:
    """Terms of both rows, the largest product first, ties by term."""
    first, second = matrix.toarray()[[source, target]]
    products = sorted(
        (-round(one * other, 9), term) for term, (one, other) in enumerate(zip(first, second, strict=True)) if one * other > 0
    )
    return [term for _, term in products[:LIMIT]]


@pytest.mark.parametrize("seed", range(4))
def test_terms_that_two_texts_share_are_the_same_for_many_targets_as_for_each(seed: int) -> None:
    matrix = rows_of(seed)
    leading, columns = Leading(matrix), SharedColumns(matrix)
    for source in range(30):
        targets = np.random.default_rng(source).permutation(30)[:11]
        expected = [shared(matrix, source, target) for target in targets.tolist()]
        assert leading.find(source, targets) == expected
        assert [columns.find(source, target, limit=LIMIT) for target in targets.tolist()] == expected
    assert leading.find(3, np.zeros(0, dtype=np.int64)) == []
