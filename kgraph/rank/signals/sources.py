"""Shared sources: both cite the same works or link to the same outside addresses."""

from __future__ import annotations

from typing import Any

from kgraph.rank.evidence import Evidence, kept
from kgraph.rank.signals import ReasonText
from kgraph.rank.signals.common import SharedColumns
from kgraph.rank.sparse import Matrix, cosine_rows
from kgraph.rank.traces import row_traces, traces_by, value_traces

__all__ = ["signal"]


class _Sources:
    name = "sources"

    def scores(self, evidence: Evidence) -> Matrix:
        """Cosine of the works cited weighted by ln(n / number of entities that cite it), damped for entities that cite little."""
        return cosine_rows(evidence.cited[0], damping=60.0, jobs=evidence.jobs)

    def traces(self, evidence: Evidence) -> Any:
        matrix, names = evidence.cited
        works = _titles(evidence)
        cited = row_traces(matrix, value_traces((name, works.get(name)) for name in names))
        told = [(item.source, (item.work, item.path, item.line)) for item in evidence.corpus.citations]
        pages = evidence.corpus.pages
        return cited + traces_by(evidence.ids, [*told, *((pages[path].entity, found) for path, found in evidence.corpus.external.items())])

    def reason(self, evidence: Evidence, source: int, target: int) -> ReasonText | None:
        _, names = evidence.cited
        shared = _shared(evidence).find(source, target, limit=1000)
        if not shared:
            return None
        first = _titles(evidence).get(names[shared[0]], names[shared[0]])
        told = f"sources: {first} and {len(shared) - 1} more" if len(shared) > 1 else f"source: {first}"
        places = _places(evidence)
        found = [places.get((place, names[name])) for name in shared[:2] for place in (source, target)]
        return ReasonText(f"cite the same {told}", tuple(dict.fromkeys(place for place in found if place)))


@kept
def _places(evidence: Evidence) -> dict[tuple[int, str], str]:
    """Where each entity cites each work first, as ``path:line``."""
    found: dict[tuple[int, str], str] = {}
    for item in evidence.corpus.citations:
        work = evidence.corpus.sources[item.work]
        found.setdefault((evidence.index[item.source], work.url or work.id), f"{item.path}:{item.line}")
    for path, addresses in evidence.corpus.external.items():
        place = evidence.index[evidence.corpus.pages[path].entity]
        for address, line in addresses:
            found.setdefault((place, address.split("#")[0]), f"{path}:{line}")
    return found


@kept
def _shared(evidence: Evidence) -> SharedColumns:
    return SharedColumns(evidence.cited[0])


@kept
def _titles(evidence: Evidence) -> dict[str, str]:
    return {work.url or work.id: work.title for work in evidence.corpus.sources.values()}


signal = _Sources()
