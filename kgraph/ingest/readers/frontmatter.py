"""Front matter: the block of YAML before the first line of a page."""

from __future__ import annotations

import re
from typing import Any

from kgraph.ingest.readers.yamldata import Record, YamlProblem, read_yaml
from kgraph.model.document import Problem

__all__ = ["split_front_matter"]

_BLOCK = re.compile(r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S | re.M)


def split_front_matter(text: str) -> tuple[dict[str, Any], dict[str, int], str, int, list[Problem]]:
    """Front matter, the line of each key, the body, the line on which the body starts, and what is wrong.

    >>> split_front_matter("---\\ntitle: A\\n---\\nText")[:4]
    ({'title': 'A'}, {'title': 2}, 'Text', 4)
    """
    block = _BLOCK.match(text)
    if block is None:
        return {}, {}, text, 1, []
    body_line = 1 + text.count("\n", 0, block.end())
    body = text[block.end() :]
    try:
        data, problems = read_yaml(block.group(1), first_line=2)
    except YamlProblem as error:
        return {}, {}, body, body_line, [Problem("E103", f"front matter: {error}", error.line)]
    if data is None:
        return {}, {}, body, body_line, problems
    if not isinstance(data, Record):
        return {}, {}, body, body_line, [Problem("E103", "front matter is no mapping of keys to values", 2)]
    return data, data.lines, body, body_line, problems
