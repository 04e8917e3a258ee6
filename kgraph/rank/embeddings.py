"""Embeddings: texts as vectors whose nearness is nearness of meaning, by a model of static embeddings (extra ``embeddings``).

A text is the sum of the vectors of its terms, weighted by TF-IDF, without what all texts of the site have in common, as in smooth inverse
frequency (Arora, Liang and Ma 2017, A simple but tough-to-beat baseline for sentence embeddings); the vectors are distilled from a sentence
transformer (Model2Vec). So it costs what the terms of the site cost, not what its pages do, and an edit of one page moves others little.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from kgraph.errors import ConfigError
from kgraph.rank.texts import Texts

__all__ = ["check_model", "embed"]

_FILES = ("config.json", "model.safetensors", "tokenizer.json")
_KEY = "ranking.embeddings"
_DIGITS = 4


def check_model(model: str) -> None:
    """Say what is wrong with the model of this folder before the work begins.

    Raises:
        ConfigError: the library is not installed, or the folder holds no model.

    """
    if find_spec("model2vec") is None:
        raise ConfigError(f'{_KEY} = "{model}": needs model2vec: install kgraph-wiki[embeddings]')
    folder = Path(model).expanduser()
    missing = [name for name in _FILES if not (folder / name).is_file()]
    if missing:
        raise ConfigError(f'{_KEY} = "{model}": there is no {folder / missing[0]}: give the folder of a Model2Vec model')


def embed(model: str, texts: Texts) -> Any:
    """One vector for each entity, of length 1, or 0 where the model knows none of its terms: an array of n by the size of the model."""
    vectors, terms = texts.vectors
    words = _of_terms(model, terms)
    found = np.asarray(vectors @ words)
    found = _of_length_1(found)
    known = np.abs(found).sum(axis=1) > 0
    if known.sum() > 2:
        found[known] -= found[known].mean(axis=0).round(_DIGITS)
    return _of_length_1(found)


def _of_terms(model: str, terms: tuple[str, ...]) -> Any:
    check_model(model)
    from model2vec import StaticModel

    folder = Path(model).expanduser()
    try:
        loaded = StaticModel.from_pretrained(folder)
        words = np.asarray(loaded.encode(list(terms), use_multiprocessing=False), dtype=np.float64)
    except Exception as error:  # noqa: BLE001 - readers of tokenizers and weights raise bare exceptions
        told = (str(error).splitlines() or [type(error).__name__])[0]
        raise ConfigError(f'{_KEY} = "{model}": cannot be read ({told}): give the folder of a Model2Vec model') from None
    return _of_length_1(words.reshape(len(terms), -1))


def _of_length_1(rows: Any) -> Any:
    length = np.sqrt((rows * rows).sum(axis=1))
    return rows / np.where(length > 0, length, 1.0)[:, None]
