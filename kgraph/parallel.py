"""Work beside the main line, in a forked process where the system has them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from kgraph.errors import KgraphError, WorkspaceError

__all__ = ["beside", "can_fork"]


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


@contextmanager
def beside(work: Callable[[], bytes], *, jobs: int) -> Iterator[Callable[[], bytes]]:
    """Run ``work`` beside the block of a ``with`` statement.

    The process is forked, so that ``work`` sees the objects of the caller without copying them; what it gives is bytes.
    With one job, or where :func:`can_fork` says no, it runs when its result is asked for.

    Yields:
        A function that waits for the end and gives the result, or raises what went wrong.

    """
    if jobs <= 1 or not can_fork():
        yield work
        return
    from multiprocessing import get_context

    context = get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(work, sender), daemon=True)
    process.start()
    sender.close()

    def wait() -> bytes:
        try:
            done, content = receiver.recv()
        except EOFError:
            process.join()
            raise WorkspaceError(f"a process of the build ended early (exit code {process.exitcode}): is memory or disk full?") from None
        process.join()
        if not done:
            raise content
        result: bytes = content
        return result

    try:
        yield wait
    finally:
        if process.is_alive():
            process.terminate()
        process.join()
        receiver.close()


def _run(work: Callable[[], bytes], sender: Any) -> None:
    try:
        sender.send((True, work()))
    except KgraphError as error:
        sender.send((False, error))
    except OSError as error:
        sender.send((False, OSError(error.errno, error.strerror, error.filename)))
    except Exception as error:  # noqa: BLE001 - raised again by the process that waits
        sender.send((False, RuntimeError(f"{type(error).__name__}: {error}")))
