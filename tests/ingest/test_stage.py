"""The ingest stage end to end: the same corpus from the same files, whatever happens round them."""

from __future__ import annotations

import hashlib
import os
import random
import sqlite3
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kgraph.config import Config, Limits, Pages
from kgraph.errors import SourceError
from kgraph.ingest import discover, load
from kgraph.ingest.cache import Cache
from kgraph.ingest.stage import ingest
from kgraph.model.corpus import Corpus
from kgraph.parallel import can_fork
from tests.ingest.wiki import corpus_of, found_of, write_wiki

REPOSITORY = Path(__file__).resolve().parents[2]
WIKI: dict[str, str | bytes] = {
    "docs/index.mdx": (
        "---\ntitle: The valley\n---\nStart at the [mill](water/mill.md) or at <EntityLink id='ferry'>the ferry</EntityLink>.\n"
    ),
    "docs/water/mill.md": (
        "---\ntitle: Water mill\nid: mill\ntype: place\nrelated: [weir]\nlastEdited: 2024-05-06\n"
        "quality: 80\n---\n# Water mill\n\nBelow the Old Weir it "
        "turns[^1].\n\n| Part | Link |\n|--|--|\n| wheel | [[Weir\\|the weir]] |\n\n```mermaid\ngraph TD\n"
        "```\n\n[^1]: See https://example.org and "
        "<https://example.org/mill>.\n\n## See also\n\n- [[gone]]\n- [weir](weir.mdx#sluice)\n"
    ),
    "docs/water/weir.mdx": (
        "import X from 'x'\n\n# Weir\n\n<X>\n  The water mill stands below.\n</X>\n\n<R id='s1' /> <EntityLink id='mill' />\n\n## Sluice\n"
    ),
    "docs/water/index.md": "# On water\n\n![map](map.png)\n",
    "docs/people/ann.md": "Ann keeps the [[mill]] and the ferry.\n",
    "data/entities/rows.yaml": (
        "- id: mill\n  title: Mill\n  type: place\n  aliases: [Corn mill]\n  relatedEntries:\n"
        "    - {id: weir, type: place, relationship: uses}\n"
        "- {id: weir, title: Old Weir, type: place}\n- {id: ferry, title: The ferry, type: place, tags: [boats]}\n"
    ),
    "data/sources.yaml": "- {id: s1, title: Charter, url: 'https://example.org/s1'}\n",
    "README.md": "# Not a page\n",
}


def bytes_of(corpus: Corpus) -> bytes:
    return msgspec.json.encode(corpus)


def many_pages() -> dict[str, str | bytes]:
    words = ["mill", "weir", "lock", "ferry", "ford"]
    return {
        f"docs/{word}-{number}.md": f"# The {word} {number}\n\n"
        + f"Go from [here]({word}-{(number + 1) % 30}.md) to [[{other}-{number}]]. " * 5
        for number in range(30)
        for word, other in zip(words, words[1:] + words[:1], strict=True)
    }


def test_a_tiny_wiki_end_to_end(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path, WIKI)
    assert {path: (page.entity, page.href, page.reader) for path, page in corpus.pages.items()} == {
        "docs/index.mdx": ("index", "/", "mdx"),
        "docs/people/ann.md": ("ann", "/people/ann/", "markdown"),
        "docs/water/index.md": ("water", "/water/", "markdown"),
        "docs/water/mill.md": ("mill", "/water/mill/", "markdown"),
        "docs/water/weir.mdx": ("weir", "/water/weir/", "mdx"),
    }
    assert {key: (entity.title, entity.type, entity.stub) for key, entity in corpus.entities.items()} == {
        "ann": ("Ann", "person", False),
        "ferry": ("The ferry", "place", True),
        "index": ("The valley", "index", False),
        "mill": ("Water mill", "place", False),
        "water": ("On water", "index", False),
        "weir": ("Weir", "place", False),
    }
    assert [(link.source, link.target, link.line) for link in corpus.links] == [
        ("index", "mill", 4),
        ("index", "ferry", 4),
        ("ann", "mill", 1),
        ("mill", "weir", 15),
        ("mill", None, 25),
        ("mill", "weir", 26),
        ("weir", "mill", 9),
    ]
    assert {(item.source, item.target, item.name, item.key) for item in corpus.relations} == {
        ("mill", "weir", "related", "related"),
        ("mill", "weir", "uses", "relatedEntries"),
        ("mill", "weir", "related", "See also"),
    }
    assert {(item.source, item.target, item.text) for item in corpus.mentions} == {
        ("mill", "weir", "Old Weir"),
        ("weir", "mill", "water mill"),
        ("ann", "ferry", "the ferry"),
    }
    mill = corpus.pages["docs/water/mill.md"]
    assert (mill.date, mill.quality, mill.internal_links, mill.external_links) == ("2024-05-06", 80.0, 2, 1)
    assert (mill.counts.tables, mill.counts.diagrams, mill.counts.footnotes, mill.counts.footnote_references) == (1, 1, 1, 1)
    assert mill.sha256 == hashlib.sha256((tmp_path / "docs/water/mill.md").read_bytes()).hexdigest()
    assert [(item.source, item.work) for item in corpus.citations] == [("weir", "s1")]
    assert [(item.rule, item.path, item.line) for item in corpus.findings] == [("W201", "docs/water/mill.md", 25)]
    assert corpus.catalogs == {"data/entities/rows.yaml": "entities", "data/sources.yaml": "sources"}
    assert any("README.md" in note for note in corpus.assumptions)


def test_the_order_in_which_files_are_listed_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = bytes_of(corpus_of(tmp_path, WIKI))
    scan = os.scandir
    for seed in range(4):

        def scan_shuffled(folder: str, seed: int = seed) -> list[os.DirEntry[str]]:
            entries = sorted(scan(folder), key=lambda entry: entry.name)
            random.Random(seed).shuffle(entries)
            return entries

        monkeypatch.setattr(os, "scandir", scan_shuffled)
        assert bytes_of(corpus_of(tmp_path)) == expected


@pytest.mark.parametrize("jobs", [0, 2, 3, 50])
def test_the_number_of_processes_changes_nothing(tmp_path: Path, jobs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = bytes_of(corpus_of(tmp_path, {**WIKI, **many_pages()}))
    monkeypatch.setattr(load, "_WORTH_A_PROCESS", 10)
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    forked: list[int] = []
    fork = os.fork

    def count_forks() -> int:
        child = fork()
        forked.append(child)
        return child

    monkeypatch.setattr(os, "fork", count_forks)
    assert bytes_of(corpus_of(tmp_path, jobs=jobs)) == expected
    assert len(forked) == (min(jobs, 3) - 1 if jobs > 1 and can_fork() else 0)


def test_the_hash_seed_changes_nothing(tmp_path: Path) -> None:
    write_wiki(tmp_path, WIKI)
    script = (
        "import hashlib, msgspec, sys; from pathlib import Path; from kgraph.config import Config; from kgraph.ingest.stage import ingest;"
        "print(hashlib.sha256(msgspec.json.encode(ingest(Path(sys.argv[1]), Config())[0])).hexdigest())"
    )
    seen = set()
    for seed in ("0", "1", "4242"):
        run = subprocess.run(
            [sys.executable, "-c", script, str(tmp_path)],
            capture_output=True,
            text=True,
            check=True,
            cwd=REPOSITORY,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        seen.add(run.stdout)
    assert len(seen) == 1


def test_where_the_wiki_lies_changes_nothing(tmp_path: Path) -> None:
    one, other = corpus_of(tmp_path / "one", WIKI), corpus_of(tmp_path / "other" / "deeper", WIKI)
    assert bytes_of(one) == bytes_of(other)
    assert str(tmp_path).encode() not in bytes_of(one)


def test_the_cache_gives_the_same_and_follows_changes(tmp_path: Path) -> None:
    wiki, store = write_wiki(tmp_path / "wiki", WIKI), tmp_path / "space" / "cache.sqlite"
    expected = bytes_of(corpus_of(wiki))
    for reused in (0, 7):
        cache = Cache(store)
        corpus, loaded, _ = ingest(wiki, Config(), cache=cache)
        cache.close()
        assert loaded.reused == reused
        assert bytes_of(corpus) == expected
    write_wiki(wiki, {"docs/people/ann.md": "Ann left.\n"})
    cache = Cache(store)
    corpus, loaded, _ = ingest(wiki, Config(), cache=cache)
    cache.close()
    assert loaded.reused == 6
    assert bytes_of(corpus) == bytes_of(corpus_of(wiki))


@pytest.mark.parametrize("damage", [b"", b"no database at all" * 100, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_damaged_cache_costs_time_only(tmp_path: Path, damage: bytes) -> None:
    wiki, store = write_wiki(tmp_path / "wiki", WIKI), tmp_path / "cache.sqlite"
    store.write_bytes(damage)
    cache = Cache(store)
    assert bytes_of(corpus_of(wiki, cache=cache)) == bytes_of(corpus_of(wiki))
    cache.close()


def test_damaged_entries_of_the_cache_are_read_anew(tmp_path: Path) -> None:
    wiki, store = write_wiki(tmp_path / "wiki", WIKI), tmp_path / "cache.sqlite"
    cache = Cache(store)
    expected = bytes_of(corpus_of(wiki, cache=cache))
    cache.close()
    with sqlite3.connect(store) as connection:
        connection.execute("UPDATE parsed SET value = x'93c0'")
    connection.close()
    cache = Cache(store)
    corpus, loaded, _ = ingest(wiki, Config(), cache=cache)
    cache.close()
    assert (loaded.reused, bytes_of(corpus)) == (0, expected)


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", None),
        (b"\n", None),
        (b"---\n---\n", None),
        (b"\xef\xbb\xbf---\ntitle: Here\n---\nText [[mill]]", None),
        ("---\ntitle: Here\n---\nText [[mill]] é".encode("utf-16"), None),
        ("\ufeff---\ntitle: Here\n---\n[[mill]]".encode("utf-16-be"), None),
        (b"---\r\ntitle: Here\r\n---\r\n\r\nText [[mill]]\r\n", None),
        (b"---\rtitle: Here\r---\r\rText [[mill]]\r", None),
        (b"---\ntitle: Here\n---\ncaf\xe9 [[mill]]", "W105"),
        (b"\x00\x01\x02\xff\xfe" * 50, "W105"),
        (b"---\ntitle: [\n---\n[[mill]]", "E103"),
        (b"x" * 5000, "E102"),
        (b"\xff\xfe", None),
        (b"\xff\xfea", None),
        (b"---\ntitle: \xff\n---\n[[mill]]", "W105"),
    ],
)
def test_bytes_of_every_kind(tmp_path: Path, content: bytes, rule: str | None) -> None:
    config = Config(limits=Limits(max_file_bytes=4000))
    corpus = corpus_of(tmp_path, {"here.md": content, "mill.md": "# Mill"}, config)
    assert {item.rule for item in corpus.findings} == ({rule} if rule else set())
    assert all(item.path == "here.md" for item in corpus.findings)
    assert ("here.md" in corpus.pages) == (rule != "E102")
    if b"m\x00i\x00l" in content or b"mill" in content or b"\x00m\x00i" in content:
        assert [link.target for link in corpus.links] == ["mill"]
    if b"\r" in content:
        assert corpus.links[0].line == 5
    if b"Here" in content:
        assert corpus.entities["here"].title == "Here"
    bytes_of(corpus)


def test_line_of_the_first_byte_that_is_no_utf_8(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path, {"a.md": b"one\ntwo \xff\n", "b.yaml": b"- id: a\n  title: \xe9\n"})
    assert [(path, line) for path, line, _ in found_of(corpus, "W105")] == [("a.md", 2), ("b.yaml", 2)]


def test_files_that_vanish_or_close_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_wiki(tmp_path, {"a.md": "# A", "b.md": "# B", "c.md": "# C"})
    tree = discover.discover(tmp_path, Config())
    (tmp_path / "b.md").unlink()
    (tmp_path / "c.md").unlink()
    (tmp_path / "c.md").mkdir()
    loaded = load.load_files(tree, Config(limits=Limits(max_file_bytes=1000)), jobs=1, cache=None)
    assert list(loaded.documents) == ["a.md"]
    assert [(item.path, item.rule) for item in loaded.findings] == [("b.md", "E101"), ("c.md", "E101")]


def test_a_source_without_pages_is_an_error(tmp_path: Path) -> None:
    for files in ({}, {"a.txt": "x"}, {"config.yaml": "a: 1\n"}):
        with pytest.raises(SourceError, match="no page"):
            corpus_of(tmp_path, dict(files))


def test_catalogs_alone_are_a_wiki_of_stubs(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path, {"rows.yaml": "- {id: a, title: A, related: [b]}\n- {id: b, title: B}\n"})
    assert [entity.stub for entity in corpus.entities.values()] == [True, True]
    assert [(item.source, item.target) for item in corpus.relations] == [("a", "b")]


HOSTILE = [
    "../../etc/passwd",
    "__proto__",
    "constructor",
    "<script>alert(1)</script>",
    "a'); DROP TABLE x; --",
    "x> . } ; DELETE WHERE { ?s ?p ?o } #",
    "a\\nb",
    "%2e%2e/%2f",
    "~",
    ".",
    "..",
    "/",
    "index",
    "🐝\u202e",
    "a\tb",
    "{{7*7}}",
    "${x}",
    "CON",
    "a" * 3000,
    "\u200b",
    "0",
    "-1",
    "null",
]


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_ids_and_titles_survive_as_data(tmp_path: Path, name: str) -> None:
    front = msgspec.json.encode({"id": name, "title": name, "related": [name, "b"], "tags": [name], "aliases": [name], "x": name}).decode()
    pages = {"a.md": f"---\n{front}\n---\nText {name}\n\n[[{name}]] [l](<{name}>)\n", "b.md": f"# {name}\n"}
    corpus = corpus_of(tmp_path, {**pages, "rows.yaml": f"- {front}\n"}, Config(pages=Pages(root="")))
    assert corpus.pages["a.md"].entity == name.strip()
    assert corpus.entities[name.strip()].path == "a.md"
    assert corpus.entities[name.strip()].title == " ".join(name.split())
    decoded = msgspec.json.decode(bytes_of(corpus), type=Corpus)
    assert decoded.entities == corpus.entities


def test_hostile_names_of_files(tmp_path: Path) -> None:
    names = [
        "<b>.md",
        "a'b.md",
        'a"b.md',
        "a b#c?d&e=f.md",
        "%2e%2e.md",
        "__proto__.md",
        "{id}.md",
        "~.md",
        "💥.md",
        "a;b.md",
        "$(x).md",
        "-rf.md",
        "...md",
    ]
    corpus = corpus_of(tmp_path, dict.fromkeys(names, "[x](<b>.md)"))
    assert set(corpus.pages) == set(names) - {"...md"}
    assert all(page.href.isascii() and not set('<>"{} ?#') & set(page.href) for page in corpus.pages.values())


PAGE_TEXT = st.lists(
    st.sampled_from(
        [
            "---\n",
            "title: T\n",
            "id: b\n",
            "related: [a, b]\n",
            "- id: a\n",
            "  title: x\n",
            "[[a]] ",
            "[x](b.md#y) ",
            "# H\n",
            "\n",
            "text a ",
            "<EntityLink id='a' /> ",
            "{",
            "```\n",
            "| a | [[b]] |\n|-|-|\n",
            "## See also\n",
            "\udcff",
            "\x00",
            "é ",
        ]
    ),
    max_size=14,
).map(lambda parts: "".join(parts).encode("utf-8", "surrogateescape"))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(["a.md", "b.mdx", "s/a.md", "s/index.md", "r.yaml", "s/q.yaml"]), PAGE_TEXT, min_size=1))
def test_any_bytes_make_a_corpus_that_holds_together(tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes]) -> None:
    folder = tmp_path_factory.mktemp("wiki")
    try:
        corpus = corpus_of(folder, files)
    except SourceError:
        assert not any(name.endswith((".md", ".mdx")) for name in files)
        return
    for link in corpus.links:
        assert link.source in corpus.entities
        assert link.target is None or link.target in corpus.entities
        assert link.path in corpus.pages
    for relation in corpus.relations:
        assert relation.source in corpus.entities
        assert relation.target is None or (relation.target in corpus.entities and relation.target != relation.source)
    for mention in corpus.mentions:
        assert mention.source != mention.target
        assert mention.target in corpus.entities
    assert sorted(corpus.pages) == sorted(name for name in files if not name.endswith(".yaml"))
    assert list(corpus.entities) == sorted(corpus.entities)
    assert msgspec.json.encode(msgspec.json.decode(bytes_of(corpus), type=Corpus)) == bytes_of(corpus)


def test_a_file_that_takes_too_long_is_told_and_read_again_next_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parse = load._parse_content

    def slow(kind: str, data: bytes) -> object:
        while b"slow" in data:
            pass
        return parse(kind, data)

    write_wiki(tmp_path, {"a.md": "# A\n\nslow\n", "b.md": "# B\n\n[a](a.md)\n"})
    tree = discover.discover(tmp_path, Config())
    with Cache(tmp_path / "cache.sqlite") as cache:
        with monkeypatch.context() as patch:
            patch.setattr(load, "_parse_content", slow)
            corpus = ingest(tmp_path, Config(limits=Limits(seconds_per_file=0.05)), cache=cache)[0]
        assert found_of(corpus, "E109") == [("a.md", 0, "reading took longer than 0.05 s; its content was left out")]
        assert {link.target for link in corpus.links} == {"a"}
        assert load.load_files(tree, Config(), jobs=1, cache=cache).reused == 1
    assert not found_of(corpus_of(tmp_path), "E109")


_HOSTILE = """
import os, re, sys
from pathlib import Path
from kgraph.config import Config, Limits
from kgraph.ingest import load
from kgraph.ingest.stage import ingest
from kgraph.parallel import can_fork

parse = load._parse_content

def hostile(kind, data):
    if b"hang" in data:
        re.match("(?:a|a)*b", "a" * 60)  # one call into a library, which no signal of Python interrupts
    if b"eat" in data:
        held = [bytes(50_000_000) for _ in range(200)]
    if b"break" in data:
        os.kill(os.getpid(), 11)
    return parse(kind, data)

if not can_fork():
    sys.exit("cannot fork")
load._parse_content = hostile
corpus = ingest(Path(sys.argv[1]), Config(limits=Limits(seconds_per_file=0.5)))[0]
for item in corpus.findings:
    print(item.rule, item.path, item.message)
print(sorted((link.source, link.target) for link in corpus.links), corpus.pages["b.md"].counts.words > 70_000)
"""


def test_a_large_file_is_read_where_the_system_ends_it(tmp_path: Path) -> None:
    large = "text " * 70_000
    write_wiki(
        tmp_path,
        {
            "a.md": f"# A\n\nhang {large}\n",
            "b.md": f"# B\n\n[a](a.md) {large}\n",
            "c.html": f"<p>break {large}",
            "rows.yaml": f"- id: eat {large}\n",
        },
    )
    done = subprocess.run([sys.executable, "-c", _HOSTILE, str(tmp_path)], capture_output=True, text=True, check=False, cwd=REPOSITORY)
    if "cannot fork" in done.stderr:
        pytest.skip("no further processes here")
    assert done.stdout.splitlines() == [
        "E109 a.md reading took longer than 0.5 s; its content was left out",
        "E109 c.html reading ended the process that did it (signal 11); its content was left out",
        "E109 rows.yaml reading took more than 2,000,000,000 bytes of memory; its content was left out",
        "[('b', 'a')] True",
    ], done.stderr


def test_what_breaks_in_a_process_of_its_own_is_raised_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_kind: str, _data: bytes) -> object:
        raise ZeroDivisionError

    monkeypatch.setattr(load, "_parse_content", broken)
    write_wiki(tmp_path, {"a.md": "text " * 70_000})
    with pytest.raises(ZeroDivisionError):
        ingest(tmp_path, Config())
