"""Loading a dataset: all of it, and what differs from the build before."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from kgraph.rdf import graphs
from kgraph.rdf.loading import load_files
from kgraph.rdf.parts import whole
from kgraph.rdf.store import StoreWriter, open_store

MANY = {f"<http://e/s{number}> <http://e/p> <http://e/o> <http://e/graph/page/a> ." for number in range(200)}
INTEGER = "^^<http://www.w3.org/2001/XMLSchema#integer>"


def load(folder: Path, lines: Mapping[str, set[str]], before: Path | None = None) -> tuple[int, bool]:
    folder.mkdir(exist_ok=True)
    files = {name: whole(b"", sorted(found)) for name, found in lines.items()}
    return load_files(folder, files, before)


def quads(folder: Path) -> set[str]:
    return {str(quad) for quad in open_store(folder / "store")}


def as_quads(*lines: set[str]) -> set[str]:
    text = "\n".join(line for found in lines for line in found)
    return {str(quad) for quad in ox.parse(text, ox.RdfFormat.N_QUADS)}


def test_little_that_differs_changes_the_store_of_the_build_before(tmp_path: Path) -> None:
    load(tmp_path / "1", {"pages.nq": MANY})
    less = {line for line in MANY if "s17>" not in line} | {'<http://e/new> <http://e/p> "a" <http://e/graph/page/b> .'}
    assert load(tmp_path / "2", {"pages.nq": less}, tmp_path / "1") == (200, True)
    assert quads(tmp_path / "2") == as_quads(less)
    assert quads(tmp_path / "1") == as_quads(MANY)


def test_much_that_differs_is_loaded_anew(tmp_path: Path) -> None:
    load(tmp_path / "1", {"pages.nq": MANY})
    other = {line.replace("/o>", "/other>") for line in MANY}
    assert load(tmp_path / "2", {"pages.nq": other}, tmp_path / "1") == (200, False)
    assert quads(tmp_path / "2") == as_quads(other)


def test_a_second_set_of_files_changes_the_store_that_is_there(tmp_path: Path) -> None:
    first, second = {'<http://e/r> <http://e/p> "1" <http://e/rank> .'}, {'<http://e/r> <http://e/p> "2" <http://e/rank> .'}
    load(tmp_path / "1", {"pages.nq": MANY, "rankings.nq": first})
    assert load(tmp_path / "2", {"pages.nq": MANY}, tmp_path / "1") == (200, True)
    assert load(tmp_path / "2", {"rankings.nq": second}, tmp_path / "1") == (1, True)
    assert quads(tmp_path / "2") == as_quads(MANY, second)


def test_a_file_without_statements_is_no_reason_to_load_anew(tmp_path: Path) -> None:
    load(tmp_path / "1", {"pages.nq": MANY, "entailed.nq": set()})
    less = {line for line in MANY if "s17>" not in line}
    assert load(tmp_path / "2", {"pages.nq": less, "entailed.nq": set()}, tmp_path / "1") == (199, True)
    assert quads(tmp_path / "2") == as_quads(less)


@pytest.mark.parametrize("at_once", [1, 3])
def test_graphs_are_the_same_however_many_are_made_at_a_time(at_once: int, sample: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def text() -> bytes:
        parts = graphs.dataset_parts(sample.corpus, sample.config.type_vocabulary(), sample.config.relation_vocabulary(), version="1")
        return b"".join(parts.make([name for name, _ in parts.keys]))

    whole = text()
    monkeypatch.setattr(graphs, "_AT_ONCE", at_once)
    assert text() == whole


@pytest.mark.parametrize("kept", ["01", "1"])
def test_of_two_forms_of_one_number_the_other_one_stays(tmp_path: Path, kept: str) -> None:
    both = {f'<http://e/s> <http://e/n> "{form}"{INTEGER} <http://e/graph/catalog/a> .' for form in ("01", "1")}
    load(tmp_path / "1", {"pages.nq": MANY | both})
    one = {line for line in both if f'"{kept}"' in line}
    assert load(tmp_path / "2", {"pages.nq": MANY | one}, tmp_path / "1") == (201, True)
    assert len(quads(tmp_path / "2")) == 201


@pytest.mark.parametrize("damage", ["cut", "missing"])
def test_a_damaged_store_is_not_built_upon(tmp_path: Path, damage: str) -> None:
    load(tmp_path / "1", {"pages.nq": MANY})
    victim = next((tmp_path / "1/store").glob("*.sst"))
    if damage == "cut":
        victim.write_bytes(victim.read_bytes()[:-100])
    else:
        victim.unlink()
    assert load(tmp_path / "2", {"pages.nq": MANY}, tmp_path / "1") == (200, False)
    assert quads(tmp_path / "2") == as_quads(MANY)


def test_a_large_store_is_compacted_once_it_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kgraph.rdf.loading._LOADED", 1)
    compacted: list[tuple[bool, int, int]] = []
    compact = StoreWriter.compact
    for last in (False, True):
        for least in (0, 1 << 40):
            monkeypatch.setattr("kgraph.rdf.loading.COMPACTED", least)
            folder = tmp_path / f"{last}-{least}"
            folder.mkdir()
            for number in range(3):

                def noted(writer: StoreWriter, told: tuple[bool, int, int] = (last, least, number)) -> None:
                    compacted.append(told)
                    compact(writer)

                monkeypatch.setattr(StoreWriter, "compact", noted)
                files = {f"{number}.nq": whole(b"", [line.replace("/o>", f"/o{number}>") for line in sorted(MANY)])}
                load_files(folder, files, None, last=last and number == 2)
            assert quads(folder) == as_quads({line.replace("/o>", f"/o{number}>") for line in MANY for number in range(3)})
    assert compacted == [(True, 0, 2)]
