"""A small wiki to build, and ways to build it and to see what came out."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.ingest.wiki import write_wiki

__all__ = ["WIKI", "export_all", "kgraph_run", "outputs", "write_wiki"]

WIKI = {
    "docs/index.mdx": "---\ntitle: The valley\n---\nStart at the [mill](water/mill.md), go to the [[weir]] and the [[ferry]].\n",
    "docs/water/mill.md": (
        "---\ntitle: Water mill\nid: mill\ntype: place\ntags: [water, stone]\nrelated: [weir]\nlastEdited: 2024-05-06\n---\n"
        "# Water mill\n\nBelow the Old Weir it turns. See [[ann]] and [the start](../index.mdx).\n\n## See also\n\n- [[gone]]\n"
    ),
    "docs/water/weir.mdx": "---\ntags: [water]\n---\n# Weir\n\nThe water mill stands below. <EntityLink id='mill' /> and [[index]]\n",
    "docs/people/ann.md": "# Ann\n\nAnn keeps the [[mill]] and the ferry. [Weir](../water/weir.mdx)\n",
    "docs/people/bob.md": "# Bob\n\nBob [[ann|knows Ann]], and the [[weir]].\n",
    "data/entities/rows.yaml": (
        "- id: mill\n  title: Mill\n  type: place\n  aliases: [Corn mill]\n  relatedEntries:\n"
        "    - {id: weir, type: place, relationship: uses}\n"
        "- {id: weir, title: Old Weir, type: place}\n- {id: ferry, title: The ferry, type: place, tags: [water]}\n"
    ),
    "kgraph.toml": "[lists]\ntop = 3\n",
}


def kgraph_run(
    *arguments: str | Path, cwd: Path, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:  # fmt: skip
    env = {**{name: value for name, value in os.environ.items() if name != "KGRAPH_WORKSPACE"}, **(environment or {})}
    command = [sys.executable, "-m", "kgraph", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=env, timeout=120)


def outputs(workspace: Path) -> dict[str, bytes]:
    """What a build wrote for others, by path: the site, the dataset and the rankings as they lie in the workspace."""
    current = workspace / "current"
    files = [*(path for path in (current / "site").rglob("*") if path.is_file()), *current.glob("*.nq")]
    files += [current / name for name in ("rankings.msgpack", "entities.msgpack", "statements.msgpack", "findings.msgpack")]
    return {path.relative_to(current).as_posix(): path.read_bytes() for path in files}


def export_all(workspace: Path, folder: Path) -> dict[str, str]:
    """Hash of every file that the exporters write."""
    import kgraph
    from kgraph.export.graph import write_graph
    from kgraph.export.rankings import ranking_lines
    from kgraph.export.rdf import RDF_FORMATS, write_rdf
    from kgraph.export.republish import export_site
    from kgraph.export.tables import write_tables

    kg = kgraph.open(workspace)
    folder.mkdir(parents=True)
    export_site(kg.generation.folder / "site", folder / "site", html=True)
    for form in RDF_FORMATS:
        write_rdf(kg.generation.folder, folder / f"wiki.{form}", form)
    (folder / "rankings.jsonl").write_bytes(b"".join(ranking_lines(kg, 1000)))
    for suffix in ("graphml", "gexf", "json"):
        write_graph(kg.to_networkx(), folder / f"graph.{suffix}")
    write_tables(kg, folder / "parquet", "parquet")
    write_tables(kg, folder / "csv", "csv")
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
