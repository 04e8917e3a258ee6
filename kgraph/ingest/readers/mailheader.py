"""The header of a text as mails have it: fields, one a line, before the first empty line (RFC 5322, section 2.2)."""

from __future__ import annotations

import re
from typing import Any

__all__ = ["mail_header"]

_HEADER = re.compile(r"\A\s*?(?:^[A-Z][A-Za-z-]{0,30}:(?:[ \t].*)?\n(?:[ \t]+\S.*\n)*){2,}(?=[ \t]*\n|\Z)", re.M)
_FIELD = re.compile(r"([A-Z][A-Za-z-]{0,30}):(.*)")


def mail_header(text: str) -> tuple[dict[str, Any], dict[str, int], str]:
    """Fields of a header as mails have it, their lines, and the text with empty lines in its place.

    >>> mail_header("PEP: 7\\nTitle: Ropes\\nRequires: 3,\\n  4\\n\\nText\\n")
    ({'pep': '7', 'title': 'Ropes', 'requires': '3, 4'}, {'pep': 1, 'title': 2, 'requires': 3}, '\\n\\n\\n\\n\\nText\\n')
    """
    found = _HEADER.match(text)
    if not found:
        return {}, {}, text
    fields: dict[str, Any] = {}
    lines: dict[str, int] = {}
    key = ""
    for number, line in enumerate(found.group().split("\n"), 1):
        field = _FIELD.match(line)
        if field:
            key = field[1].lower()
            fields.setdefault(key, "")
            lines.setdefault(key, number)
            fields[key] = " ".join((fields[key], field[2].strip())).strip()
        elif key and line.strip():
            fields[key] = f"{fields[key]} {line.strip()}".strip()
    if "title" not in fields and len(fields) < 3:
        return {}, {}, text
    fields = {name: value for name, value in fields.items() if value}
    return fields, {name: lines[name] for name in fields}, "\n" * found.group().count("\n") + text[found.end() :]
