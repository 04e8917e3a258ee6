"""The server in a process of its own, as people run it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def running(workspace: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str, str]]:
    """A server on a free port: process, first line it says, address."""
    command = [sys.executable, "-m", "kgraph", "serve", "-w", str(workspace), "--port", "0", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        line = process.stderr.readline()
        yield process, line, line.strip().rsplit(" ", 1)[-1]
    finally:
        process.kill()
        process.communicate()
