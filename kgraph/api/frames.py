"""DataFrames whose columns have the same types whatever the rows hold, also when there are none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["frame"]


def frame(columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> pd.DataFrame:
    """A DataFrame of rows.

    Args:
        columns: Type of each column by name: ``string``, ``Int64``, ``float64`` or ``boolean``; None is missing in any of them.
        rows: As many values each as there are columns.

    >>> frame({"id": "string", "n": "Int64"}, []).dtypes.astype(str).tolist()
    ['string', 'Int64']

    """
    import pandas as pd

    found = list(rows)
    return pd.DataFrame({name: pd.Series([row[place] for row in found], dtype=kind) for place, (name, kind) in enumerate(columns.items())})
