"""Tables of a build: entities, links, relations, mentions, what editors should mend, what changed, how good the ranking is."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from kgraph.api.build import Build
from kgraph.api.frames import frame
from kgraph.errors import QueryError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Tables"]


class Tables(Build):
    """Everything that was found, a row each."""

    def table(self, name: str) -> pd.DataFrame:
        """One of the tables of ``kgraph export tables`` by name: entities, links, relations, mentions, related, hubs, candidates."""
        from kgraph.export.tables import build_tables

        tables = build_tables(self)
        if name not in tables:
            raise QueryError(f"no table is called {name!r}: use one of {', '.join(tables)}")
        return tables[name]()

    def entities(self) -> pd.DataFrame:
        """All entities.

        Columns: ``id``, ``title``, ``type``, ``path``, ``href``, ``stub`` (whether it has no page), ``type_origin``, ``declared_type``,
        ``summary``, ``aliases`` and ``tags`` (separated by semicolons), ``words``, ``date``.

        >>> kg.entities().set_index("id").loc["eu-ai-act", "title"]
        'EU AI Act'
        """
        return self.table("entities")

    def links(self, name: str | None = None) -> pd.DataFrame:
        """Links as their authors wrote them: all, or those of one page; ``target`` is missing when dead.

        Columns: ``source``, ``target``, ``path``, ``line``, ``text``, ``raw``, ``kind``, ``position``, ``sentence``.

        >>> set(kg.links("EU AI Act")["source"])
        {'eu-ai-act'}
        """
        return self._of("links", "source", name)

    def backlinks(self, name: str) -> pd.DataFrame:
        """Links of other pages to one entity; columns as of :meth:`links`."""
        found = self._of("links", "target", name)
        return found[found["source"] != found["target"]].reset_index(drop=True)

    def relations(self, name: str | None = None) -> pd.DataFrame:
        """Curated relations: all, or those that one entity states.

        Columns: ``source``, ``target``, ``relation``, ``path``, ``line``, ``field``, ``raw``.
        """
        return self._of("relations", "source", name)

    def mentions(self, name: str | None = None) -> pd.DataFrame:
        """First mention of each entity on each page that is no link: all, or those of one entity by others.

        Columns: ``source`` (whose page names it), ``target``, ``path``, ``line``, ``text``, ``sentence``.
        """
        return self._of("mentions", "target", name)

    def candidates(self) -> pd.DataFrame:
        """Things that prose names and nobody declared, a row for each page that names one."""
        return self.table("candidates")

    def _of(self, table: str, column: str, name: str | None) -> pd.DataFrame:
        found = self.table(table)
        return found if name is None else found[found[column] == self.entity_id(name)].reset_index(drop=True)

    # -- health, change, quality -----------------------------------------------------------------

    def check(self) -> pd.DataFrame:
        """What editors should mend, as ``kgraph check`` finds it, sorted by place.

        Columns: ``rule`` (number), ``name``, ``severity``, ``path``, ``line``, ``message``.

        >>> "dead-link" in set(kg.check()["name"])
        True
        """
        from kgraph.check import run_checks

        columns = {"rule": "string", "name": "string", "severity": "string", "path": "string", "line": "Int64", "message": "string"}
        found = run_checks(self.corpus, self.config)
        return frame(columns, [(x.rule, x.name, x.severity, x.path, x.line, x.message) for x in found])

    def changes(self, old: Build | str | PathLike[str]) -> pd.DataFrame:
        """What changed since an older build, a row a change.

        Columns: ``what`` (``entity``, ``page``, ``link``, ``relation`` or ``related``), ``change`` (``added``, ``removed`` or
        ``changed``), ``id`` (entity, or path of a page), ``target`` (of a link, relation or related item), ``detail``, ``path``, ``line``.

        Args:
            old: The older build, or its workspace.

        Raises:
            WorkspaceError: the workspace is missing or damaged.

        >>> len(kg.changes(kg))
        0

        """
        from kgraph.diff import change_rows, compare

        folder = old.generation.folder if isinstance(old, Build) else Path(old)
        columns = {
            "what": "string", "change": "string", "id": "string", "target": "string", "detail": "string", "path": "string", "line": "Int64",
        }  # fmt: skip
        return frame(columns, change_rows(compare(folder, self.generation.folder)))

    def evaluate(
        self, kind: Literal["relations", "links"] = "links", *, share: float = 0.2, seeds: tuple[int, ...] = (0,), ablation: bool = False,
    ) -> pd.DataFrame:  # fmt: skip
        """How well hidden links come back, as ``kgraph evaluate`` measures it on the pages that the build was made from.

        Columns: ``method``, ``measure`` (such as ``ndcg_10``), ``mean``, ``low`` and ``high`` (of its 95 % interval), ``difference``
        (mean difference from the fused ranking; missing for that one itself).

        Args:
            kind: What to hide.
            share: Share of the pairs that is hidden.
            seeds: One run each.
            ablation: Measure the ranking without each signal as well.

        Raises:
            SourceError: the pages are no longer there.

        """
        from kgraph.evaluate.experiment import evaluate
        from kgraph.pipeline import Inputs

        source = Path(self.generation.read("inputs.msgpack", Inputs).source)
        found = evaluate(source, self.config, (kind,), share, seeds, ablation=ablation)
        rows: list[tuple[Any, ...]] = []
        for result in found.kinds:
            for method in result.methods:
                for measure, value in method.metrics.items():
                    gap = method.difference.get(measure)
                    rows.append((method.name, measure, value.mean, value.low, value.high, gap.mean if gap else None))
        columns = dict.fromkeys(("method", "measure"), "string") | dict.fromkeys(("mean", "low", "high", "difference"), "float64")
        return frame(columns, rows)
