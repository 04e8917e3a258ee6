"""reStructuredText pages, read, and where their cross references lead."""

from __future__ import annotations

import time
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgraph.config import Config, Pages
from kgraph.ingest.readers import reader_of
from kgraph.ingest.readers.rst import read_rst
from kgraph.model.corpus import Corpus
from tests.ingest.wiki import corpus_of, found_of

PIECES = st.sampled_from(
    ["word ", "\n", "\n\n", "  ", "   ", "* ", "- ", "#. ", ":a: ", "::\n\n  ", ".. ", ".. note:: ", ".. _a:", ".. _a: b_\n",
     "__ c\n", "a_ ", "a__ ", "`a`_ ", "`a <b>`_ ", "`a <b>`__ ", ":doc:`a`", ":ref:`a <b>`", ":x:y:`~z`", ":term:``", "|a| ",
     ".. |a| replace:: |b|\n", ".. |b| image:: x\n", ".. |c| date::\n", ".. |d| unicode:: 0x41\n", ".. |a| unicode:: 0xD800\n",
     ".. toctree::\n   :glob:\n\n   a\n   b*\n   T <c>\n", ".. list-table::\n\n   * - a\n     - b\n",
     '.. csv-table::\n   :header: a\n\n   "b\n', ".. glossary::\n\n   a\n   b\n     c\n", ".. code::\n\n   x\n",
     ".. image:: a\n   :target: b_\n", ".. class:: x\n", ".. function:: f(a)\n\n   ", ".. option:: -a, --b=c\n", ".. seealso:: ",
     ".. [1] ", "[1]_ ", "[#]_ ", ".. [#a] ", ".. [C] ", "====\n", "----\n", "+--+--+\n|a |b |\n+--+--+\n", "== ==\na  b\n== ==\n",
     "| line\n", "\t", "\x0b", "\u2028", "\x00", "\\", "*", "**", "``", "http://a.b/c ", "x@y.zz ", "PEP: 1\n", "Title: a\n",
     "---\n", ".. include:: x\n", ".. raw:: html\n\n   <b>\n", ".. default-role:: y\n", ".. role:: z(raw)\n   :format: html\n",
     ">>> a\n", "term : cls\n  def\n", ":f: v\n", "-a  b\n", ".. table:: T\n\n", ".. meta::\n   :description: d\n",
     ".. grid-item-card:: C\n   :link: d\n   :link-type: doc\n", "é", "İ", "\ud7ff"]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join) | st.text(max_size=200))
def test_any_text_gives_a_document_whose_places_exist(text: str) -> None:
    document = read_rst(text)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(document), type=type(document)) == document
    assert read_rst(text) == document
    lines = range(1, text.count("\n") + 2)
    for block in document.blocks:
        assert block.line in lines
        assert block.text.strip()
        assert -1 <= block.section < len(document.headings)
        assert all(0 <= place <= len(block.text) for place in (*block.code, *block.breaks))
        assert list(block.breaks) == sorted(block.breaks)
        assert block.line + len(block.breaks) in lines
    for item in document.references:
        assert item.line in lines
        assert -1 <= item.block < len(document.blocks)
        if item.block >= 0:
            assert 0 <= item.start <= item.end <= len(document.blocks[item.block].text)
            assert " ".join(document.blocks[item.block].text[item.start : item.end].split()) == item.text
    assert all(heading.line in lines for heading in document.headings)
    assert all(label.line in lines for label in document.labels)
    assert all(line in lines for line in document.lines.values())


@pytest.mark.parametrize(
    "text",
    [
        "* " * 3_000 + "x\n",
        "".join("  " * depth + "* x\n\n" for depth in range(300)),
        "".join("   " * depth + ".. note::\n\n" for depth in range(300)),
        " ".join(f"http://a.example/{number}" for number in range(5_000)),
        "".join(f".. |a{n}| replace:: |a{n + 1}| |a{n + 1}|\n" for n in range(40)) + "\n|a0|\n",
        "".join(f".. _a{n}: a{n + 1}_\n" for n in range(500)) + "\na0_\n",
        ".. _a: b_\n.. _b: a_\n\na_ and b_\n",
        "x" * 300_000,
        "`" * 5_000,
        "|" * 5_000,
        "+" + "-" * 3_000 + "+\n",
    ],
    ids=["bullets", "lists", "boxes", "addresses", "substitutions", "chain", "circle", "one line", "quotes", "bars", "table"],
)
def test_what_is_nested_or_repeated_beyond_reason_is_read_in_bounded_time(text: str) -> None:
    started = time.process_time()
    document = read_rst(text)
    assert time.process_time() - started < 10
    assert document.counts.words < 5_000 * 10


def test_nothing_but_the_page_is_read_and_nothing_is_said(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    secret = tmp_path / "secret.rst"
    secret.write_text("a secret word\n", encoding="utf-8")
    names = ("include", "literalinclude", "raw", "image", "figure")
    page = "".join(f".. {name}:: {secret}\n\n" for name in names) + f".. csv-table::\n   :file: {secret}\n\n"
    page += f".. raw:: html\n   :file: {secret}\n\n.. |x| date::\n\n|x| |y| :nope:`a` z_\n\n====\n"
    document = read_rst(page)
    assert "secret" not in " ".join(block.text for block in document.blocks)
    assert capfd.readouterr() == ("", "")


def test_what_docutils_knows_is_as_before() -> None:
    from docutils.parsers.rst import directives, roles

    before = directives.directive, dict(vars(roles)["_roles"])
    read_rst(".. role:: mine\n.. default-role:: mine\n\n`a` :mine:`b`\n")
    assert (directives.directive, vars(roles)["_roles"]) == before


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("a_ b_ c_\n\n.. _a:\n.. _b:\n.. _c: x.html\n", ["x.html", "x.html", "x.html"]),
        ("a_\n\n.. _a: b_\n.. _b: `c d`_\n.. _c d: x.html\n", ["x.html"]),
        ("`a`__ b__ `c\nd`__\n\n__ x.html\n.. __: y.html\n__ z.html\n", ["x.html", "y.html", "z.html"]),
        ("a_\n\n.. note:: b\n   :name: a\n", ["#a"]),
        ("a_\n\n:_`A`: b\n", ["#a"]),
        ("Deep Water_ `deep water`_\n\nDeep Water\n==========\n\nx\n", ["#deep-water"]),
        ("a_ nowhere_\n\n.. _a: b_\n.. _b: a_\n", []),
        ("|a|_\n\n.. |a| replace:: b\n.. _a: x.html\n", ["x.html"]),
        ("`a <b_>`_ `c <d.html>`_ c_\n\n.. _b: x.html\n", ["x.html", "d.html", "d.html"]),
        (":pep:`8` `x`:rfc: :pep:`one <1#two>`\n", [":pep:8", ":rfc:x", ":pep:1#two"]),
        (":doc:`a <b>` :ref:`a\\<b>` :term:`!a` :file:`a` :mystery:`a <b>`\n", [":doc:b", ":ref:a<b>"]),
    ],
)
def test_targets(text: str, targets: list[str]) -> None:
    assert [item.target for item in read_rst(text).references] == targets


def test_no_name_of_a_page_leads_out_of_the_root(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "docs/conf.py": "extensions = []\n", "docs/index.rst": "I\n=\n\n:doc:`../../lamp` :doc:`/../lamp.rst`\n",
        "docs/lamp.rst": "L\n=\n", "lamp.rst": "O\n=\n",
    }  # fmt: skip
    corpus = corpus_of(tmp_path, files, Config(pages=Pages(root="docs")))
    assert [link.target for link in corpus.links] == ["lamp", "lamp"]


@pytest.mark.parametrize("ending", ["rst", "rest"])
def test_endings(ending: str) -> None:
    assert reader_of(ending) is read_rst


def test_a_header_is_front_matter() -> None:
    document = read_rst(
        "PEP: 7\nTitle: Ropes and\n  knots\nAuthor: Anna <anna@boats.example>\nRequires: 3, 5\n\n"
        "Abstract\n========\n\nSee `five`_.\n\n.. _five: 5.html\n"
    )
    assert document.title == "Ropes and knots"
    assert document.front_matter == {"pep": "7", "title": "Ropes and knots", "author": "Anna <anna@boats.example>", "requires": "3, 5"}
    assert document.lines["requires"] == 5
    assert [(heading.text, heading.level, heading.line) for heading in document.headings] == [("Abstract", 1, 7)]
    assert [(item.target, item.line) for item in document.references] == [("5.html", 10)]


@pytest.mark.parametrize("text", ["Note: This is prose.\nIt goes on.\n", "Warning: x\n\nText\n", "A: b\nC: d\n\nText\n"])
def test_prose_is_no_header(text: str) -> None:
    assert read_rst(text).front_matter == {}


SITE: dict[str, str | bytes] = {
    "docs/conf.py": (
        "project = 'Port'\nextensions = ['sphinx.ext.autodoc']\nexclude_patterns = ['drafts', '_build']\nraise SystemExit('never run')\n"
    ),
    "docs/index.rst": (
        "Port\n====\n\n.. toctree::\n   :glob:\n\n   guide/index\n   boats/*\n\nSee :doc:`/guide/lamp` and :ref:`genindex`.\n"
    ),
    "docs/guide/index.rst": (
        ".. _the guide:\n\nGuide\n=====\n\nA :ref:`lamp-part`, :ref:`told <the guide>`, :term:`Ropes <rope>`; :doc:`lamp`.\n"
    ),
    "docs/guide/lamp.rst": (
        "Lamp\n====\n\n.. _lamp-part:\n\nWick\n----\n\n.. seealso:: :doc:`../boats/anna`\n\n"
        "On :option:`-l`, :func:`light`, :class:`os.Path`.\n"
    ),
    "docs/boats/anna.rst": (
        "Anna\n====\n\n.. glossary::\n\n   Rope\n      Hemp.\n\n.. option:: -l\n\n.. module:: port\n\n.. function:: light()\n\n"
        "   See `lamp <../guide/lamp.html#wick>`_.\n"
    ),
    "docs/boats/bo.rst": "Bo\n==\n\nAsk :func:`port.light`, :func:`.light`, :any:`Rope`, :pep:`8`, :rfc:`2822`.\n",
    "docs/drafts/x.rst": "X\n=\n",
    "docs/_build/y.rst": "Y\n=\n",
    "README.rst": "Port\n====\n",
}


def pairs(corpus: Corpus) -> set[tuple[str, str | None]]:
    return {(link.source, link.target) for link in corpus.links}


def test_a_sphinx_site(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path, SITE)
    assert {path: page.href for path, page in corpus.pages.items()} == {
        "docs/index.rst": "/",
        "docs/guide/index.rst": "/guide/",
        "docs/guide/lamp.rst": "/guide/lamp.html",
        "docs/boats/anna.rst": "/boats/anna.html",
        "docs/boats/bo.rst": "/boats/bo.html",
    }
    assert pairs(corpus) == {
        ("index", "guide"), ("index", "anna"), ("index", "bo"), ("index", "lamp"), ("guide", "lamp"), ("guide", "anna"), ("lamp", "anna"),
        ("anna", "lamp"), ("bo", "anna"),
    }  # fmt: skip
    assert not [item for item in corpus.findings if item.rule.startswith("W2")]
    assert [(item.source, item.target, item.name, item.line) for item in corpus.relations] == [("lamp", "anna", "related", 9)]
    text = {(link.source, link.raw): (link.text, link.sentence) for link in corpus.links}
    assert text["guide", ":ref:lamp-part"] == ("Wick", "A Wick, told, Ropes; .")
    assert text["guide", ":doc:lamp"][0] == "Lamp"
    assert corpus.external["docs/boats/bo.rst"] == (
        ("https://peps.python.org/pep-0008/", 4),
        ("https://datatracker.ietf.org/doc/html/rfc2822", 4),
    )


def test_dead_cross_references(tmp_path: Path) -> None:
    page = "A\n=\n\n:doc:`no` :ref:`none` :term:`nothing`\n\n:class:`Nobody` :any:`x` :ref:`search`\n\n.. toctree::\n\n   gone\n"
    files: dict[str, str | bytes] = {"conf.py": "extensions = []\n", "index.rst": page}
    dead = found_of(corpus_of(tmp_path, files), "W201")
    assert [(line, message.split("'")[1]) for _, line, message in dead] == [
        (4, ":doc:no"), (4, ":ref:none"), (4, ":term:nothing"), (10, ":doc:gone"),
    ]  # fmt: skip
    with_others = {**files, "conf.py": "extensions = ['sphinx.ext.intersphinx']\n"}
    dead = found_of(corpus_of(tmp_path, with_others), "W201")
    assert [message.split("'")[1] for _, _, message in dead] == [":doc:no", ":doc:gone"]


@pytest.mark.parametrize(
    ("settings_text", "makefile", "address"),
    [
        ("extensions = []\n", "", "/a/b.html"),
        ("extensions = []\nhtml_baseurl = 'https://x.example/docs/'\n", "", "/docs/a/b.html"),
        ("extensions = []\n", "BUILDER = dirhtml\n", "/a/b/"),
    ],
)
def test_addresses(tmp_path: Path, settings_text: str, makefile: str, address: str) -> None:
    corpus = corpus_of(tmp_path, {"conf.py": settings_text, "Makefile": makefile, "index.rst": "I\n=\n", "a/b.rst": "B\n=\n"})
    assert corpus.pages["a/b.rst"].href == address
    assert any("Sphinx (conf.py)" in note for note in corpus.assumptions)


def test_headings_are_names_where_the_settings_say_so(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "conf.py": "extensions = ['sphinx.ext.autosectionlabel']\n",
        "index.rst": "I\n=\n\n:ref:`Deep water` and :ref:`lake:Shore`\n",
        "lake.rst": "Lake\n====\n\nDeep water\n----------\n\nShore\n-----\n",
    }
    corpus = corpus_of(tmp_path, files)
    assert [(link.target, link.text) for link in corpus.links] == [("lake", "Deep water"), ("lake", "Shore")]


@pytest.mark.parametrize(
    "text", ["", "[", "extensions = [\n", "exclude_patterns = ['[', '**', '']\nproject='x'\n", "html_baseurl = 'http://['\nproject = 1\n"]
)
def test_odd_settings_are_no_error(tmp_path: Path, text: str) -> None:
    corpus = corpus_of(tmp_path, {"conf.py": text, "index.rst": "I\n=\n", "sub/a.rst": "A\n=\n"}, Config(pages=Pages(root="")))
    assert corpus.pages
