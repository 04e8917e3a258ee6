"""Fixes: an unlinked mention becomes a link at its first use, and nothing else changes."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kgraph.check.fix import Fix, fix_mentions
from kgraph.check.patch import unified_diff, write_source
from kgraph.errors import KgraphError
from kgraph.ingest.stage import ingest
from kgraph.pipeline import site_config
from tests.check.wiki import write_wiki
from tests.conftest import RunKgraph

TIDES = "---\ntitle: Tide Tables\n---\nThey tell when.\n"


def fixes_of(folder: Path, files: dict[str, str]) -> tuple[tuple[Fix, ...], int]:
    write_wiki(folder, files)
    config = site_config(folder)
    corpus, loaded, tree = ingest(folder, config)
    return fix_mentions(corpus, loaded, tree, config, lambda _: True)


def fixed(folder: Path, text: str, files: dict[str, str] | None = None, name: str = "a.md") -> str:
    """The page ``a.md`` with links; as it is where nothing can be linked."""
    found, _ = fixes_of(folder, {"tides.md": TIDES, **(files or {}), name: text})
    return next((item.text for item in found if item.path == name), text)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("The Tide Tables hang here. The Tide Tables.", "The [Tide Tables](tides.md) hang here. The Tide Tables."),
        ("- **Tide\n  Tables** hang here", "- **[Tide\n  Tables](tides.md)** hang here"),
        ("| What | Where |\n| --- | --- |\n| Tide Tables | Hall |", "| What | Where |\n| --- | --- |\n| [Tide Tables](tides.md) | Hall |"),
        ("# Ay\n\n## Tide Tables\n\nWhere the Tide Tables hang.", "# Ay\n\n## Tide Tables\n\nWhere the [Tide Tables](tides.md) hang."),
        ("> The Tide Tables lie.\n\nThe Tide Tables lie.", "> The Tide Tables lie.\n\nThe [Tide Tables](tides.md) lie."),
        ("`Tide Tables` and Tide Tables.", "`Tide Tables` and [Tide Tables](tides.md)."),
        ("```\nTide Tables\n```\nthe Tide Tables", "```\nTide Tables\n```\nthe [Tide Tables](tides.md)"),
        ("[see Tide Tables](https://example.org), the Tide Tables", "[see Tide Tables](https://example.org), the [Tide Tables](tides.md)"),
        ('<img alt="Tide Tables" src="tides.md"> Tide Tables', '<img alt="Tide Tables" src="tides.md"> Tide Tables'),
        ("He called it “the Tide Tables of woe”. The Tide Tables", "He called it “the Tide Tables of woe”. The [Tide Tables](tides.md)"),
        ("---\nsummary: On Tide Tables\n---\nOf Tide Tables.", "---\nsummary: On Tide Tables\n---\nOf [Tide Tables](tides.md)."),
        ("<div>\nTide Tables\n</div>", "<div>\nTide Tables\n</div>"),
        ("{{ Tide Tables }}", "{{ Tide Tables }}"),
        ('!!! note "Tide Tables"\n    Words.', '!!! note "Tide Tables"\n    Words.'),
        ("The Tide Tables\\_x and www.example.org/Tide", "The Tide Tables\\_x and www.example.org/Tide"),
        ("The tide tables, seen.", "The [tide tables](tides.md), seen."),
    ],
)
def test_first_use_in_prose(before: str, after: str, tmp_path: Path) -> None:
    assert fixed(tmp_path, f"{before}\n") == f"{after}\n"


@pytest.mark.parametrize(
    ("other", "link"),
    [
        ("[quay](part/quay.md)", "[Tide Tables](sea/tide%20tables.md)"),
        ("[quay](./part/quay.md)", "[Tide Tables](./sea/tide%20tables.md)"),
        ("[quay](/part/quay/)", "[Tide Tables](/sea/tide%20tables/)"),
        ("[quay](/part/quay)", "[Tide Tables](/sea/tide%20tables)"),
        ("[[quay]]", "[[tide tables|Tide Tables]]"),
        ("[quay](https://example.org)", "[Tide Tables](sea/tide%20tables.md)"),
    ],
)
def test_links_are_written_as_the_page_writes_them(other: str, link: str, tmp_path: Path) -> None:
    files = {"sea/tide tables.md": TIDES, "part/quay.md": "# Quay\n"}
    write_wiki(tmp_path, files)
    found, _ = fixes_of(tmp_path, {"a.md": f"# Ay\n\nBy the {other}: Tide Tables.\n"})
    assert [item.text for item in found if item.path == "a.md"] == [f"# Ay\n\nBy the {other}: {link}.\n"]


def test_wikilinks_by_path_where_a_name_is_shared_and_escaped_in_tables(tmp_path: Path) -> None:
    page = "# Ay\n\n[[quay]]\n\n| x |\n| --- |\n| Tide Tables |\n"
    found, _ = fixes_of(tmp_path, {"sea/tides.md": TIDES, "air/tides.md": "# Air\n", "quay.md": "# Key\n", "a.md": page})
    assert [item.text for item in found] == [page.replace("Tide Tables", "[[sea/tides\\|Tide Tables]]")]


def test_components_where_the_page_imports_them(tmp_path: Path) -> None:
    use = "import { EntityLink } from '@x';\n\n# {}\n\nBy the <EntityLink id=\"quay\">quay</EntityLink>: Tide Tables.\n"
    files = {"quay.mdx": "# Quay\n", "tides.mdx": TIDES, "a.mdx": use.replace("{}", "Ay"), "b.mdx": "# Bee\n\nOf Tide Tables.\n"}
    found, _ = fixes_of(tmp_path, files)
    assert {item.path: item.text.splitlines()[-1] for item in found} == {
        "a.mdx": 'By the <EntityLink id="quay">quay</EntityLink>: <EntityLink id="tides">Tide Tables</EntityLink>.',
        "b.mdx": "Of [Tide Tables](tides.mdx).",
    }


def test_starlight_gets_addresses(tmp_path: Path) -> None:
    files = {"astro.config.mjs": "starlight({})", "src/content/docs/tides.md": TIDES, "src/content/docs/a.md": "# Ay\n\nOf Tide Tables.\n"}
    found, _ = fixes_of(tmp_path, files)
    assert [item.text for item in found] == ["# Ay\n\nOf [Tide Tables](/tides/).\n"]


def test_bytes_that_are_not_touched_stay(tmp_path: Path) -> None:
    (tmp_path / "tides.md").write_text(TIDES)
    (tmp_path / "a.md").write_bytes(b"\xef\xbb\xbf# Ay\r\n\r\nOf Tide Tables.\x0c \r\nEnd")
    (tmp_path / "mixed.md").write_bytes(b"# Mix\r\n\nOf Tide Tables.\n")
    (tmp_path / "a.md").chmod(0o640)
    config = site_config(tmp_path)
    corpus, loaded, tree = ingest(tmp_path, config)
    found, left = fix_mentions(corpus, loaded, tree, config, lambda _: True)
    assert ([item.path for item in found], left) == (["a.md"], 1)
    write_source(tree.root, "a.md", found[0].source, found[0].text)
    assert (tmp_path / "a.md").read_bytes() == b"\xef\xbb\xbf# Ay\r\n\r\nOf [Tide Tables](tides.md).\x0c \r\nEnd"
    assert (tmp_path / "a.md").stat().st_mode & 0o777 == 0o640
    with pytest.raises(KgraphError, match="has changed since it was read"):
        write_source(tree.root, "a.md", found[0].source, found[0].text)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.md", "mixed.md", "tides.md"]


@pytest.mark.parametrize("end", ["", "\n"])
def test_diffs_are_applied_by_git(end: str, tmp_path: Path) -> None:
    before, after = f"one\x0b two\nthree\u2028four{end}", f"one\x0b two\nthree\u2028[four](x){end}"
    (tmp_path / "a b.md").write_bytes(before.encode())
    subprocess.run(
        ["git", "apply", "--whitespace=nowarn", "-"], input=unified_diff("a b.md", before, after).encode(), cwd=tmp_path, check=True
    )
    assert (tmp_path / "a b.md").read_bytes() == after.encode()


PIECES = st.sampled_from([
    "Tide Tables", "the Quay Wall", "tide tables", "`Tide Tables`", "[Tide Tables](q.md)", "**Quay Wall**", "*x",
    "[[q|Tide Tables]]", "<b>", "</b>", "<a href='q.md'>Quay Wall</a>", "“", "”", "\"", "|", "> ", "- ", "1. ", "# ", "\n", "\n\n",
    "\n    ", "```", "`", "[", "](", "]", ")", "$", "{{", "}}", "<!--", "-->", "==", "![Tide Tables](q.png)", "[^1]", "\n[^1]: ",
    "<details>", "<x y='Tide Tables'>", "\\", "&amp;", ": ", "word", "\n| a | b |\n| - | - |\n",
])  # fmt: skip


@given(pieces=st.lists(PIECES, max_size=25), mdx=st.booleans(), wiki=st.booleans())
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_written_reads_as_exactly_one_more_link(
    pieces: list[str], mdx: bool, wiki: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:  # fmt: skip
    folder = tmp_path_factory.mktemp("wiki")
    name = "a.mdx" if mdx else "a.md"
    text = f"# Ay\n\n{'[[q]]' if wiki else '[q](q.md)'}\n\n" + " ".join(pieces) + "\n"
    files = {"tides.md": TIDES, "q.md": "---\ntitle: Quay Wall\n---\nStone.\n", name: text}
    write_wiki(folder, files)
    config = site_config(folder)
    before, loaded, tree = ingest(folder, config)
    found, _ = fix_mentions(before, loaded, tree, config, lambda _: True)
    for item in found:
        write_source(tree.root, item.path, item.source, item.text)
    after, loaded, tree = ingest(folder, config)
    made = sum(len(item.findings) for item in found)
    assert len(after.links) == len(before.links) + made
    assert sorted(link.target or "" for link in before.links) + ["tides"] * made == sorted(link.target or "" for link in after.links)
    assert [page.counts for page in before.pages.values()] == [page.counts for page in after.pages.values()]
    assert [document.blocks for document in before.documents.values()] == [document.blocks for document in after.documents.values()]
    assert fix_mentions(after, loaded, tree, config, lambda _: True)[0] == ()


def test_the_command_shows_a_diff_and_writes_on_request(tmp_path: Path, run_kgraph: RunKgraph) -> None:
    wiki = write_wiki(tmp_path / "wiki", {"tides.md": TIDES, "a.md": "# Ay\n\nOf Tide Tables.\n"})
    shown = run_kgraph("check", wiki, "--fix")
    assert shown.returncode == 1
    assert shown.stdout == "--- a/a.md\n+++ b/a.md\n@@ -1,3 +1,3 @@\n # Ay\n \n-Of Tide Tables.\n+Of [Tide Tables](tides.md).\n"
    assert shown.stderr.splitlines()[-1] == "1 mention on 1 page can be linked: add --write to write the links"
    assert (wiki / "a.md").read_text() == "# Ay\n\nOf Tide Tables.\n"
    assert run_kgraph("check", wiki, "--fix", "--ignore", "unlinked-mention").stdout == ""
    written = run_kgraph("check", wiki, "--fix", "--write")
    assert (written.returncode, written.stdout) == (0, shown.stdout)
    assert (wiki / "a.md").read_text() == "# Ay\n\nOf [Tide Tables](tides.md).\n"
    again = run_kgraph("check", wiki, "--fix", "--write")
    assert (again.returncode, again.stdout) == (0, "")
    for wrong in (["--write"], ["--fix", "--format", "json"]):
        done = run_kgraph("check", wiki, *wrong)
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)


@pytest.mark.parametrize("end", ["", "/"])
def test_addresses_end_as_those_of_the_site_do(end: str, tmp_path: Path) -> None:
    files = {f"{name}.md": f"# {name.title()}\n\nBy [the](/ebb{end}) and [the](/flow{end}), [not](a.md) [so](flow.md) [so](ebb.md).\n"
             for name in ("ebb", "flow")}  # fmt: skip
    text = f"# A\n\n[e](/ebb{end}) [f](/flow{end}). Of Tide Tables.\n"
    assert f"Of [Tide Tables](/tides{end})." in fixed(tmp_path, text, files)
