"""HTML pages, read: what is content, where it stands, and what a page says of itself."""

from __future__ import annotations

import time

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgraph.ingest.load import _parse_content
from kgraph.ingest.readers import reader_names
from kgraph.ingest.readers.html import read_html
from kgraph.model.document import Document

PIECES = st.sampled_from(
    [
        "<a href='x.html'>", "<a href=y>", "</a>", "<a name=q>", "<p>", "</p>", "<div>", "</div>", "<div class=navbox>", "<nav>",
        "</nav>", "<ul>", "<li>", "</ul>", "<table>", "<tr>", "<td>", "</table>", "<th>", "<h1>", "</h1>", "<h2 id=a>", "</h2>", "<b>",
        "</b>", "<code>", "</code>", "<pre>", "</pre>", "<script>", "</script>", "<style>", "<title>", "</title>", "<textarea>",
        "<!--", "-->", "<!", "<?", "</", "<", ">", "&amp;", "&#xfdd0;12", "\ufdd0", "\ufdd1", "\x00", "\r", "\n", " ", "\t", "word",
        "é", "😀", "'", '"', "=", "/", "/>", "<br>", "<img alt=i>", "<svg>", "<math>", "<template>", "<select>", "<option>", "<body>",
        "<html>", "<frameset>", "<frame src=f>", "<base href='/b/'>", "<aside>", "<blockquote>", "<dl><dt>", "<dd>", "<form>",
        "<button>", "<main>", "</main>", "<article>", "<span class=t-lines>", "<plaintext>", "<xmp>",
        "<meta http-equiv=refresh content='0;url=z'>", '<script type=\'application/ld+json\'>{"@type":', "<sup class=reference>",
        "<div class=seealso>", "<h:p>", "<html xmlns='http://www.w3.org/1999/xhtml'>", "<noscript>", "<caption>", "<area href=m>",
        '<a href="', "<p x='",
    ]
)  # fmt: skip


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks]


def links(document: Document) -> list[tuple[str, str]]:
    return [(item.target, item.text) for item in document.references]


def check_places(document: Document, source: str) -> None:
    msgspec.msgpack.encode(document)
    lines = range(1, source.count("\n") + 2)
    for block in document.blocks:
        assert block.line in lines
        assert block.text == " ".join(block.text.split())
        assert block.text
        assert -1 <= block.section < len(document.headings)
        assert all(0 <= at <= len(block.text) for at in block.code)
    for item in document.references:
        assert item.line in lines
        assert -1 <= item.block < len(document.blocks)
        if item.block >= 0:
            assert document.blocks[item.block].text[item.start : item.end] == item.text
            assert item.text
    for heading in document.headings:
        assert heading.line in lines
    for component in document.components:
        assert component.line in lines
    said = " ".join(texts(document) + [item.text for item in document.references] + [document.title or ""])
    assert not {"\ufdd0", "\ufdd1"} & set(said)


@pytest.mark.parametrize("ending", ["html", "htm", "xhtml"])
def test_html_has_a_reader(ending: str) -> None:
    assert reader_names()[ending] == "html"


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=200))
def test_any_text_gives_a_document_whose_places_exist(source: str) -> None:
    check_places(read_html(source), source.replace("\r\n", "\n"))


# -- blocks, offsets, lines ----------------------------------------------------------------------------


def test_blocks_by_kind() -> None:
    document = read_html(
        "<main><p>An owl\n sees.</p><ul><li>hoots<li>flies</ul><blockquote><p>Who?</p></blockquote>"
        "<dl><dt>beak<dd>hard</dl><h2>Food</h2>mice</main>"
    )
    assert [(block.kind, block.text) for block in document.blocks] == [
        ("paragraph", "An owl sees."),
        ("list", "hoots"),
        ("list", "flies"),
        ("quote", "Who?"),
        ("list", "beak"),
        ("list", "hard"),
        ("heading", "Food"),
        ("paragraph", "mice"),
    ]
    assert [block.section for block in document.blocks][-2:] == [-1, 0]


def test_links_know_their_place_in_the_block() -> None:
    document = read_html("<p>See the  <b><a href='barn.html#top'> barn\n owl</a></b>, not <a href=eagle>the <em>eagle</em></a>.</p>")
    (block,) = document.blocks
    assert block.text == "See the barn owl, not the eagle."
    assert [(item.target, item.text, item.start, item.end) for item in document.references] == [
        ("barn.html#top", "barn owl", 8, 16),
        ("eagle", "the eagle", 22, 31),
    ]


def test_lines_are_those_of_the_source() -> None:
    source = (
        "<!DOCTYPE html>\n<html>\n<head><title>x</title>\n<script>\nif (a<b) { '</p>' }\n</script></head>\n<body>\n<!-- a\nb -->\n"
        "<p\n class='x'\n>\nfirst</p>\n<nav>\n<p>no</p></nav>\n\nafter\n<p>one\ntwo <a\nhref=q>link</a>\n<h2>\nHead</h2>"
    )
    document = read_html(source)
    rows = source.split("\n")
    found = {block.text: block.line for block in document.blocks}
    assert rows[found["first"] - 1] == "first</p>"
    assert rows[found["after"] - 1] == "after"
    assert rows[found["one two link"] - 1] == "<p>one"
    assert rows[document.references[0].line - 1] == "two <a"
    assert rows[document.headings[0].line - 1] == "Head</h2>"


def test_lines_hold_where_the_parser_moves_text_out_of_a_table() -> None:
    document = read_html("<table>\n<tr>\nmoved\n<td>\nkept\n</table>\n<p>\nlater")
    assert {block.text: block.line for block in document.blocks} == {"moved": 3, "kept": 5, "later": 8}


def test_table_rows_are_blocks_with_their_cells_joined() -> None:
    document = read_html(
        "<table><caption>Birds</caption><thead><tr><th>Name<th>Food</thead><tbody><tr><td><a href=o>Owl</a><td></td>"
        "<td><p>mice</p><ul><li>voles</ul></tr></table>"
    )
    assert [(block.kind, block.text) for block in document.blocks] == [
        ("table", "Birds"),
        ("table", "Name | Food"),
        ("table", "Owl | mice voles"),
    ]
    assert document.counts.tables == 1
    assert document.references[0].start == 0


def test_a_table_that_only_arranges_the_page_is_no_table_of_data() -> None:
    document = read_html("<table><tr><td><h2>Left</h2><p>one</p><td><p>two</p></table>")
    assert texts(document) == ["Left", "one", "two"]
    assert document.counts.tables == 0


def test_inline_code_is_marked_and_listings_are_no_prose() -> None:
    document = read_html("<p>Call <code>hoot( )</code> or <kbd>H</kbd>.</p><pre>int <a href=main.html>main</a>;</pre><p><tt>x</tt></p>")
    first, second = document.blocks
    assert first.text == "Call hoot( ) or H."
    assert [first.text[start:end] for start, end in zip(first.code[::2], first.code[1::2], strict=True)] == ["hoot( )", "H"]
    assert (second.text, second.code) == ("x", (0, 1))
    assert document.counts.code_blocks == 1
    assert [(item.target, item.text, item.block) for item in document.references] == [("main.html", "main", -1)]


def test_images_diagrams_tasks_and_footnotes_are_counted() -> None:
    document = read_html(
        "<p>A<sup class=reference><a href='#n1'>1</a></sup> <a href=big.html><img src=o.png alt='An owl'>"
        "</a></p><pre class=mermaid>a-->b</pre>"
        "<ul><li><input type=checkbox> fly</ul><ol class=references><li id=n1><a class=mw-cite-backlink href='#r'>^</a> Owl book</ol>"
    )
    counts = document.counts
    assert (counts.images, counts.diagrams, counts.tasks, counts.footnotes, counts.footnote_references) == (1, 1, 1, 1, 1)
    assert [block.kind for block in document.blocks if block.text == "Owl book"] == ["footnote"]
    assert document.blocks[0].text == "A"
    assert ("big.html", "An owl") in links(document)


@pytest.mark.parametrize(
    "foot",
    [
        "<ul><li id=footer-info-lastmod> This page was last edited on 3 May 2024, at 10:00.</li></ul>",
        "<div id=lastmod>Last modified: May 3, 2024</div>",
        "<span class='theme-last-updated'>Last updated on <b><time datetime='2024-05-03T10:00:00Z'>yesterday</time></b></span>",
    ],
)
def test_the_day_of_the_last_edit_below_the_content(foot: str) -> None:
    document = read_html(f"<main><h1>Owl</h1><p>An owl was edited on 1 May 2020.</p></main><footer>{foot}</footer>")
    assert str(document.front_matter["lastmod"]).startswith("2024-05-03")
    assert "lastmod" not in read_html("<main><p>It was edited on 1 May 2020.</p></main>").front_matter


# -- headings and anchors ------------------------------------------------------------------------------


def test_headings_take_the_anchor_that_a_link_would_name() -> None:
    document = read_html(
        "<main><h1 id=owls>Owls<a class=headerlink href='#owls'>¶</a></h1><h2><span class=mw-headline id=In_flight>In flight</span>"
        "<span class=mw-editsection>[<a href=edit>edit</a>]</span></h2><section id=food><h2>Food</h2>"
        "</section><h2>Plain one</h2><h2>Plain one</h2></main>"
    )
    assert [(item.text, item.anchor, item.level) for item in document.headings] == [
        ("Owls", "owls", 1),
        ("In flight", "In_flight", 2),
        ("Food", "food", 2),
        ("Plain one", "plain-one", 2),
        ("Plain one", "plain-one-1", 2),
    ]
    assert links(document) == []


def test_other_ids_are_known_as_anchors() -> None:
    document = read_html("<main><dl><dt id=beak>beak<dd>hard</dl><a name=old></a><h2 id=h>H</h2></main><footer id=foot>x</footer>")
    assert {item.attributes["id"] for item in document.components} == {"beak", "old", "foot"}


def test_ids_of_elements_that_only_format_are_anchors() -> None:
    document = read_html("<main><p>One<b id='two'>two</b> <em class='mw-highlight' id=three>three</em> <i data-id=four>4</i></main>")
    assert {item.attributes["id"] for item in document.components} == {"two", "three"}
    assert [block.text for block in document.blocks] == ["Onetwo three 4"]
    assert document.blocks[0].code == ()


# -- what is no content --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "noise",
    [
        "<nav><a href=n>noise</a></nav>",
        "<footer><a href=n>noise</a></footer>",
        "<header><a href=n>noise</a></header>",
        "<aside><a href=n>noise</a></aside>",
        "<div role=navigation><a href=n>noise</a></div>",
        "<div hidden><a href=n>noise</a></div>",
        "<div aria-hidden=true><a href=n>noise</a></div>",
        "<div style='color:red; DISPLAY: none'><a href=n>noise</a></div>",
        "<script>noise('<a href=n>')</script>",
        "<style>noise{}</style>",
        "<template><a href=n>noise</a></template>",
        "<noscript><a href=n>noise</a></noscript>",
        "<form><a href=n>noise</a><input><select><option>noise</select></form>",
        "<textarea><a href=n>noise</a></textarea>",
        "<table class='navbox'><tr><td><a href=n>noise</a></table>",
        "<div id=toc class=toc><ul><li><a href=n>noise</a></ul></div>",
        "<div class=printfooter>noise <a href=n>noise</a></div>",
        "<div id=jump-to-nav><a href=n>noise</a></div>",
        "<div id=contentSub><a href=n>noise</a></div>",
        "<ul class=breadcrumbs><li><a href=n>noise</a></ul>",
        "<!-- noise <a href=n>noise</a> -->",
        "<svg><text>noise</text></svg>",
        "<iframe src=n>noise</iframe>",
    ],
)
@pytest.mark.parametrize("where", ["main", "div"])
def test_what_a_site_puts_around_its_content_is_left_out(noise: str, where: str) -> None:
    document = read_html(f"<title>Owls</title><body>{noise}<{where}><h2>Owls</h2><p>Owls hoot.</p>{noise}<p>They fly.</p></{where}>{noise}")
    assert texts(document) == ["Owls", "Owls hoot.", "They fly."]
    assert document.references == ()


@pytest.mark.parametrize(
    "container",
    ["main", "article", "div role=main", "div id=content", "div id=mw-content-text", "div class=markdown-body", "div class=entry-content"],
)
def test_content_is_what_its_container_holds(container: str) -> None:
    sides = "<div class=whatever><p>Buy more owls now, while the shop is open and the owls last.</p></div>"
    prose = "An owl turns its head further than most birds, as its eyes do not move. " * 4
    document = read_html(f"<body>{sides}<{container}><p>{prose}</p></{container.split()[0]}>{sides}")
    assert texts(document) == [prose.strip()]


def test_an_empty_container_is_not_taken_for_the_content() -> None:
    prose = "An owl turns its head further than most birds. " * 10
    assert texts(read_html(f"<main></main><div><p>{prose}</p></div>")) == [prose.strip()]


def test_several_articles_are_all_content() -> None:
    assert texts(read_html("<article><p>One owl.</p></article><article><p>Two owls.</p></article>")) == ["One owl.", "Two owls."]


def test_a_bar_of_links_before_the_content_is_left_out_where_content_follows() -> None:
    bar = "<div><a href=a>Home</a> | <a href=b>News</a> | <a href=c>Shop</a></div>"
    document = read_html(f"<body>{bar}<h1>Owls</h1><ul><li><a href=d>Barn</a><li><a href=e>Snowy</a><li><a href=f>Elf</a></ul>")
    assert [target for target, _ in links(document)] == ["d", "e", "f"]
    assert [target for target, _ in links(read_html(f"<body>{bar}"))] == ["a", "b", "c"]


def test_see_also_lists_stay_wherever_they_stand() -> None:
    document = read_html(
        "<main><h2>Owls</h2><p>They hoot.</p><aside><h3>See also</h3><ul><li><a href=eagle.html>Eagle</a></ul></aside>"
        "<p>They <a href=fly.html>fly</a>.</p><div class='admonition seealso'>"
        "<p class=admonition-title>See also</p><p><a href=hawk.html>Hawk</a></p>"
        "</div><nav aria-label='Related pages'><a href=kite.html>Kite</a></nav><p>The end.</p></main>"
    )
    under = {
        item.target: document.headings[document.blocks[item.block].section].text if item.block >= 0 else "" for item in document.references
    }
    assert under == {"eagle.html": "See also", "fly.html": "Owls", "hawk.html": "See also", "kite.html": "Related pages"}
    assert document.headings[document.blocks[-1].section].text == "Owls"


# -- links ---------------------------------------------------------------------------------------------


def test_targets_are_as_written() -> None:
    document = read_html("<a href=' ../a%20b.html?q=1&amp;r=2#c '>x</a> <a href=\"d&eacute;j&agrave;.html\">y</a> <a href='//e.org/'>z</a>")
    assert [target for target, _ in links(document)] == ["../a%20b.html?q=1&r=2#c", "déjà.html", "//e.org/"]


@pytest.mark.parametrize(
    "target", ["javascript:void(0)", "java\nscript:x()", " JavaScript:x()", "mailto:o@o.org", "data:text/html,x", "tel:1", ""]
)
def test_what_is_no_page_is_no_link(target: str) -> None:
    document = read_html(f'<p>An <a href="{target}">owl</a>.</p>')
    assert (texts(document), document.references) == (["An owl."], ())


@pytest.mark.parametrize(
    ("base", "written", "meant"),
    [
        ("/docs/", "a.html", "/docs/a.html"),
        ("../", "a.html", "../a.html"),
        ("https://o.org/d/", "a.html", "https://o.org/d/a.html"),
        ("/docs/", "/a.html", "/a.html"),
        ("http://[", "a.html", "a.html"),
    ],
)
def test_base_is_respected(base: str, written: str, meant: str) -> None:
    assert links(read_html(f"<base href='{base}'><p><a href={written}>x</a>")) == [(meant, "x")]


def test_one_link_stays_one_however_the_parser_repairs_it() -> None:
    assert links(read_html("<a href=x><p>one<p>two</a><p>three")) == [("x", "one")]
    assert links(read_html("<p><a href=x>one<p>two<a href=y>three</a>")) == [("x", "one"), ("y", "three")]
    assert links(read_html("<a href=x><div>one</div><div>two</div></a>")) == [("x", "one")]


def test_image_maps_and_frames_are_links() -> None:
    assert links(read_html("<map><area href=m.html alt=Map></map>")) == [("m.html", "Map")]
    assert links(read_html("<html><frameset><frame src=f.html name=left></frameset></html>")) == [("f.html", "left")]


def test_spans_that_a_style_sheet_shows_on_lines_are_apart() -> None:
    assert texts(read_html("<p><span class=t-lines><span>hoot</span><span>hoot_s</span></span>x</p>")) == ["hoot hoot_s x"]


# -- what a page says of itself ------------------------------------------------------------------------


def test_meta_elements_become_fields() -> None:
    document = read_html(
        "<html lang=en-GB><head>\n<title>Owls</title>\n<meta name=description content='All  about owls'>\n"
        "<meta name=keywords content='owl, bird;night'>\n"
        "<meta name=author content='A. Falconer'><meta property='article:published_time' content='2025-03-04T05:06:07Z'>"
        "<meta property='article:modified_time' content='2026-01-02'><link rel='alternate canonical' href='https://o.org/owls'></head><p>x"
    )
    assert document.title == "Owls"
    assert document.front_matter == {
        "description": "All about owls",
        "author": "A. Falconer",
        "date": "2025-03-04T05:06:07Z",
        "lastmod": "2026-01-02",
        "tags": ["owl", "bird", "night"],
        "lang": "en-GB",
        "canonical": "https://o.org/owls",
    }
    assert (document.lines["description"], document.lines["tags"], document.lines["lang"]) == (3, 4, 1)


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>Barn owl - Owl wiki</title>", "<h1>Barn owl</h1>", "Barn owl"),
        ("<title>Owl wiki: Barn owl</title>", "<h1>Barn owl</h1>", "Barn owl"),
        ("<title>Owl wiki | Barn owl</title>", "<h1>Barn owl</h1>", "Barn owl"),
        ("<title>Barn owl | Owls</title><meta property=og:site_name content=Owls>", "", "Barn owl"),
        ("<title>Barn owl | Owls</title><meta property=og:title content='Barn owl'>", "", "Barn owl"),
        ("<title> The <b> element </title>", "", "The <b> element"),
        ("", "<h1>Barn <i>owl</i></h1>", "Barn owl"),
        ("<meta property=og:title content='Barn owl'>", "", "Barn owl"),
        ("", "<svg><title>Icon</title></svg>", None),
    ],
)
def test_title(head: str, body: str, title: str | None) -> None:
    assert read_html(f"<head>{head}</head><body>{body}<p>x").title == title


def test_a_heading_outside_the_content_is_the_name_of_the_site() -> None:
    page = "<title>Barn owl - Owl book</title><div><h1>Owl book</h1></div><main><h2>Barn owl</h2><p>It hoots.</p></main>"
    assert read_html(page).title == "Barn owl"
    assert read_html("<div><h1>Owl book</h1></div><main><p>It hoots all night long.</p></main>").title == "Owl book"


def test_json_ld_of_the_thing_a_page_is_about() -> None:
    document = read_html(
        '<title>The Owl Trust</title><script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"WebSite","name":"W"},'
        '{"@type":"WebPage","name":"The Owl Trust","mainEntity":{"@id":"#t"},"datePublished":"2024-05-06"},{"@type":["NGO"],"@id":"#t",'
        '"name":"The Owl Trust","alternateName":["TOT","Owl Trust"],"sameAs":"https://e.org/TOT","keywords":"owls, rescue",'
        '"about":[{"@type":"Thing","name":"Owl"}],"description":"Helps owls."}]}</script><p>x'
    )
    assert document.front_matter["type"] == "NGO"
    assert document.front_matter["aliases"] == ["TOT", "Owl Trust", "The Owl Trust"]
    assert document.front_matter["tags"] == ["owls", "rescue"]
    assert document.front_matter["about"] == ["Owl"]
    assert document.front_matter["sameAs"] == ["https://e.org/TOT"]
    assert (document.front_matter["description"], document.front_matter["date"]) == ("Helps owls.", "2024-05-06")


def test_json_ld_of_the_publisher_is_no_type_of_the_page() -> None:
    document = read_html(
        '<title>Barn owl</title><script type="application/ld+json">[{"@type":"Article","headline":"Barn owl"},'
        '{"@type":"Organization","name":"Owl press"}]</script><p>x'
    )
    assert "type" not in document.front_matter


def test_broken_json_ld_is_left_out_with_a_finding() -> None:
    document = read_html('<title>Owl</title>\n<script type="application/ld+json">{"@type": </script><p>x')
    assert [(problem.rule, problem.line) for problem in document.problems] == [("E103", 2)]
    assert document.title == "Owl"


def test_categories_of_a_wiki_are_tags() -> None:
    document = read_html(
        "<div id=mw-content-text><p>Owls hoot.</p></div><div id=catlinks class=catlinks>"
        "<div id=mw-normal-catlinks><a href=c>Categories</a>: <ul>"
        "<li><a href=c1>Birds</a></li><li><a href=c2>Night animals</a></li></ul></div>"
        "<div id=mw-hidden-catlinks><ul><li><a href=c3>Stubs</a></ul></div></div>"
    )
    assert document.front_matter["tags"] == ["Birds", "Night animals"]
    assert document.references == ()


# -- redirects -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("<meta http-equiv=refresh content='0; url=new.html'>", "new.html"),
        ("<meta http-equiv='Refresh' content=\"5;URL='new.html'\">", "new.html"),
        ("<meta http-equiv=refresh content='0;url=new.html'><base href='/d/'>", "/d/new.html"),
        ("<meta http-equiv=refresh content='300;url=new.html'>", None),
        ("<meta http-equiv=refresh content='5'>", None),
        ("<meta http-equiv=refresh content='0;url=javascript:x()'>", None),
        ("<p>Redirecting to <a href=new.html>the new page</a>…</p>", "new.html"),
        ("<p>This page has moved to <a href=new.html>here</a>.</p>", "new.html"),
        ("<h1>Moved Permanently</h1><p>The document has moved <a href=new.html>here</a>.</p>", "new.html"),
        ("<div class=redirectMsg><p>Redirect to:</p><ul class=redirectText><li><a href=new.html>New</a></ul></div>", "new.html"),
        ("<p>The nest moved to <a href=new.html>another tree</a>.</p>", None),
        ("<p>This page has moved.</p><a href=a>one</a> <a href=b>two</a>", None),
    ],
)
def test_redirect_stubs(source: str, target: str | None) -> None:
    assert read_html(source).redirect == target


# -- bad input -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source", ["", " \n", "\x00", "<", "<!--", "<html>", "<title>", "<a href=", "&", "]]>", "<?xml version='1.0'?>", "\ud800<p>x"]
)
def test_next_to_nothing_is_a_page(source: str) -> None:
    assert isinstance(read_html(source), Document)


def test_truncated_and_unclosed() -> None:
    document = read_html("<html><body><h1>Owls<p>They <b>hoot <a href=o.html>at night</a> and <i>fly <a hre")
    assert links(document) == [("o.html", "at night")]
    assert "hoot" in " ".join(texts(document))


def test_text_without_markup() -> None:
    assert texts(read_html("Owls hoot & fly,\na < b.")) == ["Owls hoot & fly, a < b."]


def test_nul_and_noncharacters_are_no_marks_of_ours() -> None:
    source = "<p>a\x00b \ufdd05\ufdd1c &#xFDD0;99999999999&#xFDD1;d</p>"
    check_places(read_html(source), source)
    assert [read_html(f"<title>&#{one};12</title>").title for one in ("xfdd0", "x0FDD1", "64976")] == ["\ufffd12"] * 3


@pytest.mark.parametrize(
    "head",
    [
        '<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x"><html xmlns="http://www.w3.org/1999/xhtml">',
        '<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en">',
    ],
)
def test_xhtml_closes_its_elements_itself(head: str) -> None:
    document = read_html(
        f"{head}<head><title>Owl</title><script src='x.js'/></head><body><div class='navbox'/><p><a id='q'/>An <a href='o'>owl</a>.</p>"
    )
    assert (document.title, texts(document), links(document)) == ("Owl", ["An owl."], [("o", "owl")])


def test_xhtml_with_a_prefix() -> None:
    document = read_html("<h:html xmlns:h='http://www.w3.org/1999/xhtml'><h:body><h:p>An <h:a href='o'>owl</h:a></h:p></h:body></h:html>")
    assert links(document) == [("o", "owl")]


@pytest.mark.parametrize(
    "source",
    [
        "<p>" + "owl " * 2_000_000,
        "<p>" + "<a href=x>owl</a> " * 100_000,
        "<div>" * 10_000 + "owl",
        "<div>" * 500_000 + "owl",
        "<p>" + "".join(f"<font color={i}>" for i in range(10_000)) + "<p>owl" * 10_000,
        "<table><tr><td>" * 50_000 + "owl",
        "<ul><li>" * 390 + "<a href=x>owl</a>" * 50_000,
        "<h1>owl</h1>" * 50_000,
        "<p><a " + " ".join(f"x{i}" for i in range(100_000)) + ">owl",
        "<!--" * 200_000,
        "<script>" * 200_000,
        "<a x='" * 200_000,
        "<foo><div></foo></div>" * 50_000,
        '<script type="application/ld+json">' + "[" * 200_000 + "</script>",
    ],
    ids=lambda source: source[:24],
)
def test_pages_beyond_reason_take_bounded_time(source: str) -> None:
    start = time.process_time()
    document = read_html(source)
    assert time.process_time() - start < 10
    assert isinstance(document, Document)


def test_excess_is_told() -> None:
    document = read_html("<div>" * 10_000 + "<a href=x>owl</a>")
    assert [problem.rule for problem in document.problems] == ["W110"]
    assert links(document) == [("x", "owl")]


@pytest.mark.parametrize(
    ("data", "expected", "rules"),
    [
        ("<meta charset=windows-1252><p>Ä “owl”".encode("cp1252"), "Ä “owl”", []),
        ("<meta http-equiv=Content-Type content='text/html; charset=ISO-8859-1'><p>déjà €".encode("cp1252"), "déjà €", []),
        ("<?xml version='1.0' encoding='windows-1251'?><p>Сова".encode("cp1251"), "Сова", []),
        ("<meta charset=shift_jis><p>フクロウ".encode("shift_jis"), "フクロウ", []),
        ("<meta charset=windows-1252><p>Ä owl".encode(), "Ä owl", []),
        (b"<meta charset=rot13><p>\xff owl", "\ufffd owl", ["W105"]),
        (b"<meta charset=nonsense><p>\xff owl", "\ufffd owl", ["W105"]),
        (b"<p>\xff owl", "\ufffd owl", ["W105"]),
        (b"\xef\xbb\xbf<p>owl", "owl", []),
        ("<p>öwl".encode("utf-16"), "öwl", []),
    ],
)
def test_encoding(data: bytes, expected: str, rules: list[str]) -> None:
    document = _parse_content("html", data)
    assert isinstance(document, Document)
    assert texts(document) == [expected]
    assert [problem.rule for problem in document.problems] == rules
