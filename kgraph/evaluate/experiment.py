"""The experiment: hide links, rank without them, see where they come back, for the fusion and for each baseline."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct

from kgraph.config import Config
from kgraph.errors import ConfigError, SourceError
from kgraph.evaluate.choosing import ALL, Baseline, chosen
from kgraph.evaluate.hide import HideKind, Pair, choose_pairs, eligible_pairs, hide_pairs, pinned, surviving
from kgraph.evaluate.judge import METRICS, Query, judge, make_queries
from kgraph.evaluate.metrics import Estimate, bootstrap_interval, paired_difference
from kgraph.ingest.discover import SourceTree
from kgraph.ingest.load import LoadedFiles
from kgraph.ingest.stage import build_corpus, ingest
from kgraph.model.corpus import Corpus
from kgraph.model.twins import twins
from kgraph.rank.evidence import Evidence, Matrix
from kgraph.rank.fusion import Fused
from kgraph.rank.signals import load_signals
from kgraph.rank.stage import explainer
from kgraph.rank.stage import learn as learn_weights

__all__ = ["FUSED", "KINDS", "LEARNED", "Evaluation", "KindResult", "MethodResult", "Tally", "evaluate"]

KINDS: tuple[HideKind, ...] = ("relations", "links")
FUSED = "kgraph"
"""Name of the fused ranking, as it is by default, among the methods."""
LEARNED = "kgraph --learn"
"""Name of the ranking that is fused as learned where that wins on held-out pages, and by default otherwise."""
Progress = Callable[[str, int, int], None]


class MethodResult(Struct, frozen=True):
    """How well one method brings hidden targets back."""

    name: str
    metrics: dict[str, Estimate]
    """Mean over the rankings, by name of the measure; one that no ranking has is left out."""
    difference: dict[str, Estimate]
    """This method minus the fused ranking over the same rankings; empty for the fused one itself."""
    seconds: float | None
    """Time to score all pairs, from a corpus on, mean over the seeds; of an ablation, that of the signal left out, which finds what
    the signals before it share."""


class KindResult(Struct, frozen=True):
    """Results for one kind of links."""

    kind: str
    pairs: int
    """Ordered pairs that authors joined."""
    hidden: int
    """Hidden pairs that were judged, over all seeds."""
    kept: int
    """Chosen pairs that could not be hidden whole, and so were not judged."""
    rankings: int
    """Sources judged, over all seeds."""
    sources: int
    """Distinct sources judged: the units of the bootstrap."""
    named: int
    """Hidden pairs whose source still names the target in its text."""
    unnamed: int
    methods: tuple[MethodResult, ...]
    learned: tuple[str, ...] = ()
    """For each seed whether the learned ranking was used, and why; empty when nothing was learned."""


class Evaluation(Struct, frozen=True):
    """Results of one experiment."""

    share: float
    seeds: tuple[int, ...]
    entities: int
    kinds: tuple[KindResult, ...]
    skipped: tuple[str, ...]
    """Kinds that the site has no pair of."""


class Tally:
    """Measures of all rankings of one kind, as they come in."""

    def __init__(self, baselines: Mapping[str, Baseline]) -> None:
        self.baselines = baselines
        self.values: dict[str, list[dict[str, float]]] = defaultdict(list)
        self.groups: list[str] = []
        self.seconds: dict[str, list[float]] = defaultdict(list)
        self.kept = self.named = self.unnamed = 0
        self.learned: list[str] = []

    def judge(
        self, rest: Corpus, pairs: Sequence[Pair], same: Mapping[str, frozenset[str]], config: Config, seed: int,
        *, ablation: bool, learn: bool,
    ) -> None:  # fmt: skip
        """Rank what is ``rest`` by every method, and see where the ``pairs`` come back."""
        evidence = Evidence(rest)
        queries = make_queries(evidence, pairs, same)
        lots = np.random.default_rng(seed).permutation(evidence.size)
        for name, scores, seconds in _methods(rest, config, self.baselines, ablation):
            self.add(evidence, queries, lots, name, scores, seconds)
        if learn:
            started = time.perf_counter()
            found = learn_weights(rest, config)
            fused = explainer(rest, config, found).fused
            self.add(evidence, queries, lots, LEARNED, fused.total, time.perf_counter() - started)
            self.learned.append(f"seed {seed}: {found.why}")

    def result(self, kind: str, pairs: int) -> KindResult:
        """What came out for one kind, of which authors joined ``pairs``."""
        order = [FUSED, *(name for name in (LEARNED,) if name in self.values)]
        methods = tuple(self.method(name) for name in (*order, *(name for name in self.values if name not in order)))
        hidden = self.named + self.unnamed
        return KindResult(
            kind, pairs, hidden, self.kept, len(self.groups), len(set(self.groups)), self.named, self.unnamed, methods, tuple(self.learned)
        )

    def add(self, evidence: Evidence, queries: Sequence[Query], lots: Any, name: str, scores: Matrix, seconds: float | None) -> None:
        """Judge one method."""
        self.values[name] += [judge(scores, query, lots) for query in queries]
        if seconds is not None:
            self.seconds[name].append(seconds)
        if name == FUSED:
            self.groups += [evidence.ids[query.source] for query in queries]
            self.named += sum(sum(query.named) for query in queries)
            self.unnamed += sum(len(query.named) - sum(query.named) for query in queries)

    def method(self, name: str) -> MethodResult:
        """Means and intervals of one method."""
        metrics: dict[str, Estimate] = {}
        difference: dict[str, Estimate] = {}
        for metric in METRICS:
            places = [place for place, found in enumerate(self.values[name]) if metric in found]
            if not places:
                continue
            values = [self.values[name][place][metric] for place in places]
            groups = [self.groups[place] for place in places]
            metrics[metric] = bootstrap_interval(values, groups)
            if name != FUSED:
                difference[metric] = paired_difference(values, [self.values[FUSED][place][metric] for place in places], groups)
        spent = self.seconds.get(name)
        return MethodResult(name, metrics, difference, round(sum(spent) / len(spent), 3) if spent else None)


def evaluate(
    source: Path,
    config: Config,
    kinds: Sequence[HideKind] = KINDS,
    share: float = 0.2,
    seeds: Sequence[int] = (0, 1, 2),
    *,
    baselines: Sequence[str] = (ALL,),
    ablation: bool = False,
    learn: bool = False,
    jobs: int = 1,
    progress: Progress | None = None,
) -> Evaluation:
    """Hide a share of the pairs that authors joined, rank without them, and measure where they come back.

    For each kind and seed, the corpus is built anew from the files without the hidden pairs. Every method ranks, for each
    source of a hidden pair, all entities that the source is not joined to in what is left. Pages, not pairs, are the
    units of the intervals. All but the times is the same for the same files, settings and seeds.

    Args:
        source: Folder, repository or file; nothing in it is changed.
        config: Settings; the weights of the signals are those under test.
        kinds: ``relations`` (curated entries) and ``links`` (links in the body of pages).
        share: Share of the pairs to hide, above 0 and below 1.
        seeds: One experiment each; their rankings are pooled.
        baselines: What to compare with, by name; see :func:`~kgraph.evaluate.choosing.chosen`.
        ablation: Whether to measure the fusion without each signal in turn as well. Signals of direct joins (``relation``,
            ``link``) show no difference: what they speak of is known, and so no candidate.
        learn: Whether to measure the learned fusion as well; it sees no more than the others.
        jobs: Processes that parse.
        progress: Called with what is done, how much of it, and how much there is.

    Raises:
        ConfigError: ``share``, ``seeds`` or ``kinds`` make no experiment, or a baseline is unknown or not installed.
        SourceError: there is no page, or nothing that could be hidden.

    """
    if not 0 < share < 1:
        raise ConfigError(f"share {share:g}: must be above 0 and below 1, as 0.2")
    if any(seed < 0 for seed in seeds):
        raise ConfigError(f"seed {min(seeds)}: must not be negative")
    if not seeds or not kinds:
        raise ConfigError("nothing to do: give at least one seed and one kind")
    seeds, kinds = tuple(dict.fromkeys(seeds)), tuple(dict.fromkeys(kinds))
    compared = chosen(baselines, config)
    corpus, loaded, tree = ingest(source, config, jobs=jobs, progress=progress)
    there = [kind for kind in kinds if eligible_pairs(corpus, kind)]
    if not there:
        raise SourceError(f"{source}: its pages hold no {' and no '.join(kinds)} to hide: give a site whose pages are joined")
    site = _Site(corpus, loaded, tree, config)
    results = tuple(_measure(site, compared, kind, share, seeds, ablation, learn, progress) for kind in there)
    skipped = tuple(f"{kind}: the pages hold none, skipped" for kind in kinds if kind not in there)
    return Evaluation(share, seeds, len(corpus.entities), results, skipped)


class _Site:
    """A site as it is, and as it is without some pairs."""

    def __init__(self, corpus: Corpus, loaded: LoadedFiles, tree: SourceTree, config: Config) -> None:
        self.corpus = corpus
        self.loaded = loaded
        self.tree = tree
        self.config = config
        self.same = twins(corpus)
        self.pinned = pinned(config, corpus)

    def without(self, pairs: Sequence[Pair]) -> Corpus:
        return build_corpus(self.tree, hide_pairs(self.loaded, self.corpus, pairs), self.pinned)


def _measure(
    site: _Site, baselines: Mapping[str, Baseline], kind: HideKind, share: float, seeds: Sequence[int], ablation: bool, learn: bool,
    progress: Progress | None,
) -> KindResult:  # fmt: skip
    tally = Tally(baselines)
    for done, seed in enumerate(seeds):
        if progress:
            progress(f"hiding {kind}, seed {seed}", done, len(seeds))
        pairs = choose_pairs(site.corpus, kind, share=share, seed=seed)
        rest = site.without(pairs)
        left = surviving(rest, pairs)
        tally.kept += len(left)
        tally.judge(rest, [pair for pair in pairs if pair not in left], site.same, site.config, seed, ablation=ablation, learn=learn)
    return tally.result(kind, len(eligible_pairs(site.corpus, kind)))


def _methods(
    corpus: Corpus, config: Config, baselines: Mapping[str, Baseline], ablation: bool
) -> Iterator[tuple[str, Matrix, float | None]]:  # fmt: skip
    """Name, scores and seconds of each method; each one starts from the corpus, so that the times compare.

    Only sentence embeddings keep what they made of a text, for the seeds after the first.
    """
    started = time.perf_counter()
    fused = explainer(corpus, config).fused
    yield FUSED, fused.total, time.perf_counter() - started
    for name, baseline in baselines.items():
        started = time.perf_counter()
        scores = baseline(Evidence(corpus, model=config.ranking.embeddings))
        yield name, scores, time.perf_counter() - started
    if ablation:
        spent = _seconds(corpus, config)
        yield from ((f"{FUSED} without {name}", scores, spent.get(name)) for name, scores in _ablations(fused).items())


def _seconds(corpus: Corpus, config: Config) -> dict[str, float]:
    """Time of each signal, in the order of a build: one finds made what those before it share with it."""
    evidence, spent = Evidence(corpus, config.relation_vocabulary()), {}
    for signal in load_signals():
        started = time.perf_counter()
        signal.scores(evidence)
        spent[signal.name] = time.perf_counter() - started
    return spent


def _ablations(fused: Fused) -> Mapping[str, Matrix]:
    """The fusion without each signal in turn: the sum of the other contributions."""
    parts = dict(zip(fused.names, fused.contributions, strict=True))
    if len(parts) < 2:
        return {}
    return {left_out: sum(part for name, part in parts.items() if name != left_out) for left_out in parts}
