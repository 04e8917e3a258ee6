"""A shorter start: ``scipy.sparse`` imported without the parts of NumPy that it has no need of."""

from __future__ import annotations

import sys

__all__ = ["import_scipy_sparse"]


def import_scipy_sparse() -> None:
    """Import ``scipy.sparse``, if nothing has yet, without the modules of NumPy that are made on demand, such as ``f2py`` and ``testing``.

    SciPy copies the namespace of NumPy for the array API, and so imports every module that NumPy would else load when it is first used:
    half of the time that its own import takes. For that moment NumPy names only what it holds; afterwards both are whole.
    """
    if "scipy.sparse" in sys.modules:
        return
    import numpy as np

    names = vars(np)
    whole = {name: names[name] for name in ("__all__", "__dir__")}
    held = list(names)
    try:
        names.update(__all__=[name for name in whole["__all__"] if name in held], __dir__=lambda: held)
        import scipy.sparse  # noqa: F401 - for later importers
    finally:
        names.update(whole)
