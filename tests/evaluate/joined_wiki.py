"""A small wiki that joins its pages in every way kgraph knows, for the tests of hiding."""

from __future__ import annotations

from pathlib import Path

__all__ = ["NAMES", "write_wiki"]

NAMES = (
    "Amber", "Basalt", "Copper", "Diamond", "Emerald", "Feldspar", "Garnet", "Hematite", "Iolite", "Jasper", "Kyanite", "Lazurite",
    "Malachite", "Nephrite", "Obsidian", "Pyrite",
)  # fmt: skip


def write_wiki(folder: Path) -> Path:
    """Write pages and two catalogs to ``folder``; every page is joined to some of the next ones."""
    pages = folder / "docs"
    pages.mkdir(parents=True)
    for place, name in enumerate(NAMES):
        near = [NAMES[(place + step) % len(NAMES)] for step in range(1, 8)]
        (pages / f"{name.lower()}-stone.mdx").write_text(_page(name, near), encoding="utf-8")
    data = folder / "data"
    (data / "entities").mkdir(parents=True)
    (data / "more").mkdir()
    rows = [_row(name, NAMES[(place + 3) % len(NAMES)], NAMES[place - 1]) for place, name in enumerate(NAMES)]
    rows += [_mine(name) for name in NAMES[:4]]
    rows.append("- id: guild\n  type: organization\n  title: Quarry Guild\n  related: [[amber-stone], jasper-stone]\n")
    (data / "entities" / "stones.yaml").write_text("".join(rows), encoding="utf-8")
    facts = [
        f"- id: {name.lower()}-stone\n  name: {name} Stone\n  madeOf: {NAMES[place - 2].lower()}-stone\n  hardness: {place}\n"
        for place, name in enumerate(NAMES)
    ]
    (data / "more" / "hardness.yaml").write_text("".join(facts), encoding="utf-8")
    return folder


def _page(name: str, near: list[str]) -> str:
    one, two, three, four, five, six, seven = (f"{other.lower()}-stone" for other in near)
    return f"""---
title: {name} Stone
related: "{one}, [[{two}]]"
relatedStones:
  - id: {three}
    relationship: causes
  - "[[{four}|{near[3]}]]"
---
{name} is found beside [{near[4]} Stone](./{five}.mdx), <EntityLink id="{six}">{near[5]} Stone</EntityLink> and [[{seven}]].

It is cut like [the first]({one}.mdx) and <a href="/{two}/">the second</a>.

## See also

- [{near[0]} Stone]({one}.mdx): polished alike
- <EntityLink id="{four}">{near[3]} Stone</EntityLink>, [[{five}|{near[4]} Stone]]
"""


def _row(name: str, third: str, before: str) -> str:
    return f"""- id: {name.lower()}-stone
  type: concept
  title: {name} Stone
  relatedEntries:
    - id: {third.lower()}-stone
      type: concept
      relationship: part-of
    - id: {before.lower()}-stone
  keyStones: [{third.lower()}-stone, {before.lower()}-stone]
"""


def _mine(name: str) -> str:
    """A row that shares its address with a page."""
    return f"""- id: {name.lower()}-mine
  type: organization
  title: {name} Mine
  path: /{name.lower()}-stone/
  seeAlso: [guild]
  owner: guild
"""
