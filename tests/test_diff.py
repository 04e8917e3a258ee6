"""Differences between two builds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

import kgraph
from kgraph.diff import Difference, ListItem, SignalMove, as_json, as_markdown, as_text, compare
from tests.conftest import RunKgraph

ROWS = """\
- id: quay
  type: place
  title: Quay
  relatedEntries:
    - id: crane
      relationship: {}
- id: crane
  title: Crane
  type: {}
"""
WORDS = ("rope", "sail", "keel", "mast", "buoy", "hull", "deck", "oars", "tide", "gale", "reef", "port")


def wiki_of(relation: str = "uses", kind: str = "tool", **pages: str) -> dict[str, str]:
    files = {"data/entities/a.yaml": ROWS.format(relation, kind)}
    files["docs/quay.md"] = "# Quay\n\nShips lie at the [crane](crane.md), near the water.\n"
    files["docs/crane.md"] = "# Crane\n\nIt lifts crates off ships.\n"
    return files | {f"docs/{name}.md": text for name, text in pages.items()}


def build(folder: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        path = folder / "source" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    kgraph.build(folder / "source", folder / "work", jobs=1)
    return folder / "work"


def difference_of(tmp_path: Path, old: Mapping[str, str], new: Mapping[str, str]) -> Difference:
    return compare(build(tmp_path / "old", old), build(tmp_path / "new", new))


def test_nothing_differs(tmp_path: Path) -> None:
    found = difference_of(tmp_path, wiki_of(), wiki_of())
    assert not found
    assert as_text(found) == ""
    assert as_markdown(found) == "Nothing differs.\n"
    assert json.loads(as_json(found))["differs"] is False


def test_pages_and_entities_come_go_and_change(tmp_path: Path) -> None:
    old = wiki_of(ferry="# Ferry\n\nIt crosses at noon.\n")
    new = wiki_of(kind="project", barge="# Barge | [x](y)\n\nIt carries sand.\n")
    new["docs/quay.md"] = new["docs/quay.md"].replace("# Quay", "# Old Quay")
    found = difference_of(tmp_path, old, new)
    assert [(item.id, item.title) for item in found.entities_removed] == [("ferry", "Ferry")]
    assert [item.id for item in found.entities_added] == ["barge"]
    assert [item.id for item in found.pages_added] == ["docs/barge.md"]
    assert [item.id for item in found.pages_removed] == ["docs/ferry.md"]
    changed = {(item.id, item.field): (item.old, item.new) for item in found.entities_changed}
    assert changed["crane", "type"] == ("tool", "project")
    assert changed["quay", "title"] == ("Quay", "Old Quay")
    assert [(item.id, item.field) for item in found.pages_changed] == [("docs/quay.md", "content")]
    text = as_text(found)
    assert "  ~ quay: title: Quay → Old Quay\n" in text
    assert "  - docs/ferry.md (Ferry)\n" in text
    assert "- added: barge (Barge \\| " in as_markdown(found)


def test_a_page_that_moved(tmp_path: Path) -> None:
    old, new = wiki_of(), wiki_of()
    new["docs/port/crane.md"] = new.pop("docs/crane.md")
    new["docs/quay.md"] = new["docs/quay.md"].replace("(crane.md)", "(port/crane.md)")
    found = difference_of(tmp_path, old, new)
    assert found.pages_added == found.pages_removed == ()
    moves = [(item.id, item.old) for item in found.pages_changed if item.field == "path"]
    assert moves == [("docs/port/crane.md", "docs/crane.md")]
    assert found.links_added == found.links_removed == ()


def test_links_and_relations(tmp_path: Path) -> None:
    old, new = wiki_of(), wiki_of(relation="owns")
    new["docs/quay.md"] = "# Quay\n\nOne more line.\n\nShips lie at the [crane](crane.md), near the [sea](sea.md).\n"
    new["docs/crane.md"] += "\nBy the [quay](quay.md), at the [same](quay.md).\n"
    found = difference_of(tmp_path, old, new)
    added = [(item.source, item.target, item.name, item.count) for item in found.links_added]
    assert added == [("crane", "quay", "link", 2), ("quay", "sea.md", "dead link", 1)]
    assert found.links_removed == ()
    assert [(item.name, item.line) for item in found.relations_added] == [("owns", 5)]
    assert [item.name for item in found.relations_removed] == ["uses"]
    assert "  + crane → quay: link (2 times), docs/crane.md:5\n" in as_text(found)


def many_pages(linked: str) -> dict[str, str]:
    """Twelve pages, each about a word; the first one links one of them."""
    pages = {name: f"# {name.title()}\n\nA page on {name} at sea, in the same words as all.\n" for name in WORDS}
    pages["rope"] += f"\nTied to the [{linked}]({linked}.md), and to {linked} again.\n"
    return {f"{name}.md": text for name, text in pages.items()}


def test_related_lists(tmp_path: Path) -> None:
    builds = build(tmp_path / "old", many_pages("sail")), build(tmp_path / "new", many_pages("port"))
    found = compare(*builds, k=1)
    change = next(item for item in found.related_changed if item.id == "rope")
    assert [(item.id, item.new_rank) for item in change.entered] == [("port", 1)]
    assert [(item.id, item.old_rank) for item in change.left] == [("sail", 1)]
    assert all(item.signal is not None and item.signal.signal for item in (*change.entered, *change.left))
    assert "  + rope: port entered at 1" in as_text(found)
    longer = compare(*builds, k=50)
    moved = next(item for item in longer.related_changed if item.id == "rope").moved
    assert all(item.old_rank != item.new_rank for item in moved)


def test_what_is_said_of_a_list() -> None:
    from kgraph.diff import ListChange

    items = (ListItem("b", None, 2, SignalMove("link", None, 0.25)), ListItem("c", 14, 3, None))
    found = Difference((), (), (), (), (), (), (), (), (), (), (ListChange("a", items, (), (ListItem("d", 1, 4, None),)),), True)
    assert as_text(found).splitlines() == [
        "Related lists", "  + a: b entered at 2; link not listed → 0.250", "  + a: c entered at 3 (was 14); its own score stayed",
        "  ~ a: d 1 → 4",
    ]  # fmt: skip
    assert json.loads(as_json(found))["related_changed"][0]["entered"][0]["signal"] == {"signal": "link", "old": None, "new": 0.25}


def test_workspaces_that_are_not_ranked(tmp_path: Path, run_kgraph: RunKgraph) -> None:
    work = build(tmp_path / "one", wiki_of())
    assert run_kgraph("ingest", tmp_path / "one" / "source", "-w", tmp_path / "plain").returncode == 0
    found = compare(work, tmp_path / "plain")
    assert not found
    assert not found.related_compared
    done = run_kgraph("diff", work, tmp_path / "plain")
    assert done.returncode == 0
    assert "kgraph rank" in done.stderr


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_exit_codes(form: str, tmp_path: Path, run_kgraph: RunKgraph) -> None:
    old, new = build(tmp_path / "old", wiki_of()), build(tmp_path / "new", wiki_of(barge="# Barge\n\nIt carries sand.\n"))
    done = run_kgraph("diff", old, new, "--format", form)
    assert done.returncode == 1
    assert "barge" in done.stdout
    same = run_kgraph("diff", old, old, "--format", form)
    assert same.returncode == 0
    assert same.stderr == "nothing differs\n"


def test_a_generation_of_a_workspace(tmp_path: Path, run_kgraph: RunKgraph) -> None:
    work = build(tmp_path / "wiki", wiki_of())
    build(tmp_path / "wiki", wiki_of(barge="# Barge\n\nIt carries sand.\n"))
    done = run_kgraph("diff", work / "generations" / "1", work, "--format", "json")
    assert done.returncode == 1
    assert [item["id"] for item in json.loads(done.stdout)["pages_added"]] == ["docs/barge.md"]
    assert run_kgraph("diff", work / "current", work).returncode == 0


def test_missing_workspaces(tmp_path: Path, run_kgraph: RunKgraph) -> None:
    done = run_kgraph("diff", "nowhere", "neither")
    assert done.returncode == 3
    assert len(done.stderr.splitlines()) == 1
    assert run_kgraph("diff", "nowhere").returncode == 2
