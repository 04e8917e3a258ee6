"""YAML read safely: plain values, lines kept, duplicate keys and alias bombs noticed, no tag ever run."""

from __future__ import annotations

import re
from typing import Any

import yaml

from kgraph.model.document import Problem

__all__ = ["MOST_FIELDS", "Record", "YamlProblem", "read_yaml"]

MOST_FIELDS = 10_000
"""Fields that one row, or the front matter of one page, may have: each is a statement about its entity."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LARGEST = 2_000_000
_DEEPEST = 200
_PLAIN: Any = yaml.SafeLoader.yaml_implicit_resolvers
_KINDS = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("bool", "int", "float", "null"))
_SURROGATE = re.compile(
    r"(?<!\\)((?:\\\\)*)\\u(?:([dD][89abAB][0-9a-fA-F]{2})(?:\\u([dD][c-fC-F][0-9a-fA-F]{2}))?|[dD][c-fC-F][0-9a-fA-F]{2})"
)
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""What ends a line in YAML, which is more than what ends one in a file."""
_COMPLEX_KEY = ("?", -1)
_NAMES = frozenset(
    ("title", "name", "label", "term", "prefLabel", "id", "slug", "key", "identifier", "entityId", "entity_id", "aliases", "alias",
     "altLabels", "altLabel", "also_known_as", "alternateName", "tags", "keywords", "categories", "topics")
)  # fmt: skip
"""Keys whose values are names: ``1984``, ``1.10`` and ``NO`` under them are text, as written."""
_WORDS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False, "null": None, "~": None, "": None}


class YamlProblem(Exception):
    """The text is no YAML; ``line`` counts from 1 within the text."""

    def __init__(self, message: str, line: int) -> None:
        """Keep message and line."""
        super().__init__(message)
        self.line = line


class Record(dict[str, Any]):
    """A mapping that knows on which lines it and its keys stand."""

    __slots__ = ("line", "lines")
    line: int
    lines: dict[str, int]


def read_yaml(text: str, *, first_line: int = 1) -> tuple[Any, list[Problem]]:
    """Plain data of a YAML text: mappings as :class:`Record`, dates and unknown tags as text.

    Raises:
        YamlProblem: the text does not parse, or its aliases unfold to too much.

    """
    try:
        return _read(text, first_line)
    except UnicodeEncodeError:
        return read_yaml(_without_surrogates(text), first_line=first_line)
    except yaml.YAMLError as error:
        mended = _without_surrogates(text)
        if mended != text:
            return read_yaml(mended, first_line=first_line)
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        line = mark.line if mark is not None else 0
        what = getattr(error, "problem", None) or str(error).split("\n")[0]
        lines = _BREAK.split(text)
        if mark is not None and str(what).endswith("cannot start any token"):
            sign = "".join(lines[line : line + 1])[mark.column : mark.column + 1]
            what = "a tab stands where only spaces may" if sign == "\t" else f"no value can begin with {sign!r}: put it in quotes"
        ends = [match.group() for match in _BREAK.finditer(text)][:line]
        raise YamlProblem(str(what), first_line + sum("\n" in end for end in ends)) from None


def _read(text: str, first_line: int) -> tuple[Any, list[Problem]]:
    builder = _Builder(first_line)
    loader = _LOADER(text if hasattr(yaml, "CSafeLoader") else _without_surrogates(text))
    try:
        while loader.check_event():
            builder.take(loader.get_event())
    finally:
        loader.dispose()
    return builder.root, builder.problems


def _without_surrogates(text: str) -> str:
    """Text whose escapes of UTF-16 halves, as JSON writes them, are one escape; a half without the other is replaced."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    return _SURROGATE.sub(_joined, text) if "\\ud" in text or "\\uD" in text else text


def _joined(match: re.Match[str]) -> str:
    before, high, low = match.groups()
    if high is None or low is None:
        return f"{before}\\ufffd"
    return f"{before}\\U{0x10000 + (int(high, 16) - 0xD800) * 0x400 + int(low, 16) - 0xDC00:08x}"


class _Builder:
    """Turns the events of the YAML parser into plain data, without recursion."""

    def __init__(self, first_line: int) -> None:
        self.first_line = first_line
        self.problems: list[Problem] = []
        self.root: Any = None
        self.open: list[Any] = []
        self.keys: list[tuple[str, int] | None] = []
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.started: list[tuple[str | None, int]] = []
        self.made = 0
        self.handlers: dict[type, Any] = {
            yaml.ScalarEvent: self.scalar, yaml.MappingStartEvent: self.start_mapping, yaml.SequenceStartEvent: self.start_sequence,
            yaml.MappingEndEvent: self.end, yaml.SequenceEndEvent: self.end, yaml.AliasEvent: self.alias,
        }  # fmt: skip

    def take(self, event: Any) -> None:
        """Deal with one event."""
        handler = self.handlers.get(event.__class__)
        if handler is not None:
            handler(event)

    def line(self, event: Any) -> int:
        return self.first_line + int(event.start_mark.line)

    def scalar(self, event: Any) -> None:
        value = event.value
        size = 1 + len(value) // 64
        self.made += size
        if self.open and self.open[-1].__class__ is Record and self.keys[-1] is None:
            if event.anchor:
                self.anchors[event.anchor] = (value, size)
            self.key(value, event, merge=value == "<<" and event.implicit[0])
            return
        if event.implicit[0] and event.tag is None and value[:1] in _PLAIN:
            value = _plain(value)
            if value.__class__ is not str and value is not None and self.names() and event.value.lower() not in ("true", "false"):
                value = event.value
        if event.anchor:
            self.anchors[event.anchor] = (value, size)
        self.put(value)

    def names(self) -> bool:
        """Whether what is read next is a name, or an item of a list of names."""
        for holder, key in zip(self.open[:-3:-1], self.keys[:-3:-1], strict=True):
            if holder.__class__ is Record:
                return key is not None and key[0] in _NAMES
        return False

    def key(self, written: str, event: Any, *, merge: bool = False) -> None:
        """The key of the next value of the mapping that is open."""
        record = self.open[-1]
        line = self.line(event)
        if written in record.lines and not merge:
            self.problems.append(Problem("W106", f"the key {written!r} stands twice", line))
        self.keys[-1] = ("<<" if merge else written, 0 if merge else line)

    def put(self, value: Any) -> None:
        """Put a value into what is open."""
        if not self.open:
            if self.root is None:
                self.root = value
            return
        holder = self.open[-1]
        if holder.__class__ is list:
            holder.append(value)
            return
        key = self.keys[-1]
        if key is None or key is _COMPLEX_KEY:
            self.keys[-1] = ("?", holder.line)
            return
        self.keys[-1] = None
        name, line = key
        if line == 0:
            for part in value if isinstance(value, list) else [value]:
                for inner, item in part.items() if isinstance(part, dict) else ():
                    holder.setdefault(inner, item)
            return
        holder[name] = value
        holder.lines[name] = line

    def start_mapping(self, event: Any) -> None:
        record = Record()
        record.line = self.line(event)
        record.lines = {}
        self.start(record, event)

    def start_sequence(self, event: Any) -> None:
        self.start([], event)

    def start(self, holder: Any, event: Any) -> None:
        self.made += 1
        if len(self.open) >= _DEEPEST:
            raise YamlProblem("nested too deeply", self.line(event))
        if self.open and self.open[-1].__class__ is Record and self.keys[-1] is None:
            self.keys[-1] = _COMPLEX_KEY
        self.open.append(holder)
        self.keys.append(None)
        self.started.append((event.anchor, self.made))

    def end(self, _event: Any) -> None:
        holder = self.open.pop()
        self.keys.pop()
        anchor, since = self.started.pop()
        if anchor:
            self.anchors[anchor] = (holder, self.made - since + 1)
        self.put(holder)

    def alias(self, event: Any) -> None:
        known = self.anchors.get(event.anchor)
        if known is None:
            raise YamlProblem(f"the alias {event.anchor!r} names nothing that stands before it", self.line(event))
        value, size = known
        self.made += size
        if self.made > _LARGEST:
            raise YamlProblem("aliases unfold to too many values", self.line(event))
        if self.open and self.open[-1].__class__ is Record and self.keys[-1] is None:
            self.key(str(value), event)
            return
        self.put(value)


def _plain(text: str) -> Any:
    """Value of a plain scalar: truth values, null and numbers as such; what is larger than 64 bits, octal or a date as text."""
    for tag, pattern in _PLAIN[text[:1]]:
        if pattern.match(text):
            if tag not in _KINDS:
                return text
            return _value(text, tag)
    return text


def _value(text: str, tag: str) -> Any:
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    digits = text.lstrip("+-")
    if ":" in text or (tag.endswith(":int") and len(digits) > 1 and digits[0] == "0"):
        return text
    try:
        if tag.endswith(":int"):
            number = int(text.replace("_", ""))
            return number if -(2**63) <= number < 2**63 else text
        real = float(text.replace("_", ""))
    except ValueError:
        return text
    return real if real - real == 0 else text
