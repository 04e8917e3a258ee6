"""Names of entities in prose that is no link."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgraph.ingest.mentions import find_mentions, names_of
from kgraph.model.corpus import Entity, Link, Mention
from tests.ingest.wiki import document_of, entity_of

NAMES = {
    "mill": entity_of("mill", title="Water mill", aliases=("Corn Grinder",)),
    "wheel": entity_of("wheel", title="Water mill wheel"),
    "nasa": entity_of("nasa", title="National Airship Association (NAA)"),
    "eel": entity_of("eel", title="Eel"),
    "it": entity_of("it", title="IT"),
    "deep": entity_of("deep", title="Deep pool"),
    "cut": entity_of("cut", title="Deep pool cut"),
    "twin-a": entity_of("twin-a", title="Twin lock"),
    "twin-b": entity_of("twin-b", title="twin LOCK"),
    "lock": entity_of("lock", title="Weir", aliases=("The gate",)),
    "keeper": entity_of("keeper", title="House of the keeper (Weir)", aliases=("Weir", "River gate")),
    "gate": entity_of("gate", title="River gate (the old one)"),
    "strasse": entity_of("strasse", title="Große Straße"),
    "cpp": entity_of("cpp", title="C++ guide"),
    "own": entity_of("own", title="Own page", path="own.md"),
    "list": entity_of("list", title="Section of rivers", kind="index"),
}


def mentions_in(text: str, *, mdx: bool = False, entities: dict[str, Entity] = NAMES) -> list[Mention]:
    return find_mentions({"own.md": document_of(text, mdx=mdx)}, {"own.md": "own"}, entities)


def found_in(text: str, *, mdx: bool = False) -> list[tuple[str, str]]:
    return [(item.target, item.text) for item in mentions_in(text, mdx=mdx)]


def test_names_of_an_entity() -> None:
    entity = entity_of("x", title="Long Name (LN)", aliases=("Short (the small one)", "x", "LN", "Other  (ab)"))
    assert names_of(entity) == ["Long Name (LN)", "Long Name", "LN", "Short (the small one)", "Short", "Other  (ab)", "Other"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The water mill turns.", [("mill", "water mill")]),
        ("WATER MILL", [("mill", "WATER MILL")]),
        ("Two water mills turn.", [("mill", "water mill")]),
        ("The water mill's door, the water mill’s roof.", [("mill", "water mill")]),
        ("(Water mill), “water mill”.", [("mill", "Water mill")]),
        ("Water\nmill", [("mill", "Water mill")]),
        ("Freshwater mill and water millers", []),
        ("The water mill wheel turns.", [("wheel", "water mill wheel")]),
        ("A corn grinder.", [("mill", "corn grinder")]),
        ("An NAA flight, no naa.", [("nasa", "NAA")]),
        ("The National airship association.", [("nasa", "National airship association")]),
        ("An Eel, not an eel or EEL.", [("eel", "Eel")]),
        ("He said it, in IT.", [("it", "IT")]),
        ("A deep pool cutter.", [("deep", "deep pool")]),
        ("Deep pool cuts and a deep pool.", [("cut", "Deep pool cut"), ("deep", "deep pool")]),
        ("The twin lock.", []),
        ("The Weir and the river gate.", [("lock", "Weir"), ("keeper", "river gate")]),
        ("Own page, section of rivers.", []),
        ("In der große straße.", [("strasse", "große straße")]),
        ("Read the C++ guide now.", [("cpp", "C++ guide")]),
        ("x_water mill, a/water mill, @water mill, water mill_2", []),
        ("İ water mill", [("mill", "water mill")]),
        ("A water **mill**.", [("mill", "water mill")]),
    ],
)
def test_whole_words_longest_first(text: str, found: list[tuple[str, str]]) -> None:
    assert sorted(found_in(text)) == sorted(found)


@pytest.mark.parametrize(
    "text",
    [
        "# Water mill",
        "[water mill](x.md)",
        "See [[Water mill]].",
        "`water mill`",
        "```\nwater mill\n```",
        "    water mill",
        "![water mill](a.png)",
        "A [great water mill here](x.md).",
        "<!-- water mill -->",
        "[x](<water mill.md>)",
        "<a href='x'>water mill</a>",
    ],
)
def test_links_code_and_headings_hold_no_mentions(text: str) -> None:
    assert found_in(f"Text.\n\n{text}\n") == []


def test_a_mention_beside_a_link_counts() -> None:
    assert found_in("[water mill](x.md) and a water mill") == [("mill", "water mill")]
    assert found_in("<EntityLink id='x'>water mill</EntityLink> by a water mill.", mdx=True) == [("mill", "water mill")]


def test_the_first_mention_has_its_place_and_sentence() -> None:
    page = "# Head\n\nNothing here.\n\nÜber all, 🐝 hum. By the old water mill we met. The water mill again.\n"
    document = document_of(page)
    mention = mentions_in(page)[0]
    assert (mention.line, mention.block, mention.sentence) == (5, 2, "By the old water mill we met.")
    assert document.blocks[2].text[mention.start :].startswith("water mill")


def test_names_do_not_run_over_blocks() -> None:
    assert found_in("- the water\n- mill\n\nwater\n\nmill") == []


def test_words_that_are_common_in_lower_case_need_their_case() -> None:
    documents = {f"{number}.md": document_of("Rivers flow to the harbour.") for number in range(20)} | {"x.md": document_of("The Harbour.")}
    ids = {path: path for path in documents}
    entities = {"h": entity_of("h", title="Harbour")}
    assert [item.path for item in find_mentions(documents, ids, entities)] == ["x.md"]


def test_common_words_in_lower_case_are_no_names() -> None:
    texts = ["In the evening. Time and time again, the Time of day."] * 20 + ["Now it is time."]
    documents = {f"{number}.md": document_of(text) for number, text in enumerate(texts)} | {
        f"x{n}.md": document_of("Owls.") for n in range(20)
    }
    entities = {"in": entity_of("in", title="in"), "time": entity_of("time", title="time"), "Time": entity_of("Time", title="Time")}
    found = find_mentions(documents, {path: path for path in documents}, entities)
    assert {(item.target, item.text, item.start) for item in found} == {("Time", "Time", 41)}
    few = {path: document for path, document in documents.items() if path in ("1.md", "2.md", "3.md")}
    assert {item.target for item in find_mentions(few, {path: path for path in few}, {"time": entities["time"]})} == {"time"}


def linking(text: str, target: str, count: int) -> list[Link]:
    return [Link(f"s{number}", target, target, "markdown", text, "", f"s{number}.md", 1, 0, -1, 0, "body") for number in range(count)]


@pytest.mark.parametrize(
    ("links", "found"),
    [
        (linking("the corn house", "mill", 2), ["mill"]),
        (linking("The Corn House", "mill", 2), ["mill"]),
        (linking("the corn house", "mill", 1), []),
        (linking("the corn house", "mill", 2) + linking("the corn house", "deep", 1), []),
        (linking("the corn house", "own", 2), []),
        (linking("the corn house", "list", 2), []),
        (linking("deep pool", "mill", 9), ["deep"]),
    ],
)
def test_what_pages_call_an_entity_where_they_link_to_it_is_a_name_of_it(links: list[Link], found: list[str]) -> None:
    documents = {"own.md": document_of("At the corn house, and a deep pool." if "deep" in found else "At the corn house.")}
    assert [item.target for item in find_mentions(documents, {"own.md": "own"}, NAMES, links)] == found


def test_a_text_that_is_seldom_a_link_is_no_name() -> None:
    documents = {f"{number}.md": document_of("There at the corn house.") for number in range(9)}
    found = [len(find_mentions(documents, {path: path for path in documents}, NAMES, linking("corn house", "mill", n))) for n in (2, 3)]
    assert found == [0, 9]


def test_no_names_no_mentions() -> None:
    assert mentions_in("Text", entities={}) == []
    assert mentions_in("Text a", entities={"a": entity_of("a", title="a")}) == []


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["water", "mill", "wheel", "deep", "pool", "cut", "ter", "s", "IT", "it", "-", ".", "ß", "İ", "C++", "guide", "\n\n"]
        ),
        max_size=14,
    )
)
def test_offsets_are_those_of_the_words_and_bound_by_no_letters(parts: list[str]) -> None:
    text = " ".join(parts)
    document = document_of(text)
    for mention in mentions_in(text):
        block = document.blocks[mention.block].text
        end = mention.start + len(mention.text)
        assert block[mention.start : end] == mention.text
        assert mention.start == 0 or not block[mention.start - 1].isalnum()
        assert not block[end : end + 1].isalnum() or block[end] in "sS"
        assert mention.text.lower() in {name.lower() for name in names_of(NAMES[mention.target])}
