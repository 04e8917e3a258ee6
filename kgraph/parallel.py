"""Work in further processes, forked so that they see the objects of the caller without copying them.

What they give comes back as bytes. Where :func:`can_fork` says no, everything runs in the one process, with the same results.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, BinaryIO, NoReturn, Protocol, TypeAlias, TypeVar

from kgraph.errors import KgraphError, WorkspaceError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

__all__ = ["Jobs", "Killed", "Pool", "beside", "can_fork", "held_memory", "release_memory", "share_out", "within"]

Task = TypeVar("Task")
Result = TypeVar("Result")


class Pool(Protocol):
    """Workers elsewhere, such as a cluster's: they get what a task needs as a copy."""

    def map(self, work: Callable[[Task], Result], tasks: Sequence[Task], pack: Callable[[Result], bytes]) -> list[bytes]:
        """What ``work`` makes of each task, packed, in order."""
        ...


Jobs: TypeAlias = "int | Pool"
"""Processes of this machine at the most, or workers elsewhere."""
_NUMBER = 4
"""Bytes of the number of a task."""
_FAILED = 70
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


class Killed(Exception):
    """Work was ended from outside: by a limit, or because code below Python broke."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why
        """What ended it, as a person would say it."""


def within(work: Callable[[], bytes], *, seconds: float, memory: int) -> bytes:
    """Result of ``work``, done in a process of its own that the system ends at a limit, whatever code it is in. Asks for :func:`can_fork`.

    Args:
        work: What it raises is raised again, by doing it once more here.
        seconds: Processor time at the most; 0 for any.
        memory: Bytes that the process may grow by.

    Raises:
        Killed: the process did not come to its end.

    """
    import ctypes  # noqa: F401 - so that the process finds it loaded

    parent = os.getpid()
    with os.fdopen(os.memfd_create("kgraph"), "r+b") as result:
        with _interrupts_later():
            child = os.fork()
            if not child:
                _work_within(work, result, seconds, memory, parent)
        try:
            _, status = os.waitpid(child, 0)
        except BaseException:
            os.kill(child, 9)
            os.waitpid(child, 0)
            raise
        code = os.waitstatus_to_exitcode(status)
        if code == _FAILED:
            return work()
        if code:
            raise Killed(_why_killed(-code, seconds, memory))
        result.seek(0)
        return result.read()


def _work_within(work: Callable[[], bytes], result: BinaryIO, seconds: float, memory: int, parent: int) -> NoReturn:
    """Do the work in the forked process, under its limits."""
    import resource
    import signal

    code = _FAILED
    try:
        _end_with(parent)
        with open("/proc/self/statm", encoding="ascii") as stream:  # noqa: PTH123 - before the limit, and cheap
            size = int(stream.read().split()[0]) * resource.getpagesize()
        most = resource.getrlimit(resource.RLIMIT_AS)[1]
        bound = size + memory if most == resource.RLIM_INFINITY else min(size + memory, most)
        resource.setrlimit(resource.RLIMIT_AS, (bound, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, max(seconds, 0))
        result.write(work())
        result.flush()
        code = 0
    except MemoryError:
        os.kill(os.getpid(), signal.SIGKILL)
    finally:
        os._exit(code)


def _why_killed(number: int, seconds: float, memory: int) -> str:
    import signal

    if number == signal.SIGPROF:
        return f"took longer than {seconds:g} s"
    if number in (signal.SIGKILL, signal.SIGABRT):
        return f"took more than {memory:,} bytes of memory"
    return f"ended the process that did it (signal {number})"


def share_out(
    work: Callable[[Task], Result],
    tasks: Sequence[Task],
    *,
    jobs: Jobs,
    pack: Callable[[Result], bytes],
    unpack: Callable[[Task, bytes], Result],
    progress: Callable[[int], None] | None = None,
) -> list[Result]:
    """Result of ``work`` for each task, in order. Each process takes the next task as soon as it is free.

    Args:
        work: Called with one task.
        tasks: Fewer than 10,000, of about the same size.
        jobs: Processes, this one included; or workers elsewhere, which tell nothing of their progress.
        pack: Encodes the result of a task made in another process.
        unpack: Decodes it.
        progress: Called with the number of tasks that were begun.

    Raises:
        ValueError: there are more tasks than the queue holds.

    """
    if len(tasks) >= _MOST_TASKS:
        raise ValueError(f"{len(tasks)} tasks are too many: make them larger")
    if not isinstance(jobs, int):
        return [unpack(task, packed) for task, packed in zip(tasks, jobs.map(work, tasks, pack), strict=True)]
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


_MMAP_THRESHOLD, _TRIM_THRESHOLD, _TOP_PAD = -3, -1, -2
"""Parameters of ``mallopt`` of glibc (mallopt(3)), in bytes, all 128 KiB by default."""
_DEFAULT = 1 << 17


@contextmanager
def held_memory(*, most: int) -> Iterator[None]:
    """Within the block let the C library (glibc) keep what is freed for the next array, in pieces of up to ``most`` bytes.

    By default each large array is memory from the system, which clears it page by page: a twentieth of the time of a small build.
    """
    import ctypes

    adjust = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform.startswith("linux") else None
    if adjust is None:
        yield
        return
    for parameter, size in ((_MMAP_THRESHOLD, most), (_TRIM_THRESHOLD, 2 * most), (_TOP_PAD, most // 8)):
        adjust(parameter, size)
    try:
        yield
    finally:
        for parameter in (_MMAP_THRESHOLD, _TRIM_THRESHOLD, _TOP_PAD):
            adjust(parameter, _DEFAULT)
        release_memory()


def release_memory() -> None:
    """Give memory that was freed back to the system, where the C library can (glibc); it keeps it otherwise.

    A large build frees some hundred megabytes of small arrays between its stages.
    """
    import ctypes

    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform.startswith("linux") else None
    if trim is not None:
        trim(0)
