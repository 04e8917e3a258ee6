"""What repeats on most HTML pages of a tree."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from kgraph.config import Config
from kgraph.ingest.boilerplate import without_boilerplate
from kgraph.ingest.readers.html import read_html
from kgraph.ingest.stage import ingest
from kgraph.model.document import Document

BIRDS = ("Owl", "Eagle", "Hawk", "Kite", "Wren", "Robin")


def page(bird: str, *, title: str = "{} - Bird book", extra: str = "") -> Document:
    return read_html(
        f"<title>{title.format(bird)}</title><div class=x><p>Join the bird club</p><p><a href=index.html>All birds</a></p></div>"
        f"<h2 id=food>Food</h2><p>The <a href={bird.lower()}-food.html>{bird.lower()}</a> eats. {extra}</p>"
        "<p class=y>Printed by the <a href=press.html>press</a></p>"
    )


def site(count: int = 6, **settings: str) -> dict[str, Document]:
    return {f"{bird.lower()}.html": page(bird, **settings) for bird in BIRDS[:count]}


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks]


def targets(document: Document) -> list[str]:
    return [item.target for item in document.references]


def test_repeated_blocks_and_their_links_go() -> None:
    cleaned = without_boilerplate(site())
    owl = cleaned["owl.html"]
    assert texts(owl) == ["The owl eats."]
    assert targets(owl) == ["owl-food.html"]
    assert [heading.text for heading in owl.headings] == ["Food"]
    (block,) = owl.blocks
    assert owl.headings[block.section].anchor == "food"
    (reference,) = owl.references
    assert owl.blocks[reference.block].text[reference.start : reference.end] == "owl"


def test_counts_and_terms_are_those_of_what_is_left() -> None:
    owl = without_boilerplate(site())["owl.html"]
    assert owl.terms == {"the": 1, "owl": 1, "eats": 1}
    assert owl.counts.words == 3


@pytest.mark.parametrize("count", [1, 4])
def test_a_few_pages_tell_nothing(count: int) -> None:
    pages = site(count)
    assert without_boilerplate(pages) == pages


def test_what_stands_on_half_of_the_pages_stays() -> None:
    pages = site()
    for bird in BIRDS[:3]:
        pages[f"{bird.lower()}.html"] = page(bird, extra="")
    shared = {path: read_html(f"<p>{path}</p>" + ("<p>Shared by half</p>" if place < 3 else "")) for place, path in enumerate(pages)}
    assert texts(without_boilerplate(shared)["owl.html"]) == ["owl.html", "Shared by half"]
    shared["wren.html"] = read_html("<p>wren.html</p><p>Shared by half</p>")
    assert texts(without_boilerplate(shared)["owl.html"]) == ["owl.html"]


def test_links_of_a_template_go_from_blocks_that_differ() -> None:
    pages = {
        f"birds/{bird}/index.html": read_html(f"<main><p><a href='../../index.html'>Start</a> › {bird}</p><p>{bird} flies.</p></main>")
        for bird in BIRDS
    }
    pages["birds/index.html"] = read_html("<main><p><a href='../index.html'>Start</a> › birds</p></main>")
    cleaned = without_boilerplate(pages)
    assert all(document.references == () for document in cleaned.values())
    assert texts(cleaned["birds/Owl/index.html"]) == ["Start › Owl", "Owl flies."]


def test_a_link_that_authors_write_often_stays() -> None:
    pages = {
        f"{bird}.html": read_html(f"<p>{bird}: " + "see <a href=words.html>words</a> " * (place + 1) + "</p>")
        for place, bird in enumerate(BIRDS)
    }
    assert without_boilerplate(pages) == pages


def test_menus_of_a_folder_go_and_what_its_pages_say_alike_stays() -> None:
    menu = "<ul><li><a href=owl.html>Owl</a><li><a href=eagle.html>Eagle</a></ul>"
    pages = {
        f"birds/{bird}.html": read_html(
            f"<main>{menu}<p>{bird} hunts <a href=mouse.html>mice</a> by night.</p><p>Found in woods</p></main>"
        )
        for bird in BIRDS
    }
    pages |= {f"{number}/x.html": read_html(f"<main><p>Page {number}</p></main>") for number in range(20)}
    cleaned = without_boilerplate(pages)
    assert texts(cleaned["birds/Owl.html"]) == ["Owl hunts mice by night.", "Found in woods"]
    assert targets(cleaned["birds/Owl.html"]) == ["mouse.html"]


def test_other_pages_neither_count_nor_change() -> None:
    pages = site()
    note = msgspec.structs.replace(page("Owl"))
    cleaned = without_boilerplate({"note.md": note, **pages})
    assert cleaned["note.md"] is note
    assert list(cleaned) == ["note.md", *pages]


def test_it_changes_nothing_a_second_time() -> None:
    once = without_boilerplate(site())
    assert without_boilerplate(once) == once


@pytest.mark.parametrize(
    "title",
    ["{} - Bird book", "{} | Bird book", "{} — Bird book 1.2 documentation", "Bird book: {}", "Bird book » {}", "{} :: Book :: Press"],
)
def test_the_name_of_the_site_leaves_the_titles(title: str) -> None:
    cleaned = without_boilerplate(site(title=title))
    assert [document.title for document in cleaned.values()] == list(BIRDS)


def test_the_name_of_the_site_may_stand_in_brackets() -> None:
    pages = {f"{name}.html": page(name, title=f"{name} (Owl Manual 3.2)") for name in ("Beak", "Wing", "Claw (left)", "Eye", "Ear")}
    assert [item.title for item in without_boilerplate(pages).values()] == ["Beak", "Wing", "Claw (left)", "Eye", "Ear"]
    talks = {f"{year}.html": page("Talk", title=f"Talk ({year})") for year in range(2001, 2007)}
    assert [item.title for item in without_boilerplate(talks).values()] == [item.title for item in talks.values()]


def test_a_title_that_is_only_the_name_of_the_site_stays_itself() -> None:
    pages = site()
    pages["index.html"] = read_html("<title>Bird book</title><p>Welcome")
    assert without_boilerplate(pages)["index.html"].title == "Bird book"


def test_where_all_pages_have_one_title_the_first_heading_is_theirs() -> None:
    pages = {f"{bird}.html": read_html(f"<title>Bird book</title><main><h2>{bird}</h2><p>{bird} flies.</p></main>") for bird in BIRDS}
    assert [document.title for document in without_boilerplate(pages).values()] == list(BIRDS)


def test_a_hyphen_within_words_is_no_separator() -> None:
    pages = {f"{bird}.html": read_html(f"<title>{bird}-like</title><p>{bird}") for bird in BIRDS}
    assert [document.title for document in without_boilerplate(pages).values()] == [f"{bird}-like" for bird in BIRDS]


def test_a_tree_of_html_is_ingested_without_its_template(tmp_path: Path) -> None:
    for bird in BIRDS:
        other = BIRDS[(BIRDS.index(bird) + 1) % len(BIRDS)]
        folder = tmp_path / "birds" / f"{bird.lower()} %"
        folder.mkdir(parents=True)
        (folder / "index.html").write_text(
            f"<html><head><title>{bird} - Bird book</title></head><body><div><p><a href='../../index.html'>Start</a></p></div>"
            f"<h2>{bird}</h2><p>The {bird.lower()} fears the <a href='../{other.lower()}%20%25/index.html#{other}'>other</a>.</p>"
            f"<h2>See also</h2><p><a href='../{other.lower()}%20%25/'>{other}</a></p></body></html>",
            encoding="utf-8",
        )
    (tmp_path / "index.html").write_text("<title>Bird book</title><h2>Birds</h2><p><a href='birds/owl%20%25/'>Owl</a>", encoding="utf-8")
    corpus, _, _ = ingest(tmp_path, Config())
    assert {entity.title for entity in corpus.entities.values()} == {*BIRDS, "Bird book"}
    start = next(entity.id for entity in corpus.entities.values() if entity.path == "index.html")
    assert not [link for link in corpus.links if link.target == start or link.target is None]
    assert len(corpus.links) == 13
    assert {relation.name for relation in corpus.relations} == {"related"}
    assert len(corpus.relations) == 6


def test_links_to_the_address_of_the_site_are_its_own(tmp_path: Path) -> None:
    for bird, other in (("owl", "wren"), ("wren", "owl")):
        (tmp_path / f"{bird}.html").write_text(
            f"<title>{bird}</title><link rel=canonical href='https://birds.example/book/{bird}.html'><main><p>Not a "
            f"<a href='https://birds.example/book/{other}.html#x'>{other}</a> nor a <a href='https://e.example/{bird}'>bat</a>.</p></main>"
        )
    corpus, _, _ = ingest(tmp_path, Config())
    assert sorted((link.source, link.target) for link in corpus.links) == [("owl", "wren"), ("wren", "owl")]
    assert [address for found in corpus.external.values() for address, _ in found] == ["https://e.example/owl", "https://e.example/wren"]


def test_pages_of_html_are_served_at_their_file_names(tmp_path: Path) -> None:
    for path in ("index.html", "owl.html", "birds/index.htm", "birds/wren.xhtml"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text("<p><a href=/birds/wren.xhtml>wren</a>")
    corpus, _, _ = ingest(tmp_path, Config())
    assert sorted(str(entity.href) for entity in corpus.entities.values()) == ["/", "/birds/", "/birds/wren.xhtml", "/owl.html"]
    assert {link.target for link in corpus.links} == {"wren"}


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("overrides/main.html", "<p>An owl</p>{% block x %}{% endblock %}"),
        ("docs/_includes/nav.html", "<a href='{{ site.url }}'>Start</a>"),
        ("x.html", "---\ntitle: x\n---\n<p>{{ content }}"),
        ("x.html", "{% extends 'base.html' %}"),
        ("x.html", "<?php echo 1 ?>"),
    ],
)
def test_templates_of_a_generator_are_no_pages(tmp_path: Path, path: str, source: str) -> None:
    (tmp_path / "owl.md").write_text("# Owl")
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/page.html").write_text("<p>A page on templates")
    (tmp_path / path).parent.mkdir(exist_ok=True, parents=True)
    (tmp_path / path).write_text(source)
    corpus, _, _ = ingest(tmp_path, Config())
    assert set(corpus.pages) == {"owl.md", "templates/page.html"}
