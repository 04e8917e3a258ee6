"""Search over titles, other names, tags, summaries and text, that forgives typing errors.

The index is SQLite's FTS5 in a database of its own that no one else sees; words that occur nowhere are replaced by the closest ones
that do (RapidFuzz, optimal string alignment).
"""

from __future__ import annotations

import re
import sqlite3
import threading
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache

from msgspec import Struct
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from kgraph.model.corpus import Entity
from kgraph.passages import CJK, MARK_END, MARK_START, passage_of

__all__ = ["MARK_END", "MARK_START", "Found", "Search", "plain"]

_LONGEST = 200
_MOST_WORDS = 12
_SIMILAR = 82
"""Percent of two names that must be the same for one to be a slip of the other."""
_COLUMNS = ("title", "names", "tags", "summary", "text")
_WEIGHTS = "12, 8, 4, 4, 1"
_NOT_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ue000\ue001]")
_WORD = re.compile(r"[^\W_]+")
_TEXT_ONLY = 6
_VARIANTS = 4
_KEPT_TEXTS = 2_000
"""Texts of pages found that are kept in lower case."""


class Found(Struct, frozen=True):
    """What a search gives."""

    ids: list[str]
    """Entities, best first."""
    words: str
    """Words that they were found by; empty for all entities."""
    corrected: bool = False
    """Whether words were replaced by others that occur."""
    partly: bool = False
    """Whether no entity has all the words, and these have some of them."""
    others: tuple[str, ...] = ()
    """Other words that could be meant, where some were replaced."""
    named: int = 0
    """How many of the first ones have the words in their names."""


class _Names(Struct, frozen=True):
    title: str
    others: tuple[str, ...]
    parts: tuple[str, ...]
    """Words of the title."""
    whole: frozenset[str]
    """All names, also without what is no letter or digit."""
    joined: str
    """Everything together."""


def plain(text: str) -> str:
    """Text for comparison: without case and accents.

    >>> plain("Café AU Lait")
    'cafe au lait'
    """
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char)).casefold()


class Search:
    """An index over the entities of one build; may be asked by several threads."""

    def __init__(self, entities: Mapping[str, Entity], texts: Mapping[str, str], standing: Mapping[str, int]) -> None:
        """Index the entities.

        Args:
            entities: By id.
            texts: Text of the page of each entity that has one, by id of the entity.
            standing: Place of each entity by importance, from 1; decides between equals.

        """
        self._standing = standing
        self._order = sorted(entities, key=lambda entity_id: standing[entity_id])
        self._ids = list(entities)
        self._names = {entity.id: _names(entity) for entity in entities.values()}
        self._by_name: dict[str, list[str]] = {}
        for entity_id in self._order:
            for name in dict.fromkeys((self._names[entity_id].title, *self._names[entity_id].others)):
                self._by_name.setdefault(name, []).append(entity_id)
        self._all_names = list(self._by_name)
        self._lock = threading.Lock()
        self._texts = {entity_id: _NOT_TEXT.sub(" ", text) for entity_id, text in texts.items()}
        self._database = _index(entities.values(), self._texts)
        self._common, self._in_names = _vocabulary(self._database)
        self._words = sorted(self._common)
        self._by_length: dict[int, list[str]] = {}
        for word in self._words:
            self._by_length.setdefault(len(word), []).append(word)
        self._lower = lru_cache(_KEPT_TEXTS)(lambda entity_id: self._texts[entity_id].lower())
        self._closest_words = lru_cache(10_000)(self._find_closest_words)

    def find(self, words: str) -> Found:
        """Entities that have all the words, each as the beginning of a word; all entities when there is no word.

        Entities with the words in their names come first, better fits before others, equals by importance; then those with the words
        in their text by BM25. Where no entity has them all, words that occur nowhere are replaced by the closest ones, and names that
        are spelled alike are found; where that gives nothing, some of the words are enough.
        """
        asked = _tokens(words)
        if not asked:
            return Found(self._order, "")
        scores = self._match(asked, " AND ")
        alike = self._alike(words)
        used, others = asked, list[str]()
        if not scores:
            meant = [self._correct(word) for word in asked]
            used = [words[0] for words in meant]
            scores = self._match(used, " AND ") if used != asked else {}
            others = _variants(meant) if scores else []
        partly = not scores and not alike and len(used) > 1
        if partly:
            scores = self._match(used, " OR ")
        ids, named = self._ranked(scores, used, alike)
        return Found(ids, " ".join(used), used != asked and bool(scores), partly, tuple(others), named)

    def _ranked(self, scores: dict[str, float], used: list[str], alike: list[str]) -> tuple[list[str], int]:
        """Entities, best first, and how many of them have the words in their names."""
        levels = {entity_id: _level(self._names[entity_id], used) for entity_id in scores}
        for entity_id in alike:
            levels[entity_id] = min(levels.get(entity_id, _TEXT_ONLY), 4)
        by_name = sorted((level, self._standing[found], found) for found, level in levels.items() if level < _TEXT_ONLY)
        by_text = sorted((scores[found], found) for found, level in levels.items() if level >= _TEXT_ONLY)
        return [*(item[2] for item in by_name), *(item[1] for item in by_text)], len(by_name)

    def closest(self, name: str) -> list[str]:
        """Ids of up to 5 entities with the most similar names, best first."""
        wanted = plain(name)[:_LONGEST]
        tail = wanted.rstrip("/").rsplit("/", 1)[-1]
        close: list[tuple[str, float]] = []
        for asked, least in {wanted: 55.0, tail: 60.0}.items():
            close += [
                (name, score) for name, score, _ in process.extract(asked, self._all_names, scorer=fuzz.ratio, score_cutoff=least, limit=8)
            ]
        close.sort(key=lambda pair: (-pair[1], pair[0]))
        return list(dict.fromkeys(entity_id for name, _ in close for entity_id in self._by_name[name]))[:5]

    def named(self, name: str) -> list[str]:
        """Ids of the entities that go by a title, an alias or an id, whatever case and accents."""
        return self._by_name.get(plain(name), [])

    def excerpts(self, found: Found, ids: Iterable[str]) -> dict[str, str]:
        """A passage of the text of each entity round the words, these within :data:`MARK_START` and :data:`MARK_END`."""
        words = found.words.split()
        passages = {
            entity_id: passage_of(self._texts[entity_id], self._lower(entity_id), words) for entity_id in ids if entity_id in self._texts
        }
        return {entity_id: passage for entity_id, passage in passages.items() if passage is not None}

    # -- parts -----------------------------------------------------------------------------------

    def _match(self, words: list[str], joint: str) -> dict[str, float]:
        """Entities that hold the words, with their BM25 scores, lower ones better."""
        # All rows come as one: between two rows SQLite hands the interpreter to other threads, and gets it back late when they are busy.
        query = "SELECT group_concat(rowid || ' ' || rank, ' ') FROM entity WHERE entity MATCH ?"
        with self._lock:
            told = self._database.execute(query, (_query(words, joint),)).fetchone()[0]
        parts = (told or "").split()
        return {self._ids[int(row)]: float(score) for row, score in zip(parts[::2], parts[1::2], strict=True)}

    def _alike(self, words: str) -> list[str]:
        """Entities with a name that is spelled almost as the words are."""
        wanted = plain(words)[:_LONGEST].strip()
        if len(wanted) < 4:
            return []
        close = process.extract(wanted, self._all_names, scorer=fuzz.ratio, score_cutoff=_SIMILAR, limit=5)
        return [entity_id for name, _, _ in close for entity_id in self._by_name[name]]

    def _correct(self, word: str) -> tuple[str, ...]:
        """The word, or the closest ones that occur when it begins none that does."""
        place = bisect_left(self._words, word)
        if len(word) < 3 or (place < len(self._words) and self._words[place].startswith(word)):
            return (word,)
        return self._closest_words(word)

    def _find_closest_words(self, word: str) -> tuple[str, ...]:
        most = 1 if len(word) < 6 else 2
        pool = [other for length in range(len(word) - most, len(word) + most + 1) for other in self._by_length.get(length, ())]
        close = process.extract(word, pool, scorer=OSA.distance, score_cutoff=most, limit=12)
        ranked = [(distance, found[0] != word[0], found not in self._in_names, -self._common[found], found) for found, distance, _ in close]
        return tuple(found for *_, found in sorted(ranked)[:_VARIANTS]) or (word,)


def _index(entities: Iterable[Entity], texts: Mapping[str, str]) -> sqlite3.Connection:
    """A database with one row an entity and no texts; SQLite keeps it in memory and moves what is large to a file without name."""
    database = sqlite3.connect("", check_same_thread=False, isolation_level=None)
    database.execute("PRAGMA journal_mode = OFF")
    database.execute(
        f"CREATE VIRTUAL TABLE entity USING fts5({', '.join(_COLUMNS)}, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3')"
    )
    database.execute("INSERT INTO entity (entity, rank) VALUES ('rank', ?)", (f"bm25({_WEIGHTS})",))
    rows = (
        (
            entity.title,
            "\n".join((*entity.aliases, entity.id)),
            "\n".join(entity.tags),
            entity.summary or "",
            texts.get(entity.id, ""),
        )
        for entity in entities
    )
    database.execute("BEGIN")
    database.executemany(
        "INSERT INTO entity (rowid, title, names, tags, summary, text) VALUES (?, ?, ?, ?, ?, ?)",
        ((number, *(_spaced(_clean(value)) for value in row)) for number, row in enumerate(rows)),
    )
    database.execute("COMMIT")
    return database


def _vocabulary(database: sqlite3.Connection) -> tuple[dict[str, int], frozenset[str]]:
    """All words with the number of fields that have them, and those that occur in names."""
    database.execute("CREATE VIRTUAL TABLE word USING fts5vocab(entity, col)")
    rows = database.execute("SELECT term, col, doc FROM word").fetchall()
    common: Counter[str] = Counter()
    for term, _, number in rows:
        common[term] += number
    return common, frozenset(term for term, column, _ in rows if column in ("title", "names"))


def _names(entity: Entity) -> _Names:
    title, others = plain(entity.title), tuple(map(plain, (*entity.aliases, entity.id)))
    whole = frozenset(form for name in (title, *others) for form in (name, "".join(_WORD.findall(name))) if form)
    return _Names(title, others, tuple(_WORD.findall(title)), whole, "\n".join((title, *others, *whole)))


def _clean(text: str) -> str:
    return _NOT_TEXT.sub(" ", text)


def _spaced(text: str) -> str:
    """Text with each character of a script without spaces as a word of its own."""
    return text if text.isascii() else CJK.sub(" \\g<0> ", text)


def _tokens(words: str) -> list[str]:
    return _WORD.findall(_spaced(plain(_clean(words[:_LONGEST]))))[:_MOST_WORDS]


def _variants(meant: list[tuple[str, ...]]) -> list[str]:
    """Phrases in which one word is the next closest one instead."""
    best = [words[0] for words in meant]
    return [" ".join([*best[:place], other, *best[place + 1 :]]) for place, words in enumerate(meant) for other in words[1:]][
        : _VARIANTS - 1
    ]


def _query(words: Iterable[str], joint: str) -> str:
    """A query of FTS5; the words are letters and digits only."""
    return joint.join(f'"{word}"*' for word in words)


def _level(names: _Names, words: list[str]) -> int:
    """How well names fit the words, 0 best; ``_TEXT_ONLY`` when they do not hold them all."""
    if not all(word in names.joined for word in words):
        return _TEXT_ONLY
    phrase = " ".join(words)
    if phrase in names.whole or "".join(words) in names.whole:
        return 0
    if names.title.startswith(phrase):
        return 1
    if all(word in names.parts for word in words):
        return 2
    if all(any(part.startswith(word) for part in names.parts) for word in words):
        return 3
    return 5 if any(all(word in name for word in words) for name in names.others) else _TEXT_ONLY
