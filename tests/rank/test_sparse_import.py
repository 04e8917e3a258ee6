"""The shorter import of scipy.sparse, in a Python of its own: it leaves NumPy whole and loads nothing on demand."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

_PROGRAM = """
import json, sys
import numpy as np
names, listed = sorted(np.__all__), sorted(dir(np))
{first}
from kgraph.sparseimport import import_scipy_sparse
import_scipy_sparse()
loaded = [name for name in ("numpy.f2py", "numpy.testing") if name in sys.modules]
import scipy.sparse as sp
print(json.dumps({{
    "whole": names == sorted(np.__all__) and listed == sorted(dir(np)), "loaded": loaded,
    "works": (sp.csr_array(np.eye(3)) @ np.ones(3)).tolist(), "later": np.testing.__name__,
}}))
"""


def _told(first: str = "") -> dict[str, Any]:
    run = subprocess.run([sys.executable, "-c", _PROGRAM.format(first=first)], check=True, capture_output=True, text=True)
    told: dict[str, Any] = json.loads(run.stdout)
    return told


def test_loads_no_part_of_numpy_on_demand_and_leaves_its_names_whole() -> None:
    assert _told() == {"whole": True, "loaded": [], "works": [1.0, 1.0, 1.0], "later": "numpy.testing"}


@pytest.mark.parametrize("first", ["import scipy.sparse", "import numpy.testing"])
def test_changes_nothing_where_others_were_first(first: str) -> None:
    told = _told(first)
    assert told["whole"]
    assert told["works"] == [1.0, 1.0, 1.0]
