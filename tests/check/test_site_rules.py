"""Rules that look at files, names, catalogs and counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgraph.check import run_checks
from kgraph.config import Check, Config
from kgraph.ingest.stage import ingest
from kgraph.model.finding import Finding
from tests.check.wiki import LONG, check_wiki, of_rule, write_wiki

MKDOCS = "site_name: Port\nnav:\n  - Home: index.md\n  - Gone: gone.md\n  - Far: https://example.org/x.md\n  - part: [a.md]\n"


def test_files_that_are_not_there(tmp_path: Path) -> None:
    write_wiki(tmp_path, {"img/map.png": "", "img/a b.png": ""})
    found = check_wiki(tmp_path, {
        "a.md": (
            "# Ay\n\n![map](img/map.png) ![gone](img/gone.png) [list](data.csv) [map](img/map.png#x?y) ![b](img/a%20b.png)\n\n"
            "![far](https://example.org/x.png) ![root](/x.png) ![t]({{ base }}/x.png) ![out](../../x.png) <img src='img/lost.svg'>\n"
        ),
        "part/b.md": "# Bee\n\n![map](../img/map.png) ![map](img/map.png) ![](data:image/png;base64,AA==) `![x](y.png)`\n",
    })  # fmt: skip
    assert of_rule(found, "W211") == [
        ("a.md", 3, "no file is at 'data.csv'"), ("a.md", 3, "no file is at 'img/gone.png'"), ("a.md", 5, "no file is at 'img/lost.svg'"),
        ("part/b.md", 3, "no file is at 'img/map.png'"),
    ]  # fmt: skip


def test_files_served_at_the_root_of_the_site(tmp_path: Path) -> None:
    files = {"astro.config.mjs": "starlight({})", "src/content/docs/a.md": "# Ay\n\n![x](/x.png) ![y](/y.png)\n", "public/x.png": ""}
    assert of_rule(check_wiki(tmp_path, files), "W211") == [("src/content/docs/a.md", 3, "no file is at '/y.png'")]


def test_a_starlight_site_without_a_folder_of_files(tmp_path: Path) -> None:
    files = {"astro.config.mjs": "starlight({})", "src/content/docs/a.md": "# Ay\n\n[x](/x.pdf)\n"}
    assert of_rule(check_wiki(tmp_path, files), "W211") == [("src/content/docs/a.md", 3, "no file is at '/x.pdf'")]


def test_files_of_a_vault_go_by_name(tmp_path: Path) -> None:
    (tmp_path / ".obsidian").mkdir()
    files = {"notes/a.md": "# Ay\n\n![[Map.png]] ![[Files/map.PNG|100]] ![[gone.png]]\n", "Files/map.png": ""}
    assert of_rule(check_wiki(tmp_path, files), "W211") == [("notes/a.md", 3, "no file is at 'gone.png'")]


def test_a_row_that_is_no_entity_is_no_dead_relation(tmp_path: Path) -> None:
    glossary = "- {id: quay-word, term: Quay, related: [pier-word, gone-word]}\n- {id: pier-word, term: Pier}\n"
    rows = "- {id: quay-word, title: Quay, type: concept}\n- {id: port, title: Port, type: concept}\n"
    files = {"data/entities/a.yaml": rows, "data/glossary.yaml": glossary, "docs/port.md": "# Port\n\nOf the [[quay-word]].\n"}
    assert [message.split("'")[1] for _, _, message in of_rule(check_wiki(tmp_path, files), "W204")] == ["gone-word"]


def test_navigation_of_mkdocs(tmp_path: Path) -> None:
    found = check_wiki(tmp_path, {"mkdocs.yml": MKDOCS, "docs/index.md": "# Home\n\n[a](a.md)\n", "docs/a.md": "# Ay\n"})
    assert of_rule(found, "W212") == [("mkdocs.yml", 4, "the navigation names 'gone.md', which is not there")]


def test_anchors_of_mkdocs(tmp_path: Path) -> None:
    page = (
        "# Ay\n\n## Twice\n\n## Twice\n\n## Où - là\n\n## Own {#so}\n\n"
        "[a](#twice) [b](#twice_1) [c](#ou-la) [d](#so) [e](#twice-1) [f](#où---là) [g](#Twice) [h](#top) [i](#:~:text=Own)\n"
    )
    found = check_wiki(tmp_path, {"mkdocs.yml": "site_name: Port\n", "docs/a.md": page})
    assert [message.split()[0] for _, _, message in of_rule(found, "W202")] == ["#Twice", "#où---là", "#twice-1"]


def test_relative_links_of_starlight(tmp_path: Path) -> None:
    page = "# Ay\n\n[b](./b.md) [c](../b/) [d](/b/) [e](#x) [f](https://example.org) [[b]]\n\n## X\n"
    files = {"astro.config.mjs": "starlight({})", "src/content/docs/a.md": page, "src/content/docs/b.md": "# Bee\n"}
    assert [message.split("'")[1] for _, _, message in of_rule(check_wiki(tmp_path, files), "W213")] == ["../b/", "./b.md"]


def test_addresses_in_other_letter_case(tmp_path: Path) -> None:
    files = {"index.md": "# Home\n", "part/a.md": "# Ay\n\n[b](/Part/b/) [c](/part/b)\n", "part/b.md": "# Bee\n\n[a](/part/a/)\n"}
    assert of_rule(check_wiki(tmp_path, files), "W206") == [("part/a.md", 3, "link to '/Part/b/' was taken for b")]


def test_links_to_former_addresses(tmp_path: Path) -> None:
    found = check_wiki(tmp_path, {
        "a.md": "# Ay\n\n[old](/old/b/) [new](/b/) [file](b.md)\n", "b.md": "---\naliases: [/old/b/, Bee]\n---\n# Bee\n\n[a](/a/)\n",
    })  # fmt: skip
    assert of_rule(found, "W210") == [("a.md", 3, "link to '/old/b/' leads by way of a former address to b")]


def test_links_to_this_machine(tmp_path: Path) -> None:
    found = check_wiki(
        tmp_path, {"a.md": "# Ay\n\n[x](http://localhost:3000/) [y](https://example.org/localhost) <http://[::1]/> [z](http://[)\n"}
    )
    assert [message for _, _, message in of_rule(found, "N214")] == ["link to 'http://[::1]/'", "link to 'http://localhost:3000/'"]


def test_aliases_of_two_pages(tmp_path: Path) -> None:
    found = check_wiki(tmp_path, {
        "a.md": "---\ntitle: Ay\naliases: [Quay, bee]\n---\nText.\n", "b.md": "---\ntitle: Bee\naliases: [quay]\n---\nText.\n",
        "c.md": "---\ntitle: Sea\naliases: [Deep]\n---\nText.\n",
    })  # fmt: skip
    assert of_rule(found, "W304") == [("a.md", 1, "'bee' is a name of a and of b"), ("b.md", 1, "'quay' is a name of b and of a")]


def test_pages_without_a_row(tmp_path: Path) -> None:
    rows = "".join(f"- {{id: p{number}, title: P {number}, type: tool}}\n" for number in range(4))
    pages = {f"docs/p{number}.md": f"---\ntitle: P {number}\ntype: tool\n---\nText.\n" for number in range(6)}
    found = check_wiki(tmp_path, {"data/entities/a.yaml": rows, **pages})
    assert [path for path, _, _ in of_rule(found, "N408")] == ["docs/p4.md", "docs/p5.md"]
    del pages["docs/p4.md"], pages["docs/p5.md"]
    pages |= {f"docs/q{number}.md": f"---\ntitle: Q {number}\ntype: tool\n---\nText.\n" for number in range(9)}
    assert of_rule(check_wiki(tmp_path / "many", {"data/entities/a.yaml": rows, **pages}), "N408") == []


def typed(count: int, **fields: str) -> dict[str, str]:
    told = "".join(f"{key}: {value}\n" for key, value in fields.items())
    return {f"p{number}.md": f"---\ntitle: P {number}\ntype: tool\n{told}---\nText {number}.\n" for number in range(count)}


def checked(folder: Path, files: dict[str, str], settings: Check) -> tuple[Finding, ...]:
    config = Config(check=settings)
    corpus, _, tree = ingest(write_wiki(folder, files), config)
    return run_checks(corpus, config, tree)


def test_missing_fields(tmp_path: Path) -> None:
    files = {**typed(18, author="Ann"), "q.md": "---\ntitle: Q\ntype: tool\n---\nText.\n", "r.md": "---\ntype: tool\n---\n# Are\n"}
    missing = "the field 'author' is missing"
    assert of_rule(check_wiki(tmp_path / "usual", files), "N409") == [("q.md", 0, missing), ("r.md", 0, missing)]
    del files["p0.md"]
    assert of_rule(check_wiki(tmp_path / "seldom", files), "N409") == []
    found = checked(
        tmp_path / "told", {**typed(1, author="Ann"), "q.md": "# Q\n"}, Check(metadata={"all": ("title", "date"), "tool": ("licence",)})
    )
    assert [(path, message.split("'")[1]) for path, _, message in of_rule(found, "N409")] == [
        ("p0.md", "date"), ("p0.md", "licence"), ("q.md", "date"),
    ]  # fmt: skip


def test_pages_short_of_others(tmp_path: Path) -> None:
    links = " ".join(f"[p](p{number}.md)" for number in range(2, 8))
    files = {f"p{number}.md": f"---\ntitle: P {number}\ntype: tool\n---\n{LONG} {links}\n" for number in range(9)}
    files["q.md"] = f"---\ntitle: Q\ntype: tool\n---\n{LONG} [p](p1.md)\n"
    files["s.md"] = "---\ntitle: Es\ntype: tool\n---\nShort.\n"
    found = [item for item in check_wiki(tmp_path / "usual", files) if item.rule == "N410"]
    assert [(item.path, item.message, item.detail) for item in found] == [
        ("q.md", "few links for a page of type tool", "1 of about 5 links"),
        ("s.md", "few words and links for a page of type tool", "1 of about 142 words, 0 of about 5 links"),
    ]  # fmt: skip
    few = {path: files[path] for path in ("p1.md", "p2.md", "q.md", "s.md")}
    assert of_rule(check_wiki(tmp_path / "few", few), "N410") == []
    told = checked(tmp_path / "told", few, Check(expected={"tool": {"words": 50}}))
    assert [path for path, _, _ in of_rule(told, "N410")] == ["s.md"]


@pytest.mark.parametrize(
    ("settings", "levels"),
    [
        (Check(), ["warning", "note", "warning"]),
        (Check(rules={"dead-link": "error"}), ["error", "note", "error"]),
        (Check(rules={"Warning": "note", "w201": "error"}), ["error", "note", "error"]),
        (Check(rules={"note": "off"}), ["warning", "warning"]),
        (Check(paths={"old/**": {"W201": "off"}}), ["warning", "note"]),
        (Check(rules={"W201": "error"}, paths={"old/**": {"warning": "note"}}), ["error", "note", "note"]),
        (Check(rules={"W201": "off"}, paths={"old/**": {"W201": "error"}, "old/a.md": {"N402": "off"}}), ["note", "error"]),
    ],
)
def test_settings_weigh_rules(settings: Check, levels: list[str], tmp_path: Path) -> None:
    files = {"a.md": "# Ay\n\n[x](gone.md) [b](old/b.md)\n", "old/b.md": "# Bee\n\n[x](gone.md)\n"}
    assert [item.severity for item in checked(tmp_path, files, settings) if item.rule in ("W201", "N402")] == levels
