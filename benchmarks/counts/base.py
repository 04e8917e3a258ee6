"""What a count says of a corpus, and how a tool that is installed elsewhere is asked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from msgspec import Struct

__all__ = ["Count", "ask_peer"]


class Count(Struct, frozen=True):
    """Figures of one corpus; None where the way of counting has none."""

    how: str
    """Which tool or which count."""
    pages: int | None = None
    links: int | None = None
    """Links as written, to pages, dead ones included."""
    pairs: frozenset[tuple[str, str]] | None = None
    """Distinct pairs of paths: page that links, page linked; without links of a page to itself."""
    dead: int | None = None
    aliases: int | None = None
    redirects: int | None = None
    notes: tuple[str, ...] = ()


def ask_peer(module: str, script: str, *arguments: str) -> Any | None:
    """What a script of this package prints as JSON, run by a Python that has ``module``; None where none has.

    That Python is this one, or the one that the environment variable ``PEERS`` names: tools that kgraph is compared with need not be
    installed beside it.
    """
    python = os.environ.get("PEERS") or sys.executable
    found = subprocess.run([python, "-I", "-c", f"import {module}"], capture_output=True, check=False)
    if found.returncode:
        return None
    path = Path(__file__).with_name(script)
    done = subprocess.run([python, "-I", str(path), *arguments], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)
