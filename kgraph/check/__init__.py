"""Checks: what editors should mend, found in a corpus. One rule is one module with one function and one line in :data:`CHECKS`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeAlias

from kgraph.check.catalog_without_page import catalogs_without_page
from kgraph.check.dead_end import dead_ends
from kgraph.check.dead_file import dead_files
from kgraph.check.duplicate_alias import duplicate_aliases
from kgraph.check.local_link import local_links
from kgraph.check.missing_metadata import missing_metadata
from kgraph.check.near_duplicate import near_duplicates
from kgraph.check.one_sided_relation import one_sided_relations
from kgraph.check.orphan import orphans
from kgraph.check.page_without_catalog_entry import pages_without_catalog_entry
from kgraph.check.recorded import recorded_findings
from kgraph.check.selection import weigh
from kgraph.check.short_of_expected import short_of_expected
from kgraph.check.site import Site
from kgraph.check.unknown_relation import unknown_relations
from kgraph.check.unlinked_mention import unlinked_mentions
from kgraph.config import Config
from kgraph.ingest.discover import SourceTree
from kgraph.model.corpus import Corpus
from kgraph.model.finding import Finding

__all__ = ["CHECKS", "Check", "run_checks"]

Check: TypeAlias = Callable[[Site], Iterable[Finding]]
"""A pure function from a site (a corpus and its settings) to findings, in any order."""

CHECKS: tuple[Check, ...] = (
    recorded_findings,
    orphans,
    dead_ends,
    catalogs_without_page,
    one_sided_relations,
    unlinked_mentions,
    unknown_relations,
    near_duplicates,
    dead_files,
    local_links,
    duplicate_aliases,
    pages_without_catalog_entry,
    missing_metadata,
    short_of_expected,
)
"""Every check."""


def run_checks(corpus: Corpus, config: Config, tree: SourceTree | None = None, shapes: Path | None = None) -> tuple[Finding, ...]:
    """All findings of a corpus, those of the ingest stage included, as the settings weigh them; sorted by path, line, rule and message.

    Args:
        corpus: What was ingested; no rankings are needed.
        config: Settings, for the relations in force and the weight of the rules.
        tree: The folder it came from; without it no file is looked for.
        shapes: File of SHACL shapes that the RDF of the site must conform to as well.

    Raises:
        ConfigError: the shapes cannot be read, or pyshacl is not installed.

    """
    site = Site(corpus, config, tree)
    found = {item for check in CHECKS for item in check(site)}
    if shapes is not None:
        from kgraph.check.shapes import shape_violations

        found.update(shape_violations(site, shapes))
    return weigh(sorted(found), config.check)
