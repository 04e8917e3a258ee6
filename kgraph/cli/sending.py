"""The command that writes a build to another server."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kgraph.cli.shared import WorkspaceOption, open_kg, say, with_progress

__all__ = ["push"]


def push(
    endpoint: Annotated[str, typer.Argument(help="Address of the server's graph store, or of its updates where --query is given.")],
    query: Annotated[
        str | None, typer.Option("--query", metavar="URL", help="Query endpoint: write by SPARQL Update, not by the Graph Store Protocol.")
    ] = None,
    dry: Annotated[bool, typer.Option("--dry-run", help="Only tell what would be sent.")] = False,
    workspace: WorkspaceOption = Path(".kgraph"),
) -> None:
    """Write the named graphs of the build to a SPARQL 1.1 server; unchanged ones are not sent again.

    To sign in, set KGRAPH_PUSH_USER and KGRAPH_PUSH_PASSWORD, or KGRAPH_PUSH_TOKEN, in the environment.
    """
    from kgraph.config import Config
    from kgraph.rdf.push import push_store
    from kgraph.rdf.remote import GraphStore, UpdateEndpoint, credentials

    signed = credentials()
    remote = GraphStore(endpoint, signed) if query is None else UpdateEndpoint(endpoint, query, signed)
    kg = open_kg(workspace)
    report = with_progress(lambda progress: push_store(kg.store, remote, kg.head.base_iri, dry=dry, progress=progress))
    if kg.head.base_iri == Config().base_iri:
        say(f"all IRIs begin with {kg.head.base_iri}, the default: set base_iri in kgraph.toml before another site is sent there")
    told = f"{len(report.sent):,} graphs {'to send' if dry else f'sent ({report.statements:,} statements)'}"
    say(f"{told}, {report.unchanged:,} unchanged, {len(report.removed):,} {'to remove' if dry else 'removed'}")
