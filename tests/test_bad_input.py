"""Bad input of every kind through the whole pipeline: pages and findings come out, and nothing else happens."""

from __future__ import annotations

import csv
import ctypes
import io
import json
import os
import re
import resource
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import networkx as nx
import pandas as pd
import pyoxigraph as ox
import pytest
import rdflib

import kgraph
from tests.badinput import CASES, LARGE, MARKS, write_bad_input
from tests.processors import spent_by_children

pytestmark = pytest.mark.xdist_group("bad-input")

MEMORY = 4_000_000_000
SECONDS = 60
_FORMULA = re.compile(r"[=+@\t\r]|-[^\d]")


def run(*arguments: str | Path, cwd: Path, obey: bool = False) -> subprocess.CompletedProcess[str]:
    """Run the command line with bounded memory and time; ``obey`` takes root's right to read what permissions forbid."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        if obey and os.getuid() == 0:
            prctl = ctypes.CDLL(None).prctl
            for capability in (1, 2):
                prctl(24, capability, 0, 0, 0)

    environment = {name: value for name, value in os.environ.items() if name != "KGRAPH_WORKSPACE"}
    return subprocess.run(
        [sys.executable, "-m", "kgraph", *map(str, arguments)], cwd=cwd, capture_output=True, text=True, timeout=SECONDS, env=environment,
        preexec_fn=limit,
    )  # fmt: skip


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with all cases but the largest in ``wiki`` and their workspace in ``w``, built by the command line."""
    folder = tmp_path_factory.mktemp("bad")
    write_bad_input(folder / "wiki", [name for name in CASES if name not in APART])
    before = _files(folder)
    done = run("build", "wiki", "-w", "w", cwd=folder)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr[-2000:]
    written = {path for path in _files(folder) if path.split("/")[0] != "w"} - before
    assert not written, "something was written outside the workspace"
    return folder


APART = ("settings", "many-links")
"""Cases that need a folder of their own: settings of a whole site, and what takes longer."""


def _files(folder: Path) -> set[str]:
    return {os.fsencode(path.relative_to(folder)).decode("utf-8", "replace") for path in folder.rglob("*")}


def told_of(workspace: Path, name: str, prefix: str = "") -> list[str]:
    """What is missing from what a case expects."""
    graph, case = kgraph.open(workspace), CASES[name]
    found = {(item.path, item.rule, item.line) for item in graph.findings()}
    missing = [f"no page: {path!r}" for path in case.pages if prefix + path not in graph.head.pages]
    for path, rule, line in case.found:
        if not any((prefix + path, rule) == (at, what) and line in (None, number) for at, what, number in found):
            missing.append(f"no finding: {path}:{line} {rule}")
    return missing


@pytest.mark.parametrize("name", [name for name in CASES if name not in APART])
def test_a_page_and_a_finding(name: str, built: Path) -> None:
    assert told_of(built / "w", name, f"{name}/") == []


@pytest.mark.parametrize("name", APART)
def test_a_folder_of_its_own(name: str, tmp_path: Path) -> None:
    write_bad_input(tmp_path / "wiki", [name])
    started = spent_by_children()
    done = run("build", f"wiki/{name}", "-w", "w", cwd=tmp_path)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr[-2000:]
    assert spent_by_children() - started < SECONDS / 2
    assert told_of(tmp_path / "w", name) == []
    assert not list(tmp_path.rglob("executed"))


def test_every_file_is_a_page_or_told_of(built: Path) -> None:
    """A file that is neither page nor catalog with rows has a finding, or sends the reader on, or is told of as a whole."""
    graph = kgraph.open(built / "w")
    told = {item.path for item in graph.findings()} | set(graph.head.pages)
    pages = re.compile(r"\.(?:md|mdx|html|xhtml)$")
    lost = []
    for name in CASES.keys() - set(APART):
        for path in CASES[name].files:
            if pages.search(path) and f"{name}/{path}" not in told and path.isprintable() and ".." not in path:
                lost.append(f"{name}/{path}")
    assert lost == []


def test_findings_name_file_and_mend_in_one_line(built: Path) -> None:
    done = run("stats", "--problems", "--format", "json", "-w", "w", cwd=built)
    rows = json.loads(done.stdout)
    assert len(rows) > 100
    for row in rows:
        assert row["path"]
        assert row["message"]
        assert "\n" not in row["message"] + row["path"]
    for command in (["stats", "--problems"], ["hubs", "-k", "500"], ["related", "ids/control.md"], ["related", "a\x1b[31m"]):
        table = run(*command, "-w", "w", cwd=built)
        assert table.returncode == 0 or command[-1] == "a\x1b[31m"
        assert not set(table.stdout + table.stderr) & {"\x00", "\x07", "\x1b", "\x9b", "\u202e"}


def test_nothing_is_read_outside_the_root_nor_run(built: Path) -> None:
    for path in (built / "w").rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert b"root:x:0" not in data, path
            assert b"swordfish." not in data, path
            assert str(built).encode() not in data or path.name in ("inputs.msgpack", "config.msgpack"), path
    assert not list(built.rglob("executed"))
    assert not (Path.cwd() / "executed").exists()


def test_exports_can_be_read(built: Path) -> None:
    formats = {"nquads": ox.RdfFormat.N_QUADS, "trig": ox.RdfFormat.TRIG, "turtle": ox.RdfFormat.TURTLE, "ntriples": ox.RdfFormat.N_TRIPLES,
               "rdfxml": ox.RdfFormat.RDF_XML, "jsonld": ox.RdfFormat.JSON_LD}  # fmt: skip
    counts = {}
    for name, form in formats.items():
        done = run("export", "rdf", "-o", f"wiki.{name}", "--format", name, "-w", "w", cwd=built)
        assert done.returncode == 0, done.stderr
        quads = ox.parse(path=str(built / f"wiki.{name}"), format=form)
        counts[name] = len({(quad.subject, quad.predicate, quad.object) for quad in quads})
    assert len(set(counts.values())) == 1, counts
    dataset = rdflib.Dataset()
    lines = (built / "wiki.nquads").read_text(encoding="utf-8").splitlines()
    dataset.parse(data="\n".join(line for line in lines if "/t" in line or "/ids" in line or "/h" in line), format="nquads")
    for suffix in ("graphml", "gexf", "json"):
        done = run("export", "graph", "-o", f"graph.{suffix}", "-w", "w", cwd=built)
        assert done.returncode == 0, done.stderr
    nodes = {len(nx.read_graphml(built / "graph.graphml")), len(nx.read_gexf(built / "graph.gexf"))}
    assert nodes == {len(json.loads((built / "graph.json").read_text(encoding="utf-8"))["nodes"])}
    done = run("export", "rankings", "-o", "r.jsonl", "-k", "5", "-w", "w", cwd=built)
    assert done.returncode == 0, done.stderr
    assert all(json.loads(line)["id"] for line in (built / "r.jsonl").read_text(encoding="utf-8").splitlines())


def test_tables_can_be_read_and_hold_no_formulas(built: Path) -> None:
    for form in ("csv", "parquet"):
        done = run("export", "tables", "-o", form, "--format", form, "-w", "w", cwd=built)
        assert done.returncode == 0, done.stderr
    for path in sorted((built / "csv").glob("*.csv")):
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        assert len(frame) == len(pd.read_parquet(built / "parquet" / f"{path.stem}.parquet")), path.name
    for command in (["hubs", "-k", "500"], ["related", "titles/t5.md"]):
        done = run(*command, "--format", "csv", "-w", "w", cwd=built)
        assert done.returncode == 0, done.stderr
        for row in csv.reader(io.StringIO(done.stdout)):
            assert not [cell for cell in row if _FORMULA.match(cell)], row


def test_site_lists_stay_in_their_folder(built: Path) -> None:
    done = run("export", "site", "-o", "site", "-w", "w", cwd=built)
    assert done.returncode == 0, done.stderr
    related = json.loads((built / "site/related.json").read_text(encoding="utf-8"))
    files = [path for path in (built / "site/pages").rglob("*.json") if path.is_file()]
    assert len(files) == len(related["pages"])
    assert "__proto__" in related["pages"]
    for page in related["pages"].values():
        for item in [page, *page["top"], *page["backlinks"]]:
            assert item["href"] is None or re.match(r"(?:https?:/)?/", item["href"]), item["href"]


class _Tags(HTMLParser):
    """Tags and attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_pictures_hold_no_markup_of_pages(built: Path) -> None:
    done = run("render", "-o", "graph.html", "--max-nodes", "2000", "-w", "w", cwd=built)
    assert done.returncode == 0, done.stderr
    text = (built / "graph.html").read_text(encoding="utf-8")
    for mark in MARKS[:2]:
        assert mark not in text
    page = _Tags()
    page.feed(text)
    assert not [attributes for _, attributes in page.found if {"onerror", "onmouseover"} & attributes.keys()]
    assert not [at for _, at in page.found for key in ("href", "src") if (at.get(key) or "").startswith(("javascript:", "http:", "//"))]
    assert "alert(1)" not in "".join(text for text in page.text if "vis." not in text and "{" not in text)


@pytest.mark.parametrize("name", LARGE)
def test_fifty_megabytes_in_one_line(name: str, tmp_path: Path) -> None:
    (tmp_path / "wiki").mkdir()
    (tmp_path / "wiki" / name).write_bytes(LARGE[name]())
    (tmp_path / "wiki/a.md").write_text("# A\n")
    done = run("build", "wiki", "-w", "w", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    graph = kgraph.open(tmp_path / "w")
    assert [(item.path, item.rule) for item in graph.findings()] == [(name, "E102")]
    assert set(graph.head.pages) == {"a.md"}


def test_a_long_line_is_read_where_settings_allow_it(tmp_path: Path) -> None:
    (tmp_path / "wiki").mkdir()
    (tmp_path / "wiki/kgraph.toml").write_text("[limits]\nmax_file_bytes = 30_000_000\nseconds_per_file = 4\n")
    (tmp_path / "wiki/line.md").write_bytes(LARGE["line.md"]()[:24_000_000])
    done = run("build", "wiki", "-w", "w", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert set(kgraph.open(tmp_path / "w").head.pages) == {"line.md"}


def test_files_that_may_not_be_read(tmp_path: Path) -> None:
    wiki = tmp_path / "wiki"
    (wiki / "closed").mkdir(parents=True)
    for name in ("a.md", "shut.md", "shut.yaml", "shut.html", "shut.txt", "closed/b.md", ".gitignore", "mkdocs.yml"):
        (wiki / name).write_text("# A\n")
    for name in ("shut.md", "shut.yaml", "shut.html", "shut.txt", ".gitignore", "mkdocs.yml", "closed"):
        (wiki / name).chmod(0)
    try:
        done = run("build", "wiki", "-w", "w", cwd=tmp_path, obey=True)
        check = run("check", "wiki", cwd=tmp_path, obey=True)
    finally:
        (wiki / "closed").chmod(0o700)
    assert (done.returncode, "Traceback" in done.stderr + check.stderr) == (0, False), done.stderr
    graph = kgraph.open(tmp_path / "w")
    found = {(item.path, item.rule) for item in graph.findings()}
    if ("shut.md", "E101") not in found:
        pytest.skip("this user may read everything")
    assert {("shut.yaml", "E101"), ("shut.html", "E101")} <= found
    assert ("closed", "E101") in found
    assert set(graph.head.pages) == {"a.md"}
