"""Work that is waited for no longer than so long, in threads that are kept: starting one takes longer than most queries.

Handing work to a thread and back takes a fifth of a millisecond, as long as the least queries: what took little the last time it was done
is done at once.
"""

from __future__ import annotations

import os
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Hashable
from contextlib import suppress
from traceback import clear_frames
from typing import Any, TypeVar

__all__ = ["TooLateError", "run_within"]

_T = TypeVar("_T")
_QUICK = 0.005
"""Seconds up to which work is quick: as long as Ctrl-C may go unheard."""
_KNOWN = 256
"""Pieces of quick work that are known, at the most."""


class TooLateError(Exception):
    """The time is over."""


class _Helper:
    """A thread that does one piece of work after the other."""

    def __init__(self) -> None:
        self.todo: queue.SimpleQueue[Callable[[], Any] | None] = queue.SimpleQueue()
        self.done: queue.SimpleQueue[tuple[Any, BaseException | None]] = queue.SimpleQueue()
        threading.Thread(target=self._run, daemon=True, name="kgraph-query").start()

    def _run(self) -> None:
        while (work := self.todo.get()) is not None:
            try:
                outcome: tuple[Any, BaseException | None] = (work(), None)
            except BaseException as error:  # noqa: BLE001 - handed over to the one who waits
                clear_frames(error.__traceback__)  # what the work held may be let go in this thread only
                outcome = (None, error)
            self.done.put(outcome)
            del work, outcome


_idle: deque[_Helper] = deque()
_quick: dict[Hashable, None] = {}
os.register_at_fork(after_in_child=_idle.clear)


def run_within(seconds: float | None, work: Callable[[], _T], *, key: Hashable = None) -> _T:
    """What the work gives; it runs in another thread, so that it can be left behind and Ctrl-C is heard meanwhile.

    Args:
        seconds: How long to wait; None waits for as long as it takes.
        work: What to do.
        key: What tells the work apart; work with the same key that was quick the last time is done in this thread.

    Raises:
        TooLateError: the time is over; the work goes on, and what it gives is dropped.

    """
    started = time.perf_counter()
    if key is not None and _quick.pop(key, key) is None:
        value = work()
        took = time.perf_counter() - started
        if seconds is not None and took > seconds:
            raise TooLateError
    else:
        value = _helped(seconds, work)
        took = time.perf_counter() - started
    if key is not None and took <= _QUICK:
        _quick[key] = None
        with suppress(KeyError, RuntimeError):  # other threads may do the same
            while len(_quick) > _KNOWN:
                del _quick[next(iter(_quick))]
    return value


def _helped(seconds: float | None, work: Callable[[], _T]) -> _T:
    """Let a thread do the work."""
    try:
        helper = _idle.pop()
    except IndexError:
        helper = _Helper()
    helper.todo.put(work)
    try:
        value, error = helper.done.get(timeout=seconds)
    except queue.Empty:
        helper.todo.put(None)
        raise TooLateError from None
    except BaseException:
        helper.todo.put(None)
        raise
    _idle.append(helper)
    if error is not None:
        raise error
    return value  # type: ignore[no-any-return]
