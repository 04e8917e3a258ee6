"""The property that a build after any edit gives the bytes of a cold build, exports for a site build included.

A few edits in each run; ``KGRAPH_EDITS=200`` makes as many.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox

from kgraph.export.republish import export_site
from kgraph.pipeline import build_workspace, site_config
from kgraph.rdf.store import open_store
from kgraph.workspace import Workspace
from tests.builds.wiki import WIKI, outputs, write_wiki

EDITS = int(os.environ.get("KGRAPH_EDITS", "15"))


def pages_of(wiki: Path) -> list[Path]:
    return sorted(path for path in wiki.rglob("*.md*") if path.is_file())


def reword(wiki: Path, dice: random.Random) -> None:
    path = dice.choice(pages_of(wiki))
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    lines.insert(
        dice.randrange(len(lines) + 1), dice.choice(["Rain fell on the mill.\n", "\n## Later\n\n", "| a | b |\n| - | - |\n", "---\n"])
    )
    path.write_text("".join(lines), encoding="utf-8")


def link(wiki: Path, dice: random.Random) -> None:
    path = dice.choice(pages_of(wiki))
    target = dice.choice([other.stem for other in pages_of(wiki)] + ["nowhere", "ferry"])
    with path.open("a", encoding="utf-8") as stream:
        stream.write(f"\nSee [[{target}]] too.\n")


def shorten(wiki: Path, dice: random.Random) -> None:
    path = dice.choice(pages_of(wiki))
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    if len(lines) > 3:
        del lines[dice.randrange(len(lines))]
        path.write_text("".join(lines), encoding="utf-8")


def add(wiki: Path, dice: random.Random) -> None:
    name = f"{dice.choice(['lock', 'sluice', 'miller', 'bridge'])}-{dice.randrange(30)}"
    folder = dice.choice(["water", "people", "tools"])
    path = wiki / "docs" / folder / f"{name}.{dice.choice(['md', 'mdx'])}"
    path.parent.mkdir(exist_ok=True)
    head = f"---\ntype: {dice.choice(['place', 'person', 'risk'])}\nlastEdited: 20{dice.randrange(10, 26)}-01-02\nrelated: [mill]\n---\n"
    path.write_text(f"{head}# {name.title()}\n\nBy the [[weir]], as the water mill is.\n", encoding="utf-8")


def remove(wiki: Path, dice: random.Random) -> None:
    pages = pages_of(wiki)
    if len(pages) > 3:
        dice.choice(pages).unlink()


def move(wiki: Path, dice: random.Random) -> None:
    path = dice.choice(pages_of(wiki))
    path.rename(path.with_name(f"moved-{dice.randrange(30)}{path.suffix}"))


def retype(wiki: Path, dice: random.Random) -> None:
    rows = wiki / "data/entities/rows.yaml"
    text = rows.read_text(encoding="utf-8")
    old, new = dice.choice([("type: place", "type: risk"), ("type: risk", "type: place"), ("uses", "part-of"), ("Old Weir", "New Weir")])
    rows.write_text(text.replace(old, new, 1), encoding="utf-8")


def note(wiki: Path, dice: random.Random) -> None:
    path = dice.choice(pages_of(wiki))
    label, address = dice.choice(["a", "b"]), f"https://example.org/{dice.randrange(9)}"
    with path.open("a", encoding="utf-8") as stream:
        stream.write(f"\nSo it is said.[^{label}]\n\n[^{label}]: See [there]({address}).\n")


def catalog(wiki: Path, dice: random.Random) -> None:
    """Names and tags move between catalogs and pages, and with them the graphs that state them."""
    name, tag = dice.choice(["Corn mill", "Water mill", "Flour mill"]), dice.choice(["water", "grain"])
    rows = f"- {{id: mill, aliases: [{name}], tags: [{tag}]}}\n- {{id: weir, tags: [{tag}], aliases: [Dam {dice.randrange(3)}]}}\n"
    path = wiki / "data/facts/more.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(rows, encoding="utf-8")


def configure(wiki: Path, dice: random.Random) -> None:
    settings = [f"[lists]\ntop = {dice.randrange(1, 4)}\n", "[status]\nstale_days = 10\n", '[groups.place]\norder = ["person"]\n', ""]
    (wiki / "kgraph.toml").write_text(dice.choice(settings), encoding="utf-8")


KINDS: tuple[Callable[[Path, random.Random], None], ...] = (
    reword, note, catalog, link, link, shorten, catalog, add, note, add, remove, move, retype, configure, reword,
)  # fmt: skip


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def stored(workspace: Workspace) -> set[str]:
    """Statements of the store."""
    return {str(quad) for quad in open_store(workspace.get_current().folder / "store")}


def written(workspace: Workspace) -> set[str]:
    """Statements of the files of the dataset."""
    found: set[str] = set()
    for path in workspace.get_current().folder.glob("*.nq"):
        found |= {str(quad) for quad in ox.parse(path.read_bytes(), ox.RdfFormat.N_QUADS)}
    return found


def test_incremental_equals_cold_to_the_byte_after_random_edits(tmp_path: Path) -> None:
    wiki, warm, dice = write_wiki(tmp_path / "wiki", WIKI), Workspace(tmp_path / "warm"), random.Random(20)
    seen = set()
    for number in range(EDITS):
        kind = KINDS[number % len(KINDS)] if number < len(KINDS) else dice.choice(KINDS)
        kind(wiki, dice)
        cold = Workspace(tmp_path / f"cold{number}")
        build_workspace(wiki, warm, site_config(wiki), jobs=1)
        build_workspace(wiki, cold, site_config(wiki), jobs=1, full=True)
        assert outputs(warm.folder) == outputs(cold.folder), f"edit {number}: {kind.__name__}"
        export_site(warm.folder / "current/site", tmp_path / "out", html=True)
        export_site(cold.folder / "current/site", tmp_path / f"out{number}", html=True)
        found = tree(tmp_path / "out")
        assert found == tree(tmp_path / f"out{number}"), f"edit {number}: {kind.__name__}"
        seen.add(found["related.json"])
        assert stored(warm) == written(warm), f"edit {number}: {kind.__name__}"
    assert len(seen) > EDITS // 2
