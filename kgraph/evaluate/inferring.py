"""The experiment on types: hide a share of the declared ones, infer them from the rest, and see how many come back."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence

import msgspec
from msgspec import Struct, structs

from kgraph.config import Config
from kgraph.errors import ConfigError, SourceError
from kgraph.ingest.inference import infer_types
from kgraph.model.corpus import Corpus
from kgraph.model.types import DEFAULT_TYPE

__all__ = ["TypeEvaluation", "TypeResult", "evaluate_types", "types_as_json", "types_as_table"]

_STATED = ("front matter", "catalog")


class TypeResult(Struct, frozen=True):
    """How well one type comes back, over all seeds."""

    type: str
    hidden: int
    right: int
    """Hidden ones that were inferred to be of it."""
    given: int
    """Hidden entities that were inferred to be of it, rightly or not."""


class TypeEvaluation(Struct, frozen=True):
    """Results of the experiment."""

    share: float
    seeds: tuple[int, ...]
    declared: int
    """Entities whose type an author declared."""
    hidden: int
    """Hidden types, over all seeds."""
    accuracy: float
    """Part of the hidden types that came back."""
    answered: float
    """Part of the hidden types for which a type was inferred at all."""
    majority: float
    """Accuracy of naming the most frequent type each time."""
    types: tuple[TypeResult, ...]


def evaluate_types(corpus: Corpus, config: Config, root: str, share: float, seeds: Sequence[int]) -> TypeEvaluation:
    """Hide ``share`` of the declared types for each seed and infer them.

    Args:
        corpus: What was ingested.
        config: Settings.
        root: Folder that the pages start from.
        share: Above 0 and below 1.
        seeds: Seeds of the draws.

    Raises:
        ConfigError: the share is out of range, or there is no seed.
        SourceError: fewer than ten entities have a declared type.

    """
    if not 0 < share < 1 or not seeds:
        raise ConfigError(f"the share must lie between 0 and 1 and there must be a seed: {share:g} and {len(seeds)} seeds given")
    declared = sorted(key for key, entity in corpus.entities.items() if entity.type_origin in _STATED and entity.type != "index")
    if len(declared) < 10:
        raise SourceError(f"{len(declared)} entities have a declared type: an experiment needs ten")
    frequent = Counter(corpus.entities[key].type for key in declared).most_common(1)[0][0]
    hidden_of, right_of, given_of = Counter[str](), Counter[str](), Counter[str]()
    for seed in seeds:
        hidden = frozenset(random.Random(seed).sample(declared, max(1, round(share * len(declared)))))  # noqa: S311 - a draw that can be repeated
        entities = {
            key: entity if entity.type_origin in _STATED and key not in hidden
            else structs.replace(entity, type=DEFAULT_TYPE, type_origin="default", declared_types=())
            for key, entity in corpus.entities.items()
        }  # fmt: skip
        found = infer_types(entities, corpus.documents, corpus.links, corpus.relations, root, config.type_vocabulary())
        for key in hidden:
            kind, told = corpus.entities[key].type, found[key].type if key in found else ""
            hidden_of[kind] += 1
            right_of[kind] += kind == told
            given_of[told] += 1
    total = hidden_of.total()
    types = tuple(
        TypeResult(kind, count, right_of[kind], given_of[kind]) for kind, count in sorted(hidden_of.items(), key=lambda i: (-i[1], i[0]))
    )
    return TypeEvaluation(
        share, tuple(seeds), len(declared), total, right_of.total() / total, 1 - given_of[""] / total, hidden_of[frequent] / total, types
    )  # fmt: skip


def types_as_json(found: TypeEvaluation) -> str:
    """The evaluation as indented JSON, with the keys of the structs."""
    return msgspec.json.format(msgspec.json.encode(found), indent=1).decode() + "\n"


def types_as_table(found: TypeEvaluation) -> str:
    """One line a type, with recall and precision."""
    from kgraph.tabular import text_table

    head = (
        f"types: {found.declared:,} declared, {found.share:.0%} hidden with {len(found.seeds)} seeds: {found.hidden:,}; "
        f"accuracy {found.accuracy:.3f}, answered {found.answered:.3f}; the most frequent type each time {found.majority:.3f}\n"
    )
    rows = [
        [item.type, str(item.hidden), f"{item.right / item.hidden:.2f}", f"{item.right / item.given:.2f}" if item.given else ""]
        for item in found.types
    ]
    return head + text_table(["type", "hidden", "recall", "precision"], rows)
