"""Boxes and tabs of Python-Markdown: what is indented in them is prose, not code."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgraph.ingest.readers.admonitions import set_flush
from kgraph.ingest.readers.markdown import read_markdown
from kgraph.model.document import Document


def links(document: Document) -> list[tuple[str, int]]:
    return [(item.target, item.line) for item in document.references]


@pytest.mark.parametrize(
    "opener",
    ['!!! note "On tides"', "!!! note", '!!! ""', "!!! warning inline end", '??? tip "More"', "???+ tip", '=== "By sea"', '===! "By sea"'],
)
def test_links_in_boxes_are_links(opener: str) -> None:
    document = read_markdown(f"Before.\n\n{opener}\n\n    See [the tide](tide.md).\n\n    And [the moon](moon.md).\n\nAfter.\n")
    assert links(document) == [("tide.md", 5), ("moon.md", 7)]
    assert document.counts.code_blocks == 0
    assert [block.text for block in document.blocks][-1] == "After."


def test_the_title_of_a_box_is_a_sentence_of_its_own() -> None:
    document = read_markdown('!!! note "On tides"\n    They turn.\n')
    assert [block.text for block in document.blocks] == ["On tides. They turn."]


def test_boxes_in_boxes_and_in_lists() -> None:
    document = read_markdown(
        '=== "Sea"\n\n    Out.\n\n    !!! note\n        Deep [sea](sea.md).\n\n    Still [out](out.md).\n\n'
        "- Land\n\n    !!! tip\n        Dry [land](land.md).\n\nEnd [here](end.md).\n"
    )
    assert [target for target, _ in links(document)] == ["sea.md", "out.md", "land.md", "end.md"]
    assert document.counts.code_blocks == 0


def test_code_in_a_box_stays_code_and_code_that_shows_a_box_too() -> None:
    shown = "````md\n!!! note\n    ```\n    [a](a.md)\n    ```\n````\n\n[b](b.md)\n"
    assert links(read_markdown(shown)) == [("b.md", 8)]
    boxed = "!!! note\n    ```\n    [a](a.md)\n    ```\n    [b](b.md)\n"
    assert links(read_markdown(boxed)) == [("b.md", 5)]


@pytest.mark.parametrize(
    "text", ["    code\n", "!!! what a day\n    code\n".replace("what a day", "what, a day?"), "=== heading\n\n    code\n"]
)
def test_what_is_no_box_stays(text: str) -> None:
    assert set_flush(text) == text


@given(
    st.lists(st.sampled_from(["!!! note", '=== "x"', "    ", "\n", "\t", "```", "text", "- ", "> ", '"', "???"]), max_size=60).map("".join)
)
def test_lines_are_kept(text: str) -> None:
    assert set_flush(text).count("\n") == text.count("\n")


def test_many_boxes_take_no_long_time() -> None:
    begun = time.process_time()
    set_flush("".join(f"{'    ' * (depth % 300)}!!! note\n" for depth in range(20_000)))
    set_flush("!!! " + "a " * 100_000 + "!\n")
    assert time.process_time() - begun < 5
