"""The seam between exact and bounded relatedness: the same site ranked both ways.

    python -m benchmarks.recall [PAGES …]        (1,000 and 2,500 where nothing is given)

Up to 2,000 entities every pair is scored; beyond, each signal keeps so many candidates of each entity as the size says. Here a
generated wiki is ranked exactly, then with the bounds that a site of 5,000, 20,000 and 100,000 entities has.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.wiki import write_wiki
from kgraph.config import Config
from kgraph.ingest.stage import ingest
from kgraph.rank import sparse
from kgraph.rank.rankings import RelatedItem
from kgraph.rank.stage import rank

_BOUNDS = {"5,000": 500, "20,000": 200, "26,667 or more": 150}


def main() -> None:
    """Run and print the table."""
    print("| pages | bounds of a site of | recall of the ten best | median shift of a score | processor seconds |")
    print("| --- | --- | --- | --- | --- |")
    for pages in [int(argument) for argument in sys.argv[1:]] or [1_000, 2_500]:
        with tempfile.TemporaryDirectory() as folder:
            write_wiki(Path(folder), pages)
            corpus, _, _ = ingest(Path(folder), Config())
            sparse.SMALL = pages
            started = time.process_time()
            exact = dict(rank(corpus, Config())[0])
            print(f"| {pages:,} | none: exact | 1 | 0 | {time.process_time() - started:.1f} |", flush=True)
            sparse.SMALL = 0
            for name, kept in _BOUNDS.items():
                sparse.KEPT = kept
                started = time.process_time()
                recall, shift = _compared(exact, dict(rank(corpus, Config())[0]))
                print(f"| {pages:,} | {name} | {recall:.4f} | {shift:.4f} | {time.process_time() - started:.1f} |", flush=True)


def _compared(exact: dict[str, tuple[RelatedItem, ...]], found: dict[str, tuple[RelatedItem, ...]]) -> tuple[float, float]:
    recalls, shifts = [], []
    for source, items in exact.items():
        scores = {item.id: item.score for item in items}
        best = {item.id for item in items[:10]}
        if best:
            recalls.append(len(best & {item.id for item in found[source][:10]}) / len(best))
        shifts += [abs(scores[item.id] - item.score) for item in found[source] if item.id in scores]
    return float(np.mean(recalls)), float(np.median(shifts))


if __name__ == "__main__":
    main()
