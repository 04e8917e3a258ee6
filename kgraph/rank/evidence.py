"""What the signals look at: a corpus as sparse matrices over its entities.

Rows and columns are entities, in the order of their ids. Entry (s, t) always speaks of the ordered pair from source s to
target t.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from functools import cached_property, wraps
from typing import Any, TypeVar

import numpy as np
import scipy.sparse as sp

from kgraph.model.corpus import Corpus, Link, Mention, Relation
from kgraph.model.mixing import mix
from kgraph.model.relations import RelationVocabulary
from kgraph.parallel import Jobs
from kgraph.rank.sparse import Matrix, is_small, product, top_k_rows, two_digits, zero_diagonal
from kgraph.rank.texts import Texts
from kgraph.rank.traces import value_traces

__all__ = ["NEAREST_TEXTS", "Evidence", "Matrix", "kept"]

Made = TypeVar("Made")

_POSITION_WEIGHT = {"lead": 1.5, "body": 1.0, "list": 1.0, "table": 0.9, "heading": 1.2, "footnote": 0.5, "none": 0.8}
NEAREST_TEXTS = 15
"""Texts that count as near."""
_COPIED, _LONG = 0.97, 50
WEAKLY = 100
"""Candidates of each row that weak hints count for on large sites."""


def kept(function: Callable[[Evidence], Made]) -> Callable[[Evidence], Made]:
    """A function of an :class:`Evidence` that is called once for each; what it gives lives as long as the evidence, and no longer."""

    @wraps(function)
    def once(evidence: Evidence) -> Made:
        if function not in evidence.kept:
            evidence.kept[function] = function(evidence)
        made: Made = evidence.kept[function]
        return made

    return once


class Evidence:
    """Matrices made from a corpus on first use, then kept; the corpus is frozen, so none goes stale."""

    def __init__(
        self, corpus: Corpus, vocabulary: RelationVocabulary | None = None, *, jobs: Jobs = 1, texts: Texts | None = None, model: str = ""
    ) -> None:  # fmt: skip
        """Index the entities of ``corpus``; ``vocabulary`` has the names of relations, the shipped ones when None.

        ``jobs`` processes at the most work on the matrices of large sites; ``texts`` is what was made of the texts before,
        ``model`` the folder of a model of embeddings.
        """
        self.jobs = jobs
        self.model = model
        self.corpus = corpus
        self.vocabulary = vocabulary or RelationVocabulary()
        self.texts = texts or Texts(corpus.entities, corpus.documents, jobs=jobs)
        self.ids: tuple[str, ...] = tuple(corpus.entities)
        self.index = {entity_id: place for place, entity_id in enumerate(self.ids)}
        self.size = len(self.ids)
        self.population = two_digits(self.size)
        """Number of entities that rarity is counted by."""
        self.titles = tuple(entity.title for entity in corpus.entities.values())
        self.kept: dict[Callable[[Evidence], Any], Any] = {}
        """What signals made of it, by function; see :func:`kept`."""

    @cached_property
    def shown(self) -> Any:
        """A trace of each entity as reasons name it, by id and title: array of n."""
        return value_traces(zip(self.ids, self.titles, strict=True))

    def shown_with(self, numbers: Any) -> Any:
        """The same, with a number that goes with each."""
        return self.shown ^ mix(np.asarray(numbers, dtype=np.float64).view(np.uint64))

    def square(self, weights: dict[tuple[int, int], float]) -> Matrix:
        """A square matrix from its entries."""
        return self.matrix(weights, (self.size, self.size))

    @staticmethod
    def matrix(weights: dict[tuple[int, int], float], shape: tuple[int, int]) -> Matrix:
        """A matrix from its entries."""
        if not weights:
            return sp.csr_array(shape, dtype=np.float64)
        keys = np.array(list(weights.keys()), dtype=np.int32)
        data = np.fromiter(weights.values(), dtype=np.float64, count=len(weights))
        return sp.csr_array((data, (keys[:, 0], keys[:, 1])), shape=shape)

    # -- links, relations, mentions ---------------------------------------------------------------

    @cached_property
    def links(self) -> dict[tuple[int, int], list[Link]]:
        """Links of each pair, self links and dead ones left out, in order of appearance."""
        found: dict[tuple[int, int], list[Link]] = defaultdict(list)
        for link in self.corpus.links:
            if link.target is not None and link.target != link.source:
                found[self.index[link.source], self.index[link.target]].append(link)
        return dict(found)

    @cached_property
    def relations(self) -> dict[tuple[int, int], list[Relation]]:
        """Curated relations of each pair, in the direction in which they are stated."""
        found: dict[tuple[int, int], list[Relation]] = defaultdict(list)
        for relation in self.corpus.relations:
            if relation.target is not None and relation.target != relation.source:
                found[self.index[relation.source], self.index[relation.target]].append(relation)
        return dict(found)

    @cached_property
    def mentions(self) -> dict[tuple[int, int], Mention]:
        """Mention of each pair."""
        return {(self.index[item.source], self.index[item.target]): item for item in self.corpus.mentions}

    @cached_property
    def adjacency(self) -> Matrix:
        """1 where the page of s links to t."""
        return self.square(dict.fromkeys(self.links, 1.0))

    @cached_property
    def link_strength(self) -> Matrix:
        """Links weighted by the best position on the page, more for repeated ones (1 + ln n)."""
        return self.square({
            pair: max(_POSITION_WEIGHT[link.position] for link in links) * (1.0 + math.log(len(links)))
            for pair, links in self.links.items()
        })  # fmt: skip

    @cached_property
    def relation_strength(self) -> Matrix:
        """1 for a pair that a curated relation joins, a little more for several."""
        return self.square({pair: 1.0 + 0.5 * math.log(len({r.name for r in found})) for pair, found in self.relations.items()})

    @cached_property
    def mention_matrix(self) -> Matrix:
        """1 where the page of s names t without a link."""
        return self.square(dict.fromkeys(self.mentions, 1.0))

    @cached_property
    def stated(self) -> Matrix:
        """1 where an author joined s to t, by a link or a curated relation."""
        return self.square(dict.fromkeys(sorted({*self.links, *self.relations}), 1.0))

    @cached_property
    def joined(self) -> Matrix:
        """1 where an author joined the two, in either direction."""
        return sp.csr_array((self.stated + self.stated.T) > 0).astype(np.float64)

    @cached_property
    def plausible(self) -> Matrix:
        """1 where the texts are alike, or a path of one or two joins leads from s to t: where a weak hint may count.

        On large sites a weak hint counts for the :data:`WEAKLY` most alike of each row only, and those joined in one step or two.
        """
        similar = self.similarity if is_small(self.size) else top_k_rows(self.similarity, WEAKLY)
        two = product(self.joined, self.joined, jobs=self.jobs)
        joined = self.joined + (two if is_small(self.size) else top_k_rows(two, WEAKLY))
        return zero_diagonal(sp.csr_array((similar + joined) > 0).astype(np.float64))

    @cached_property
    def indegree(self) -> Any:
        """Pages that link to each entity: array of n."""
        return np.asarray(self.adjacency.sum(axis=0)).ravel()

    @cached_property
    def outdegree(self) -> Any:
        """Entities that each page links to: array of n."""
        return np.asarray(self.adjacency.sum(axis=1)).ravel()

    @cached_property
    def link_rarity(self) -> Any:
        """ln(population / in-degree), the weight of an entity as something linked to in common: array of n, 0 where nobody links."""
        degree = self.indegree
        return np.maximum(np.where(degree > 0, np.log(max(self.population, 2) / np.maximum(degree, 1.0)), 0.0), 0.0)

    @cached_property
    def incidence(self) -> tuple[Matrix, Matrix, Matrix]:
        """Which entities are linked in each block, in each section, on each page: three matrices with entities as columns."""
        blocks: dict[tuple[str, int], int] = {}
        sections: dict[tuple[str, int], int] = {}
        parts: tuple[dict[tuple[int, int], float], ...] = ({}, {}, {})
        for (source, target), links in self.links.items():
            for link in links:
                block = blocks.setdefault((link.path, link.block if link.block >= 0 else -link.line), len(blocks))
                section = sections.setdefault((link.path, link.section), len(sections))
                parts[0][block, target] = 1.0
                parts[1][section, target] = 1.0
                parts[2][source, target] = 1.0
        sizes = (max(len(blocks), 1), max(len(sections), 1), self.size)
        first, second, third = (self.matrix(part, (rows, self.size)) for part, rows in zip(parts, sizes, strict=True))
        return first, second, third

    # -- tags and sources -------------------------------------------------------------------------

    @cached_property
    def tags(self) -> tuple[Matrix, tuple[str, ...]]:
        """Entities by tags, weighted by rarity ln(population / df), and the tags."""
        return self.by_rarity({self.index[entity.id]: entity.tags for entity in self.corpus.entities.values()})

    @cached_property
    def cited(self) -> tuple[Matrix, tuple[str, ...]]:
        """Entities by cited works and external addresses, weighted by rarity, and their names."""
        found: dict[int, set[str]] = defaultdict(set)
        for citation in self.corpus.citations:
            source = self.corpus.sources[citation.work]
            found[self.index[citation.source]].add(source.url or source.id)
        for path, addresses in self.corpus.external.items():
            found[self.index[self.corpus.pages[path].entity]].update(address.split("#")[0] for address, _ in addresses)
        return self.by_rarity({place: sorted(names) for place, names in found.items()})

    def by_rarity(self, names: dict[int, Sequence[str]]) -> tuple[Matrix, tuple[str, ...]]:
        """Entities by names, each entry ln(population / df); names of one entity only are left out."""
        frequency = Counter(name for found in names.values() for name in found)
        kept = {name: place for place, name in enumerate(sorted(name for name, count in frequency.items() if count > 1))}
        weights = {
            (row, kept[name]): max(math.log((self.population + 1) / frequency[name]), 0.0)
            for row, found in names.items()
            for name in found
            if name in kept
        }
        return self.matrix(weights, (self.size, max(len(kept), 1))), tuple(kept)

    # -- text ---------------------------------------------------------------------------------------

    @property
    def counts(self) -> tuple[Matrix, tuple[str, ...]]:
        """How often each term stands in the text of each entity, and the terms; see :attr:`Texts.counts`."""
        return self.texts.counts

    @property
    def text(self) -> tuple[Matrix, tuple[str, ...]]:
        """TF-IDF of the texts, and the terms; see :attr:`Texts.vectors`."""
        return self.texts.vectors

    @property
    def similarity(self) -> Matrix:
        """Cosine of the texts of every pair, in [0, 1]; the diagonal is 0."""
        return self.texts.similarity

    @cached_property
    def embedded(self) -> Any:
        """A vector for the text of each entity, of length 1 or 0, by :attr:`model`: see :func:`kgraph.rank.embeddings.embed`."""
        from kgraph.rank.embeddings import embed

        return embed(self.model, self.texts)

    @cached_property
    def nearest(self) -> Matrix:
        """The entities whose texts are most like that of each one, with their cosine."""
        return top_k_rows(self.similarity, NEAREST_TEXTS)

    @cached_property
    def copies(self) -> dict[str, frozenset[str]]:
        """For each page of 50 words or more whose text other such pages nearly repeat (cosine of 0.97 or more), these."""
        matrix = self.similarity
        documents = (self.corpus.documents.get(entity.path or "") for entity in self.corpus.entities.values())
        long = [document is not None and document.counts.words >= _LONG for document in documents]
        close = np.flatnonzero(matrix.data >= _COPIED)
        rows = np.searchsorted(matrix.indptr, close, side="right") - 1
        pages: dict[str, set[str]] = defaultdict(set)
        for row, column in zip(rows.tolist(), matrix.indices[close].tolist(), strict=True):
            one, other = self.ids[row], self.ids[column]
            if long[row] and long[column]:
                pages[one].add(other)
        return {name: frozenset(others) for name, others in pages.items()}
