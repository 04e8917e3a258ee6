"""Files that only send the reader on."""

from __future__ import annotations

from pathlib import Path

from tests.ingest.wiki import corpus_of, found_of


def stub(target: str) -> str:
    return f"<html><head><title>Redirecting</title><meta http-equiv='refresh' content='0; url={target}'></head><body></body></html>"


def page(name: str, *links: str) -> str:
    anchors = " ".join(f"<a href='{link}'>see {link}</a>" for link in links)
    return f"<html><head><title>{name}</title></head><body><main><h1>{name}</h1><p>On {name.lower()}s. {anchors}</p></main></body></html>"


def test_a_link_to_a_stub_leads_to_the_page_at_the_end_of_its_chain(tmp_path: Path) -> None:
    corpus = corpus_of(
        tmp_path,
        {
            "lamp.html": page("Lamp", "old/rope.html", "/older.html"),
            "new/rope.html": page("Rope"),
            "old/rope.html": stub("../new/rope.html"),
            "older.html": stub("/old/rope.html"),
        },
    )
    assert {entity.title for entity in corpus.entities.values()} == {"Lamp", "Rope"}
    assert set(corpus.pages) == {"lamp.html", "new/rope.html"}
    rope = corpus.pages["new/rope.html"].entity
    assert [(link.raw, link.target) for link in corpus.links] == [("old/rope.html", rope), ("/older.html", rope)]
    assert [(item.rule, item.path, item.message.partition(" leads")[0]) for item in corpus.findings] == [
        ("W210", "lamp.html", "link to '/older.html'"), ("W210", "lamp.html", "link to 'old/rope.html'"),
    ]  # fmt: skip
    assert any(note.startswith("2 files only send the reader on") for note in corpus.assumptions)


def test_circles_and_dead_ends_are_told_and_links_to_them_are_dead(tmp_path: Path) -> None:
    corpus = corpus_of(
        tmp_path,
        {
            "lamp.html": page("Lamp", "a.html", "gone.html", "self.html", "out.html"),
            "a.html": stub("b.html"),
            "b.html": stub("a.html"),
            "gone.html": stub("nowhere.html"),
            "self.html": stub("self.html"),
            "out.html": stub("https://example.org/"),
        },
    )
    assert [path for path, _, _ in found_of(corpus, "W208")] == ["a.html", "b.html", "gone.html", "self.html"]
    assert [link.target for link in corpus.links] == [None] * 4
    assert set(corpus.entities) == {"lamp"}


def test_a_site_of_nothing_but_stubs_keeps_them(tmp_path: Path) -> None:
    assert set(corpus_of(tmp_path, {"a.html": stub("b.html"), "b.html": stub("a.html")}).pages) == {"a.html", "b.html"}
