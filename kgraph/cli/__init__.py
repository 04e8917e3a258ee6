"""The command line: parses, calls one function, prints, maps errors to exit codes. Nothing imports it.

Exit codes: 0 done, 1 ``check`` or ``diff`` found something, 2 bad usage or input, 3 workspace missing, locked or damaged, 130
interrupted.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from errno import ENOSPC
from pathlib import Path
from typing import Any

__all__ = ["main"]

_INTERRUPTED = 130


def main() -> None:
    """Run the command line and end the process."""
    _open_closed_streams()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # more threads only wait for one another at these sizes
    code = _run()
    with suppress(OSError, ValueError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)  # freeing millions of objects one by one would take as long as some commands


def _run() -> int:
    """Run the command line; gives the exit code."""
    import typer

    from kgraph.cli.app import app
    from kgraph.errors import KgraphError

    usage_error: type[Exception] = typer.BadParameter.__mro__[1]
    try:
        code = app(prog_name="kgraph", standalone_mode=False)
        return _interrupted() if code == _INTERRUPTED else code if isinstance(code, int) else 0
    except usage_error as error:
        return _explain_usage(error)
    except typer.Abort:
        return _interrupted()
    except SystemExit as end:
        if isinstance(end.__context__, BrokenPipeError):  # Click takes it for a failure
            return _nobody_reads()
        return end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    except KgraphError as error:
        from kgraph.tabular import visible

        sys.stderr.write(f"kgraph: {visible(' '.join(str(error).split()))}\n")
        return error.exit_code
    except KeyboardInterrupt:
        return _interrupted()
    except BrokenPipeError:
        return _nobody_reads()
    except OSError as error:
        place = f"{error.filename}: " if error.filename else "the output cannot be written: " if error.errno == ENOSPC else ""
        sys.stderr.write(f"kgraph: {place}{error.strerror or error}\n")
        return 2


def _open_closed_streams() -> None:
    """Let streams that were closed before the start lead nowhere, so that no file that is opened takes their numbers."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115


def _nobody_reads() -> int:
    """The program that read the output has ended, as ``head`` does: no failure of ours."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return 0


def _interrupted() -> int:
    sys.stderr.write("kgraph: interrupted\n")
    return _INTERRUPTED


def _explain_usage(error: Any) -> int:
    """Say in one line what is wrong with a call; a call without any command gets the help instead."""
    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError" and context is not None:
        error.show()
        return 2
    command = context.command_path if context is not None else "kgraph"
    sys.stderr.write(f"kgraph: {' '.join(error.format_message().split())} (see `{command} --help`)\n")
    return 2
