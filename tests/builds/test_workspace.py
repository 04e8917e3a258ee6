"""The workspace under stress: two builds at once, builds that are killed, damaged files, readers while a build switches."""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import kgraph
from kgraph.errors import KgraphError, WorkspaceError
from kgraph.pipeline import build_workspace, site_config
from kgraph.rdf.store import open_store
from kgraph.workspace import FORMAT, Workspace
from tests.builds.wiki import WIKI, kgraph_run, outputs, write_wiki
from tests.conftest import REPOSITORY
from tests.processors import spent_by_children


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with a wiki and a workspace that no test changes."""
    folder = tmp_path_factory.mktemp("built")
    write_wiki(folder / "wiki", WIKI)
    kgraph.build(folder / "wiki", folder / "w")
    return folder


def build(source: Path, workspace: Path, *, full: bool = False) -> None:
    build_workspace(source, Workspace(workspace), site_config(source), jobs=1, full=full)


def one_line(done: subprocess.CompletedProcess[str], code: int) -> str:
    """The one line of an error, after plain lines of progress."""
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    lines = [line for line in done.stderr.splitlines() if line not in ("reading", "resolving", "finding mentions", "ranking", "writing")]
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("kgraph: ")
    return lines[0]


# -- the lock --------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [["build", "wiki"], ["ingest", "wiki"], ["build", "wiki", "--full"], ["rank"]])
def test_a_second_build_ends_at_once_and_names_the_first(command: list[str], tmp_path: Path) -> None:
    write_wiki(tmp_path / "wiki", WIKI)
    build(tmp_path / "wiki", tmp_path / "w")
    before = outputs(tmp_path / "w")
    started = spent_by_children()
    with Workspace(tmp_path / "w").writing():
        told = one_line(kgraph_run(*command, "-w", "w", cwd=tmp_path), 3)
        assert kgraph_run("related", "mill", "-w", "w", cwd=tmp_path).returncode == 0
    assert f"locked by another build (process {os.getpid()})" in told
    assert spent_by_children() - started < 10
    assert outputs(tmp_path / "w") == before
    assert kgraph_run(*command, "-w", "w", cwd=tmp_path).returncode == 0


def test_two_builds_in_one_process_exclude_one_another(tmp_path: Path) -> None:
    with Workspace(tmp_path).writing(), pytest.raises(WorkspaceError, match="locked"), Workspace(tmp_path).writing():
        pass
    with Workspace(tmp_path).writing():
        pass


def test_the_lock_of_a_dead_process_is_taken_over(built: Path, tmp_path: Path) -> None:
    shutil.copytree(built, tmp_path / "b", symlinks=True)
    ended = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True, check=True)
    (tmp_path / "b/w/lock").write_text(ended.stdout)
    assert kgraph_run("build", "wiki", "-w", "w", cwd=tmp_path / "b").returncode == 0
    (tmp_path / "b/w/lock").write_bytes(b"\xff\x00 no number")
    assert kgraph_run("build", "wiki", "-w", "w", "--full", cwd=tmp_path / "b").returncode == 0


def test_a_forked_process_does_not_hold_the_lock(tmp_path: Path) -> None:
    script = (
        "import os, sys, time; from pathlib import Path; from kgraph.workspace import Workspace\n"
        "with Workspace(Path(sys.argv[1])).writing():\n"
        "    child = os.fork()\n"
        "    if child == 0: time.sleep(60); os._exit(0)\n"
        "    print(child, flush=True); time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=REPOSITORY)
    assert parent.stdout
    child = int(parent.stdout.readline())
    time.sleep(0.1)
    try:
        parent.kill()
        parent.wait()
        os.kill(child, 0)  # it lives on
        with Workspace(tmp_path).writing():
            pass
    finally:
        os.kill(child, signal.SIGKILL)
        parent.stdout.close()


# -- builds that are killed ------------------------------------------------------------------------


@pytest.mark.parametrize("moment", ["lock", "draft", "store", "rankings", "site", "stats", 0.05, 0.2, 0.35, 0.5])
def test_a_killed_build_leaves_the_last_good_one(moment: str | float, built: Path, tmp_path: Path) -> None:
    shutil.copytree(built, tmp_path / "b", symlinks=True)
    wiki, space = tmp_path / "b/wiki", tmp_path / "b/w"
    before = outputs(space)
    for number in range(40):
        (wiki / f"docs/new{number}.md").write_text(f"# New {number}\n\nBy the [[mill]] and [[new{(number * 7 + 1) % 40}]].\n" * 5)
    process = subprocess.Popen(
        [sys.executable, "-m", "kgraph", "build", "wiki", "-w", "w"],
        cwd=tmp_path / "b",
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    if isinstance(moment, float):
        time.sleep(moment)
    else:
        pattern = {"lock": "cache/parsed.sqlite", "draft": "generations/.draft-*", "store": "generations/.draft-*/store/*",
                   "rankings": "generations/.draft-*/rankings.nq", "site": "generations/.draft-*/site/pages/*",
                   "stats": "generations/.draft-*/stats.msgpack"}[moment]  # fmt: skip
        while process.poll() is None and not (
            any(space.glob(pattern)) if moment != "lock" else _is_locked(space / "lock")
        ):  # fmt: skip
            time.sleep(0.0005)
    process.kill()
    process.wait()
    if (space / "current").readlink().name == "1":
        assert outputs(space) == before
    else:  # it was done already
        assert len(kgraph.open(space).head.pages) == 45
    kg = kgraph.open(space)
    assert kg.related("mill", 3)["id"].tolist()
    assert kg.run("SELECT ?p WHERE { ?p a kg:Document }").rows
    build(wiki, space)
    build(wiki, tmp_path / "cold", full=True)
    assert outputs(space) == outputs(tmp_path / "cold")
    assert not list((space / "generations").glob(".draft-*"))


def _is_locked(path: Path) -> bool:
    with path.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def test_an_interrupted_build_exits_130_and_leaves_no_draft(built: Path, tmp_path: Path) -> None:
    shutil.copytree(built, tmp_path / "b", symlinks=True)
    before = outputs(tmp_path / "b/w")
    process = subprocess.Popen(
        [sys.executable, "-m", "kgraph", "build", "wiki", "-w", "w", "--full"], cwd=tmp_path / "b", stderr=subprocess.PIPE, text=True
    )
    while process.poll() is None and not list((tmp_path / "b/w/generations").glob(".draft-*")):
        time.sleep(0.0005)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    if process.returncode != 0:  # it was not done before the signal came
        assert process.returncode == 130
        assert "Traceback" not in told
        assert outputs(tmp_path / "b/w") == before
    assert not list((tmp_path / "b/w/generations").glob(".draft-*"))


def test_a_failing_build_leaves_the_last_good_one(tmp_path: Path) -> None:
    wiki = write_wiki(tmp_path / "wiki", WIKI)
    build(wiki, tmp_path / "w")
    before = outputs(tmp_path / "w")

    def fail() -> None:
        with Workspace(tmp_path / "w").new_generation() as generation:
            generation.write("x.msgpack", 1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert outputs(tmp_path / "w") == before
    assert [path.name for path in (tmp_path / "w/generations").iterdir()] == ["1"]


def _build_with_small_files(folder: Path, size: int) -> subprocess.CompletedProcess[str]:
    """Build anew where no file may be larger, as on a disk that is full."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return subprocess.run(
        [sys.executable, "-m", "kgraph", "build", "wiki", "-w", "w", "--full"], cwd=folder, capture_output=True, text=True,
        preexec_fn=limit, timeout=60,
    )  # fmt: skip


def test_a_cache_that_cannot_grow_is_one_line(built: Path, tmp_path: Path) -> None:
    shutil.copytree(built, tmp_path / "b", symlinks=True)
    done = _build_with_small_files(tmp_path / "b", 30_000)
    assert outputs(tmp_path / "b/w") == outputs(built / "w")
    assert done.returncode in (0, 3)
    assert "Traceback" not in done.stderr


def test_a_full_disk_is_one_line_and_leaves_the_last_good_one(built: Path, tmp_path: Path) -> None:
    shutil.copytree(built, tmp_path / "b", symlinks=True)
    before = outputs(tmp_path / "b/w")

    assert "kgraph: " in one_line(_build_with_small_files(tmp_path / "b", 50_000), 3)
    assert outputs(tmp_path / "b/w") == before
    assert not list((tmp_path / "b/w/generations").glob(".draft-*"))
    for arguments in (["export", "rdf", "-o", "/dev/full", "-f", form] for form in ("nquads", "turtle", "rdfxml", "jsonld")):
        one_line(kgraph_run(*arguments, "-w", "w", cwd=tmp_path / "b"), 2)
    one_line(kgraph_run("export", "rankings", "-o", "/dev/full", "-w", "w", cwd=tmp_path / "b"), 2)


def test_a_place_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    write_wiki(tmp_path / "wiki", WIKI)
    (tmp_path / "file").write_text("here")
    for place in ("file", "file/below", "/proc/kgraph"):
        assert "choose another --workspace" in one_line(kgraph_run("build", "wiki", "-w", place, cwd=tmp_path), 3)


def _obey_permissions() -> None:
    """Take from a process of root the right to write where permissions forbid it (capabilities DAC_OVERRIDE, DAC_READ_SEARCH)."""
    if os.getuid() == 0:
        prctl = ctypes.CDLL(None).prctl
        for capability in (1, 2):
            prctl(24, capability, 0, 0, 0)


def test_folders_that_may_not_be_written(built: Path, tmp_path: Path) -> None:
    shutil.copytree(built, tmp_path / "b", symlinks=True)
    read_only = tmp_path / "b" / "out"
    read_only.mkdir()
    read_only.chmod(0o555)
    probe = subprocess.run(["touch", "out/x"], cwd=tmp_path / "b", capture_output=True, preexec_fn=_obey_permissions)
    if probe.returncode == 0:
        pytest.skip("this user may write everywhere")
    for arguments, code in (
        (["export", "site", "-o", "out"], 2), (["export", "site", "-o", "out/below"], 2), (["export", "rdf", "-o", "out/x.ttl"], 2),
        (["export", "rankings", "-o", "out/x.jsonl"], 2), (["export", "graph", "-o", "out/x.gexf"], 2),
        (["export", "tables", "-o", "out"], 2), (["render", "-o", "out/x.html"], 2),
    ):  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-m", "kgraph", *arguments, "-w", "w"], cwd=tmp_path / "b", capture_output=True, text=True, timeout=60,
            preexec_fn=_obey_permissions,
        )  # fmt: skip
        assert "out" in one_line(done, code)
    assert list(read_only.iterdir()) == []


# -- damage ----------------------------------------------------------------------------------------

FILES = {
    "config.msgpack": ["query", "most-linked"], "documents.msgpack": ["rank"], "entities.msgpack": ["related", "mill"],
    "findings.msgpack": ["stats", "--problems"], "inputs.msgpack": ["rank"], "pages.nq": ["export", "rdf", "-o", "x.ttl"],
    "rankings.msgpack": ["hubs"], "rankings.nq": ["export", "rdf", "-o", "x.nq"], "scores.npz": ["related", "mill"],
    "statements.msgpack": ["export", "tables", "-o", "t"], "stats.msgpack": ["stats"], "store/*.sst": ["query", "most-linked"],
    "store/CURRENT": ["query", "most-linked"], "store/MANIFEST-*": ["query", "most-linked"], "store.msgpack": ["query", "most-linked"],
    f"format-{FORMAT}": ["related", "mill"],
}  # fmt: skip


def _damage(path: Path, kind: str) -> None:
    data = path.read_bytes()
    if kind == "gone":
        path.unlink()
    else:
        made = {"truncated": data[: len(data) // 2], "empty": b"", "random": random.Random(len(data)).randbytes(max(64, len(data)))}
        path.write_bytes(made[kind])


@pytest.mark.parametrize("name", FILES)
def test_damaged_files_are_told_and_mended(name: str, built: Path, tmp_path: Path) -> None:
    shutil.copytree(built, tmp_path / "b", symlinks=True)
    generation = (tmp_path / "b/w/current").resolve()
    expected = outputs(tmp_path / "b/w")
    kinds = ["gone"] if name == f"format-{FORMAT}" else ["truncated", "empty", "random"]
    path = sorted(generation.glob(name))[-1]
    data = path.read_bytes()
    for kind in kinds:
        _damage(path, kind)
        with pytest.raises(WorkspaceError, match="run `kgraph build --full`"):
            _call(FILES[name], tmp_path / "b")
        path.write_bytes(data)
    _damage(path, kinds[-1])
    told = one_line(kgraph_run(*FILES[name], "-w", "w", cwd=tmp_path / "b"), 3)
    assert "kgraph build --full" in told
    build(tmp_path / "b/wiki", tmp_path / "b/w", full=True)
    assert outputs(tmp_path / "b/w") == expected
    _call(FILES[name], tmp_path / "b")


@pytest.mark.parametrize("name", ["assumptions.msgpack", "config.msgpack", "stats.msgpack", "site/hubs.json", "site/pages/**/*.json"])
def test_a_build_without_changes_mends_what_is_damaged(name: str, built: Path, tmp_path: Path) -> None:
    shutil.copytree(built, tmp_path / "b", symlinks=True)
    build(tmp_path / "b/wiki", tmp_path / "b/w")
    expected = outputs(tmp_path / "b/w")
    path = sorted((tmp_path / "b/w/current").resolve().glob(name))[-1]
    size = path.stat().st_size
    path.write_bytes(b"" if "pages" in name else random.Random(size).randbytes(size))
    build(tmp_path / "b/wiki", tmp_path / "b/w")
    assert outputs(tmp_path / "b/w") == expected
    assert kgraph_run("stats", "-w", "w", cwd=tmp_path / "b").returncode == 0


def test_a_source_whose_path_is_no_text(tmp_path: Path) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/w\xe4lder"))
    write_wiki(folder, {"a.md": "# A\n\n[b](b.md)\n", "b.md": "# B\n"})
    for told in ("2 pages", "nothing has changed"):
        done = kgraph_run("build", os.fspath(folder), "-w", "w", cwd=tmp_path)
        assert (done.returncode, told in done.stdout) == (0, True)
    assert "is no text" in one_line(kgraph_run("build", "--watch", os.fspath(folder), "-w", "w", cwd=tmp_path), 2)
    assert "is no text" in one_line(kgraph_run("build", os.fspath(folder), "-w", os.fsdecode(b"w\xe4"), cwd=tmp_path), 3)


def test_the_folder_of_the_pages_is_no_workspace(tmp_path: Path) -> None:
    write_wiki(tmp_path / "wiki", {"a.md": "# A\n"})
    assert "choose another --workspace" in one_line(kgraph_run("build", "wiki", "-w", "wiki/", cwd=tmp_path), 2)
    assert [path.name for path in (tmp_path / "wiki").iterdir()] == ["a.md"]
    (tmp_path / "held").mkdir()
    (tmp_path / "held/notes.txt").write_text("Mine.\n", encoding="utf-8")
    assert kgraph_run("build", "wiki", "-w", "held", cwd=tmp_path).returncode == 0
    assert not (tmp_path / "held/.gitignore").exists()


def test_a_few_bytes_changed_within_the_store_are_told(built: Path, tmp_path: Path) -> None:
    """The RDF library opens such a store, and reads some damaged blocks without end."""
    shutil.copytree((built / "w/current").resolve(), tmp_path / "g")
    files = sorted((tmp_path / "g/store").glob("*.sst"))
    assert len(files) > 3
    for path in files:
        data = path.read_bytes()
        place = len(data) // 10
        path.write_bytes(data[:place] + bytes(byte ^ 0xFF for byte in data[place : place + 8]) + data[place + 8 :])
        with pytest.raises(WorkspaceError, match=rf"{path.name}: damaged: run `kgraph build --full`"):
            open_store(tmp_path / "g/store")
        path.write_bytes(data)
    assert len(open_store(tmp_path / "g/store")) > 200


def _call(arguments: list[str], folder: Path) -> None:
    """What a command does, in this process: a process for each case would take a minute."""
    from kgraph.export.rdf import write_rdf
    from kgraph.pipeline import rank_workspace

    if arguments == ["rank"]:
        rank_workspace(Workspace(folder / "w"), site_config(folder / "wiki"))
        return
    kg = kgraph.open(folder / "w")
    if arguments[0] == "related":
        kg.related_items("mill")
    elif arguments[0] == "hubs":
        kg.hub_rows()
    elif arguments[0] == "query":
        kg.run("most-linked")
        assert kg.types
    elif arguments[:2] == ["export", "rdf"]:
        write_rdf(kg.generation.folder, folder / arguments[-1])
    elif arguments[:2] == ["export", "tables"]:
        for name in ("entities", "links", "relations", "mentions", "related", "hubs"):
            kg.table(name)
    elif "--problems" in arguments:
        kg.findings()
    else:
        kg.stats()


def test_a_plain_build_mends_what_it_reads(built: Path, tmp_path: Path) -> None:
    for name in ("inputs.msgpack", f"format-{FORMAT}"):
        shutil.copytree(built, tmp_path / name, symlinks=True)
        (tmp_path / name / "w/current" / name).unlink()
        assert kgraph_run("build", "wiki", "-w", "w", cwd=tmp_path / name).returncode == 0
        assert outputs(tmp_path / name / "w") == outputs(built / "w")


def test_a_build_without_changes_mends_the_link_to_the_site(built: Path, tmp_path: Path) -> None:
    shutil.copytree(built, tmp_path / "b", symlinks=True)
    build(tmp_path / "b/wiki", tmp_path / "b/w")
    link = tmp_path / "b/w/site"
    target = link.readlink()
    for damage in ("gone", "elsewhere"):
        link.unlink()
        if damage == "elsewhere":
            link.symlink_to("generations")
        build(tmp_path / "b/wiki", tmp_path / "b/w")
        assert link.readlink() == target


@pytest.mark.parametrize("damage", ["no current", "dangling", "a folder", "a file", "elsewhere"])
def test_a_damaged_link_to_the_current_generation(damage: str, built: Path, tmp_path: Path) -> None:
    shutil.copytree(built, tmp_path / "b", symlinks=True)
    current = tmp_path / "b/w/current"
    current.unlink()
    if damage == "dangling":
        current.symlink_to("generations/99")
    elif damage == "a folder":
        shutil.copytree(tmp_path / "b/w/generations/1", current)
    elif damage == "a file":
        current.write_text("generations/1")
    elif damage == "elsewhere":
        current.symlink_to("..")
    one_line(kgraph_run("related", "mill", "-w", "w", cwd=tmp_path / "b"), 3)
    done = kgraph_run("build", "wiki", "-w", "w", cwd=tmp_path / "b")
    assert done.returncode == 0, done.stderr
    assert outputs(tmp_path / "b/w") == outputs(built / "w")
    assert kgraph_run("related", "mill", "-w", "w", cwd=tmp_path / "b").returncode == 0


def test_a_workspace_of_a_newer_version_is_told(built: Path, tmp_path: Path) -> None:
    shutil.copytree(built / "w", tmp_path / "w", symlinks=True)
    (tmp_path / "w/current" / f"format-{FORMAT}").rename(tmp_path / "w/current" / f"format-{FORMAT + 1}")
    assert "another version" in one_line(kgraph_run("stats", "-w", "w", cwd=tmp_path), 3)


# -- missing things --------------------------------------------------------------------------------

NEEDS_WORKSPACE = [
    ["related", "x"], ["hubs"], ["query", "most-linked"], ["query", "-"], ["render"], ["stats"], ["stats", "--problems"], ["rank"],
    ["export", "site", "-o", "out"], ["export", "rdf", "-o", "x.nq"], ["export", "rankings", "-o", "x.jsonl"],
    ["export", "graph", "-o", "x.gexf"], ["export", "tables", "-o", "out"],
]  # fmt: skip


@pytest.mark.parametrize("arguments", NEEDS_WORKSPACE, ids=" ".join)
def test_every_command_without_a_workspace_exits_with_3(arguments: list[str], tmp_path: Path) -> None:
    told = one_line(kgraph_run(*arguments, "-w", "missing", cwd=tmp_path), 3)
    assert "missing: no workspace here: run `kgraph build SOURCE` first" in told
    assert list(tmp_path.iterdir()) == []


def test_differences_of_a_missing_workspace(built: Path, tmp_path: Path) -> None:
    one_line(kgraph_run("diff", "missing", built / "w", cwd=tmp_path), 3)
    one_line(kgraph_run("diff", built / "w", "missing", cwd=tmp_path), 3)


@pytest.mark.parametrize("source", ["missing", "empty", "hidden", "data.bin", "."])
def test_a_source_that_is_missing_or_holds_no_page(source: str, tmp_path: Path) -> None:
    write_wiki(tmp_path, {"hidden/.git/a.md": "# A", "hidden/node_modules/b.md": "# B", "data.bin": "Text."})
    (tmp_path / "empty").mkdir()
    for command in ("build", "ingest", "check"):
        place: list[str | Path] = [] if command == "check" else ["-w", tmp_path / "w"]
        told = one_line(kgraph_run(command, source, *place, cwd=tmp_path), 2)
        assert "no such file or folder" in told or "no page found" in told
    assert not (tmp_path / "w/current").exists()


# -- readers while a build switches ----------------------------------------------------------------


@pytest.fixture
def changing(tmp_path: Path) -> Path:
    wiki = write_wiki(tmp_path / "wiki", WIKI)
    build(wiki, tmp_path / "w")
    return tmp_path


def test_readers_go_on_while_builds_switch(changing: Path) -> None:
    wiki, space = changing / "wiki", changing / "w"
    failures: list[BaseException] = []
    seen: set[int] = set()
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            try:
                kg = kgraph.open(space)
                number = int(next(iter(kg.get_entity("ann").tags), "0"))
                (row,) = kg.run("SELECT ?tag WHERE { ?e dcterms:identifier 'ann' ; kg:tag/skos:prefLabel ?tag }").rows or (None,)
                told = json.loads((kg.generation.folder / "site/pages/ann.json").read_text(encoding="utf-8"))
                assert row is None or int(row[0].value) == number
                assert told["summary"] is None or str(number) in told["summary"] or number == 0
                seen.add(number)
            except (KgraphError, AssertionError, OSError, ValueError) as error:
                failures.append(error)
                return

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    try:
        for number in range(1, 7):
            (wiki / "docs/people/ann.md").write_text(f"---\ntags: ['{number}']\nsummary: Number {number}\n---\n# Ann\n\nThe [[mill]].\n")
            build(wiki, space)
    finally:
        done.set()
        for reader in readers:
            reader.join()
    assert failures == []
    assert len(seen) >= 3


def test_a_reader_keeps_the_build_it_opened(changing: Path) -> None:
    wiki, space = changing / "wiki", changing / "w"
    old = kgraph.open(space)
    (wiki / "docs/people/ann.md").write_text("# Anna\n\nThe [[mill]].\n")
    build(wiki, space)
    assert old.get_entity("ann").title == "Ann"
    assert kgraph.open(space).get_entity("ann").title == "Anna"
    assert old.run("ASK { ?e skos:prefLabel 'Ann' }").answer
    site = json.loads((space / "site/pages/ann.json").read_text(encoding="utf-8"))
    assert site["title"] == "Anna"
    assert (space / "site").is_symlink()
