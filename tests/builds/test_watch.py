"""``build --watch``: a change is built, a burst once, what is broken waits, an interrupt ends it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.check.wiki import write_wiki

_LONGEST = 60.0


class Watching:
    """A build that goes on in a process of its own."""

    def __init__(self, wiki: Path, workspace: Path, *options: str) -> None:
        self.workspace = workspace
        self.log = workspace.with_suffix(".log")
        command = [sys.executable, "-m", "kgraph", "build", str(wiki), "--workspace", str(workspace), "--watch", "--jobs", "1", *options]
        with self.log.open("wb") as stream:
            self.process = subprocess.Popen(command, stdout=stream, stderr=stream, env={**os.environ, "KGRAPH_WORKSPACE": ""})
        self.wait(lambda: "watching for changes" in self.said())

    def said(self) -> str:
        return self.log.read_text()

    def generation(self) -> int:
        return int((self.workspace / "current").readlink().name)

    def titles(self) -> set[str]:
        return {page["title"] for page in json.loads((self.workspace / "site" / "related.json").read_text())["pages"].values()}

    def wait(self, done: object) -> None:
        end = time.monotonic() + _LONGEST
        while not done():  # type: ignore[operator]
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < end, self.said()
            time.sleep(0.02)

    def interrupt(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(_LONGEST)


@pytest.fixture
def wiki(tmp_path: Path) -> Path:
    return write_wiki(tmp_path / "wiki", {"a.md": "# Ay\n\nTo [b](b.md).\n", "b.md": "# Bee\n\nWords.\n", "kgraph.toml": ""})


@pytest.fixture
def watching(wiki: Path) -> Iterator[Watching]:
    made = Watching(wiki, wiki / ".kgraph")
    yield made
    made.process.kill()
    made.process.wait()


def test_changes_bursts_and_an_interrupt(wiki: Path, watching: Watching) -> None:
    first = watching.generation()
    for number in range(40):
        (wiki / f"p{number}.md").write_text(f"# Page {number}\n\nTo [a](a.md).\n")
    watching.wait(lambda: "Page 39" in watching.titles())
    assert watching.generation() <= first + 2
    (wiki / "a.md").write_text("# Anew\n\nTo [b](b.md).\n")
    watching.wait(lambda: "Anew" in watching.titles())
    (wiki / "p0.md").unlink()
    watching.wait(lambda: "Page 0" not in watching.titles())
    (wiki / "deep").mkdir()
    (wiki / "deep" / "c.md").write_text("# Sea\n")
    watching.wait(lambda: "Sea" in watching.titles())
    assert watching.interrupt() == 130
    assert watching.said().splitlines()[-1] == "kgraph: interrupted"
    assert "Traceback" not in watching.said()


def test_broken_saves_are_told_and_survived(wiki: Path, watching: Watching) -> None:
    (wiki / "kgraph.toml").write_text("[pages\n")
    watching.wait(lambda: "kgraph.toml:1: not valid TOML" in watching.said())
    (wiki / "a.md").write_bytes(b"---\ntitle: [\n---\n\xff\xfe# Ay\n")
    (wiki / "kgraph.toml").write_text("[pages]\nexclude = ['b.md']\n")
    watching.wait(lambda: "Bee" not in watching.titles())
    (wiki / "a.md").write_text("# Mended\n")
    watching.wait(lambda: "Mended" in watching.titles())
    assert watching.interrupt() == 130


def test_what_is_new_is_told(wiki: Path, watching: Watching) -> None:
    assumed = watching.said().count("assumed: ")
    (wiki / "a.md").write_text("# Ay\n\nTo [b](b.md) and [c](c.md).\n")
    watching.wait(lambda: "new: W201 a.md:3: " in watching.said())
    (wiki / "b.md").write_text("# Bee anew\n")
    watching.wait(lambda: "Bee anew" in watching.titles())
    assert watching.interrupt() == 130
    assert (watching.said().count("assumed: "), watching.said().count("new: W201")) == (assumed, 1)


def test_the_workspace_and_hidden_folders_do_not_count(wiki: Path, watching: Watching) -> None:
    before = watching.generation()
    write_wiki(wiki, {".git/index": "x", "node_modules/a.md": "# No\n", ".kgraph/note": "x", "a.md~": "x"})
    time.sleep(0.5)
    assert watching.generation() == before
    assert "nothing has changed" not in watching.said()
    assert watching.interrupt() == 130


def test_one_file_and_settings_elsewhere(wiki: Path, tmp_path: Path) -> None:
    settings = tmp_path / "own" / "k.toml"
    settings.parent.mkdir()
    settings.write_text("")
    made = Watching(wiki / "a.md", tmp_path / "work", "--config", str(settings))
    try:
        (wiki / "b.md").write_text("# Other\n")
        (wiki / "new.md").write_text("# Ay two\n")
        (wiki / "new.md").replace(wiki / "a.md")
        made.wait(lambda: "Ay two" in made.titles())
        before = made.generation()
        settings.write_text("[lists]\ntop = 3\n")
        made.wait(lambda: made.generation() > before)
    finally:
        made.process.kill()
        made.process.wait()


def test_a_locked_workspace_is_tried_again(wiki: Path, watching: Watching) -> None:
    import fcntl

    with (wiki / ".kgraph" / "lock").open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        (wiki / "a.md").write_text("# Later\n")
        watching.wait(lambda: "locked by another build" in watching.said())
    watching.wait(lambda: "Later" in watching.titles())
    assert watching.interrupt() == 130


def test_a_missing_source_ends_at_once(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "kgraph", "build", "nowhere", "--watch"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=_LONGEST, check=False)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
