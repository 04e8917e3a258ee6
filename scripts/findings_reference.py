"""Print the reference of the rules as Markdown: docs/findings.md is its output."""

from __future__ import annotations

from kgraph.model.finding import RULES

_INTRODUCTION = """\
# Findings

Made by `scripts/findings_reference.py` from the rules themselves.

Everything that kgraph finds wrong in its input has a number. `kgraph stats --problems` lists what the last build found,
`kgraph check` finds more and sets an exit code; [checking.md](checking.md) tells how it is used and how sure it is. `E` stops nothing but
the file it is about; `W` wants mending; `N` is worth a look. `[check]` in `kgraph.toml` gives a rule another severity, on the whole site or
below a folder ([configuration.md](configuration.md)).

| number | name | severity | meaning and mend |
| --- | --- | --- | --- |
"""


def main() -> None:
    """Print a row for each rule."""
    rows = [
        f"| {number} | `{rule.name}` | {rule.severity} | {rule.summary.replace('|', chr(92) + '|')} |\n" for number, rule in RULES.items()
    ]
    print(_INTRODUCTION + "".join(rows), end="")


if __name__ == "__main__":
    main()
