"""Where the pages of a site without settings are served, as their links tell."""

from __future__ import annotations

from pathlib import Path

from kgraph.model.corpus import Corpus
from tests.ingest.wiki import corpus_of

NAMES = ["oar", "rope", "mast", "keel", "deck", "lamp"]


def site(link: str, name: str = "{}") -> dict[str, str | bytes]:
    """Pages in a ring, each of which links to the next one."""
    found: dict[str, str | bytes] = {}
    for place, one in enumerate(NAMES):
        after = NAMES[(place + 1) % len(NAMES)]
        found[name.format(one, number=place + 1)] = f"# The {one}\n\n[next]({link.format(after)}) and [far](/elsewhere/{one}-shop/)\n"
    return found


def led(corpus: Corpus) -> set[str]:
    return {link.target for link in corpus.links if link.target}


def told(corpus: Corpus) -> list[str]:
    return [note for note in corpus.assumptions if "served" in note]


def test_a_base_and_numbers_are_told_by_links(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path, site("/docs/gear/{}#x", "01-gear/{number:02}-{}.md"))
    assert led(corpus) == set(NAMES) == set(corpus.entities)
    assert corpus.entities["rope"].href == "/docs/gear/rope/"
    assert told(corpus) == ["pages are served under /docs/gear, without the numbers that order their files: 6 of 12 addresses linked"]


def test_numbers_alone(tmp_path: Path) -> None:
    files = site("/gear/{}/", "01-gear/{number:02}-{}.md")
    files["02-more.md"] = "---\ntitle: More\nrelated: [gear/rope]\n---\n"
    corpus = corpus_of(tmp_path, files)
    assert led(corpus) == set(NAMES)
    assert [(item.source, item.target) for item in corpus.relations] == [("more", "rope")]
    assert corpus.entities["oar"].href == "/gear/oar/"


def test_a_base_alone(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path, site("/en/docs/gear/{}", "gear/{}.mdx"))
    assert (led(corpus), corpus.entities["oar"].href) == (set(NAMES), "/en/docs/gear/oar/")


def test_addresses_that_hold_change_nothing(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path, {**site("/gear/{}/", "gear/{}.md"), "01-intro.md": "# Intro\n\n[oar](/docs/gear/oar)\n"})
    assert (led(corpus), told(corpus)) == (set(NAMES), [])
    assert corpus.entities["01-intro"].href == "/01-intro/"


def test_few_or_foreign_addresses_tell_nothing(tmp_path: Path) -> None:
    assert told(corpus_of(tmp_path / "a", {"a.md": "# Ay\n\n[b](/docs/b) [c](/docs/c)\n", "b.md": "# Bee\n", "c.md": "# Cee\n"})) == []
    assert told(corpus_of(tmp_path / "b", site("/shop/{}-gear", "{}.md"))) == []


def test_a_known_builder_is_believed(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path, {"mkdocs.yml": "site_name: X\n", **site("/docs/gear/{}", "docs/gear/{}.md")})
    assert (led(corpus), told(corpus)) == (set(), [])
