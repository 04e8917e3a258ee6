"""The named queries answer what they say: on the sample wiki beside the same counted in Python, on a small one by hand."""

from __future__ import annotations

import contextlib
import os
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import kgraph
from tests.ingest.wiki import write_wiki

SMALL = {
    "dam.md": (
        "---\ntitle: Dam\ntype: approach\ntags: [water, Stone]\nlastEdited: 2024-03-02\nexpectedMetrics: {tables: 2, words: 5}\n"
        "relatedEntries:\n  - {id: flood, relationship: mitigates}\n  - {id: lake, relationship: part-of}\n---\n"
        'The dam holds the [river](river.md) <R id="dams"/>.\n'
    ),
    "flood.md": (
        "---\ntitle: Flood\ntype: risk\nlastEdited: 2023-01-01\nrelatedEntries:\n  - {id: dam, relationship: caused-by}\n---\n"
        + "Water rises over the banks. " * 80
    ),
    "lake.md": (
        "---\ntitle: Lake\ntype: concept\ntags: [water]\nrelatedEntries:\n  - {id: dam, relationship: part-of}\n---\n"
        'A lake, says a work <R id="dams"/>. The Ferry Office minds it.\n'
    ),
    "river.md": "---\ntitle: River\ntype: concept\n---\nA [lake](lake.md), the [flood](flood.md) and a [bridge](bridge.md).\n",
    "bridge.md": "---\ntitle: Bridge\ntype: concept\n---\nFrom the [lake](lake.md).\n",
    "kgraph.toml": '[catalogs]\nentities = ["data/entities.yaml"]\n',
    "offices/ferry-office.md": "---\ntitle: Ferry Office\n---\nThe Ferry Office is a nonprofit organization that runs ferries.\n",
    "data/resources.yaml": "- {id: dams, title: On dams, url: 'https://example.org/dams', type: paper}\n",
    "data/entities.yaml": "- {id: weir, title: Weir, type: approach, relatedEntries: [{id: flood, relationship: mitigates}]}\n",
}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> kgraph.KnowledgeGraph:
    folder = tmp_path_factory.mktemp("queries")
    write_wiki(folder / "wiki", SMALL)
    return kgraph.build(folder / "wiki", folder / "workspace")


def rows(kg: kgraph.KnowledgeGraph, name: str, *columns: str, **parameters: Any) -> list[tuple[object, ...]]:
    found = kg.query(name, timeout=None, **parameters)
    return [tuple(row) for row in found[list(columns)].itertuples(index=False)]


SMALL_ANSWERS: list[tuple[str, dict[str, str], tuple[str, ...], list[tuple[object, ...]]]] = [
    ("contradictory-relations", {}, ("first", "relation", "against", "second"),
     [("dam", "causes", "mitigates", "flood"), ("dam", "part of", "part of", "lake")]),
    ("short-of-expected", {}, ("entity", "metric", "expected", "found"), [("dam", "expectedMetrics.tables", 2, 0)]),
    ("same-sources", {"entity": "dam"}, ("other", "works"), [("lake", 1)]),
    ("cited-sources", {}, ("title", "pages"), [("On dams", 2)]),
    ("tagged", {"tag": "WATER"}, ("entity", "type"), [("dam", "Approach"), ("lake", "Concept")]),
    ("tags", {}, ("label", "entities"), [("water", 2), ("stone", 1)]),
    ("dead-ends", {}, ("entity",), [("flood",), ("ferry-office",), ("lake",)]),
    ("inferred-types", {}, ("entity", "type", "origin"), [("ferry-office", "Organization", "inferred")]),
    ("changed-since", {"since": "2024-01-01"}, ("entity", "modified"), [("dam", "2024-03-02")]),
    ("changed-since", {}, ("entity",), [("dam",), ("flood",)]),
    ("uncited-pages", {}, ("entity", "words"), [("flood", 400)]),
    ("uncited-pages", {"least": "401"}, ("entity",), []),
    ("paths", {"from": "weir", "to": "bridge"}, ("steps", "first", "second"), [(3, "flood", "river")]),
    ("paths", {"from": "weir", "to": "lake"}, ("steps", "first", "second"), [(3, "flood", "dam"), (3, "flood", "river")]),
    ("paths", {"from": "weir", "to": "dam"}, ("steps", "first", "second"), [(2, "flood", None), (3, "flood", "river")]),
    ("works-on", {"entity": "lake"}, ("who", "how"), [("ferry-office", "mention")]),
    ("works-on", {"entity": "flood", "type": "approach"}, ("who", "how", "label"),
     [("dam", "relation", "caused by"), ("weir", "relation", "mitigates")]),
    ("what-policies-address", {"type": "approach"}, ("policy", "relation", "addressed"),
     [("dam", "mitigates", "flood"), ("weir", "mitigates", "flood")]),
    ("shared", {"first": "dam", "second": "river"}, ("shared",), [("lake",)]),
    ("shared", {"first": "dam", "second": "weir", "type": "risk"}, ("shared",), [("flood",)]),
    ("thin-pages", {}, ("entity", "type"), [("bridge", "Concept")]),
    ("links-between-types", {}, ("source", "target", "links"),
     [("Concept", "Concept", 3), ("Approach", "Concept", 1), ("Concept", "Risk", 1)]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "parameters", "columns", "expected"), SMALL_ANSWERS)
def test_answers_on_a_small_wiki(
    name: str, parameters: dict[str, str], columns: tuple[str, ...], expected: list[tuple[object, ...]], small: kgraph.KnowledgeGraph
) -> None:
    assert [tuple(None if value is pd.NA else value for value in row) for row in rows(small, name, *columns, **parameters)] == expected


def test_wanted_pages(sample: kgraph.KnowledgeGraph) -> None:
    linked, named = Counter[str](), Counter[str]()
    for link in {(link.source, link.target) for link in sample.statements.links if link.target}:
        linked[str(link[1])] += 1
    for mention in sample.statements.mentions:
        named[mention.target] += 1
    stubs = [entity.id for entity in sample.head.entities.values() if entity.stub and (linked[entity.id] or named[entity.id])]
    assert set(rows(sample, "wanted-pages", "entity", "links", "mentions")) == {(name, linked[name], named[name]) for name in stubs}


def test_communities_are_those_of_the_measures(sample: kgraph.KnowledgeGraph) -> None:
    members: dict[int, list[str]] = defaultdict(list)
    for name, measures in sample.rankings.measures.items():
        members[measures.community].append(name)
    found = rows(sample, "communities", "community", "entities", "hub")
    assert {(number, count) for number, count, _ in found} == {(number, len(names)) for number, names in members.items() if len(names) > 1}
    for number, _, hub in found:
        ranks = {name: sample.rankings.measures[name].pagerank for name in members[int(str(number))]}
        assert ranks[str(hub)] == max(ranks.values())
    own = sample.rankings.measures["eu-ai-act"].community
    assert {name for (name,) in rows(sample, "members-of-community", "member", entity="eu-ai-act")} == set(members[own]) - {"eu-ai-act"}


def test_related_and_unlinked_pairs_stand_in_both_lists(sample: kgraph.KnowledgeGraph) -> None:
    best = {name: {item.id for item in items if item.rank <= 3} for name, items in sample.rankings.related.items()}
    pages = {page.entity for page in sample.head.pages.values()}
    linked = {(link.source, link.target) for link in sample.statements.links}
    expected = {
        (one, two) for one in pages for two in best[one] & pages if one < two and one in best[two] and not {(one, two), (two, one)} & linked
    }
    assert set(rows(sample, "related-unlinked", "first", "second", rank="3")) == expected
    assert expected


def test_coverage_and_thin_pages_are_counted_right(sample: kgraph.KnowledgeGraph) -> None:
    entities = sample.head.entities.values()
    linked = {link.target for link in sample.statements.links if link.target != link.source}
    expected = {
        sample.types.get_type(kind).label: (
            sum(entity.type == kind for entity in entities),
            sum(entity.type == kind and entity.path is None for entity in entities),
            sum(entity.type == kind and not entity.summary for entity in entities),
            sum(entity.type == kind and entity.id not in linked for entity in entities),
        )
        for kind in {entity.type for entity in entities}
    }
    found = rows(sample, "coverage", "type", "entities", "withoutPage", "withoutSummary", "unlinked")
    assert {str(kind): tuple(numbers) for kind, *numbers in found} == expected
    words: dict[str, dict[str, int]] = defaultdict(dict)
    for page in sample.head.pages.values():
        words[sample.head.entities[page.entity].type][page.entity] = page.counts.words
    thin = {
        name for counts in words.values() if len(counts) > 1
        for name, count in counts.items() if 2 * count < sum(counts.values()) / len(counts)
    }  # fmt: skip
    assert {str(name) for (name,) in rows(sample, "thin-pages", "entity")} == thin


@pytest.mark.parametrize("arguments", [("query", "--list"), ("query", "most-linked")], ids=" ".join)
def test_tables_fit_the_terminal(arguments: tuple[str, ...], sample_workspace: Path) -> None:
    import fcntl
    import pty
    import struct
    import subprocess
    import sys
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 50, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    command = [sys.executable, "-m", "kgraph", *arguments, *(() if "--list" in arguments else ("-w", str(sample_workspace)))]
    with subprocess.Popen(command, stdout=theirs, stderr=subprocess.DEVNULL, env=environment):
        os.close(theirs)
        written = b""
        with contextlib.suppress(OSError):  # how Linux says that the other end is closed
            while piece := os.read(ours, 4096):
                written += piece
    os.close(ours)
    lines = written.decode().splitlines()
    assert len(lines) > 10
    assert max(map(len, lines)) <= 50
