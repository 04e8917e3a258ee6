"""The ranking stage: a corpus in, rankings out."""

from __future__ import annotations

from itertools import chain
from typing import Any

import msgspec
import numpy as np

from kgraph.config import Config
from kgraph.model.corpus import Corpus
from kgraph.parallel import Pool, release_memory, share_out
from kgraph.rank.embeddings import check_model
from kgraph.rank.evidence import Evidence
from kgraph.rank.explain import Explainer
from kgraph.rank.fusion import Fused, fuse
from kgraph.rank.learning.features import feature_names
from kgraph.rank.learning.hiding import Kind, hide_within
from kgraph.rank.learning.model import reordered
from kgraph.rank.learning.train import Part, learn_from
from kgraph.rank.rankings import Learned, PackedLists, ScoreTable
from kgraph.rank.recall import ListMemory
from kgraph.rank.select import select
from kgraph.rank.signals import OPTIONAL, SIGNALS, WITHOUT_TEXTS, Signal, load_signals
from kgraph.rank.sparse import SMALL
from kgraph.rank.texts import Texts

__all__ = ["explainer", "learn", "rank", "reads_documents", "score_table"]

_KINDS: tuple[Kind, ...] = ("links", "relations")
_HIDDEN = 0.3
"""Share of the links, and of the curated relations, that is hidden in turn to learn from."""
_MASKED = 0.2
"""Share of the hidden pairs that lose their mentions, so that what is learned is more than "named means linked"."""
_INDEX_DAMPING = 0.75
"""Factor for pages that list other pages: they fit everything a little."""
_LISTED, _MANY_LINKS = 0.25, 40
"""Share of the pages that a page must link to, and how many at the least, to count as a list of pages."""
_AT_ONCE = 32
"""Entities whose reasons are one task, at the least."""
_MOST_TASKS = 1_000
_LARGEST_TABLE = 20_000_000
"""Entries of the long ranking at the most; every entity keeps at least 100."""


def rank(
    corpus: Corpus,
    config: Config,
    *,
    jobs: int = 1,
    learned: Learned | None = None,
    texts: Texts | None = None,
    pool: Pool | None = None,
    memory: ListMemory | None = None,
) -> tuple[PackedLists, tuple[str, ...], ScoreTable]:
    """Rank, for every entity, all others: the list of each with reasons, the signals in force, and the long ranking.

    Deterministic: the same corpus and configuration give the same numbers to the last digit kept (six), whatever ``jobs``, the
    number of processes that multiply large matrices and write the reasons. ``learned`` is what :func:`learn` gave, when the configuration
    asks for it, ``texts`` what was made of the texts before, ``memory`` the lists of the build before; the workers of ``pool`` multiply the
    matrices where one is given.
    """
    make = explainer(corpus, config, learned, jobs=jobs, texts=texts, pool=pool)
    table = score_table(make.evidence, make.fused)
    entities, alike = corpus.entities, make.evidence.copies
    memory = memory or ListMemory()

    def lists_of(some: list[str]) -> list[tuple[bytes, bytes]]:
        return [make.packed(name, select(table.candidates(name), entities, entities[name], config.lists, alike), memory) for name in some]

    ids = list(corpus.entities)
    at_once = max(_AT_ONCE, len(ids) // _MOST_TASKS)
    if len(ids) > SMALL:
        release_memory()
    tasks = [ids[place : place + at_once] for place in range(0, len(ids), at_once)]
    decoder = msgspec.msgpack.Decoder(list[tuple[bytes, bytes]])
    made = share_out(lists_of, tasks, jobs=jobs, pack=msgspec.msgpack.encode, unpack=lambda _, packed: decoder.decode(packed))
    lists = dict(zip(ids, chain.from_iterable(made), strict=True))
    memory.kept.update({name: keys for name, (_, keys) in lists.items()})
    return PackedLists({name: items for name, (items, _) in lists.items()}), make.fused.names, table


def explainer(
    corpus: Corpus, config: Config, learned: Learned | None = None, *, jobs: int = 1, texts: Texts | None = None, pool: Pool | None = None
) -> Explainer:  # fmt: skip
    """Signals computed and fused, ready to make lists and reasons; fused as learned where that won, and anew where nothing was given."""
    weights, signals = _in_force(config)
    if learned is None and config.ranking.learn:
        learned = learn(corpus, config)
    evidence = Evidence(corpus, config.relation_vocabulary(), jobs=pool or jobs, texts=texts, model=config.ranking.embeddings)
    scores = ((signal.name, signal.scores(evidence)) for signal in sorted(signals, key=lambda signal: signal.name not in WITHOUT_TEXTS))
    fused = fuse(evidence.size, scores, weights, _damping(evidence), jobs=jobs, order=[signal.name for signal in signals])
    if learned and learned.used and learned.features == feature_names(fused.names):
        fused = reordered(evidence, fused, learned.forests)
    return Explainer(evidence, signals, fused, most=config.lists.reasons)


def learn(corpus: Corpus, config: Config) -> Learned:
    """Learn from links of the site itself what its authors join, and whether an order by that beats the default; deterministic."""
    weights, signals = _in_force(config)
    parts = []
    for kind in _KINDS:
        hidden = hide_within(corpus, kind, share=_HIDDEN, masked=_MASKED)
        if hidden.pairs:
            evidence = Evidence(hidden.rest, config.relation_vocabulary(), model=config.ranking.embeddings)
            scores = ((signal.name, signal.scores(evidence)) for signal in signals)
            parts.append(Part(kind, hidden, evidence, fuse(evidence.size, scores, weights, _damping(evidence))))
    return learn_from(parts)


def reads_documents(config: Config) -> bool:
    """Whether the ranking looks at the text of documents once :class:`Texts` are made: to learn, and for signals of third parties."""
    return config.ranking.learn or any(signal.name not in SIGNALS for signal in load_signals())


def _in_force(config: Config) -> tuple[dict[str, float], list[Signal]]:
    """The weights, and the signals that have one."""
    weights: dict[str, float] = msgspec.structs.asdict(config.signals)
    signals = load_signals()
    if config.ranking.embeddings and weights["embedding"] > 0:
        check_model(config.ranking.embeddings)
        signals += load_signals(OPTIONAL)
    return weights, [signal for signal in signals if weights.get(signal.name, 1.0) > 0]


def _damping(evidence: Evidence) -> Any:
    """Factor for each entity as a target: less for pages that list other pages, by their type or as they link to a quarter of the site."""
    index = np.array([entity.type == "index" for entity in evidence.corpus.entities.values()], dtype=bool)
    listing = evidence.outdegree >= max(_MANY_LINKS, _LISTED * len(evidence.corpus.pages))
    return np.where(index | listing, _INDEX_DAMPING, 1.0)


class _Variants:
    """Translations and versions, which never fill each other's lists."""

    def __init__(self, corpus: Corpus) -> None:
        entities = list(corpus.entities.values())
        self.any = any(entity.variant_of for entity in entities)
        if not self.any:
            return
        works = {entity.variant_of for entity in entities if entity.variant_of}
        numbers = {work: place for place, work in enumerate(sorted(works))}
        editions = {pair: place for place, pair in enumerate(sorted({(entity.language, entity.version) for entity in entities}))}
        self.work = np.array([numbers.get(entity.variant_of or entity.id, -1) for entity in entities])
        self.edition = np.array([editions[entity.language, entity.version] for entity in entities])
        self.main = np.array([entity.variant_of is None for entity in entities])
        self.has = np.zeros((len(numbers), len(editions)), dtype=bool)
        grouped = self.work >= 0
        self.has[self.work[grouped], self.edition[grouped]] = True

    def free(self, row: int, columns: Any) -> Any:
        """Which of the candidates may stand in the list: of each other work one variant, that of the row's own edition if there is one."""
        if not self.any:
            return np.ones(len(columns), dtype=bool)
        works = self.work[columns]
        grouped = works >= 0
        same = grouped & (works == self.work[row])
        here = self.edition[columns] == self.edition[row]
        stands = np.where(self.has[works, self.edition[row]], here, self.main[columns])
        return ~same & (~grouped | stands)


def score_table(evidence: Evidence, fused: Fused) -> ScoreTable:
    """The long ranking: all candidates of every entity up to a bound on the whole, best first, ties by id.

    Scores are rounded to six digits before they are compared, so that the order never hangs on the last bit.
    """
    size = evidence.size
    keep = max(100, _LARGEST_TABLE // max(size, 1))
    indptr = np.zeros(size + 1, dtype=np.int64)
    indices: list[Any] = []
    scores: list[Any] = []
    total = fused.total
    barred = _Variants(evidence.corpus)
    for row in range(size):
        columns = total.indices[total.indptr[row] : total.indptr[row + 1]]
        values = np.round(fused.score(total.data[total.indptr[row] : total.indptr[row + 1]]), 6)
        kept = (values > 0) & (columns != row) & barred.free(row, columns)
        columns, values = columns[kept], values[kept]
        order = np.lexsort((columns, -values))[:keep]
        indices.append(columns[order].astype(np.int32))
        scores.append(values[order].astype(np.float64))
        indptr[row + 1] = indptr[row] + len(order)
    joined = (np.concatenate(indices), np.concatenate(scores)) if indices else (np.zeros(0, np.int32), np.zeros(0))
    return ScoreTable(evidence.ids, indptr, *joined)
