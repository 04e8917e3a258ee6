"""The time split: rank an old version of a site, and see where the links come that its authors added later."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from kgraph.config import Config
from kgraph.errors import SourceError
from kgraph.evaluate.choosing import ALL, chosen
from kgraph.evaluate.experiment import Evaluation, KindResult, Progress, Tally
from kgraph.evaluate.hide import HideKind, Pair, eligible_pairs
from kgraph.ingest.stage import ingest
from kgraph.model.corpus import Corpus
from kgraph.model.twins import twins
from kgraph.revisions import unpack_revision

__all__ = ["added_pairs", "evaluate_versions"]


def evaluate_versions(
    source: Path,
    before: str,
    after: str,
    config: Config,
    kinds: Sequence[HideKind],
    *,
    baselines: Sequence[str] = (ALL,),
    ablation: bool = False,
    learn: bool = False,
    jobs: int = 1,
    progress: Progress | None = None,
) -> Evaluation:
    """Rank ``before`` by every method, and measure where the pairs come that only ``after`` joins.

    Args:
        source: Folder whose repository knows the revisions.
        before: Folder, or revision of git, of the older version.
        after: The same of the newer one.
        config: Settings.
        kinds: Which added pairs.
        baselines: What to compare with, by name; see :func:`~kgraph.evaluate.choosing.chosen`.
        ablation: Whether to measure the fusion without each signal in turn as well.
        learn: Whether to measure the learned fusion as well.
        jobs: Processes that parse.
        progress: Called with what is done, how much of it, and how much there is.

    Raises:
        ConfigError: a baseline is unknown or not installed.
        SourceError: a version is neither a folder nor a revision, or nothing was added between pages that both versions have.

    """
    compared = chosen(baselines, config)
    with tempfile.TemporaryDirectory() as scratch:
        old, _, _ = ingest(_version(source, before, Path(scratch, "before")), config, jobs=jobs, progress=progress)
        new, _, _ = ingest(_version(source, after, Path(scratch, "after")), config, jobs=jobs, progress=progress)
    results: list[KindResult] = []
    skipped: list[str] = []
    same = twins(old)
    for kind in kinds:
        pairs = added_pairs(old, new, kind)
        if not pairs:
            skipped.append(f"{kind}: none was added between pages that both versions have, skipped")
            continue
        tally = Tally(compared)
        tally.judge(old, pairs, same, config, 0, ablation=ablation, learn=learn)
        results.append(tally.result(kind, len(eligible_pairs(new, kind))))
    if not results:
        raise SourceError(f"{before} and {after}: nothing was added between pages that both have: give versions that lie further apart")
    return Evaluation(0.0, (0,), len(old.entities), tuple(results), tuple(skipped))


def added_pairs(old: Corpus, new: Corpus, kind: HideKind) -> list[Pair]:
    """Pairs that ``new`` joins, of entities that ``old`` has and doesn't join in either direction; sorted."""
    joined = {(link.source, link.target) for link in old.links} | {(item.source, item.target) for item in old.relations}
    same = twins(old)
    near = {(one, other) for source, target in joined if target for one in same[source] for other in same[target]}
    return [
        pair for pair in eligible_pairs(new, kind)
        if pair[0] in old.entities and pair[1] in old.entities and pair[1] not in same[pair[0]]
        and pair not in near and (pair[1], pair[0]) not in near
    ]  # fmt: skip


def _version(source: Path, name: str, folder: Path) -> Path:
    """The folder ``name``, or what git has under that revision of the folder ``source``, unpacked into ``folder``."""
    return Path(name) if Path(name).is_dir() else unpack_revision(source, name, folder)
