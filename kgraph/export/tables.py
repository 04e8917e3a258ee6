"""Tables for DataFrames: entities, links, relations, mentions, related lists, hubs and candidates."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from kgraph.errors import ExportError

if TYPE_CHECKING:
    import pandas as pd

    from kgraph.api.build import Build

__all__ = ["TABLES", "build_tables", "write_tables"]

TABLES = ("entities", "links", "relations", "mentions", "related", "hubs", "candidates")


def build_tables(kg: Build) -> dict[str, Callable[[], pd.DataFrame]]:
    """A maker for each table, by name."""
    return {
        "entities": lambda: _entities(kg), "links": lambda: _links(kg), "relations": lambda: _relations(kg),
        "mentions": lambda: _mentions(kg), "related": lambda: _related(kg), "hubs": lambda: _hubs(kg),
        "candidates": lambda: _candidates(kg),
    }  # fmt: skip


def _frame(columns: dict[str, list[Any]], kinds: dict[str, str]) -> pd.DataFrame:
    """A DataFrame with the same column types whatever the rows hold, also when there are none."""
    import pandas as pd

    return pd.DataFrame({name: pd.Series(values, dtype=kinds.get(name, "string")) for name, values in columns.items()})


def _entities(kg: Build) -> pd.DataFrame:
    rows = list(kg.head.entities.values())
    pages = kg.head.pages
    return _frame(
        {
            "id": [e.id for e in rows],
            "title": [e.title for e in rows],
            "type": [e.type for e in rows],
            "path": [e.path for e in rows],
            "href": [e.href for e in rows],
            "stub": [e.stub for e in rows],
            "type_origin": [e.type_origin for e in rows],
            "declared_type": [e.declared_types[0] if e.declared_types else None for e in rows],
            "summary": [e.summary for e in rows],
            "aliases": ["; ".join(e.aliases) for e in rows],
            "tags": ["; ".join(e.tags) for e in rows],
            "words": [pages[e.path].counts.words if e.path else None for e in rows],
            "date": [pages[e.path].date if e.path else None for e in rows],
        },
        {"stub": "boolean", "words": "Int64"},
    )


def _links(kg: Build) -> pd.DataFrame:
    rows = kg.statements.links
    return _frame(
        {
            "source": [x.source for x in rows],
            "target": [x.target for x in rows],
            "path": [x.path for x in rows],
            "line": [x.line for x in rows],
            "text": [x.text for x in rows],
            "raw": [x.raw for x in rows],
            "kind": [x.kind for x in rows],
            "position": [x.position for x in rows],
            "sentence": [x.sentence for x in rows],
        },
        {"line": "Int64"},
    )


def _relations(kg: Build) -> pd.DataFrame:
    rows = kg.statements.relations
    return _frame(
        {
            "source": [x.source for x in rows],
            "target": [x.target for x in rows],
            "relation": [x.name for x in rows],
            "path": [x.path for x in rows],
            "line": [x.line for x in rows],
            "field": [x.key for x in rows],
            "raw": [x.raw for x in rows],
        },
        {"line": "Int64"},
    )


def _mentions(kg: Build) -> pd.DataFrame:
    rows = kg.statements.mentions
    return _frame(
        {
            "source": [x.source for x in rows],
            "target": [x.target for x in rows],
            "path": [x.path for x in rows],
            "line": [x.line for x in rows],
            "text": [x.text for x in rows],
            "sentence": [x.sentence for x in rows],
        },
        {"line": "Int64"},
    )


def _candidates(kg: Build) -> pd.DataFrame:
    rows = [(item, mention) for item in kg.statements.candidates for mention in item.mentions]
    return _frame(
        {
            "id": [item.id for item, _ in rows],
            "title": [item.title for item, _ in rows],
            "type": [item.type for item, _ in rows],
            "confidence": [item.confidence for item, _ in rows],
            "evidence": ["; ".join(item.evidence) for item, _ in rows],
            "source": [mention.source for _, mention in rows],
            "path": [mention.path for _, mention in rows],
            "line": [mention.line for _, mention in rows],
            "sentence": [mention.sentence for _, mention in rows],
        },
        {"confidence": "float64", "line": "Int64"},
    )


def _related(kg: Build) -> pd.DataFrame:
    rows = [(source, item) for source, items in kg.rankings.related.items() for item in items]
    return _frame(
        {
            "source": [source for source, _ in rows],
            "target": [item.id for _, item in rows],
            "rank": [item.rank for _, item in rows],
            "score": [item.score for _, item in rows],
            "label": [item.label for _, item in rows],
            "linked": [item.linked for _, item in rows],
            "signal": [item.reasons[0].signal if item.reasons else None for _, item in rows],
            "reason": [item.reasons[0].text if item.reasons else None for _, item in rows],
        },
        {"rank": "Int64", "score": "float64", "linked": "boolean"},
    )


def _hubs(kg: Build) -> pd.DataFrame:
    rows = list(kg.rankings.measures.items())
    return _frame(
        {
            "id": [entity_id for entity_id, _ in rows],
            "pagerank": [m.pagerank for _, m in rows],
            "hub": [m.hub for _, m in rows],
            "authority": [m.authority for _, m in rows],
            "in_degree": [m.in_degree for _, m in rows],
            "out_degree": [m.out_degree for _, m in rows],
            "community": [m.community for _, m in rows],
        },
        {
            "pagerank": "float64", "hub": "float64", "authority": "float64", "in_degree": "Int64", "out_degree": "Int64",
            "community": "Int64",
        },
    )  # fmt: skip


def write_tables(kg: Build, folder: Path, form: Literal["parquet", "csv"]) -> list[Path]:
    """Write every table into ``folder``; gives the files.

    In CSV a cell that a spreadsheet would run as a formula is led by an apostrophe.

    Raises:
        ExportError: the folder cannot be written.

    """
    written: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, make in build_tables(kg).items():
            path = folder / f"{name}.{form}"
            frame = make()
            if form == "parquet":
                frame.to_parquet(path, index=False, compression="zstd")
            else:
                _write_csv(frame, path)
            written.append(path)
    except OSError as error:
        raise ExportError(f"{folder}: cannot be written ({error.strerror or error})") from None
    return written


def _write_csv(frame: pd.DataFrame, path: Path) -> None:
    import pandas as pd

    for name in frame.columns:
        if isinstance(frame[name].dtype, pd.StringDtype):
            dangerous = frame[name].str.match(r"[=+\-@\t\r]").fillna(False).astype(bool)
            frame.loc[dangerous, name] = "'" + frame.loc[dangerous, name]
    frame.to_csv(path, index=False, lineterminator="\n")
