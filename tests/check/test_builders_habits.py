"""What site builders do that a checker must know: text they put in, names of other projects, first languages, versions, tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.check.wiki import LONG, check_wiki, of_rule

MKDOCS = "site_name: Port\n"
INTERSPHINX = "project = 'Port'\nextensions = ['port_docs']\nport_intersphinx_enable = ['python']\n"
LANGUAGES = (
    "site_name: Port\nplugins:\n  - search\n  - i18n: {docs_structure: folder, languages: [{locale: en, default: true}, {locale: de}]}\n"
)


@pytest.mark.parametrize(
    "made_up",
    ["::: port.quays.Quay\n    options: {}", "::: mkdocs-click", '--8<-- "quays.md"', "{! quays.md !}"],
)
def test_headings_that_plugins_of_mkdocs_put_in_are_not_missed(made_up: str, tmp_path: Path) -> None:
    pages = {"docs/a.md": "# Ay\n\n[one](b.md#quay) [two](c.md#quay)\n", "docs/b.md": f"# Bee\n\n{made_up}\n", "docs/c.md": "# Cee\n"}
    assert of_rule(check_wiki(tmp_path, {"mkdocs.yml": MKDOCS, **pages}), "W202") == [("docs/a.md", 3, "#quay is no heading of c")]


def test_a_box_of_another_builder_hides_no_dead_anchor(tmp_path: Path) -> None:
    found = check_wiki(tmp_path, {"a.md": "# Ay\n\n::: tip\n\nBring a rope.\n\n:::\n\n[one](#quay)\n"})
    assert len(of_rule(found, "W202")) == 1


def test_names_of_other_projects_are_not_dead(tmp_path: Path) -> None:
    text = (
        "Quay\n====\n\n:meth:`quay.Rope.tie` :setting:`QUAY.LONG` :ref:`strftime` :doc:`library/re` :doc:`python:library/re`\n"
        ":doc:`gone` :doc:`sub/gone` :doc:`../gone` :doc:`sub/pier`\n"
    )
    pages = {"index.rst": text, "sub/pier.rst": "Pier\n====\n\n:doc:`/index`\n"}
    dead = [message.split("'")[1] for _, _, message in of_rule(check_wiki(tmp_path, {"conf.py": INTERSPHINX, **pages}), "W201")]
    assert dead == [":doc:../gone", ":doc:gone", ":doc:sub/gone"]
    assert of_rule(check_wiki(tmp_path, {}), "W211") == []


def test_markdown_links_of_myst_may_name_labels_and_things(tmp_path: Path) -> None:
    pages = {
        "index.md": "# Home\n\n[rope](how-to-tie) [api](quays.Rope) [index](genindex) [gone](gone.md) [img](img/gone.png) [c](c.html)\n",
        "rope.md": "# Rope\n\n(how-to-tie)=\n\n## Tying\n\n[home](index.md)\n",
    }
    found = check_wiki(tmp_path, {"conf.py": "project = 'Port'\nextensions = ['myst_parser']\n", **pages})
    assert [message.split("'")[1] for _, _, message in of_rule(found, "W201")] == ["c.html", "gone.md"]
    assert [message.split("'")[1] for _, _, message in of_rule(found, "W211")] == ["img/gone.png"]
    assert "rope.md" not in {path for path, _, _ in of_rule(found, "N401")}
    assert of_rule(found, "W202") == []


def test_what_a_translation_lacks_is_that_of_the_first_language(tmp_path: Path) -> None:
    pages = {
        "docs/index.md": "# Home\n\n[rope](rope.md) [api](ref/api.md) ![map](img/map.png)\n",
        "docs/rope.md": "# Rope\n\n[home](index.md)\n",
        "docs/ref/api.md": "# API\n", "docs/img/map.png": "",
        "docs/de/index.md": "# Anfang\n\n[api](ref/api.md) [x](ref/gone.md) ![map](img/map.png) ![y](img/gone.png)\n",
        "docs/de/rope.md": "# Seil\n\n[home](index.md)\n", "docs/de/only.md": "# Nur hier\n\n[api](ref/api.md)\n",
    }  # fmt: skip
    found = check_wiki(tmp_path, {"mkdocs.yml": LANGUAGES, **pages})
    assert [(path, message.split("'")[1]) for path, _, message in of_rule(found, "W201")] == [("docs/de/index.md", "ref/gone.md")]
    assert [(path, message.split("'")[1]) for path, _, message in of_rule(found, "W211")] == [("docs/de/index.md", "img/gone.png")]
    assert of_rule(found, "W206") == []
    (tmp_path / "mkdocs.yml").write_text(LANGUAGES.replace("folder,", "folder, fallback_to_default: false,"))
    assert len(of_rule(check_wiki(tmp_path, {}), "W201")) == 3
    assert len(of_rule(check_wiki(tmp_path, {}), "W211")) == 2


def test_editions_are_no_duplicates_of_one_another(tmp_path: Path) -> None:
    found = check_wiki(tmp_path, {
        "v1/a.md": f"# Ay\n\n{LONG}\n", "v2/a.md": f"# Ay\n\n{LONG}\n", "v1/b.md": "# Bee\n", "v2/b.md": "# Bee\n",
        "v2/c.md": f"# Ay\n\n{LONG}\n", "v1/d.md": "# Cee\n", "v2/e.md": "# Cee\n",
    })  # fmt: skip
    assert of_rule(found, "W407") == [("v2/c.md", 0, "the text is the same as that of v2/a.md")]
    assert [path for path, _, _ in of_rule(found, "W302")] == ["v2/c.md"]


@pytest.mark.parametrize(("link", "level"), [("[b](b/usage.md)", "note"), ("[[Usage]] [[a/usage]]", "warning")])
def test_titles_in_two_folders_are_a_warning_where_links_go_by_name(link: str, level: str, tmp_path: Path) -> None:
    found = check_wiki(tmp_path, {"a/usage.md": f"# Usage\n\n{link}\n", "b/usage.md": "# Usage\n", "b/use.md": "# Using\n"})
    assert [(item.path, item.severity) for item in found if item.rule == "W302"] == [("b/usage.md", level)]


def test_a_page_that_shows_another_has_its_headings(tmp_path: Path) -> None:
    pages = {
        "a/tie.md": "# Tie\n\n## Knots\n",
        "b/tie.md": "---\nsource: a/tie\n---\n# Tie\n",
        "c.md": "[k](b/tie.md#knots) [x](b/tie.md#x)\n",
    }
    assert of_rule(check_wiki(tmp_path, pages), "W202") == [("c.md", 1, "#x is no heading of b/tie")]


@pytest.mark.parametrize(("link", "level"), [("[b](b.md)", "note"), ("[[b]]", "warning")])
def test_aliases_are_a_warning_where_links_go_by_name(link: str, level: str, tmp_path: Path) -> None:
    found = check_wiki(tmp_path, {"a.md": f"---\naliases: [Rope]\n---\n# Ay\n\n{link}\n", "b.md": "# Bee\n", "rope.md": "# Rope\n"})
    assert [(item.path, item.severity) for item in found if item.rule == "W304"] == [("a.md", level)]


def test_folders_made_alike_hold_like_pages(tmp_path: Path) -> None:
    names = ("begin", "end", "size", "tie")
    pages = {f"{kind}/{name}.md": f"# {kind} {name}\n" for kind in ("rope", "chain") for name in names[:-1]}
    twins = {f"{kind}/tie.md": f"# Tie\n\n{LONG}\n" for kind in ("rope", "chain", "net")}
    found = check_wiki(tmp_path, {**pages, **twins, "net/x.md": "# X\n"})
    assert [(item.path, item.severity) for item in found if item.rule == "W407"] == [("net/tie.md", "warning"), ("rope/tie.md", "note")]


def test_data_of_tests_and_schemas_are_no_catalogs(tmp_path: Path) -> None:
    rows = "id,name\n1,Quay\n1,Pier\n"
    schema = '{"$defs": {"Quay": {"title": "Quay", "type": "object"}, "Rope": {"title": "Rope"}}, "properties": {"x": {"title": "X"}}}'
    files = {
        "mkdocs.yml": MKDOCS, "docs/a.md": "# Ay\n", "tests/data/rows.csv": rows, "docs/tests/rows.csv": rows, "docs/port.json": schema,
        "other.json": schema.replace("$defs", "definitions").replace("{", '{"$schema": "x", ', 1),
    }  # fmt: skip
    found = check_wiki(tmp_path, files)
    assert [path for path, _, _ in of_rule(found, "W301")] == ["docs/tests/rows.csv"]
    assert {path for path, _, _ in of_rule(found, "N403")} == {"docs/tests/rows.csv"}


def test_copies_beside_html_built_by_sphinx_are_no_pages(tmp_path: Path) -> None:
    page = "<html><body><main><h1>Ay</h1><p>The <a href='b.html#rope'>rope</a> of the quay.</p></main></body></html>"
    files = {
        "a.html": page, "b.html": page.replace("Ay", "Bee").replace("b.html", "a.html"), "genindex.html": page.replace("#rope", ""),
        "_sources/a.rst.txt": "Ay\n==\n\n:ref:`rope`\n", "_static/terms.json": '[{"id": "rope", "title": "Rope"}]',
    }  # fmt: skip
    found = check_wiki(tmp_path, files)
    assert {item.path for item in found} <= {"a.html", "b.html", "genindex.html"}
    assert len(of_rule(found, "W202")) == 2


def test_an_icon_is_no_link(tmp_path: Path) -> None:
    page = "# Ay\n\nSee <Icon icon='tools' /> and <Icon icon='tools' /> and <Icon icon='tools' /> there.\n"
    found = check_wiki(tmp_path, {"a.mdx": page, "tools.mdx": "# Tools\n"})
    assert [path for path, _, _ in of_rule(found, "N401")] == ["a.mdx", "tools.mdx"]


def test_an_icon_is_no_name_of_a_page(tmp_path: Path) -> None:
    pages = {"a/tools.mdx": "# Ay\n\n<Card icon='tools' title='tools' />\n", "b/tools.mdx": "# Bee\n", "c.mdx": "# Cee\n"}
    found = check_wiki(tmp_path, pages)
    assert (len(of_rule(found, "N305")), of_rule(found, "W301")) == (1, [])
    pages["c.mdx"] = "# Cee\n\n<EntityLink id='tools' />\n"
    assert len(of_rule(check_wiki(tmp_path, pages), "W301")) == 1


def test_zensical_is_read_as_mkdocs(tmp_path: Path) -> None:
    found = check_wiki(tmp_path, {"zensical.yml": "site_name: Port\nnav: [a.md, gone.md]\n", "docs/a.md": "# Ay\n", "x.md": "# Ex\n"})
    assert [(path, message.split("'")[1]) for path, _, message in of_rule(found, "W212")] == [("zensical.yml", "gone.md")]
