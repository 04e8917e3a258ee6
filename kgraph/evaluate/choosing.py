"""Which baselines an experiment measures: by name, or all that can be run here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from kgraph.config import Config
from kgraph.errors import ConfigError
from kgraph.evaluate.baselines import BASELINES, embedding
from kgraph.evaluate.sentences import MINILM, installed_model, load_minilm
from kgraph.rank.evidence import Evidence, Matrix

__all__ = ["ALL", "Baseline", "chosen"]

Baseline: TypeAlias = Callable[[Evidence], Matrix]
ALL = "all"
"""Name that stands for all baselines that can be run here."""
_EMBEDDING = "embedding"


def chosen(names: Sequence[str], config: Config) -> dict[str, Baseline]:
    """Baselines by name, in the order of reports.

    Args:
        names: Names; :data:`ALL` stands for those of :data:`~kgraph.evaluate.baselines.BASELINES`, ``embedding`` where the configuration
            names a model, and ``minilm`` where that model is installed.
        config: Settings.

    Raises:
        ConfigError: there is no baseline of a name, or what it needs is missing.

    """
    known = (*BASELINES, _EMBEDDING, MINILM)
    for name in names:
        if name != ALL and name not in known:
            raise ConfigError(f"baseline {name}: there is none of that name: give {ALL}, or some of {', '.join(known)}")
    wanted = set(names) - {ALL}
    if _EMBEDDING in wanted and not config.ranking.embeddings:
        raise ConfigError(f'baseline {_EMBEDDING}: needs a model: set embeddings = "FOLDER" under [ranking]')
    if ALL in names:
        wanted |= set(BASELINES)
        wanted |= {_EMBEDDING} if config.ranking.embeddings else set()
        wanted |= {MINILM} if installed_model() else set()
    found: dict[str, Baseline] = {name: baseline for name, baseline in BASELINES.items() if name in wanted}
    if _EMBEDDING in wanted:
        found[_EMBEDDING] = embedding
    if MINILM in wanted:
        found[MINILM] = load_minilm()
    return found
