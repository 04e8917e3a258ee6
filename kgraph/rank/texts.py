"""What the texts of the entities have in common: counts of their terms, TF-IDF, and the likeness of every two."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any

import msgspec
import numpy as np
import scipy.sparse as sp

from kgraph.model.corpus import Corpus, Entity
from kgraph.model.document import Document
from kgraph.model.text import terms
from kgraph.parallel import Jobs
from kgraph.rank.sparse import SMALL, Matrix, Parts, matrix_of, parts_of, product, stepped, two_digits, zero_diagonal

__all__ = ["AwaitedTexts", "Texts"]

_REPEATED_ON = 0.02
"""A block of text that stands on more than this share of the pages (and on 4 at least) is boilerplate."""
_FREQUENCY = 4
"""Steps for each doubling of the number of entities that use a term, where it is told by how much it tells."""
_NO_LETTERS = "0123456789-_"
_TOO_COMMON = 0.5
"""Terms on more than this share of the entities say nothing."""
_TOO_COMMON_LARGE = 0.05
"""The same on large sites, where the products of texts cost the square of how common a term is; never less than on a small one."""
_LANGUAGE = 10
"""Entities of a language from which on it tells which words are common."""


class Texts:
    """Matrices of the texts of the entities, made on first use and then kept; rows are entities in the order of their ids."""

    def __init__(self, entities: Mapping[str, Entity], documents: Mapping[str, Document], *, jobs: Jobs = 1) -> None:
        """Take what entities say of themselves, and the documents of their pages by path; ``jobs`` processes at the most multiply."""
        self.entities = dict(entities)
        self.documents = documents
        self.jobs = jobs
        self.size = len(entities)
        self.population = two_digits(self.size)

    def packed(self) -> bytes:
        """What the ranking looks at of the texts, for another process."""
        (vectors, names), (telling, _) = self.vectors, self.telling
        return msgspec.msgpack.encode((parts_of(vectors), parts_of(telling), names, parts_of(self.similarity)))

    def are_of(self, corpus: Corpus) -> bool:
        """Whether these are the texts of a corpus that was made since."""
        return (
            self.documents is corpus.documents
            and self.entities.keys() == corpus.entities.keys()
            and all(_said(entity) == _said(corpus.entities[entity_id]) for entity_id, entity in self.entities.items())
        )

    @cached_property
    def counts(self) -> tuple[Matrix, tuple[str, ...]]:
        """How often each term stands in each entity's title, summary and prose, and the terms.

        Blocks that many pages share (template headings, table heads) are left out; titles count three times. Terms of one
        entity, and of more than half of them or of those of one language (on large sites of fewer), are left out.
        """
        raw, names = self._raw_counts()
        forms, mapping = _forms(names)
        counts = sp.csr_array(raw @ mapping)
        counts.data = np.maximum(counts.data, 0.0)
        counts.eliminate_zeros()
        frequency = np.bincount(counts.indices, minlength=len(forms))
        kept = np.flatnonzero((frequency > 1) & (frequency <= _most_common(self.size)) & ~self._common_in_a_language(counts))
        matrix = sp.csr_array(counts[:, kept]) if len(kept) else sp.csr_array((self.size, 1), dtype=np.float64)
        matrix.sort_indices()
        return matrix, tuple(forms[place] for place in kept)

    @cached_property
    def vectors(self) -> tuple[Matrix, tuple[str, ...]]:
        """TF-IDF of :attr:`counts`, rows of length 1, and the terms.

        tf is 1 + ln(count), idf is ln((1 + population) / (1 + df)) (Salton and Buckley 1988, doi:10.1016/0306-4573(88)90021-0).
        """
        counts, terms = self.counts
        frequency = np.bincount(counts.indices, minlength=counts.shape[1])
        matrix = counts.copy()
        matrix.data = 1.0 + np.log(np.maximum(matrix.data, 1.0))
        if terms:
            matrix = sp.csr_array(matrix @ sp.diags_array(np.log((1 + self.population) / (1.0 + frequency))))
        length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
        return sp.csr_array(sp.diags_array(1.0 / np.where(length > 0, length, 1.0)) @ matrix), terms

    @cached_property
    def telling(self) -> tuple[Matrix, tuple[str, ...]]:
        """How much each term tells of each entity, for reasons, and the terms: tf times idf as in :attr:`vectors`, the rows of any length.

        The df is taken in steps of 19 %, so that a term that one entity more uses tells the same of all others.
        """
        counts, terms = self.counts
        frequency = stepped(np.bincount(counts.indices, minlength=counts.shape[1]), per_doubling=_FREQUENCY)
        matrix = sp.csr_array(counts, copy=True)
        matrix.data = (1.0 + np.log(np.maximum(matrix.data, 1.0))) * np.log((1 + self.population) / (1.0 + frequency))[matrix.indices]
        return matrix, terms

    @cached_property
    def similarity(self) -> Matrix:
        """Cosine of the texts of every pair, in [0, 1]; the diagonal is 0."""
        vectors, _ = self.vectors
        return zero_diagonal(product(vectors, vectors.T, jobs=self.jobs))

    def _raw_counts(self) -> tuple[Matrix, list[str]]:
        """How often each word stands in the text of each entity, and the words."""
        index = _Numbers()
        columns, counts = array("i"), array("f")
        ends = []

        def add(words: Iterable[str], values: Iterable[float]) -> None:
            columns.extend(map(index.__getitem__, words))
            counts.extend(values)

        for entity in self.entities.values():
            document = self.documents.get(entity.path or "")
            if document is not None:
                held = document.terms
                add(held.keys(), held.values())
                for text in self._boilerplate(document):
                    found = terms(text)
                    add(found, [-1.0] * len(found))
            shown = [(entity.title, 3.0), (entity.summary or "", 1.0), (" ".join(entity.aliases), 2.0)]
            if document is None:
                shown.append((" ".join(fact.value for fact in entity.facts), 1.0))
            for text, weight in shown:
                found = terms(text)
                add(found, [weight] * len(found))
            ends.append(len(columns))
        data = np.frombuffer(counts, dtype=np.float32).astype(np.float64)
        raw = sp.csr_array((data, np.frombuffer(columns, dtype=np.int32), [0, *ends]), shape=(self.size, max(len(index), 1)))
        raw.sum_duplicates()
        return raw, list(index)

    def _common_in_a_language(self, counts: Matrix) -> Any:
        """Whether more than half of the entities of one language use a term: array of the terms. "und" is rare where most is English."""
        of: dict[str, list[int]] = defaultdict(list)
        for row, entity in enumerate(self.entities.values()):
            of[entity.language].append(row)
        common = np.zeros(counts.shape[1], dtype=bool)
        for rows in of.values() if len(of) > 1 else ():
            if len(rows) >= _LANGUAGE:
                common |= np.bincount(counts[rows].indices, minlength=counts.shape[1]) > _most_common(len(rows))
        return common

    def prose(self, document: Document) -> Iterable[str]:
        """Text of the blocks of a page that few others share: of what is left without boilerplate."""
        return (block.text for block in document.blocks if block.text not in self._repeated)

    def _boilerplate(self, document: Document) -> Iterable[str]:
        return (block.text for block in document.blocks if block.text in self._repeated)

    @cached_property
    def _repeated(self) -> frozenset[str]:
        pages: Counter[str] = Counter()
        for document in self.documents.values():
            pages.update({block.text for block in document.blocks})
        limit = max(4.0, _REPEATED_ON * len(self.documents))
        return frozenset(text for text, count in pages.items() if count >= limit)


class AwaitedTexts(Texts):
    """The same texts, with what another process makes of them: it is waited for when something of that is first looked at."""

    def __init__(self, entities: Mapping[str, Entity], documents: Mapping[str, Document], packed: Callable[[], bytes]) -> None:
        """Take the same as there, and what gives :meth:`Texts.packed` of it."""
        super().__init__(entities, documents)
        self._packed = packed

    @cached_property
    def vectors(self) -> tuple[Matrix, tuple[str, ...]]:
        """See :attr:`Texts.vectors`."""
        return matrix_of(self._unpacked[0]), self._unpacked[2]

    @cached_property
    def telling(self) -> tuple[Matrix, tuple[str, ...]]:
        """See :attr:`Texts.telling`."""
        return matrix_of(self._unpacked[1]), self._unpacked[2]

    @cached_property
    def similarity(self) -> Matrix:
        """See :attr:`Texts.similarity`."""
        return matrix_of(self._unpacked[3])

    @cached_property
    def _unpacked(self) -> tuple[Parts, Parts, tuple[str, ...], Parts]:
        return msgspec.msgpack.decode(self._packed(), type=tuple[Parts, Parts, tuple[str, ...], Parts])


class _Numbers(dict[str, int]):
    """Numbers words in the order in which they are first asked for."""

    def __missing__(self, word: str) -> int:
        self[word] = number = len(self)
        return number


def _said(entity: Entity) -> tuple[object, ...]:
    """What an entity says of itself."""
    return entity.path, entity.title, entity.summary, entity.aliases, entity.facts, entity.language


def _most_common(size: int) -> float:
    """Entities that a term may stand on, at the most, to say something: half of them up to 2,000, then 1,000 or a twentieth.

    >>> [_most_common(size) for size in (4, 2_000, 3_000, 50_000)]
    [3.0, 1000.0, 1000.0, 2500.0]
    """
    return max(3.0, min(_TOO_COMMON * size, max(_TOO_COMMON * SMALL, _TOO_COMMON_LARGE * size)))


def _forms(words: list[str]) -> tuple[list[str], Matrix]:
    """The terms that words are counted as, and a matrix from words to terms.

    A hyphenated word counts whole and in parts, a plural as its singular where that is used too; numbers and words of one
    or two letters do not count.
    """
    used = set(words)
    index: dict[str, int] = {}
    rows: list[int] = []
    columns: list[int] = []
    for row, word in enumerate(words):
        for part in (word, *word.split("-")) if "-" in word else (word,):
            if len(part) > 2 and part.strip(_NO_LETTERS):
                singular = part[:-1] if len(part) > 3 and part[-1] == "s" and part[:-1] in used else part
                rows.append(row)
                columns.append(index.setdefault(singular, len(index)))
    shape = (max(len(words), 1), max(len(index), 1))
    ones = np.ones(len(rows), dtype=np.float64)
    order = sorted(index)
    place = np.zeros(max(len(index), 1), dtype=np.int64)
    place[[index[term] for term in order]] = np.arange(len(order))
    return order, sp.csr_array((ones, (np.array(rows, dtype=np.int64), place[np.array(columns, dtype=np.int64)])), shape=shape)
