"""A parsed page as short lines that a person can read and write: what the fixtures compare.

A fixture is a page (``fixtures/NAME.md``, ``.mdx`` or ``.rst``) and a ``NAME.json`` beside it with the parts of its summary that matter.
To see the summary of a page: ``python -m tests.ingest.summary fixtures/NAME.md``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import msgspec

from kgraph.ingest.readers import reader_of
from kgraph.model.document import Component, Document, Reference

__all__ = ["FIXTURES", "read_fixture", "summary_of"]

FIXTURES = Path(__file__).parent / "fixtures"


def read_fixture(path: Path) -> Document:
    """The document of a fixture."""
    return reader_of(path.suffix[1:])(path.read_text(encoding="utf-8"))


def summary_of(document: Document) -> dict[str, Any]:
    """Every part of a document, one short line each."""
    return {
        "title": document.title,
        "front_matter": document.front_matter,
        "lines": document.lines,
        "headings": [f"{item.line}: {'#' * item.level} {item.text} #{item.anchor}" for item in document.headings],
        "blocks": [f"{item.line}: {item.kind} §{item.section}: {item.text}" for item in document.blocks],
        "code": [item.text[start:end] for item in document.blocks for start, end in zip(item.code[::2], item.code[1::2], strict=True)],
        "references": [f"{item.line}: {item.kind} {item.target} [{item.text}] {_place(item)}" for item in document.references],
        "components": [
            f"{item.line}: <{' '.join([item.name, *_attributes(item)])}> [{item.text}] {_place(item)}" for item in document.components
        ],
        "counts": {name: count for name, count in msgspec.structs.asdict(document.counts).items() if count},
        "problems": [f"{item.line}: {item.rule} {item.message}" for item in document.problems],
    }


def _attributes(item: Component) -> list[str]:
    return [f"{name}={value!r}" for name, value in item.attributes.items()] + [f"{name}={{…}}" for name in item.dynamic]


def _place(item: Reference | Component) -> str:
    return f"in {item.block} at {item.start}" if item.block >= 0 else "outside prose"


if __name__ == "__main__":
    for name in sys.argv[1:]:
        print(json.dumps(summary_of(read_fixture(Path(name))), ensure_ascii=False, indent=2))
