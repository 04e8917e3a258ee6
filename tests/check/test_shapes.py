"""Shapes that a user gives: their violations are findings."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import RunKgraph
from tests.ingest.wiki import write_wiki

SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix kg: <https://w3id.org/kgraph/ns#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<urn:s> a sh:NodeShape ; sh:targetClass kg:Policy ;
  sh:property <urn:p> .
<urn:p> sh:path skos:altLabel ; sh:minCount 1 ; sh:message "a policy needs a short name" .
"""
PAGES = {
    "law.md": "---\ntype: policy\n---\n# Law\n\n[Act](act.md)\n",
    "act.md": "---\ntype: policy\naliases: [AA]\n---\n# Act\n\n[Law](law.md)\n",
}


def test_violations_are_findings(tmp_path: Path, run_kgraph: RunKgraph) -> None:
    write_wiki(tmp_path / "wiki", PAGES)
    (tmp_path / "shapes.ttl").write_text(SHAPES)
    done = run_kgraph("check", tmp_path / "wiki", "--shapes", tmp_path / "shapes.ttl", "--select", "W901")
    assert done.returncode == 1, done.stderr
    assert "law.md" in done.stdout
    assert "law skos:altLabel: a policy needs a short name" in done.stdout
    assert "act.md" not in done.stdout


def test_a_site_that_conforms_has_none(tmp_path: Path, run_kgraph: RunKgraph) -> None:
    write_wiki(tmp_path / "wiki", {"act.md": PAGES["act.md"]})
    (tmp_path / "shapes.ttl").write_text(SHAPES)
    assert run_kgraph("check", tmp_path / "wiki", "--shapes", tmp_path / "shapes.ttl", "--select", "W901").returncode == 0


@pytest.mark.parametrize("text", [None, "no turtle at all <", "<urn:s> a <http://www.w3.org/ns/shacl#NodeShape> ; <urn:p> ."])
def test_shapes_that_cannot_be_read(text: str | None, tmp_path: Path, run_kgraph: RunKgraph) -> None:
    write_wiki(tmp_path / "wiki", PAGES)
    if text is not None:
        (tmp_path / "shapes.ttl").write_text(text)
    done = run_kgraph("check", tmp_path / "wiki", "--shapes", tmp_path / "shapes.ttl")
    assert done.returncode == 2, done.stderr
    assert "shapes.ttl: " in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
