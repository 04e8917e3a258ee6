"""Section: pages of the section of the source are often joined with pages of the section of the target.

A section is a folder; entities without a page stand together by type. A weak hint that counts only where something else speaks
for the pair.
"""

from __future__ import annotations

from typing import Any

from kgraph.rank.evidence import Evidence, kept
from kgraph.rank.signals import ReasonText
from kgraph.rank.signals.affinity import Affinity
from kgraph.rank.sparse import Matrix

__all__ = ["signal"]


class _Section:
    name = "section"

    def scores(self, evidence: Evidence) -> Matrix:
        """ln(lift), where above 0, of the joins between both sections, for pairs of :attr:`Evidence.plausible`; see :class:`Affinity`."""
        return _sections(evidence).scores(evidence.plausible)

    def traces(self, evidence: Evidence) -> Any:
        return _sections(evidence).traces()

    def reason(self, evidence: Evidence, source: int, target: int) -> ReasonText | None:
        sections = _sections(evidence)
        first, second = sections.group[source], sections.group[target]
        if sections.between(source, target) <= 1.0:
            return None
        if first == second:
            return ReasonText(f"same section: {_shown(sections.names[first])}", ())
        return ReasonText(f"pages of {_shown(sections.names[first])} often go with pages of {_shown(sections.names[second])}", ())


@kept
def _sections(evidence: Evidence) -> Affinity:
    entities = evidence.corpus.entities.values()
    return Affinity(evidence, [_folder(item.path) if item.path else f"the type {item.type}" for item in entities])


def _shown(section: str) -> str:
    """The last two folders of a section, which is what tells it apart for a reader."""
    return "/".join(section.split("/")[-2:])


def _folder(path: str) -> str:
    return path.rpartition("/")[0] or "the top folder"


signal = _Section()
