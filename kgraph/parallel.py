"""When work may go to further processes."""

from __future__ import annotations

import os
import sys

__all__ = ["can_fork"]


def can_fork() -> bool:
    """Whether this process may be forked: on Linux, with two processors or more, and with one thread only.

    A lock that another thread holds stays locked for ever in a forked process; notebooks, servers and test runners have such
    threads, the command line has not.
    """
    if not sys.platform.startswith("linux") or (os.cpu_count() or 1) < 2:
        return False
    try:
        return len(os.listdir("/proc/self/task")) == 1  # noqa: PTH208 - names are all that is wanted
    except OSError:
        return False
