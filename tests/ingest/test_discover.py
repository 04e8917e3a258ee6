"""Which files below a folder are pages, and where the pages begin."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kgraph.config import Catalogs, Config, Pages
from kgraph.errors import SourceError
from kgraph.ingest.discover import SourceTree, _text, discover, page_root
from tests.ingest.wiki import write_wiki

DEFAULTS = Config()


def tree_of(folder: Path, *names: str, config: Config = DEFAULTS) -> SourceTree:
    write_wiki(folder, dict.fromkeys(names, "text\n"))
    return discover(folder, config)


def pages_of(folder: Path, *names: str, config: Config = DEFAULTS) -> list[str]:
    return [file.path for file in tree_of(folder, *names, config=config).pages]


def test_pages_by_ending_whatever_its_case(tmp_path: Path) -> None:
    assert pages_of(tmp_path, "a.md", "b.MDX", "c.Markdown", "d.txt", "e", "md", "f.md.bak") == ["a.md", "b.MDX", "c.Markdown"]


def test_hidden_and_built_folders_are_left_out(tmp_path: Path) -> None:
    names = [".git/a.md", ".obsidian/a.md", ".a.md", "node_modules/x/a.md", "sub/node_modules/a.md", "__pycache__/a.md", "_site/a.md"]
    assert pages_of(tmp_path, "kept.md", *names) == ["kept.md"]


def test_outputs_are_left_out_beside_project_files_only(tmp_path: Path) -> None:
    names = ["web/package.json", "web/dist/a.md", "web/build/a.md", "web/src/a.md", "notes/build/a.md", "notes/site/a.md"]
    assert pages_of(tmp_path, *names) == ["notes/build/a.md", "notes/site/a.md", "web/src/a.md"]


def test_ignore_files_hold_for_what_is_below_them_and_the_nearest_counts(tmp_path: Path) -> None:
    write_wiki(
        tmp_path,
        {
            ".gitignore": "*.draft.md\n/top.md\nold/\n!keep.draft.md\n# note\n\n!\n/\n//\n[\n",
            "sub/.gitignore": "!b.draft.md\nc.md\n",
            "sub/.ignore": "d.md",
            "sub/deep/.kgraphignore": "*\n!e.md",
        },
    )
    names = ["a.draft.md", "keep.draft.md", "top.md", "old/x.md", "sub/top.md", "sub/b.draft.md", "sub/c.md", "sub/d.md", "sub/old/y.md"]
    found = pages_of(tmp_path, *names, "sub/deep/e.md", "sub/deep/f.md", "other/c.md", "z.md")
    assert found == ["keep.draft.md", "other/c.md", "sub/b.draft.md", "sub/deep/e.md", "sub/top.md", "z.md"]


def test_links_are_followed_to_files_inside_only(tmp_path: Path) -> None:
    outside = write_wiki(tmp_path / "outside", {"secret.md": "secret", "folder/b.md": "secret"})
    wiki = write_wiki(tmp_path / "wiki", {"a.md": "text", "sub/b.md": "text"})
    (wiki / "inside.md").symlink_to(wiki / "a.md")
    (wiki / "out.md").symlink_to(outside / "secret.md")
    (wiki / "out").symlink_to(outside / "folder")
    (wiki / "gone.md").symlink_to(wiki / "nothing.md")
    (wiki / "self.md").symlink_to("self.md")
    (wiki / "sub" / "up").symlink_to(wiki)
    (wiki / "ping.md").symlink_to("pong.md")
    (wiki / "pong.md").symlink_to("ping.md")
    assert pages_of(wiki) == ["a.md", "inside.md", "sub/b.md"]


def test_what_is_no_regular_file_is_left_out(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "folder.md").mkdir()
    assert pages_of(tmp_path, "a.md", "folder.md/b.md") == ["a.md", "folder.md/b.md"]


def test_odd_names_are_kept_or_told(tmp_path: Path) -> None:
    kept = ["a b.md", "emoji 👩\u200d🌾.md", "nb\u00a0sp.md", "pct%20.md", "q?.md", "ünï.md", "#h.md"]
    tree = tree_of(tmp_path, *kept, "new\nline.md", "tab\there.md", "bell\x07/inner.md", "odd\n.txt")
    assert {file.path for file in tree.pages} == set(kept)
    assert [note for note in tree.assumptions if "left out" in note and "3 files" in note]


def test_undecodable_names_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("text")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/bad\xff.md")).write_text("text")
    tree = discover(tmp_path, DEFAULTS)
    assert [file.path for file in tree.pages] == ["a.md"]
    assert any("1 file left out" in note and note.isprintable() for note in tree.assumptions)


def test_a_file_that_vanishes_while_looking_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_wiki(tmp_path, {"a.md": "text", "b.md": "text"})
    scan = os.scandir

    def scan_then_lose(folder: str) -> list[os.DirEntry[str]]:
        entries = list(scan(folder))
        (tmp_path / "b.md").unlink(missing_ok=True)
        return entries

    monkeypatch.setattr(os, "scandir", scan_then_lose)
    assert [file.path for file in discover(tmp_path, DEFAULTS).pages] == ["a.md"]


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_folder_that_may_not_be_entered_is_left_out(tmp_path: Path) -> None:
    write_wiki(tmp_path, {"a.md": "text", "closed/b.md": "text"})
    (tmp_path / "closed").chmod(0)
    try:
        assert pages_of(tmp_path) == ["a.md"]
    finally:
        (tmp_path / "closed").chmod(0o700)


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["src/content/docs/a.md", "src/content/docs/b/c.md", "README.md"], "src/content/docs"),
        (["docs/a.md", "docs/b.md", "docs/c.md", "docs/d.md", "README.md"], "docs"),
        (["site/docs/a.md", "site/docs/docs/b.md"], "site/docs"),
        (["a.md", "docs/b.md"], ""),
        (["vault/a.md", "vault/x/b.md"], "vault"),
        (["vault/a.md", "vault/b.md", "README.md", "CHANGELOG.md"], "vault"),
        (["README.md"], ""),
        (["a/b/only.md"], "a/b"),
        (["mydocs/a.md"], "mydocs"),
        ([], ""),
    ],
)
def test_page_root_is_guessed(paths: list[str], expected: str) -> None:
    root, notes = page_root(paths, DEFAULTS)
    assert root == expected
    assert bool(notes) == bool(expected)


@pytest.mark.parametrize(
    ("told", "expected"), [("docs", "docs"), ("docs/", "docs"), ("./docs", "docs"), (".", ""), ("", ""), ("/", ""), ("../x", "x")]
)
def test_page_root_as_told(told: str, expected: str) -> None:
    assert page_root(["docs/a.md"], Config(pages=Pages(root=told))) == (expected, [])


def test_a_repository_with_pages_below(tmp_path: Path) -> None:
    tree = tree_of(
        tmp_path, "README.md", "docs/a.md", "docs/b/index.md", "docs/c.md", "docs/d.md", "package.json", "data/list.yaml", "dist/a.md"
    )
    assert (tree.page_root, [file.path for file in tree.pages]) == ("docs", ["docs/a.md", "docs/b/index.md", "docs/c.md", "docs/d.md"])
    assert [file.path for file in tree.catalogs] == ["data/list.yaml"]
    assert any("README.md" in note for note in tree.assumptions)


def test_globs_of_the_configuration(tmp_path: Path) -> None:
    config = Config(pages=Pages(root="", include=("wiki/**/*.md",), exclude=("**/draft-*",)), catalogs=Catalogs(ignore=("tmp/*",)))
    tree = tree_of(tmp_path, "wiki/a.md", "wiki/x/b.md", "wiki/x/draft-c.md", "other/d.md", "tmp/x.yaml", "y.yml", config=config)
    assert [file.path for file in tree.pages] == ["wiki/a.md", "wiki/x/b.md"]
    assert [file.path for file in tree.catalogs] == ["y.yml"]


def test_one_file_is_a_source(tmp_path: Path) -> None:
    write_wiki(tmp_path, {"a.md": "text", "b.md": "text"})
    assert [file.path for file in discover(tmp_path / "a.md", DEFAULTS).pages] == ["a.md"]


def test_what_is_not_there_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="nowhere"):
        discover(tmp_path / "nowhere", DEFAULTS)


def test_the_workspace_is_never_entered(tmp_path: Path) -> None:
    write_wiki(tmp_path, {"a.md": "text", "space/b.md": "text"})
    assert [file.path for file in discover(tmp_path, DEFAULTS, leave_out=tmp_path / "space").pages] == ["a.md"]


def test_files_are_sorted_by_path(tmp_path: Path) -> None:
    assert pages_of(tmp_path, "b.md", "a/c.md", "B.md", "a.md", "é.md") == ["B.md", "a.md", "a/c.md", "b.md", "é.md"]


def test_pages_built_from_others_are_left_out(tmp_path: Path) -> None:
    source = ["docs/a.md", "docs/b.md", "docs/c.md", "docs/d/index.md", "docs/e.rst"]
    built = ["out/a.html", "out/b.html", "out/c/index.html", "out/d.html", "out/e.html", "out/genindex.html", "out/_modules/x.html"]
    assert pages_of(tmp_path / "a", *source, *built) == source
    alone = [name for name in built if name not in ("out/a.html", "out/b.html")] + ["out/x.html", "out/y.html"]
    assert pages_of(tmp_path / "b", *source, *alone) == sorted([*source, *alone])


def test_sources_beside_pages_of_html_are_left_out(tmp_path: Path) -> None:
    prose = "The mill stands by the river and turns.\n"
    names = ["html/a.html", "html/a.txt", "html/_sources/a.rst.txt", "html/_sources/b.md", "html/b.txt", "html/c.txt"]
    write_wiki(tmp_path, dict.fromkeys(names, prose))
    tree = discover(tmp_path, DEFAULTS)
    assert [file.path for file in tree.pages] == ["html/a.html", "html/b.txt", "html/c.txt"]
    assert "3 files such as html/_sources/a.rst.txt left out: sources of pages of HTML" in tree.assumptions


def test_settings_are_read_in_part_and_with_plain_ends_of_lines(tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_bytes(b"a = 1\r\nb = 2\r" + b"#" * 2_000_000)
    text = _text(tmp_path, {}, "conf.py")
    assert text.startswith("a = 1\nb = 2\n#")
    assert len(text) == 1_000_000
