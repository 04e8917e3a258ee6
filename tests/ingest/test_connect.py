"""Links, relations and citations: what joins entities, and what is told when it joins nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from kgraph.config import Components, Config, Pages, RelationChange
from kgraph.model.corpus import Corpus, Link
from tests.ingest.wiki import corpus_of, found_of

AT_TOP = Config(pages=Pages(root=""))
PLACES = {name: f"# {name.title()}\n\n## Deep water\n\nIt flows. ^flow\n" for name in ("mill", "weir", "lock", "ferry")}


def corpus_with(folder: Path, page: str, more: Mapping[str, str] | None = None, *, config: Config = AT_TOP) -> Corpus:
    """Corpus of four places, and a page ``here``."""
    files = {f"{name}.md": text for name, text in PLACES.items()}
    return corpus_of(folder, {**files, **(more or {}), "here.mdx": page}, config)


def targets_of(corpus: Corpus) -> list[tuple[str, str | None]]:
    return [(link.kind, link.target) for link in corpus.links if link.source == "here"]


def relations_of(corpus: Corpus, source: str = "here") -> list[tuple[str, str | None, str]]:
    return [(relation.name, relation.target, relation.key) for relation in corpus.relations if relation.source == source]


def link_of(folder: Path, page: str) -> Link:
    corpus = corpus_with(folder, page)
    assert len(corpus.links) == 1
    return corpus.links[0]


def test_a_link_has_text_sentence_line_and_place(tmp_path: Path) -> None:
    link = link_of(
        tmp_path, "---\ntitle: Here\n---\n\n## Walks\n\nWe set off. Then, near e.g. [the *old* mill](mill.md#deep-water), we rest. Home.\n"
    )
    assert link == Link(
        "here",
        "mill",
        "mill.md#deep-water",
        "markdown",
        "the old mill",
        "Then, near e.g. the old mill, we rest.",
        "here.mdx",
        7,
        1,
        0,
        28,
        "body",
    )


@pytest.mark.parametrize(
    ("page", "position"),
    [
        ("A [mill](mill.md).\n\n# Head", "lead"),
        ("# Head\n\nA [mill](mill.md).", "body"),
        ("- A [mill](mill.md).", "list"),
        ("|a|\n|-|\n| [mill](mill.md) |", "table"),
        ("a[^1]\n\n[^1]: A [mill](mill.md).", "footnote"),
        ("# A [mill](mill.md)", "heading"),
        ("> A [mill](mill.md).", "lead"),
        ('<EntityLink id="mill" />', "none"),
        ('<Card href="/mill/" title="Mill" />', "none"),
        ("<Aside>\n\nA [mill](mill.md).\n</Aside>", "lead"),
    ],
)
def test_positions(tmp_path: Path, page: str, position: str) -> None:
    assert link_of(tmp_path, page).position == position


def test_every_way_of_linking(tmp_path: Path) -> None:
    page = (
        "[a](mill.md) [b](/weir/) [[lock]] ![[Ferry]] <a href='mill.md'>c</a> <EntityLink id='weir' /> <PageLink id='lock'>d</PageLink> "
        "<Link to='/ferry/'>e</Link> <XRef id='mill' /> <Button href='./weir.md'>f</Button> <DocLink to='lock' />\n"
    )
    assert targets_of(corpus_with(tmp_path, page)) == [
        ("markdown", "mill"),
        ("markdown", "weir"),
        ("wikilink", "lock"),
        ("embed", "ferry"),
        ("html", "mill"),
        ("EntityLink", "weir"),
        ("PageLink", "lock"),
        ("Link", "ferry"),
        ("XRef", "mill"),
        ("Button", "weir"),
        ("DocLink", "lock"),
    ]


def test_what_is_no_link(tmp_path: Path) -> None:
    page = (
        "![mill](mill.md) ![[mill.png]] <img src='mill.md' /> `[a](mill.md)` <Icon name='mill' /> <span id='mill'>x</span> [p](file.pdf)\n"
        "[q](https://example.org) [s](mailto:a@b.c) [t](#) <a name='mill'>x</a> <EntityLink label='mill' />\n"
    )
    corpus = corpus_with(tmp_path, page)
    assert corpus.links == ()
    assert [(item.rule, item.line) for item in corpus.findings] == [("W202", 2)]
    assert corpus.external == {"here.mdx": (("https://example.org", 2),)}


def test_components_of_ids_in_prose_are_found_to_be_links(tmp_path: Path) -> None:
    page = (
        "On <Go spot='mill'>a</Go>, <Go spot='weir' /> and <Go spot='nowhere' />; <Rare spot='lock' />; <em "
        "id='mill'>x</em> <em id='weir'>y</em> <em id='lock'>z</em>"
    )
    corpus = corpus_with(tmp_path, page)
    assert targets_of(corpus) == [("Go", "mill"), ("Go", "weir"), ("Go", None)]
    assert [note for note in corpus.assumptions if "<Go spot=…> is a link (3 uses)" in note]
    assert [line for _, line, _ in found_of(corpus, "W201")] == [1]


def test_components_that_name_ids_where_others_give_addresses(tmp_path: Path) -> None:
    page = (
        "<Ref to='mill'>a</Ref>, <Ref to='/sub/far' />, <Ref to='nowhere'/> and <Ref to='sub/far' />; "
        "<Jump to='near' /> <Jump to='./near' />"
    )
    more = {"sub/there.mdx": page, "sub/far.md": "# Far", "sub/near.md": "# Near", "other/near.md": "# Near, too"}
    corpus = corpus_with(tmp_path, "Text.", more)
    assert [(link.kind, link.target) for link in corpus.links if link.path == "sub/there.mdx"] == [
        ("Ref", "mill"), ("Ref", "far"), ("Ref", None), ("Ref", "far"), ("Jump", "sub/near"), ("Jump", "sub/near"),
    ]  # fmt: skip


def test_components_about_an_entity_are_links_where_they_stand_in_prose(tmp_path: Path) -> None:
    page = "On <Go entity='mill'>a</Go>, <Go entity='weir' /> and <Go entity='lock' />.\n\n<Box entity='mill' />\n"
    corpus = corpus_with(tmp_path, page)
    assert targets_of(corpus) == [("Go", "mill"), ("Go", "weir"), ("Go", "lock")]
    assert relations_of(corpus) == [("about", "mill", "<Box>")]


def test_components_on_lines_of_their_own_are_not_found_to_be_links(tmp_path: Path) -> None:
    page = "\n\n".join(f"<Chart spot='{name}' />" for name in PLACES)
    assert corpus_with(tmp_path, page).links == ()


def test_configuration_says_which_components_are_links_and_citations(tmp_path: Path) -> None:
    page = "<Go spot='mill' /> <EntityLink id='weir' /> <Cited work='s1' /> <R id='s1' />"
    sources = "- {id: s1, title: Charter, url: 'https://example.org'}\n"
    config = Config(
        pages=Pages(root=""), components=Components(links={"Go": "spot"}, citations={"Cited": "work"}, ignore=("EntityLink", "R"))
    )
    corpus = corpus_with(tmp_path, page, {"data/s.yaml": sources}, config=config)
    assert targets_of(corpus) == [("Go", "mill")]
    assert [(item.work, item.line) for item in corpus.citations] == [("s1", 1)]


def test_citations_and_their_sources(tmp_path: Path) -> None:
    sources = (
        "- {id: s1, title: The charter, url: 'https://example.org/1', type: deed, authors: [Ann, {name: Bob}], date: 1301-05-01}\n"
        "- {id: s2, title: Deed, doi: 10.1/x, author: Cy}\n- {id: s3, title: Map, url: 'https://example.org/3', authors: {name: Di}}\n"
    )
    page = "<R id='s1'>a</R>\n<R id='s2' />\n<R id='s9' /> and <Odd ref='s1' /> <Odd ref='s2' /> <Odd ref='s3' />\n"
    corpus = corpus_with(tmp_path, page, {"data/s.yaml": sources})
    assert [(item.work, item.line) for item in corpus.citations] == [("s1", 1), ("s2", 2), ("s1", 3), ("s2", 3), ("s3", 3)]
    assert [(path, line) for path, line, _ in found_of(corpus, "W207")] == [("here.mdx", 3)]
    assert [source.authors for source in corpus.sources.values()] == [("Ann", "Bob"), ("Cy",), ("Di",)]
    assert (corpus.sources["s1"].date, corpus.sources["s1"].kind, corpus.sources["s1"].line) == ("1301-05-01", "deed", 1)
    assert corpus.pages["here.mdx"].citations == 5


def test_dead_ambiguous_and_moved_targets_are_told_with_path_and_line(tmp_path: Path) -> None:
    page = "---\nrelated: [gone, lock]\n---\n\n[a](gone.md)\n\n<EntityLink id='old/mill' />\n\n[[x]] <EntityLink id={name}>y</EntityLink>\n"
    corpus = corpus_with(tmp_path, page, {"a/x.md": "", "b/x.md": ""})
    found = {item.rule: (item.path, item.line) for item in corpus.findings if item.rule != "W301" and item.rule != "W302"}
    assert found == {
        "W204": ("here.mdx", 2),
        "W201": ("here.mdx", 5),
        "W206": ("here.mdx", 7),
        "W203": ("here.mdx", 9),
        "N205": ("here.mdx", 9),
    }
    assert [(link.raw, link.target) for link in corpus.links] == [("gone.md", None), ("x", None), ("old/mill", "mill")]


def test_anchors_are_checked(tmp_path: Path) -> None:
    page = (
        "# Here\n\n<Anchor id='own' />\n\n"
        "[a](mill.md#deep-water) [b](mill.md#shallow) [c](#here) [d](#there) [[mill#Deep Water]] [[mill#Mill#Deep water]]\n"
        "[[mill#^flow]] [[mill#Deep water#^flow]] [[mill#^block]] [e](#own) [f](mill.md#DEEP-WATER) [g](/files/a.pdf#page=2) [h](#)\n"
    )
    assert [(line, message.split()[0]) for _, line, message in found_of(corpus_with(tmp_path, page), "W202")] == [
        (5, "#shallow"),
        (5, "#there"),
        (6, "#"),
        (6, "#DEEP-WATER"),
        (6, "#^block"),
    ]


def test_relations_of_front_matter(tmp_path: Path) -> None:
    page = (
        "---\nrelated: mill, [[Weir|the weir]]\nseeAlso:\n  - lock\n  - id: ferry\n    relationship: Mitigated_By\n  - [mill]\n"
        "relations: {funds: [mill], causes: weir, group: [lock], note: prose}\nparent: ferry\n"
        "founded: [mill]\nfounder: a person\ncolour: mill\n"
        "moors: [weir, lock]\nrelatedLink: https://example.org\n---\n"
    )
    corpus = corpus_with(tmp_path, page)
    assert sorted(relations_of(corpus)) == [
        ("causes", "weir", "relations"),
        ("child-of", "ferry", "parent"),
        ("founded", "mill", "founded"),
        ("funds", "mill", "relations"),
        ("mitigated-by", "ferry", "seeAlso"),
        ("related", "lock", "relations"),
        ("related", "lock", "seeAlso"),
        ("related", "mill", "related"),
        ("related", "mill", "seeAlso"),
        ("related", "weir", "related"),
    ]
    assert corpus.findings == ()


def test_fields_of_ids_are_relations_of_their_own_name(tmp_path: Path) -> None:
    more = {"old-mill.md": "# Old mill", "sub/weir-two.md": "# Weir"}
    page = "---\nfedBy: [old-mill, mill]\nguards: weir-two\nkind: mill\nmixed: [old-mill, nothing]\ntags: [old-mill]\nid: here\n---\n"
    assert sorted(relations_of(corpus_with(tmp_path, page, more))) == [
        ("fed-by", "mill", "fedBy"),
        ("fed-by", "old-mill", "fedBy"),
        ("guards", "weir-two", "guards"),
    ]


def test_items_of_lists_are_not_split_at_commas(tmp_path: Path) -> None:
    corpus = corpus_with(tmp_path, "---\nrelated: ['Ely, the town']\n---\n", {"ely.md": "# Ely, the town\n"})
    assert relations_of(corpus) == [("related", "ely", "related")]


def test_sections_of_related_pages_state_relations(tmp_path: Path) -> None:
    page = (
        "[a](mill.md)\n\n## See Also\n\n- [b](weir.md)\n- <EntityLink id='lock' />\n- [c](gone.md) [d](#x)\n\n### Deeper\n\n[e](ferry.md)\n"
    )
    assert relations_of(corpus_with(tmp_path, page)) == [("related", "lock", "See Also"), ("related", "weir", "See Also")]


def test_relations_of_catalog_rows(tmp_path: Path) -> None:
    rows = (
        "- id: mill\n  title: Mill\n  path: /here/\n  relatedEntries:\n    - {id: weir, type: place, relationship: powered-by}\n"
        "    - id: gone\n    - weir\n    - {relationship: x}\n    - 7\n  sources:\n"
        "    - {title: Old survey, url: 'https://example.org/s', author: Ann}\n    - text\n"
        "- {id: weir, title: Weir, sources: 5, related: true}\n"
        "- {id: lock, title: Lock, sources: text, related: {id: mill, relationship: feeds}}\n"
    )
    corpus = corpus_with(tmp_path, "Text.", {"data/rows.yaml": rows})
    stated = [(item.name, item.raw, item.target, item.line) for item in corpus.relations if item.key == "relatedEntries"]
    assert sorted(stated, key=str) == [
        ("powered-by", "weir", "weir", 5),
        ("related", "7", None, 4),
        ("related", "gone", None, 6),
        ("related", "weir", "weir", 4),
    ]
    assert relations_of(corpus, "lock") == [("feeds", "mill", "related")]
    assert relations_of(corpus) == [("about", "mill", "path")]
    assert [line for _, line, _ in found_of(corpus, "W204")] == [4, 6]
    assert [(item.source, item.work) for item in corpus.citations] == [("mill", "https://example.org/s")]


def test_fields_of_related_things_by_other_names(tmp_path: Path) -> None:
    rows = (
        "- id: mill\n  title: Mill\n  linked_items:\n    - {id: weir, relationship: powered-by}\n    - lock\n"
        "  connectedPages: [ferry]\n  linkedIn: ann-miller\n"
    )
    corpus = corpus_with(tmp_path, "Text.", {"data/rows.yaml": rows})
    assert relations_of(corpus, "mill") == [
        ("related", "ferry", "connectedPages"),
        ("related", "lock", "linked_items"),
        ("powered-by", "weir", "linked_items"),
    ]
    assert found_of(corpus, "W204") == []


def test_relation_names_of_the_configuration(tmp_path: Path) -> None:
    config = Config(pages=Pages(root=""), relations={"mentors": RelationChange(inverse="mentored-by")})
    corpus = corpus_with(tmp_path, "---\nmentors: [mill]\nother: [weir]\n---\n", config=config)
    assert relations_of(corpus) == [("mentors", "mill", "mentors")]


def test_components_about_an_entity_state_a_relation(tmp_path: Path) -> None:
    page = "<InfoBox entityId='mill' />\n\n<InfoBox entityId='here' />\n\n<InfoBox entityId='gone' />\n"
    assert relations_of(corpus_with(tmp_path, page)) == [("about", "mill", "<InfoBox>")]


def test_a_link_without_text_reads_as_the_title(tmp_path: Path) -> None:
    link = link_of(tmp_path, "First. We pass <EntityLink id='mill' /> at noon. Last.\n")
    assert (link.text, link.sentence) == ("Mill", "We pass Mill at noon.")


def test_links_to_the_page_itself_are_no_internal_links(tmp_path: Path) -> None:
    corpus = corpus_with(tmp_path, "[self](here.mdx) [[here]] [mill](mill.md)\n")
    assert corpus.pages["here.mdx"].internal_links == 1


def test_a_paragraph_of_very_many_links(tmp_path: Path) -> None:
    corpus = corpus_with(tmp_path, " ".join(["[mill](mill.md) turns <EntityLink id='weir' />"] * 3000))
    assert len(corpus.links) == 6000
    assert all(len(link.sentence) <= 402 for link in corpus.links)


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        ("relations:\n  glorbs: [mill]\n  weird rel: [weir]\n  mentors: lock\n  organizations: [ferry]\n  note: some words",
         [("glorbs", "mill"), ("mentors", "lock"), ("related", "ferry"), ("weird-rel", "weir")]),
        ("relations:\n- {type: frobnicates, id: mill}\n- {relation: eats, to: weir}\n- {type: policy, id: lock}\n- teaches: ferry",
         [("eats", "weir"), ("frobnicates", "mill"), ("related", "lock"), ("teaches", "ferry")]),
        ("related:\n  glorbs: [mill]\n  causes: [weir]\n  mentors: lock", [("causes", "weir"), ("related", "mill")]),
    ],
)  # fmt: skip
def test_a_field_called_relations_names_those_that_nobody_knows(tmp_path: Path, front: str, expected: list[tuple[str, str]]) -> None:
    corpus = corpus_with(tmp_path, f"---\ntitle: Here\n{front}\n---\n")
    assert sorted((name, target) for name, target, _ in relations_of(corpus)) == expected
    assert not corpus.findings
