"""Each rule: a wiki that trips it and one that does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgraph.check import CHECKS
from kgraph.model.finding import RULES
from tests.check.wiki import LONG, check_wiki, of_rule

ROWS = """\
- id: harbour
  type: organization
  title: Harbour Office
  relatedEntries:
    - id: flood-risk
      relationship: mitigates
- id: flood-risk
  type: risk
  title: Flood Risk
"""
PAGES = {
    "docs/harbour.md": "# Harbour Office\n\nIt watches the [tides](flood-risk.md).\n",
    "docs/flood-risk.md": "# Flood Risk\n\nSee the [office](harbour.md).\n",
}


def test_every_check_is_listed_once_and_documented() -> None:
    assert len(set(CHECKS)) == len(CHECKS)
    assert all(check.__doc__ for check in CHECKS)


@pytest.mark.parametrize(
    ("rule", "text", "words"),
    [
        ("W201", "Go [there](nowhere.md).", "nowhere.md"),
        ("W202", "Go [there](b.md#no-such-part).", "#no-such-part"),
        ("W203", "Go [[twin]].", "twin"),
        ("E103", None, ""),
    ],
)
def test_findings_of_the_ingest_stage_are_there(rule: str, text: str | None, words: str, tmp_path: Path) -> None:
    files = {"b.md": "# Bee\n\n## A part\n\nBack to [[a]].\n", "x/twin.md": "# First\n", "y/twin.md": "# Second\n"}
    files["a.md"] = "---\ntitle: [\n---\nText.\n" if text is None else f"# Ay\n\n{text}\n"
    found = of_rule(check_wiki(tmp_path, files), rule)
    assert [path for path, _, _ in found] == ["a.md"]
    assert words in found[0][2]


def test_living_links_trip_nothing(tmp_path: Path) -> None:
    found = check_wiki(tmp_path, {
        "a.md": "# Ay\n\nGo [there](b.md#a-part).\n", "b.md": "# Bee\n\n## A part\n\nBack to [[a]].\n",
    })  # fmt: skip
    assert found == ()


def test_duplicate_ids_and_titles(tmp_path: Path) -> None:
    found = check_wiki(tmp_path, {
        "a.md": "---\nid: lamp\ntitle: Lamp\n---\nOne.\n", "b.md": "---\nid: lamp\ntitle: Torch\n---\nTwo.\n",
        "c.md": "---\ntitle: Torch\n---\nThree.\n",
    })  # fmt: skip
    assert [path for path, _, _ in of_rule(found, "W301")] == ["b.md"]
    assert [path for path, _, _ in of_rule(found, "W302")] == ["c.md"]


def test_pages_at_one_address(tmp_path: Path) -> None:
    found = check_wiki(
        tmp_path, {"sub.md": "# Sub\n", "sub/index.md": "# Part\n", "sub/page.md": "# Page\n", "mkdocs.yml": "site_name: x\n"}
    )
    assert [(path, line) for path, line, _ in of_rule(found, "W305")] in ([("sub/index.md", 1)], [("docs/sub/index.md", 1)])


def test_orphans_but_no_index_pages(tmp_path: Path) -> None:
    found = check_wiki(tmp_path, {
        "index.md": "# Home\n\nRead [one](one.md).\n", "one.md": "# One\n\n[Itself](one.md).\n", "two.md": "# Two\n\nTo [one](one.md).\n",
        "part/README.md": "# Part\n\nTo [one](../one.md).\n", "part/three.md": "# Three\n\nTo [one](../one.md).\n",
    })  # fmt: skip
    assert of_rule(found, "N401") == [("part/three.md", 0, "no page links to three"), ("two.md", 0, "no page links to two")]


def test_a_link_to_the_row_that_a_page_shows_reaches_the_page(tmp_path: Path) -> None:
    rows = '- id: tmc-quay\n  type: concept\n  title: Quay\n  path: "/port/quay/"\n- id: port\n  type: concept\n  title: Port\n'
    pages = {"docs/port.mdx": '# Port\n\nA <EntityLink id="tmc-quay">quay</EntityLink>.\n', "docs/port/quay.mdx": "# The quay\n\nStone.\n"}
    found = check_wiki(tmp_path, {"data/entities/a.yaml": rows, **pages})
    assert "docs/port/quay.mdx" not in [path for path, _, _ in of_rule(found, "N401")]
    assert of_rule(found, "N403") == []
    assert "docs/port/quay.mdx" in [path for path, _, _ in of_rule(found, "N402")]


def test_dead_ends_but_no_shells(tmp_path: Path) -> None:
    found = check_wiki(tmp_path, {
        "a.mdx": "# Ay\n\nTo [b](b.mdx).\n", "b.mdx": "# Bee\n\nTo [itself](b.mdx) and [nowhere](c-not-there.mdx).\n",
        "shell.mdx": '---\ntitle: Shell\n---\n<Table source="tides" />\n',
    })  # fmt: skip
    assert of_rule(found, "N402") == [("b.mdx", 0, "b links to no other page")]


def test_catalog_rows_without_page(tmp_path: Path) -> None:
    rows = ROWS + "- id: lighthouse\n  type: place\n  title: Lighthouse\n"
    found = of_rule(check_wiki(tmp_path, {"data/entities/a.yaml": rows, **PAGES}), "N403")
    assert found == [("data/entities/a.yaml", 10, "lighthouse (Lighthouse) has no page")]


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ("", True),
        ("  relatedEntries:\n    - id: harbour\n", True),
        ("  relatedEntries:\n    - id: harbour\n      relationship: mitigated-by\n", False),
        ("  relatedEntries:\n    - id: harbour\n      relationship: analyzed-by\n", False),
    ],
)
def test_one_sided_relations(answer: str, found: bool, tmp_path: Path) -> None:
    findings = of_rule(check_wiki(tmp_path, {"data/entities/a.yaml": ROWS + answer, **PAGES}), "N404")
    told = [item for item in findings if "'mitigates'" in item[2]]
    assert bool(told) is found
    if found:
        message = "harbour → flood-risk: 'mitigates' stands here only, flood-risk does not state 'mitigated-by'"
        assert told == [("data/entities/a.yaml", 5, message)]


@pytest.mark.parametrize(("answer", "count"), [("", 1), ("related: [a]\n", 0)])
def test_symmetric_relations_on_one_side(answer: str, count: int, tmp_path: Path) -> None:
    files = {"a.md": "---\ntitle: Ay\nrelated: [b]\n---\nText.\n", "b.md": f"---\ntitle: Bee\n{answer}---\nText.\n"}
    assert len(of_rule(check_wiki(tmp_path, files), "N404")) == count


def test_relations_that_are_not_known(tmp_path: Path) -> None:
    rows = ROWS.replace("mitigates", "frobnicates") + "  relatedEntries:\n    - id: harbour\n      relationship: frobnicates\n"
    files = {"data/entities/a.yaml": rows, **PAGES}
    found = check_wiki(tmp_path, files)
    assert of_rule(found, "N406") == [
        ("data/entities/a.yaml", 5, "relation 'frobnicates' is not known: what is it called from the other end?")
    ]
    assert of_rule(found, "N404") == []
    files["kgraph.toml"] = '[relations.frobnicates]\ninverse = "frobnicated-by"\n'
    found = check_wiki(tmp_path, files)
    assert of_rule(found, "N406") == []
    assert len(of_rule(found, "N404")) == 2


def test_unlinked_mentions_with_their_sentence(tmp_path: Path) -> None:
    found = check_wiki(tmp_path, {
        "a.md": "# Tide Tables\n\nFirst words. The Harbour Office prints them. More words.\n",
        "b.md": "# Harbour Office\n\nIt prints [tables](a.md), not any Tide Tables of its own.\n",
    })  # fmt: skip
    assert of_rule(found, "N405") == [("a.md", 3, "'Harbour Office' could link to b")]


@pytest.mark.parametrize(
    ("title", "kind", "text", "found"),
    [
        ("Elicit", "organization", "Surveys elicit answers from people.", False),
        ("Elicit", "organization", "Answers come from Elicit today.", True),
        ("Settings", "concept", "Open the Quick Settings panel.", False),
        ("Settings", "concept", "Open the Settings panel.", True),
        ("Scheming", "risk", "They found scheming in one case.", True),
        ("Adoption", "concept", "| Tool | Adoption |\n| --- | --- |\n| Saw | High |", False),
        ("Adoption", "concept", "| Tool | Grade |\n| --- | --- |\n| Adoption | High |", True),
    ],
)
def test_words_that_are_no_names(title: str, kind: str, text: str, found: bool, tmp_path: Path) -> None:
    files = {"a.md": f"---\ntitle: Essay\n---\n\n{text}\n", "b.md": f"---\ntitle: {title}\ntype: {kind}\n---\nText.\n"}
    assert bool(of_rule(check_wiki(tmp_path, files), "N405")) is found


def test_words_that_many_pages_use_and_none_links(tmp_path: Path) -> None:
    files = {"sands.md": "---\ntitle: Sands\n---\nText.\n"}
    files |= {f"p{number}.md": f"# Page {number}\n\nThe ship met Sands again.\n" for number in range(7)}
    assert len(of_rule(check_wiki(tmp_path, files), "N405")) == 7
    files["p7.md"] = "# Page 7\n\nThe ship met Sands again.\n"
    assert of_rule(check_wiki(tmp_path, files), "N405") == []


def test_pages_of_one_template_that_speak_of_themselves_are_a_note(tmp_path: Path) -> None:
    body = " ".join(f"word{number} stands here and says a thing that both pages say" for number in range(40))
    files = {
        name: f"# {title}\n\n{title} writes. {body}. Call {title}.\n"
        for name, title in (("a.md", "fputs"), ("b.md", "fputws"), ("c.md", "Old notes"))
    }
    files["c.md"] = f"# Old notes\n\nfputs writes. {body}. Call fputs.\n"
    found = {item.path: item.severity for item in check_wiki(tmp_path, files) if item.rule == "W407"}
    assert found == {"b.md": "note", "c.md": "warning"}


def test_near_duplicates(tmp_path: Path) -> None:
    found = check_wiki(tmp_path, {
        "a.md": f"# Ay\n\n{LONG}\n", "b.md": f"# Bee\n\n{LONG.replace('pier 8', 'wharf 8')}\n", "c.md": f"# Ay\n\n{LONG}\n",
        "d.md": f"# Dee\n\n{LONG[: len(LONG) // 2]} {LONG[: len(LONG) // 4].replace('e', 'o')}\n",
        "e.md": "# Short\n\nThe same few words.\n", "f.md": "# Short\n\nThe same few words.\n",
    })  # fmt: skip
    assert of_rule(found, "W407") == [
        ("b.md", 0, "the text is almost the same as that of a.md"), ("c.md", 0, "the text is the same as that of a.md"),
    ]  # fmt: skip


def test_findings_are_sorted_and_known(tmp_path: Path) -> None:
    found = check_wiki(tmp_path, {"data/entities/a.yaml": ROWS, **PAGES, "docs/z.md": "# Zed\n\nThe Harbour Office. [x](y.md)\n"})
    assert list(found) == sorted(found)
    assert {item.rule for item in found} <= RULES.keys()
    assert {"W201", "N401", "N402", "N404", "N405"} <= {item.rule for item in found}
