"""YAML read safely: plain values, lines kept, duplicate keys and alias bombs noticed, no tag ever run."""

from __future__ import annotations

from typing import Any

import yaml

from kgraph.model.document import Problem

__all__ = ["Record", "YamlProblem", "read_yaml"]

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LARGEST = 2_000_000
_PLAIN = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("bool", "int", "float", "null"))


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
    problems: list[Problem] = []
    try:
        loader = _LOADER(text)
        try:
            node = loader.get_single_node()
            builder = _Builder(loader, problems, first_line)
            return (None if node is None else builder.build(node)), problems
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        line = mark.line if mark is not None else 0
        what = getattr(error, "problem", None) or str(error).split("\n")[0]
        raise YamlProblem(str(what), first_line + line) from None
    except RecursionError:
        raise YamlProblem("nested too deeply", first_line) from None


class _Builder:
    """Turns nodes into plain data."""

    def __init__(self, loader: Any, problems: list[Problem], first_line: int) -> None:
        self.loader = loader
        self.problems = problems
        self.first_line = first_line
        self.made = 0

    def build(self, node: Any) -> Any:
        self.made += 1
        if self.made > _LARGEST:
            raise YamlProblem("aliases unfold to too many values", self.line(node))
        kind = node.id
        if kind == "scalar":
            return self.scalar(node)
        if kind == "sequence":
            return [self.build(item) for item in node.value]
        return self.mapping(node)

    def line(self, node: Any) -> int:
        return self.first_line + int(node.start_mark.line)

    def scalar(self, node: Any) -> Any:
        if node.tag not in _PLAIN:
            return node.value
        try:
            if node.tag.endswith(":int") and ((node.value.startswith("0") and len(node.value) > 1) or ":" in node.value):
                return node.value
            value = self.loader.construct_object(node)
        except (ValueError, OverflowError, yaml.YAMLError):
            return node.value
        if isinstance(value, int) and not isinstance(value, bool) and not -(2**63) <= value < 2**63:
            return node.value
        if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
            return node.value
        return value

    def mapping(self, node: Any) -> Record:
        record = Record()
        record.line = self.line(node)
        record.lines = {}
        for key_node, value_node in node.value:
            key = str(key_node.value) if key_node.id == "scalar" else "?"
            if key == "<<" and key_node.tag.endswith(":merge"):
                merged = self.build(value_node)
                for part in merged if isinstance(merged, list) else [merged]:
                    if isinstance(part, dict):
                        for inner, value in part.items():
                            record.setdefault(inner, value)
                continue
            line = self.line(key_node)
            if key in record.lines:
                self.problems.append(Problem("W106", f"the key {key!r} stands twice", line))
            record[key] = self.build(value_node)
            record.lines[key] = line
        return record
