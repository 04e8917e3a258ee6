"""Formats of findings, with paths and messages that try to break them."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

import pytest

from kgraph.check.report import as_github, as_json, as_sarif, as_text, summary
from kgraph.model.finding import RULES, Finding, finding

HOSTILE = Finding("a dir/50%, x:y #1.md", 7, "W201", "link to 'a\r\n::error::b' 100%, c: d\x1b[31m")
WHOLE = finding("N401", "no page links to\nit", "ö.md")
BAD = finding("E103", "front matter: not YAML", "bad.md", 2)


def test_text() -> None:
    assert as_text([WHOLE]) == "ö.md: N401 orphan: no page links to it\n"
    assert as_text([BAD]) == "bad.md:2: E103 bad-front-matter: front matter: not YAML\n"
    lines = as_text([HOSTILE]).splitlines()
    assert lines == [r"a dir/50%, x:y #1.md:7: W201 dead-link: link to 'a\x0d\x0a::error::b' 100%, c: d\x1b[31m"]
    assert as_text([]) == ""


def test_json() -> None:
    rows = json.loads(as_json([HOSTILE, WHOLE]))
    assert list(rows[0]) == ["rule", "name", "severity", "path", "line", "message", "detail"]
    assert rows[0]["message"] == HOSTILE.message
    assert rows[1] == {
        "rule": "N401", "name": "orphan", "severity": "note", "path": "ö.md", "line": 0, "message": "no page links to it", "detail": "",
    }  # fmt: skip
    assert json.loads(as_json([])) == []


def test_github() -> None:
    lines = as_github([HOSTILE, WHOLE, BAD], folder="docs").splitlines()
    assert lines == [
        "::warning file=docs/a dir/50%25%2C x%3Ay #1.md,line=7,title=W201 dead-link::link to 'a%0D%0A::error::b' 100%25, c: d\x1b[31m",
        "::notice file=docs/ö.md,title=N401 orphan::no page links to it",
        "::error file=docs/bad.md,line=2,title=E103 bad-front-matter::front matter: not YAML",
    ]


def sarif_results(log: dict[str, Any]) -> list[dict[str, Any]]:
    """Results of a log whose structure is that of SARIF 2.1.0."""
    assert log["$schema"].endswith("sarif-2.1.0.json")
    assert log["version"] == "2.1.0"
    [run] = log["runs"]
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("kgraph", "9.9")
    assert [rule["id"] for rule in driver["rules"]] == list(RULES)
    for rule in driver["rules"]:
        assert rule["shortDescription"]["text"]
        assert rule["defaultConfiguration"]["level"] in ("error", "warning", "note")
    for result in run["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
        assert result["message"]["text"]
    results: list[dict[str, Any]] = run["results"]
    return results


def test_sarif() -> None:
    results = sarif_results(json.loads(as_sarif([HOSTILE, HOSTILE, WHOLE], version="9.9")))
    places = [result["locations"][0]["physicalLocation"] for result in results]
    assert places[0] == {"artifactLocation": {"uri": "a%20dir/50%25%2C%20x%3Ay%20%231.md"}, "region": {"startLine": 7}}
    assert unquote(places[0]["artifactLocation"]["uri"]) == HOSTILE.path
    assert places[2] == {"artifactLocation": {"uri": "%C3%B6.md"}}
    assert len({result["partialFingerprints"]["finding/v1"] for result in results}) == 3
    inner = sarif_results(json.loads(as_sarif([WHOLE], version="9.9", folder="my docs")))
    assert inner[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "my%20docs/%C3%B6.md"
    assert sarif_results(json.loads(as_sarif([], version="9.9"))) == []


@pytest.mark.parametrize(
    ("findings", "known", "line"),
    [
        ([], 0, "0 findings in 1 page (0 errors, 0 warnings, 0 notes)"),
        ([HOSTILE, BAD], 3, "2 findings in 1 page (1 error, 1 warning, 0 notes); 3 more are in the baseline"),
    ],
)
def test_summary(findings: list[Finding], known: int, line: str) -> None:
    assert summary(findings, 1, known=known) == line
