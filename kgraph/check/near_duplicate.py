"""W407: two pages with almost the same text."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from kgraph.check.site import Site
from kgraph.model.document import Document
from kgraph.model.finding import Finding, finding
from kgraph.model.text import terms

__all__ = ["near_duplicates", "similar_pairs"]

_SHINGLE = 5
"""Words in a row that are compared as one."""
_LEAST_WORDS = 60
"""Shorter pages are not compared."""
_NUMERATOR, _DENOMINATOR = 4, 5
"""Pages are near duplicates from a Jaccard coefficient of 4/5; whole numbers, so that no rounding decides."""

_PARALLEL = 3
"""Names that two folders share, from more of which on they are made alike."""

_OFTENER = 2
"""Times more that a page must use a word of its own title than a page like it does, to be about something else."""

_Array: TypeAlias = Any
"""A one-dimensional numpy array."""


def near_duplicates(site: Site) -> Iterator[Finding]:
    """Pages whose sets of five-word shingles have a Jaccard coefficient of at least 0.8; one finding for the later page of a pair.

    A page that resembles several earlier ones gets one finding: it names one with the same text where there is one, else the
    first found. Translations and versions of a page are meant to say the same; each edition is compared with itself alone. Pages that one
    template describes, each of which speaks of itself, are a note.
    """
    editions: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(dict)
    for path, document in site.corpus.documents.items():
        words = _words(document) if path in site.corpus.pages else []
        if len(words) >= _LEAST_WORDS:
            entity = site.corpus.entities[site.corpus.pages[path].entity]
            editions[entity.language, entity.version][path] = words
    names: dict[str, set[str]] = defaultdict(set)
    for path in site.corpus.pages:
        folder, name = posixpath.split(path)
        names[folder].add(name)
    for texts in editions.values():
        for path, other, same in similar_pairs(texts):
            told = f"the text is {'' if same else 'almost '}the same as that of {other}"
            meant = _parallel(path, other, names) or (
                _speaks_of_itself(site, texts, path, other) and _speaks_of_itself(site, texts, other, path)
            )
            yield finding("W407", told, path, level="note" if meant else "")


def _parallel(one: str, other: str, names: Mapping[str, set[str]]) -> bool:
    """Whether two pages have one name in folders that share more names: a reference that says the same of each class is made so."""
    (folder, name), (other_folder, other_name) = posixpath.split(one), posixpath.split(other)
    return folder != other_folder and name == other_name and len(names[folder] & names[other_folder]) > _PARALLEL


def _speaks_of_itself(site: Site, texts: Mapping[str, list[str]], path: str, other: str) -> bool:
    """Whether a page uses a word that its title has and the other's title has not, and does so oftener than the other page."""
    own, others = (set(terms(site.corpus.entities[site.corpus.pages[page].entity].title)) for page in (path, other))
    return any(texts[path].count(word) >= texts[other].count(word) + _OFTENER for word in own - others)


def _words(document: Document) -> list[str]:
    return [word for block in document.blocks for word in terms(block.text)]


def similar_pairs(texts: dict[str, list[str]]) -> list[tuple[str, str, bool]]:
    """Each text that is like an earlier one: its name, that of the earlier one, and whether their shingles are the same.

    Exact, by prefix filtering (Bayardo, Ma and Srikant 2007, https://doi.org/10.1145/1242572.1242591): with the shingles of
    each text ordered from rare to common, two sets with a Jaccard coefficient of at least t share one of the first
    ``n - ceil(t n) + 1``. Memory is linear in the number of words; time is, too, but for pages that share much text.

    Args:
        texts: Words of each text by name; a text of fewer than five words is like none.

    """
    import numpy as np

    names = sorted(name for name, words in texts.items() if len(words) >= _SHINGLE)
    sets, singles = _ranked([texts[name] for name in names])
    found: list[tuple[str, str, bool]] = []
    exact: dict[bytes, int] = {}
    posted: dict[int, list[int]] = defaultdict(list)
    for place, own in enumerate(sets):
        twin = exact.setdefault(own.tobytes(), place)
        if twin != place:
            found.append((names[place], names[twin], True))
            continue
        prefix = own[: len(own) - -(-_NUMERATOR * len(own) // _DENOMINATOR) + 1]
        shared: list[int] = prefix[np.searchsorted(prefix, singles) :].tolist()
        like = _first_like(place, shared, posted, sets)
        if like is not None:
            found.append((names[place], names[like], False))
        for rank in shared:
            posted[rank].append(place)
    return found


def _first_like(place: int, shared: list[int], posted: dict[int, list[int]], sets: list[_Array]) -> int | None:
    """The first of the earlier sets that share one of the ranks ``shared`` and are close enough."""
    import numpy as np

    own = sets[place]
    seen: set[int] = set()
    for rank in shared:
        for other in posted.get(rank, ()):
            if other in seen:
                continue
            seen.add(other)
            small, large = sorted((len(own), len(sets[other])))
            if small * _DENOMINATOR < large * _NUMERATOR:
                continue
            common = len(np.intersect1d(own, sets[other], assume_unique=True))
            if common * _DENOMINATOR >= (small + large - common) * _NUMERATOR:
                return other
    return None


def _ranked(texts: list[list[str]]) -> tuple[list[_Array], int]:
    """Shingles of each text as sorted ranks, rare ones first, and the rank from which shingles stand in two texts or more."""
    import numpy as np

    if not texts:
        return [], 0
    numbers: dict[str, int] = {}
    hashed = [np.unique(_shingles(words, numbers)) for words in texts]
    values, inverse, counts = np.unique(np.concatenate(hashed), return_inverse=True, return_counts=True)
    ranks = np.empty(len(values), dtype=np.int64)
    ranks[np.argsort(counts, kind="stable")] = np.arange(len(values))
    ends = np.cumsum([len(item) for item in hashed])[:-1]
    return [np.sort(part) for part in np.split(ranks[inverse.reshape(-1)], ends)], int((counts == 1).sum())


def _shingles(words: list[str], numbers: dict[str, int]) -> _Array:
    """A 64-bit hash of each run of five words; ``numbers`` numbers the words and grows."""
    import numpy as np

    from kgraph.model.mixing import GAMMA, mix

    known = np.fromiter((numbers.setdefault(word, len(numbers)) for word in words), dtype=np.uint64, count=len(words))
    size = len(words) - _SHINGLE + 1
    total = np.zeros(size, dtype=np.uint64)
    for step in range(_SHINGLE):
        total = mix((total ^ known[step : step + size]) + GAMMA)
    return total
