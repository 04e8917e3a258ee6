"""Time that processors spend, which does not hang on how busy the machine is."""

from __future__ import annotations

import resource

__all__ = ["spent_by_children"]


def spent_by_children() -> float:
    """Seconds of processor time of all processes that this one started and that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
