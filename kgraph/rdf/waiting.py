"""Work that is waited for no longer than so long, in threads that are kept: starting one takes longer than most queries."""

from __future__ import annotations

import os
import queue
import threading
from collections import deque
from collections.abc import Callable
from traceback import clear_frames
from typing import Any, TypeVar

__all__ = ["TooLateError", "run_within"]

_T = TypeVar("_T")


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
os.register_at_fork(after_in_child=_idle.clear)


def run_within(seconds: float | None, work: Callable[[], _T]) -> _T:
    """What the work gives; it runs in another thread, so that it can be left behind and Ctrl-C is heard meanwhile.

    Args:
        seconds: How long to wait; None waits for as long as it takes.
        work: What to do.

    Raises:
        TooLateError: the time is over; the work goes on, and what it gives is dropped.

    """
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
