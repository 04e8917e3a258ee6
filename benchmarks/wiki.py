"""Wikis of 1,000 to 1,000,000 pages to measure on: text after Zipf's law, links after a power law, types, tags and a catalog.

    python -m benchmarks.wiki FOLDER PAGES [SEED]

The same for the same seed and version of NumPy. What grows as on real sites: the vocabulary as the square root of the text (Heaps' law),
page lengths are log-normal, links of a page follow its length, and the pages most linked take a share that a power law gives them.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["write_wiki"]

_STARTS = ("ba", "ca", "de", "fe", "ga", "hi", "jo", "ka", "lo", "mi", "ne", "pu", "ru", "sa", "to", "vi", "wo", "ze")
_MIDDLES = ("dar", "gos", "len", "mor", "nis", "pel", "rin", "sto", "tal", "ver", "wim", "zon")
_ENDS = ("", "a", "e", "is", "or", "um", "et", "ik", "an", "us", "ing", "ed", "ness", "tion")
_TYPES = ("concept", "organization", "policy", "person", "risk", "approach", "analysis", "event")
_HEAPS = 44.0
"""Different words of a text of n words: 44 √n (Heaps 1978)."""
_WORDS, _SPREAD = 300, 0.7
"""Median of the words of a page, and how far lengths spread (of their logarithm)."""
_PARAGRAPH = 45
"""Words of a paragraph; each has one link."""
_ON_TOPIC = 0.3
"""Share of the words of a page that are of its topic."""
_FAR = 0.3
"""Share of the links that lead to a well-known page instead of one near by."""
_NEAR = 30
_KNOWN = 50
"""Pages that are well known, about."""
_TOPIC = 40
"""Words of a topic."""
_FOLDER = 1_000
"""Pages of a folder."""


def _vocabulary(count: int, draw: Any) -> list[str]:
    """So many different words, in the order of how common they are: the short ones are the common ones."""
    made: list[str] = []
    for middles in itertools.count():
        made += draw.permutation(["".join(parts) for parts in itertools.product(_STARTS, *[_MIDDLES] * middles, _ENDS)]).tolist()
        if len(made) >= count:
            break
    return made[:count]


class _Text:
    """Words drawn after Zipf's law."""

    def __init__(self, pages: int, draw: Any) -> None:
        self.words = np.array(_vocabulary(int(_HEAPS * (pages * _WORDS) ** 0.5), draw), dtype=object)
        self.sums = np.cumsum(1.0 / np.arange(1, len(self.words) + 1))
        self.draw = draw

    def places(self, count: int) -> Any:
        return np.searchsorted(self.sums, self.draw.random(count) * self.sums[-1])

    def some(self, count: int) -> list[str]:
        found: list[str] = self.words[self.places(count)].tolist()
        return found


def write_wiki(folder: Path, pages: int, seed: int = 7) -> None:
    """Write a wiki of Markdown pages and a catalog into ``folder``.

    Page i is of a topic that it shares with the pages near it; two links of three lead to one of these, the others to a page drawn
    after a power law of exponent 1.1.
    """
    draw = np.random.default_rng(seed)
    text = _Text(pages, draw)
    heads = text.some(2 * pages)
    titles = [f"{heads[2 * number].title()} {heads[2 * number + 1]} {number}" for number in range(pages)]
    for number, page in enumerate(_pages(titles, text)):
        place = folder / _path(number)
        if number % _FOLDER == 0:
            place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(page, encoding="utf-8")
    (folder / "data").mkdir(parents=True, exist_ok=True)
    with (folder / "data" / "entities.yaml").open("w", encoding="utf-8") as catalog:
        for number in range(1, pages, 10):
            other = max(0, number - int(draw.integers(1, _NEAR + 1)))
            catalog.write(
                f"- id: page-{number}\n  title: {titles[number]}\n  relatedEntries:\n    - id: page-{other}\n      relationship: supports\n"
            )


def _path(number: int) -> str:
    return f"docs/part-{number // _FOLDER}/page-{number}.md"


def _pages(titles: list[str], text: _Text) -> Iterator[str]:
    """The text of each page."""
    draw = text.draw
    count = len(titles)
    topic = text.places(_TOPIC)
    for number, title in enumerate(titles):
        if number % _NEAR == 0:
            topic = draw.integers(0, len(text.words), _TOPIC)
        size = int(np.clip(draw.lognormal(np.log(_WORDS), _SPREAD), _PARAGRAPH, 20 * _WORDS))
        places = np.where(draw.random(size) < _ON_TOPIC, topic[draw.integers(0, _TOPIC, size)], text.places(size))
        words = text.words[places].tolist()
        starts = range(0, size, _PARAGRAPH)
        far = (draw.pareto(1.1, len(starts)) * _KNOWN).astype(np.int64)
        near = number + draw.integers(-_NEAR, _NEAR + 1, len(starts))
        targets = np.clip(np.where(draw.random(len(starts)) < _FAR, far, near), 0, count - 1).tolist()
        tags = text.some(2)
        lines = [f"---\ntitle: {title}\ntype: {_TYPES[number % len(_TYPES)]}\ntags: [{tags[0]}, {tags[1]}]\n---\n"]
        for place, (start, target) in enumerate(zip(starts, targets, strict=True)):
            if place % 3 == 0:
                lines.append(f"\n## {words[start].title()} {words[min(start + 1, size - 1)]}\n")
            said = words[start : start + _PARAGRAPH]
            said.insert(len(said) // 2, f"[{titles[target]}](/part-{target // _FOLDER}/page-{target}/)")
            lines.append(f"{' '.join(said).capitalize()}.\n")
        yield "\n".join(lines)


if __name__ == "__main__":
    write_wiki(Path(sys.argv[1]), int(sys.argv[2]), *map(int, sys.argv[3:4]))
