"""Where the file of each page lies: a path that every file system can hold, and no two ids share."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from urllib.parse import quote

__all__ = ["page_file", "page_files"]

_LONGEST_NAME = 150
_LONGEST_PATH = 600
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.I)
"""Names that Windows keeps for devices, whatever the suffix."""


def page_file(entity_id: str) -> str:
    """Path of the file of one page; an id with ``/`` makes folders, and no id leads out of them.

    What a file system cannot hold (names of devices, dots at the end, names that are too long) is written otherwise; no two ids
    give the same path, nor one a folder where the other gives a file.

    >>> page_file("risks/x"), page_file("../a b"), page_file("x.json/con")
    ('pages/risks/x.json', 'pages/%2E%2E/a%20b.json', 'pages/x%2Ejson/%63on.json')
    """
    *folders, name = [_segment(part) for part in entity_id.split("/")]
    folders = [part[:-5] + "%2E" + part[-4:] if part.lower().endswith(".json") else part for part in folders]
    path = "/".join([*folders, name])
    return f"pages/{path if len(path) <= _LONGEST_PATH else _shortened(path)}.json"


def _segment(part: str) -> str:
    """Name of a file or folder that holds one part of an id, percent-encoded where needed."""
    name = quote(part.encode("utf-8", "replace"), safe="-._~!$&'()+,;=@")
    if name in (".", ".."):
        return name.replace(".", "%2E")
    if _DEVICE.fullmatch(name):
        name = f"%{ord(name[0]):02X}{name[1:]}"
    if name.endswith("."):
        name = name[:-1] + "%2E"
    return _shortened(name) if len(name) > _LONGEST_NAME else name or "%"


def _shortened(name: str) -> str:
    """The start of a name with a checksum of the whole; ``%~`` stands in no name that is not shortened."""
    return f"{name[:80].rstrip('.%/')}%~{hashlib.sha256(name.encode()).hexdigest()[:32]}"


def page_files(ids: Iterable[str]) -> dict[str, str]:
    """Path of the file of each page; where names differ in their case only, all but the first get a checksum.

    >>> page_files(["Ford", "ford"])
    {'Ford': 'pages/Ford.json', 'ford': 'pages/ford%~0f0bc4a420f11fc4.json'}
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for entity_id in sorted(ids):
        path = page_file(entity_id)
        if path.lower() in taken:
            path = f"{path[:-5]}%~{hashlib.sha256(path.encode()).hexdigest()[:16]}.json"
        taken.add(path.lower())
        found[entity_id] = path
    return found
