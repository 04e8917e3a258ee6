"""Wikis of any size to measure on: text after Zipf's law, links after a power law, types, tags and a catalog; the same for the same seed.

python -m benchmarks.wiki FOLDER PAGES [SEED]
"""

from __future__ import annotations

import bisect
import itertools
import random
import sys
from pathlib import Path

__all__ = ["write_wiki"]

_STARTS = ("ba", "ca", "de", "fe", "ga", "hi", "jo", "ka", "lo", "mi", "ne", "pu", "ru", "sa", "to", "vi", "wo", "ze")
_MIDDLES = ("dar", "gos", "len", "mor", "nis", "pel", "rin", "sto", "tal", "ver", "wim", "zon")
_ENDS = ("", "a", "e", "is", "or", "um", "et", "ik", "an", "us", "ing", "ed", "ness", "tion")
_TYPES = ("concept", "organization", "policy", "person", "risk", "approach", "analysis", "event")
_SECTIONS, _PARAGRAPHS, _WORDS = 5, 3, 60
_ON_TOPIC = 0.3
"""Share of the words of a page that are of its topic."""
_FAR = 0.3
"""Share of the links that lead to a well-known page instead of one near by."""
_NEAR = 30


class _Words:
    """Words drawn after Zipf's law."""

    def __init__(self, draw: random.Random) -> None:
        self.words = [start + middle + end for start in _STARTS for middle in _MIDDLES for end in _ENDS]
        draw.shuffle(self.words)
        self.sums = list(itertools.accumulate(1.0 / rank for rank in range(1, len(self.words) + 1)))
        self.draw = draw

    def one(self) -> str:
        return self.words[bisect.bisect(self.sums, self.draw.random() * self.sums[-1])]


def write_wiki(folder: Path, pages: int, seed: int = 7) -> None:
    """Write a wiki of Markdown pages and a catalog into ``folder``.

    Page i is of a topic that it shares with the pages near it; two links of three lead to one of these, the others to a page drawn
    after a power law of exponent 1.1.
    """
    draw = random.Random(seed)
    words = _Words(draw)
    titles = [f"{draw.choice(words.words).title()} {draw.choice(words.words)} {number}" for number in range(pages)]
    topics = [draw.sample(words.words, 20) for _ in range(pages // _NEAR + 1)]
    for number in range(pages):
        place = folder / "docs" / f"part-{number % 50}"
        place.mkdir(parents=True, exist_ok=True)
        text = [f"---\ntitle: {titles[number]}\ntype: {_TYPES[number % len(_TYPES)]}", f"tags: [{words.one()}, {words.one()}]\n---\n"]
        topic = topics[number // _NEAR]
        for _ in range(_SECTIONS):
            text.append(f"\n## {words.one().title()} {words.one()}\n")
            for _ in range(_PARAGRAPHS):
                said = [draw.choice(topic) if draw.random() < _ON_TOPIC else words.one() for _ in range(_WORDS)]
                if draw.random() < _FAR:
                    target = min(pages - 1, int(draw.paretovariate(1.1) * 5))
                else:
                    target = max(0, min(pages - 1, number + draw.randint(-_NEAR, _NEAR)))
                said.insert(draw.randrange(len(said)), f"[{titles[target]}](/part-{target % 50}/page-{target}/)")
                text.append(" ".join(said).capitalize() + ".\n")
        (place / f"page-{number}.md").write_text("\n".join(text), encoding="utf-8")
    rows = []
    for number in range(1, pages, 10):
        other = max(0, number - draw.randint(1, _NEAR))
        rows.append(
            f"- id: page-{number}\n  title: {titles[number]}\n  relatedEntries:\n    - id: page-{other}\n      relationship: supports\n"
        )
    catalog = folder / "data" / "entities.yaml"
    catalog.parent.mkdir(parents=True, exist_ok=True)
    catalog.write_text("".join(rows), encoding="utf-8")


if __name__ == "__main__":
    write_wiki(Path(sys.argv[1]), int(sys.argv[2]), *map(int, sys.argv[3:4]))
