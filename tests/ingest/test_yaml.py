"""YAML, read without running anything, losing a line, or unfolding a bomb."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from kgraph.ingest.readers import yamldata
from kgraph.ingest.readers.yamldata import Record, YamlProblem, read_yaml


def value_of(text: str) -> Any:
    data, problems = read_yaml(text)
    assert problems == []
    msgspec.json.encode(data)
    return data


def problem_of(text: str) -> tuple[str, int]:
    with pytest.raises(YamlProblem) as caught:
        read_yaml(text)
    return str(caught.value), caught.value.line


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2024-05-06", "2024-05-06"),
        ("2024-05-06T07:08:09Z", "2024-05-06T07:08:09Z"),
        ("7", 7),
        ("-7", -7),
        ("+7", 7),
        ("1_000", 1000),
        ("9223372036854775807", 2**63 - 1),
        ("9223372036854775808", "9223372036854775808"),
        ("9" * 40, "9" * 40),
        ("012", "012"),
        ("0o17", "0o17"),
        ("0x1f", "0x1f"),
        ("0b11", "0b11"),
        ("0", 0),
        ("1:30", "1:30"),
        ("190:20:30", "190:20:30"),
        ("1.5", 1.5),
        ("1e3", "1e3"),
        ("1.0e+3", 1000.0),
        ("1.0e+999", "1.0e+999"),
        (".nan", ".nan"),
        (".inf", ".inf"),
        ("-.INF", "-.INF"),
        ("yes", True),
        ("Off", False),
        ("true", True),
        ("null", None),
        ("~", None),
        ("", None),
        ("NULL", None),
        ("y", "y"),
        ("'7'", "7"),
        ('"null"', "null"),
        ("=", "="),
        ("<<", "<<"),
        ("!str 7", "7"),
        ("!!int '7'", "7"),
        ("!!python/object/apply:os.system [ls]", ["ls"]),
        ("!include secrets.yaml", "secrets.yaml"),
        ("!ruby/object:X {a: 1}", {"a": 1}),
        ("|\n    two\n    lines", "two\nlines"),
        (">\n    one\n    line", "one line"),
        ("[1, [2, {}], []]", [1, [2, {}], []]),
        ("'it''s'", "it's"),
        ('"\\x41\\n"', "A\n"),
        ("🐝", "🐝"),
    ],
)
def test_scalars(written: str, expected: object) -> None:
    value = value_of(f"value: {written}")["value"]
    assert value == expected
    assert isinstance(value, (bool, float, str)) == isinstance(expected, (bool, float, str))


@pytest.mark.parametrize("key", ["title", "name", "id", "entityId", "aliases", "tags", "label"])
@pytest.mark.parametrize("written", ["1984", "1.10", "NO", "yes", "1_0", "1.0e+3"])
def test_names_are_text_as_written(key: str, written: str) -> None:
    assert value_of(f"{key}: {written}") == {key: written}
    assert value_of(f"- {key}: [{written}, x]") == [{key: [written, "x"]}]
    assert value_of(f"{key}:\n  - deep: {{other: 7}}") == {key: [{"deep": {"other": 7}}]}
    assert value_of(f"{key}: null\nother: {written}")[key] is None
    assert value_of(f"{key}: false") == {key: False}, "which switches something off"


def test_lines_of_keys_and_mappings() -> None:
    data, _ = read_yaml("a: 1\n# note\nb:\n  - c: 2\n\n    d: 3\n  - {e: 4,\n     f: 5}\n", first_line=10)
    assert isinstance(data, Record)
    assert data.lines == {"a": 10, "b": 12}
    first, second = data["b"]
    assert (first.line, first.lines, second.line, second.lines) == (13, {"c": 13, "d": 15}, 16, {"e": 16, "f": 17})


def test_a_key_that_stands_twice_is_a_problem_with_its_line() -> None:
    data, problems = read_yaml("a: 1\nb:\n  c: 1\n  c: 2\na: 3\n")
    assert data == {"a": 3, "b": {"c": 2}}
    assert [(problem.rule, problem.line) for problem in problems] == [("W106", 4), ("W106", 5)]


def test_merge_keys_and_aliases() -> None:
    data = value_of(
        "base: &base {a: 1, b: 2}\none:\n  <<: *base\n  b: 3\ntwo:\n  b: 4\n  <<: [*base, {c: 5}]\nthree: *base\n'<<': {d: 6}\n"
    )
    assert data["one"] == {"a": 1, "b": 3}
    assert data["two"] == {"a": 1, "b": 4, "c": 5}
    assert data["three"] == {"a": 1, "b": 2}
    assert data["<<"] == {"d": 6}, "a quoted key is no merge"


def test_aliases_of_keys_and_of_names_not_known() -> None:
    assert value_of("&k key: v\nother: *k\nmore: {*k : again}") == {"key": "v", "other": "key", "more": {"key": "again"}}
    assert problem_of("a: 1\nb: *nothing") == ("the alias 'nothing' names nothing that stands before it", 2)
    assert problem_of("a: &a [*a]")[1] == 1


def test_complex_keys_do_not_shift_what_follows() -> None:
    assert value_of("? [a, b]\n: c\nd: e") == {"?": "c", "d": "e"}
    assert value_of("? {a: b}\n: [c]\nd: e") == {"?": ["c"], "d": "e"}


def test_alias_bombs_are_stopped() -> None:
    laughs = "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
    for name, before in zip("bcdefghij", "abcdefghi", strict=True):
        laughs += f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n"
    assert "aliases" in problem_of(laughs)[0]
    long = f"a: &a {'x' * 1_000_000}\nb: [{', '.join(['*a'] * 1000)}]"
    assert problem_of(long) == ("aliases unfold to too many values", 2)


@pytest.mark.parametrize("depth", [201, 1_500, 50_000])
@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_deep_nesting_is_stopped(opening: str, depth: int) -> None:
    assert problem_of(opening * depth)[0]


def test_nesting_of_a_hundred_is_read_and_written() -> None:
    data = value_of("[" * 100 + "]" * 100)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(data)) == data


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("a: 1\nauthor: @keeper\n", 2, "quotes"),
        ("a: `x`\n", 1, "quotes"),
        ("a:\n\t- b\n", 2, "tab"),
        ("a: [1\nb: 2\n", 2, ""),
        ("a: 'x\n", 2, ""),
        ("a: b: c", 1, ""),
        ("a: \x07", 1, ""),
        ("a: %x\n", 1, "quotes"),
        ("{", 1, ""),
    ],
)
def test_what_is_no_yaml_is_a_problem_with_its_line(text: str, line: int, what: str) -> None:
    message, found = problem_of(text)
    assert abs(found - line) <= 1
    assert what in message
    assert "\n" not in message


SURROGATES = [
    ('a: "\\ud800"', "\ufffd"),
    ('a: "\\uDFFF x"', "\ufffd x"),
    ('a: "\\ud83d\\udc1d"', "🐝"),
    ('a: "\\ud83d \\udc1d"', "\ufffd \ufffd"),
    ('a: "\\ud800\\ud83d\\udc1d"', "\ufffd🐝"),
    ('b: "\\ud800"\na: "\\\\ud800 \\\\\\ud800"', "\\ud800 \\\ufffd"),
    ("a: \udc80x", "?x"),
]


@pytest.mark.parametrize(("text", "expected"), SURROGATES)
@pytest.mark.parametrize("pure", [False, True])
def test_halves_of_utf_16_are_joined_or_replaced(text: str, expected: str, pure: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if pure:
        monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
        monkeypatch.setattr(yamldata, "_LOADER", yaml.SafeLoader)
    value = value_of(text)["a"]
    assert value == expected
    assert value.encode("utf-8")


def test_the_first_document_counts() -> None:
    assert value_of("---\na: 1\n---\nb: 2\n") == {"a": 1}
    assert value_of("") is None
    assert value_of("# only a note\n") is None


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text(max_size=8) | st.dates().map(str),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=5).map("k{}".format), inner, max_size=3)
    ),
    max_leaves=12,
)


def _texts(value: Any) -> Any:
    """What is kept of a value: integers of more than 64 bits are text."""
    if isinstance(value, dict):
        return {key: _texts(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_texts(item) for item in value]
    return str(value) if type(value) is int and not -(2**63) <= value < 2**63 else value


@settings(max_examples=150, deadline=None)
@given(PLAIN.map(lambda value: {"value": value}))
def test_what_another_tool_writes_is_read_back(data: dict[str, Any]) -> None:
    text = yaml.safe_dump(data)
    assert read_yaml(text)[0] == _texts(data)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab:-?&*!|>'\"{}[],#%@` \n\t~1.\\ud8", max_size=60) | st.text(max_size=40))
def test_any_text_is_data_or_a_problem(text: str) -> None:
    lines = range(5, 7 + sum(text.count(sign) for sign in "\n\r\x85\u2028\u2029"))
    try:
        data, problems = read_yaml(text, first_line=5)
    except YamlProblem as problem:
        line = problem.line
    else:
        line = max((problem.line for problem in problems), default=5)
        msgspec.msgpack.encode(data)
        assert {problem.rule for problem in problems} <= {"W106"}
    assert line in lines


def test_line_separators_of_unicode_are_no_lines_of_the_file() -> None:
    with pytest.raises(YamlProblem, match="'@'") as raised:
        read_yaml("a: 1\n\u2028@b: 2")
    assert raised.value.line == 2
