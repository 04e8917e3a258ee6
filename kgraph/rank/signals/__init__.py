"""Signals: each one source of evidence that two entities are related.

One module holds one signal; :data:`SIGNALS` lists them. A third party adds one through the entry point group
``kgraph.signals``; its weight is 1 unless configuration gives another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any, Protocol, TypeAlias, runtime_checkable

from msgspec import Struct

from kgraph.rank.evidence import Evidence
from kgraph.rank.sparse import Matrix

__all__ = ["OPTIONAL", "SIGNALS", "WITHOUT_TEXTS", "ReasonText", "RowSignal", "Signal", "Teller", "TracedSignal", "load_signals"]

SIGNALS = (
    "relation", "link", "mention", "named_by", "title", "co_citation", "bibliographic_coupling", "text", "neighbour_links", "peer_links",
    "three_steps", "tags", "sources", "adamic_adar", "proximity", "prefix", "section", "types", "popularity",
)  # fmt: skip
"""Names of the built-in signals, which are also the names of their modules and of their weights."""
WITHOUT_TEXTS = frozenset((
    "relation", "link", "co_citation", "bibliographic_coupling", "peer_links", "three_steps", "tags", "sources", "adamic_adar", "prefix",
))  # fmt: skip
"""Those that look at no text: they can be computed while the texts are still being compared."""
OPTIONAL = ("embedding",)
"""The same of those that need more than the site, and are in force where the configuration gives it."""


class ReasonText(Struct, frozen=True):
    """Why a signal speaks for a pair, for a reader."""

    text: str
    """One line, plain text."""
    evidence: tuple[str, ...]
    """Ids of entities, or ``path:line``, that a person can check; strongest first."""


Teller: TypeAlias = Callable[[int], ReasonText | None]


class Signal(Protocol):
    """One source of evidence."""

    name: str

    def scores(self, evidence: Evidence) -> Matrix:
        """Strength of the evidence for every ordered pair: not negative, any unit, 0 where there is none."""

    def reason(self, evidence: Evidence, source: int, target: int) -> ReasonText | None:
        """What a person can check about the pair; None when the signal has nothing to say of it."""


@runtime_checkable
class TracedSignal(Signal, Protocol):
    """A signal whose reasons can be taken from the build before."""

    def traces(self, evidence: Evidence) -> Any:
        """A trace of each entity (:mod:`kgraph.rank.traces`): of all that :meth:`reason` looks at of it, as source or as target.

        The reason of a pair is the same as before where the traces of both are. Ids need not be in it.
        """


@runtime_checkable
class RowSignal(Signal, Protocol):
    """A signal that tells of several targets of one source in less time than of one after the other."""

    def teller(self, evidence: Evidence, source: int, targets: Any) -> Teller:
        """What gives the answer of :meth:`reason` for the target at a place of ``targets``, an array of places of entities."""


def load_signals(names: Iterable[str] | None = None) -> list[Signal]:
    """The signals of these names, built-in and added by entry points; all but those of :data:`OPTIONAL` when ``names`` is None."""
    wanted = None if names is None else set(names)
    found: list[Signal] = []
    for name in (*SIGNALS, *OPTIONAL):
        if name in wanted if wanted is not None else name in SIGNALS:
            found.append(import_module(f"kgraph.rank.signals.{name}").signal)
    for point in sorted(entry_points(group="kgraph.signals"), key=lambda point: point.name):
        if wanted is None or point.name in wanted:
            found.append(point.load())
    return found
