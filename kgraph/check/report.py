"""Findings as text, JSON, SARIF 2.1.0 and annotations of GitHub."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from kgraph.model.finding import RULES, Finding

__all__ = ["as_github", "as_json", "as_sarif", "as_text", "summary"]

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_GITHUB_LEVELS = {"error": "error", "warning": "warning", "note": "notice"}


def as_text(findings: Sequence[Finding]) -> str:
    """One line a finding: ``path:line: W201 dead-link: message``; control characters are shown, not sent to the terminal."""
    return "".join(_line(item) for item in findings)


def _line(item: Finding) -> str:
    place = f"{item.path}:{item.line}" if item.line else item.path
    return _CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", f"{place}: {item.rule} {item.name}: {item.told}") + "\n"


def as_json(findings: Sequence[Finding]) -> str:
    """A list of objects with the keys rule, name, severity, path, line (0 when the whole file is meant), message and detail."""
    rows = [
        {"rule": item.rule, "name": item.name, "severity": item.severity, "path": item.path, "line": item.line,
         "message": item.message, "detail": item.detail}
        for item in findings
    ]  # fmt: skip
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def as_github(findings: Sequence[Finding], *, folder: str = "") -> str:
    """One workflow command a finding; ``folder`` leads from the root of the repository to SOURCE.

    See https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands.
    """
    lines = []
    for item in findings:
        properties = {"file": _joined(folder, item.path)}
        if item.line:
            properties["line"] = str(item.line)
        properties["title"] = f"{item.rule} {item.name}"
        told = ",".join(f"{key}={_github_property(value)}" for key, value in properties.items())
        lines.append(f"::{_GITHUB_LEVELS[item.severity]} {told}::{_github_data(item.told)}\n")
    return "".join(lines)


def _github_data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _github_property(text: str) -> str:
    return _github_data(text).replace(":", "%3A").replace(",", "%2C")


def as_sarif(findings: Sequence[Finding], *, version: str, folder: str = "") -> str:
    """A SARIF 2.1.0 log with one run.

    Args:
        findings: Results.
        version: Version of kgraph.
        folder: From the root of the repository to SOURCE; addresses of files are relative to that root.

    """
    numbers = {number: place for place, number in enumerate(RULES)}
    seen: Counter[str] = Counter()
    results: list[dict[str, Any]] = []
    for item in findings:
        print_ = hashlib.sha256("\0".join((item.rule, item.path, item.message)).encode("utf-8", "replace")).hexdigest()[:32]
        seen[print_] += 1
        place: dict[str, Any] = {"artifactLocation": {"uri": quote(_joined(folder, item.path), safe="/", errors="replace")}}
        if item.line:
            place["region"] = {"startLine": item.line}
        results.append({
            "ruleId": item.rule, "ruleIndex": numbers[item.rule], "level": item.severity, "message": {"text": item.told},
            "locations": [{"physicalLocation": place}], "partialFingerprints": {"finding/v1": f"{print_}:{seen[print_]}"},
        })  # fmt: skip
    driver = {"name": "kgraph", "version": version, "rules": [_sarif_rule(number) for number in RULES]}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=1) + "\n"


def _sarif_rule(number: str) -> dict[str, Any]:
    rule = RULES[number]
    return {
        "id": number, "name": rule.name, "shortDescription": {"text": rule.summary},
        "defaultConfiguration": {"level": rule.severity},
    }  # fmt: skip


def _joined(folder: str, path: str) -> str:
    return f"{folder}/{path}" if folder else path


def summary(findings: Sequence[Finding], pages: int, *, known: int = 0) -> str:
    """One line: how many findings of each severity on how many pages, and how many more the baseline knows."""
    counts = Counter(item.severity for item in findings)
    told = ", ".join(f"{counts[level]:,} {level}{'' if counts[level] == 1 else 's'}" for level in ("error", "warning", "note"))
    more = f"; {known:,} more {'is' if known == 1 else 'are'} in the baseline" if known else ""
    return f"{len(findings):,} finding{'' if len(findings) == 1 else 's'} in {pages:,} page{'' if pages == 1 else 's'} ({told}){more}"
