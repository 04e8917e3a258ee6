"""Dumps of MediaWiki."""

from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from kgraph.config import Config, Limits
from kgraph.ingest.cache import Cache
from kgraph.ingest.discover import discover
from kgraph.ingest.dump import Dump
from kgraph.ingest.load import load_files
from tests.conftest import RunKgraph
from tests.ingest.wiki import corpus_of, found_of, write_wiki

HEAD = (
    '<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" version="0.11" xml:lang="en">\n<siteinfo><sitename>Mills</sitename>'
    "<base>https://mills.example/w/Main_Page</base><namespaces><namespace key='0'/><namespace key='4'>Mills</namespace>"
    "<namespace key='10'>Template</namespace><namespace key='14'>Sorte</namespace></namespaces></siteinfo>\n"
)


def page(title: str, text: str, *, ns: int = 0, redirect: str = "", date: str = "2024-05-06", model: str = "wikitext") -> str:
    sent = f'<redirect title="{escape(redirect)}" />' if redirect else ""
    return (
        f"<page><title>{escape(title)}</title><ns>{ns}</ns><id>1</id>{sent}<revision><id>2</id><timestamp>{date}T01:02:03Z</timestamp>"
        f"<model>{model}</model><text xml:space='preserve'>{escape(text)}</text></revision></page>\n"
    )


PAGES = [
    page("Water mill", "A mill with a [[wheel]] and a [[Mill wheel]].\n\nSee [[Mills:About]] and [[Sorte:Mills]]. [[Sorte:Machines]]"),
    page("Wheel", "It turns. [[Water mill]] [https://mills.example/w/AC/DC of note]"),
    page("Mill wheel", "#REDIRECT [[Wheel]]", redirect="Wheel"),
    page("Lost", "#REDIRECT [[Nowhere]]", redirect="Nowhere"),
    page("AC/DC", "[[Wheel]]"),
    page("Mills:About", "On this wiki.", ns=4),
    page("Sorte:Mills", "All [[Water mill]]s.", ns=14),
    page("Template:Mill", "{{{1}}}", ns=10),
    page("Talk:Wheel", "I disagree.", ns=1),
    page("Wheel.css", "a {}", model="css"),
]
DUMP = HEAD + "".join(PAGES) + "</mediawiki>"


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("mills.xml", lambda data: data),
        ("mills.xml.gz", gzip.compress),
        ("mills.xml.bz2", bz2.compress),
        ("mills.xml.xz", lzma.compress),
        ("mills-pages-articles1.xml-p1p9.bz2", bz2.compress),
        ("mills.xml.bz2", lambda data: bz2.compress(data[:900]) + bz2.compress(data[900:])),
        ("mills.xml", lambda data: data.decode().encode("utf-16")),
    ],
)
def test_a_dump_is_a_wiki(tmp_path: Path, name: str, pack: Callable[[bytes], bytes]) -> None:
    corpus = corpus_of(tmp_path, {name: pack(DUMP.encode())})
    assert {path.removeprefix(f"{name}/") for path in corpus.pages} == {
        "Water mill.wikitext", "Wheel.wikitext", "AC/DC.wikitext", "Mills:About.wikitext", "Sorte:Mills.wikitext"
    }  # fmt: skip
    assert set(corpus.entities) == {"Water_mill", "Wheel", "AC/DC", "Mills:About", "Sorte:Mills"}
    wheel = corpus.pages[f"{name}/Wheel.wikitext"]
    assert (wheel.href, wheel.reader, wheel.date) == ("/w/Wheel", "wikitext", "2024-05-06")
    assert corpus.entities["Wheel"].aliases == ("Mill wheel",)
    assert corpus.entities["Sorte:Mills"].type == "index"
    assert corpus.entities["Water_mill"].tags == ("machines", "mills")
    links = {(link.source, link.raw): link.target for link in corpus.links}
    assert links == {
        ("Water_mill", "wheel"): "Wheel", ("Water_mill", "Mill wheel"): "Wheel", ("Water_mill", "Mills:About"): "Mills:About",
        ("Wheel", "Water mill"): "Water_mill", ("Wheel", "https://mills.example/w/AC/DC"): "AC/DC", ("AC/DC", "Wheel"): "Wheel",
        ("Sorte:Mills", "Water mill"): "Water_mill",
    }  # fmt: skip
    assert found_of(corpus, "W208") == [(f"{name}/Lost.wikitext", 1, "redirect to '[[Nowhere]]' leads to no page")]
    assert corpus.redirects == {f"{name}/Lost.wikitext": "", f"{name}/Mill wheel.wikitext": "Wheel"}
    assert any(note.startswith("3 talk, user, file, template") for note in corpus.assumptions)


def test_of_several_revisions_the_newest_counts(tmp_path: Path) -> None:
    old = "<revision><timestamp>2020-01-01T00:00:00Z</timestamp><text>Old [[Wheel]].</text></revision>"
    new = "<revision><timestamp>2021-01-01T00:00:00Z</timestamp><text>New.</text></revision>"
    for place, revisions in enumerate((old + new, new + old)):
        corpus = corpus_of(tmp_path / str(place), {"a.xml": f"{HEAD}<page><title>A</title>{revisions}</page></mediawiki>"})
        assert corpus.documents["a.xml/A.wikitext"].blocks[0].text == "New."


def test_a_damaged_dump_gives_what_stands_before_the_damage(tmp_path: Path) -> None:
    whole = bz2.compress((DUMP[: -len("</mediawiki>")] + page("Long", "".join(map(chr, range(300, 50_000))) * 4)).encode(), 1)
    for name, data in {
        "cut.xml.bz2": whole[: len(whole) // 2],
        "cut.xml": DUMP.encode()[:1700],
        "junk.xml": (DUMP[:1700] + "<<").encode(),
    }.items():
        corpus = corpus_of(tmp_path / name, {name: data, "other.wiki": "A page beside."})
        assert "other" in corpus.entities
        (found,) = found_of(corpus, "E111")
        assert found[0] == name
    assert "Water_mill" in corpus.entities


def test_entities_of_xml_and_endless_pages_are_refused(tmp_path: Path) -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE mediawiki [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
    write_wiki(tmp_path, {"bomb.xml": bomb + "<mediawiki><page><title>&b;&c;</title></page></mediawiki>", "a.wiki": "A page."})
    corpus = corpus_of(tmp_path)
    assert set(corpus.pages) == {"a.wiki"}
    assert "declares a document type" in found_of(corpus, "E111")[0][2]
    long = HEAD + page("Long", "x " * 4000) + page("Short", "It is short.") + "</mediawiki>"
    limits = Config(limits=Limits(max_file_bytes=1000))
    corpus = corpus_of(tmp_path / "long", {"a.xml": long}, limits)
    assert set(corpus.entities) == {"Short"}
    assert [message for _, _, message in found_of(corpus, "E102")] == ["'Long' is over the limit of 1,000 bytes"]
    endless = HEAD + page("Long", "x" * 30_000) + page("Short", "It is short.") + "</mediawiki>"
    corpus = corpus_of(tmp_path / "endless", {"a.xml": endless, "b.wiki": "x"}, limits)
    assert "a page without end" in found_of(corpus, "E111")[0][2]


def test_titles_that_are_paths_or_twice_there_are_left_out(tmp_path: Path) -> None:
    odd = HEAD + "".join(page(title, "x") for title in ("../../etc/passwd", "a/../b", "A", "A", "<b>", "")) + "</mediawiki>"
    corpus = corpus_of(tmp_path, {"a.xml": odd})
    assert set(corpus.entities) == {"A"}
    assert len(found_of(corpus, "W107")) == 4
    assert len(found_of(corpus, "W301")) == 1


def test_xml_that_is_no_dump_is_none(tmp_path: Path) -> None:
    write_wiki(tmp_path, {"feed.xml": "<rss><channel/></rss>", "data.xml.gz": b"\x1f\x8b broken", "a.md": "# A page"})
    assert discover(tmp_path, Config()).dumps == ()


def test_an_unchanged_dump_is_not_parsed_again_and_a_changed_page_alone_is(tmp_path: Path) -> None:
    source = write_wiki(tmp_path / "source", {"mills.xml.gz": gzip.compress(DUMP.encode())})

    def load() -> tuple[int, int, dict[str, str]]:
        with Cache(tmp_path / "cache.sqlite") as cache:
            loaded = load_files(discover(source, Config()), Config(), jobs=1, cache=cache)
        return loaded.reused, len(loaded.documents), loaded.hashes

    first, again = load(), load()
    assert (first[0], again[0]) == (0, 7)
    assert first[1:] == again[1:]
    write_wiki(source, {"mills.xml.gz": gzip.compress(DUMP.replace("It turns.", "It turned.").encode())})
    assert load()[:2] == (6, 7)


def test_the_command_line_takes_a_dump_as_source(tmp_path: Path, run_kgraph: RunKgraph) -> None:
    write_wiki(tmp_path, {"mills.xml": DUMP})
    built = run_kgraph("build", "mills.xml")
    assert built.returncode == 0, built.stderr
    assert built.stdout.startswith("5 pages, 5 entities,")
    asked = run_kgraph("related", "Mill wheel", "--format", "csv")
    assert asked.returncode == 0, asked.stderr
    assert "Water_mill" in asked.stdout
    asked = run_kgraph("query", "-", "--format", "csv", input="SELECT ?name { ?thing skos:altLabel ?name }")
    assert asked.stdout.split() == ["name", "Mill", "wheel"]


def test_memory_is_that_of_one_page(tmp_path: Path) -> None:
    text = HEAD + "".join(page(f"Page {number}", f"Word {number} " * 2000) for number in range(300)) + "</mediawiki>"
    write_wiki(tmp_path, {"big.xml.bz2": bz2.compress(text.encode())})
    import tracemalloc

    tracemalloc.start()
    count = sum(1 for _ in Dump(str(tmp_path), "big.xml.bz2", 1_000_000).pages())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 300
    assert peak < len(text) / 2


def test_the_dump_of_an_encyclopaedia(corpora: Path) -> None:
    folder = corpora / "mediawiki-dumps"
    (path,) = folder.glob("enwiki-latest-pages-articles1*")
    dump = Dump(str(folder), path.name, 20_000_000)
    pages = list(dump.pages())
    assert len(pages) == 206
    assert not dump.problems
    corpus = corpus_of(path)
    assert (len(corpus.pages), len(corpus.redirects)) == (106, 100)
    distinct = {(link.path, link.raw.partition("#")[0]) for link in corpus.links if link.kind == "wikilink"}
    assert 23_000 < len(distinct) < 25_500
