"""Blocks in HTML that someone else built: where they stand, twice the same, and nothing else touched."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import kgraph
from kgraph.errors import ExportError
from kgraph.export.block import BlockTexts, block_html
from kgraph.integrations.inject import inject, inject_site
from scripts.layouts import write_sites
from tests.conftest import RunKgraph

BLOCK = "<nav>the block</nav>"
PUT = f"<!-- kgraph:related:start -->{BLOCK}<!-- kgraph:related:end -->"


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<body><main>a</main><footer></footer></body>", f"<body><main>a{PUT}</main><footer></footer></body>"),
        ("<MAIN>a</MAIN ><p>", f"<MAIN>a{PUT}</MAIN ><p>"),
        ("<body><article>a</article><article>b</article></body>", f"<body><article>a</article><article>b{PUT}</article></body>"),
        ("<body><p>a</body></html>", f"<body><p>a{PUT}</body></html>"),
        ("<p>a\n", f"<p>a\n{PUT}"),
        ("a<!-- kgraph:related --><main>b</main>", f"a{PUT}<!-- kgraph:related --><main>b</main>"),
        ("a<!--kgraph:related-->b", f"a{PUT}<!--kgraph:related-->b"),
        ("<main>a</main><script>x = '</main>'</script>", f"<main>a{PUT}</main><script>x = '</main>'</script>"),
        ("<main>a</main><!-- </main> -->", f"<main>a{PUT}</main><!-- </main> -->"),
        ('<main>a</main><i title="</main>">b', f'<main>a{PUT}</main><i title="</main>">b'),
        ("<main><pre>&lt;!-- kgraph:related --&gt;</pre></main>", f"<main><pre>&lt;!-- kgraph:related --&gt;</pre>{PUT}</main>"),
        ("<textarea><!-- kgraph:related --></textarea><main></main>", f"<textarea><!-- kgraph:related --></textarea><main>{PUT}</main>"),
        ("", PUT),
    ],
)
def test_where_the_block_stands(page: str, expected: str) -> None:
    assert inject(page, BLOCK) == expected
    assert inject(expected, BLOCK) == expected
    assert inject(expected, "") == page
    assert inject(expected, "<nav>another</nav>") == expected.replace("the block", "another")


def test_before_a_text() -> None:
    assert inject('<div id="x"></div><div id="x">', BLOCK, before='<div id="x">') == f'<div id="x"></div>{PUT}<div id="x">'
    assert inject("<main></main>", BLOCK, before="<aside>") is None


@given(
    st.lists(st.sampled_from(["<main>", "</main>", "<!--", "-->", "<", '"', "'", "<script>", "</script>", "a", "</body>", "é"])).map(
        "".join
    )
)
@example('<a "' * 3000)
@example("<!-- " * 3000)
def test_any_page_comes_back(page: str) -> None:
    made = inject(page, BLOCK)
    assert made is not None
    assert made.replace(PUT, "") == page
    assert inject(made, "") == page


def item(**told: object) -> dict[str, object]:
    return {"id": "x", "title": "X", "type": "page", "href": "/x", "label": None, "reasons": [], **told}


def test_nothing_of_a_page_becomes_markup() -> None:
    evil = '"><script>alert(1)</script><!-- kgraph:related:end -->'
    page = {
        "top": [item(title=evil, href=f"/{evil}", label=evil, reasons=[{"text": evil}])],
        "groups": [{"label": evil, "items": [item()]}],
    }
    made = block_html(page, summary=lambda _: evil, texts=BlockTexts(evil, evil, evil))
    assert "<script" not in made
    assert "<!--" not in made
    assert made.count('"') % 2 == 0


@pytest.mark.parametrize("href", ["javascript:alert(1)", " java\nscript:alert(1)", "data:text/html,x", "VBSCRIPT:x", "http://[", None, ""])
def test_an_address_that_leads_to_no_page_is_no_link(href: str | None) -> None:
    assert "<a " not in block_html({"top": [item(href=href)], "groups": []})


def test_an_empty_list_is_no_block() -> None:
    assert block_html({"top": [], "groups": []}) == ""


@pytest.fixture(scope="module")
def html_site(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The sample wiki as a tree of HTML, and its workspace."""
    folder = tmp_path_factory.mktemp("inject")
    write_sites(folder, ["html"])
    kgraph.build(folder / "html", folder / "w")
    return folder / "html", folder / "w"


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_built_site_there_and_back(html_site: tuple[Path, Path], run_kgraph: RunKgraph, tmp_path: Path) -> None:
    folder, workspace = html_site
    others = {"404.html": b"<main>not found</main>", "app.js": b"// </main>", "deep/notes.html": b"<main></main>"}
    for name, data in others.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
    before = tree(folder)
    done = run_kgraph("inject", folder, "-w", workspace)
    assert (done.returncode, "wrote 139 pages" in done.stderr) == (0, True), done.stderr
    placed = tree(folder)
    assert {name for name in placed if placed[name] != before[name]} == set(before) - set(others)
    assert set(placed) == set(before)
    assert "wrote 0 pages" in run_kgraph("inject", folder, "-w", workspace).stderr
    assert tree(folder) == placed
    for name in others:
        (folder / name).unlink()
        del before[name]
    kgraph.build(folder, tmp_path / "again")
    assert tree(tmp_path / "again/site") == tree(workspace / "site"), "what was placed is no content"
    assert run_kgraph("inject", folder, "-w", workspace, "--remove").returncode == 0
    assert tree(folder) == before


def test_the_base_is_found_or_told(html_site: tuple[Path, Path], tmp_path: Path) -> None:
    _, workspace = html_site
    page = tmp_path / "policies" / "eu-ai-act.html"
    page.parent.mkdir()
    page.write_bytes("<main>caf\u00e9</main>".encode("latin-1"))
    done = inject_site(workspace / "site", tmp_path)
    assert (done.changed, len(done.missing)) == (("policies/eu-ai-act.html",), 138)
    assert b"caf\xe9<!--" in page.read_bytes()
    with pytest.raises(ExportError, match="--base"):
        inject_site(workspace / "site", tmp_path, base="/wiki/")
    with pytest.raises(ExportError, match="no such folder"):
        inject_site(workspace / "site", tmp_path / "nowhere")


def test_a_link_out_of_the_folder_is_not_followed(html_site: tuple[Path, Path], tmp_path: Path) -> None:
    _, workspace = html_site
    outside = tmp_path / "outside.html"
    outside.write_text("<main></main>")
    (tmp_path / "out/policies").mkdir(parents=True)
    (tmp_path / "out/policies/eu-ai-act.html").symlink_to(outside)
    (tmp_path / "out/policies/gdpr.html").write_text("<main></main>")
    assert inject_site(workspace / "site", tmp_path / "out").changed == ("policies/gdpr.html",)
    assert outside.read_text() == "<main></main>"


def test_of_two_pages_at_one_address_the_first_has_its_block(run_kgraph: RunKgraph, tmp_path: Path) -> None:
    pages = {"sub.md": "# Sub\n\nTo [part](/part/).\n", "sub/index.md": "# Under\n", "part.md": "# Part\n\nTo [sub](/sub/).\n"}
    for name, text in pages.items():
        path = tmp_path / "wiki" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (tmp_path / "wiki/kgraph.toml").write_text('[pages]\nhref = "/{route}/"\n', encoding="utf-8")
    kgraph.build(tmp_path / "wiki", tmp_path / "workspace")
    for name in ("sub", "part"):
        (tmp_path / "public" / name).mkdir(parents=True)
        (tmp_path / "public" / name / "index.html").write_text("<main></main>", encoding="utf-8")
    site = tmp_path / "workspace/site"
    assert len(inject_site(site, tmp_path / "public").changed) == 2
    again = inject_site(site, tmp_path / "public")
    assert (again.changed, again.unchanged) == ((), 2)
    done = run_kgraph("inject", tmp_path / "public", "-w", tmp_path / "workspace", "--before", "nowhere")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == "kgraph: --before 'nowhere': stands on none of the 2 pages"
