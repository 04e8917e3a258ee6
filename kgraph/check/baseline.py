"""Baselines: findings that were there before, so that only new ones count.

A finding is known again by its rule, path and message, not by its line: lines move when text above them changes. Of findings
that share all three, as many are known as the baseline counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TypeAlias

import msgspec
from msgspec import Struct

from kgraph.check.error import CheckError
from kgraph.model.finding import Finding

__all__ = ["Baseline", "find_baseline", "new_findings", "write_baseline"]

_Key: TypeAlias = tuple[str, str, str]
_VERSION = 1


class _Known(Struct, frozen=True, forbid_unknown_fields=True):
    """Findings that share rule, path and message."""

    path: str
    rule: str
    message: str
    count: int


class Baseline(Struct, frozen=True, forbid_unknown_fields=True):
    """Content of a baseline file."""

    version: int
    """Layout of the file."""
    findings: tuple[_Known, ...]


def write_baseline(path: Path, findings: Iterable[Finding]) -> None:
    """Write a baseline as JSON; the same findings give the same bytes.

    Raises:
        CheckError: the file cannot be written.

    """
    counts = Counter(map(_key, findings))
    known = tuple(_Known(place, rule, message, counts[place, rule, message]) for place, rule, message in sorted(counts))
    try:
        path.write_bytes(msgspec.json.format(msgspec.json.encode(Baseline(_VERSION, known)), indent=1) + b"\n")
    except OSError as error:
        raise CheckError(f"{path}: cannot be written ({error.strerror}): give another file to --baseline") from None


def find_baseline(path: Path) -> Baseline | None:
    """The baseline in a file, or None when there is no such file.

    Raises:
        CheckError: the file cannot be read or is no baseline.

    """
    try:
        baseline = msgspec.json.decode(path.read_bytes(), type=Baseline)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CheckError(f"{path}: cannot be read ({error.strerror}): give another file to --baseline") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise CheckError(f"{path}: no baseline ({error}): remove it to have it written anew") from None
    if baseline.version != _VERSION:
        raise CheckError(f"{path}: a baseline of version {baseline.version}, not {_VERSION}: remove it to have it written anew")
    return baseline


def new_findings(findings: Iterable[Finding], baseline: Baseline) -> tuple[Finding, ...]:
    """The findings that the baseline does not know, in their order."""
    left = Counter({(item.path, item.rule, item.message): item.count for item in baseline.findings})
    found: list[Finding] = []
    for item in findings:
        if left[_key(item)] > 0:
            left[_key(item)] -= 1
        else:
            found.append(item)
    return tuple(found)


def _key(item: Finding) -> _Key:
    return item.path, item.rule, item.message
