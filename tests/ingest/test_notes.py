"""What notes of a vault hold beyond Markdown: tags in the text, comments, names of blocks."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.ingest.wiki import corpus_of, document_of, found_of


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("A #mill by #river/upper-reach, #snake_case.", ("mill", "river/upper-reach", "snake_case")),
        ("#first of a line\nand #second\n\n- #third in a list\n- [ ] #fourth\n\n> #fifth\n\n| a | #sixth |\n|---|---|\n| #seventh | b |",
         ("first", "second", "third", "fourth", "fifth", "sixth", "seventh")),
        ("#1984 is none, #y1984 is one, #2024/05 too", ("y1984", "2024/05")),
        ("#été, #数学 and #🌾 are tags", ("été", "数学", "🌾")),
        ("#twice and #twice", ("twice",)),
        ("# Heading\n## Other #none\nText.", ()),
        ("`#code` and\n\n```sh\n#comment\n```\n\n    #indented\n", ()),
        ("[text](page.md#part) [[page#part]] [[#part]] <https://x.org/#part> https://x.org/a#part [#text](x.md) [[page|#shown]]", ()),
        ("a#b, C# and F#, #, ##two, ( #), \\#escaped, &#35;", ()),
        ("<a href='#x'>#none</a> <b id='#y'>#some</b>", ("some",)),
        ("%% #hidden %% #shown", ("shown",)),
    ],
)  # fmt: skip
def test_tags_in_the_text(text: str, tags: tuple[str, ...]) -> None:
    assert document_of(text).tags == tags


NOTES = {"a.md": "---\ntags: [Stone]\n---\nA #River/Upper and #mill_race. [[b]]\n", "b.md": "Back to [[a]] #stone\n"}


@pytest.mark.parametrize(
    ("files", "counted"),
    [
        ({**NOTES, ".obsidian/app.json": "{}"}, True),
        ({**{f"content/{name}": text for name, text in NOTES.items()}, "quartz.config.ts": ""}, True),
        (NOTES, True),
        ({**NOTES, "c.md": "[a](a.md) [b](b.md) [a](a.md)"}, False),
        ({**{f"docs/{name}": text for name, text in NOTES.items()}, "mkdocs.yml": "site_name: x\n"}, False),
    ],
    ids=["obsidian", "quartz", "wikilinks", "links", "mkdocs"],
)
def test_tags_in_the_text_count_in_vaults(files: dict[str, str], counted: bool, tmp_path: Path) -> None:
    entities = corpus_of(tmp_path, files).entities
    assert entities["a"].tags == (("mill-race", "river/upper", "stone") if counted else ("stone",))
    assert entities["b"].tags == (("stone",) if counted else ())


@pytest.mark.parametrize(
    ("text", "targets", "prose"),
    [
        ("An %%inner [[no]]%% one. [[yes]]", ["yes"], ["An  one. yes"]),
        ("One.\n\n%%\n[[no]]\n\n## No\n%%\n\n[[yes]]", ["yes"], ["One.", "yes"]),
        ("> %%\n> [[no]]\n> %%\n> Quote", [], ["Quote"]),
        ("`%%` [[yes]] `%%`", ["yes"], ["%% yes %%"]),
        ("```\n%%\n```\n[[yes]]\n\n```\n%%\n```\n", ["yes"], ["yes"]),
        ("100%% sure, [[yes]]\n\nor 50%%", ["yes"], ["100%% sure, yes", "or 50%%"]),
        ("%%time\n[[yes]]\n%%bash\n", ["yes"], ["%%time yes %%bash"]),
        ("%% never ends\n\n[[yes]]", ["yes"], ["%% never ends", "yes"]),
        ("\\%% [[yes]] %%", ["yes"], ["%% yes %%"]),
        ("<!-- %% --> [[yes]] %%no%%", ["yes"], [" yes "]),
    ],
)
def test_comments_are_neither_prose_nor_links(text: str, targets: list[str], prose: list[str]) -> None:
    document = document_of(text)
    assert [item.target for item in document.references] == targets
    assert [block.text.strip() for block in document.blocks] == [one.strip() for one in prose]


def test_comments_keep_the_lines() -> None:
    document = document_of("---\na: 1\n---\nOne.\n%%\nx\n\ny\n%%\n\n[[yes]] %%a\nb%% [[also]]\n")
    assert [(item.target, item.line) for item in document.references] == [("yes", 11), ("also", 12)]


def test_mdx_has_no_comments_of_notes() -> None:
    assert [item.target for item in document_of("100%% [[yes]] 50%%", mdx=True).references] == ["yes"]


def test_kinds_of_callouts_and_sizes_of_pictures_are_no_prose() -> None:
    text = "> [!tip]- Wheels\n> Oil [[a]].\n\n- > [!größe|x] Two\n\n![[b.png|300]] ![[b.png|20x10]] ![[c|300]] [[d.png|300]] [!tip]\n"
    document = document_of(text)
    assert [" ".join(block.text.split()) for block in document.blocks] == ["Wheels Oil a.", "Two", "300 300 [!tip]"]
    assert [(item.kind, item.text, item.line) for item in document.references] == [
        ("wikilink", "a", 2), ("embed", "", 6), ("embed", "", 6), ("embed", "300", 6), ("wikilink", "300", 6),
    ]  # fmt: skip
    assert [block.text[item.start : item.end] for item in document.references for block in [document.blocks[item.block]]] == [
        "a", "", "", "300", "300",
    ]  # fmt: skip


def test_placeholders_of_templates_are_no_links() -> None:
    assert [item.target for item in document_of("[[{{title}}]] [[<% tp.date.now() %>]] [[mill]]").references] == ["mill"]


def test_notes_are_called_as_their_files_are(tmp_path: Path) -> None:
    files = {
        ".obsidian/app.json": "{}", "Mill.md": "# MOC\n", "Weir.md": "# MOC\n", "Lock.md": "# The old lock\n", "ferry.md": "# Ferry\n",
        "2024-05-01.md": "A day.", "202405011230.md": "# On water\n", "boat-yard.md": "# Boats and yards\n", "tow_path.md": "Text.",
        "Told.md": "---\ntitle: Another name\n---\n# Third\n", "Tag.md": "# {{date}}\n",
    }  # fmt: skip
    corpus = corpus_of(tmp_path, files)
    assert {path: (entity.title, entity.aliases) for entity in corpus.entities.values() if (path := entity.path)} == {
        "Mill.md": ("Mill", ()), "Weir.md": ("Weir", ()), "Lock.md": ("Lock", ("The old lock",)), "ferry.md": ("Ferry", ()),
        "2024-05-01.md": ("2024-05-01", ()), "202405011230.md": ("On water", ()), "boat-yard.md": ("Boats and yards", ()),
        "tow_path.md": ("Tow path", ()), "Told.md": ("Another name", ()), "Tag.md": ("Tag", ()),
    }  # fmt: skip


def test_a_day_in_a_field_is_no_relation_to_the_note_of_that_day(tmp_path: Path) -> None:
    files = {"2024-05-01.md": "A day.", "a.md": "---\ncreated: 2024-05-01\ndate: 2024-05-01\nseen: '[[2024-05-01]]'\n---\n", "b.md": ""}
    assert corpus_of(tmp_path, files).relations == ()


def test_names_of_blocks_are_no_prose() -> None:
    text = (
        "A wheel. ^wheel\n\n- One ^one\n- Two\n  goes on ^two\n\n> Said\n\n^said\n\n![[pic.png]]^pic\n\nNo x^2 and [[a|^b]]\n\n"
        "`^code`\n\n[^1]\n\n[^1]: Note ^note\n"
    )
    document = document_of(text)
    assert document.block_names == ("wheel", "one", "two", "said", "pic", "note")
    assert [block.text for block in document.blocks][:5] == ["A wheel.", "One", "Two goes on", "Said", "pic.png"]
    assert all("^" not in block.text for block in document.blocks if block.text.strip() not in ("No x^2 and ^b", "^code"))


def test_links_to_blocks_are_dead_where_no_block_has_the_name(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path, {
        "a.md": "# A\n\nA wheel. ^wheel\n\n[[#^wheel]] [[#^no]]\n",
        "b.md": "[[a#^wheel]] [[a#^Wheel]] [[a#A#^wheel]] [x](a.md#^wheel) ![[a#^wheel]]\n\n[[a#^gone]]\n",
    })  # fmt: skip
    assert found_of(corpus, "W202") == [
        ("a.md", 5, "#^no is the name of no block of a"),
        ("b.md", 3, "#^gone is the name of no block of a"),
    ]


@pytest.mark.parametrize("piece", ["%% ", "%%\n\n", "`%%", "#a", " #a", "#" * 10, "^a ", "\\#a ", "```%%\n", "<!--%%"])
def test_notes_are_read_in_linear_time(piece: str) -> None:
    started = time.process_time()
    document_of(piece * (400_000 // len(piece)))
    assert time.process_time() - started < 4
