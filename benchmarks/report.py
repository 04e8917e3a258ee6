"""Writes ``docs/benchmarks.md`` anew: runs the benchmarks and puts what they print between the marks of its sections.

    python -m benchmarks.report small|large [SECTION …]

A section stands between ``<!-- begin NAME -->`` and ``<!-- end NAME -->``; the prose about it is outside, and stays.
"""

from __future__ import annotations

import math
import os
import platform
import re
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.__main__ import REPOSITORY

PAGE = REPOSITORY / "docs" / "benchmarks.md"
SMALL = {
    "build": ["benchmarks"],
    "profile": ["benchmarks.profile"],
    "builders": ["benchmarks.builders"],
    "limits": ["benchmarks.limits"],
    "vault": ["benchmarks.vault"],
    "ranking": ["benchmarks.scale", "20000"],
    "pictures": ["benchmarks.pictures"],
    "neighbours": ["benchmarks.neighbours"],
    "hidden": ["benchmarks.hidden"],
    "recall": ["benchmarks.recall"],
    "graphs": ["benchmarks.graphs", "100000"],
    "sparql": ["benchmarks.sparql"],
    "sparql-large": ["benchmarks.sparql", "--quads", "5000000", "--no-rdflib", "--limit", "60", "--runs", "3"],
}
LARGE = {
    "scale": ["benchmarks.scale", "1000", "5000", "20000", "100000"],
    "graphs-large": ["benchmarks.graphs", "1000000", "10000000"],
    "spark": ["benchmarks.spark"],
    "http": ["benchmarks.http"],
}
"""Section, and the module with its arguments that prints it."""


def main() -> None:
    """Run the sections of a set, or those that are named."""
    chosen = {"small": SMALL, "large": LARGE}[sys.argv[1]]
    for name, command in chosen.items():
        if sys.argv[2:] and name not in sys.argv[2:]:
            continue
        print(f"\n## {name}: python -m {' '.join(command)}", flush=True)
        done = subprocess.run([sys.executable, "-m", *command], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True, check=False)
        print(done.stdout, flush=True)
        if done.returncode:
            print(f"{name}: ended with {done.returncode}: left as it was", file=sys.stderr)
            continue
        write_section(PAGE, name, f"{done.stdout.strip()}\n\n{_where()}")
        if name == "scale":
            draw_growth(PAGE, PAGE.parent / "pictures" / "scale.png")


def write_section(page: Path, name: str, text: str) -> None:
    """Put a text between the marks of a section.

    Raises:
        SystemExit: there are no such marks.

    """
    whole = page.read_text(encoding="utf-8")
    marks = re.compile(rf"(<!-- begin {re.escape(name)} -->\n).*?(\n<!-- end {re.escape(name)} -->)", re.DOTALL)
    if not marks.search(whole):
        raise SystemExit(f"{page}: no section {name}: add <!-- begin {name} --> and <!-- end {name} -->")
    page.write_text(marks.sub(lambda found: f"{found[1]}\n{text}\n{found[2]}", whole, count=1), encoding="utf-8")


def draw_growth(page: Path, picture: Path) -> None:
    """Draw processor time and memory of the section ``scale`` by pages, both on logarithmic scales, with n ln n beside."""
    import matplotlib as mpl

    mpl.use("agg")
    import matplotlib.pyplot as plt

    section = page.read_text(encoding="utf-8").partition("<!-- begin scale -->")[2].partition("<!-- end scale -->")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line.startswith("|")]
    pages = [int(row[0].replace(",", "")) for row in rows[2:]]
    figure, axes = plt.subplots(1, 2, figsize=(9, 3.4), layout="constrained")
    for axis, name in zip(axes, ("processor, s", "memory, MB"), strict=True):
        column = rows[0].index(name)
        values = [float(row[column].replace(",", "")) for row in rows[2:]]
        axis.loglog(pages, values, "o-", color="#1f5fa8", label=name)
        fitted = [values[0] * count * math.log(count) / (pages[0] * math.log(pages[0])) for count in pages]
        axis.loglog(pages, fitted, ":", color="#777777", label="n ln n")
        axis.set_xlabel("pages")
        axis.set_title(name)
        axis.grid(visible=True, which="major", color="#dddddd")
        axis.legend(frameon=False)
    figure.savefig(picture, dpi=110, metadata={"Software": None})
    plt.close(figure)


def _where() -> str:
    load = os.getloadavg()[0]
    busy = f", load {load:.0f}: other work ran beside it" if load > 2 * (os.cpu_count() or 1) else ""
    return f"measured on {os.cpu_count()} processors{busy}, Python {platform.python_version()}, {time.strftime('%Y-%m')}"


if __name__ == "__main__":
    main()
