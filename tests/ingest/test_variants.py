"""Translations and versions: told by their paths, and never in one another's related lists."""

from __future__ import annotations

from pathlib import Path

import pytest

import kgraph
from kgraph.ingest.layouts import Layout
from kgraph.ingest.variants import find_variants
from tests.ingest.wiki import corpus_of, write_wiki

WORDS = ["lamp", "rope", "oar", "mast", "keel", "deck"]


def told(paths: list[str]) -> dict[str, tuple[str, str, str]]:
    found = find_variants(paths, Layout())
    return {path: (variant.language, variant.version, variant.main) for path, variant in found.items()}


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["en/lamp.md", "de/lamp.md"], {"en/lamp.md": ("en", "", "en/lamp.md"), "de/lamp.md": ("de", "", "en/lamp.md")}),
        (["a/lamp.md", "a/pt-BR/lamp.md"], {"a/lamp.md": ("", "", "a/lamp.md"), "a/pt-BR/lamp.md": ("pt-BR", "", "a/lamp.md")}),
        (["lamp.md", "lamp.fr.md"], {"lamp.md": ("", "", "lamp.md"), "lamp.fr.md": ("fr", "", "lamp.md")}),
        (["lamp.en.md", "lamp.fr.md"], {"lamp.en.md": ("en", "", "lamp.en.md"), "lamp.fr.md": ("fr", "", "lamp.en.md")}),
        (["v1.2/oar.md", "v1.10/oar.md"], {"v1.2/oar.md": ("", "v1.2", "v1.10/oar.md"), "v1.10/oar.md": ("", "v1.10", "v1.10/oar.md")}),
        (["next/lamp.md", "2.0/lamp.md"], {"next/lamp.md": ("", "next", "2.0/lamp.md"), "2.0/lamp.md": ("", "2.0", "2.0/lamp.md")}),
        (
            ["en/v1/a.md", "en/v2/a.md", "de/v2/a.md"],
            {"en/v1/a.md": ("en", "v1", "en/v2/a.md"), "en/v2/a.md": ("en", "v2", "en/v2/a.md"), "de/v2/a.md": ("de", "v2", "en/v2/a.md")},
        ),
        (["to/lamp.md", "it/rope.md"], {}),
        (["en/index.md", "de/index.md"], {}),
        (["2023/notes.md", "2024/notes.md"], {}),
        (["a/lamp.md", "b/lamp.md"], {}),
        (["notes/is.md", "notes/is/lamp.md", "notes/lamp-2.md"], {}),
        ([], {}),
    ],
)  # fmt: skip
def test_editions_are_told_by_pages_of_the_same_names(paths: list[str], expected: dict[str, tuple[str, str, str]]) -> None:
    assert told(paths) == expected


def site() -> dict[str, str | bytes]:
    pages: dict[str, str | bytes] = {}
    for place, word in enumerate(WORDS):
        after = WORDS[(place + 1) % len(WORDS)]
        pages[f"docs/en/{word}.md"] = (
            f"# The {word}\n\nThe {word} belongs to the boat, as the [{after}]({after}.md) does. Every boat has a {word}.\n"
        )
        pages[f"docs/de/{word}.md"] = f"# The {word}\n\nDer {word} ist am Boot wie [{after}]({after}.md). Jedes Boot hat {word}.\n"
    pages["docs/en/only.md"] = "# Only here\n\nThe lamp and the rope and the oar.\n"
    return pages


def test_entities_of_translations(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path, site())
    lamp, lampe = corpus.entities["lamp"], corpus.entities["de/lamp"]
    assert (lamp.language, lamp.variant_of) == ("en", None)
    assert (lampe.language, lampe.variant_of) == ("de", "lamp")
    assert corpus.entities["only"].variant_of is None
    assert not [item for item in corpus.findings if item.rule in ("W301", "W302", "W203")]
    assert {(link.source, link.target) for link in corpus.links if link.source == "de/lamp"} == {("de/lamp", "de/rope")}
    assert {mention.target for mention in corpus.mentions if mention.source == "only"} <= set(WORDS)


def test_no_list_holds_a_translation_of_its_page_or_of_another_item(tmp_path: Path) -> None:
    kg = kgraph.build(write_wiki(tmp_path / "site", site()), tmp_path / "workspace")
    for entity_id, entity in kg.head.entities.items():
        found = [candidate for candidate, _ in kg.scores.candidates(entity_id)]
        works = [kg.head.entities[one].variant_of or one for one in found]
        assert (entity.variant_of or entity.id) not in works
        assert len(set(works)) == len(works)
        if entity.language == "de":
            assert {one for one in found if kg.head.entities[one].language != "de"} <= {"only"}
        else:
            assert {kg.head.entities[one].language for one in found} == {"en"}
