"""The table of requirements in docs/sparql-protocol.md names tests that exist."""

from __future__ import annotations

import re

from tests.conftest import REPOSITORY


def test_every_requirement_names_a_test_that_exists() -> None:
    text = (REPOSITORY / "docs" / "sparql-protocol.md").read_text(encoding="utf-8")
    sources = [path.read_text(encoding="utf-8") for path in sorted((REPOSITORY / "tests" / "serve").glob("test_*.py"))]
    defined = {name for source in sources for name in re.findall(r"^def (test_\w+)\(", source, re.M)}
    rows = [line for line in text.splitlines() if line.startswith("|") and "test_" in line]
    assert len(rows) >= 40
    for row in rows:
        named = re.findall(r"`(test_\w+)`", row)
        assert named, row
        assert set(named) <= defined, row


def test_every_table_of_requirements_has_a_test_in_each_row() -> None:
    text = (REPOSITORY / "docs" / "sparql-protocol.md").read_text(encoding="utf-8")
    for part in re.split(r"^## ", text, flags=re.M)[2:]:
        rows = [line for line in part.splitlines() if line.startswith("|")][2:]
        assert rows
        assert all("`test_" in row for row in rows), part
