"""Print the reference of the command line as Markdown: docs/cli.md is its output."""

from __future__ import annotations

from typing import Any

import typer.main

from kgraph.cli.app import app


def main() -> None:
    """Print a section for each command."""
    print("# Commands\n\nMade by `scripts/cli_reference.py` from the help of each command.\n")
    print("Exit codes: 0 done · 1 `check` or `diff` found something · 2 bad usage or bad input · 3 the workspace is missing, locked,")
    print("damaged or on a full disk · 130 interrupted. Data goes to stdout, everything else to stderr.\n")
    _section(typer.main.get_command(app), "kgraph")


def _section(command: Any, name: str) -> None:
    children = getattr(command, "commands", {})
    for child_name, child in children.items():
        if getattr(child, "commands", None):
            _section(child, f"{name} {child_name}")
            continue
        print(f"## {name} {child_name}\n\n{(child.help or '').strip()}\n")
        print("| argument or option | meaning | default |\n| --- | --- | --- |")
        for parameter in child.params:
            _row(parameter)
        print()


def _row(parameter: Any) -> None:
    argument = type(parameter).__name__.endswith("Argument")
    names = parameter.name.upper() if argument else ", ".join(f"`{name}`" for name in parameter.opts)
    meaning = (parameter.help or "").replace("|", "\\|")
    if choices := getattr(parameter.type, "choices", ()):
        meaning += " One of " + ", ".join(f"`{getattr(choice, 'value', choice)}`" for choice in choices) + "."
    shown = parameter.show_default if isinstance(parameter.show_default, str) else parameter.default
    default = "" if shown is None or isinstance(shown, bool) else str(getattr(shown, "value", shown))
    print(f"| {names} | {meaning} | {default} |")


if __name__ == "__main__":
    main()
