"""Passages round words that were searched for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kgraph.passages import MARK_END, MARK_START, passage_of


def shown(text: str, *words: str) -> str | None:
    found = passage_of(text, text.lower(), words)
    return None if found is None else found.replace(MARK_START, "[").replace(MARK_END, "]")


def test_the_passage_has_most_of_the_words() -> None:
    text = "Racing alone stands here. " + "Much else is told. " * 40 + "Where racing dynamics begin, caution ends. " + "More. " * 80
    found = shown(text, "racing", "dynamic")
    assert found is not None
    assert "[racing] [dynamics]" in found
    assert found.startswith("…")
    assert found.endswith("…")
    assert len(found) < 320


def test_words_are_found_where_words_begin() -> None:
    assert shown("The embrace and the race.", "race") == "The embrace and the [race]."
    assert shown("Only the embrace.", "race") is None
    assert shown("", "race") is None


def test_case_accents_and_scripts_without_spaces() -> None:
    assert shown("In ZÜRICH now", "zurich") == "In [ZÜRICH] now"
    assert shown("İstanbul again", "istanbul") == "[İstanbul] again"
    assert shown("需要治理。", "治") == "需要[治]理。"


@given(st.text(max_size=400), st.lists(st.text(st.characters(categories=["Ll", "Nd"]), min_size=1, max_size=6), min_size=1, max_size=3))
def test_a_passage_is_a_part_of_the_text_with_marks_in_pairs(text: str, words: list[str]) -> None:
    found = shown(text.replace("[", "").replace("]", ""), *words)
    if found is not None:
        assert found.replace("[", "").replace("]", "").strip("…") in text.replace("[", "").replace("]", "")
        assert found.count("[") == found.count("]") >= 1
