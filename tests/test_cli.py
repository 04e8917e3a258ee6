"""The command line: every command has help, errors are one line, exit codes are those of the contract."""

from __future__ import annotations

import csv
import io
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY, RunKgraph

COMMANDS = [
    "init", "build", "ingest", "rank", "related", "hubs", "query", "render", "stats", "check", "diff", "evaluate", "serve", "inject",
    "export site",
    "export rdf", "export rankings", "export graph", "export tables",
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_and_is_documented(command: str, run_kgraph: RunKgraph) -> None:
    done = run_kgraph(*command.split(), "--help")
    assert done.returncode == 0
    assert "Usage: kgraph" in done.stdout
    reference = (REPOSITORY / "docs" / "cli.md").read_text(encoding="utf-8")
    assert f"## kgraph {command}" in reference


def test_version(run_kgraph: RunKgraph) -> None:
    assert run_kgraph("--version").stdout == "kgraph 0.1.0\n"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["related", "x", "-w", "missing"], 3, "run `kgraph build SOURCE` first"),
        (["build", "missing"], 2, "no such file or folder"),
        (["build", "."], 2, "no page found"),
        (["query", "-w", "missing"], 2, "--list"),
        (["related", "x", "--format", "bogus"], 2, "'bogus' is not one of"),
        (["build", "--jobs", "0"], 2, "--jobs"),
        (["no-such-command"], 2, "No such command"),
    ],
)
def test_errors_are_one_line(arguments: list[str], code: int, words: str, run_kgraph: RunKgraph) -> None:
    done = run_kgraph(*arguments)
    assert done.returncode == code
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("kgraph: ")
    assert words in lines[0]


def test_unknown_page_gets_the_closest_matches(sample_workspace: Path, run_kgraph: RunKgraph) -> None:
    done = run_kgraph("related", "EU AI Akt", "-w", sample_workspace)
    assert done.returncode == 2
    assert "did you mean eu-ai-act" in done.stderr
    far = run_kgraph("related", "zzzqqq", "-w", str(sample_workspace), code=2)
    assert "; the closest are " in far.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "name", ["eu-ai-act", "EU AI Act", "eu ai act", "Artificial Intelligence Act", "wiki/content/policies/eu-ai-act.md"]
)
def test_page_by_any_of_its_names(name: str, sample_workspace: Path, run_kgraph: RunKgraph) -> None:
    done = run_kgraph("related", name, "-k", "3", "--format", "json", "-w", sample_workspace)
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    assert [row["rank"] for row in rows] == [1, 2, 3]
    assert all(abs(sum(reason["share"] for reason in row["reasons"]) - row["score"]) < 1e-4 for row in rows)
    assert "eu-ai-act" not in [row["id"] for row in rows]


def test_unlinked_leaves_out_what_is_linked(sample_workspace: Path, run_kgraph: RunKgraph) -> None:
    done = run_kgraph("related", "eu-ai-act", "-k", "20", "--unlinked", "--format", "csv", "-w", sample_workspace)
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert len(rows) == 20
    assert {row["linked"] for row in rows} == {"False"}


def test_hubs_by_type(sample_workspace: Path, run_kgraph: RunKgraph) -> None:
    done = run_kgraph("hubs", "--by", "in-degree", "--type", "lab", "-k", "4", "--format", "json", "-w", sample_workspace)
    rows = json.loads(done.stdout)
    assert {row["type"] for row in rows} == {"organization"}
    assert [row["in-degree"] for row in rows] == sorted((row["in-degree"] for row in rows), reverse=True)


def test_stats_and_problems(sample_workspace: Path, run_kgraph: RunKgraph) -> None:
    counts = json.loads(run_kgraph("stats", "--format", "json", "-w", sample_workspace).stdout)
    keys = {"pages", "entities", "links", "dead_links", "relations", "mentions", "triples", "problems", "types", "seconds"}
    assert keys <= counts.keys()
    assert sum(counts["types"].values()) == counts["entities"]
    problems = json.loads(run_kgraph("stats", "--problems", "--format", "json", "-w", sample_workspace).stdout)
    assert len(problems) == counts["problems"]
    assert {"rule", "path", "line", "message"} <= problems[0].keys()


def test_query_from_name_file_and_input(sample_workspace: Path, tmp_path: Path, run_kgraph: RunKgraph) -> None:
    named = run_kgraph("query", "backlinks", "--param", "entity=EU AI Act", "--format", "json", "-w", sample_workspace)
    assert len(json.loads(named.stdout)["results"]["bindings"]) > 3
    text = "SELECT (COUNT(*) AS ?n) WHERE { ?page a kg:Document }"
    (tmp_path / "own.rq").write_text(text, encoding="utf-8")
    from_file = run_kgraph("query", "own.rq", "--format", "csv", "-w", sample_workspace)
    from_input = run_kgraph("query", "-", "--format", "csv", "-w", sample_workspace, input=text)
    assert from_file.stdout == from_input.stdout
    assert int(from_file.stdout.split()[1]) >= 80
    broken = run_kgraph("query", "-", "-w", sample_workspace, input="SELECT WHERE {")
    assert broken.returncode == 2
    assert "does not parse" in broken.stderr


def test_configuration_errors_name_the_line(tmp_path: Path, run_kgraph: RunKgraph) -> None:
    (tmp_path / "page.md").write_text("# A page\n\nText.\n", encoding="utf-8")
    for text, words in (
        ("[lists]\ntop = 5\nlenght = 3\n", "kgraph.toml:3: unknown key 'lists.lenght': did you mean length?"),
        ("[types.river]\nplurral = 'Rivers'\n", "kgraph.toml:2: unknown key 'types.*.plurral': did you mean plural?"),
        (
            "[check.rules]\norphan = 'off'\ndead-link = 'fatal'\ndead-end = 'note'\n",
            "kgraph.toml:3: check.rules.dead-link: 'fatal' is none of error, warning, note, off",
        ),
        ("[pages]\nxyzzy = 1\n", "kgraph.toml:2: unknown key 'pages.xyzzy': `kgraph init` writes a file with every key"),
        ('base_iri = "https://example.org/"\n\n[lists]\ntop = "five"\n', "kgraph.toml:4: lists.top: Expected `int`"),
        ('base_iri = "not an iri"\n', "kgraph.toml:1: base_iri must be an absolute IRI"),
        ("[catalogs]\nignore = ['a', 5]\n", "kgraph.toml:2: catalogs.ignore: Expected `str`"),
        ("[types.river]\nplural = 'R'\nlabel = 5\n", "kgraph.toml:3: types.*.label: Expected `str"),
        ("[lists\n", "kgraph.toml:1: not valid TOML"),
        ("[signals]\nlink = -1.0\n", "kgraph.toml:2: signals.link must not be negative"),
    ):
        (tmp_path / "kgraph.toml").write_text(text, encoding="utf-8")
        done = run_kgraph("build", ".")
        assert done.returncode == 2
        assert words in done.stderr


def test_init_writes_what_build_would_guess(tmp_path: Path, run_kgraph: RunKgraph) -> None:
    done = run_kgraph("init", REPOSITORY / "data", "-o", tmp_path / "kgraph.toml")
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "kgraph.toml").read_text(encoding="utf-8")
    assert 'root = "wiki/content"' in text
    assert 'entities = ["/wiki/entities/*.yaml"]' in text
    again = run_kgraph("init", REPOSITORY / "data", "-o", tmp_path / "kgraph.toml")
    assert again.returncode == 2
    assert "--force" in again.stderr
    plain = run_kgraph("build", REPOSITORY / "data", "-w", tmp_path / "plain")
    told = run_kgraph("build", REPOSITORY / "data", "-w", tmp_path / "told", "--config", tmp_path / "kgraph.toml")
    assert plain.stdout == told.stdout
    assert (tmp_path / "plain/site/related.json").read_bytes() == (tmp_path / "told/site/related.json").read_bytes()


def test_configuration_changes_types_relations_and_links(tmp_path: Path, run_kgraph: RunKgraph) -> None:
    (tmp_path / "a.mdx").write_text('---\ntitle: Alpha\ntype: gadget\n---\nSee <Jump where="b">the other</Jump>.\n', encoding="utf-8")
    (tmp_path / "b.mdx").write_text("---\ntitle: Beta\ntype: widget\n---\nA second page.\n", encoding="utf-8")
    (tmp_path / "kgraph.toml").write_text(
        '[components.links]\nJump = "where"\n[types.device]\nplural = "Devices"\nsynonyms = ["gadget", "widget"]\n', encoding="utf-8"
    )
    assert run_kgraph("build", ".").returncode == 0
    data = json.loads((tmp_path / ".kgraph/site/pages/b.json").read_text(encoding="utf-8"))
    assert data["type"] == "device"
    assert [item["id"] for item in data["backlinks"]] == ["a"]
    assert data["top"][0]["id"] == "a"


@pytest.mark.parametrize("command", ["stats", "hubs --format json", "query most-linked", "--help"])
def test_output_that_nobody_reads(command: str, sample_workspace: Path) -> None:
    place = "" if command == "--help" else f"-w {shlex.quote(str(sample_workspace))}"
    call = f"{shlex.quote(sys.executable)} -m kgraph {command} {place}"
    for ending in (">&-", ">&- 2>&-", ">&- 2>&- <&-"):
        done = subprocess.run(["sh", "-c", f"{call} {ending}"], cwd=REPOSITORY, capture_output=True, text=True, timeout=60)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(["sh", "-c", call], cwd=REPOSITORY, stdout=write, stderr=subprocess.PIPE, text=True, timeout=60)
    os.close(write)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is full")
def test_output_on_a_full_disk(sample_workspace: Path) -> None:
    call = f"{shlex.quote(sys.executable)} -m kgraph stats -w {shlex.quote(str(sample_workspace))} >/dev/full"
    done = subprocess.run(["sh", "-c", call], cwd=REPOSITORY, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (2, "kgraph: the output cannot be written: No space left on device\n")
