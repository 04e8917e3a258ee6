"""The scanner that takes tags, expressions and module code out of a text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgraph.ingest.readers.markup import mask_markup
from kgraph.ingest.readers.markuplines import MARKER, Element, Masked

SIGNS = st.text(alphabet="<>/={}`~'\"\\ \t\n!-[]()#*aAbB1.:_\x02\x03importexs", max_size=120)


def masked_of(text: str, *, mdx: bool = True) -> Masked:
    masked = mask_markup(text, mdx=mdx)
    assert masked.text.count("\n") == text.count("\n"), "lines are kept"
    return masked


def shown(text: str, *, mdx: bool = True) -> str:
    """Masked text with markers as ``<0>``."""
    return MARKER.sub(lambda match: f"<{match.group(1)}>", masked_of(text, mdx=mdx).text)


def tag_of(text: str, *, mdx: bool = True) -> Element:
    elements = masked_of(text, mdx=mdx).elements
    assert len(elements) == 1
    return elements[0]


@settings(max_examples=300, deadline=None)
@given(SIGNS | st.text(max_size=100), st.booleans())
def test_lines_are_kept_for_any_text(text: str, mdx: bool) -> None:
    masked = mask_markup(text, mdx=mdx)
    assert masked.text.count("\n") == text.count("\n")
    for index in MARKER.findall(masked.text):
        assert index == "" or int(index) < len(masked.elements)
    assert all(0 <= index < len(masked.elements) for index in masked.standalone)
    lines = range(1, text.count("\n") + 2)
    assert all(element.line in lines for element in masked.elements)


@pytest.mark.parametrize(
    "text",
    [
        "<a " * 5000,
        "{" * 5000,
        "`" * 5000,
        "<!--" * 5000,
        "<pre>" * 5000,
        "<a x={" * 5000,
        "<a b='" * 5001,
        "<a b" + " c" * 20000,
        "{'" * 5000,
        "```" * 5000,
        "``` a " * 5000,
        "".join("`" * size + "a" for size in range(1, 200)),
        "~~~\n" * 5001,
        "import a\n" * 5000,
        "export {" * 5000,
        "\nexport {\n" * 5000,
        "x\nimport y from 'z'\n" * 5000,
        "</a" * 5000,
        "<>" * 5000,
        "](<" * 5000,
        "> " * 5000 + "```",
        "\\" * 5001,
        "<code>" * 5000 + "</code>" * 5000,
        "{/*" * 5000,
        "<a\n" * 5000,
        "\x020\x03" * 5000,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_hostile_repetition_ends(text: str) -> None:
    for mdx in (True, False):
        assert masked_of(text, mdx=mdx).text.count("\n") == text.count("\n")


@pytest.mark.parametrize(
    "code",
    [
        "import a from 'a'",
        'import {a, b as c} from "a"',
        "import * as a from 'a'",
        "import a, {b} from 'a'",
        "import 'style.css'",
        "import type {A} from './a'",
        "import {\n  a,\n  b,\n} from 'a'",
        "export default Layout",
        "export const a = 1\nexport {a}",
        "export const a = {\n  b: '}',\n\n  c: [1],\n}",
        "export async function a() {\n\n  return `${1}`\n}",
        "export * from 'a'",
        "export type A = {b: string}",
    ],
)
def test_module_code_is_left_out_to_the_next_blank_line(code: str) -> None:
    assert shown(f"{code}\n\nProse <A/>").strip() == "Prose <0>"
    assert shown(f"Before.\n\n{code}\n\nProse <A/>").split() == ["Before.", "Prose", "<0>"]
    assert shown(f"<A/>\n{code}\n\nProse").split() == ["Prose"], "a tag alone before it is a block of its own"


@pytest.mark.parametrize(
    "prose",
    [
        "import duties fell",
        "exports rose",
        "export of tea",
        "important things",
        "imports",
        "import default settings",
        "We\nimport {tea} daily",
        "    import a from 'a'",
    ],
)
def test_prose_that_begins_like_module_code_is_prose(prose: str) -> None:
    assert shown(prose).split()[:2] == prose.split()[:2]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a {b} c", "a c"),
        ("a{b}c", "a c"),
        ("{/* note */} c", " c"),
        ("a {'}'} b", "a b"),
        ("a {`}${'{'}`} b", "a b"),
        ("a {{b: {c: 1}}} d", "a d"),
        ("a {/* } */ 1} b", "a b"),
        ("a { b", "a { b"),
        ("a } b", "a } b"),
        ("a \\{b} c", "a \\{b} c"),
        ("## Head {#own-id}", "## Head {#own-id}"),
        ("a {b\nc} d", "a \n d"),
        ("{<A id='x' />} b", " b"),
    ],
)
def test_expressions_leave_a_space_and_are_never_read(text: str, expected: str) -> None:
    assert shown(text).replace("  ", " ") == expected.replace("  ", " ")


def test_comments_are_left_out() -> None:
    assert shown("a <!-- <A id='x' /> --> b {/* <A/>\n*/} c").split() == ["a", "b", "c"]
    assert shown("a <!-- open <A/>", mdx=False) == "a <!-- open <0>"


@pytest.mark.parametrize(
    ("tag", "attributes", "dynamic", "alone"),
    [
        ("<A>", {}, (), False),
        ("<A/>", {}, (), True),
        ("<A id='x' />", {"id": "x"}, (), True),
        ('<A id="it\'s" b=\'"q"\'>', {"id": "it's", "b": '"q"'}, (), False),
        ("<A id=bare-value other>", {"id": "bare-value", "other": ""}, (), False),
        ("<A id={\"lit\"} b={'l2'} c={`l3`} />", {"id": "lit", "b": "l2", "c": "l3"}, (), True),
        ("<A id={name} b={`a${c}`} c={'a' + b} />", {}, ("id", "b", "c"), True),
        ("<A {...rest} id='x' {/* why */} />", {"id": "x"}, (), True),
        ("<A on={() => { if (a > 2) { b('}') } }} id='x'>", {"id": "x"}, ("on",), False),
        ("<A t='a &amp; b &lt; c'>", {"t": "a & b < c"}, (), False),
        ("<A\n  id='x'\n  label='two\nlines'\n/>", {"id": "x", "label": "two\nlines"}, (), True),
        ("<A.B id='x'>", {"id": "x"}, (), False),
        ("<my-tag data-id='x' xml:lang='en' @click='y'>", {"data-id": "x", "xml:lang": "en", "@click": "y"}, (), False),
        ("<A id = 'x' >", {"id": "x"}, (), False),
        ("<A id='x > y'>", {"id": "x > y"}, (), False),
    ],
)
def test_attributes(tag: str, attributes: dict[str, str], dynamic: tuple[str, ...], alone: bool) -> None:
    element = tag_of(f"Text {tag} more")
    assert (element.attributes, element.dynamic, element.alone) == (attributes, dynamic, alone)


def test_names_of_html_are_lower_case_and_of_components_as_written() -> None:
    names = [element.name for element in masked_of("x <eM>a</eM> <EntityLink/> <IMG> <DIV/> y").elements]
    assert names == ["em", "em", "EntityLink", "img", "DIV"]


@pytest.mark.parametrize(
    "prose",
    [
        "a < b",
        "a <b and more",
        "5 <6> 7",
        "x <- y",
        "a <= b",
        "<3",
        "<",
        "<<a",
        "<a",
        "</",
        "<a b='c",
        "<user@example.org>",
        '<a"b">',
        "<https://example.org/a?b=c>",
        "&lt;a&gt;",
        "\\<A id='x'>",
        "Vec<T",
        "<é>",
    ],
)
def test_less_than_in_prose_is_no_tag(prose: str) -> None:
    for mdx in (True, False):
        masked = masked_of(f"Say {prose}", mdx=mdx)
        assert masked.elements == ()
        assert masked.text == f"Say {prose}"


def test_autolinks_of_markdown_are_no_tags() -> None:
    assert masked_of("<urn:isbn:1> <mailto:a@b.c>", mdx=False).elements == ()


def test_html_tags_end_with_the_paragraph() -> None:
    assert masked_of("where a <b we\n\nmeet c> again", mdx=False).elements == ()
    assert tag_of("<b\nclass='x'>", mdx=False).attributes == {"class": "x"}


def test_destinations_in_angle_brackets_are_no_tags() -> None:
    for mdx in (True, False):
        assert masked_of('[a](<my page.md>) [b]( <two words.md> "T")\n\n[c]: <my page.md>\n[d]: <x y> "T"', mdx=mdx).elements == ()
        assert len(masked_of("[1]: <A id='x'>is</A> it", mdx=mdx).elements) == 2


@pytest.mark.parametrize(
    "code",
    [
        "`<A/>`",
        "`` ` <A/> ``",
        "```\n<A/>\n```",
        "~~~\n<A/>\n```\n<A/>\n~~~",
        "````md\n```\n<A/>\n```\n````",
        "- x\n  ```\n  <A/>\n  ```",
        "> ~~~\n> <A/>\n> ~~~",
        "```js {1}\n<A/>",
        "`a\n<A/>`",
        "<pre><A/></pre>",
        "<code><A/></code>",
        "<script>\n<A/>\n</script>",
        "<style>a > b {}</style>",
        "<pre>{x}</pre>",
        "1. ```\n   <A/>\n   ```",
    ],
)
def test_code_hides_tags(code: str) -> None:
    assert masked_of(code).elements == ()
    after = masked_of(f"{code}\n\n<B/> x" if "js" not in code else "<B/> x")
    assert [element.name for element in after.elements] == ["B"]


@pytest.mark.parametrize(
    "text", ["a ` b\n\n<A/> `", "a ` b\n \t\n<A/> `", "`` a ` <A/>", "\\`<A/>`", "> ```\n> x\n\n<A/>", "``` a ``` <A/>", "~~ <A/> ~~"]
)
def test_what_is_no_code_hides_none(text: str) -> None:
    assert [element.name for element in masked_of(text).elements] == ["A"]


def test_code_element_is_shown_as_code() -> None:
    assert shown("Run <code>a &lt; b</code> now") == "Run `a < b` now"
    assert shown("Run <code>a ` b</code> now") == "Run  now"


def test_lines_of_nothing_but_tags_are_set_apart() -> None:
    masked = masked_of("<A>\n<B x='1'>\n\nText\n\n</B>\n</A>\nTail <C/>")
    assert masked.text == "\n\n\nText\n\n\n\nTail \x024\x03"
    assert masked.standalone == {0, 1, 2, 3}


def test_a_tag_over_several_lines_does_not_split_its_paragraph() -> None:
    text = masked_of("One <A\n  id='x'\n  b='y'\n>two</A> three").text
    assert "\n\n" not in text
    assert text.count("\n") == 3


def test_fragments_vanish() -> None:
    assert shown("<>\nText\n</>") == "\nText\n"


def test_indentation_of_markup_is_taken_off() -> None:
    assert masked_of("<A>\n    one\n      two\n    <B>\n        three\n    </B>\n    four\n</A>").text == "\none\n  two\n\nthree\n\nfour\n"
    assert (
        masked_of("<ul>\n    <li>one</li>\n</ul>\n\n    code <b>\n", mdx=False).text == "\n\x021\x03one\x022\x03\n\n\n    code \x024\x03\n"
    )


def test_lines_of_tags_count_from_the_first_line_given() -> None:
    masked = mask_markup("a\n<A/>\n\nb <B/>", mdx=True, first_line=10)
    assert [element.line for element in masked.elements] == [11, 13]


def test_control_characters_cannot_pose_as_markers() -> None:
    masked = masked_of("a \x020\x03 \x00 <A/>")
    assert masked.text == "a \ufffd0\ufffd \ufffd \x020\x03"
