"""Writing an export into a folder: the old set or the new one, and nothing of others is lost."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kgraph.errors import ExportError
from kgraph.export import folder as folders
from kgraph.export import site
from kgraph.export.folder import publish_site
from kgraph.export.republish import export_site
from tests.conftest import RunKgraph


def files_of(contents: dict[str, bytes]) -> list[tuple[str, bytes]]:
    """The files with their manifest."""
    told = {name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()} for name, data in contents.items()}
    return [*contents.items(), ("manifest.json", json.dumps({"schemaVersion": 1, "counts": {}, "files": told}).encode())]


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


OLD = {"related.json": b"1", "pages/a.json": b"a", "pages/b/c.json": b"c", "pages/gone/x.json": b"x"}
NEW = {"related.json": b"2", "pages/a.json": b"a", "pages/d.json": b"d", "pages/b/c.json": b"c2"}


@pytest.mark.parametrize("foreign", [False, True], ids=["exchanged", "in place"])
def test_stale_files_go_and_the_rest_stays(foreign: bool, tmp_path: Path) -> None:
    out = tmp_path / "out"
    publish_site(out, files_of(OLD))
    mine = {"own.txt": b"mine", "pages/own.json": b"mine", "pages/b/own.json": b"mine"} if foreign else {}
    for name, data in mine.items():
        (out / name).write_bytes(data)
    before = (out / "pages/a.json").stat()
    publish_site(out, files_of(NEW))
    assert tree(out) == dict(files_of(NEW)) | mine
    after = (out / "pages/a.json").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert not (out / "pages/gone").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_nothing_is_touched_when_nothing_has_changed(tmp_path: Path) -> None:
    out = tmp_path / "out"
    publish_site(out, files_of(OLD))
    before = {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in [out, *out.rglob("*")]}
    publish_site(out, files_of(OLD))
    assert {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in [out, *out.rglob("*")]} == before


def test_a_stale_file_that_someone_changed_stays(tmp_path: Path) -> None:
    out = tmp_path / "out"
    publish_site(out, files_of(OLD))
    (out / "pages/gone/x.json").write_bytes(b"mine now")
    publish_site(out, files_of(NEW))
    assert tree(out) == dict(files_of(NEW)) | {"pages/gone/x.json": b"mine now"}


@pytest.mark.parametrize("name", ["manifest.json", "related.json", "pages/d.json"])
def test_a_file_of_someone_else_is_never_overwritten(name: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / name).parent.mkdir(parents=True)
    (out / name).write_bytes(b'{"name": "My app", "icons": []}')
    with pytest.raises(ExportError, match="kgraph wrote"):
        publish_site(out, files_of(NEW))
    assert tree(out) == {name: b'{"name": "My app", "icons": []}'}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_hostile_manifest_removes_nothing(tmp_path: Path) -> None:
    outside, out = tmp_path / "outside.txt", tmp_path / "out"
    outside.write_bytes(b"keep")
    (out / "pages").mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/x.json").write_bytes(b"keep")
    (out / "link").symlink_to(tmp_path / "elsewhere")
    (out / "one.json").symlink_to(outside)
    sha256 = hashlib.sha256(b"keep").hexdigest()
    hostile = [str(outside), "../outside.txt", "pages/../../outside.txt", "link/x.json", "pages", "", ".", "one.json", "a\0b"]
    told = {"schemaVersion": 1, "files": {name: {"bytes": 4, "sha256": sha256} for name in hostile}}
    (out / "manifest.json").write_text(json.dumps(told))
    publish_site(out, files_of(NEW))
    assert outside.read_bytes() == (tmp_path / "elsewhere/x.json").read_bytes() == b"keep"
    assert (out / "one.json").is_symlink()
    for damaged in (b"[]", b"{", b'{"files": 3}', b"\xff", b'{"files": {"app.js": "/app.js"}}'):
        (out / "manifest.json").write_bytes(damaged)
        with pytest.raises(ExportError, match=r"manifest\.json"):
            publish_site(out, files_of(OLD))


def test_a_reader_sees_one_set_or_the_other(tmp_path: Path) -> None:
    """An importer that opens the folder once and reads all of it meanwhile another set is written again and again."""
    out = tmp_path / "out"
    sets = [dict(files_of({f"pages/{n}.json": b"%d" % version for n in range(30)})) for version in (1, 2)]
    publish_site(out, sets[0].items())
    writer = (
        "import sys, json; from pathlib import Path; from kgraph.export.folder import publish_site\n"
        "sets = [[(n, d.encode()) for n, d in s] for s in json.load(sys.stdin)]\n"
        "while True:\n    for made in reversed(sets): publish_site(Path(sys.argv[1]), made)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", writer, str(out)], stdin=subprocess.PIPE)
    assert process.stdin
    process.stdin.write(json.dumps([[(name, data.decode()) for name, data in made.items()] for made in sets]).encode())
    process.stdin.close()
    seen: set[bytes] = set()
    try:
        deadline = time.monotonic() + 20
        while len(seen) < 2 and time.monotonic() < deadline:
            handle = os.open(out, os.O_RDONLY)
            try:
                names = sorted(path.name for path in Path(f"/proc/self/fd/{handle}/pages").iterdir())
                first = Path(f"/proc/self/fd/{handle}/pages/0.json").read_bytes()
                found = {Path(f"/proc/self/fd/{handle}/pages/{name}").read_bytes() for name in names}
            except FileNotFoundError:
                continue  # the set that was opened has been removed
            finally:
                os.close(handle)
            assert found == {first} or len(names) < 30
            seen.add(first)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert len(seen) == 2
    assert tree(out) in sets
    publish_site(out, sets[0].items())
    assert [path.name for path in tmp_path.iterdir()] == ["out"], "what the killed one left is gone"


@pytest.mark.parametrize("at", range(0, 12, 2))
def test_a_kill_in_place_is_mended_by_the_next_export(at: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    publish_site(out, files_of(OLD))
    (out / "own.txt").write_bytes(b"mine")
    count = 0

    class Killed(BaseException):
        pass

    def counted(done: Callable[..., Any]) -> Callable[..., Any]:
        def step(*arguments: Any, **options: Any) -> Any:
            nonlocal count
            if count == at:
                raise Killed
            count += 1
            return done(*arguments, **options)

        return step

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", counted(Path.replace))
        patch.setattr(Path, "unlink", counted(Path.unlink))
        try:
            publish_site(out, files_of(NEW))
        except Killed:
            pass
        else:
            assert at > 4
    publish_site(out, files_of(NEW))
    assert tree(out) == dict(files_of(NEW)) | {"own.txt": b"mine"}


def test_a_folder_that_cannot_be_exchanged_is_written_in_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "_exchange", lambda draft, folder: False)
    out = tmp_path / "out"
    for made in (OLD, NEW, OLD):
        publish_site(out, files_of(made))
        assert tree(out) == dict(files_of(made))


def test_a_link_to_a_folder_stays_one(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "out").symlink_to("real")
    for made in (OLD, NEW):
        publish_site(tmp_path / "out", files_of(made))
        assert tree(tmp_path / "real") == dict(files_of(made))
    assert (tmp_path / "out").is_symlink()


def test_a_folder_that_cannot_be_written_is_one_line(sample_workspace: Path, tmp_path: Path, run_kgraph: RunKgraph) -> None:
    (tmp_path / "file").write_text("here")
    for output in ("file", "file/below"):
        done = run_kgraph("export", "site", "-o", tmp_path / output, "-w", sample_workspace)
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
        assert "file" in done.stderr
    with pytest.raises(ExportError, match="run `kgraph build`"):
        export_site(tmp_path / "missing", tmp_path / "out")


def test_neither_the_workspace_nor_a_folder_without_a_name_is_written(
    sample_workspace: Path, tmp_path: Path, run_kgraph: RunKgraph
) -> None:
    before = {path: path.stat().st_mtime_ns for path in sample_workspace.rglob("*")}
    (tmp_path / "link").symlink_to(sample_workspace / "site")
    for output in (sample_workspace, sample_workspace / "site", sample_workspace / "current/site", tmp_path / "link", ""):
        done = run_kgraph("export", "site", "-o", output, "-w", sample_workspace, "--only", "top")
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert {path: path.stat().st_mtime_ns for path in sample_workspace.rglob("*")} == before


def test_an_index_that_memory_does_not_hold_is_the_same_file(
    sample_workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site, "_IN_MEMORY", 10_000)
    written = sample_workspace / "site"
    for _ in range(2):
        export_site(written, tmp_path / "out")
        assert (tmp_path / "out/related.json").read_bytes() == (written / "related.json").read_bytes()
        assert (tmp_path / "out/manifest.json").read_bytes() == (written / "manifest.json").read_bytes()
