"""Work in further processes, forked so that they see the objects of the caller without copying them.

What they give comes back as bytes. Where :func:`can_fork` says no, everything runs in the one process, with the same results.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from kgraph.errors import KgraphError, WorkspaceError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

__all__ = ["beside", "can_fork", "release_memory", "share_out"]

Task = TypeVar("Task")
Result = TypeVar("Result")
_NUMBER = 4
"""Bytes of the number of a task."""
_MOST_TASKS = 10_000
"""Their numbers must fit into a pipe that nobody reads yet, 65,536 bytes on Linux."""


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

    With one job, or where :func:`can_fork` says no, it runs when its result is asked for.

    Yields:
        A function that waits for the end and gives the result.

    Raises:
        KgraphError: the one that ``work`` raised, or a :class:`WorkspaceError` when its process was killed.
        OSError: the one that ``work`` raised.

    """
    if jobs <= 1 or not can_fork():
        yield work
        return
    from multiprocessing import get_context

    context = get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    result = os.fdopen(os.memfd_create("kgraph"), "r+b")  # of any size, and nobody waits until it is read
    process = context.Process(target=_run, args=(work, result, sender, os.getpid()), daemon=True)
    with _interrupts_later():
        process.start()
    sender.close()

    def wait() -> bytes:
        try:
            failed = receiver.recv()
        except EOFError:
            process.join()
            raise WorkspaceError(f"a process of the build ended early (exit code {process.exitcode}): is memory or disk full?") from None
        process.join()
        if failed is not None:
            raise failed
        result.seek(0)
        return result.read()

    try:
        yield wait
    finally:
        if process.is_alive():
            process.kill()
        process.join()
        receiver.close()
        result.close()


@contextmanager
def _interrupts_later() -> Iterator[None]:
    """Let an interrupt wait for the end of the block: one that comes during a fork is told and then lost."""
    import signal

    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _run(work: Callable[[], bytes], result: BinaryIO, sender: Connection, parent: int) -> None:
    """Do the work in the forked process; write what it gives, and send what it raised, or None."""
    _end_with(parent)
    try:
        result.write(work())
        result.flush()
    except KgraphError as error:
        sender.send(error)
    except OSError as error:
        sender.send(OSError(error.errno, error.strerror, error.filename))
    except Exception as error:  # noqa: BLE001 - raised again by the process that waits
        sender.send(RuntimeError(f"{type(error).__name__}: {error}"))
    else:
        sender.send(None)


def _end_with(parent: int) -> None:
    """Leave interrupts to the first process, and end at once when it is killed: nobody would read what this one makes."""
    import ctypes
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    set_parent_death_signal = 1
    ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def share_out(
    work: Callable[[Task], Result],
    tasks: Sequence[Task],
    *,
    jobs: int,
    pack: Callable[[Result], bytes],
    unpack: Callable[[Task, bytes], Result],
    progress: Callable[[int], None] | None = None,
) -> list[Result]:
    """Result of ``work`` for each task, in order. Each process takes the next task as soon as it is free.

    Args:
        work: Called with one task.
        tasks: Fewer than 10,000, of about the same size.
        jobs: Processes, this one included.
        pack: Encodes the result of a task made in another process.
        unpack: Decodes it.
        progress: Called with the number of tasks that were begun.

    Raises:
        ValueError: there are more tasks than the queue holds.

    """
    if len(tasks) >= _MOST_TASKS:
        raise ValueError(f"{len(tasks)} tasks are too many: make them larger")
    jobs = min(jobs, len(tasks))
    if jobs <= 1 or not can_fork():
        results = []
        for place, task in enumerate(tasks, 1):
            results.append(work(task))
            if progress:
                progress(place)
        return results
    import msgspec

    queue, end = os.pipe()
    os.write(end, b"".join(place.to_bytes(_NUMBER, "little") for place in range(len(tasks))))
    os.close(end)

    def numbers() -> Iterator[int]:
        while token := os.read(queue, _NUMBER):
            yield int.from_bytes(token, "little")

    def work_apart() -> bytes:
        return msgspec.msgpack.encode([(place, pack(work(tasks[place]))) for place in numbers()])

    try:
        with ExitStack() as stack:
            waits = [stack.enter_context(beside(work_apart, jobs=jobs)) for _ in range(jobs - 1)]
            made: dict[int, Result] = {}
            for place in numbers():
                made[place] = work(tasks[place])
                if progress:
                    progress(place + 1)
            for wait in waits:
                for place, blob in msgspec.msgpack.decode(wait(), type=list[tuple[int, bytes]]):
                    made[place] = unpack(tasks[place], blob)
    finally:
        os.close(queue)
    return [made[place] for place in range(len(tasks))]


def release_memory() -> None:
    """Give memory that was freed back to the system, where the C library can (glibc); it keeps it otherwise.

    A large build frees some hundred megabytes of small arrays between its stages.
    """
    import ctypes

    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform.startswith("linux") else None
    if trim is not None:
        trim(0)
