"""From what people write to rules: numbers, names and severities."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

from msgspec import structs

from kgraph.check.error import CheckError
from kgraph.config import Check, Level
from kgraph.ingest.globs import matches
from kgraph.model.finding import RULES, Finding, find_rules

__all__ = ["named", "read_rules", "select_findings", "weigh"]

_SEVERITIES = ("error", "warning", "note")
_LIKE_DIGITS = str.maketrans("OIL", "011")


def read_rules(written: Iterable[str], option: str) -> frozenset[str]:
    """What ``written`` names, each item a list split at commas: numbers, names and severities in lower case, ready for :func:`named`.

    Args:
        written: What stands on the command line or in the settings; ``none`` stands for nothing.
        option: The option it stands behind, for the message of the error.

    Raises:
        CheckError: no rule goes by that name; the error lists the closest names.

    """
    parts = [part.strip() for item in written for part in item.split(",")]
    for part in parts:
        if part and not find_rules(part) and part.casefold() != "none":
            raise CheckError(f"{option}: no rule is called {part!r}: {_hint(part)}")
    return frozenset(part.casefold() for part in parts) - {"", "none"}


def _hint(part: str) -> str:
    """The names closest to what was written, else what can be written."""
    known = {name.casefold(): name for number, rule in RULES.items() for name in (number, rule.name)}
    known.update({name: name for name in (*_SEVERITIES, "none")})
    meant = part.upper().translate(_LIKE_DIGITS)
    close = [meant] if meant in RULES else []
    close += [known[name] for name in difflib.get_close_matches(part.casefold(), known, n=4, cutoff=0.5) if known[name] not in close]
    close += [name for key, name in known.items() if len(part) > 2 and part.casefold() in key and name not in close]
    if close:
        return f"did you mean {', '.join(close[:4])}?"
    return "use a number such as W201, a name such as dead-link, error, warning, note or none"


def named(item: Finding, rules: frozenset[str]) -> bool:
    """Whether the number, the name or the severity in force of a finding is among ``rules``, as :func:`read_rules` gives them."""
    return not rules.isdisjoint((item.rule.casefold(), item.name, item.severity))


def select_findings(findings: Iterable[Finding], select: frozenset[str] | None, ignore: frozenset[str]) -> tuple[Finding, ...]:
    """Findings of the rules in ``select`` (of all when None) without those in ``ignore``, in their order."""
    return tuple(item for item in findings if (select is None or named(item, select)) and not named(item, ignore))


def weigh(findings: Iterable[Finding], settings: Check) -> tuple[Finding, ...]:
    """The findings with the severity that the settings give them, without those that are switched off; in their order."""
    weighed = ((item, _level(item, settings)) for item in findings)
    return tuple(structs.replace(item, level=level) if level else item for item, level in weighed if level != "off")


def _level(item: Finding, settings: Check) -> Level | None:
    """What the last fitting glob says of a finding, else the whole site."""
    found = _told(item, settings.rules)
    for glob, rules in settings.paths.items():
        if matches(item.path, (glob,)):
            found = _told(item, rules) or found
    return found


def _told(item: Finding, rules: Mapping[str, Level]) -> Level | None:
    """What a table says of a finding: by the number or name of its rule, else by the severity of its rule."""
    broad = None
    for written, level in rules.items():
        key = written.strip().casefold()
        if key in (item.rule.casefold(), item.name):
            return level
        if key == RULES[item.rule].severity:
            broad = level
    return broad
