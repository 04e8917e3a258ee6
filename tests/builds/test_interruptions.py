"""Builds that are killed at random moments, and builds on a disk that fills up: the last good one answers, and nothing stays behind.

``KILLS=50 KILLS_SEED=7`` tries more moments, and others.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import kgraph
from kgraph.pipeline import build_workspace, site_config
from kgraph.workspace import Workspace
from tests.builds.wiki import WIKI, kgraph_run, outputs, write_wiki

KILLS = int(os.environ.get("KILLS", "6"))
SEED = int(os.environ.get("KILLS_SEED", "1"))
FEW = 300_000
"""Bytes that a wiki of five pages needs for a build, or a little less."""


def build(source: Path, space: Path, *, full: bool = False) -> None:
    build_workspace(source, Workspace(space), site_config(source), jobs=1, full=full)


def debris(space: Path) -> list[str]:
    """What is neither a generation in use nor a part of a workspace."""
    known = {"current", "site", "generations", "cache", "lock", ".gitignore"}
    odd = [path.name for path in space.iterdir() if path.name not in known]
    current = int((space / "current").readlink().name)
    numbers = [path.name for path in (space / "generations").iterdir()]
    return odd + [name for name in numbers if not name.isdigit() or int(name) > current] + sorted(numbers)[2:]


def answers(space: Path) -> dict[str, bytes]:
    """What the workspace gives, after it was asked in every way."""
    graph = kgraph.open(space)
    assert graph.related("mill", 3)["id"].tolist()
    assert graph.run("SELECT ?p WHERE { ?p a kg:Document }").rows
    assert graph.stats()["pages"] == len(graph.head.pages)
    return outputs(space)


def test_builds_killed_at_random_moments(tmp_path: Path) -> None:
    wiki, space = write_wiki(tmp_path / "wiki", WIKI), tmp_path / "w"
    command = [sys.executable, "-m", "kgraph", "build", "wiki", "-w", "w"]
    draw = random.Random(SEED)
    started = time.monotonic()
    subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    whole = time.monotonic() - started
    good, switched = answers(space), 0
    for number in range(KILLS):
        (wiki / "docs/new.md").write_text(f"# New {number}\n\nBy the [[mill]] and [[weir]], {number}.\n")
        before = (space / "current").readlink()
        process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(draw.uniform(0.1, 1.05) * whole)
        process.kill()
        process.wait()
        found = answers(space)
        if (space / "current").readlink() == before:
            assert found == good
        else:
            switched += 1
        good = found
    build(wiki, space)
    build(wiki, tmp_path / "cold", full=True)
    assert outputs(space) == outputs(tmp_path / "cold")
    assert debris(space) == []
    assert switched < KILLS, "every build was done before it was killed"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 8 MB, in memory."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "none", str(place)], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.decode(errors='replace').strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=False)


def _fill(disk: Path, left: int) -> None:
    """Fill a disk but for ``left`` bytes."""
    room = shutil.disk_usage(disk).free - left
    with (disk / "filler").open("wb") as stream:
        for _ in range(max(0, room) // 4096):
            stream.write(bytes(4096))


@pytest.mark.parametrize("left", [0, 150_000, 600_000])
def test_a_disk_that_fills_up(left: int, small_disk: Path, tmp_path: Path) -> None:
    wiki, space = write_wiki(tmp_path / "wiki", WIKI), small_disk / "w"
    build(wiki, space)
    good = answers(space)
    (wiki / "docs/new.md").write_text("# New\n\nBy the [[mill]].\n")
    _fill(small_disk, left)
    for arguments in (("--full",), ()):
        done = kgraph_run("build", "wiki", "-w", space, *arguments, cwd=tmp_path)
        if done.returncode == 0 and left > FEW:
            break
        assert done.returncode == 3, done.stderr
        told = [line for line in done.stderr.splitlines() if line.startswith("kgraph: ")]
        assert len(told) == 1
        assert "Traceback" not in done.stderr
        assert "free some space" in told[0]
        assert answers(space) == good
        assert [path.name for path in (space / "generations").iterdir()] == ["1"]
    (small_disk / "filler").unlink()
    build(wiki, space)
    build(wiki, tmp_path / "cold", full=True)
    assert answers(space) == outputs(tmp_path / "cold")
    assert debris(space) == []


def test_exports_on_a_full_disk_are_one_line(small_disk: Path, tmp_path: Path) -> None:
    build(write_wiki(tmp_path / "wiki", WIKI), tmp_path / "w")
    _fill(small_disk, 0)
    commands = [
        ("export", "site", "-o", small_disk / "site"), ("export", "rdf", "-o", small_disk / "x.ttl"),
        ("export", "graph", "-o", small_disk / "x.gexf"), ("export", "tables", "-o", small_disk / "tables"),
        ("export", "tables", "-o", small_disk / "t", "--format", "csv"),
        ("export", "rankings", "-o", small_disk / "x.jsonl"), ("render", "-o", small_disk / "x.html"),
    ]  # fmt: skip
    for command in commands:
        done = kgraph_run(*command, "-w", "w", cwd=tmp_path)
        assert done.returncode == 2, (command, done.stderr)
        assert len(done.stderr.splitlines()) == 1, (command, done.stderr)
        assert done.stderr.startswith("kgraph: ")
