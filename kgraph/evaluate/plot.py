"""The results of an experiment as a picture: nDCG@10 of each method with its interval."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from kgraph.errors import ConfigError
from kgraph.evaluate.experiment import FUSED, LEARNED, Evaluation

__all__ = ["check_plot", "draw"]

_SUFFIXES = (".png", ".svg", ".pdf")
_METRIC = "ndcg_10"
_METADATA = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}


def check_plot(path: Path) -> None:
    """Say what is wrong before the work begins.

    Raises:
        ConfigError: the suffix is unknown, or matplotlib is not installed.

    """
    if path.suffix.lower() not in _SUFFIXES:
        raise ConfigError(f"{path}: a plot is written to a file that ends in {', '.join(_SUFFIXES)}")
    if find_spec("matplotlib") is None:
        raise ConfigError("--plot needs matplotlib: install kgraph-wiki[plot]")


def draw(evaluation: Evaluation, path: Path) -> None:
    """Write one panel a kind; the same bytes for the same results."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context({"svg.hashsalt": "kgraph", "svg.fonttype": "none"}):
        most = max(len(kind.methods) for kind in evaluation.kinds)
        figure = Figure(figsize=(5.5 * len(evaluation.kinds), 1.2 + 0.28 * most), layout="constrained")
        for place, kind in enumerate(evaluation.kinds, 1):
            panel = figure.add_subplot(1, len(evaluation.kinds), place)
            methods = [method for method in kind.methods if _METRIC in method.metrics]
            estimates = [method.metrics[_METRIC] for method in methods]
            means = [estimate.mean for estimate in estimates]
            errors = [[e.mean - e.low for e in estimates], [e.high - e.mean for e in estimates]]
            colours = ["#1f5fa8" if method.name in (FUSED, LEARNED) else "#9aa5b1" for method in methods]
            panel.barh(range(len(methods)), means, xerr=errors, color=colours, ecolor="#333333", capsize=2)
            panel.set_yticks(range(len(methods)), [method.name for method in methods])
            panel.invert_yaxis()
            panel.set_xlim(0.0, 1.0)
            panel.set_xlabel("nDCG@10, 95 % interval")
            panel.set_title(f"{kind.kind}: {kind.hidden:,} to find")
        try:
            figure.savefig(path, metadata=_METADATA.get(path.suffix.lower()))
        except OSError as error:
            raise ConfigError(f"{path}: cannot be written ({error.strerror}): give another file") from None
