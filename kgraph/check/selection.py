"""From what people write to rules: numbers, names and severities."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from kgraph.check.error import CheckError
from kgraph.model.finding import RULES, Finding

__all__ = ["read_rules", "select_findings"]

_SEVERITIES = ("error", "warning", "note")


def read_rules(written: Iterable[str], option: str) -> frozenset[str]:
    """Numbers of the rules that ``written`` names, each item a list split at commas.

    A part is a number (``W201``), a name (``dead-link``), a severity (``error``, ``warning``, ``note``) or ``none``, in any
    letter case.

    Args:
        written: What stands on the command line.
        option: The option it stands behind, for the message of the error.

    Raises:
        CheckError: no rule goes by that name; the error lists the closest names.

    """
    found: set[str] = set()
    numbers = {rule.name: number for number, rule in RULES.items()}
    for part in (part.strip() for item in written for part in item.split(",")):
        if part.upper() in RULES:
            found.add(part.upper())
        elif part.lower() in numbers:
            found.add(numbers[part.lower()])
        elif part.lower() in _SEVERITIES:
            found.update(number for number, rule in RULES.items() if rule.severity == part.lower())
        elif part and part.lower() != "none":
            raise CheckError(f"{option}: no rule is called {part!r}: {_hint(part)}")
    return frozenset(found)


def _hint(part: str) -> str:
    """The names closest to what was written, else what can be written."""
    known = {name.casefold(): name for number, rule in RULES.items() for name in (number, rule.name)}
    known.update({name: name for name in (*_SEVERITIES, "none")})
    close = [known[name] for name in difflib.get_close_matches(part.casefold(), known, n=4, cutoff=0.5)]
    close += [name for key, name in known.items() if len(part) > 2 and part.casefold() in key and name not in close]
    if close:
        return f"did you mean {', '.join(close[:4])}?"
    return "use a number such as W201, a name such as dead-link, error, warning, note or none"


def select_findings(findings: Iterable[Finding], select: frozenset[str] | None, ignore: frozenset[str]) -> tuple[Finding, ...]:
    """Findings of the rules in ``select`` (of all when None) without those in ``ignore``, in their order."""
    return tuple(item for item in findings if (select is None or item.rule in select) and item.rule not in ignore)
