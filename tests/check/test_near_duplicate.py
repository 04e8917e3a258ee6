"""Near duplicates against all pairs compared one by one, and how long they take."""

from __future__ import annotations

import random

from kgraph.check.near_duplicate import similar_pairs


def shingles(words: list[str]) -> set[tuple[str, ...]]:
    return {tuple(words[place : place + 5]) for place in range(len(words) - 4)}


def like(one: list[str], other: list[str]) -> bool:
    first, second = shingles(one), shingles(other)
    return 5 * len(first & second) >= 4 * len(first | second)


def made_texts(count: int, length: int, seed: int) -> dict[str, list[str]]:
    """Texts of which many are copies of earlier ones with some words changed."""
    dice = random.Random(seed)
    texts: list[list[str]] = []
    for _ in range(count):
        if texts and dice.random() < 0.6:
            words = list(dice.choice(texts))
            for _ in range(dice.randrange(0, 6)):
                words[dice.randrange(len(words))] = f"w{dice.randrange(50)}"
        else:
            words = [f"w{dice.randrange(50)}" for _ in range(dice.randrange(length // 2, length))]
        texts.append(words)
    return {f"t{number:03}": words for number, words in enumerate(texts)}


def test_the_same_as_all_pairs_one_by_one() -> None:
    for seed in range(6):
        texts = made_texts(40, 160, seed)
        names = sorted(texts)
        expected = {name for place, name in enumerate(names) if any(like(texts[other], texts[name]) for other in names[:place])}
        found = similar_pairs(texts)
        assert {name for name, _, _ in found} == expected
        assert all(other < name and like(texts[name], texts[other]) for name, other, _ in found)
        assert all(same == (shingles(texts[name]) == shingles(texts[other])) for name, other, same in found if same)


def test_exactly_four_fifths_counts() -> None:
    words = [f"w{number}" for number in range(13)]
    longer = [*words, "x", "y"]
    assert len(shingles(words)) == 9
    assert [pair[0] for pair in similar_pairs({"a": words, "b": longer})] == ["b"]
    assert similar_pairs({"a": words, "b": [*longer, "z"]}) == []


def test_texts_without_shingles() -> None:
    assert similar_pairs({}) == []
    assert similar_pairs({"a": ["one", "two"], "b": ["one", "two"]}) == []
