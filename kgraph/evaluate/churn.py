"""Churn: how much of the lists of all other pages changes when one page is edited a little."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from kgraph.config import Config
from kgraph.errors import ConfigError, SourceError
from kgraph.evaluate.experiment import Progress
from kgraph.evaluate.hide import pinned
from kgraph.evaluate.metrics import Estimate, bootstrap_interval
from kgraph.ingest.stage import build_corpus, ingest
from kgraph.model.corpus import Corpus
from kgraph.model.document import Document, term_bag
from kgraph.model.text import terms
from kgraph.rank.stage import explainer, score_table

__all__ = ["Churn", "churn", "churn_as_json", "churn_as_table"]

_TOP = 10
_EDITS = 5


class Churn(Struct, frozen=True):
    """What small edits change."""

    edits: int
    """Pages edited, one at a time: the last paragraph is taken out, with its links."""
    entities: int
    lists: Estimate
    """Share of the lists of the others whose best ten are not the same ten."""
    items: Estimate
    """Share of the items in the best ten of the others that are new."""
    own: Estimate
    """Share of the items in the best ten of the edited page that are new."""
    orders: Estimate
    """Share of the lists of the others whose best ten are not the same in the same order."""


def churn(source: Path, config: Config, seeds: Sequence[int], *, jobs: int = 1, progress: Progress | None = None) -> Churn:
    """Edit five pages for each seed, one at a time, and compare the best ten of every list with those before.

    Raises:
        ConfigError: there is no seed.
        SourceError: no page has two paragraphs.

    """
    if not seeds:
        raise ConfigError("nothing to do: give at least one seed")
    corpus, loaded, tree = ingest(source, config, jobs=jobs, progress=progress)
    settings = pinned(config, corpus)
    pages = sorted(path for path, page in corpus.documents.items() if len(_paragraphs(page)) > 1)
    if not pages:
        raise SourceError(f"{source}: no page has two paragraphs, so that one could go")
    before = _best(corpus, settings)
    drawn = [path for seed in seeds for path in random.Random(seed).sample(pages, min(_EDITS, len(pages)))]  # noqa: S311 - a draw that can be repeated
    changed: dict[str, list[float]] = {"lists": [], "items": [], "own": [], "orders": []}
    for done, path in enumerate(drawn):
        if progress:
            progress("editing", done, len(drawn))
        edited = structs.replace(loaded, documents={**loaded.documents, path: _shorter(loaded.documents[path])})
        after = _best(build_corpus(tree, edited, settings), settings)
        own = corpus.pages[path].entity
        others = [(before[name], after.get(name, ())) for name in before if name != own]
        new = [len(set(now) - set(then)) / _TOP for then, now in others]
        changed["lists"].append(sum(1 for share in new if share) / max(len(others), 1))
        changed["items"].append(sum(new) / max(len(others), 1))
        changed["orders"].append(sum(1 for then, now in others if then != now) / max(len(others), 1))
        changed["own"].append(len(set(after.get(own, ())) - set(before[own])) / _TOP)
    found = {name: bootstrap_interval(values) for name, values in changed.items()}
    return Churn(len(drawn), len(corpus.entities), found["lists"], found["items"], found["own"], found["orders"])


def _best(corpus: Corpus, config: Config) -> dict[str, tuple[str, ...]]:
    """The best ten of every entity, in order."""
    make = explainer(corpus, config)
    table = score_table(make.evidence, make.fused)
    return {name: tuple(target for _, (target, _) in zip(range(_TOP), table.candidates(name), strict=False)) for name in table.ids}


def _paragraphs(document: Document) -> list[int]:
    return [place for place, block in enumerate(document.blocks) if block.kind == "paragraph"]


def _shorter(document: Document) -> Document:
    """The page without its last paragraph: spaces in its place, so that offsets stay."""
    last = _paragraphs(document)[-1]
    block = document.blocks[last]
    counts = document.terms
    for term in terms(block.text):
        counts[term] = counts.get(term, 0) - 1
    blocks = (*document.blocks[:last], structs.replace(block, text=" " * len(block.text)), *document.blocks[last + 1 :])
    return structs.replace(
        document,
        blocks=blocks,
        bag=term_bag({term: count for term, count in counts.items() if count > 0}),
        references=tuple(item for item in document.references if item.block != last),
        components=tuple(item for item in document.components if item.block != last),
    )


def churn_as_json(found: Churn) -> str:
    """The result as indented JSON, with the keys of the struct."""
    return msgspec.json.format(msgspec.json.encode(found), indent=1).decode() + "\n"


def churn_as_table(found: Churn) -> str:
    """One line for each measure, with its 95 % interval."""
    from kgraph.tabular import text_table

    rows = [
        ["lists of other pages with another best ten", found.lists], ["items that are new in them", found.items],
        ["lists of other pages in another order", found.orders], ["items that are new for the edited page", found.own],
    ]  # fmt: skip
    head = f"churn: {found.edits} edits, each without the last paragraph of one page, among {found.entities:,} entities\n"
    return head + text_table(["what", "share"], [[str(name), _cell(estimate)] for name, estimate in rows])


def _cell(estimate: object) -> str:
    return f"{estimate.mean:.2%} [{estimate.low:.2%}, {estimate.high:.2%}]" if isinstance(estimate, Estimate) else ""
