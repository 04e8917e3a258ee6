"""Tiny wikis for the tests of checks."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kgraph.check import run_checks
from kgraph.ingest.stage import ingest
from kgraph.model.finding import Finding
from kgraph.pipeline import site_config

__all__ = ["LONG", "check_wiki", "of_rule", "write_wiki"]

LONG = " ".join(
    f"The ferry of pier {number} leaves at {number + 5} past the hour and carries {number * 7} crates of tea." for number in range(1, 9)
)
"""A text of more than a hundred words."""


def write_wiki(folder: Path, files: Mapping[str, str]) -> Path:
    """Write files by relative path."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def check_wiki(folder: Path, files: Mapping[str, str]) -> tuple[Finding, ...]:
    """All findings of a wiki made of ``files``."""
    source = write_wiki(folder, files)
    settings = site_config(source)
    corpus, _, tree = ingest(source, settings)
    return run_checks(corpus, settings, tree)


def of_rule(findings: tuple[Finding, ...], rule: str) -> list[tuple[str, int, str]]:
    """Path, line and message of the findings of one rule."""
    return [(item.path, item.line, item.message) for item in findings if item.rule == rule]
